#pragma once

#include <string>
#include <vector>

#include "mj/standards/source.hpp"

namespace mj::standards {

/// A row of a table as it stands in its file, for people to read 标准表原文.
struct TableRow {
  std::vector<std::string> cells;  ///< in the order of the header of the table
  std::string key;                 ///< the cells that name the row, joined by blanks
  Validity validity;
  Verification verification = Verification::unverified;
  std::string clause;
  std::string origin;       ///< file and line
  std::string source;       ///< where a local row was taken from; empty = as the edition
  bool local = false;       ///< from a local file
  std::string replaced_by;  ///< origin of the local row that took its place 被本地覆盖; empty = the row counts
};

/// A table of an edition as it stands in its files.
struct Table {
  std::string kind;
  std::string edition;                ///< id
  std::string file;                   ///< name, relative to the directory that was loaded
  std::vector<std::string> comments;  ///< what the head of the file says of its columns
  std::vector<std::string> header;
  std::vector<TableRow> rows;  ///< in the order of the file; what was replaced stands behind
};

}  // namespace mj::standards
