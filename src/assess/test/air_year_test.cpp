#include "mj/assess/air_year.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "mj/assess/air_day.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }

AirDayRules day_rules(std::string_view day = "2026-04-01") {
  return AirDayRules::load(shipped_standards(), at(day)).value();
}

TEST(AirDay, MeanNeedsTwentyHours) {  // GB 3095-2026 table 4
  DayHours hours{};
  for (std::size_t i = 0; i < 20; ++i) hours[i] = Decimal{static_cast<std::int64_t>(i), 0};
  EXPECT_EQ(day_mean(hours, day_rules())->round(2), d("9.50"));
  hours[3].reset();
  EXPECT_FALSE(day_mean(hours, day_rules()));
}

TEST(AirDay, OzoneTakesTheGreatestOfTheWindowsThatEndFrom08To24) {  // HJ 663 §6.1
  DayHours hours{};
  for (std::size_t i = 0; i < 24; ++i) hours[i] = Decimal{i >= 12 && i < 20 ? 100 : 10, 0};
  EXPECT_EQ(day_max_8h(hours, day_rules(), d("160"))->round(0), d("100"));
  // Hours 12…19 hold 100; without two of them the window has still six: mean of 6 × 100.
  hours[13].reset();
  hours[14].reset();
  EXPECT_EQ(day_max_8h(hours, day_rules(), d("160"))->round(0), d("100"));
}

TEST(AirDay, ShortDayCountsOnlyWhenItExceedsTheLimit) {  // HJ 663 §6.1.2: 14 means
  DayHours hours{};
  for (std::size_t i = 0; i < 18; ++i) hours[i] = d("150");
  // Windows ending at 8…20 have six hours: 13 of them.
  EXPECT_FALSE(day_max_8h(hours, day_rules(), d("160")));
  EXPECT_TRUE(day_max_8h(hours, day_rules(), d("149")));
  hours[18] = d("150");
  EXPECT_TRUE(day_max_8h(hours, day_rules(), d("160")));
}

AirYearRules year_rules(std::string_view day) {
  return AirYearRules::load(shipped_standards(), at(day), {}).value();
}

std::vector<PollutantYear> one_day_each(const AirYearRules& rules,
                                        const std::map<std::string, std::string>& values) {
  std::vector<PollutantYear> result;
  const std::vector<int> months{7};
  for (const AirStatisticRule& rule : rules.pollutants) {
    const std::vector<DayValue> days{{7, d(values.at(rule.pollutant))}};
    result.push_back(judge_pollutant(rules, rule, days, months));
  }
  return result;
}

// Worked example of a public notice (每日气象「呼伦贝尔」, 2023-01-26): 21/35 + 39/70 + 9/60 + 15/40 + 192/160 + 0.7/4 = 3.06, rounded once.
// Authorities add single indices of two digits (published_composite_test.cpp): 0.60 + 0.56 + 0.15 + 0.38 + 1.20 + 0.18 = 3.07.
TEST(AirYear, CompositeIndexAddsSingleIndicesRoundedAsTheRulesSay) {
  AirYearRules rules = year_rules("2022-07-31");
  const std::map<std::string, std::string> notice{{"PM2.5", "21"}, {"PM10", "39"}, {"SO2", "9"},
                                                  {"NO2", "15"},   {"O3", "192"},  {"CO", "0.7"}};
  const auto index = composite_index(rules, one_day_each(rules, notice));
  ASSERT_TRUE(index);
  EXPECT_EQ(index->value, d("3.07"));
  EXPECT_EQ(index->main, std::vector<std::string>{"O3"});
  rules.single_decimals = 12;
  EXPECT_EQ(composite_index(rules, one_day_each(rules, notice))->value, d("3.06"));
}

