#include "points_json.hpp"

#include "mj/bundle/figure.hpp"
#include "series_words.hpp"

namespace mj::api {
namespace {

/// Name under which a bundle proves the grade of a point; null when there is none.
Json figure_of(const registry::Point& point, const assess::PointState& state) {
  const bool proved = state.scale == assess::Scale::aqi || state.scale == assess::Scale::water_class;
  if (!proved || !state.graded()) return nullptr;
  bundle::FigureId id;
  id.kind = state.scale == assess::Scale::aqi ? bundle::FigureId::Kind::aqi : bundle::FigureId::Kind::water_class;
  id.subject = point.id;
  id.at = *state.at;
  return id.text();
}

/// Name of one value of a series.
std::string figure_of(const telemetry::SeriesKey& key, Instant at) {
  return bundle::FigureId{bundle::FigureId::Kind::value, key.device, key.st, key.cn, key.factor, key.kind, at, {}}
      .text();
}

Json state_json(const registry::Point& point, const assess::PointState& state) {
  Json json{{"scale", assess::name(state.scale)}, {"grade", state.grade}};
  json["value"] = state.value ? to_json(*state.value) : Json(nullptr);
  if (!state.unit.empty()) json["unit"] = state.unit;
  json["primary"] = state.primary;
  if (!state.standard.empty()) json["standard"] = state.standard;
  json["at"] = to_json(state.at);
  if (!state.reason.zh.empty()) json["reason"] = name_json(state.reason);
  json["figure"] = figure_of(point, state);
  return json;
}

/// Whether a limit holds for one of the newest values; told only where a state rests on it, since it is asked for every point.
bool limit_judges(const Services& services, const registry::Point& point,
                  std::span<const telemetry::Latest> latest) {
  if (assess::scale_of(point.element) != assess::Scale::limits) return false;
  return std::any_of(latest.begin(), latest.end(), [&](const telemetry::Latest& value) {
    const auto& key = value.key;
    return !services.alarms.limits()
                .applying(point, services.standards.canonical(key.factor), key.kind, telemetry::period_of(key.cn),
                          value.observation.at)
                .empty();
  });
}

/// Usual distance of the values: of its nature for hours and days, otherwise the median of what is there.
std::int64_t spacing_ms(telemetry::Period period, const std::vector<telemetry::Observation>& observations) {
  if (period == telemetry::Period::hour) return 3'600'000;
  if (period == telemetry::Period::day) return 86'400'000;
  if (observations.size() < 3) return 0;
  std::vector<std::int64_t> gaps;
  gaps.reserve(observations.size() - 1);
  for (std::size_t i = 1; i < observations.size(); ++i)
    gaps.push_back(observations[i].at.ms_since(observations[i - 1].at));
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return *middle;
}

}  // namespace

Json registered_json(const registry::Point& point) {
  Json json{{"id", point.id},
            {"name", name_json(point.name.zh, point.name.en)},
            {"element", registry::name(point.element)}};
  if (!point.district.empty()) json["district"] = name_json(point.district, point.district);
  json["lon"] = point.lon;
  json["lat"] = point.lat;
  json["device"] = point.device;
  return json;
}

Json condition_json(const Services& services, const registry::Point& point,
                    std::span<const telemetry::Latest> latest, const std::vector<std::string>& exceeding,
                    Instant now) {
  std::optional<Instant> last_at;
  for (const telemetry::Latest& value : latest) {
    if (!last_at || value.observation.at > *last_at) last_at = value.observation.at;
  }
  Json json = Json::object();
  json["state"] = state_json(point, assess::state_of(point, latest, services.standards, services.state_rules, now,
                                                     {exceeding, limit_judges(services, point, latest)}));
  json["last_at"] = to_json(last_at);
  json["alarm"] = !exceeding.empty();
  return json;
}

std::string joined(std::string_view registered, std::string_view condition) {
  registered.remove_suffix(1);
  condition.remove_prefix(1);
  return fmt::format("{},{}", registered, condition);
}

Json latest_json(const Services& services, const registry::Point& point,
                 const std::vector<telemetry::Latest>& latest) {
  // A device that changed its system code or from the codes of 2005 to those of 2017 left two series of one quantity: the newer
  // one stands for both.
  using Place = std::tuple<std::string_view, telemetry::Period, std::string_view>;
  std::map<Place, const telemetry::Latest*> rows;
  for (const telemetry::Latest& value : latest) {
    const Place place(services.standards.canonical(value.key.factor), telemetry::period_of(value.key.cn),
                      value.key.kind);
    const telemetry::Latest*& row = rows[place];
    if (row == nullptr || row->observation.at < value.observation.at) row = &value;
  }
  Json json = Json::array();
  for (const auto& [place, value] : rows) {
    const auto& [factor, period, kind] = place;
    const telemetry::Observation& observation = value->observation;
    const std::string unit = unit_of(services.standards, &point, value->key);
    Json row{{"factor", factor},
             {"name", factor_name_json(services.standards, factor)},
             {"unit", unit},
             {"kind", kind},
             {"period", telemetry::name(period)},
             {"value", figure_json(observation.text, observation.number)},
             {"flag", observation.flag},
             {"at", to_json(observation.at)},
             {"received_at", to_json(value->received_at)},
             {"entry", observation.entry},
             {"revision", observation.revision},
             {"figure", figure_of(value->key, observation.at)}};
    Json limit = limit_json(services.alarms.limits(), services.standards, point, value->key, unit, observation.at);
    if (!limit.is_null()) row["limit"] = std::move(limit);
    json.push_back(std::move(row));
  }
  return json;
}

Json series_json(const Services& services, const registry::Point& point, const SeriesAnswer& answer) {
  const std::string_view factor = services.standards.canonical(answer.key.factor);
  const std::string unit = unit_of(services.standards, &point, answer.key);
  const bool aggregated = answer.rows.bucket_ms > 0;
  Json rows = Json::array();
  for (const telemetry::Bucket& bucket : answer.rows.buckets) {
    rows.push_back(Json::array({bucket.at.ms(), bucket.min, bucket.mean, bucket.max, bucket.count}));
  }
  for (const telemetry::Observation& observation : answer.rows.observations) {
    rows.push_back(Json::array(
        {observation.at.ms(), observation.number ? Json(*observation.number) : Json(nullptr), observation.flag}));
  }
  Json json{
      {"factor", factor},
      {"name", factor_name_json(services.standards, factor)},
      {"unit", unit},
      {"kind", answer.key.kind},
      {"period", telemetry::name(answer.period)},
      {"from", to_json(answer.from)},
      {"to", to_json(answer.to)},
      {"aggregated", aggregated},
      {"bucket_ms", aggregated ? answer.rows.bucket_ms : spacing_ms(answer.period, answer.rows.observations)},
      {"rows", std::move(rows)},
      {"figure_series", answer.key.cn.empty() ? Json(nullptr)
                                              : Json(bundle::FigureId{
                                                    bundle::FigureId::Kind::value,
                                                    answer.key.device,
                                                    answer.key.st,
                                                    answer.key.cn,
                                                    answer.key.factor,
                                                    answer.key.kind,
                                                    answer.from,
                                                    {}}.series())}};
  // The limit of the end of the range is the one a reader compares today's values with.
  Json limit =
      limit_json(services.alarms.limits(), services.standards, point, answer.key, unit, answer.to.plus_ms(-1));
  if (!limit.is_null()) json["limit"] = std::move(limit);
  return json;
}

}  // namespace mj::api
