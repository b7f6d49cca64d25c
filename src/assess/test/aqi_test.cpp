#include "mj/assess/aqi.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mj/standards/standard_set.hpp"

namespace mj::assess {
namespace {

const standards::AqiStandard& edition(const char* day) {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return *set.aqi(parse_iso(day).value());
}

const standards::AqiItem& item(const standards::AqiStandard& standard, std::string_view pollutant) {
  return *std::find_if(standard.hourly.begin(), standard.hourly.end(),
                       [&](const auto& i) { return i.pollutant == pollutant; });
}

Decimal d(std::string_view text) { return parse_decimal(text).value(); }

TEST(Iaqi, BreakPointsGiveTheirIndexAndWhatLiesBetweenIsRoundedUp) {
  const auto& pm = item(edition("2026-04-01"), "PM2.5");  // HJ 633-2026 table 3: 35→50, 60→100
  EXPECT_EQ(iaqi(pm, d("0")), 0);
  EXPECT_EQ(iaqi(pm, d("35")), 50);
  EXPECT_EQ(iaqi(pm, d("36")), 52);  // 50 + 50/25
  EXPECT_EQ(iaqi(pm, d("60")), 100);
  EXPECT_EQ(iaqi(pm, d("61")), 101);  // 100 + 50/55 = 100.9 → 101
  EXPECT_EQ(iaqi(pm, d("1")), 2);     // 50/35 = 1.43 → 2
  EXPECT_EQ(iaqi(pm, d("500")), 500);
  EXPECT_EQ(iaqi(pm, d("900")), 500);
  EXPECT_EQ(iaqi(pm, d("-1")), std::nullopt);
}

TEST(Iaqi, ConcentrationIsRoundedHalfToEvenBefore) {  // HJ 633-2026 4.2.2 with GB/T 8170
  const auto& pm = item(edition("2026-04-01"), "PM2.5");
  EXPECT_EQ(iaqi(pm, d("35.5")), 52);  // 36
  EXPECT_EQ(iaqi(pm, d("36.5")), 52);  // 36
  const auto& co = item(edition("2026-04-01"), "CO");
  EXPECT_EQ(iaqi(co, d("0.449")), 4);  // 0.4 · 50/5
  EXPECT_EQ(iaqi(co, d("0.45")), 4);   // 0.4
  EXPECT_EQ(iaqi(co, d("0.451")), 5);  // 0.5
}

TEST(Iaqi, SulfurDioxideAbove800IsLeftOutIn2012AndHeldAt200In2026) {  // notes of the tables
  EXPECT_EQ(iaqi(item(edition("2026-02-01"), "SO2"), d("801")), std::nullopt);
  EXPECT_EQ(iaqi(item(edition("2026-04-01"), "SO2"), d("801")), 200);
  EXPECT_EQ(iaqi(item(edition("2026-02-01"), "SO2"), d("800")), 200);
}

RC_GTEST_PROP(Iaqi, NeverFallsWhenTheConcentrationRises, ()) {
  const auto& standard = edition(*rc::gen::element("2026-02-01", "2026-04-01"));
  const auto& any = *rc::gen::elementOf(standard.hourly);
  const auto low = *rc::gen::inRange<std::int64_t>(0, 400'000);
  const auto more = *rc::gen::inRange<std::int64_t>(0, 400'000);
  const auto a = iaqi(any, Decimal{low, 3});
  const auto b = iaqi(any, Decimal{low + more, 3});
  if (a && b) RC_ASSERT(*a <= *b);
}

std::vector<Concentration> hour(std::string_view pm25, std::string_view pm10) {
  return {{"a34004", d(pm25)}, {"a34002", d(pm10)},  {"a21026", d("8")},
          {"a21004", d("20")}, {"a21005", d("0.6")}, {"a05024", d("60")}};
}

TEST(HourlyAqi, SameHourHasAnotherIndexUnderTheNewStandard) {
  const auto values = hour("75", "100");
  const Aqi before = hourly_aqi(edition("2026-02-28"), values);
  const Aqi after = hourly_aqi(edition("2026-03-01"), values);
  EXPECT_EQ(before.value, 100);
  EXPECT_EQ(before.level, 2);
  EXPECT_EQ(after.value, 114);  // 100 + 50·15/55 = 113.6
  EXPECT_EQ(after.level, 3);
  EXPECT_EQ(after.primary, std::vector<std::string>{"a34004"});
}

TEST(HourlyAqi, NamesNoPrimaryPollutantUpToFifty) {
  const Aqi aqi = hourly_aqi(edition("2026-04-01"), hour("35", "50"));
  EXPECT_EQ(aqi.value, 50);
  EXPECT_TRUE(aqi.primary.empty());
}

TEST(HourlyAqi, NamesAllPollutantsThatShareTheMaximum) {
  const Aqi aqi = hourly_aqi(edition("2026-04-01"), hour("60", "120"));
  EXPECT_EQ(aqi.value, 100);
  EXPECT_EQ(aqi.primary, (std::vector<std::string>{"a34004", "a34002"}));
}

TEST(HourlyAqi, IncompleteHourIsPublishedOnlyAboveOneHundredSince2026) {  // HJ 633-2026 5.3
  auto values = hour("59", "50");
  values.pop_back();
  EXPECT_EQ(hourly_aqi(edition("2026-04-01"), values).value, std::nullopt);
  EXPECT_EQ(hourly_aqi(edition("2026-04-01"), values).missing, std::vector<std::string>{"a05024"});
  EXPECT_EQ(hourly_aqi(edition("2026-02-01"), values).value, 80);  // 50 + 50·24/40
  values[0].value = d("70");
  EXPECT_EQ(hourly_aqi(edition("2026-04-01"), values).value, 110);  // 100 + 50·10/55 = 109.1
}

TEST(HourlyAqi, NothingMeasuredGivesNothing) {
  EXPECT_EQ(hourly_aqi(edition("2026-02-01"), {}).value, std::nullopt);
}

}  // namespace
}  // namespace mj::assess
