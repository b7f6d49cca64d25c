#include "mj/telemetry/device_days.hpp"

#include <limits>

#include "mj/telemetry/store.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

constexpr std::int64_t kOneMinute = 60'000;
constexpr std::int64_t kOneHour = 60 * kOneMinute;
constexpr std::int64_t kOneDay = 24 * kOneHour;
constexpr std::int64_t kBeijingOffset = 8 * kOneHour;
/// A series without a value for so long is no longer expected.
constexpr std::int64_t kForgottenMs = 30 * kOneDay;
constexpr std::int64_t kMinuteRecords = 10 * kOneMinute;  // HJ 212-2017 appendix C.7, MinInterval=10
/// Series read in one query; bounds the memory that their times take.
constexpr std::size_t kSeriesAtOnce = 16'384;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

/// A series with the times of its values in the window, ascending, each once.
struct Times {
  SeriesKey key;
  std::uint32_t id = 0;
  std::int64_t newest = kNever;  ///< of all its values
  std::int64_t before = kNever;  ///< newest value before the window
  std::vector<std::int64_t> at;

  /// Newest value before `day`.
  [[nodiscard]] std::int64_t last_before(std::int64_t day) const {
    const auto first = std::lower_bound(at.begin(), at.end(), day);
    return first == at.begin() ? before : *std::prev(first);
  }
};

struct DeviceTimes {
  std::string device;
  std::vector<Times> series;
};

bool comes_regularly(std::string_view cn) { return cn == "2051" || cn == "2061" || cn == "2031"; }

std::string ids_of(const std::vector<Times*>& series) {
  std::string list;
  for (const Times* each : series) list += fmt::format("{}{}", list.empty() ? "" : ",", each->id);
  return list;
}

/// Reads the values of [from, to) and what is known of the time before.
Status read_times(duck::Connection& connection, std::vector<DeviceTimes>& devices, std::int64_t from,
                  std::int64_t to) {
  std::vector<Times*> by_id;
  for (DeviceTimes& device : devices) {
    for (Times& each : device.series) by_id.push_back(&each);
  }
  if (by_id.empty()) return {};
  std::sort(by_id.begin(), by_id.end(), [](const Times* a, const Times* b) { return a->id < b->id; });
  const std::uint32_t first = by_id.front()->id;
  std::vector<Times*> lookup(by_id.back()->id - first + 1, nullptr);
  for (Times* each : by_id) lookup[each->id - first] = each;
  MJ_TRY(duck::Rows rows,
         connection.stream(fmt::format("SELECT series, at_ms FROM observation WHERE series BETWEEN {} AND {} AND "
                                       "at_ms >= {} AND at_ms < {}",
                                       first, by_id.back()->id, from, to)));
  while (rows.next()) {
    Times* const each = lookup[rows.get<std::uint32_t>(0) - first];
    if (each != nullptr) each->at.push_back(rows.get<std::int64_t>(1));
  }
  // Whether a series was alive before the window is known of most: from its newest value, or from its first day in it.
  std::vector<Times*> unknown;
  for (Times* each : by_id) {
    std::sort(each->at.begin(), each->at.end());
    each->at.erase(std::unique(each->at.begin(), each->at.end()), each->at.end());
    if (each->newest < from) {
      each->before = each->newest;
    } else if (each->at.empty() || each->at.front() >= from + kOneDay) {
      unknown.push_back(each);
    }
  }
  if (unknown.empty()) return {};
  MJ_TRY(duck::Rows last,
         connection.query(
             fmt::format("SELECT series, max(at_ms) FROM observation WHERE series IN ({}) AND at_ms >= {} AND "
                         "at_ms < {} GROUP BY series",
                         ids_of(unknown), from - kForgottenMs, from)));
  while (last.next()) lookup[last.get<std::uint32_t>(0) - first]->before = last.get<std::int64_t>(1);
  return {};
}

/// The most frequent distance between times (ascending), the shorter of equally frequent ones; `usual` without any.
std::int64_t frequent_distance(std::span<const std::int64_t> times, std::int64_t usual) {
  std::map<std::int64_t, int> distances;
  for (std::size_t i = 1; i < times.size(); ++i) ++distances[times[i] - times[i - 1]];
  std::int64_t interval = usual;
  int most = 0;
  for (const auto& [distance, count] : distances) {
    if (count > most && distance >= kOneMinute && distance <= kOneHour) {
      most = count;
      interval = distance;
    }
  }
  return interval;
}

