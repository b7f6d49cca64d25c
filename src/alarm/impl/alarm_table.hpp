#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <soci/soci.h>

#include "decision.hpp"
#include "mj/alarm/alarm.hpp"
#include "mj/alarm/alarm_book.hpp"
#include "watch.hpp"

namespace mj::alarm {

/// The tables of the book. Every member may throw soci::soci_error.
/// Thread: one at a time (the caller holds a lock).
class AlarmTable {
 public:
  /// Errors: as storage::open_sqlite.
  [[nodiscard]] static Result<std::unique_ptr<AlarmTable>> open(const std::filesystem::path& file);

  /// Position and basis; none in a new database.
  struct Book {
    std::uint64_t position = 0;
    std::string basis;
  };
  [[nodiscard]] std::optional<Book> book();
  /// Empties all tables and begins at position 0.
  void begin_anew(const std::string& basis);
  /// Puts the stored states and open alarms into the list.
  void restore(WatchList& watches);
  [[nodiscard]] std::int64_t last_id();

  /// Stores alarms, judged checks and the position in one transaction.
  void commit(const std::vector<const Alarm*>& alarms, const WatchList& watches, std::uint64_t position);

  [[nodiscard]] std::optional<Alarm> find(AlarmId id);
  [[nodiscard]] std::optional<Alarm> find(const AcknowledgeDecision& decision);
  [[nodiscard]] std::vector<Alarm> list(const AlarmQuery& query);
  /// The values of one check in a stretch of time, both ends included.
  struct Near {
    std::string rule;
    Direction direction = Direction::above;
    std::string device;
    std::string factor;
    std::string kind;
    telemetry::Period period = telemetry::Period::instant;
    Instant from, to;
    /// Whether an alarm of that check has values there.
    [[nodiscard]] bool touches(const Alarm& alarm) const {
      return alarm.opened_at <= to && alarm.last_at >= from && alarm.rule == rule &&
             alarm.direction == direction && alarm.device == device && alarm.factor == factor &&
             alarm.kind == kind && alarm.period == period;
    }
  };
  /// Newest number first.
  [[nodiscard]] std::vector<Alarm> find(const Near& near);

 private:
  explicit AlarmTable(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}
  void put(const Alarm& alarm);
  void put(const DeviceWatch& watch, const Check& check, const std::string& factor);
  [[nodiscard]] std::vector<Alarm> select(const std::string& where,
                                          const std::function<void(soci::statement&)>& bind);

  std::unique_ptr<soci::session> session_;
};

}  // namespace mj::alarm
