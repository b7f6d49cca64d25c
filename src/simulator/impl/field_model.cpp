#include "field_model.hpp"

#include <cmath>
#include <numbers>

#include "aggregate.hpp"
#include "durations.hpp"
#include "random.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kBeijingMs = 8 * kHourMs;
constexpr std::int64_t kStepMs = 30 * kSecondMs;   // instruments show a new value so often
constexpr std::int64_t kKnotMs = 10 * kMinuteMs;   // slow variation goes through one point every ten minutes
constexpr std::uint64_t kScaleOf = 1U << 20U;      // what a random number is for: the level of a device …
constexpr std::uint64_t kQuickOf = 1U << 21U;      // … its quick noise …
constexpr std::uint64_t kEquipmentOf = 1U << 22U;  // … its equipment

double day_part(Instant at) {
  return static_cast<double>((at.ms() + kBeijingMs) % kDayMs) / static_cast<double>(kHourMs);
}

double scale_of(int decimals) { return std::pow(10.0, decimals); }

}  // namespace

Instant interval_start(Instant at, std::int64_t length) {
  const std::int64_t local = at.ms() + kBeijingMs;
  return Instant::from_ms(local - local % length - kBeijingMs);
}

std::int64_t length_ms(Record record, std::int64_t realtime_s, std::int64_t minute_min) {
  switch (record) {
    case Record::realtime: return std::max<std::int64_t>(realtime_s, 1) * kSecondMs;
    case Record::minute: return std::max<std::int64_t>(minute_min, 1) * kMinuteMs;
    case Record::hour:
    case Record::raw:
    case Record::production: return kHourMs;
    case Record::day:
    case Record::running_time:
    case Record::check: return kDayMs;
    case Record::status:
    case Record::furnace: return 5 * kMinuteMs;
    case Record::single_noise: return kMinuteMs;
    case Record::electricity: return 15 * kMinuteMs;
    case Record::count_: break;
  }
  return kHourMs;
}

const std::string& code_of(const DeviceGroup& group, const Signal& signal) {
  return group.device.dialect == hj212::Dialect::v2005 ? signal.old_code : signal.factor;
}

FieldModel::FieldModel(const DeviceGroup& group, std::uint64_t seed)
    : group_(group), seed_(mix(seed, group.name)) {
  const auto& signals = group.model.signals;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i].factor == group.model.oxygen_factor) oxygen_ = i;
  }
  reading_.values.resize(signals.size());
  reading_.converted.resize(signals.size());
}

std::uint64_t FieldModel::bits(std::uint32_t device, std::uint64_t what, std::int64_t when) const {
  std::uint64_t state = seed_ ^ (std::uint64_t{device} << 32U) ^ what;
  state = next_random(state) ^ static_cast<std::uint64_t>(when);
  return next_random(state);
}

bool FieldModel::running(Instant at) const {
  const Source& model = group_.model;
  if (!model.runs_from_hour || !model.runs_to_hour) return true;
  const auto hour = static_cast<int>(day_part(at));
  const int from = *model.runs_from_hour;
  const int to = *model.runs_to_hour;
  return from <= to ? (hour >= from && hour < to) : (hour >= from || hour < to);
}

const Reading& FieldModel::reading(std::uint32_t device, Instant at) {
  const Source& model = group_.model;
  const std::int64_t step = at.ms() / kStepMs;
  const std::int64_t knot = at.ms() / kKnotMs;
  const double way = static_cast<double>(at.ms() % kKnotMs) / static_cast<double>(kKnotMs);
  const bool runs = running(at);
  const double phase = 2 * std::numbers::pi * (day_part(at) - model.load_peak_hour) / 24.0;
  const double load = model.load_low + (1 - model.load_low) * (0.5 + 0.5 * std::cos(phase));
  reading_.at = at;
  reading_.flag = runs ? 'N' : 'F';
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    const Signal& signal = model.signals[i];
    double value = signal.stopped;
    if (runs) {
      const double slow = (1 - way) * bell(bits(device, i, knot)) + way * bell(bits(device, i, knot + 1));
      const double quick = 0.3 * bell(bits(device, i | kQuickOf, step));
      const double own = 0.9 + 0.2 * unit_interval(bits(device, i | kScaleOf, 0));
      const double level = signal.level * (signal.noise > 0 ? own : 1.0);
      value = level * (1 - signal.load_share + signal.load_share * load);
      value += (slow + quick) * signal.noise * std::abs(level);
      if (signal.level >= 0) value = std::max(value, 0.0);
    }
    reading_.values[i] =
        Decimal{std::llround(value * scale_of(signal.decimals)), static_cast<std::uint8_t>(signal.decimals)};
  }
  for (std::size_t i = 0; i < model.signals.size(); ++i) {
    reading_.converted[i] =
        model.signals[i].converted && oxygen_ != SIZE_MAX
            ? convert_to_reference(reading_.values[i], reading_.values[oxygen_], model.reference_oxygen)
            : std::nullopt;
  }
  return reading_;
}

