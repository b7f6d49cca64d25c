#include "mj/telemetry/completeness.hpp"

#include "mj/telemetry/store.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBeijingMs = 8 * kHourMs;  // days are Beijing days
/// A series without a value for so long is no longer expected: its instrument was taken away.
constexpr std::int64_t kAbandonedMs = 30 * kDayMs;
/// The newest records whose distances tell the interval of minute records.
constexpr int kRecordsLookedAt = 200;
constexpr std::int64_t kUsualMinuteInterval = 10 * kMinuteMs;  // HJ 212-2017 appendix C.7, MinInterval=10

/// Start of the Beijing day that holds `ms`.
std::int64_t day_of(std::int64_t ms) {
  const std::int64_t local = ms + kBeijingMs;
  const std::int64_t day = local >= 0 ? local / kDayMs : -((-local + kDayMs - 1) / kDayMs);
  return day * kDayMs - kBeijingMs;
}

/// The record kinds that come at every interval. Source: HJ 212-2017 appendix C.16–C.18.
bool is_regular(std::string_view cn) { return cn == "2051" || cn == "2061" || cn == "2031"; }

/// A series that a device sends in one record kind, with the life of its values.
struct Sent {
  SeriesId id;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
};

/// The series of one record kind of a device.
struct Kind {
  std::string st;
  std::string cn;
  std::vector<Sent> series;
  std::int64_t interval_ms = 0;
};

std::string id_list(const std::vector<Sent>& series) {
  std::string list;
  for (const Sent& each : series) list += fmt::format("{}{}", list.empty() ? "" : ",", each.id.raw());
  return list;
}

/// The most frequent distance between the newest records; the shorter of equally frequent ones.
Result<std::int64_t> minute_interval(duck::Connection& connection, const Kind& kind) {
  MJ_TRY(duck::Rows rows,
         connection.query(fmt::format("SELECT DISTINCT at_ms FROM observation WHERE series IN ({}) "
                                      "ORDER BY at_ms DESC LIMIT {}",
                                      id_list(kind.series), kRecordsLookedAt)));
  std::map<std::int64_t, int> distances;
  std::optional<std::int64_t> later;
  while (rows.next()) {
    const auto at = rows.get<std::int64_t>(0);
    if (later) ++distances[*later - at];
    later = at;
  }
  std::int64_t interval = kUsualMinuteInterval;
  int most = 0;
  for (const auto& [distance, times] : distances) {
    if (times > most && distance >= kMinuteMs && distance <= kHourMs) {
      most = times;
      interval = distance;
    }
  }
  return interval;
}

/// Reads the record kinds of a device from its published series.
Result<std::vector<Kind>> kinds_of(duck::Connection& connection,
                                   const std::vector<std::pair<SeriesId, SeriesKey>>& all) {
  std::map<std::pair<std::string, std::string>, Kind> kinds;
  std::map<std::uint32_t, Sent> lives;
  std::string ids;
  for (const auto& [id, key] : all) {
    if (is_regular(key.cn)) ids += fmt::format("{}{}", ids.empty() ? "" : ",", id.raw());
  }
  if (ids.empty()) return std::vector<Kind>();
  MJ_TRY(duck::Rows rows, connection.query(fmt::format("SELECT series, min(at_ms), max(at_ms) FROM observation "
                                                       "WHERE series IN ({}) GROUP BY series",
                                                       ids)));
  while (rows.next()) {
    const SeriesId id(rows.get<std::uint32_t>(0));
    lives.emplace(id.raw(), Sent{id, rows.get<std::int64_t>(1), rows.get<std::int64_t>(2)});
  }
  for (const auto& [id, key] : all) {
    const auto life = lives.find(id.raw());
    if (life == lives.end() || !is_regular(key.cn)) continue;
    Kind& kind = kinds[{key.st, key.cn}];
    kind.st = key.st;
    kind.cn = key.cn;
    kind.series.push_back(life->second);
  }
  std::vector<Kind> result;
  for (auto& [name, kind] : kinds) {
    kind.interval_ms = kind.cn == "2031" ? kDayMs : kHourMs;
    if (kind.cn == "2051") {
      MJ_TRY(kind.interval_ms, minute_interval(connection, kind));
    }
    result.push_back(std::move(kind));
  }
  return result;
}

/// Which interval of the grid a time falls into; the grid begins at Beijing midnight.
std::string slot_sql(std::int64_t interval_ms) {
  return fmt::format("((at_ms + {0}) // {1})", kBeijingMs, interval_ms);
}
std::int64_t slot_of(std::int64_t ms, std::int64_t interval_ms) { return (ms + kBeijingMs) / interval_ms; }
std::int64_t start_of(std::int64_t slot, std::int64_t interval_ms) { return slot * interval_ms - kBeijingMs; }

