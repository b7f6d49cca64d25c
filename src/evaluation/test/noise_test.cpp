#include <gtest/gtest.h>

#include "element_rows.hpp"

namespace mj::evaluation {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using telemetry::Period;

const Evaluator& noise() { return *find_evaluator("noise"); }

registry::PointView noise_point(std::string id, std::string zone, std::string sort = "function_zone") {
  auto view = point_view(std::move(id), "noise");
  view.noise_class = std::move(zone);
  view.sort = std::move(sort);
  return view;
}

/// Hourly levels of `hours` hours from a moment on.
GivenSeries hours(const std::string& from, int count, const std::string& level) {
  GivenSeries series{"Leq", "Avg", Period::hour, "dB", {}};
  for (int i = 0; i < count; ++i) series.values.emplace_back(to_iso(time(from).plus_ms(i * 3'600'000LL)), level);
  return series;
}

GivenSeries joined(GivenSeries a, const GivenSeries& b) {
  a.values.insert(a.values.end(), b.values.begin(), b.values.end());
  return a;
}

// GB 3096-2008: class 2 has 60 by day and 50 by night. Day 58, night 51: Ldn = 10·lg((16·10^5.8 + 8·10^6.1)/24) = 59.24 (by hand).
TEST(NoiseEvaluation, TheNightBelongsToTheDayOnWhichItBegins) {
  ElementRows rows(noise(), {noise_point("n", "2")});
  rows.give("n", joined(hours("2026-03-31T06:00", 16, "58"), hours("2026-03-31T22:00", 8, "51")));
  rows.evaluate("2026-03-31",
                "2026-04-01");  // the hours after midnight lie behind the end of the day and of the month
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-31", "ld"), "58.0 yes yes");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-31", "ln"), "51.0 no no");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-31", "ln_over"), "1.0");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-31", "ldn"), "59.2");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03", "ld"), "58.0");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03", "ln"), "51.0");
  EXPECT_EQ(noise().reach_ms, 8 * 3'600'000);
}

TEST(NoiseEvaluation, ADayWithTooFewHoursProvesNothing) {  // HJ 906-2017 as configured: 12 h of day, 6 h of night
  ElementRows rows(noise(), {noise_point("n", "2")});
  rows.give("n", joined(hours("2026-03-30T06:00", 11, "70"), hours("2026-03-30T22:00", 6, "40")));
  rows.evaluate("2026-03-30", "2026-03-31");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-30", "ld"), "70.0 incomplete | 11 whole hours");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-30", "ln"), "40.0 yes yes");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03", "ld"), "none");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03", "ln_rate"), "100.0");
}

// 60 minutes: 6 of 80 dB, 24 of 60, 30 of 50. Leq = 10·lg((6·10^8 + 24·10^6 + 30·10^5)/60) = 70.2; in descending order the
// 6th is L10 = 80, the 30th L50 = 60, the 54th L90 = 50.
TEST(NoiseEvaluation, SharesOfTimeComeFromMinutes) {
  ElementRows rows(noise(), {noise_point("n", "")});
  GivenSeries minutes{"Leq", "Avg", Period::minute, "dB", {}};
  for (int i = 0; i < 60; ++i)
    minutes.values.emplace_back(fmt::format("2026-03-30T12:{:02}:00+08:00", i), i < 6    ? "80"
                                                                                : i < 30 ? "60"
                                                                                         : "50");
  rows.give("n", minutes);
  rows.evaluate("2026-03-30", "2026-03-31");
  EXPECT_EQ(rows.find(Level::point, "n", "2026-03-30", "leq")->value, parse_decimal("70.2"));
  EXPECT_EQ(rows.find(Level::point, "n", "2026-03-30", "l10")->value, parse_decimal("80.0"));
  EXPECT_EQ(rows.find(Level::point, "n", "2026-03-30", "l50")->value, parse_decimal("60.0"));
  EXPECT_EQ(rows.find(Level::point, "n", "2026-03-30", "l90")->value, parse_decimal("50.0"));
  EXPECT_EQ(rows.find(Level::point, "n", "2026-03-30", "lmax")->value, parse_decimal("80.0"));
}

TEST(NoiseEvaluation, AnHourNeeds45Minutes) {  // HJ 906-2017 as configured
  ElementRows rows(noise(), {noise_point("n", "")});
  GivenSeries minutes{"Leq", "Avg", Period::minute, "dB", {}};
  for (int i = 0; i < 44; ++i) minutes.values.emplace_back(fmt::format("2026-03-30T12:{:02}:00+08:00", i), "80");
  rows.give("n", minutes);
  rows.evaluate("2026-03-30", "2026-03-31");
  EXPECT_EQ(rows.text(Level::point, "n", "2026-03-30", "leq"), "none");
}

// HJ 640-2012: the regional mean is arithmetic, (52.0 + 57.0)/2 = 54.5: level 2; roads are weighted by length,
// (68·1 + 72·3)/4 = 71.0: level 3.
TEST(NoiseEvaluation, CitiesAreGradedByGridAndByRoads) {
  auto a = noise_point("a", "", "area");
  auto b = noise_point("b", "", "area");
  auto r = noise_point("r", "", "road");
  auto s = noise_point("s", "", "road");
  for (auto* view : {&a, &b, &r, &s}) view->attributes["method"] = "manual";
  r.attributes["length_km"] = "1";
  s.attributes["length_km"] = "3";
  ElementRows rows(noise(), {a, b, r, s});
  for (const auto& [id, level] :
       std::vector<std::pair<std::string, std::string>>{{"a", "52.0"}, {"b", "57.0"}, {"r", "68"}, {"s", "72"}})
    rows.give(id, {"Leq", "Rtd", Period::instant, "dB", {{"2026-05-04T10:00", level}}});
  rows.evaluate("2026-05-01", "2026-06-01");
  EXPECT_EQ(rows.text(Level::city, "500000", "2026", "regional_day"), "54.5 2");
  EXPECT_EQ(rows.text(Level::city, "500000", "2026", "road_day"), "71.0 3");
  EXPECT_EQ(rows.text(Level::city, "500000", "2026", "road_night"), "none");
}

TEST(NoiseEvaluation, RoadsWithoutLengthAreNotWeightedAndThatIsSaid) {
  auto r = noise_point("r", "", "road");
  r.attributes["method"] = "manual";
  ElementRows rows(noise(), {r});
  rows.give("r", {"Leq", "Rtd", Period::instant, "dB", {{"2026-05-04T10:00", "68"}}});
  rows.evaluate("2026-05-01", "2026-06-01");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026-05", "road_day"),
            "68.0 1 incomplete | not weighted: the register lacks the length of a road");
}

}  // namespace
}  // namespace mj::evaluation
