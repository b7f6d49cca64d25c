#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mj/coverage/assessment.hpp"
#include "mj/coverage/rule.hpp"
#include "scratch.hpp"

namespace mj::coverage {

inline const registry::RegisterSchema& shipped_schema() {
  static const registry::RegisterSchema kSchema =
      registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  return kSchema;
}

inline registry::Day day(std::string_view text) { return registry::parse_day(text).value(); }

inline registry::Record record(std::string kind, std::string id, registry::Attributes attributes) {
  registry::Record made;
  made.kind = std::move(kind);
  made.id = std::move(id);
  made.attributes = std::move(attributes);
  return made;
}

/// A point as the register hands it out.
inline registry::PointView point(std::string id, registry::Attributes attributes) {
  registry::PointView view;
  view.id = id;
  view.name = {id, id};
  const auto text = [&attributes](std::string_view key) {
    const auto found = attributes.find(key);
    return found == attributes.end() ? std::string() : found->second;
  };
  view.element = text("element");
  view.region = text("region");
  view.river = text("river");
  const registry::Record figures = record("point", id, attributes);
  view.lon = figures.number("lon");
  view.lat = figures.number("lat");
  view.approximate = text("approximate") == "true";
  view.factors = figures.list("factors");
  view.reporters = figures.list("reporters");
  if (text("built") == "planned") view.state = registry::RecordState::planned;
  view.attributes = std::move(attributes);
  return view;
}

/// A rectangle in degrees as GeoJSON.
inline std::string box(double west, double south, double east, double north) {
  return fmt::format(R"({{"type":"Polygon","coordinates":[[[{0},{1}],[{2},{1}],[{2},{3}],[{0},{3}],[{0},{1}]]]}})",
                     west, south, east, north);
}

/// Three districts of one degree each from west to east (A, B, C) in the province 50.
inline std::vector<registry::Record> three_districts() {
  return {
      record("region", "50", {{"name", "省"}, {"level", "province"}}),
      record("region", "50A",
             {{"name", "甲区"},
              {"level", "district"},
              {"parent", "50"},
              {"population", "300000"},
              {"geometry", box(106, 29, 107, 30)}}),
      record("region", "50B",
             {{"name", "乙区"},
              {"level", "district"},
              {"parent", "50"},
              {"population", "100000"},
              {"geometry", box(107, 29, 108, 30)}}),
      record("region", "50C",
             {{"name", "丙县"}, {"level", "district"}, {"parent", "50"}, {"geometry", box(108, 29, 109, 30)}})};
}

inline std::shared_ptr<const Inventory> inventory(std::vector<registry::Record> records,
                                                  std::vector<registry::PointView> points,
                                                  std::vector<registry::PointView> earlier = {},
                                                  registry::Day earlier_day = day("2016-10-19")) {
  for (const registry::PointView& each : points) {
    registry::Record made = record("point", each.id, each.attributes);
    made.state = each.state;
    records.push_back(std::move(made));
  }
  const auto now = std::make_shared<const registry::PointSet>(std::move(points));
  const auto before = std::make_shared<const registry::PointSet>(std::move(earlier));
  return std::make_shared<const Inventory>(
      day("2026-03-01"), std::move(records), now,
      std::map<registry::Day, std::shared_ptr<const registry::PointSet>>{{earlier_day, before}});
}

/// Rules of a text, with a head.
class RuleText {
 public:
  explicit RuleText(const std::string& rules) {
    std::ofstream out(folder_.path() / "test.toml");
    out << "[document]\ntitle = { zh = \"文件\", en = \"Document\" }\nvalid_from = \"2016-10-20\"\n\n" << rules;
  }
  [[nodiscard]] Result<RuleSet> load() const { return RuleSet::load(folder_.path(), shipped_schema()); }

 private:
  ScratchDirectory folder_;
};

/// The members that every rule has.
inline std::string rule(const std::string& id, const std::string& rest) {
  return fmt::format(
      "[[rule]]\nid = \"{}\"\ntitle = {{ zh = \"题\", en = \"Title\" }}\ncounts = {{ zh = \"数\", en = \"count\" "
      "}}\n"
      "clause = \"1\"\nquote = \"至少\"\n{}\n",
      id, rest);
}

/// One line for each row: subject, required/built+planned, points.
inline std::vector<std::string> lines(const Assessment& assessment) {
  std::vector<std::string> told;
  for (const RuleResult& result : assessment.results) {
    for (const Row& row : result.rows) {
      std::string points;
      for (const std::string& id : row.points) points += " " + id;
      told.push_back(fmt::format("{} {} {}/{}+{}{}", row.subject.kind, row.subject.id, row.required, row.built,
                                 row.planned, points));
    }
  }
  return told;
}

}  // namespace mj::coverage
