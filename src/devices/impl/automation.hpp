#pragma once

#include <functional>
#include <vector>

#include "frame_observer.hpp"
#include "mj/devices/device_book.hpp"

namespace mj::devices {

/// Stands in an order 1014 for a key that the caller of due_orders() makes, before it puts the entry of its decision behind.
inline constexpr std::string_view kKeyToBeMade = "@key";

/// What the automation asks the book.
struct AutomationSight {
  /// Orders of a device and command that are open or were placed after a moment.
  std::function<std::vector<Order>(const std::string& device, const std::string& cn, Instant placed_after)> orders;
  /// Whether a request could be placed: the device is registered and its edition has the command.
  std::function<bool(const OrderRequest&)> possible;
};

/// Orders that the events call for and that nobody has placed yet. `events` are those of the window, oldest first.
[[nodiscard]] std::vector<OrderRequest> answer_events(const std::vector<NotedEvent>& events, const Rules& rules,
                                                      const AutomationSight& sight, Instant now);

/// The order for a new key when the newest one, made at `created`, is older than the rules allow.
[[nodiscard]] std::optional<OrderRequest> renew_key(const std::string& device, Instant created, const Rules& rules,
                                                    const AutomationSight& sight, Instant now);

}  // namespace mj::devices