/// The interval of a record kind on a day, told by the series that has the most values on that day and the one before.
/// A device that was silent for two days keeps its usual one.
std::int64_t interval_of(std::string_view cn, const std::vector<const Times*>& kind, std::int64_t day,
                         std::int64_t usual) {
  if (cn == "2031") return kOneDay;
  if (cn == "2061") return kOneHour;
  std::span<const std::int64_t> times;
  for (const Times* each : kind) {
    const auto begin = std::lower_bound(each->at.begin(), each->at.end(), day - kOneDay);
    const auto end = std::lower_bound(begin, each->at.end(), day + kOneDay);
    if (std::cmp_greater(end - begin, times.size())) times = std::span(begin, end);
  }
  return frequent_distance(times, usual);
}

/// The times that tell the usual interval of minute records of kinds that are silent in the window: those of the day
/// up to the newest value of one of their series.
Status read_usual(duck::Connection& connection, const std::vector<const Times*>& silent,
                  std::unordered_map<std::uint32_t, std::int64_t>& usual) {
  if (silent.empty()) return {};
  std::string wanted;
  for (const Times* each : silent) {
    const std::int64_t newest = each->before != kNever ? each->before : each->newest;
    wanted += fmt::format("{}({}, {}, {})", wanted.empty() ? "" : ",", each->id, newest - kOneDay, newest);
  }
  MJ_TRY(duck::Rows rows, connection.query(fmt::format(
                              "SELECT o.series, o.at_ms FROM observation o JOIN (VALUES {}) w(id, low, high) "
                              "ON o.series = w.id WHERE o.at_ms >= w.low AND o.at_ms <= w.high",
                              wanted)));
  std::unordered_map<std::uint32_t, std::vector<std::int64_t>> times;
  while (rows.next()) times[rows.get<std::uint32_t>(0)].push_back(rows.get<std::int64_t>(1));
  for (auto& [id, at] : times) {
    std::sort(at.begin(), at.end());
    usual[id] = frequent_distance(at, kMinuteRecords);
  }
  return {};
}

/// The record kinds of a device: neighbours in its sorted series.
std::vector<std::vector<const Times*>> kinds_in(const DeviceTimes& device) {
  std::vector<std::vector<const Times*>> kinds;
  for (const Times& each : device.series) {
    if (kinds.empty() || kinds.back().front()->key.st != each.key.st ||
        kinds.back().front()->key.cn != each.key.cn)
      kinds.emplace_back();
    kinds.back().push_back(&each);
  }
  return kinds;
}

/// The series of a kind whose newest value is the newest.
const Times* newest_of(const std::vector<const Times*>& kind) {
  return *std::max_element(kind.begin(), kind.end(),
                           [](const Times* a, const Times* b) { return a->newest < b->newest; });
}

/// Counts one record kind on one day.
void count_kind(const std::string& device, const std::vector<const Times*>& kind, std::int64_t day,
                std::int64_t interval, DeviceDay& result) {
  const auto slots = static_cast<std::size_t>(kOneDay / interval + (kOneDay % interval == 0 ? 0 : 1));
  const auto slot_of = [&](std::int64_t at) { return static_cast<std::size_t>((at - day) / interval); };
  std::vector<std::uint32_t> wanted(slots);
  std::vector<std::uint32_t> present(slots);
  bool any = false;
  for (const Times* each : kind) {
    const auto begin = std::lower_bound(each->at.begin(), each->at.end(), day);
    const auto end = std::lower_bound(begin, each->at.end(), day + kOneDay);
    const std::int64_t last = each->last_before(day);
    std::size_t first = 0;
    if (last == kNever || last < day - kForgottenMs) {
      if (begin == end) continue;
      first = slot_of(*begin);
    }
    SeriesCount count{each->key, slots - first, 0};
    std::size_t previous = slots;
    for (auto at = begin; at != end; ++at) {
      const std::size_t slot = slot_of(*at);
      if (slot == previous) continue;
      previous = slot;
      ++count.received;
      ++present[slot];
    }
    for (std::size_t slot = first; slot < slots; ++slot) ++wanted[slot];
    result.series.push_back(std::move(count));
    any = true;
  }
  if (!any) return;
  MissingIntervals missing{device, kind.front()->key.st, kind.front()->key.cn, interval, {}};
  for (std::size_t slot = 0; slot < slots; ++slot) {
    if (present[slot] < wanted[slot])
      missing.starts.push_back(Instant::from_ms(day + static_cast<std::int64_t>(slot) * interval));
  }
  if (!missing.starts.empty()) result.missing.push_back(std::move(missing));
}

