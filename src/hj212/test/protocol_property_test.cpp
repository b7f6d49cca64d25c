#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "mj/hj212/compose.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/instant.hpp"
#include "shipped_protocol.hpp"

namespace mj::hj212 {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string letters(std::size_t shortest, std::size_t longest) {
  const auto length = *rc::gen::inRange(shortest, longest + 1);
  return *rc::gen::container<std::string>(length, rc::gen::elementOf(std::string(kLetters)));
}

std::string digits(int shortest, int longest) {
  const auto length = *rc::gen::inRange(shortest, longest + 1);
  return *rc::gen::container<std::string>(static_cast<std::size_t>(length),
                                          rc::gen::inRange('0', static_cast<char>('9' + 1)));
}

/// A time of 14 digits from 2000 to 2063, or of 17 with milliseconds.
std::string time(int length) {
  const auto ms = *rc::gen::inRange<std::int64_t>(946'656'000'000, 2'935'000'000'000);
  return length == 17 ? to_compact_ms(Instant::from_ms(ms)) : to_compact(Instant::from_ms(ms));
}

/// A value that the rule accepts.
std::string value_of(const FieldRule& rule) {
  if (!rule.one_of.empty()) return *rc::gen::elementOf(rule.one_of);
  if (rule.min || rule.max) {
    const int least = static_cast<int>(rule.min.value_or(0));
    return std::to_string(*rc::gen::inRange(least, static_cast<int>(rule.max.value_or(least + 10)) + 1));
  }
  switch (rule.type.form) {
    case ValueType::Form::any:
      return *rc::gen::element<std::string>("168.0", "//清洗管路; a=1, b//", "//a//", "A800200A8C6D", "-1");
    case ValueType::Form::characters: return letters(1, static_cast<std::size_t>(std::min(rule.type.length, 30)));
    case ValueType::Form::time: return time(rule.type.length);
    case ValueType::Form::number: break;
  }
  std::string number =
      (*rc::gen::arbitrary<bool>() ? "-" : "") + digits(1, rule.type.length == 0 ? 12 : rule.type.length);
  const int decimals = rule.type.length == 0 ? 6 : rule.type.decimals;
  if (decimals > 0 && *rc::gen::arbitrary<bool>()) number += "." + digits(1, decimals);
  return number;
}

/// Names that the rule is about; several different ones for a rule of any factor.
std::vector<std::string> names_of(const FieldRule& rule) {
  const std::size_t most = rule.repeatable ? 4 : 1;
  const std::size_t count = *rc::gen::inRange<std::size_t>(rule.required ? 1 : 0, most + 1);
  const std::size_t dash = rule.key.find('-');
  if (dash == std::string::npos) return std::vector<std::string>(count, rule.key);
  const std::string of = rule.key.substr(0, dash);
  std::string key = rule.key.substr(dash + 1);
  if (key == "*") key = "Kv";
  if (key == "i*") key = "i13007";
  const std::vector<std::string> factors = of == "SB*" ? std::vector<std::string>{"SB1", "SB2", "SB03", "SB104"}
                                           : of == "i*"
                                               ? std::vector<std::string>{"i11001", "i12001", "i33317", "i13004"}
                                           : of == "*" ? std::vector<std::string>{"w01018", "a21026", "LA", "011"}
                                                       : std::vector<std::string>{of};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(count, factors.size()); ++i) names.push_back(factors[i] + "-" + key);
  return names;
}

std::vector<Parameter> parameters_of(const Command& command) {
  std::vector<Parameter> parameters;
  for (const FieldRule& rule : command.fields) {
    for (std::string& name : names_of(rule)) parameters.emplace_back(std::move(name), value_of(rule));
  }
  // Any order: items of one factor beside one another or apart.
  for (std::size_t i = parameters.size(); i > 1; --i)
    std::swap(parameters[i - 1], parameters[*rc::gen::inRange<std::size_t>(0, i)]);
  return parameters;
}

Outgoing message_of(const Command& command, std::string area) {
  const std::string st = command.systems.empty() ? "32" : *rc::gen::elementOf(command.systems);
  Outgoing message = request(command, time(17), st, letters(6, 6), letters(0, 24), std::move(area));
  if (command.sender == Sender::host && command.kind != CommandKind::reply) return message;
  if (*rc::gen::arbitrary<bool>()) message.flag = static_cast<std::uint8_t>(*message.flag & 0xFCU);
  if (*rc::gen::arbitrary<bool>()) {
    message.flag = static_cast<std::uint8_t>(*message.flag | 2U);
    message.pnum = *rc::gen::inRange(1U, 10U);
    message.pno = *rc::gen::inRange(1U, *message.pnum + 1);
  }
  message.rf = command.dialect == Dialect::v2025 && *rc::gen::arbitrary<bool>();
  return message;
}

void check_header(const Header& header, const Outgoing& message) {
  RC_ASSERT(header.qn == message.qn);
  RC_ASSERT(header.st == message.st);
  RC_ASSERT(header.cn == message.cn);
  RC_ASSERT(header.pw == message.pw);
  RC_ASSERT(header.mn == message.mn);
  RC_ASSERT(header.flag && header.flag->raw == *message.flag);
  const auto text = [](const std::optional<unsigned>& number) {
    return number ? std::to_string(*number) : std::string();
  };
  RC_ASSERT(header.pnum.value_or("") == text(message.pnum));
  RC_ASSERT(header.pno.value_or("") == text(message.pno));
  RC_ASSERT((header.rf == "1") == message.rf);
}

void round_trip(const Command& command) {
  const std::vector<Parameter> parameters = parameters_of(command);
  const auto area = request_area(command, parameters);
  if (!area) RC_FAIL(area.error().text());
  RC_PRE(area->size() <= 950);
  const Outgoing message = message_of(command, *area);

  DeviceSettings settings;
  settings.profile.crc = *rc::gen::element(CrcRule::hj, CrcRule::modbus, CrcRule::modbus_le);
  std::optional<Sm4Key> key;
  if (command.encrypted) {
    key.emplace();
    for (auto& byte : key->bytes)
      byte = static_cast<std::decay_t<decltype(byte)>>(*rc::gen::arbitrary<std::uint8_t>());
    settings.keys.push_back(*key);
  }
  const std::string bytes = frame(message, settings.profile.crc, key ? &*key : nullptr);
  FrameReader reader;
  const FrameReading& reading = reader.read(as_bytes(bytes), settings);
  RC_ASSERT(reading.verdict == Verdict::good);
  RC_ASSERT(reading.encrypted == (key.has_value() && area->size() >= 16));
  RC_ASSERT(reading.area == *area);
  check_header(reading.header, message);
  const std::vector<Field>& fields = reader.fields();
  RC_ASSERT(fields.size() == parameters.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string name = fields[i].factor.empty() ? std::string(fields[i].key)
                                                      : fmt::format("{}-{}", fields[i].factor, fields[i].key);
    RC_ASSERT(name == parameters[i].first);
    RC_ASSERT(fields[i].value == parameters[i].second);
  }
  RC_ASSERT(shipped_protocol().find(*reading.header.cn, command.sender, command.dialect, *reading.header.st,
                                    command.surface_water) == &command);
}

TEST(ProtocolProperty, EncodingAndDecodingAreInverseForEveryCommand) {
  for (const Command& command : shipped_protocol().commands()) {
    const std::string label = fmt::format("{} {} {} {}", name(command.dialect), command.cn,
                                          command.sender == Sender::host ? "host" : "device", command.name.en);
    EXPECT_TRUE(rc::check(label, [&command] { round_trip(command); })) << label;
  }
}

TEST(ProtocolProperty, ARequiredParameterLeftOutIsRefusedByName) {
  for (const Command& command : shipped_protocol().commands()) {
    std::vector<FieldRule> required = command.fields;
    std::erase_if(required, [](const FieldRule& rule) { return !rule.required; });
    if (required.empty()) continue;
    EXPECT_TRUE(rc::check(command.cn + " without a field", [&] {
      const FieldRule& missing = required[*rc::gen::inRange<std::size_t>(0, required.size())];
      std::vector<Parameter> parameters = parameters_of(command);
      std::erase_if(parameters, [&missing](const Parameter& parameter) {
        const std::string_view name = parameter.first;
        const std::size_t dash = name.find('-');
        return dash == std::string::npos ? missing.is_about("", name)
                                         : missing.is_about(name.substr(0, dash), name.substr(dash + 1));
      });
      const auto area = request_area(command, parameters);
      RC_ASSERT(!area);
      RC_ASSERT(area.error().text().find(missing.key) != std::string::npos);
    }));
  }
}

}  // namespace
}  // namespace mj::hj212
