#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

constexpr std::int64_t kAirHour = 3'600'000;

/// Six values of an hour; empty texts are left out.
std::string air_fields(std::string_view pm25, std::string_view pm10, std::string_view so2, std::string_view no2,
                       std::string_view co, std::string_view o3) {
  std::string fields;
  const auto add = [&](std::string_view code, std::string_view value) {
    if (!value.empty())
      fields += fmt::format("{}{}-Avg={},{}-Flag=N", fields.empty() ? "" : ";", code, value, code);
  };
  add("a34004", pm25);
  add("a34002", pm10);
  add("a21026", so2);
  add("a21004", no2);
  add("a21005", co);
  add("a05024", o3);
  return fields;
}

class AirTest : public testing::Test {
 protected:
  /// `hours` equal hours of a day from its beginning.
  void day(std::string_view point, std::string_view date, int hours, std::string_view pm25, std::string_view o3,
           std::string_view pm10 = "60", std::string_view co = "0.5") {
    for (int hour = 0; hour < hours; ++hour) {
      scene.upload(fmt::format("MN-{}", point), "22", "2061", time(date).plus_ms(hour * kAirHour),
                   air_fields(pm25, pm10, "8", "20", co, o3));
    }
  }
  /// A station that measures always the same.
  void days(std::string_view point, std::string_view from, int count, std::string_view pm25, std::string_view o3) {
    for (int i = 0; i < count; ++i) {
      const std::string date = EvaluationPeriod{PeriodKind::day, time(from).plus_ms(i * 24 * kAirHour)}.label();
      day(point, date, 24, pm25, o3);
    }
  }
  Scene scene{{point_view("a", "air"), point_view("b", "air"), point_view("c", "air", "510100", "510104")}};
};

TEST_F(AirTest, ADayIsJudgedByTheEditionOfItsDate) {
  // PM2.5 of 115: index 150 by table 1 of HJ 633-2012, still 150 by table 3 of HJ 633-2026; 75 is 100 in 2012 and, between 60 (100)
  // and 115 (150), ⌈50·15/55⌉ + 100 = 114 in 2026.
  day("a", "2026-02-28", 24, "75", "100");
  day("a", "2026-03-01", 24, "75", "100");
  scene.evaluate();
  EXPECT_EQ(scene.text("a", "aqi", PeriodKind::day, "2026-02-28"), "100");
  EXPECT_EQ(scene.text("a", "aqi", PeriodKind::day, "2026-03-01"), "114");
  const auto old = scene.figure("a", "aqi", PeriodKind::day, "2026-02-28");
  const auto now = scene.figure("a", "aqi", PeriodKind::day, "2026-03-01");
  EXPECT_EQ(old->standard, "HJ 633-2012");
  EXPECT_EQ(now->standard, "HJ 633-2026");
  EXPECT_EQ(old->grade->name.zh, "良");
  EXPECT_EQ(now->grade->name.zh, "轻度污染");
  EXPECT_EQ(now->grade->compliant, std::optional(false));
  EXPECT_EQ(now->primary, "PM2.5");
  EXPECT_EQ(now->inputs.count, 6U * 24U);
}

TEST_F(AirTest, NineteenHoursMakeNoDayAndTwentyDo) {
  day("a", "2026-03-02", 19, "35", "80");
  day("b", "2026-03-02", 20, "35", "80");
  scene.evaluate();
  const auto short_day = scene.figure("a", "pm25", PeriodKind::day, "2026-03-02");
  EXPECT_FALSE(short_day->value);
  EXPECT_FALSE(short_day->complete);
  EXPECT_EQ(short_day->reason, "19/20 h");
  EXPECT_EQ(scene.text("b", "pm25", PeriodKind::day, "2026-03-02"), "35");
}

TEST_F(AirTest, ValuesThatTheDeviceMarksAsNoMeasurementDoNotCount) {
  day("a", "2026-03-02", 20, "35", "80");
  scene.upload("MN-a", "22", "2061", time("2026-03-02 05:00"), "a34004-Avg=900,a34004-Flag=D");
  scene.evaluate();
  EXPECT_EQ(scene.figure("a", "pm25", PeriodKind::day, "2026-03-02")->reason, "19/20 h");
}

TEST_F(AirTest, AMeanIsRoundedOnceAndHalvesGoToTheEvenDigit) {
  for (int hour = 0; hour < 24; ++hour) {
    scene.upload("MN-a", "22", "2061", time("2026-03-02").plus_ms(hour * kAirHour),
                 air_fields(hour % 2 == 0 ? "34" : "35", "60", "8", "20", hour % 2 == 0 ? "0.4" : "0.5", "80"));
  }
  scene.evaluate();
  EXPECT_EQ(scene.text("a", "pm25", PeriodKind::day, "2026-03-02"), "34");  // 34.5
  EXPECT_EQ(scene.text("a", "co", PeriodKind::day, "2026-03-02"), "0.4");   // 0.45
}

