#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "conversations.hpp"
#include "device_state.hpp"
#include "frame_observer.hpp"
#include "mj/devices/device_book.hpp"
#include "readings.hpp"

namespace mj::devices {

/// The tables of the book. Every member may throw soci::soci_error.
/// Thread: one at a time (the caller holds a lock, or it is the consuming thread's own).
class BookTable {
 public:
  /// Errors: as storage::open_sqlite.
  [[nodiscard]] static Result<std::unique_ptr<BookTable>> open(const std::filesystem::path& file);

  struct Book {
    std::uint64_t position = 0;  ///< of orders, steps, events, parameters
    std::uint64_t counted = 0;   ///< of records and deviations; never beyond `position`
    std::string basis;
  };
  /// None in a new database.
  [[nodiscard]] std::optional<Book> book();
  /// Empties all tables and begins at position 0.
  void begin_anew(const std::string& basis);

  /// What one commit stores beside the position.
  struct Changes {
    std::uint64_t position = 0;
    const std::map<OrderId, Order>* orders = nullptr;
    const std::vector<Conversations::NewStep>* steps = nullptr;
    std::vector<ParameterList::Row> parameters;
    const std::vector<NotedEvent>* events = nullptr;
    /// Set when the records are stored too: then all up to `position` is counted.
    std::optional<std::vector<const DeviceState*>> records;
  };
  void commit(const Changes& changes);

  void restore(DeviceList& devices);
  void restore(ParameterList& parameters);

  [[nodiscard]] std::optional<Order> find_order(OrderId id);
  [[nodiscard]] std::vector<Order> orders(const OrderQuery& query);
  [[nodiscard]] std::vector<Order> open_orders();
  /// Orders of one device and command that are open or were placed after a moment.
  [[nodiscard]] std::vector<Order> orders_of(const std::string& device, const std::string& cn,
                                             Instant placed_after);
  [[nodiscard]] std::vector<Order> orders_since(Instant placed_after);
  [[nodiscard]] std::vector<RecordedStep> steps(OrderId id);
  [[nodiscard]] std::vector<ParameterReading> newest_parameters(const std::string& mn);
  [[nodiscard]] std::vector<ParameterReading> parameter_history(const std::string& mn,
                                                                const std::string& instrument,
                                                                const std::string& name, std::size_t limit);
  [[nodiscard]] std::vector<DeviceEvent> events(const std::optional<std::string>& mn, std::size_t limit);
  /// Oldest first.
  [[nodiscard]] std::vector<NotedEvent> events_since(Instant at);

 private:
  explicit BookTable(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}
  void put_orders(const std::map<OrderId, Order>& orders);
  void put_steps(const std::vector<Conversations::NewStep>& steps);
  void put_parameters(const std::vector<ParameterList::Row>& rows);
  void put_events(const std::vector<NotedEvent>& events);
  void put_records(const std::vector<const DeviceState*>& states);
  [[nodiscard]] std::vector<Order> select_orders(const std::string& where,
                                                 const std::function<void(soci::statement&)>& bind);
  [[nodiscard]] std::vector<NotedEvent> select_events(const std::string& where,
                                                      const std::function<void(soci::statement&)>& bind);

  std::unique_ptr<soci::session> session_;
};

/// The columns of a table as SOCI binds them: `each(row, visit)` calls `visit` for every column in order. Inserts rows
/// with one prepared statement.
template <typename Row, typename Each>
class Inserter {
 public:
  Inserter(soci::session& session, std::string_view table, std::string_view columns, Each each)
      : insert_(session) {
    std::string places;
    int number = 0;
    each(row_, [&](auto&... /*column*/) {
      places += fmt::format("{}:c{}", number == 0 ? "" : ", ", number);
      ++number;
    });
    each(row_, [&](auto&... column) { insert_.exchange(soci::use(column...)); });
    insert_.alloc();
    insert_.prepare(fmt::format("INSERT OR REPLACE INTO {}({}) VALUES({})", table, columns, places));
    insert_.define_and_bind();
  }
  void put(Row row) {
    row_ = std::move(row);
    insert_.execute(true);
  }

 private:
  Row row_;
  soci::statement insert_;
};

/// Rows of a query, read by the same columns.
template <typename Row, typename Each, typename Take>
void select_rows(soci::session& session, const std::string& query_text, Each each,
                 const std::function<void(soci::statement&)>& bind, Take take) {
  Row row;
  soci::statement query(session);
  each(row, [&](auto&... column) { query.exchange(soci::into(column...)); });
  bind(query);
  query.alloc();
  query.prepare(query_text);
  query.define_and_bind();
  query.execute();
  while (query.fetch()) take(row);
}

/// A number that may be absent, as SOCI binds it.
struct MaybeNumber {
  long long value = 0;
  soci::indicator has = soci::i_null;

  MaybeNumber() = default;
  template <typename Number>
  explicit MaybeNumber(const std::optional<Number>& number)
      : value(number ? static_cast<long long>(*number) : 0), has(number ? soci::i_ok : soci::i_null) {}
  template <typename Number>
  [[nodiscard]] std::optional<Number> to() const {
    return has == soci::i_ok ? std::optional<Number>(static_cast<Number>(value)) : std::nullopt;
  }
};

}  // namespace mj::devices