/// Adds the days of one record kind to `days`.
Status count_days(duck::Connection& connection, const Kind& kind, Instant from, Instant to, Instant now,
                  std::vector<DayCompleteness>& days) {
  MJ_TRY(duck::Rows rows,
         connection.query(fmt::format(
             "SELECT (at_ms + {0}) // {1} AS day, count(DISTINCT (series, {2})) FROM observation "
             "WHERE series IN ({3}) AND at_ms >= {4} AND at_ms < {5} GROUP BY day",
             kBeijingMs, kDayMs, slot_sql(kind.interval_ms), id_list(kind.series), day_of(from.ms()), to.ms())));
  std::map<std::int64_t, std::uint64_t> received;
  while (rows.next()) {
    received[rows.get<std::int64_t>(0) * kDayMs - kBeijingMs] =
        static_cast<std::uint64_t>(rows.get<std::int64_t>(1));
  }
  for (std::int64_t day = day_of(from.ms()); day < to.ms(); day += kDayMs) {
    DayCompleteness row;
    row.day = Instant::from_ms(day);
    row.cn = kind.cn;
    // Only intervals that have ended can be expected; the first day begins with the first value.
    const std::int64_t ended = std::min(day + kDayMs, now.ms());
    for (const Sent& each : kind.series) {
      const std::int64_t begin =
          std::max(day, start_of(slot_of(each.first_ms, kind.interval_ms), kind.interval_ms));
      if (begin >= day + kDayMs || each.last_ms < day - kAbandonedMs) continue;
      ++row.series;
      if (ended > begin) row.expected += static_cast<std::uint64_t>((ended - begin) / kind.interval_ms);
    }
    if (row.series == 0) continue;
    if (const auto found = received.find(day); found != received.end()) row.received = found->second;
    row.expected = std::max(row.expected, row.received);
    days.push_back(std::move(row));
  }
  return {};
}

/// The interval starts of one record kind that lack a series.
Status find_missing(duck::Connection& connection, const std::string& device, const Kind& kind, Instant from,
                    Instant to, std::vector<MissingIntervals>& result) {
  std::int64_t first_ms = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ms = std::numeric_limits<std::int64_t>::min();
  std::size_t active = 0;
  for (const Sent& each : kind.series) {
    first_ms = std::min(first_ms, each.first_ms);
    last_ms = std::max(last_ms, each.last_ms);
    if (each.last_ms >= from.ms()) ++active;
  }
  if (last_ms < from.ms() - kAbandonedMs) return {};
  // A device that was silent all the time lacks everything it used to send.
  const std::size_t wanted = std::max<std::size_t>(active, 1);
  MJ_TRY(duck::Rows rows, connection.query(fmt::format(
                              "SELECT {0} AS slot, count(DISTINCT series) FROM observation WHERE series IN ({1}) "
                              "AND at_ms >= {2} AND at_ms < {3} GROUP BY slot",
                              slot_sql(kind.interval_ms), id_list(kind.series), from.ms(), to.ms())));
  std::map<std::int64_t, std::size_t> present;
  while (rows.next()) present[rows.get<std::int64_t>(0)] = static_cast<std::size_t>(rows.get<std::int64_t>(1));
  MissingIntervals missing{device, kind.st, kind.cn, kind.interval_ms, {}};
  const std::int64_t begin = std::max(from.ms(), first_ms);
  std::int64_t slot = slot_of(begin, kind.interval_ms);
  if (start_of(slot, kind.interval_ms) < begin) ++slot;
  for (; start_of(slot, kind.interval_ms) < to.ms(); ++slot) {
    const auto found = present.find(slot);
    if (found == present.end() || found->second < wanted) {
      missing.starts.push_back(Instant::from_ms(start_of(slot, kind.interval_ms)));
    }
  }
  if (!missing.starts.empty()) result.push_back(std::move(missing));
  return {};
}

}  // namespace

std::vector<std::pair<SeriesId, SeriesKey>> Store::Impl::series_of(std::string_view device) const {
  std::vector<std::pair<SeriesId, SeriesKey>> series;
  const std::lock_guard lock(published_mutex);
  const auto found = series_of_device.find(std::string(device));
  if (found == series_of_device.end()) return series;
  for (const SeriesId id : found->second) series.emplace_back(id, keys[id.raw()]);
  return series;
}

Result<std::vector<DayCompleteness>> Store::completeness(std::string_view device, Instant from, Instant to,
                                                         Instant now) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<DayCompleteness>> {
    MJ_TRY(const std::vector<Kind> kinds, kinds_of(connection, impl_->series_of(device)));
    std::vector<DayCompleteness> days;
    for (const Kind& kind : kinds) MJ_CHECK(count_days(connection, kind, from, std::min(to, now), now, days));
    std::sort(days.begin(), days.end(), [](const DayCompleteness& a, const DayCompleteness& b) {
      return std::tie(a.day, a.cn) < std::tie(b.day, b.cn);
    });
    return days;
  });
}

Result<std::vector<MissingIntervals>> Store::missing(const std::vector<std::string>& devices, Instant from,
                                                     Instant to) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<MissingIntervals>> {
    std::vector<MissingIntervals> result;
    for (const std::string& device : devices) {
      MJ_TRY(const std::vector<Kind> kinds, kinds_of(connection, impl_->series_of(device)));
      for (const Kind& kind : kinds) MJ_CHECK(find_missing(connection, device, kind, from, to, result));
    }
    return result;
  });
}

}  // namespace mj::telemetry
