#include "series_words.hpp"

namespace mj::api {
namespace {

/// A candidate for one side of the limits of a series.
struct Side {
  Decimal value;
  const alarm::Limit* from = nullptr;
};

/// Whether a field of the data area is a value of the factor itself, as opposed to a state or a running time.
/// Source: HJ 212-2017 table 8; the last three are levels of noise.
bool is_quantity(std::string_view kind) {
  if (kind.starts_with("Zs")) kind.remove_prefix(2);
  static constexpr std::array<std::string_view, 7> kQuantities{"Rtd",  "Avg",     "Min",      "Max",
                                                               "Data", "DayData", "NightData"};
  return std::find(kQuantities.begin(), kQuantities.end(), kind) != kQuantities.end();
}

/// The sources of both sides; one text where they are the same.
standards::Text both(const standards::Text& upper, const standards::Text& lower) {
  if (upper == lower) return upper;
  const auto english = [](const standards::Text& text) { return text.en.empty() ? text.zh : text.en; };
  return {upper.zh + "; " + lower.zh, english(upper) + "; " + english(lower)};
}

}  // namespace

Json factor_name_json(const standards::StandardSet& standards, std::string_view code) {
  const standards::Factor* factor = standards.factor(code);
  return factor == nullptr ? name_json(code, code) : name_json(factor->name.zh, factor->name.en);
}

Json factor_json(const standards::StandardSet& standards, std::string_view code, std::string_view unit) {
  return Json{{"code", code}, {"name", factor_name_json(standards, code)}, {"unit", standards.unit_symbol(unit)}};
}

Json to_json(const standards::StandardSet& standards, const standards::Factor& factor) {
  return Json{{"code", factor.code},
              {"name", name_json(factor.name.zh, factor.name.en)},
              {"unit", standards.unit_symbol(factor.unit)}};
}

std::string unit_of(const standards::StandardSet& standards, const registry::Point* point,
                    const telemetry::SeriesKey& key) {
  const std::string_view code = standards.canonical(key.factor);
  const standards::Factor* factor = standards.factor(code);
  if (key.kind == "Cou")
    return factor == nullptr ? std::string() : std::string(standards.unit_symbol(factor->total_unit));
  if (!is_quantity(key.kind)) return {};
  if (point != nullptr) {
    auto own = point->units.find(key.factor);
    if (own == point->units.end()) own = point->units.find(std::string(code));
    if (own != point->units.end()) return std::string(standards.unit_symbol(own->second));
  }
  return factor == nullptr ? std::string() : std::string(standards.unit_symbol(factor->unit));
}

Json limit_json(const alarm::LimitSet& limits, const standards::StandardSet& standards,
                const registry::Point& point, const telemetry::SeriesKey& key, std::string_view unit, Instant at) {
  std::optional<Side> upper;
  std::optional<Side> lower;
  const auto in_unit = [&](const alarm::Limit& limit, Decimal value) {
    return standards.unit_symbol(limit.unit) == unit ? std::optional(value)
                                                     : standards.convert(value, limit.unit, unit);
  };
  for (const alarm::Limit* limit :
       limits.applying(point, standards.canonical(key.factor), key.kind, telemetry::period_of(key.cn), at)) {
    if (limit->upper) {
      const auto value = in_unit(*limit, *limit->upper);
      if (value && (!upper || compare(*value, upper->value) < 0)) upper = Side{*value, limit};
    }
    if (limit->lower) {
      const auto value = in_unit(*limit, *limit->lower);
      if (value && (!lower || compare(*value, lower->value) > 0)) lower = Side{*value, limit};
    }
  }
  if (!upper && !lower) return nullptr;
  Json json = Json::object();
  if (upper) json["upper"] = to_json(upper->value);
  if (lower) json["lower"] = to_json(lower->value);
  const standards::Text& first = (upper ? upper : lower)->from->source;
  json["source"] = upper && lower ? name_json(both(first, lower->from->source)) : name_json(first);
  return json;
}

}  // namespace mj::api