// PM2.5 of 30 and 120: the mean 75 has index ⌈50·15/55⌉ + 100 = 114; the indices of the sites are 43 and 158.
TEST_F(AirTest, AnHourOfACityHasTheIndexOfTheMeanConcentrations) {
  day("a", "2026-03-02", 24, "30", "80");
  day("b", "2026-03-02", 24, "120", "90");
  day("c", "2026-03-02", 24, "50", "90");
  scene.evaluate();
  const auto hour = EvaluationPeriod::parse(PeriodKind::hour, "2026-03-02T05");
  const auto cities = scene.engine().ranking("air", PeriodKind::hour, hour, Level::city, "aqi");
  ASSERT_TRUE(cities) << cities.error().text();
  ASSERT_EQ(cities->figures.size(), 2U);
  EXPECT_EQ(cities->figures[1].subject, "500000");
  EXPECT_EQ(to_text(*cities->figures[1].value), "114");
  EXPECT_EQ(cities->figures[1].primary, "PM2.5");
  EXPECT_TRUE(cities->figures[1].complete);
  EXPECT_EQ(cities->figures[1].inputs.count, 12U);
  const auto trend = scene.engine().trend("air", "500000", "pm25", PeriodKind::hour, time("2026-03-02"),
                                          time("2026-03-02 06:00"));
  ASSERT_TRUE(trend) << trend.error().text();
  EXPECT_EQ(trend->size(), 6U);
  EXPECT_EQ(to_text(*trend->front().value), "75");
  const auto sheet = scene.engine().sheet("air", "500000", "aqi", *hour);
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(sheet->inputs.size(), 12U);
  EXPECT_THAT(sheet->steps.front().formula, testing::HasSubstr("150.0000 / 2"));
  EXPECT_FALSE(scene.engine().ranking("air", PeriodKind::hour, hour, Level::river, "aqi"));
}

TEST_F(AirTest, ACityIsTheMeanOfItsSitesAndNeedsHalfOfThree) {
  day("a", "2026-03-02", 24, "30", "80");
  day("b", "2026-03-02", 24, "41", "90");
  day("a", "2026-03-03", 24, "30", "80");
  scene.evaluate();
  EXPECT_EQ(scene.text("500000", "pm25", PeriodKind::day, "2026-03-02"), "36");  // 35.5 → even
  EXPECT_EQ(scene.text("500000", "o3", PeriodKind::day, "2026-03-02"), "85");
  EXPECT_EQ(scene.text("500000", "pm25", PeriodKind::day, "2026-03-03"), "30");  // one of two: half
  EXPECT_EQ(scene.figure("500000", "pm25", PeriodKind::day, "2026-03-02")->level, Level::city);
  scene.views().push_back(point_view("d", "air"));
  scene.register_changed();
  const auto runs = scene.evaluate();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].kind, RunKind::new_values);
  EXPECT_EQ(scene.text("500000", "pm25", PeriodKind::day, "2026-03-03"), "—");  // one of three
  EXPECT_EQ(scene.figure("500000", "pm25", PeriodKind::day, "2026-03-03")->reason, "1/3");
}

TEST_F(AirTest, ABackgroundSiteDoesNotCountForItsCity) {
  scene.views()[1].sort = "background";
  scene.register_changed();
  day("a", "2026-03-02", 24, "30", "80");
  day("b", "2026-03-02", 24, "10", "90");
  scene.evaluate();
  EXPECT_EQ(scene.text("500000", "pm25", PeriodKind::day, "2026-03-02"), "30");
}

TEST_F(AirTest, AMonthHasMeansPercentilesTheCompositeIndexAndTheShareOfGoodDays) {
  days("a", "2026-03-01", 30, "30", "100");
  day("a", "2026-03-31", 24, "92", "100");
  scene.evaluate();
  // Python: (30·30 + 92)/31 = 32.0; composite (limits of 2026: 60, 40, 60, 30, 4, 160):
  // 8/60 + 20/40 + 60/60 + 32/30 + 0.5/4 + 100/160 = 3.45
  EXPECT_EQ(scene.text("a", "pm25", PeriodKind::month, "2026-03"), "32.0");
  EXPECT_EQ(scene.text("a", "o3", PeriodKind::month, "2026-03"), "100.0");
  EXPECT_EQ(scene.text("a", "composite", PeriodKind::month, "2026-03"), "3.45");
  EXPECT_EQ(scene.figure("a", "composite", PeriodKind::month, "2026-03")->primary, "PM2.5");
  EXPECT_TRUE(scene.figure("a", "composite", PeriodKind::month, "2026-03")->complete);
  EXPECT_EQ(scene.text("a", "good_days", PeriodKind::month, "2026-03"), "30");
  EXPECT_EQ(scene.text("a", "good_rate", PeriodKind::month, "2026-03"), "96.8");  // 30/31
  const auto year = scene.figure("a", "composite", PeriodKind::year, "2026");
  EXPECT_FALSE(year->complete);
  EXPECT_EQ(year->reason, "31/324 d");
}

