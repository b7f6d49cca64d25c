#pragma once

#include <string_view>
#include <vector>

#include "csv.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/rule_row.hpp"

namespace mj::standards {

/// Whether tables of this kind are kept as rows for the rules of room `assess`.
[[nodiscard]] bool is_rule_kind(std::string_view kind);

/// The columns that name a row of this kind. Empty for another kind.
[[nodiscard]] std::vector<std::string_view> rule_key_columns(std::string_view kind);

/// Checks every cell of a table against the columns declared for its kind, and that no two rows of one key are in
/// force at the same time. Errors: invalid_input with file, line and column.
Status read_rules(std::string_view kind, const CsvTable& table, const Edition& edition,
                  std::vector<RuleRow>& into);

}  // namespace mj::standards
