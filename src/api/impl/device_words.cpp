#include "device_words.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mj/hj212/message.hpp"

namespace mj::api {
namespace {

struct Words {
  std::string_view key;
  std::string_view zh;
  std::string_view en;
};

/// Habits: trait and variant, joined by a slash.
constexpr std::array kHabits = {
    Words{"crc/hj", "CRC 按 HJ 212 附录A", "CRC as HJ 212 appendix A prescribes"},
    Words{"crc/modbus", "CRC 为 CRC16/Modbus，高字节在前", "CRC is CRC16/Modbus, high byte first"},
    Words{"crc/modbus-le", "CRC 为 CRC16/Modbus，低字节在前", "CRC is CRC16/Modbus, low byte first"},
    Words{"crc/wrong", "CRC 与已知算法均不符", "CRC fits no known algorithm"},
    Words{"crc/absent", "无 CRC", "No CRC"},
    Words{"crc-case/upper", "CRC 用大写字母", "CRC in capital letters"},
    Words{"crc-case/lower", "CRC 用小写字母", "CRC in small letters"},
    Words{"version/0", "Flag 版本位为 0", "Version bits of Flag are 0"},
    Words{"version/1", "Flag 版本位为 1 (HJ 212-2017)", "Version bits of Flag are 1 (HJ 212-2017)"},
    Words{"version/2", "Flag 版本位为 2", "Version bits of Flag are 2"},
    Words{"version/other", "Flag 版本位为其他值", "Version bits of Flag have another value"},
    Words{"version/no-flag", "无 Flag", "No Flag"},
    Words{"qn/17-digits", "QN 为 17 位时间", "QN is a time of 17 digits"},
    Words{"qn/epoch-ms", "QN 为 13 位毫秒时间戳", "QN is a 13-digit epoch in milliseconds"},
    Words{"qn/missing", "无 QN", "No QN"},
    Words{"qn/in-area", "QN 在数据区内 (HJ/T 212-2005)", "QN inside the data area (HJ/T 212-2005)"},
    Words{"qn/other", "QN 为其他形式", "QN has another form"},
    Words{"header-order/standard", "数据段字段顺序符合标准", "Header fields in the order of the standard"},
    Words{"header-order/flag-behind", "Flag 在数据区之后", "Flag behind the data area"},
    Words{"header-order/other", "数据段字段顺序不同", "Header fields in another order"},
    Words{"line-end/crlf", "包尾为 CRLF", "Frames end in CRLF"},
    Words{"line-end/lf", "包尾仅为 LF 或 CR", "Frames end in LF or CR alone"},
    Words{"line-end/none", "无包尾", "Frames have no line end"},
    Words{"line-end/decorated", "CRC 与包尾之间有多余字节", "Bytes between CRC and line end"},
    Words{"text/utf-8", "文本编码为 UTF-8", "Text in UTF-8"},
    Words{"text/gbk", "文本编码为 GBK", "Text in GBK"},
    Words{"data-time/14-digits", "DataTime 为 14 位", "DataTime has 14 digits"},
    Words{"data-time/fraction", "DataTime 带秒的小数", "DataTime with a fraction of a second"},
    Words{"data-time/missing", "无 DataTime", "No DataTime"},
    Words{"data-time/other", "DataTime 为其他形式", "DataTime has another form"},
    Words{"codes/2005", "因子编码为 2005 版", "Factor codes of 2005"},
    Words{"codes/2017", "因子编码为 2017 版", "Factor codes of 2017"},
    Words{"codes/mixed", "因子编码新旧混用", "Factor codes of both generations"},
    Words{"mn/24-hex", "MN 为 24 位十六进制", "MN is 24 hexadecimal digits"},
    Words{"mn/14-characters", "MN 为 14 个字符 (HJ/T 212-2005)", "MN is 14 characters (HJ/T 212-2005)"},
    Words{"mn/surface-water", "MN 为地表水形式", "MN has the form of surface-water stations"},
    Words{"mn/empty", "MN 为空", "MN is empty"},
    Words{"mn/other", "MN 为其他形式", "MN has another form"},
    Words{"heartbeat/9015", "心跳为 9015", "Heartbeat by 9015"},
    Words{"heartbeat/9021", "心跳为 9021 (非标准)", "Heartbeat by 9021 (not of the standard)"},
    Words{"heartbeat/empty-2011", "心跳为空的 2011", "Heartbeat by an empty 2011"},
    Words{"heartbeat/8011", "登录为 8011 (非标准)", "Log-in by 8011 (not of the standard)"},
    Words{"encryption/clear", "数据区为明文", "Data area in clear"},
    Words{"encryption/cipher", "数据区为密文", "Data area in cipher"},
};

constexpr std::array kEvents = {
    Words{"password-wrong", "访问密码错误", "Wrong password"},
    Words{"boot", "现场机开机", "Device started"},
    Words{"announced", "现场机请求分配 MN", "Device asks for its number"},
    Words{"key-requested", "现场机请求密钥", "Device asks for a key"},
    Words{"time-requested", "现场机请求校时", "Device asks for the time"},
    Words{"not-decrypted", "数据区无法解密", "Data area could not be opened"},
};

/// Source: HJ 212-2017 §6.3.1 table 1 and §6.3.2 table 3.
constexpr std::array kParts = {
    Words{"head", "包头", "Frame head"},          Words{"length", "数据段长度", "Length of the data segment"},
    Words{"crc", "CRC 校验", "CRC check"},        Words{"end", "包尾", "Frame end"},
    Words{"QN", "请求编码", "Request number"},    Words{"ST", "系统编码", "System code"},
    Words{"CN", "命令编码", "Command code"},      Words{"PW", "访问密码", "Password"},
    Words{"MN", "设备唯一标识", "Device number"}, Words{"Flag", "拆分包及应答标志", "Packet and answer flag"},
    Words{"PNUM", "总包数", "Number of packets"}, Words{"PNO", "包号", "Packet number"},
    Words{"RF", "补传标志", "Re-sent mark"},      Words{"CP", "指令参数", "Data area"},
};

template <std::size_t Size>
const Words* find(const std::array<Words, Size>& table, std::string_view key) {
  const auto found =
      std::find_if(table.begin(), table.end(), [key](const Words& words) { return words.key == key; });
  return found == table.end() ? nullptr : &*found;
}

template <std::size_t Size>
Json words_json(const std::array<Words, Size>& table, std::string_view key) {
  const Words* words = find(table, key);
  return words == nullptr ? name_json(key, key) : name_json(words->zh, words->en);
}

/// 1234567 → "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace

Json name_json(const hj212::LocalText& text) { return name_json(text.zh, text.en); }

Json ground_text_json(const hj212::ProfileGuess::Ground& ground) {
  const std::string habit =
      fmt::format("{}/{}", hj212::name(ground.trait), hj212::variant_name(ground.trait, ground.variant));
  const Words* words = find(kHabits, habit);
  const std::string_view zh = words == nullptr ? std::string_view(habit) : words->zh;
  const std::string_view en = words == nullptr ? std::string_view(habit) : words->en;
  return name_json(fmt::format("{}（{} / {} 包）", zh, grouped(ground.seen), grouped(ground.of)),
                   fmt::format("{}: {} of {} frames", en, grouped(ground.seen), grouped(ground.of)));
}

Json event_name_json(std::string_view kind) { return words_json(kEvents, kind); }

Json part_name_json(std::string_view key) { return words_json(kParts, key); }

std::string_view word(hj212::Sender sender) { return sender == hj212::Sender::host ? "host" : "device"; }

std::string_view word(hj212::CommandKind kind) {
  switch (kind) {
    case hj212::CommandKind::request: return "request";
    case hj212::CommandKind::upload: return "upload";
    case hj212::CommandKind::notice: return "notice";
    case hj212::CommandKind::reply: return "reply";
  }
  return "request";
}

std::string_view word(hj212::Course course) {
  switch (course) {
    case hj212::Course::none: return "none";
    case hj212::Course::execute: return "execute";
    case hj212::Course::response: return "response";
    case hj212::Course::history: return "history";
    case hj212::Course::notice: return "notice";
  }
  return "none";
}

std::string_view word(hj212::ValueType::Form form) {
  switch (form) {
    case hj212::ValueType::Form::characters: return "characters";
    case hj212::ValueType::Form::number: return "number";
    case hj212::ValueType::Form::time: return "time";
    case hj212::ValueType::Form::any: return "any";
  }
  return "any";
}

std::optional<FieldMeaning> meaning_of_field(const hj212::Protocol& protocol, std::string_view name,
                                             std::string_view value) {
  const std::size_t dash = name.find('-');
  const std::string_view factor = dash == std::string_view::npos ? std::string_view() : name.substr(0, dash);
  const std::string_view key = dash == std::string_view::npos ? name : name.substr(dash + 1);
  if (const hj212::CodeWord* info = protocol.info(factor.empty() ? key : factor)) {
    FieldMeaning meaning{info->name, info->unit, std::nullopt};
    for (const auto& [code, text] : info->values) {
      if (code == value) meaning.value = text;
    }
    return meaning;
  }
  for (const hj212::Command& command : protocol.commands()) {
    if (const hj212::FieldRule* rule = command.rule(factor, key))
      return FieldMeaning{rule->name, rule->unit, std::nullopt};
  }
  return std::nullopt;
}

}  // namespace mj::api