TEST_F(AirTest, PlacesAreSharedByEqualIndicesAndChangesCompareWithTheYearBefore) {
  days("a", "2025-04-01", 30, "40", "100");
  days("a", "2026-04-01", 30, "30", "100");
  days("b", "2026-04-01", 30, "30", "100");
  days("c", "2026-04-01", 30, "50", "100");
  scene.evaluate();
  const auto ranking =
      scene.engine().ranking("air", PeriodKind::month, std::nullopt, Level::point, "composite").value();
  EXPECT_EQ(ranking.period.label(), "2026-04");
  ASSERT_EQ(ranking.figures.size(), 3U);
  EXPECT_EQ(ranking.figures[0].rank, 1);
  EXPECT_EQ(ranking.figures[1].rank, 1);
  EXPECT_EQ(ranking.figures[2].rank, 3);
  EXPECT_EQ(ranking.figures[2].subject, "c");
  const auto pm25 = scene.engine().ranking("air", PeriodKind::month, std::nullopt, Level::point, "pm25").value();
  EXPECT_EQ(to_text(*pm25.figures[0].change), "-10.0");
  EXPECT_FALSE(pm25.figures[1].change);
  const auto good = scene.engine().compliance("air", PeriodKind::year, std::nullopt, Level::point).value();
  ASSERT_EQ(good.rows.size(), 3U);
  EXPECT_EQ(to_text(*good.rows[0].rate), "100.0");
}

// The sample holds whole station-days of Chongqing as the national network published them, hours named by their end, and the published means
// of SO2, NO2 and PM10 and maximum 8 h mean of ozone in the row that ends the day.
TEST(PublishedAir, DaysOfTheNationalNetworkComeOutAsPublished) {
  std::ifstream file(MJ_SOURCE_DIR "/src/assess/test/testdata/day_published.csv");
  ASSERT_TRUE(file);
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
  };
  std::string line;
  do {
    std::getline(file, line);
  } while (line.starts_with("#"));
  const auto header = split(line);
  std::vector<std::map<std::string, std::string>> rows;
  std::set<std::string> codes;
  while (std::getline(file, line)) {
    const auto cells = split(line);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < cells.size() && i < header.size(); ++i) row[header[i]] = cells[i];
    codes.insert(row["code"]);
  }
  std::vector<registry::PointView> views;
  for (const std::string& code : codes) views.push_back(point_view(code, "air"));
  Scene scene(std::move(views));
  for (auto& row : rows) {
    scene.upload("MN-" + row["code"], "22", "2061", time(row["time"]).plus_ms(-kAirHour),
                 air_fields("", row["pm10"], row["so2"], row["no2"], "", row["o3"]));
  }
  scene.evaluate();
  std::size_t compared = 0;
  for (auto& row : rows) {
    const Instant end = time(row["time"]);
    if (to_beijing(end.plus_ms(-kAirHour)).hour != 23) continue;
    const std::string day = EvaluationPeriod::of(PeriodKind::day, end.plus_ms(-kAirHour)).label();
    EXPECT_EQ(scene.text(row["code"], "so2", PeriodKind::day, day), row["so2_24h"]) << row["code"] << day;
    EXPECT_EQ(scene.text(row["code"], "no2", PeriodKind::day, day), row["no2_24h"]) << row["code"] << day;
    EXPECT_EQ(scene.text(row["code"], "pm10", PeriodKind::day, day), row["pm10_24h"]) << row["code"] << day;
    EXPECT_EQ(scene.text(row["code"], "o3", PeriodKind::day, day), row["o3_8h"]) << row["code"] << day;
    ++compared;
  }
  EXPECT_EQ(compared, 8U);
}

TEST_F(AirTest, AnHourIsComputedWhenAskedFor) {
  day("a", "2026-03-02", 2, "75", "100");
  scene.settle();
  const auto hour = scene.engine().ranking("air", PeriodKind::hour, std::nullopt, Level::point, "aqi").value();
  EXPECT_EQ(hour.period.label(), "2026-03-02T01");
  ASSERT_EQ(hour.figures.size(), 1U);
  EXPECT_EQ(to_text(*hour.figures[0].value), "114");
  EXPECT_EQ(hour.figures[0].primary, "PM2.5");
}

}  // namespace
}  // namespace mj::evaluation::test
