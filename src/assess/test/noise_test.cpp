#include "mj/assess/noise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }
std::string noise(const std::string& table, NoiseSheet sheet = {}, std::string standard = "") {
  return judged(
      table, [&](const SheetRun& run) { return noise_sheet(run, sheet); }, SheetFormat::csv, std::move(standard));
}

// A textbook rule quoted in many places: of 100 levels in descending order the 10th, 50th, 90th are L10, L50, L90.
TEST(Levels, PercentilesAreThoseOfOneHundredSortedLevels) {
  Levels levels;
  for (int i = 1; i <= 100; ++i) levels.add(Decimal{i, 0});
  EXPECT_EQ(round_gb8170(levels.exceeded(10), 1), d("91.0"));
  EXPECT_EQ(round_gb8170(levels.exceeded(50), 1), d("51.0"));
  EXPECT_EQ(round_gb8170(levels.exceeded(90), 1), d("11.0"));
  EXPECT_EQ(round_gb8170(levels.greatest(), 1), d("100.0"));
  EXPECT_EQ(round_gb8170(levels.least(), 1), d("1.0"));
}

TEST(Levels,
     EquivalentLevelIsTheMeanOfEnergy) {  // two equal sources are 3.01 dB louder, half the time 3.01 dB less
  Levels levels;
  levels.add(d("60"));
  levels.add(d("0"));
  EXPECT_NEAR(levels.equivalent(), 60 - 10 * std::log10(2.0), 1e-5);
}

TEST(Levels, DayNightLevelWeighsTheNight) {
  EXPECT_NEAR(day_night_level(55, 45, 16, 8, 10), 55.0, 1e-9);  // night + 10 equals the day
  EXPECT_EQ(level_text(day_night_level(60, 50, 16, 8, 10), 1), d("60.0"));
  EXPECT_EQ(level_text(day_night_level(60, 55, 16, 8, 10), 1), d("62.4"));  // 10·lg((16·10^6 + 8·10^6.5)/24)
}

// Worked examples in the documentation of a public Python package (reviutils, module splhelper): Leq of 100, 80, 60, 40, 20 dB is
// 93.1; of ten levels from 50.1 in steps of 2.2 it is 63.9 with a standard deviation of 6.7.
TEST(Levels, EquivalentLevelsOfPublishedExamples) {
  Levels five;
  for (const char* level : {"100", "80", "60", "40", "20"}) five.add(d(level));
  EXPECT_EQ(level_text(five.equivalent(), 1), d("93.1"));
  Levels ten;
  for (const char* level : {"50.1", "52.3", "54.5", "56.7", "58.9", "61.1", "63.3", "65.5", "67.7", "69.9"})
    ten.add(d(level));
  EXPECT_EQ(level_text(ten.equivalent(), 1), d("63.9"));
  EXPECT_EQ(level_text(ten.deviation().value(), 1), d("6.7"));
  EXPECT_EQ(ten.greatest(), d("69.900000"));
}

// The same package: 24 hours, Ld 75, Ln 73, Ldn 79 dB.
TEST(Levels, DayAndNightOfAPublishedExample) {
  constexpr std::array<int, 24> kHours{60, 70, 67, 76, 75, 70, 72, 78, 75, 70, 72, 78,
                                       75, 70, 72, 78, 75, 70, 72, 78, 75, 70, 72, 75};
  const NoiseTimes times = NoiseTimes::load(shipped_standards()).value();
  Levels day;
  Levels night;
  for (int hour = 0; hour < 24; ++hour)
    (times.is_day(hour) ? day : night).add(Decimal{kHours[static_cast<std::size_t>(hour)], 0});
  EXPECT_EQ(level_text(day.equivalent(), 0), d("75"));
  EXPECT_EQ(level_text(night.equivalent(), 0), d("73"));
  EXPECT_EQ(level_text(day_night_level(day.equivalent(), night.equivalent(), 16, 8, times.penalty), 0), d("79"));
}

TEST(NoiseSheet, ZonesAreJudgedByDayAndByNight) {  // GB 3096-2008 table 1: zone 2 is 60 and 50
  const std::string out = noise(
      "point,time,level,zone\nP,2026-03-01 10:00:00,60.04,2\nP,2026-03-01 23:00:00,50.1,2\nP,2026-03-02 "
      "05:59:59,50.1,2\n",
      {NoiseReport::levels, NoiseSpan::day});
  EXPECT_NE(out.find("P,2026-03-01,3,"), std::string::npos) << out;  // the night belongs to the day it began on
  EXPECT_NE(out.find(",60.0,50.1,"), std::string::npos) << out;
  EXPECT_NE(out.find(",2,60,50,yes,no,GB 3096-2008,THIRD_PARTY"), std::string::npos) << out;
}

