#include "mj/assess/point_state.hpp"

#include "mj/assess/aqi.hpp"
#include "mj/assess/water_class.hpp"

namespace mj::assess {
namespace {

using telemetry::Latest;

constexpr std::string_view kOffline = "offline";
constexpr std::string_view kUnknown = "unknown";

/// The newest value of one factor that the rules let count.
struct Candidate {
  std::string_view factor;  ///< canonical
  const Latest* latest = nullptr;
  std::size_t rank = 0;  ///< place of its kind of value in the rules; smaller is preferred
};

bool better(const Candidate& a, const Candidate& b) {
  if (a.latest->observation.at != b.latest->observation.at)
    return a.latest->observation.at > b.latest->observation.at;
  if (a.rank != b.rank) return a.rank < b.rank;
  return a.latest->observation.entry > b.latest->observation.entry;
}

std::vector<Candidate> candidates_of(std::span<const Latest> latest, const standards::StandardSet& standards,
                                     const StateRules::ForElement& rules) {
  std::map<std::string_view, Candidate> by_factor;
  for (const Latest& value : latest) {
    const auto source = std::find_if(rules.sources.begin(), rules.sources.end(), [&](const StateRules::Source& s) {
      return s.kind == value.key.kind && s.period == telemetry::period_of(value.key.cn);
    });
    if (source == rules.sources.end()) continue;
    const Candidate candidate{standards.canonical(value.key.factor), &value,
                              static_cast<std::size_t>(source - rules.sources.begin())};
    const auto [place, added] = by_factor.emplace(candidate.factor, candidate);
    if (!added && better(candidate, place->second)) place->second = candidate;
  }
  std::vector<Candidate> result;
  result.reserve(by_factor.size());
  for (const auto& [factor, candidate] : by_factor) result.push_back(candidate);
  return result;
}

/// The value in `unit`, when its flag says that it is a measurement and its unit is known.
std::optional<Decimal> measured(const Candidate& candidate, const registry::Point& point,
                                const standards::StandardSet& standards, std::string_view unit) {
  if (!standards.flag(candidate.latest->observation.flag).measurement) return std::nullopt;
  const auto value = parse_decimal(candidate.latest->observation.text);
  if (!value) return std::nullopt;
  const auto registered = point.units.find(candidate.latest->key.factor);
  const standards::Factor* factor = standards.factor(candidate.factor);
  const std::string_view given = registered != point.units.end() ? std::string_view(registered->second)
                                 : factor != nullptr             ? std::string_view(factor->unit)
                                                                 : unit;
  return standards.convert(*value, given, unit);
}

struct Grading {
  const registry::Point& point;
  std::span<const Candidate> candidates;
  const standards::StandardSet& standards;
  std::int64_t window_ms;
  PointState state;

