#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::storage {

/// An open file descriptor, closed by the destructor. Offsets are explicit; nothing is buffered.
class File {
 public:
  enum class Mode { read, read_write, create };  ///< create = read_write, made when missing

  [[nodiscard]] static Result<File> open(const std::filesystem::path& path, Mode mode);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  /// Writes all bytes at `offset`. Errors: unavailable ("no space left on device" …).
  Status write_at(std::uint64_t offset, BytesView bytes);
  /// Reads up to bytes.size() bytes; returns how many there were.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> bytes) const;
  /// Makes the data, and the size needed to read it, survive a power cut.
  Status sync();
  [[nodiscard]] Result<std::uint64_t> size() const;
  Status truncate(std::uint64_t size);
  /// Reserves disk space without changing the size; a file system without support is no error.
  Status reserve(std::uint64_t size);
  /// Errors: conflict when another process holds the lock.
  Status lock_exclusively();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  File(int descriptor, std::filesystem::path path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_ = -1;
  std::filesystem::path path_;
};

/// Makes names created, renamed or removed in `directory` survive a power cut.
Status sync_directory(const std::filesystem::path& directory);

/// Replaces a small file so that after a crash either the old or the new content is there, whole.
Status replace_file(const std::filesystem::path& path, std::string_view content);

/// The whole of a file. Errors: not_found, unavailable.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace mj::storage
