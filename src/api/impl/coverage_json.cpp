#include "coverage_json.hpp"

#include <cmath>
#include <map>

namespace mj::api {
namespace {

using coverage::Sum;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json number_or_null(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

/// For reading: so many digits behind the point, not those of a binary number.
double rounded(double value, double steps_per_unit) { return std::round(value * steps_per_unit) / steps_per_unit; }

Json names_json(const std::vector<registry::LocalName>& names) {
  Json list = Json::array();
  for (const registry::LocalName& each : names) list.push_back(name_json(each.zh, each.en));
  return list;
}

void put_sum(Json& json, const Sum& sum) {
  json["required"] = sum.required;
  json["planned"] = sum.planned;
  json["built"] = sum.built;
  json["gap"] = sum.gap;
  json["open"] = sum.open;
}

Json row_json(const coverage::Row& row) {
  const auto& place = row.subject.place;
  Json subject{{"kind", row.subject.kind},
               {"id", row.subject.id},
               {"name", name_json(row.subject.name.zh, row.subject.name.en)},
               {"region", text_or_null(row.subject.region)},
               {"lon", place ? Json(place->lon) : Json(nullptr)},
               {"lat", place ? Json(place->lat) : Json(nullptr)}};
  return {{"rule", row.rule->id},
          {"subject", std::move(subject)},
          {"required", row.required},
          {"planned", row.planned},
          {"built", row.built},
          {"gap", row.gap()},
          {"open", row.open()},
          {"points", row.points},
          {"note", row.note ? name_json(row.note->zh, row.note->en) : Json(nullptr)}};
}

Json rule_json(const coverage::RuleResult& result) {
  const coverage::Rule& rule = *result.rule;
  Sum sum;
  for (const coverage::Row& row : result.rows) sum.add(row);
  Json json{{"id", rule.id},
            {"title", name_json(rule.title.zh, rule.title.en)},
            {"kind", name(rule.kind)},
            {"element", rule.element},
            {"document", name_json(rule.document.zh, rule.document.en)},
            {"clause", rule.clause},
            {"quote", rule.quote},
            {"basis", name(rule.basis)},
            {"verification", rule.verification},
            {"valid_from", to_text(rule.valid_from)},
            {"valid_to", rule.valid_to ? Json(to_text(*rule.valid_to)) : Json(nullptr)},
            {"counts", name_json(rule.counts.zh, rule.counts.en)},
            {"records_expected", rule.expected ? Json(*rule.expected) : Json(nullptr)},
            {"records_known", result.records_known ? Json(*result.records_known) : Json(nullptr)},
            {"rows", sum.rows}};
  put_sum(json, sum);
  json["file"] = rule.file;
  return json;
}

Json sum_json(const std::string& id, const registry::LocalName& name, const Sum& sum) {
  Json json{{"id", id}, {"name", name_json(name.zh, name.en)}};
  put_sum(json, sum);
  json["rows"] = sum.rows;
  json["rows_with_gap"] = sum.rows_with_gap;
  return json;
}

Json summary_json(const coverage::Assessment& assessment) {
  std::map<std::string, Sum> by_element;
  std::map<std::string, Sum> by_region;
  for (const coverage::RuleResult& result : assessment.results) {
    for (const coverage::Row& row : result.rows) {
      by_element[result.rule->element].add(row);
      if (!row.subject.region.empty()) by_region[row.subject.region].add(row);
    }
  }
  const Sum total = assessment.total();
  Json json{{"rows", total.rows}, {"rows_with_gap", total.rows_with_gap}};
  put_sum(json, total);
  json["by_element"] = Json::array();
  for (const auto& [element, sum] : by_element)
    json["by_element"].push_back(sum_json(element, {element, element}, sum));
  json["by_region"] = Json::array();
  for (const auto& [region, sum] : by_region) {
    const registry::Record* record = assessment.inventory->find("region", region);
    json["by_region"].push_back(
        sum_json(region, record == nullptr ? registry::LocalName{region, region} : record->name(), sum));
  }
  return json;
}

Json cover_json(const coverage::Cover& cover) {
  return {
      {"covered", rounded(cover.covered, 1000)}, {"share", rounded(cover.share, 1e6)}, {"points", cover.points}};
}

Json step_json(const coverage::SitingStep& step) {
  Json nearest(nullptr);
  if (step.nearest)
    nearest = Json{{"id", step.nearest->id}, {"distance_km", rounded(step.nearest->distance_km, 1000)}};
  return {{"candidate", step.site.id},
          {"lon", rounded(step.site.place.lon, 1e5)},
          {"lat", rounded(step.site.place.lat, 1e5)},
          {"region", text_or_null(step.region)},
          {"gain", rounded(step.gain, 1000)},
          {"covered_share", rounded(step.share, 1e6)},
          {"redundancy", rounded(step.redundancy, 1e6)},
          {"expected_correlation", number_or_null(step.expected_correlation)},
          {"nearest", std::move(nearest)}};
}

}  // namespace

Json coverage_json(const coverage::Assessment& assessment) {
  Json rules = Json::array();
  Json rows = Json::array();
  for (const coverage::RuleResult& result : assessment.results) {
    rules.push_back(rule_json(result));
    for (const coverage::Row& row : result.rows) rows.push_back(row_json(row));
  }
  return {{"as_of", to_text(assessment.day)},
          {"rules", std::move(rules)},
          {"rows", std::move(rows)},
          {"summary", summary_json(assessment)}};
}

Json siting_json(const coverage::Siting& siting) {
  const coverage::SitingRequest& asked = siting.request;
  const bool area = asked.weight == coverage::Weight::area;
  Json steps = Json::array();
  for (const coverage::SitingStep& step : siting.steps) steps.push_back(step_json(step));
  Json existing = Json::array();
  for (const coverage::ExistingPoint& point : siting.existing) {
    existing.push_back(
        {{"id", point.id}, {"lon", point.place.lon}, {"lat", point.place.lat}, {"planned", point.planned}});
  }
  return {{"element", asked.element},
          {"factor", text_or_null(asked.factor)},
          {"region", text_or_null(asked.region)},
          {"weight", area ? "area" : "population"},
          {"unit", area ? "km2" : "persons"},
          {"radius_km", asked.radius_km},
          {"method", siting.exact ? "exact" : "greedy"},
          {"total", rounded(siting.total, 1000)},
          {"before", cover_json(siting.before)},
          {"after", cover_json(siting.after)},
          {"steps", std::move(steps)},
          {"candidates", asked.candidates.size()},
          {"cells", siting.cells},
          {"cell_km", rounded(siting.cell_km, 1000)},
          {"exact_covered", siting.exact_covered ? Json(rounded(*siting.exact_covered, 1000)) : Json(nullptr)},
          {"existing", std::move(existing)},
          {"assumptions", names_json(siting.assumptions)}};
}

Json redundancy_json(const coverage::Redundancy& redundancy) {
  constexpr std::size_t kMostPairs = 1000;
  const coverage::RedundancyRequest& asked = redundancy.request;
  const auto point_json = [&redundancy](std::size_t index) {
    const coverage::PointSeries& point = redundancy.points[index];
    return Json{{"id", point.id},
                {"name", name_json(point.name.zh, point.name.en)},
                {"lon", point.place.lon},
                {"lat", point.place.lat}};
  };
  Json pairs = Json::array();
  for (const coverage::PointPair& pair : redundancy.pairs) {
    if (pairs.size() == kMostPairs) break;
    pairs.push_back({{"a", point_json(pair.a)},
                     {"b", point_json(pair.b)},
                     {"distance_km", rounded(pair.distance_km, 1000)},
                     {"r", number_or_null(pair.r)},
                     {"n", pair.n},
                     {"mean_a", pair.mean_a},
                     {"mean_b", pair.mean_b},
                     {"difference", pair.difference},
                     {"redundant", pair.redundant}});
  }
  return {{"element", asked.element},
          {"factor", asked.factor},
          {"bucket", asked.bucket == coverage::Bucket::day ? "day" : "hour"},
          {"from", to_json(asked.from)},
          {"to", to_json(asked.to)},
          {"threshold", asked.threshold},
          {"distance_km", asked.distance_km},
          {"points", redundancy.points.size()},
          {"pairs", std::move(pairs)},
          {"decay_km", number_or_null(redundancy.decay_km)},
          {"assumptions", names_json(redundancy.assumptions)}};
}

}  // namespace mj::api
