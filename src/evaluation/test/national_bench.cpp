// A year of the national network: 1,600 stations × 8,760 h × 6 pollutants (84 million values) evaluated to days, months, quarters,
// the year, 340 cities and their ranking, from a settled series store on disk. The store is filled once, through the store's own
// tables; a day in a thousand is missing hours. MJ_BENCH_DAYS and MJ_BENCH_STATIONS make it smaller, MJ_BENCH_MEMORY_MB sets the limit
// of each database.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

#include "mj/duck/duck.hpp"
#include "mj/runtime/clock.hpp"
#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

constexpr std::int64_t kBenchHour = 3'600'000;
constexpr int kBenchCities = 340;
constexpr std::array<const char*, 6> kBenchFactors{"a34004", "a34002", "a21026", "a21004", "a21005", "a05024"};

int number_of(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

std::uint64_t scrambled(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

struct National {
  int stations = number_of("MJ_BENCH_STATIONS", 1600);
  int days = number_of("MJ_BENCH_DAYS", 365);
  std::uint64_t memory = static_cast<std::uint64_t>(number_of("MJ_BENCH_MEMORY_MB", 512)) << 20;
  ScratchFolder folder;
  registry::Network network = registry::Network::from_points({}).value();
  std::unique_ptr<registry::DeviceRegister> devices =
      registry::DeviceRegister::open(folder.path(), network).value();
  std::unique_ptr<telemetry::Store> values;
  std::vector<registry::PointView> views;

  National() {
    for (int i = 0; i < stations; ++i) {
      registry::PointView view = point_view(fmt::format("air-{:04}A", i), "air",
                                            fmt::format("{:06}", 110000 + i % kBenchCities * 100), "");
      view.reporters = {fmt::format("cnemc/{:04}A", i)};
      views.push_back(std::move(view));
    }
    const std::int64_t began = runtime::steady_ms();
    fill();
    telemetry::StoreOptions options;
    options.memory_bytes = memory;
    values = telemetry::Store::open(folder.path() / "telemetry", network, *devices, options).value();
    std::fprintf(stderr, "store of %lld values made in %.1f s\n", static_cast<long long>(values->size().values),
                 static_cast<double>(runtime::steady_ms() - began) / 1000);
  }

  void check(const Status& done) {
    if (!done) {
      std::fprintf(stderr, "%s\n", done.error().text().c_str());
      std::abort();
    }
  }

  void fill() {
    {
      const auto made = telemetry::Store::open(folder.path() / "telemetry", network, *devices, {}).value();
    }
    const auto database =
        duck::Database::open(folder.path() / "telemetry" / "telemetry.duckdb", 2ULL << 30, 2).value();
    const auto connection = duck::Connection::open(database).value();
    check(connection->run("BEGIN TRANSACTION"));
    check(connection->run("INSERT INTO form VALUES (0, 0, false, 0, '', false), (1, 1, false, 0, '', false)"));
    check(connection->run(fmt::format(
        "INSERT INTO stream SELECT i, format('cnemc/{{:04d}}A', i), '22', '2061' FROM range({}) t(i)", stations)));
    std::string factors;
    for (const char* factor : kBenchFactors) factors += fmt::format("{}'{}'", factors.empty() ? "" : ",", factor);
    check(connection->run(
        fmt::format("INSERT INTO series SELECT i * 6 + f, i, [{}][f + 1], 'Avg' FROM range({}) s(i), "
                    "range(6) k(f) ORDER BY i, f",
                    factors, stations)));
    auto writer = duck::Writer::open(*connection, "settled",
                                     {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_DOUBLE,
                                      DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UBIGINT})
                      .value();
    const std::int64_t begin = time("2025-01-01").ms();
    std::uint64_t entry = 0;
    for (int station = 0; station < stations; ++station) {
      for (int factor = 0; factor < 6; ++factor) {
        const int base = std::array{35, 60, 8, 25, 6, 60}[static_cast<std::size_t>(factor)] + station % 20;
        for (int hour = 0; hour < days * 24; ++hour) {
          const std::uint64_t noise = scrambled(static_cast<std::uint64_t>(hour) * 1'000'003ULL +
                                                static_cast<std::uint64_t>(station * 6 + factor));
          if (scrambled(static_cast<std::uint64_t>(hour / 24 * 1600 + station)) % 1000 == 0 && noise % 3 == 0)
            continue;
          const int value = base + static_cast<int>(noise % 30) + (factor == 5 ? (hour % 24) * 3 : 0);
          writer->put(0, static_cast<std::uint32_t>(station * 6 + factor));
          writer->put(1, begin + hour * kBenchHour);
          writer->put(2, factor == 4 ? value / 10.0 : static_cast<double>(value));
          writer->put(3, std::uint32_t{factor == 4 ? 1U : 0U});
          writer->put(4, static_cast<std::uint64_t>(hour));
          check(writer->next_row());
          ++entry;
        }
      }
    }
    check(writer->close());
    check(connection->run("DELETE FROM ledger"));
    check(connection->run(
        fmt::format("INSERT INTO ledger VALUES ('position', {}), ('stored_values', {})", days * 24, entry)));
    check(connection->run("COMMIT"));
    check(connection->run("CHECKPOINT"));
  }
};

National& national() {
  static National instance;
  return instance;
}

void scan_of_a_year(benchmark::State& state) {
  National& of = national();
  telemetry::ScanQuery query;
  query.from = time("2025-01-01");
  query.to = time("2026-01-01");
  std::uint64_t values = 0;
  double sum = 0;
  for (auto unused : state) {
    const auto done = of.values->scan(query, [&](const telemetry::ScanGroup& group) -> Status {
      for (const telemetry::ScanSeries& series : group.series) {
        for (const double number : series.number) sum += number;
      }
      return {};
    });
    values += done.value().values;
  }
  benchmark::DoNotOptimize(sum);
  state.counters["values_per_s"] = benchmark::Counter(static_cast<double>(values), benchmark::Counter::kIsRate);
}
BENCHMARK(scan_of_a_year)->Unit(benchmark::kMillisecond)->Iterations(2)->UseRealTime();

void evaluation_of_a_year(benchmark::State& state) {
  National& of = national();
  for (auto unused : state) {
    ResultStoreOptions options;
    options.memory_bytes = of.memory;
    if (!remove_results(of.folder.path() / "evaluation")) std::abort();
    const auto engine = Engine::open(of.folder.path() / "evaluation",
                                     Sources{*of.values, shipped_standards(), [] { return std::uint64_t{1}; },
                                             [&](std::string_view) { return Roster::from_points(of.views); },
                                             [] { return time("2026-06-01"); }},
                                     options)
                            .value();
    std::size_t told = 0;
    const auto runs =
        engine
            ->run(RunRequest{"air", RunKind::full, {}, {}}, {},
                  [&](const evaluation::Run& run) {
                    ++told;
                    if (told % 20 == 0)
                      std::fprintf(stderr, "%.1f M of %.1f M values\n", static_cast<double>(run.done) / 1e6,
                                   static_cast<double>(run.total) / 1e6);
                  })
            .value();
    const std::int64_t evaluated = runtime::steady_ms();
    std::size_t ranked = 0;
    for (const Level level : {Level::point, Level::city}) {
      for (auto month = EvaluationPeriod::parse(PeriodKind::month, "2025-01").value();
           month.begin < time("2026-01-01"); month = month.next())
        ranked += engine->ranking("air", PeriodKind::month, month, level, "composite").value().figures.size();
      ranked += engine->ranking("air", PeriodKind::year, {}, level, "composite").value().figures.size();
      ranked += engine->ranking("air", PeriodKind::year, {}, level, "pm25").value().figures.size();
    }
    state.counters["ranking_s"] = static_cast<double>(runtime::steady_ms() - evaluated) / 1000;
    state.counters["ranked_rows"] = static_cast<double>(ranked);
    state.counters["values"] = static_cast<double>(runs.at(0).done);
    state.counters["results"] = static_cast<double>(runs.at(0).rows);
  }
}
BENCHMARK(evaluation_of_a_year)->Unit(benchmark::kSecond)->Iterations(1)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace mj::evaluation::test
