#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mj/dataset/layout.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::intake {

/// A row or cell that could not be read.
struct Fault {
  std::size_t line = 0;
  std::string column;  ///< empty when the whole row is meant
  std::string text;
};

/// What a directory did to the register.
struct RecordCounts {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
  std::vector<std::uint64_t> entries;  ///< decisions in the evidence log
};

/// What became of a file that was handed over 导入回执.
struct Receipt {
  std::optional<std::uint64_t> entry;  ///< manifest in the evidence log; none when nothing was stored
  std::string file;
  std::string sha256;  ///< of the decompressed file
  std::uint64_t bytes = 0;
  std::optional<dataset::Layout> layout;  ///< none when no layout fits
  std::string refusal;                    ///< why nothing was taken; empty when it was
  std::uint32_t parts = 0;                ///< of the whole file
  std::uint32_t parts_written = 0;        ///< now; fewer when it went on where an earlier attempt ended
  std::size_t rows = 0;
  std::size_t values = 0;
  std::size_t unreadable = 0;
  std::vector<Fault> faults;            ///< the first of them
  std::size_t points_added = 0;         ///< points registered for stations that no point had as its reporter
  std::optional<RecordCounts> records;  ///< of a directory
  bool dry_run = false;
  bool already = false;  ///< the same file with the same layout was there; nothing was stored
};

}  // namespace mj::intake
