#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mj::telemetry {

/// A received value as it is stored: the double and the number of decimals give the received text back; where they
/// cannot (signs, leading zeros, more than 15 digits, no number at all), the text itself is kept beside them.
struct StoredNumber {
  std::optional<double> number;
  std::uint8_t decimals = 0;
  bool keep_text = false;
  bool below_detection = false;  ///< `number` is the detection limit that it stayed below; 0 when none was told
};

/// Reads a plain number, or what was not detected 未检出: `0.004L`, `<0.004`, `＜0.004`, `ND`, `未检出`. Anything else has no number.
[[nodiscard]] StoredNumber read_number(std::string_view text);

/// The received text of a stored number without kept text.
[[nodiscard]] std::string number_text(double number, std::uint8_t decimals);

}  // namespace mj::telemetry