std::string FieldModel::interval_area(std::uint32_t device, Record record, Instant start, std::int64_t length) {
  const auto& signals = group_.model.signals;
  const std::int64_t step = std::min(kStepMs, length);
  if (group_.style == RecordStyle::full && record != Record::furnace) {
    Aggregate aggregate(group_.model, step / kSecondMs);
    for (std::int64_t ms = 0; ms < length; ms += step) aggregate.add(reading(device, start.plus_ms(ms)));
    return aggregate.cp(start);
  }
  std::vector<std::int64_t> sums(signals.size());
  std::int64_t count = 0;
  bool whole = true;
  for (std::int64_t ms = 0; ms < length; ms += step, ++count) {
    const Reading& at = reading(device, start.plus_ms(ms));
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += at.values[i].mantissa;
    whole = whole && at.flag == 'N';
  }
  std::string area = "DataTime=" + to_compact(start);
  auto out = std::back_inserter(area);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::string& code = code_of(group_, signals[i]);
    const std::string mean =
        to_text(Decimal{divide_half_even(sums[i], count), static_cast<std::uint8_t>(signals[i].decimals)});
    if (group_.style != RecordStyle::noise) {
      fmt::format_to(out, ";{0}-Avg={1},{0}-Flag={2}", code, mean, whole ? 'N' : 'F');
    } else if (record == Record::day) {
      fmt::format_to(out, ";{0}-DayData={1},{0}-NightData={1}", code, mean);
    } else {
      fmt::format_to(out, ";{}-Data={}", code, mean);
    }
  }
  return area;
}

std::optional<std::string> FieldModel::area(std::uint32_t device, Record record, Instant start,
                                            std::int64_t length) {
  const auto& signals = group_.model.signals;
  std::string area = "DataTime=" + to_compact(start);
  auto out = std::back_inserter(area);
  switch (record) {
    case Record::realtime: {
      const Reading& now = reading(device, start);
      if (group_.style != RecordStyle::noise) return realtime_cp(group_.model, now);
      for (std::size_t i = 0; i < signals.size(); ++i) {
        fmt::format_to(out, ";{}-Rtd={}", code_of(group_, signals[i]), to_text(now.values[i]));
      }
      return area;
    }
    case Record::minute:
    case Record::hour:
    case Record::day:
    case Record::single_noise:
    case Record::furnace: return interval_area(device, record, start, length);
    case Record::status:
      for (int i = 1; i <= group_.equipment; ++i) {
        fmt::format_to(out, ";SB{}-RS={}", i, running(start) ? 1 : 0);
      }
      return area;
    case Record::running_time:
      for (int i = 1; i <= group_.equipment; ++i) {
        const auto what = kEquipmentOf + static_cast<std::uint64_t>(i);
        fmt::format_to(out, ";SB{}-RT={:.1f}", i, 16 + 8 * unit_interval(bits(device, what, start.ms())));
      }
      return area;
    case Record::check:
      for (std::size_t i = 0; i < signals.size(); ++i) {
        const Decimal shown = reading(device, start).values[i];
        fmt::format_to(out, ";{0}-SampleRd={1};{0}-StandardValue={1};{0}-ResultType=1",
                       code_of(group_, signals[i]), to_text(shown));
      }
      return area;
    case Record::raw:
      for (std::size_t i = 0; i < signals.size(); ++i) {
        fmt::format_to(out, ";{0}-SampleTime={1},{0}-CompleteTime={2},{0}-SampleType=0,{0}-Avg={3},{0}-Flag=N",
                       code_of(group_, signals[i]), to_compact(start), to_compact(start.plus_ms(length / 2)),
                       to_text(reading(device, start).values[i]));
      }
      return area;
    case Record::electricity: {
      const double watts = 30 + 20 * unit_interval(bits(device, kEquipmentOf, start.ms()));
      fmt::format_to(out, ";d20105-Rtd={:.2f},d20105-Flag=N", watts);
      return area;
    }
    case Record::production: fmt::format_to(out, ";p99101-Rtd={}", running(start) ? "N" : "St"); return area;
    case Record::count_: break;
  }
  return std::nullopt;
}

}  // namespace mj::simulator
