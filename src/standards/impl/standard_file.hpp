#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "content_digest.hpp"
#include "csv.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/table.hpp"
#include "tables.hpp"

namespace mj::standards {

/// A table as it was read; its cells are not interpreted yet.
struct RawTable {
  std::string kind;
  std::string file;     ///< name relative to the folder
  std::string content;  ///< for the codec, when the table describes HJ 212
  CsvTable csv;         ///< not of commands.toml
};

/// A standard.toml and its tables before they are interpreted.
struct RawStandard {
  StandardFile standard;  ///< without rows
  std::string overrides;  ///< id of the edition whose rows its tables replace; empty = an edition of its own
  std::vector<RawTable> tables;
};

/// Whether a table describes HJ 212 itself and is read by the codec only.
[[nodiscard]] bool is_protocol_kind(std::string_view kind);

/// Reads every standard.toml below `root` in the order of their names and the tables they name; `prefix` stands before
/// the names of files. Errors: not_found when there is none; invalid_input with file and line.
[[nodiscard]] Result<std::vector<RawStandard>> read_folder(const std::filesystem::path& root,
                                                           const std::string& prefix, ContentDigest& digest);

/// Interprets all cells. Errors: invalid_input with file, line and column.
[[nodiscard]] Result<StandardFile> interpret(const RawStandard& raw);

/// The tables as people read them.
[[nodiscard]] Result<std::vector<Table>> readable(const RawStandard& raw);

}  // namespace mj::standards
