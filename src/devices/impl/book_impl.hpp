#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "book_table.hpp"
#include "conversations.hpp"
#include "device_state.hpp"
#include "frame_observer.hpp"
#include "mj/devices/device_book.hpp"
#include "readings.hpp"
#include "request_check.hpp"

namespace mj::devices {

/// The inside of a book. Its consuming side stands in book_follow.cpp, what people and the automation ask of it in
/// book_orders.cpp and book_records.cpp.
struct DeviceBook::Impl {
  Impl(const registry::Network& network_in, const registry::DeviceRegister& registered_in,
       const hj212::Protocol& protocol_in, Rules rules_in);

  // Immutable after open().
  const registry::Network& network;
  const registry::DeviceRegister& registered;
  const hj212::Protocol protocol;
  const Rules rules;
  const std::string basis;
  std::function<void(const Order&)> order_listener;
  std::function<void(const DeviceEvent&)> event_listener;

  // Of the consuming thread.
  FrameObserver observer;
  ParameterList parameters;
  std::vector<NotedEvent> events;  ///< not stored yet
  Findings findings;               ///< of the entry under way
  std::uint64_t next = 0;          ///< entry to be read next
  std::uint64_t counted = 0;       ///< position of the records in the database
  std::uint64_t recorded = 0;      ///< position of everything else there: entries below it tell nothing new
  bool restore_needed = false;     ///< a commit failed: what is in memory is ahead of the database
  std::optional<std::uint64_t> live_from;  ///< size of the log when it was read first
  std::unique_ptr<BookTable> table;

  mutable std::mutex
      reader_mutex;  ///< guards `reader`, a connection of its own so that questions wait for no commit
  std::unique_ptr<BookTable> reader;

  mutable std::mutex state_mutex;  ///< guards what follows against readers; only the consuming thread changes it
  std::condition_variable consumed;
  std::uint64_t position = 0;
  bool live = false;  ///< the book has read what the log held when it was opened
  DeviceList devices;
  Conversations conversations;
  /// Orders on their way through the log, so that the automation does not place them twice.
  struct Placing {
    std::string device, cn;
    std::optional<std::uint64_t> entry;
  };
  std::vector<Placing> placing;

  /// Reads or begins the database.
  Status begin();
  Status restore();
  Status begin_anew();
  Result<std::size_t> consume(const evidence::Log& log, std::uint64_t up_to);
  /// Stores everything, counts as well.
  Status settle();

  [[nodiscard]] std::vector<DeviceRecord> records(std::optional<std::string_view> mn) const;
  [[nodiscard]] std::vector<DeviationCount> deviations(std::optional<std::string_view> mn) const;
  [[nodiscard]] Result<Order> place_order(evidence::Log& log, const OrderRequest& request, Instant now,
                                          int timeout_ms);
  [[nodiscard]] Result<std::string> preview(const OrderRequest& request, Instant now) const;
  [[nodiscard]] Result<Order> cancel_order(evidence::Log& log, OrderId id, std::string_view name,
                                           std::string_view reason, Instant now, int timeout_ms);
  [[nodiscard]] std::vector<OrderRequest> due_orders(Instant now) const;

  /// What `ask(BookTable&)` finds in the database.
  template <typename Ask>
  [[nodiscard]] auto read(Ask ask) const -> Result<decltype(ask(std::declval<BookTable&>()))> {
    try {
      const std::lock_guard lock(reader_mutex);
      return ask(*reader);
    } catch (const std::exception& failure) {
      return database_error("cannot be read", failure);
    }
  }
  static Error database_error(std::string_view act, const std::exception& failure) {
    return Error(ErrorCode::unavailable, fmt::format("book of devices: {}: {}", act, failure.what()));
  }

 private:
  void take(const evidence::StoredEntry& stored, const registry::SettingsView& settings);
  void take_event(const evidence::StoredEntry& stored);
  Status commit(bool with_records);
  void publish();
  void tell_listeners();
  [[nodiscard]] Result<Manner> manner_of(std::string_view mn) const;
  [[nodiscard]] bool possible(const OrderRequest& request, Instant now) const;
  Result<std::uint64_t> record(evidence::Log& log, const std::string& payload, Instant now);
  Status wait_beyond(std::uint64_t entry, int timeout_ms, std::string_view what);
};

}  // namespace mj::devices