TEST(AirYear, LimitsOf2026AreInTheIndexFromTheirDayOn) {
  const AirYearRules rules = year_rules("2026-07-31");
  // 21/30 + 39/60 + 9/60 + 15/40 + 192/160 + 0.7/4 = 3.25
  const auto index = composite_index(
      rules,
      one_day_each(rules,
                   {{"PM2.5", "21"}, {"PM10", "39"}, {"SO2", "9"}, {"NO2", "15"}, {"O3", "192"}, {"CO", "0.7"}}));
  EXPECT_EQ(index->value, d("3.25"));
  EXPECT_EQ(rules.standard, "GB 3095-2026 + HJ 663-2026");
  EXPECT_EQ(rules.verification, standards::Verification::unverified);  // the index of 2026 is not confirmed
}

TEST(AirYear, StandardIsNamedByItsLimitsOrByItsRules) {
  for (const char* edition : {"GB 3095-2012", "HJ 663-2013"})
    EXPECT_EQ(AirYearRules::load(shipped_standards(), at("2026-12-31"), {edition, 2, "rank2014"}).value().standard,
              "GB 3095-2012 + HJ 663-2013");
  EXPECT_FALSE(AirYearRules::load(shipped_standards(), at("2026-12-31"), {"GB 1-1900", 2, "rank2014"}));
}

TEST(AirYear, FinalLimitsAreInForceFrom2031) {  // GB 3095-2026 §4.4
  for (const AirStatisticRule& rule : year_rules("2031-12-31").pollutants) {
    if (rule.pollutant == "PM2.5") EXPECT_EQ(rule.annual_limit, d("25"));
    if (rule.pollutant == "NO2") EXPECT_EQ(rule.daily_limit, d("50"));
  }
}

TEST(AirYear, VerdictNeedsMeanAndPercentileAndEnoughDays) {
  const AirYearRules rules = year_rules("2025-12-31");
  const auto& pm25 = *std::find_if(rules.pollutants.begin(), rules.pollutants.end(),
                                   [](const auto& rule) { return rule.pollutant == "PM2.5"; });
  std::vector<int> months;
  std::vector<DayValue> days;
  for (int month = 1; month <= 12; ++month) {
    months.push_back(month);
    for (int day = 0; day < (month == 2 ? 28 : 30); ++day) days.push_back({month, d("30")});
  }
  // 358 days of 30; twenty of 100: mean 33.9 → 34 within 35, 95th percentile 100 beyond 75.
  for (std::size_t i = 0; i < 20; ++i) days[i * 17].value = d("100");
  const PollutantYear year = judge_pollutant(rules, pm25, days, months);
  EXPECT_TRUE(year.complete);
  EXPECT_EQ(year.mean, d("34"));
  EXPECT_EQ(year.percentile, d("100"));
  EXPECT_EQ(year.mean_multiple, std::nullopt);
  EXPECT_EQ(year.percentile_multiple, d("0.33"));
  EXPECT_EQ(year.exceed_days, 20U);
  EXPECT_EQ(year.rate, d("94.4"));  // 338/358
  EXPECT_EQ(year.compliant, false);
  days.erase(std::remove_if(days.begin(), days.end(),
                            [n = 0](const DayValue& v) mutable { return v.month == 2 && n++ < 4; }),
             days.end());
  EXPECT_EQ(judge_pollutant(rules, pm25, days, months).compliant, std::nullopt);  // 24 days in February
}

TEST(AirYear, TiesShareAPlaceAndTheNextIsLeftOut) {
  const std::vector<std::optional<Decimal>> values{d("3.10"), d("2.5"), std::nullopt, d("3.1"), d("4")};
  EXPECT_EQ(ranks(values), (std::vector<std::optional<int>>{2, 1, std::nullopt, 2, 4}));
}

