#include "automation.hpp"
#include "book_impl.hpp"
#include "mj/kernel/text.hpp"

namespace mj::devices {
namespace {

Error ended(const Order& order) {
  return Error(ErrorCode::conflict, fmt::format("order {} has ended already: {}, at {}", order.id.raw(),
                                                name(order.state), to_iso(order.changed_at)));
}

}  // namespace

Result<Manner> DeviceBook::Impl::manner_of(std::string_view mn) const {
  if (network.find_device(mn) == nullptr)
    return Error(ErrorCode::not_found, fmt::format("no device {} is registered", mn));
  const registry::SettingsView settings = registered.settings();
  const hj212::Profile& profile = settings.now(mn).profile;
  Manner manner;
  manner.surface_water = profile.surface_water;
  manner.crc = profile.crc;
  manner.pw = profile.password;
  hj212::Dialect seen = hj212::Dialect::unknown;
  {
    const std::lock_guard lock(state_mutex);
    if (const DeviceState* state = devices.find(mn)) {
      manner.st = state->st;
      if (manner.pw.empty()) manner.pw = state->pw;
      seen = state->dialect;
    }
  }
  if (profile.dialect) {
    manner.dialect = *profile.dialect;
  } else if (seen != hj212::Dialect::unknown) {
    manner.dialect = seen;
  }
  return manner;
}

Result<std::uint64_t> DeviceBook::Impl::record(evidence::Log& log, const std::string& payload, Instant now) {
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::decision;
  entry.received_at = now;
  entry.payload = as_bytes(payload);
  MJ_TRY(const evidence::EntryIndex index, log.append_and_wait(entry));
  return index.raw();
}

Status DeviceBook::Impl::wait_beyond(std::uint64_t entry, int timeout_ms, std::string_view what) {
  std::unique_lock lock(state_mutex);
  const bool in_time =
      consumed.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return position > entry; });
  if (in_time) return {};
  return Error(ErrorCode::unavailable,
               fmt::format("{} is recorded as entry {}; it will be seen when the book of devices has caught up",
                           what, entry));
}

Result<Order> DeviceBook::Impl::place_order(evidence::Log& log, const OrderRequest& request, Instant now,
                                            int timeout_ms) {
  OrderRequest order = request;
  MJ_TRY(order.name, clean_text(request.name, kMaxNameCharacters, "name"));
  MJ_TRY(order.reason, clean_text(request.reason, kMaxReasonCharacters, "reason"));
  if (order.expires_at == Instant()) order.expires_at = now.plus_ms(rules.order_life_ms);
  if (order.expires_at <= now)
    return Error(ErrorCode::invalid_input, fmt::format("expired already, at {}", to_iso(order.expires_at)));
  MJ_TRY(const Manner manner, manner_of(order.device));
  MJ_CHECK(check_request(order, protocol, manner, now));
  for (const auto& [name, value] : order.parameters) {
    const auto entry = key_entry(value);
    if (!entry) continue;
    if (auto key = registered.key_of(*entry); !key)
      return Error(ErrorCode::invalid_input, fmt::format("{}: {}", name, key.error().text()));
  }
  MJ_TRY(const std::string payload, encode(order));
  const auto mine = [&order](const Placing& other) {
    return other.device == order.device && other.cn == order.cn && !other.entry;
  };
  {
    const std::lock_guard lock(state_mutex);
    placing.push_back({order.device, order.cn, std::nullopt});
  }
  const auto entry = record(log, payload, now);
  {
    const std::lock_guard lock(state_mutex);
    const auto found = std::find_if(placing.begin(), placing.end(), mine);
    if (found != placing.end()) {
      if (entry && *entry >= position) {
        found->entry = *entry;
      } else {
        placing.erase(found);
      }
    }
  }
  if (!entry) return entry.error();
  MJ_CHECK(wait_beyond(*entry, timeout_ms, "the order"));
  MJ_TRY(auto placed, read([&](BookTable& reading) { return reading.find_order(OrderId(*entry)); }));
  if (!placed) return Error(ErrorCode::internal, fmt::format("order {} is not in the book", *entry));
  return *std::move(placed);
}

