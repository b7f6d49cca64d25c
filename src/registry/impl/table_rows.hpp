#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/registry/book.hpp"
#include "special_columns.hpp"

namespace mj::registry {

/// Changes read from a file, and what could not be read.
struct TableRows {
  std::size_t rows = 0;
  std::vector<Change> changes;
  std::vector<RowFault> faults;
};

/// Puts what stands in the column approval 批准文号, approval_authority 批准机关 or approval_date 批准日期 into the approval of
/// a row; other columns are passed over. Errors: invalid_input for a date that is none.
[[nodiscard]] Status take_approval(Special column, std::string_view written, Change& change);

/// Errors: as import_records().
[[nodiscard]] Result<TableRows> read_sheet_rows(const KindSchema& kind, std::string_view bytes, Day effective);

/// The id of the record with this name; none when there is none or several.
using IdOfName = std::function<std::optional<std::string>(const std::string& name)>;
/// Errors: invalid_input when it is no feature or collection of features.
[[nodiscard]] Result<TableRows> read_geojson_rows(const KindSchema& kind, std::string_view bytes, Day effective,
                                                  const IdOfName& id_of_name);

}  // namespace mj::registry
