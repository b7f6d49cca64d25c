#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mj/dataset/layout.hpp"
#include "mj/kernel/result.hpp"

namespace mj::dataset {

/// Most bytes of a file in one part entry.
inline constexpr std::size_t kMaxPartBytes = 60'000;

/// What the manifest entry of a file says (`import.file`, docs/formats/import.md).
struct FileManifest {
  std::string file;         ///< its name, without folders
  std::uint64_t bytes = 0;  ///< decompressed
  std::string sha256;       ///< of the decompressed file, hexadecimal
  std::string source;       ///< equal to the layout's
  Layout layout;            ///< bound to the file's header
  std::string name;         ///< who handed it over
  std::string reason;
};

/// Which stretch of a file a part entry holds (`import.part`).
struct FilePart {
  std::uint64_t file = 0;  ///< entry of the manifest
  std::uint32_t part = 0;  ///< from 0
  std::uint64_t offset = 0;
  std::uint64_t line = 1;  ///< of its first byte, from 1
  std::string_view bytes;  ///< the exact bytes of the file
};

[[nodiscard]] std::string encode(const FileManifest& manifest);
/// One line of JSON, then the bytes.
[[nodiscard]] std::string encode(const FilePart& part);

/// Whether a payload begins like a manifest.
[[nodiscard]] bool is_manifest(std::string_view payload);
/// Errors: invalid_input for anything but what encode() writes.
[[nodiscard]] Result<FileManifest> parse_manifest(std::string_view payload);
/// Views into `payload`. Errors: invalid_input for anything but what encode() writes.
[[nodiscard]] Result<FilePart> parse_part(std::string_view payload);

/// Where the next part of a file ends: at the last end of a record within kMaxPartBytes of `begin`.
struct Cut {
  std::size_t end = 0;
  std::size_t next_line = 0;  ///< line of the byte at `end`
};
/// Errors: invalid_input with the line of a record that is longer than a part.
[[nodiscard]] Result<Cut> cut_part(std::string_view file, std::size_t begin, std::size_t line, char delimiter);

}  // namespace mj::dataset
