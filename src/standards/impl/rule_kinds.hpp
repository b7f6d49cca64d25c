#pragma once

#include <string_view>
#include <vector>

namespace mj::standards {

/// What a column of a table of rows must hold.
enum class ColumnType {
  key,         ///< part of the name of the row; may be empty
  number_key,  ///< part of the name of the row and a decimal that must be there
  name,        ///< text that must be there
  text,        ///< text
  number,      ///< decimal that must be there
  optional     ///< decimal or empty
};

struct RuleColumn {
  std::string_view name;
  ColumnType type;
};

/// A kind of table that is kept as rows for the rules of room `assess`.
struct RuleKind {
  std::string_view name;
  std::vector<RuleColumn> columns;
};

/// What the tables of each kind hold; standards/README.md explains the columns.
[[nodiscard]] const std::vector<RuleKind>& rule_kinds();

}  // namespace mj::standards
