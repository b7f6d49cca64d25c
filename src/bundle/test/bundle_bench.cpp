#include <benchmark/benchmark.h>

#include "mj/bundle/verify.hpp"
#include "sample_bundles.hpp"

namespace mj::bundle::test {
namespace {

/// A station-year of hours: 8,760 packets of ten values, stated day by day, among as many of another device.
std::string station_year() {
  SampleLog log;
  Said said;
  bool stated = false;
  std::vector<std::uint64_t> entries;
  std::vector<std::uint64_t> statements;
  Document document;
  document.device = kMn;
  document.from = *parse_iso("2026-01-01");
  document.to = *parse_iso("2027-01-01");
  Steps steps{document};
  std::uint64_t from = 0;
  for (int day = 0; day < 365; ++day) {
    const Instant midnight = document.from.plus_ms(day * 24LL * 3600'000);
    for (int hour = 0; hour < 24; ++hour) {
      std::string values;
      for (int factor = 0; factor < 10; ++factor)
        values +=
            fmt::format("{}a{:05}-Avg={}.{},a{:05}-Flag=N", factor == 0 ? "" : ";", factor, hour, factor, factor);
      const std::string time = to_compact(midnight.plus_ms(hour * 3600'000LL));
      entries.push_back(log.upload(kMn, "22", "2061", time, values));
      for (int factor = 0; factor < 10; ++factor)
        steps.field(entries.back(), fmt::format("a{:05}-Avg", factor), static_cast<std::uint32_t>(factor + 1),
                    fmt::format("{}.{}", hour, factor));
      log.upload(kOtherMn, "22", "2061", time, values);
    }
    said = state(log, kMn, from, log.size(), stated ? &said : nullptr);
    stated = true;
    from = log.size();
    statements.push_back(append_statement(log, to_iso(midnight).substr(0, 10), said));
    entries.push_back(statements.back());
  }
  log.fill(document, entries, log.size(), log.newest_pair());
  document.statements = statements;
  return write_document(document);
}

void BM_VerifyStationYear(benchmark::State& bench) {
  const std::string bundle = station_year();
  for (auto _ : bench) {
    const Verdict verdict = verify(bundle, Trust{});
    if (!verdict.ok) bench.SkipWithError("the bundle of the station-year is refused");
    benchmark::DoNotOptimize(verdict);
  }
  bench.counters["MB"] = static_cast<double>(bundle.size()) / 1e6;
  bench.counters["packets"] = 8760;
}
BENCHMARK(BM_VerifyStationYear)->Unit(benchmark::kMillisecond);

void BM_VerifyValue(benchmark::State& bench) {
  SampleLog log;
  fill_with_hours(log);
  const std::string bundle = write_document(value_document(log));
  for (auto _ : bench) {
    const Verdict verdict = verify(bundle, Trust{});
    if (!verdict.ok) bench.SkipWithError("the bundle of the value is refused");
    benchmark::DoNotOptimize(verdict);
  }
}
BENCHMARK(BM_VerifyValue)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mj::bundle::test