Status visit_devices(duck::Connection& connection, std::vector<DeviceTimes>& devices, std::int64_t from,
                     std::int64_t to, const DeviceDaysVisitor& visit) {
  MJ_CHECK(read_times(connection, devices, from - kOneDay, to));
  std::vector<const Times*> silent;
  for (const DeviceTimes& device : devices) {
    for (const auto& kind : kinds_in(device)) {
      if (kind.front()->key.cn == "2051" && newest_of(kind)->at.size() < 2) silent.push_back(newest_of(kind));
    }
  }
  std::unordered_map<std::uint32_t, std::int64_t> usual;
  MJ_CHECK(read_usual(connection, silent, usual));
  for (const DeviceTimes& device : devices) {
    DeviceDays days{device.device, {}};
    const auto kinds = kinds_in(device);
    std::vector<std::int64_t> intervals;
    for (const auto& kind : kinds) {
      const auto known = usual.find(newest_of(kind)->id);
      intervals.push_back(known == usual.end() ? kMinuteRecords : known->second);
    }
    for (std::int64_t day = from; day < to; day += kOneDay) {
      DeviceDay& result = days.days.emplace_back();
      result.day = Instant::from_ms(day);
      for (std::size_t i = 0; i < kinds.size(); ++i) {
        intervals[i] = interval_of(kinds[i].front()->key.cn, kinds[i], day, intervals[i]);
        count_kind(device.device, kinds[i], day, intervals[i], result);
      }
    }
    MJ_CHECK(visit(days));
  }
  return {};
}

}  // namespace

Status Store::device_days(const std::vector<std::string>& devices, Instant from, Instant to,
                          const DeviceDaysVisitor& visit) const {
  if ((from.ms() + kBeijingOffset) % kOneDay != 0 || (to.ms() + kBeijingOffset) % kOneDay != 0 || to < from) {
    return Error(ErrorCode::invalid_input, "days begin and end at midnight in Beijing");
  }
  std::vector<DeviceTimes> all;
  {
    const std::lock_guard lock(impl_->published_mutex);
    const auto take = [&](const std::string& device, const std::vector<SeriesId>& ids) {
      DeviceTimes times{device, {}};
      for (const SeriesId id : ids) {
        const SeriesKey& key = impl_->keys[id.raw()];
        const std::int64_t newest = impl_->newest[id.raw()].observation.at.ms();
        if (!comes_regularly(key.cn) || newest < from.ms() - kForgottenMs) continue;
        times.series.push_back({key, id.raw(), newest, kNever, {}});
      }
      if (!times.series.empty()) all.push_back(std::move(times));
    };
    if (devices.empty()) {
      for (const auto& [device, ids] : impl_->series_of_device) {
        if (!is_imported(device)) take(device, ids);
      }
    }
    for (const std::string& device : devices) {
      const auto found = impl_->series_of_device.find(device);
      if (found != impl_->series_of_device.end()) take(found->first, found->second);
    }
  }
  // Devices whose series were met at the same time stand near one another in the tables.
  std::sort(all.begin(), all.end(),
            [](const DeviceTimes& a, const DeviceTimes& b) { return a.series.front().id < b.series.front().id; });
  for (DeviceTimes& device : all) {
    std::sort(device.series.begin(), device.series.end(), [](const Times& a, const Times& b) {
      return std::tie(a.key.st, a.key.cn, a.key.factor, a.key.kind) <
             std::tie(b.key.st, b.key.cn, b.key.factor, b.key.kind);
    });
  }
  return impl_->with_reader([&](duck::Connection& connection) -> Status {
    for (std::size_t begin = 0; begin < all.size();) {
      std::vector<DeviceTimes> some;
      std::size_t series = 0;
      while (begin < all.size() && (some.empty() || series + all[begin].series.size() <= kSeriesAtOnce)) {
        series += all[begin].series.size();
        some.push_back(std::move(all[begin++]));
      }
      MJ_CHECK(visit_devices(connection, some, from.ms(), to.ms(), visit));
    }
    return {};
  });
}

}  // namespace mj::telemetry
