#include "mj/coverage/tables.hpp"

#include <fmt/ranges.h>

namespace mj::coverage {
namespace {

std::string degrees(std::optional<double> value) { return value ? fmt::format("{:.5f}", *value) : std::string(); }

class Lines {
 public:
  Lines(std::string name, std::vector<std::string> columns) {
    sheet_.name = std::move(name);
    sheet_.columns = std::move(columns);
  }
  void add(std::vector<std::string> cells) { sheet_.rows.push_back({sheet_.rows.size() + 2, std::move(cells)}); }
  [[nodiscard]] workbook::Sheet take() { return std::move(sheet_); }

 private:
  workbook::Sheet sheet_;
};

}  // namespace

workbook::Sheet rows_table(const Assessment& assessment) {
  Lines lines("gaps", {"rule",   "title",  "element", "kind",     "subject", "name",        "name_en",
                       "region", "lon",    "lat",     "required", "planned", "built",       "gap",
                       "open",   "points", "note",    "document", "clause",  "verification"});
  for (const RuleResult& result : assessment.results) {
    const Rule& rule = *result.rule;
    for (const Row& row : result.rows) {
      const auto& place = row.subject.place;
      lines.add({rule.id,
                 rule.title.zh,
                 rule.element,
                 row.subject.kind,
                 row.subject.id,
                 row.subject.name.zh,
                 row.subject.name.en,
                 row.subject.region,
                 degrees(place ? std::optional(place->lon) : std::nullopt),
                 degrees(place ? std::optional(place->lat) : std::nullopt),
                 std::to_string(row.required),
                 std::to_string(row.planned),
                 std::to_string(row.built),
                 std::to_string(row.gap()),
                 std::to_string(row.open()),
                 fmt::format("{}", fmt::join(row.points, " ")),
                 row.note ? row.note->zh : "",
                 rule.document.zh,
                 rule.clause,
                 rule.verification});
    }
  }
  return lines.take();
}

workbook::Sheet rules_table(const Assessment& assessment) {
  Lines lines("rules",
              {"rule",          "title", "title_en", "element",      "kind",       "counts",   "document",
               "clause",        "quote", "basis",    "verification", "valid_from", "valid_to", "records_expected",
               "records_known", "rows",  "required", "planned",      "built",      "gap",      "open",
               "file"});
  for (const RuleResult& result : assessment.results) {
    const Rule& rule = *result.rule;
    Sum sum;
    for (const Row& row : result.rows) sum.add(row);
    lines.add({rule.id,
               rule.title.zh,
               rule.title.en,
               rule.element,
               std::string(name(rule.kind)),
               rule.counts.zh,
               rule.document.zh,
               rule.clause,
               rule.quote,
               std::string(name(rule.basis)),
               rule.verification,
               to_text(rule.valid_from),
               rule.valid_to ? to_text(*rule.valid_to) : "",
               rule.expected ? std::to_string(*rule.expected) : "",
               result.records_known ? std::to_string(*result.records_known) : "",
               std::to_string(sum.rows),
               std::to_string(sum.required),
               std::to_string(sum.planned),
               std::to_string(sum.built),
               std::to_string(sum.gap),
               std::to_string(sum.open),
               rule.file});
  }
  return lines.take();
}

workbook::Sheet steps_table(const Siting& siting) {
  Lines lines("sites", {"order", "candidate", "lon", "lat", "region", "gain", "covered_percent",
                        "redundancy_percent", "expected_correlation", "nearest", "nearest_km"});
  for (std::size_t i = 0; i < siting.steps.size(); ++i) {
    const SitingStep& step = siting.steps[i];
    lines.add({std::to_string(i + 1), step.site.id, degrees(step.site.place.lon), degrees(step.site.place.lat),
               step.region, fmt::format("{:.1f}", step.gain), fmt::format("{:.1f}", step.share * 100),
               fmt::format("{:.1f}", step.redundancy * 100),
               step.expected_correlation ? fmt::format("{:.3f}", *step.expected_correlation) : "",
               step.nearest ? step.nearest->id : "",
               step.nearest ? fmt::format("{:.1f}", step.nearest->distance_km) : ""});
  }
  return lines.take();
}

workbook::Sheet pairs_table(const Redundancy& redundancy) {
  Lines lines("pairs", {"a", "a_name", "b", "b_name", "distance_km", "r", "n", "mean_a", "mean_b", "difference",
                        "redundant"});
  for (const PointPair& pair : redundancy.pairs) {
    const PointSeries& a = redundancy.points[pair.a];
    const PointSeries& b = redundancy.points[pair.b];
    lines.add({a.id, a.name.zh, b.id, b.name.zh, fmt::format("{:.2f}", pair.distance_km),
               pair.r ? fmt::format("{:.4f}", *pair.r) : "", std::to_string(pair.n),
               fmt::format("{:.3g}", pair.mean_a), fmt::format("{:.3g}", pair.mean_b),
               fmt::format("{:.3g}", pair.difference), pair.redundant ? "true" : "false"});
  }
  return lines.take();
}

}  // namespace mj::coverage
