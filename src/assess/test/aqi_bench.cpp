// Station-hours judged per second and core, in memory: random ones, or the complete rows of the table that MJ_BENCH_TABLE names
// (code,time,pm25,pm10,so2,no2,co,o3; ascending by code and time), so that bench/aqi_peers.py has the same rows for everybody.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "mj/assess/air_day.hpp"
#include "mj/assess/aqi_table.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {
namespace {

constexpr std::size_t kItems = 6;
using Row = std::array<Decimal, kItems>;

const standards::StandardSet& shipped() {
  static const auto set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set;
}
Instant april() { return parse_iso("2026-04-01").value(); }

/// The hours of one site and day in the order in which they came.
struct Day {
  std::vector<std::pair<std::size_t, Row>> hours;
};
struct Table {
  std::vector<Row> rows;
  std::vector<Day> days;
};

/// As published: whole µg/m³, CO with one digit; every tenth row has digits that must be rounded first.
Table random_table() {
  constexpr std::size_t kRows = 1'000'000;
  std::mt19937_64 random(1);
  const auto any = [&](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
  };
  Table table;
  table.rows.resize(kRows);
  for (std::size_t row = 0; row < kRows; ++row) {
    const bool fine = any(10) == 0;
    for (std::size_t i = 0; i < kItems; ++i) {
      const std::int64_t value = any(i == 4 ? 30 : 200);
      const std::uint8_t decimals = i == 4 ? 1 : 0;
      table.rows[row][i] = fine ? Decimal{value * 100 + any(100), static_cast<std::uint8_t>(decimals + 2)}
                                : Decimal{value, decimals};
    }
    if (row % 24 == 0) table.days.emplace_back();
    table.days.back().hours.emplace_back(row % 24, table.rows[row]);
  }
  return table;
}

Table table_of_file(const char* path) {
  const AqiTable judge(*shipped().aqi(april()), AqiReport::hourly);
  const std::map<std::string_view, std::size_t> columns{{"PM2.5", 2}, {"PM10", 3}, {"SO2", 4},
                                                        {"NO2", 5},   {"CO", 6},   {"O3", 7}};
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  Table table;
  std::string before;
  while (std::getline(file, line)) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
    Row row;
    for (std::size_t i = 0; i < kItems; ++i)
      row[i] = parse_decimal(fields.at(columns.at(judge.items()[i].pollutant))).value();
    // The hour that ends at midnight is the last of the day before; for the speed it is the first of the next.
    const std::string day = fields[0] + fields[1].substr(0, 10);
    if (day != before) table.days.emplace_back();
    before = day;
    table.days.back().hours.emplace_back(static_cast<std::size_t>(std::stoi(fields[1].substr(11, 2))), row);
    table.rows.push_back(row);
  }
  return table;
}

const Table& table() {
  static const Table table =
      std::getenv("MJ_BENCH_TABLE") != nullptr ? table_of_file(std::getenv("MJ_BENCH_TABLE")) : random_table();
  return table;
}

void hourly_index(benchmark::State& state) {
  const AqiTable judge(*shipped().aqi(april()), AqiReport::hourly);
  const std::vector<Row>& rows = table().rows;
  std::int64_t sum = 0;
  for (auto _ : state) {
    for (const Row& row : rows) sum += judge.evaluate(row, 0x3F).aqi;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}
BENCHMARK(hourly_index)->Unit(benchmark::kMillisecond);

/// Daily means of six pollutants and the daily maximum of ozone over eight hours, from hours in memory.
void days_of_hours(benchmark::State& state) {
  const AirDayRules rules = AirDayRules::load(shipped(), april()).value();
  const Decimal limit = parse_decimal("160").value();
  const AqiTable judge(*shipped().aqi(april()), AqiReport::hourly);
  const auto ozone =
      static_cast<std::size_t>(std::find_if(judge.items().begin(), judge.items().end(),
                                            [](const auto& item) { return item.pollutant == "O3"; }) -
                               judge.items().begin());
  std::int64_t known = 0;
  for (auto _ : state) {
    for (const Day& day : table().days) {
      for (std::size_t i = 0; i < kItems; ++i) {
        DayHours hours{};
        for (const auto& [hour, row] : day.hours) hours[hour] = row[i];
        if (const auto mean = day_mean(hours, rules)) known += mean->round(0)->mantissa >= 0;
        if (i != ozone) continue;
        if (const auto greatest = day_max_8h(hours, rules, limit)) known += greatest->round(0)->mantissa >= 0;
      }
    }
    benchmark::DoNotOptimize(known);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table().rows.size()));
}
BENCHMARK(days_of_hours)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mj::assess
