#include "automation.hpp"

#include <set>

namespace mj::devices {
namespace {

constexpr std::int64_t kKeyDayMs = 24LL * 3600 * 1000;

OrderRequest key_order(const std::string& device, std::string reason, const Rules& rules, Instant now) {
  OrderRequest request;
  request.device = device;
  request.cn = "1014";
  request.parameters = {{"SKCreateTime", std::string(kKeyToBeMade)}, {"NewSK", std::string(kKeyToBeMade)}};
  request.name = "system";
  request.reason = std::move(reason);
  request.expires_at = now.plus_ms(rules.order_life_ms);
  return request;
}

std::optional<OrderRequest> answer(const NotedEvent& noted, const Rules& rules, Instant now) {
  const DeviceEvent& event = noted.event;
  std::optional<OrderRequest> request;
  if (event.kind == name(EventKind::time_requested) && rules.answer_time_requests) {
    request.emplace();
    request->cn = "1012";
    if (!event.detail.empty()) request->parameters.emplace_back("PolId", event.detail);
    request->parameters.emplace_back("SystemTime", "@now");
    request->reason = "the device asked for the time";
  } else if (event.kind == name(EventKind::key_requested) && rules.answer_key_requests) {
    request = key_order(event.mn, "the device asked for a key", rules, now);
  } else if (event.kind == name(EventKind::announced) && rules.assign_numbers) {
    request.emplace();
    request->cn = "1002";
    request->parameters.emplace_back("i23005-Info", event.detail);
    request->reason = "the logger announced itself";
    request->connection = noted.connection;
  }
  if (!request) return std::nullopt;
  request->device = event.mn;
  request->name = "system";
  request->cause = event.entry;
  request->expires_at = now.plus_ms(rules.automation_window_ms);
  return request;
}

/// The instrument that an order is about.
std::string_view instrument_of(const OrderRequest& request) {
  for (const auto& [name, value] : request.parameters) {
    if (name == "PolId") return value;
  }
  return {};
}

}  // namespace

std::vector<OrderRequest> answer_events(const std::vector<NotedEvent>& events, const Rules& rules,
                                        const AutomationSight& sight, Instant now) {
  std::vector<OrderRequest> due;
  std::set<std::tuple<std::string, std::string, std::string>> newer;
  for (auto noted = events.rbegin(); noted != events.rend(); ++noted) {
    const DeviceEvent& event = noted->event;
    if (now.ms_since(event.at) > rules.automation_window_ms) continue;
    auto request = answer(*noted, rules, now);
    if (!request) continue;
    // Only the newest of several requests of the same kind is answered.
    if (!newer.emplace(event.mn, event.kind, std::string(instrument_of(*request))).second) continue;
    const Instant since = now.plus_ms(-std::max(rules.automation_pause_ms, now.ms_since(event.at) + 1));
    bool taken = false;
    for (const Order& order : sight.orders(request->device, request->cn, since)) {
      if (instrument_of(order.request) != instrument_of(*request)) continue;
      taken |= !is_final(order.state) || order.request.cause == event.entry || order.id.raw() > event.entry ||
               (order.request.cause && now.ms_since(order.placed_at) < rules.automation_pause_ms);
    }
    if (!taken && sight.possible(*request)) due.push_back(*std::move(request));
  }
  std::reverse(due.begin(), due.end());
  return due;
}

std::optional<OrderRequest> renew_key(const std::string& device, Instant created, const Rules& rules,
                                      const AutomationSight& sight, Instant now) {
  if (now.ms_since(created) < rules.key_days * kKeyDayMs) return std::nullopt;
  OrderRequest request = key_order(
      device, fmt::format("the key of {} is older than {} days", to_iso(created), rules.key_days), rules, now);
  if (!sight.orders(device, request.cn, now.plus_ms(-rules.order_life_ms)).empty()) return std::nullopt;
  if (!sight.possible(request)) return std::nullopt;
  return request;
}

}  // namespace mj::devices
