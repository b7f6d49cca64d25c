#pragma once

#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

namespace mj::workbook {

/// The text of a CSV file as UTF-8 without BOM: what is no UTF-8 is read as GB 18030, which contains GBK.
/// Errors: invalid_input with the line.
[[nodiscard]] Result<std::string> decode_text(std::string_view bytes);

}  // namespace mj::workbook
