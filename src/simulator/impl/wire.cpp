#include "wire.hpp"

#include <iconv.h>

#include "mj/hj212/crc.hpp"
#include "random.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kHalfPauseMs = 1'000;
constexpr std::string_view kJunk = "SIZE++AT\r\n";  // what DTU modules are reported to put on the line

void replace_first(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
}

std::string to_gbk(const std::string& utf8) {
  const iconv_t converter = iconv_open("GBK", "UTF-8");
  if (converter == iconv_t(-1)) return utf8;
  std::string input = utf8;
  std::string output(utf8.size() * 2, '\0');
  char* from = input.data();
  char* to = output.data();
  std::size_t from_left = input.size();
  std::size_t to_left = output.size();
  const bool converted = iconv(converter, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
  iconv_close(converter);
  if (!converted) return utf8;
  output.resize(output.size() - to_left);
  return output;
}

/// Keeps the misdeed in `wanted` only when it changes something.
bool keep(Misdeeds& wanted, Misdeed misdeed, bool changes) {
  if (!has(wanted, misdeed)) return false;
  wanted.set(static_cast<std::size_t>(misdeed), changes);
  return changes;
}

/// Of several misdeeds that exclude one another only the first stays.
void keep_one(Misdeeds& wanted, std::initializer_list<Misdeed> family) {
  bool found = false;
  for (const Misdeed each : family) {
    if (found) wanted.reset(static_cast<std::size_t>(each));
    found = found || has(wanted, each);
  }
}

std::string crc_digits(std::string_view segment, hj212::CrcRule rule, const Misdeeds& wanted) {
  if (has(wanted, Misdeed::crc_modbus)) rule = hj212::CrcRule::modbus;
  if (has(wanted, Misdeed::crc_modbus_le)) rule = hj212::CrcRule::modbus_le;
  const unsigned modbus = hj212::crc_modbus(segment);
  const unsigned swapped = (modbus & 0xFFU) << 8U | modbus >> 8U;
  unsigned crc = hj212::crc_hj(segment);
  if (rule == hj212::CrcRule::modbus) crc = modbus;
  if (rule == hj212::CrcRule::modbus_le) crc = swapped;
  if (has(wanted, Misdeed::crc_wrong)) {
    do {
      crc = (crc + 0x1235U) & 0xFFFFU;
    } while (crc == hj212::crc_hj(segment) || crc == modbus || crc == swapped);
  }
  return has(wanted, Misdeed::crc_lower_case) ? fmt::format("{:04x}", crc) : fmt::format("{:04X}", crc);
}

/// Fields before CP, each with its separator.
std::string header_of(const hj212::Outgoing& message, const Misdeeds& wanted) {
  const std::string qn = message.qn ? fmt::format("QN={};", *message.qn) : std::string();
  const std::string pw = message.pw ? fmt::format("PW={};", *message.pw) : std::string();
  const std::string mn = fmt::format("MN={};", message.mn);
  const std::string system = fmt::format("ST={};CN={};", message.st, message.cn);
  std::string header = has(wanted, Misdeed::header_order) ? system + qn + mn + pw : qn + system + pw + mn;
  if (message.flag && !has(wanted, Misdeed::flag_after_area)) {
    header += fmt::format("{}={};", has(wanted, Misdeed::name_upper_case) ? "FLAG" : "Flag", *message.flag);
  }
  if (message.pnum) header += fmt::format("PNUM={};", *message.pnum);
  if (message.pno) header += fmt::format("PNO={};", *message.pno);
  if (message.rf) header += "RF=1;";
  return header;
}

std::string frame_with(hj212::Outgoing message, hj212::CrcRule crc, const hj212::Sm4Key* key, Misdeeds& wanted) {
  std::string& area = message.area;
  const bool has_time =
      area.starts_with("DataTime=") && area.size() >= 23 && (area.size() == 23 || area[23] == ';');
  if (keep(wanted, Misdeed::data_time_long, has_time)) area.insert(23, "000");
  if (keep(wanted, Misdeed::name_upper_case, has_time || message.flag))
    replace_first(area, "DataTime=", "DATATIME=");
  if (keep(wanted, Misdeed::trailing_separator, !area.empty())) area += ';';
  if (has(wanted, Misdeed::log_gbk)) {
    std::string text = area.find("//") == std::string::npos ? area : to_gbk(area);
    if (keep(wanted, Misdeed::log_gbk, text != area)) area = std::move(text);
  }
  if (keep(wanted, Misdeed::qn_epoch, message.qn.has_value())) {
    const auto at = parse_compact(*message.qn);
    if (at) message.qn = fmt::format("{}", at->ms());
  }
  if (keep(wanted, Misdeed::flag_missing, message.flag.has_value())) message.flag.reset();
  (void)keep(wanted, Misdeed::flag_after_area, message.flag.has_value());

  const std::string header = header_of(message, wanted) + "CP=&&";
  const std::string tail =
      has(wanted, Misdeed::flag_after_area) ? fmt::format("&&;Flag={}", *message.flag) : std::string("&&");
  const std::string clear = header + area + tail;
  const std::string sent = key == nullptr ? clear : header + hj212::encrypt_area(*key, area) + tail;
  std::string digits = crc_digits(clear, crc, wanted);
  const bool letters = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'a' && c <= 'f'; });
  (void)keep(wanted, Misdeed::crc_lower_case, letters);
  std::size_t length = sent.size();
  if (has(wanted, Misdeed::length_wrong)) length += 2;
  if (has(wanted, Misdeed::length_huge)) length = 9999;
  const std::string_view end = has(wanted, Misdeed::line_end_missing) ? ""
                               : has(wanted, Misdeed::line_end_lf)    ? "\n"
                                                                      : "\r\n";
  return fmt::format("{}##{:04}{}{}{}", has(wanted, Misdeed::junk) ? kJunk : "", length, sent, digits, end);
}

}  // namespace

