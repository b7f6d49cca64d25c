#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mj/kernel/instant.hpp"

namespace mj::telemetry {

/// A file of another department, as far as its parts have become values 导入文件.
struct ImportedFile {
  std::uint64_t entry = 0;  ///< its manifest in the evidence log
  Instant received_at;
  std::string source;
  std::string file;
  std::string sha256;  ///< of the decompressed file
  std::string layout;  ///< id
  std::string
      layout_sha256;  ///< of the whole bound layout: the same file with the same layout gives the same values
  std::string period;
  std::string name;  ///< who handed it over
  std::string reason;
  std::uint64_t bytes = 0;    ///< of the decompressed file
  std::uint64_t parts = 0;    ///< parts derived, each once
  std::uint64_t durable = 0;  ///< bytes of the file that these parts hold, from its beginning without a gap
  std::uint32_t next_part = 0;
  std::uint64_t next_line = 1;              ///< line of the byte behind them
  std::uint64_t rows = 0;                   ///< rows read
  std::uint64_t unreadable = 0;             ///< rows and cells that could not be read
  std::uint64_t values = 0;                 ///< values read
  std::uint64_t stored_values = 0;          ///< of those, new values and revisions
  std::vector<std::uint64_t> part_entries;  ///< only when one file was asked for

  [[nodiscard]] bool complete() const { return durable == bytes; }
};

struct ImportQuery {
  std::optional<std::uint64_t> entry;   ///< this manifest only, with the entries of its parts
  std::optional<std::string> sha256;    ///< files with these bytes only
  std::optional<std::uint64_t> before;  ///< manifests below this entry
  std::size_t limit = 50;
};

}  // namespace mj::telemetry
