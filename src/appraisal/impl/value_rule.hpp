#pragma once

#include "mj/appraisal/scheme.hpp"
#include "table_reader.hpp"

namespace mj::appraisal {

/// Reads one `[[value]]`. `known`: the values before it, which it may use.
[[nodiscard]] Result<ValueRule> read_value(const toml::table& table, const std::string& place,
                                           const std::vector<ValueRule>& known);

/// Errors: names of a formula that are no value before it.
[[nodiscard]] Status check_names(const Expression& formula, const std::vector<ValueRule>& known,
                                 const TableReader& reader, std::string_view key);

}  // namespace mj::appraisal