Misdeeds draw(const Misbehaviour& behaviour, std::uint64_t& random) {
  Misdeeds drawn;
  for (std::size_t i = 0; i < kMisdeedCount; ++i) {
    const float chance = behaviour.chance[i];
    if (chance > 0 && unit_interval(next_random(random)) < static_cast<double>(chance)) drawn.set(i);
  }
  return drawn;
}

void write_frame(const hj212::Outgoing& message, hj212::CrcRule crc, const hj212::Sm4Key* key, Misdeeds& wanted,
                 std::vector<Emission>& line) {
  if (wanted.none()) {
    line.push_back(Emission{hj212::frame(message, crc, key), 0, false});
    return;
  }
  keep_one(wanted, {Misdeed::crc_wrong, Misdeed::crc_modbus, Misdeed::crc_modbus_le});
  keep_one(wanted, {Misdeed::length_huge, Misdeed::length_wrong});
  keep_one(wanted, {Misdeed::line_end_missing, Misdeed::line_end_lf});
  keep_one(wanted, {Misdeed::flag_missing, Misdeed::flag_after_area});
  keep_one(wanted, {Misdeed::half_forever, Misdeed::half_then_rest, Misdeed::duplicate, Misdeed::glued});
  std::string frame = frame_with(message, crc, key, wanted);
  if (has(wanted, Misdeed::half_forever)) {
    frame.resize(frame.size() / 2);
    line.push_back(Emission{std::move(frame), 0, false});
  } else if (has(wanted, Misdeed::half_then_rest)) {
    const std::size_t cut = frame.size() / 2;
    line.push_back(Emission{frame.substr(0, cut), 0, false});
    line.push_back(Emission{frame.substr(cut), kHalfPauseMs, false});
  } else {
    const bool twice = has(wanted, Misdeed::duplicate);
    line.push_back(Emission{frame, 0, has(wanted, Misdeed::glued)});
    if (twice) line.push_back(Emission{std::move(frame), 0, false});
  }
}

}  // namespace mj::simulator