  [[nodiscard]] const Candidate* find(std::string_view factor) const {
    const auto found =
        std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.factor == factor; });
    return found == candidates.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::optional<Decimal> value_of(std::string_view factor, std::string_view unit,
                                                Instant newest) const {
    const Candidate* candidate = find(factor);
    if (candidate == nullptr || newest.ms_since(candidate->latest->observation.at) > window_ms)
      return std::nullopt;
    return measured(*candidate, point, standards, unit);
  }
  void unknown(std::string zh, std::string en) {
    state.grade = kUnknown;
    state.reason = {std::move(zh), std::move(en)};
  }
};

std::string names(const std::vector<std::string>& factors, const standards::StandardSet& standards, bool english) {
  std::string text;
  for (const std::string& code : factors) {
    const standards::Factor* factor = standards.factor(code);
    if (!text.empty()) text += english ? ", " : "、";
    text += factor == nullptr ? code : english ? factor->name.en : factor->name.zh;
  }
  return text;
}

void grade_air(Grading& grading, Instant newest) {
  const standards::AqiStandard* standard = grading.standards.aqi(newest);
  if (standard == nullptr) {
    return grading.unknown("数据时间没有现行的空气质量指数标准",
                           "no AQI standard was in force at the time of the data");
  }
  std::vector<Concentration> hour;
  for (const standards::AqiItem& item : standard->hourly) {
    if (const auto value = grading.value_of(item.factor, item.unit, newest)) hour.push_back({item.factor, *value});
  }
  const Aqi aqi = hourly_aqi(*standard, hour);
  grading.state.standard = standard->edition.id;
  if (!aqi.value) {
    return grading.unknown(fmt::format("缺少有效数据：{}", names(aqi.missing, grading.standards, false)),
                           fmt::format("no valid data of {}", names(aqi.missing, grading.standards, true)));
  }
  grading.state.grade = std::to_string(aqi.level);
  grading.state.value = Decimal{*aqi.value, 0};
  grading.state.primary = aqi.primary;
}

void grade_water(Grading& grading, Instant newest) {
  const standards::WaterStandard* standard = grading.standards.water(newest);
  if (standard == nullptr) {
    return grading.unknown("数据时间没有现行的地表水环境质量标准",
                           "no surface-water standard was in force at the time of the data");
  }
  const auto body = grading.point.lake ? standards::WaterBody::lake : standards::WaterBody::river;
  std::vector<WaterValue> values;
  for (const standards::WaterItem& item : standard->items) {
    if (!item.automatic || (item.body && *item.body != body)) continue;
    if (const auto value = grading.value_of(item.factor, item.unit, newest))
      values.push_back({item.factor, *value});
  }
  const WaterClass water = automatic_class(*standard, body, values);
  grading.state.standard = standard->edition.id;
  if (!water.missing.empty()) {
    // A class from fewer items could only be too good.
    return grading.unknown(fmt::format("缺少有效数据：{}", names(water.missing, grading.standards, false)),
                           fmt::format("no valid data of {}", names(water.missing, grading.standards, true)));
  }
  grading.state.grade = std::to_string(water.value);
  grading.state.primary = water.deciding;
}

/// Elements without a grade of a standard. A source is normal while nothing exceeds: limits are what it is watched by. Elsewhere
/// values that no limit judges are received, and nothing more is known of them.
void grade_by_limits(Grading& grading, Instant newest, const LimitFinding& limits) {
  bool any_measurement = false;
  bool all_stopped = true;
  for (const Candidate& candidate : grading.candidates) {
    if (newest.ms_since(candidate.latest->observation.at) > grading.window_ms) continue;
    const standards::DataFlag& flag = grading.standards.flag(candidate.latest->observation.flag);
    any_measurement = any_measurement || flag.measurement;
    all_stopped = all_stopped && flag.condition == standards::Condition::stopped;
  }
  if (all_stopped) {
    grading.state.grade = "stopped";
  } else if (!limits.exceeding.empty()) {
    grading.state.grade = "exceeding";
    grading.state.primary.assign(limits.exceeding.begin(), limits.exceeding.end());
  } else if (any_measurement) {
    grading.state.grade = grading.state.scale == Scale::source || limits.judged ? "normal" : "receiving";
  } else {
    grading.unknown("所有数据均带无效标记（维护、故障、校准等）",
                    "every value is flagged as no measurement (maintenance, fault, calibration …)");
  }
}

/// The figure beside the state: as measured, in the unit in which it came.
void show_figure(Grading& grading, Instant newest, const std::vector<std::string>& figures) {
  for (const std::string& factor : figures) {
    const Candidate* candidate = grading.find(factor);
    if (candidate == nullptr) continue;
    const auto registered = grading.point.units.find(candidate->latest->key.factor);
    const standards::Factor* known = grading.standards.factor(factor);
    const std::string unit = registered != grading.point.units.end() ? registered->second
                             : known != nullptr                      ? known->unit
                                                                     : std::string();
    const auto value = grading.value_of(factor, unit, newest);
    if (!value) continue;
    grading.state.value = value;
    grading.state.unit = grading.standards.unit_symbol(unit);
    return;
  }
}

}  // namespace

std::string_view name(Scale scale) {
  switch (scale) {
    case Scale::aqi: return "aqi";
    case Scale::water_class: return "water_class";
    case Scale::source: return "source";
    case Scale::limits: return "limits";
  }
  return "limits";
}

Scale scale_of(registry::Element element) {
  switch (element) {
    case registry::Element::air: return Scale::aqi;
    case registry::Element::surface_water: return Scale::water_class;
    case registry::Element::source: return Scale::source;
    default: return Scale::limits;
  }
}

PointState state_of(const registry::Point& point, std::span<const Latest> latest,
                    const standards::StandardSet& standards, const StateRules& rules, Instant now,
                    const LimitFinding& limits) {
  PointState state;
  state.scale = scale_of(point.element);
  const StateRules::ForElement& element = rules.elements.at(point.element);
  if (latest.empty()) {
    state.grade = kOffline;
    state.reason = {"尚未收到数据", "no data received yet"};
    return state;
  }
  const auto received = std::max_element(latest.begin(), latest.end(), [](const Latest& a, const Latest& b) {
                          return a.received_at < b.received_at;
                        })->received_at;
  const std::int64_t age_ms = now.ms_since(received);
  if (age_ms > element.stale_ms) {
    const std::int64_t minutes = age_ms / 60'000;
    state.grade = kOffline;
    state.reason = {fmt::format("已 {} 分钟未收到数据", minutes),
                    fmt::format("nothing received for {} minutes", minutes)};
    return state;
  }
  const std::vector<Candidate> candidates = candidates_of(latest, standards, element);
  Grading grading{point, candidates, standards, element.window_ms, std::move(state)};
  if (candidates.empty()) {
    grading.unknown("没有可用于评价的数据", "no data of the kind that is graded");
    return std::move(grading.state);
  }
  const Instant newest =
      std::max_element(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.latest->observation.at < b.latest->observation.at;
      })->latest->observation.at;
  grading.state.at = newest;
  switch (grading.state.scale) {
    case Scale::aqi: grade_air(grading, newest); break;
    case Scale::water_class: grade_water(grading, newest); break;
    case Scale::source:
    case Scale::limits:
      grade_by_limits(grading, newest, limits);
      show_figure(grading, newest, element.figures);
      break;
  }
  return std::move(grading.state);
}

}  // namespace mj::assess
