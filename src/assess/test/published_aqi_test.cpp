// The hourly AQI as published by the national network is reproduced from the published concentrations.

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "mj/assess/aqi.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {
namespace {

const standards::StandardSet& shipped() {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set;
}

struct Published {
  std::string code;
  Instant hour;  ///< its start
  std::string primary;
  std::optional<int> aqi;
  std::map<std::string, std::string> values;
};

/// Splits a line whose only quoted cell is the list of primary pollutants.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back().push_back(c);
    }
  }
  return cells;
}

template <typename Lines>
std::vector<Published> read(Lines&& next_line) {
  std::vector<Published> rows;
  std::vector<std::string> header;
  std::string line;
  while (next_line(line)) {
    if (line.starts_with('#') || line.empty()) continue;
    if (header.empty()) {
      header = split(line);
      continue;
    }
    const auto cells = split(line);
    Published row;
    for (std::size_t i = 0; i < header.size(); ++i) row.values[header[i]] = cells.at(i);
    row.code = row.values["code"];
    // The label is the end of the hour.
    row.hour = parse_iso(row.values["time"]).value().plus_ms(-3'600'000);
    row.primary = row.values["primary"];
    if (!row.values["aqi"].empty()) row.aqi = std::stoi(row.values["aqi"]);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::pair<std::string, std::string>> columns() {
  return {{"a34004", "pm25"}, {"a34002", "pm10"}, {"a21026", "so2"},
          {"a21004", "no2"},  {"a21005", "co"},   {"a05024", "o3"}};
}

bool complete(const Published& row) {
  const auto all = columns();
  return row.aqi &&
         std::all_of(all.begin(), all.end(), [&](const auto& c) { return !row.values.at(c.second).empty(); });
}

Aqi computed(const Published& row) {
  std::vector<Concentration> hour;
  const auto all = columns();
  for (const auto& [factor, column] : all) hour.push_back({factor, parse_decimal(row.values.at(column)).value()});
  return hourly_aqi(*shipped().aqi(row.hour), hour);
}

TEST(PublishedAqi, SampleAroundTheChangeOfStandardIsReproducedExactly) {
  std::ifstream file(MJ_TESTDATA "/aqi_published.csv");
  const auto rows = read([&](std::string& line) { return static_cast<bool>(std::getline(file, line)); });
  ASSERT_GT(rows.size(), 150U);
  std::size_t old_standard = 0;
  for (const Published& row : rows) {
    ASSERT_TRUE(complete(row));
    EXPECT_EQ(computed(row).value, row.aqi) << row.code << " " << to_iso(row.hour);
    if (row.hour < parse_iso("2026-03-01").value()) ++old_standard;
  }
  EXPECT_GT(old_standard, 50U);
}

TEST(PublishedAqi, PrimaryPollutantsOfTheSampleAreReproduced) {
  const std::map<std::string, std::string> kNames{{"a34004", "细颗粒物(PM2.5)"}, {"a34002", "颗粒物(PM10)"},
                                                  {"a21026", "二氧化硫(SO2)"},   {"a21004", "二氧化氮(NO2)"},
                                                  {"a21005", "一氧化碳(CO)"},    {"a05024", "臭氧1小时(O3_1h)"}};
  std::ifstream file(MJ_TESTDATA "/aqi_published.csv");
  for (const Published& row :
       read([&](std::string& line) { return static_cast<bool>(std::getline(file, line)); })) {
    const Aqi aqi = computed(row);
    std::set<std::string> names;
    for (const std::string& factor : aqi.primary) names.insert(kNames.at(factor));
    std::set<std::string> published;
    std::stringstream list(row.primary);
    for (std::string name; std::getline(list, name, ',');) published.insert(name);
    EXPECT_EQ(names, published) << row.code << " " << to_iso(row.hour);
  }
}

TEST(PublishedAqi, AllCompleteChongqingHoursAgreeInAtLeast999Permille) {
  const std::string path = MJ_SOURCE_DIR "/../shared/data/air_cn_hourly_2026/chongqing_hourly_202602_05.csv.zst";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the full data set is not here";
  std::FILE* pipe = ::popen(("zstd -dc --long=27 '" + path + "'").c_str(), "r");
  if (pipe == nullptr) GTEST_SKIP() << "zstd is not here";
  std::array<char, 512> buffer{};
  const auto rows = read([&](std::string& line) {
    if (std::fgets(buffer.data(), buffer.size(), pipe) == nullptr) return false;
    line = buffer.data();
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return true;
  });
  ::pclose(pipe);
  std::size_t judged = 0;
  std::size_t equal = 0;
  for (const Published& row : rows) {
    if (!complete(row)) continue;
    ++judged;
    equal += computed(row).value == row.aqi ? 1U : 0U;
  }
  ASSERT_GT(judged, 60'000U);
  EXPECT_GE(static_cast<double>(equal), 0.999 * static_cast<double>(judged)) << equal << " of " << judged;
  std::cout << "equal: " << equal << " of " << judged << " complete hours\n";
}

}  // namespace
}  // namespace mj::assess
