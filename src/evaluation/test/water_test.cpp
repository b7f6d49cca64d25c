#include <gtest/gtest.h>

#include "element_rows.hpp"

namespace mj::evaluation {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using telemetry::Period;

constexpr const char* kDo = "w01009";
constexpr const char* kCodMn = "w01019";
constexpr const char* kNh3n = "w21003";
constexpr const char* kTp = "w21011";

const Evaluator& water() { return *find_evaluator("surface_water"); }

registry::PointView section(std::string id, std::string target = "", bool lake = false) {
  auto view = point_view(std::move(id), "surface_water");
  view.target_class = std::move(target);
  view.lake = lake;
  view.river = "r-1";
  view.basin = "b-1";
  return view;
}

/// The same value `times` times a day on the days 1 … `days` of a month.
GivenSeries every_day(std::string factor, const std::string& month, int days, int times,
                      const std::string& value) {
  GivenSeries series{std::move(factor), "Avg", Period::hour, "mg/L", {}};
  for (int day = 1; day <= days; ++day) {
    for (int i = 0; i < times; ++i)
      series.values.emplace_back(fmt::format("{}-{:02}T{:02}:00:00+08:00", month, day, i * 24 / times), value);
  }
  return series;
}

GivenSeries sampled(std::string factor, std::vector<std::pair<std::string, std::string>> values) {
  return {std::move(factor), "Rtd", Period::instant, "mg/L", std::move(values)};
}

// Limits of GB 3838-2002 table 1: CODMn 6 is III, 10 is IV; NH3-N 1.0 is III. 20 days of 30 are 66.7 % of the month.
TEST(WaterEvaluation, AMonthOfAnAutomaticStationIsTheMeanOfItsWholeDays) {
  ElementRows rows(water(), {section("w-1", "III")});
  rows.give("w-1", every_day(kCodMn, "2026-04", 20, 6, "7.2"));
  rows.give("w-1", every_day(kNh3n, "2026-04", 30, 6, "0.30"));
  rows.evaluate("2026-04-01", "2026-05-01");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "class"), "4 4 no CODMn");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "exceed"), "0.20 CODMn(0.20)");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "status"), "- 3");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "NH3N"), "0.30 2 yes");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "mean.CODMn"), "7.2");
  EXPECT_EQ(rows.find(Level::point, "w-1", "2026-04", "NH3N")->inputs.count, 180U);
}

// 环办监测函〔2020〕82号 as configured: 60 % of the values of a day, 60 % of the days of a month.
TEST(WaterEvaluation, DaysAndMonthsWithTooFewValuesDoNotCount) {
  ElementRows rows(water(), {section("w-1")});
  GivenSeries codmn = every_day(kCodMn, "2026-04", 18, 6, "3.0");  // 18 of 30 days: just enough
  const GivenSeries thin = every_day(kCodMn, "2026-04", 30, 2, "9.0");
  for (const auto& value : thin.values) {
    if (value.first > "2026-04-18T23")
      codmn.values.push_back(value);  // 2 of 6 values a day: these days do not count
  }
  rows.give("w-1", codmn);
  rows.give("w-1", every_day(kNh3n, "2026-04", 17, 6, "0.30"));  // 17 of 30 days: too few
  rows.evaluate("2026-04-01", "2026-05-01");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "CODMn"), "3.0 2");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "NH3N"), "- incomplete | 17 of 30 days");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "class"), "2 2 CODMn incomplete | NH3N: 17 of 30 days");
}

TEST(WaterEvaluation, TheClassOfTooFewDaysIsToldAsIncompleteAndProvesNothing) {
  ElementRows rows(water(), {section("w-1", "II")});
  rows.give("w-1", every_day(kCodMn, "2026-04", 3, 6, "7.2"));
  rows.evaluate("2026-04-01", "2026-05-01");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "class"), "4 4 incomplete | CODMn: 3 of 30 days");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "status"), "none");
  EXPECT_EQ(rows.text(Level::river, "r-1", "2026-04", "status"), "none");
}

// The five items of the published class of automatic stations decide a day and an hour; total nitrogen does not.
TEST(WaterEvaluation, AutomaticStationsHaveAClassOfTheDayAndOfTheHour) {
  ElementRows rows(water(), {section("w-1", "III")});
  GivenSeries tp = every_day(kTp, "2026-04", 1, 6, "0.1");
  tp.values[2].second = "0.4";  // 08:00: V
  rows.give("w-1", tp);
  rows.give("w-1", every_day(kNh3n, "2026-04", 1, 3, "0.1"));  // three of six: too few for the day
  rows.give("w-1", every_day("w01018", "2026-04", 1, 6, "99"));
  rows.evaluate("2026-04-01", "2026-05-01");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04-01", "class"), "3 3 yes TP incomplete | NH3N: 3 of 6 values");
  rows.evaluate_hours("2026-04-01T08:00", "2026-04-01T09:00");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04-01T08", "class"), "5 5 no TP");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04-01T08", "exceed"), "1.00 TP(1.00)");
}