Result<std::string> DeviceBook::Impl::preview(const OrderRequest& request, Instant now) const {
  MJ_TRY(const Manner manner, manner_of(request.device));
  MJ_TRY(const CheckedRequest checked, check_request(request, protocol, manner, now));
  const std::string& st = request.st.empty() ? manner.st : request.st;
  if (st.empty()) {
    return Error(
        ErrorCode::invalid_input,
        fmt::format("device {} has sent nothing yet, so its system code is not known: name one", request.device));
  }
  const hj212::Outgoing message =
      hj212::request(*checked.command, to_compact_ms(now), st, manner.pw, request.device, checked.area);
  return hj212::frame(message, manner.crc);
}

Result<Order> DeviceBook::Impl::cancel_order(evidence::Log& log, OrderId id, std::string_view name,
                                             std::string_view reason, Instant now, int timeout_ms) {
  MJ_TRY(const std::string who, clean_text(name, kMaxNameCharacters, "name"));
  MJ_TRY(const std::string why, clean_text(reason, kMaxReasonCharacters, "reason"));
  const auto find = [&]() -> Result<Order> {
    MJ_TRY(auto order, read([&](BookTable& reading) { return reading.find_order(id); }));
    if (!order) return Error(ErrorCode::not_found, fmt::format("there is no order {}", id.raw()));
    return *std::move(order);
  };
  MJ_TRY(const Order before, find());
  if (is_final(before.state)) return ended(before);
  MJ_TRY(const std::uint64_t entry, record(log, encode_cancel(id, who, why), now));
  MJ_CHECK(wait_beyond(entry, timeout_ms, "the cancellation"));
  MJ_TRY(Order after, find());
  if (after.state != OrderState::cancelled) return ended(after);
  return after;
}

bool DeviceBook::Impl::possible(const OrderRequest& request, Instant now) const {
  const auto manner = manner_of(request.device);
  if (!manner) return false;
  OrderRequest order = request;
  for (auto& [name, value] : order.parameters) {
    if (value == kKeyToBeMade) value = fmt::format("{}:0", kKeyToBeMade);
    if (request.cn != "1002") continue;
    // A number is given only to the logger that is registered for it.
    const registry::Point* point = network.find_logger(value);
    if (point == nullptr || point->device != request.device) return false;
  }
  return check_request(order, protocol, *manner, now).has_value();
}

std::vector<OrderRequest> DeviceBook::Impl::due_orders(Instant now) const {
  {
    const std::lock_guard lock(state_mutex);
    if (!live) return {};
  }
  AutomationSight sight;
  bool blind = false;
  sight.orders = [&](const std::string& device, const std::string& cn, Instant placed_after) {
    auto orders = read([&](BookTable& reading) { return reading.orders_of(device, cn, placed_after); });
    blind |= !orders.has_value();
    return orders ? *std::move(orders) : std::vector<Order>();
  };
  sight.possible = [&](const OrderRequest& request) { return possible(request, now); };
  const auto recent =
      read([&](BookTable& reading) { return reading.events_since(now.plus_ms(-rules.automation_window_ms)); });
  if (!recent) return {};
  std::vector<OrderRequest> due = answer_events(*recent, rules, sight, now);
  for (const registry::Point& point : network.points()) {
    if (!rules.answer_key_requests || point.device.empty()) continue;
    const bool asked = std::any_of(due.begin(), due.end(), [&](const OrderRequest& request) {
      return request.device == point.device && request.cn == "1014";
    });
    const auto created = asked ? std::nullopt : registered.key_created(point.device);
    if (!created) continue;
    if (auto request = renew_key(point.device, *created, rules, sight, now)) due.push_back(*std::move(request));
  }
  if (blind) return {};
  const std::lock_guard lock(state_mutex);
  std::erase_if(due, [this](const OrderRequest& request) {
    return std::any_of(placing.begin(), placing.end(), [&](const Placing& other) {
      return other.device == request.device && other.cn == request.cn;
    });
  });
  return due;
}

}  // namespace mj::devices
