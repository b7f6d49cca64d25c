#pragma once

#include <string_view>

#include "mj/workbook/sheet.hpp"

namespace mj::workbook {

/// The first visible worksheet. Source: ISO/IEC 29500-1 §18. Errors: invalid_input.
[[nodiscard]] Result<Sheet> read_xlsx(std::string_view bytes, std::size_t max_bytes);

}  // namespace mj::workbook
