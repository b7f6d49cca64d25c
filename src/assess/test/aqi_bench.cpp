// Station-hours judged per second and core, in memory.

#include <benchmark/benchmark.h>

#include <random>

#include "mj/assess/aqi_table.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {
namespace {

void hourly_index(benchmark::State& state) {
  const auto set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  const AqiTable table(*set.aqi(parse_iso("2026-04-01").value()), AqiReport::hourly);
  constexpr std::size_t kRows = 1'000'000;
  constexpr std::size_t kItems = 6;
  std::mt19937_64 random(1);
  const auto any = [&](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
  };
  std::vector<std::array<Decimal, kItems>> rows(kRows);
  for (auto& row : rows) {
    // As published: whole µg/m³, CO with one digit; every tenth row has digits that must be rounded first.
    const bool fine = any(10) == 0;
    for (std::size_t i = 0; i < kItems; ++i) {
      const std::int64_t value = any(i == 4 ? 30 : 200);
      const std::uint8_t decimals = i == 4 ? 1 : 0;
      row[i] = fine ? Decimal{value * 100 + any(100), static_cast<std::uint8_t>(decimals + 2)}
                    : Decimal{value, decimals};
    }
  }
  std::int64_t sum = 0;
  for (auto _ : state) {
    for (const auto& row : rows) sum += table.evaluate(row, 0x3F).aqi;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(hourly_index)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mj::assess
