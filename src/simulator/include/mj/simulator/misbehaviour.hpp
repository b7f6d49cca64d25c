#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mj::simulator {

/// What a device of the field does wrong 异常行为. Each stands for a finding of real devices; a probability of 1 makes a
/// habit of it.
enum class Misdeed : std::uint8_t {
  // how a frame is written
  crc_wrong,      ///< fits no known algorithm
  crc_modbus,     ///< CRC16/Modbus, high byte first
  crc_modbus_le,  ///< CRC16/Modbus, low byte first
  crc_lower_case,
  length_wrong,      ///< declares more than it holds
  length_huge,       ///< declares 9999
  line_end_missing,  ///< no CRLF
  line_end_lf,       ///< LF only
  header_order,      ///< ST and CN before QN, MN before PW
  flag_missing,
  flag_after_area,     ///< Flag behind the data area
  qn_epoch,            ///< QN of 13 digits: milliseconds since 1970
  name_upper_case,     ///< FLAG, DATATIME
  trailing_separator,  ///< `;` before the closing `&&`
  data_time_long,      ///< DataTime of 17 digits
  log_gbk,             ///< logs in GBK
  junk,                ///< words of a DTU before the frame
  // how it is sent
  half_then_rest,  ///< cut; the rest follows a second later
  half_forever,    ///< cut; the rest never follows
  duplicate,       ///< the same bytes twice
  glued,           ///< kept back and sent together with the next one
  frame_lost,      ///< an upload is taken for sent, and is not
  reply_lost,      ///< a reply to the host (9011, 9012, 9013, response) is not sent
  // how requests are served
  no_request_reply,  ///< data and 9012 without a 9011 before
  late_result,       ///< 9012 long after the time-out
  refused,           ///< QnRtn 2
  busy,              ///< ExeRtn 5 (2005: 2)
  count_
};
inline constexpr std::size_t kMisdeedCount = static_cast<std::size_t>(Misdeed::count_);

/// "crc-wrong", "half-forever" …; the words of scenarios and reports.
[[nodiscard]] std::string_view name(Misdeed misdeed);
/// Errors: none for another word.
[[nodiscard]] std::optional<Misdeed> parse_misdeed(std::string_view word);

/// Probability of each misdeed per frame (or per request, for those about requests).
struct Misbehaviour {
  std::array<float, kMisdeedCount> chance{};
  [[nodiscard]] float of(Misdeed misdeed) const { return chance[static_cast<std::size_t>(misdeed)]; }
  void set(Misdeed misdeed, float probability) { chance[static_cast<std::size_t>(misdeed)] = probability; }
  [[nodiscard]] bool any() const {
    for (const float each : chance) {
      if (each > 0) return true;
    }
    return false;
  }
};

}  // namespace mj::simulator
