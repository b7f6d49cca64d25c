#include "mj/evaluation/figure_limit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

std::vector<std::string> texts(std::string_view element, std::string_view indicator, std::string_view unit,
                               PeriodKind kind, std::string_view from, std::string_view to, bool lake = false) {
  std::vector<std::string> list;
  for (const FigureLimit& limit :
       figure_limits(shipped_standards(), element, indicator, unit, kind, time(from), time(to), lake)) {
    list.push_back(fmt::format("{} {}{} {}", EvaluationPeriod::of(PeriodKind::day, limit.from).label(),
                               limit.upper ? "<=" : ">=", to_text(limit.value),
                               standards::name(limit.verification)));
  }
  return list;
}

using testing::ElementsAre;
using testing::IsEmpty;
constexpr std::string_view kMarch = "2026-03-01T00:00:00+08:00";
constexpr std::string_view kApril = "2026-04-01T00:00:00+08:00";

TEST(FigureLimit, OfAirIsGradeTwoOfThePeriodInForce) {
  // GB 3095-2026 table 1, transition limits until 2030.
  EXPECT_THAT(texts("air", "pm25", "µg/m³", PeriodKind::day, kMarch, kApril),
              ElementsAre("2026-03-01 <=60 VERIFIED"));
  EXPECT_THAT(texts("air", "pm25", "µg/m³", PeriodKind::year, kMarch, kApril),
              ElementsAre("2026-03-01 <=30 VERIFIED"));
  EXPECT_THAT(texts("air", "o3_1h", "µg/m³", PeriodKind::day, kMarch, kApril),
              ElementsAre("2026-03-01 <=200 VERIFIED"));
  EXPECT_THAT(texts("air", "so2", "mg/m³", PeriodKind::hour, kMarch, kApril),
              ElementsAre("2026-03-01 <=0.500 VERIFIED"));
}

TEST(FigureLimit, OfTheYearOfAPollutantWithoutAnnualLimitIsThatOfTheDay) {
  EXPECT_THAT(texts("air", "co", "mg/m³", PeriodKind::year, kMarch, kApril),
              ElementsAre("2026-03-01 <=4 VERIFIED"));
  EXPECT_THAT(texts("air", "o3", "µg/m³", PeriodKind::year, kMarch, kApril),
              ElementsAre("2026-03-01 <=160 VERIFIED"));
}

TEST(FigureLimit, ChangesWithTheEditionWithinTheTimeAskedFor) {
  // GB 3095-2012 (75 µg/m³, not checked against its text) until February 2026.
  EXPECT_THAT(texts("air", "pm25", "µg/m³", PeriodKind::day, "2026-02-01T00:00:00+08:00", kApril),
              ElementsAre("2016-01-01 <=75 UNVERIFIED", "2026-03-01 <=60 VERIFIED"));
}

TEST(FigureLimit, OfTheIndexIsTheEndOfTheGoodDays) {
  EXPECT_THAT(texts("air", "aqi", "", PeriodKind::day, kMarch, kApril), ElementsAre("2026-03-01 <=100 VERIFIED"));
}

TEST(FigureLimit, OfMonthsOfAirAndOfOtherElementsIsNone) {
  EXPECT_THAT(texts("air", "pm25", "µg/m³", PeriodKind::month, kMarch, kApril), IsEmpty());
  EXPECT_THAT(texts("air", "composite", "", PeriodKind::year, kMarch, kApril), IsEmpty());
  EXPECT_THAT(texts("noise", "ld", "dB(A)", PeriodKind::day, kMarch, kApril), IsEmpty());
}

TEST(FigureLimit, OfWaterIsClassThreeForRiverOrLake) {
  // GB 3838-2002 table 1: total phosphorus 0.2 in rivers, 0.05 in lakes; oxygen at least 5; pH 6 to 9.
  EXPECT_THAT(texts("surface_water", "TP", "mg/L", PeriodKind::month, kMarch, kApril),
              ElementsAre("2002-06-01 <=0.2 VERIFIED"));
  EXPECT_THAT(texts("surface_water", "mean.TP", "mg/L", PeriodKind::month, kMarch, kApril, true),
              ElementsAre("2002-06-01 <=0.05 VERIFIED"));
  EXPECT_THAT(texts("surface_water", "DO", "mg/L", PeriodKind::month, kMarch, kApril),
              ElementsAre("2002-06-01 >=5 VERIFIED"));
  EXPECT_THAT(texts("surface_water", "pH", "", PeriodKind::month, kMarch, kApril),
              ElementsAre("2002-06-01 >=6 VERIFIED", "2002-06-01 <=9 VERIFIED"));
}

}  // namespace
}  // namespace mj::evaluation::test