TEST(AirYear, SheetRanksSitesAndNamesTheStandard) {
  std::string table = "code,time,pm25,pm10,so2,no2,co,o3\n";
  for (const char* code : {"A", "B", "C"}) {
    for (int day = 1; day <= 30; ++day)
      table += fmt::format("{},2026-04-{:02},{},39,9,15,0.7,150\n", code, day, *code == 'C' ? 24 : 21);
  }
  AirYearSheet sheet;
  sheet.by_month = true;
  const std::string out = judged(table, [&](const SheetRun& run) { return air_year_sheet(run, sheet); });
  EXPECT_EQ(out,
            "code,time,days,index_days,good_days,good_rate,level_1,level_2,level_3,level_4,level_5,level_6,"
            "pm25,pm10,so2,no2,co,o3,complete,compliant,composite,main,rank,standard,verification\n"
            "A,2026-04,30,30,30,100.0,0,30,0,0,0,0,21.0,39.0,9.0,15.0,0.70,150.0,yes,,2.99,O3,1,GB 3095-2026 + HJ "
            "663-2026,UNVERIFIED\n"
            "B,2026-04,30,30,30,100.0,0,30,0,0,0,0,21.0,39.0,9.0,15.0,0.70,150.0,yes,,2.99,O3,1,GB 3095-2026 + HJ "
            "663-2026,UNVERIFIED\n"
            "C,2026-04,30,30,30,100.0,0,30,0,0,0,0,24.0,39.0,9.0,15.0,0.70,150.0,yes,,3.09,O3,3,GB 3095-2026 + HJ "
            "663-2026,UNVERIFIED\n");
}

TEST(AirYear, HoursBecomeDaysAndSitesBecomeACity) {
  std::string table = "code,city,time,pm25,pm10,so2,no2,co,o3\n";
  for (const char* code : {"A", "B"}) {
    for (int hour = 1; hour <= 24; ++hour) {
      const std::string time = hour == 24 ? "2026-04-02 00:00" : fmt::format("2026-04-01 {:02}:00", hour);
      // Site B lacks five hours of PM2.5: no day there, half of the sites is enough for a city with two.
      table += fmt::format("{},X,{},{},{},9,15,0.75,{}\n", code, time, *code == 'B' && hour <= 5 ? "" : "20",
                           *code == 'B' ? 41 : 40, hour >= 17 ? 80 : 20);
    }
  }
  AirYearSheet sheet;
  sheet.rows = AqiReport::hourly;
  sheet.by_month = true;
  sheet.by_pollutant = true;
  sheet.group_by = "city";
  const std::string out = judged(table, [&](const SheetRun& run) { return air_year_sheet(run, sheet); });
  EXPECT_NE(out.find("X,2026-04,PM2.5,1,no,20.0,30,,"), std::string::npos) << out;
  EXPECT_NE(out.find("X,2026-04,PM10,1,no,40.0,60,,"), std::string::npos) << out;  // 40.5 → 40, half to even
  EXPECT_NE(out.find("X,2026-04,O3,1,no,80.0,,,90,80.0,160,,"), std::string::npos) << out;
  EXPECT_NE(out.find("X,2026-04,CO,1,no,0.80,,,95,0.80,4,,"), std::string::npos) << out;  // 0.75 → 0.8
}

TEST(AirYear, RowsOfASiteMustBeInTheOrderOfTime) {
  AirYearSheet sheet;
  const std::string out =
      judged("code,time,pm25,pm10,so2,no2,co,o3\nA,2026-04-02,1,1,1,1,1,1\nA,2026-04-01,1,1,1,1,1,1\n",
             [&](const SheetRun& run) { return air_year_sheet(run, sheet); });
  EXPECT_EQ(out, "error: row 2 (line 3), column time: the rows of A must be in the order of time");
}

// Volume-weighted mean by hand: (10^-4·10 + 10^-6·30)/40 → pH 4.589; memory grades: below 5.0.
TEST(Precipitation, PhIsWeightedByVolumeThroughItsIons) {
  const std::vector<RainSample> samples{{d("4"), d("10")}, {d("6"), d("30")}};
  const auto result = judge_precipitation(shipped_standards(), at("2026-04-01"), samples).value();
  EXPECT_NEAR(*result.ph, -std::log10((1e-4 * 10 + 1e-6 * 30) / 40), 1e-12);
  EXPECT_EQ(result.acid_frequency, d("50.0"));
  EXPECT_EQ(result.grade->text("name_zh"), "较重酸雨");
  EXPECT_EQ(result.verification, standards::Verification::unverified);
}

}  // namespace
}  // namespace mj::assess