TEST(WaterEvaluation, WhatAnInstrumentMeasuredInMaintenanceIsNoWater) {
  ElementRows rows(water(), {section("w-1")});
  rows.give("w-1", sampled(kTp, {{"2026-04-03", "0.15"}, {"2026-04-10", "9.99!"}}));
  rows.evaluate("2026-04-01", "2026-05-01");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-04", "TP"), "0.150 3");
}

// Year: mean of the months. TP of the months 0.1 … 0.8 has the mean 0.45: worse than V (0.4), (0.45 − 0.2)/0.2 = 1.25. Seven months
// are too few for a year (year_min_months 8), two make a quarter.
TEST(WaterEvaluation, AYearIsTheMeanOfItsMonths) {
  ElementRows rows(water(), {section("w-1"), section("w-2")});
  GivenSeries eight = sampled(kTp, {});
  for (int month = 1; month <= 8; ++month)
    eight.values.emplace_back(fmt::format("2026-{:02}-05", month), fmt::format("0.{}", month));
  GivenSeries seven = eight;
  seven.values.pop_back();
  rows.give("w-1", eight);
  rows.give("w-2", seven);
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026", "class"), "6 6 TP");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026", "TP"), "0.450 6");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026", "exceed"), "1.25 TP(1.25)");
  EXPECT_EQ(rows.text(Level::point, "w-1", "2026-Q3", "TP"), "0.750 6");
  EXPECT_EQ(rows.text(Level::point, "w-2", "2026-Q3", "TP"), "- incomplete | 1 of 2 months");
  EXPECT_EQ(rows.text(Level::point, "w-2", "2026", "class"), "- incomplete | TP: 7 of 8 months");
}

// 环办〔2011〕22号: shares from five sections on. Six sections: classes II ×4, IV, 劣V → good 66.7 %, bad 16.7 % → lightly polluted.
TEST(WaterEvaluation, RiversBasinsAndDistrictsHaveSharesAndAStatus) {
  std::vector<registry::PointView> points;
  for (int i = 1; i <= 6; ++i)
    points.push_back(section(fmt::format("w-{}", i), i <= 3 ? "II" : i == 5 ? "III" : ""));
  ElementRows rows(water(), points);
  for (int i = 1; i <= 6; ++i)
    rows.give(fmt::format("w-{}", i), sampled(kTp, {{"2026-04-05", i <= 4 ? "0.1" : i == 5 ? "0.25" : "0.5"}}));
  rows.evaluate("2026-04-01", "2026-05-01");
  for (const auto& [level, id] : std::vector<std::pair<Level, std::string>>{
           {Level::river, "r-1"}, {Level::basin, "b-1"}, {Level::district, "500109"}, {Level::city, "500000"}}) {
    EXPECT_EQ(rows.text(level, id, "2026-04", "good_share"), "66.7");
    EXPECT_EQ(rows.text(level, id, "2026-04", "bad_share"), "16.7");
    EXPECT_EQ(rows.text(level, id, "2026-04", "share_2"), "66.7");
    EXPECT_EQ(rows.text(level, id, "2026-04", "status"), "- 3 TP(33.3%)");
    EXPECT_EQ(rows.text(level, id, "2026-04", "target_rate"), "75.0");  // three of the four that have a target
  }
}

TEST(WaterEvaluation, FewSectionsAreJudgedByTheirMeans) {
  ElementRows rows(water(), {section("w-1"), section("w-2")});
  rows.give("w-1", sampled(kTp, {{"2026-04-05", "0.1"}}));
  rows.give("w-2", sampled(kTp, {{"2026-04-05", "0.5"}}));
  rows.evaluate("2026-04-01", "2026-05-01");
  // mean 0.3: IV; (0.3 − 0.2)/0.2
  EXPECT_EQ(rows.text(Level::river, "r-1", "2026-04", "status"),
            "- 3 TP(0.50) | 2 sections: judged by their means");
}

