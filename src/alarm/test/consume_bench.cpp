// What an entry costs the alarm book: one that no limit covers, and one that is judged.

#include <benchmark/benchmark.h>

#include "scene.hpp"
#include "written_log.hpp"

namespace mj::alarm {
namespace {

void fill(WrittenLog& log, std::string_view device, std::int64_t entries) {
  for (std::int64_t i = 0; i < entries; ++i) {
    const Instant at = kBegin.plus_ms(i * 1000);
    if (i % 1000 == 0) static_cast<void>(log.get());
    log.add(evidence_format::EntryType::frame, at, device,
            upload(device, at,
                   "w01018-Rtd=20.0,w01018-Flag=N;w21003-Rtd=1.0,w21003-Flag=N;w01001-Rtd=7.1,w01001-Flag=N"));
  }
}

void consume(benchmark::State& state, std::string_view device) {
  WrittenLog log;
  constexpr std::int64_t kEntries = 100'000;
  fill(log, device, kEntries);
  static_cast<void>(log.get());
  for (auto _ : state) {
    state.PauseTiming();
    const ScratchDirectory directory;
    auto book = open_book(directory.path());
    state.ResumeTiming();
    consume_all(*book, log.get());
  }
  state.SetItemsProcessed(state.iterations() * kEntries);
}

void passed_over(benchmark::State& state) { consume(state, "500000002200000000000001"); }
void judged(benchmark::State& state) { consume(state, kDevice); }
BENCHMARK(passed_over)->Unit(benchmark::kMillisecond);
BENCHMARK(judged)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mj::alarm
