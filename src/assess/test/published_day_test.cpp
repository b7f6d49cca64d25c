// Means of days as published by the national network, from its published hours. Where they differ, the hours that were published are not
// those that the mean was made of; each class is named and counted below (February to May 2026, Chongqing).

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <map>

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

/// Published hours of the stations: by station and end of the hour.
struct PublishedHour {
  std::map<std::string, Decimal, std::less<>> value;
};
using PublishedHours = std::map<std::string, std::map<Instant, PublishedHour>>;

PublishedHours hours_of_the_province(std::FILE* pipe) {
  SheetReader reader([pipe](std::span<char> into) -> Result<std::size_t> {
    return std::fread(into.data(), 1, into.size(), pipe);
  });
  PublishedHours hours;
  if (!reader.open()) return hours;
  const std::size_t time = *reader.find("time");
  std::vector<std::pair<std::string, std::size_t>> columns;
  for (const char* pollutant : {"pm25", "pm10", "so2", "no2", "co"}) {
    columns.emplace_back(pollutant, *reader.find(pollutant));
    columns.emplace_back(std::string(pollutant) + "_24h", *reader.find(std::string(pollutant) + "_24h"));
  }
  while (reader.next().value()) {
    PublishedHour& hour = hours[std::string(reader.cell(0))][reader.time(time).value()];
    for (const auto& [name, column] : columns) {
      if (const auto value = reader.number(column).value()) hour.value.emplace(name, *value);
    }
  }
  return hours;
}

/// What became of the whole days of a pollutant.
struct Agreement {
  std::size_t equal = 0;
  std::size_t tie = 0;     ///< the exact mean lies in the middle between two figures
  std::size_t lowest = 0;  ///< one of its hours is published as the lowest figure there is
  std::vector<std::string> other;
};

/// `lowest`: 0 = the pollutant has none.
Agreement compare_days(const PublishedHours& stations, std::string_view pollutant, std::uint8_t decimals,
                       std::int64_t lowest) {
  constexpr std::int64_t kHour = 3'600'000;
  const AirDayRules rules = AirDayRules::load(shipped_standards(), parse_iso("2026-04-01").value()).value();
  Agreement agreement;
  for (const auto& [code, hours] : stations) {
    for (const auto& [end, last] : hours) {
      const auto published = last.value.find(std::string(pollutant) + "_24h");
      if (to_beijing(end).hour != 0 || published == last.value.end()) continue;
      DayHours day;
      bool any_lowest = false;
      for (int hour = 0; hour < 24; ++hour) {
        const auto found = hours.find(end.plus_ms((hour - 23) * kHour));
        if (found == hours.end()) continue;
        const auto value = found->second.value.find(pollutant);
        if (value == found->second.value.end()) continue;
        day[static_cast<std::size_t>(hour)] = value->second;
        any_lowest = any_lowest || (lowest > 0 && compare(value->second, Decimal{lowest, 0}) == 0);
      }
      // Hours that were published empty may well have been in the mean: such days say nothing.
      if (!std::all_of(day.begin(), day.end(), [](const auto& hour) { return hour.has_value(); })) continue;
      const Exact mean = day_mean(day, rules).value();
      const Decimal rounded = mean.round(decimals).value();
      // Twice the mean, in units of the last digit, is an odd whole number exactly in the middle.
      const Decimal twice = (mean + mean).round(decimals).value();
      const bool tie = Exact::compare(mean + mean, twice) == 0 && twice.mantissa % 2 != 0;
      if (compare(rounded, published->second) == 0) {
        ++agreement.equal;
      } else if (any_lowest) {
        ++agreement.lowest;
      } else if (tie) {
        ++agreement.tie;
      } else {
        agreement.other.push_back(fmt::format("{} {}: {} published as {}", code, to_iso(end), to_text(rounded),
                                              to_text(published->second)));
      }
    }
  }
  return agreement;
}

// The hours of a day are those labelled 1 to 24. Differences, each counted by an independent program (Python, decimal):
// - CO: all 38 lie exactly in the middle between two figures. 41 other middles round to even; of the usual rules (half to even, half
//   up, half down, binary sums of either precision in either order) none gives more than 44 of the 79. No other mean of 1,991 differs.
// - PM10 (3 days) and PM2.5 (141 days): only where an hour is published as 6 or as 3, the lowest figures there are. What the instrument
//   measured then is not published; the mean of the day was made of it. Without such an hour no day differs.
TEST(PublishedDay, EveryDifferenceOfAWholeDayIsExplained) {
  const std::string path = MJ_SOURCE_DIR "/../shared/data/air_cn_hourly_2026/chongqing_hourly_202602_05.csv.zst";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the full data set is not here";
  std::FILE* pipe = ::popen(("zstd -dc --long=27 '" + path + "'").c_str(), "r");
  if (pipe == nullptr) GTEST_SKIP() << "zstd is not here";
  const PublishedHours stations = hours_of_the_province(pipe);
  ::pclose(pipe);
  ASSERT_EQ(stations.size(), 35U);
  struct Expected {
    const char* pollutant;
    std::uint8_t decimals;
    std::int64_t lowest;
    std::size_t equal, tie, by_lowest;
  };
  for (const Expected& expected :
       {Expected{"so2", 0, 0, 1854, 0, 0}, Expected{"no2", 0, 0, 1788, 0, 0}, Expected{"co", 1, 0, 1953, 38, 0},
        Expected{"pm10", 0, 6, 1162, 0, 3}, Expected{"pm25", 0, 3, 1986, 0, 141}}) {
    const Agreement found = compare_days(stations, expected.pollutant, expected.decimals, expected.lowest);
    EXPECT_EQ(found.equal, expected.equal) << expected.pollutant;
    EXPECT_EQ(found.tie, expected.tie) << expected.pollutant;
    EXPECT_EQ(found.lowest, expected.by_lowest) << expected.pollutant;
    EXPECT_TRUE(found.other.empty()) << expected.pollutant << ": " << found.other.front();
  }
}

}  // namespace
}  // namespace mj::assess
