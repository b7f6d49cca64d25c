#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "csv.hpp"
#include "mj/kernel/result.hpp"
#include "standard_file.hpp"

namespace mj::standards {

/// The columns that name a row of any kind of table. Kinds that nobody knows are named by their first column `code`.
[[nodiscard]] std::vector<std::string_view> key_columns(std::string_view kind);

/// The cells of these columns, joined by blanks; a column that is not there counts as empty.
[[nodiscard]] std::string row_key(const CsvTable& table, const CsvRow& row,
                                  const std::vector<std::string_view>& columns);

/// Puts local files into the standards they override, and adds local editions. Rows of one key are cut where a local
/// row takes their place; the parts that are left stay. Errors: invalid_input with file and line for an edition that is
/// not there (overrides) or already there, a kind that cannot be overridden, a column too many or too few.
Status apply_local(std::vector<RawStandard>& standards, std::vector<RawStandard> local);

}  // namespace mj::standards
