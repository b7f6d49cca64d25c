#include "composer.hpp"

#include <charconv>

#include "mj/hj212/compose.hpp"

namespace mj::gateway {
namespace {

constexpr std::string_view kKeyPrefix = "@key:";
constexpr std::string_view kNewKey = "NewSK";
constexpr std::string_view kKeyCreated = "SKCreateTime";
constexpr int kDigitsWithMs = 17;

/// The parameters with `@` values filled in, and the new key among them.
struct Filled {
  std::vector<hj212::Parameter> parameters;
  std::optional<hj212::Sm4Key> new_key;
};

std::string now_for(const hj212::Command& command, std::string_view key, Instant now) {
  for (const hj212::FieldRule& rule : command.fields) {
    if (rule.key == key && rule.type.length == kDigitsWithMs) return to_compact_ms(now);
  }
  return to_compact(now);
}

Result<std::string> key_creation(const Knowledge& knowledge, std::string_view mn, std::uint64_t entry) {
  for (const registry::SettingsChange& change : knowledge.devices.history(mn)) {
    if (change.entry == entry && change.is_key) return change.key_created;
  }
  return Error(ErrorCode::not_found, fmt::format("entry {} records no key of {}", entry, mn));
}

Result<std::string> from_key_entry(const Knowledge& knowledge, const devices::OrderRequest& order,
                                   std::string_view key, std::string_view value) {
  std::uint64_t entry = 0;
  const std::string_view digits = value.substr(kKeyPrefix.size());
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), entry);
  if (failure != std::errc() || end != digits.data() + digits.size()) {
    return Error(ErrorCode::invalid_input, fmt::format("{}={} names no entry of a key", key, value));
  }
  // Also for NewSK: a key of another device must not be sent to this one.
  MJ_TRY(std::string created, key_creation(knowledge, order.device, entry));
  if (key != kNewKey) return created;
  MJ_TRY(const hj212::Sm4Key secret, knowledge.devices.key_of(entry));
  return std::string(reinterpret_cast<const char*>(secret.bytes.data()), secret.bytes.size());
}

Result<Filled> fill_in(const Knowledge& knowledge, const devices::OrderRequest& order,
                       const hj212::Command& command, Instant now) {
  Filled filled;
  for (const auto& [key, value] : order.parameters) {
    std::string text = value;
    if (value == "@now") {
      text = now_for(command, key, now);
    } else if (value.starts_with(kKeyPrefix) && (key == kNewKey || key == kKeyCreated)) {
      MJ_TRY(text, from_key_entry(knowledge, order, key, value));
    }
    if (key == kNewKey) filled.new_key = hj212::parse_sm4_key(text);
    filled.parameters.emplace_back(key, std::move(text));
  }
  return filled;
}

/// The key to write the area with; none = in clear.
Result<std::optional<hj212::Sm4Key>> cipher_key(const hj212::Command& command, const Speech& speech,
                                                const hj212::DeviceSettings& settings,
                                                const std::optional<hj212::Sm4Key>& new_key) {
  if (new_key) {
    if (speech.key) return speech.key;
    for (const hj212::Sm4Key& known : settings.keys) {
      if (known != *new_key) return std::optional(known);
    }
    return Error(ErrorCode::invalid_input,
                 "the device has no older key to protect the new one; a key is not sent in clear");
  }
  if (!command.encrypted || settings.profile.encryption == hj212::Encryption::off || settings.keys.empty()) {
    return std::optional<hj212::Sm4Key>();
  }
  return speech.key ? speech.key : std::optional(settings.keys.front());
}

const hj212::Command* find_command(const hj212::Protocol& protocol, std::string_view cn, std::string_view st,
                                   hj212::Dialect dialect, bool surface_water) {
  return protocol.find(cn, hj212::Sender::host, dialect, st, surface_water);
}

std::optional<Instant> time_of(const std::vector<hj212::Parameter>& parameters, std::string_view key) {
  for (const auto& [name, value] : parameters) {
    if (name == key) return parse_compact(value);
  }
  return std::nullopt;
}

}  // namespace

Result<RequestFrame> compose_request(const Knowledge& knowledge, const devices::OrderRequest& order,
                                     const Speech& speech, const hj212::DeviceSettings& settings, std::string qn,
                                     Instant now) {
  const hj212::Profile& profile = settings.profile;
  // A device that shows no generation is spoken to in the one most of them have.
  const hj212::Dialect shown = speech.dialect == hj212::Dialect::unknown ? hj212::Dialect::v2017 : speech.dialect;
  const hj212::Dialect dialect = profile.dialect.value_or(shown);
  const std::string& wanted_st = order.st.empty() ? speech.st : order.st;
  const hj212::Command* command =
      find_command(knowledge.protocol, order.cn, wanted_st, dialect, profile.surface_water);
  if (command == nullptr) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("HJ 212-{} has no command {} of the host", name(dialect), order.cn));
  }
  MJ_TRY(Filled filled, fill_in(knowledge, order, *command, now));
  MJ_TRY(std::string area, hj212::request_area(*command, filled.parameters));
  MJ_TRY(const auto key, cipher_key(*command, speech, settings, filled.new_key));

  RequestFrame request;
  request.question.qn = qn;
  request.question.cn = command->cn;
  request.question.course = command->course;
  request.question.begin = time_of(filled.parameters, "BeginTime");
  request.question.end = time_of(filled.parameters, "EndTime");
  std::string st = wanted_st.empty() && !command->systems.empty() ? command->systems.front() : wanted_st;
  if (st.empty()) st = "91";
  hj212::Outgoing message =
      hj212::request(*command, std::move(qn), std::move(st),
                     profile.password.empty() ? speech.pw : profile.password, order.device, std::move(area));
  if (message.pw && message.pw->empty()) message.pw.reset();
  request.bytes = hj212::frame(message, profile.crc, key ? &*key : nullptr);
  return request;
}

}  // namespace mj::gateway
