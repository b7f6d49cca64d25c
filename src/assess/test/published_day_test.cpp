// Means of days as published by the national network, from its published hours. Over all 1,783 whole station-days of Chongqing from
// February to May 2026 the daily maximum 8 h mean of ozone and the means of SO2 and NO2 agree without exception, and only
// with halves rounded to even.

#include <gtest/gtest.h>

#include <cstdio>

#include "mj/assess/air_day.hpp"
#include "sheet_reader.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

TEST(PublishedDay, MeansAndOzoneMaximumOfTheSampleAreReproduced) {
  std::FILE* file = std::fopen(MJ_TESTDATA "/day_published.csv", "rb");
  ASSERT_NE(file, nullptr);
  SheetReader reader([file](std::span<char> into) -> Result<std::size_t> {
    return std::fread(into.data(), 1, into.size(), file);
  });
  ASSERT_TRUE(reader.open());
  const auto number = [&](std::string_view column) { return reader.number(*reader.find(column)).value(); };
  const AirDayRules rules = AirDayRules::load(shipped_standards(), parse_iso("2026-04-01").value()).value();
  std::map<std::string, DayHours> hours;
  std::size_t days = 0;
  while (reader.next().value()) {
    const Instant end = reader.time(*reader.find("time")).value();
    const auto hour = static_cast<std::size_t>(to_beijing(end.plus_ms(-3'600'000)).hour);
    for (const char* pollutant : {"so2", "no2", "pm10", "o3"}) hours[pollutant][hour] = number(pollutant);
    if (hour != 23) continue;
    ++days;
    const std::string where = std::string(reader.cell(0)) + " " + std::string(reader.cell(1));
    for (const char* pollutant : {"so2", "no2", "pm10"}) {
      EXPECT_EQ(day_mean(hours[pollutant], rules)->round(0), number(std::string(pollutant) + "_24h"))
          << where << " " << pollutant;
    }
    EXPECT_EQ(day_max_8h(hours["o3"], rules, Decimal{160, 0})->round(0), number("o3_8h")) << where;
    hours.clear();
  }
  std::fclose(file);
  EXPECT_EQ(days, 8U);
}

}  // namespace
}  // namespace mj::assess
