#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mj::workbook {

/// What a number format of a workbook says about the figures under it. Source: ISO/IEC 29500-1 §18.8.30, §18.8.31.
struct CellFormat {
  bool date = false;  ///< shows a day
  bool time = false;  ///< shows a time of day
  int decimals = 0;   ///< zeros behind the point, of formats like `0.00`
};

/// A format by its code, e.g. `yyyy-mm-dd`, `0.00`.
[[nodiscard]] CellFormat format_of_code(std::string_view code);
/// A format by its built-in number.
[[nodiscard]] CellFormat format_of_number(unsigned id);

/// A serial date as ISO text: `2026-03-01`, `2026-03-01T08:00:00`; times of day alone `08:00:00`.
/// `from_1904`: the workbook counts its days from 1904. Empty: no such day.
[[nodiscard]] std::optional<std::string> date_text(double serial, CellFormat format, bool from_1904);

/// The stored text of a number as the shortest decimal, with the zeros that the format shows. Empty: no number.
[[nodiscard]] std::optional<std::string> number_text(std::string_view stored, CellFormat format);

}  // namespace mj::workbook
