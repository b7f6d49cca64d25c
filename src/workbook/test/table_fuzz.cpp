// Any bytes as a table: never a crash; what is read is as wide as its header, and written as CSV it reads back the same.
#include <cstdint>
#include <cstdlib>

#include "mj/workbook/sheet.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto sheet = mj::workbook::read({reinterpret_cast<const char*>(data), size}, 4U << 20);
  if (!sheet) {
    require(!sheet.error().text().empty());
    return 0;
  }
  std::size_t line = 0;
  for (const mj::workbook::Row& row : sheet->rows) {
    require(row.cells.size() == sheet->columns.size() && row.line >= line);
    line = row.line;
  }
  const auto again = mj::workbook::read(mj::workbook::write_csv(*sheet), 64U << 20);
  require(again && again->columns == sheet->columns && again->rows.size() == sheet->rows.size());
  for (std::size_t i = 0; i < sheet->rows.size(); ++i) require(again->rows[i].cells == sheet->rows[i].cells);
  return 0;
}
