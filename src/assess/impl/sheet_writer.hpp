#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/assess/sheet.hpp"
#include "mj/kernel/decimal.hpp"

namespace mj::assess {

/// Writes rows of declared columns as CSV with a header or as one JSON array of objects. Cells are given in the order
/// of the columns; a cell that is none is empty in CSV and null in JSON.
class SheetWriter {
 public:
  SheetWriter(ByteSink sink, SheetFormat format, std::vector<std::string> columns);

  SheetWriter& text(std::string_view value);
  SheetWriter& text_or_none(std::string_view value) { return value.empty() ? none() : text(value); }
  SheetWriter& integer(std::int64_t value);
  SheetWriter& decimal(Decimal value);
  SheetWriter& decimal(const std::optional<Decimal>& value) { return value ? decimal(*value) : none(); }
  SheetWriter& none();
  SheetWriter& yes_no(std::optional<bool> value);

  /// Errors: what the sink says.
  Status end_row();
  /// After the last row.
  Status finish();

 private:
  void begin_cell();
  void raw(std::string_view value);
  Status flush();

  ByteSink sink_;
  SheetFormat format_;
  std::vector<std::string> keys_;  ///< CSV: names; JSON: `"name": ` with what stands before it
  std::string out_;
  std::size_t cell_ = 0;
  bool any_row_ = false;
};

}  // namespace mj::assess
