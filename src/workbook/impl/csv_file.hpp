#pragma once

#include <string_view>

#include "mj/workbook/sheet.hpp"

namespace mj::workbook {

/// `text` is UTF-8 without BOM. Errors: invalid_input with line and column.
[[nodiscard]] Result<Sheet> read_csv(std::string_view text);

/// True for `12`, `-0.50`: what every spreadsheet takes for the same number.
[[nodiscard]] bool is_plain_number(std::string_view text);

}  // namespace mj::workbook