// The figures of Cwqi.DistrictsAreRankedByLevelAndByChange in src/assess/test/cwqi_test.cpp, by hand there.
TEST(WaterEvaluation, DistrictsHaveTheirIndexAndItsChange) {
  auto lake = section("l", "", true);
  auto south = section("s");
  south.region = "500112";
  ElementRows rows(water(), {section("a"), section("b"), lake, south});
  rows.give("a", sampled(kCodMn, {{"2025-03-01", "6"}, {"2026-03-01", "2"}, {"2026-03-11", "4"}}));
  rows.give("a", sampled(kNh3n, {{"2025-03-01", "1.0"}, {"2026-03-01", "0.2"}, {"2026-03-11", "0.2"}}));
  rows.give("b", sampled(kCodMn, {{"2026-03-01", "6"}}));
  rows.give("b", sampled(kNh3n, {{"2026-03-01", "0.6"}}));
  rows.give("l", sampled(kCodMn, {{"2026-03-01", "3"}}));
  rows.give("l", sampled(kTp, {{"2026-03-01", "0.1"}}));
  rows.give("s", sampled(kCodMn, {{"2025-03-01", "3"}, {"2026-03-01", "3"}}));
  rows.give("s", sampled(kNh3n, {{"2025-03-01", "0.2"}, {"2026-03-01", "0.1"}}));
  rows.evaluate("2025-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026-03", "cwqi"), "1.6000");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026-03", "cwqi_change"), "-20.00");
  EXPECT_EQ(rows.text(Level::district, "500112", "2026-03", "cwqi"), "0.6000");
  EXPECT_EQ(rows.text(Level::district, "500112", "2026-03", "cwqi_change"),
            "- | -14.29 %: not ranked, all sections in class II or better in both periods");
  const auto sheet = rows.sheet(Level::district, "500109", "2026-03", "cwqi_change");
  ASSERT_TRUE(sheet) << sheet.error().text();
  std::string steps;
  for (const SheetStep& step : sheet->steps)
    steps += step.title.en + ": " + step.formula + " = " + step.result + "\n";
  EXPECT_NE(steps.find("2026-03 rivers CODMn (2 sections): 4.500000 / 6 = 0.750000"), std::string::npos) << steps;
  EXPECT_NE(steps.find("2026-03 lakes TP (1 sections): 0.100000 / 0.05 = 2.000000"), std::string::npos) << steps;
  EXPECT_NE(steps.find("(CWQI河流 × 2 + CWQI湖库 × 1) / 3 = 1.6000"), std::string::npos) << steps;
  EXPECT_NE(steps.find("Change: (CWQI − CWQI₀) / CWQI₀ × 100 = -20.00"), std::string::npos) << steps;
}

// A lake: means of its points, then the class and the index; chlorophyll 20 mg/m³ etc. as in Trophic.IndexAndGrade
// (src/assess/test/cwqi_test.cpp), here reported in mg/L and as two points around the same mean.
TEST(WaterEvaluation, ALakeIsJudgedByTheMeansOfItsPointsAndItsTrophicState) {
  auto one = section("p-1", "", true);
  auto two = section("p-2", "", true);
  one.lake_id = two.lake_id = "taihu";
  ElementRows rows(water(), {one, two});
  const auto give = [&](const std::string& point, const std::string& chla, const std::string& tp) {
    rows.give(point, sampled("w01016", {{"2026-07-01", chla}}));
    rows.give(point, sampled(kTp, {{"2026-07-01", tp}}));
    rows.give(point, sampled("w21001", {{"2026-07-01", "1.5"}}));
    rows.give(point, {"SD", "Rtd", Period::instant, "m", {{"2026-07-01", "0.5"}}});
    rows.give(point, sampled(kCodMn, {{"2026-07-01", "5"}}));
  };
  give("p-1", "0.010", "0.06");
  give("p-2", "0.030", "0.10");
  rows.evaluate("2026-07-01", "2026-08-01");
  EXPECT_EQ(rows.text(Level::lake, "taihu", "2026-07", "tli"), "56.24 3");
  EXPECT_EQ(rows.text(Level::lake, "taihu", "2026-07", "class"),
            "4 4 TP");  // TP 0.08 ≤ 0.1 of lakes; nitrogen does not decide
  EXPECT_EQ(rows.text(Level::lake, "taihu", "2026-07", "TN"), "1.50 4");
}

TEST(WaterEvaluation, UrbanWaterIsGradedWhereTransparencyIsMeasured) {  // 城市黑臭水体整治工作指南 table 1
  ElementRows rows(water(), {section("u")});
  rows.give("u", {"SD", "Rtd", Period::instant, "m", {{"2026-07-01", "0.2"}}});
  rows.give("u", sampled(kDo, {{"2026-07-01", "0.1"}}));
  rows.give("u", sampled(kNh3n, {{"2026-07-01", "9"}}));
  rows.evaluate("2026-07-01", "2026-08-01");
  EXPECT_EQ(rows.text(Level::point, "u", "2026-07", "black_odorous"), "2 2 no DO");
}

TEST(WaterEvaluation, TheSheetOfAMeanListsItsValuesWithTheirEntries) {
  ElementRows rows(water(), {section("w-1")});
  rows.give("w-1", sampled(kTp, {{"2026-04-03", "0.1"}, {"2026-04-10", "0.2"}, {"2026-04-20", "0.9!"}}));
  rows.evaluate("2026-04-01", "2026-05-01");
  const auto sheet = rows.sheet(Level::point, "w-1", "2026-04", "TP");
  ASSERT_TRUE(sheet) << sheet.error().text();
  ASSERT_EQ(sheet->inputs.size(), 3U);
  EXPECT_EQ(sheet->inputs[1].text, "0.2");
  EXPECT_EQ(sheet->inputs[1].entry, 1U);
  EXPECT_FALSE(sheet->inputs[2].used);
  ASSERT_EQ(sheet->steps.size(), 2U);
  EXPECT_EQ(sheet->steps[0].result, "0.15");
  EXPECT_EQ(sheet->steps[1].formula, "0.15 → 0.150");
  const auto verdict = rows.sheet(Level::point, "w-1", "2026-04", "class");
  ASSERT_TRUE(verdict) << verdict.error().text();
  EXPECT_EQ(verdict->steps.back().result, "III");
}

}  // namespace
}  // namespace mj::evaluation
