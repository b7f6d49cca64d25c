#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/devices/gaps.hpp"
#include "mj/devices/order.hpp"
#include "mj/devices/rules.hpp"
#include "mj/evidence/log.hpp"
#include "mj/hj212/conformance.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"

namespace mj::devices {

/// What the evidence says about a device 现场机.
struct DeviceRecord {
  std::string mn;      ///< "*": frames of unregistered devices that have no record of their own, counted together
  std::string point;   ///< registered point; empty: unknown device
  std::string vendor;  ///< as registered
  Instant first_seen, last_seen;
  std::uint64_t first_entry = 0, last_entry = 0;
  std::string peer;                ///< of its newest frame
  std::uint64_t connection = 0;    ///< the same
  std::string st, password_shape;  ///< newest ST; how its password looks ("6 characters"), never the password
  std::uint64_t frames = 0;
  std::uint64_t bad_frames = 0;        ///< verdict other than good
  std::uint64_t deviating_frames = 0;  ///< at least one deviation
  std::uint64_t deviations = 0;        ///< sum over kinds
  std::uint64_t wrong_passwords = 0;
  std::uint64_t encrypted_frames = 0;
  hj212::ProfileGuess guess;
  std::optional<Instant> heartbeat_at;
  std::size_t open_orders = 0;
};

/// How often a device departed from the standard in one way.
struct DeviationCount {
  std::string mn, vendor;
  hj212::Deviation deviation = hj212::Deviation::count_;
  std::uint64_t frames = 0;  ///< frames that show it
  std::uint64_t first_entry = 0, last_entry = 0;
  Instant first_at, last_at;
};

/// One reading of a device parameter 现场机参数, from a response or an upload (1011, 1061, 1063, 3017–3020, 2081, 1001 …).
struct ParameterReading {
  std::string mn;
  std::string instrument;  ///< PolId; empty: the logger itself
  std::string name;        ///< "RtdInterval", "i13004-Info", "SystemTime" …
  std::string value;       ///< UTF-8
  Instant at;              ///< received
  std::uint64_t entry = 0;
};

/// Something that happened with a device and that people should know 设备事件.
struct DeviceEvent {
  std::uint64_t entry = 0;
  Instant at;
  std::string mn;
  std::string kind;  ///< "password-wrong", "boot", "announced", "key-requested", "time-requested", "not-decrypted"
  std::string detail;  ///< PolId, RestartTime, SKCreateTime, serial of the logger, or the rule about the password
  std::string peer;
};

struct OrderQuery {
  std::optional<std::string> device;
  std::optional<bool> open;
  std::optional<std::uint64_t> before;  ///< ids below
  std::size_t limit = 50;
};

/// The book of devices 现场机台账: a follower of the evidence log that keeps, for every device, how it speaks, where it
/// departs from the standard, its parameters with their history, and the conversations of host commands. All of it is
/// a function of the log, the register and the tables; position and content commit together in SQLite. At most 10,000
/// unregistered devices have a record of their own. Of the same kind of event of a device one is kept in 10 s; of a wrong
/// password, of cipher that no key opens, and of unregistered devices one in an hour.
/// Thread: consume() from one thread; everything else from any.
class DeviceBook {
 public:
  /// Opens or creates `directory`/devices.sqlite; begins anew when the tables or the network changed.
  /// All references must outlive it. Errors: unavailable.
  [[nodiscard]] static Result<std::unique_ptr<DeviceBook>> open(const std::filesystem::path& directory,
                                                                const registry::Network& network,
                                                                const registry::DeviceRegister& devices,
                                                                const hj212::Protocol& protocol, Rules rules);
  ~DeviceBook();
  DeviceBook(const DeviceBook&) = delete;
  DeviceBook& operator=(const DeviceBook&) = delete;

  /// Takes the next entries below `up_to` (the register's position); returns how many. Errors: unavailable (the database;
  /// call again), damaged (the log).
  [[nodiscard]] Result<std::size_t> consume(const evidence::Log& log, std::uint64_t up_to);
  [[nodiscard]] std::uint64_t position() const;

  /// Registered and seen devices, by MN.
  [[nodiscard]] std::vector<DeviceRecord> list() const;
  [[nodiscard]] std::optional<DeviceRecord> find(std::string_view mn) const;
  /// Of one device, or of all; most frequent first.
  [[nodiscard]] Result<std::vector<DeviationCount>> deviations(std::optional<std::string_view> mn) const;
  /// Newest reading of each parameter of a device.
  [[nodiscard]] Result<std::vector<ParameterReading>> parameters(std::string_view mn) const;
  /// Readings of one parameter where its value changed, newest first.
  [[nodiscard]] Result<std::vector<ParameterReading>> history(std::string_view mn, std::string_view instrument,
                                                              std::string_view name, std::size_t limit) const;
  /// Newest first.
  [[nodiscard]] Result<std::vector<DeviceEvent>> events(std::optional<std::string_view> mn,
                                                        std::size_t limit) const;

  /// Checks the request against the tables, records it as a decision and waits until it is in the book.
  /// Errors: invalid_input (unknown command or parameter, missing name or reason, already expired); not_found (no such
  /// device); unavailable.
  [[nodiscard]] Result<Order> place_order(evidence::Log& log, const OrderRequest& request, Instant now,
                                          int timeout_ms = 5000);
  /// The request frame as it would be sent now to a device (QN and PW shown as they will be, `@` values filled with
  /// samples). Errors: as place_order().
  [[nodiscard]] Result<std::string> preview(const OrderRequest& request, Instant now) const;
  /// Errors: not_found; conflict when it has ended already.
  [[nodiscard]] Result<Order> cancel_order(evidence::Log& log, OrderId id, std::string_view name,
                                           std::string_view reason, Instant now, int timeout_ms = 5000);
  [[nodiscard]] Result<std::vector<Order>> orders(const OrderQuery& query) const;
  [[nodiscard]] Result<Order> order(OrderId id) const;  ///< with its steps
  /// Orders that have not ended, oldest first.
  [[nodiscard]] std::vector<Order> open_orders() const;
  /// Requests for history (with BeginTime and EndTime) placed after a moment, for plan_pulls(). Those that expired before
  /// they were sent do not count.
  [[nodiscard]] Result<std::vector<PastPull>> past_pulls(Instant placed_after) const;

  /// Automatic orders 自动命令 that events of the log call for and that nobody has placed yet: 1012 after 1013, 1014 after
  /// 1014, 1002 after 1001 of a registered logger, key rotation when a key is older than the rules allow. Only events
  /// newer than rules().automation_window_ms are considered, and none before the book has read what the log held when it
  /// was opened, so that a rebuild orders nothing. In an order 1014 the values of SKCreateTime and NewSK are `@key`: the
  /// caller makes a key, records it (DeviceRegister::add_key) and writes `@key:ENTRY` before place_order().
  [[nodiscard]] std::vector<OrderRequest> due_orders(Instant now) const;
  [[nodiscard]] const Rules& rules() const;

  /// Called on the consuming thread after the commit for every order placed, changed or cancelled. Silent until the book has
  /// read what the log held when it was opened (an order may have ended further on); then called once for every open
  /// order, which is what the gateway takes up after a start. Set before consume().
  void on_order(std::function<void(const Order&)> listener);
  /// The same for events, without those that the log held before.
  void on_event(std::function<void(const DeviceEvent&)> listener);

 private:
  struct Impl;
  explicit DeviceBook(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Deletes the book under `directory`, so that the next open() derives it again from the log.
Status remove_book(const std::filesystem::path& directory);

}  // namespace mj::devices