TEST(NoiseSheet, NamedStandardGivesItsLimitsAndUnverifiedOnesAreMarked) {
  const std::string table = "point,time,level,zone\nP,2026-03-01 10:00:00,71,0\n";
  EXPECT_NE(noise(table, {}, "GB 12523-2025").find(",70,55,no,,GB 12523-2025,UNVERIFIED"), std::string::npos);
  EXPECT_NE(noise(table, {}, "GB 12348-2008").find(",50,40,no,,GB 12348-2008,UNVERIFIED"),
            std::string::npos);  // zone 0
  EXPECT_NE(noise("point,time,level,zone\nP,2026-03-01 10:00:00,71,9\n").find("no zone \"9\""), std::string::npos);
}

TEST(NoiseSheet, RoadsAreWeightedByLengthAndGridsAreNot) {  // HJ 640-2012
  EXPECT_EQ(noise("city,time,level,length\nC,2026-03-01,70,1000\nC,2026-03-01,66,3000\n",
                  {NoiseReport::road, NoiseSpan::all}),
            "city,type,period,points,mean,level,grade,standard,verification\n"
            "C,road,day,2,67.0,1,好,HJ 640-2012,THIRD_PARTY\n");
  EXPECT_EQ(
      noise("city,time,level,period\nC,2026-03-01,54.1,day\nC,2026-03-01,56.0,day\nC,2026-03-01,45.3,night\n",
            {NoiseReport::regional, NoiseSpan::all}),
      "city,type,period,points,mean,level,grade,standard,verification\n"
      "C,regional,day,2,55.0,2,较好,HJ 640-2012,THIRD_PARTY\n"  // 55.05 → 55.0, half to even
      "C,regional,night,1,45.3,3,一般,HJ 640-2012,UNVERIFIED\n");
}

// Grades as cities published them: Xuancheng 2018 (xuancheng.gov.cn, 1373565): regional day 54.5 较好, night 46.1 一般, road day 59.3 and
// night 51.4 好; Guangyuan 2022: regional day 54.3 较好, second grade.
TEST(NoiseSheet, GradesOfPublishedYearsComeOut) {
  const std::string regional =
      noise("city,time,level,period\nX,2018-06-01,54.5,day\nX,2018-06-01,46.1,night\nG,2022-06-01,54.3,day\n",
            {NoiseReport::regional, NoiseSpan::all});
  EXPECT_NE(regional.find("X,regional,day,1,54.5,2,较好,"), std::string::npos) << regional;
  EXPECT_NE(regional.find("X,regional,night,1,46.1,3,一般,"), std::string::npos) << regional;
  EXPECT_NE(regional.find("G,regional,day,1,54.3,2,较好,"), std::string::npos) << regional;
  const std::string road =
      noise("city,time,level,length,period\nX,2018-06-01,59.3,1000,day\nX,2018-06-01,51.4,1000,night\n",
            {NoiseReport::road, NoiseSpan::all});
  EXPECT_NE(road.find("X,road,day,1,59.3,1,好,"), std::string::npos) << road;
  EXPECT_NE(road.find("X,road,night,1,51.4,1,好,"), std::string::npos) << road;
}

TEST(Boundary, BackgroundIsTakenOffByTheTable) {  // GB 12348-2008 table 4
  const auto corrected = [](std::string_view measured, std::string_view background) {
    return without_background(shipped_standards(), at("2026-03-01"), d(measured), d(background)).value();
  };
  EXPECT_EQ(corrected("60.0", "57.0"), d("57.0"));
  EXPECT_EQ(corrected("60.0", "55.4"), d("58.0"));  // 4.6 → 5
  EXPECT_EQ(corrected("60.0", "50.0"), d("59.0"));
  EXPECT_EQ(corrected("60.0", "45.0"), d("60.0"));
  EXPECT_EQ(corrected("60.0", "58.0"), std::nullopt);
}

// One day of one-second levels; the expected figures by an independent script over the same file.
TEST(NoiseSheet, RealDayOfSecondsAgreesWithAnIndependentComputation) {
  const std::string path = MJ_SOURCE_DIR "/../shared/data/noise_laeq/laeq_1s_20250322.csv.zst";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the data set is not here";
  std::FILE* pipe = ::popen(("zstd -dc '" + path + "'").c_str(), "r");
  if (pipe == nullptr) GTEST_SKIP() << "zstd is not here";
  std::string table = "point,time,level\n";
  std::array<char, 256> line{};
  bool header = true;
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    if (!header) table += std::string("P,") + line.data();
    header = false;
  }
  ::pclose(pipe);
  const std::string out = judged(std::move(table), [](const SheetRun& run) { return noise_sheet(run, {}); });
  EXPECT_NE(out.find("\nP,,86401,49.7,52.2,47.1,42.9,75.9,40.3,3.7,50.5,47.6,54.3,"), std::string::npos) << out;
}

}  // namespace
}  // namespace mj::assess
