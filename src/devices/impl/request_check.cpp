#include "request_check.hpp"

#include <charconv>

namespace mj::devices {
namespace {

using hj212::Dialect;
using hj212::Sender;

constexpr std::string_view kNow = "@now";
constexpr std::string_view kKey = "@key:";
constexpr std::string_view kNewKey = "NewSK";

Error refuse(std::string text) { return Error(ErrorCode::invalid_input, std::move(text)); }

std::string edition(const hj212::Command& command) {
  return command.surface_water ? std::string("the surface-water profile")
                               : fmt::format("HJ 212-{}", hj212::name(command.dialect));
}

std::string edition(const Manner& manner) {
  return manner.surface_water ? std::string("the surface-water profile")
                              : fmt::format("HJ 212-{}", hj212::name(manner.dialect));
}

bool is_order(const hj212::Command& command) {
  return command.sender == Sender::host &&
         (command.kind == hj212::CommandKind::request || command.kind == hj212::CommandKind::notice);
}

/// Why the device's edition does not have the command.
Error not_of_edition(std::string_view cn, const hj212::Protocol& protocol, const Manner& manner) {
  std::string others;
  for (const hj212::Command& command : protocol.commands()) {
    if (command.cn != cn || !is_order(command)) continue;
    const std::string other = edition(command);
    if (others.find(other) != std::string::npos) continue;
    others += fmt::format("{}{}", others.empty() ? "" : ", ", other);
  }
  if (others.empty()) {
    return refuse(protocol.knows(cn, Sender::device)
                      ? fmt::format("{} is sent by devices, it cannot be ordered", cn)
                      : fmt::format("there is no command {}", cn));
  }
  return refuse(
      fmt::format("the device speaks {}, which has no command {}; {} has it: if the device speaks that, "
                  "change its profile",
                  edition(manner), cn, others));
}

/// A value of the right form for what is filled in when the frame is written.
std::string sample(const hj212::Command& command, std::string_view name, std::string_view value, Instant now) {
  const std::size_t dash = name.find('-');
  const bool plain = dash == std::string_view::npos;
  const hj212::FieldRule* rule =
      command.rule(plain ? std::string_view() : name.substr(0, dash), plain ? name : name.substr(dash + 1));
  const auto length = static_cast<std::size_t>(rule != nullptr ? std::max(rule->type.length, 0) : 0);
  if (value == kNow || name != kNewKey) {
    std::string time = to_compact_ms(now);
    if (length != time.size()) time.resize(14);
    return time;
  }
  return std::string(16, '0');
}

}  // namespace

std::optional<std::uint64_t> key_entry(std::string_view value) {
  if (!value.starts_with(kKey)) return std::nullopt;
  value.remove_prefix(kKey.size());
  std::uint64_t entry = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), entry);
  if (failure != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return entry;
}

Result<CheckedRequest> check_request(const OrderRequest& request, const hj212::Protocol& protocol,
                                     const Manner& manner, Instant now) {
  const std::string_view st = request.st.empty() ? std::string_view(manner.st) : std::string_view(request.st);
  if (!request.st.empty() && protocol.system(request.st) == nullptr)
    return refuse(fmt::format("there is no system code {}", request.st));
  CheckedRequest checked;
  checked.command = protocol.find(request.cn, Sender::host, manner.dialect, st, manner.surface_water);
  if (checked.command == nullptr) return not_of_edition(request.cn, protocol, manner);
  if (!is_order(*checked.command)) return refuse(fmt::format("{} is an answer, it cannot be ordered", request.cn));
  auto parameters = request.parameters;
  for (auto& [name, value] : parameters) {
    if (value == kNow || key_entry(value)) {
      value = sample(*checked.command, name, value, now);
    } else if (value.starts_with('@')) {
      return refuse(fmt::format("{}: \"{}\" is neither @now nor @key:ENTRY", name, value));
    } else if (name == kNewKey) {
      return refuse(fmt::format("{}: a key does not stand in an order; record it and write @key:ENTRY", name));
    }
  }
  MJ_TRY(checked.area, hj212::request_area(*checked.command, parameters));
  return checked;
}

}  // namespace mj::devices
