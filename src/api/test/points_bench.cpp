#include <benchmark/benchmark.h>

#include "points_view.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

constexpr std::size_t kPoints = 2000;

std::string mn(std::size_t i) { return fmt::format("010000A8900016F0{:08X}", i); }

/// A province: 2,000 points with ten series each.
Station& province() {
  static const std::unique_ptr<Station> station = [] {
    std::vector<registry::Point> points;
    for (std::size_t i = 0; i < kPoints; ++i) {
      points.push_back(point(fmt::format("p-{:04}", i),
                             i % 3 == 0 ? registry::Element::air : registry::Element::source, mn(i)));
    }
    auto made = std::make_unique<Station>(std::move(points));
    for (std::size_t i = 0; i < kPoints; ++i) {
      evidence::Batch batch;
      const std::string device = mn(i);
      const std::string air =
          upload(device, "22", "2061", "20260301110000",
                 "a34004-Avg=35,a34004-Flag=N;a34002-Avg=60,a34002-Flag=N;a21026-Avg=8,a21026-Flag=N;"
                 "a21004-Avg=30,a21004-Flag=N;a05024-Avg=90,a05024-Flag=N;a21005-Avg=0.6,a21005-Flag=N");
      const std::string outlet =
          upload(device, "32", "2011", "20260301120000",
                 "w01018-Rtd=12.5,w01018-Flag=N;w01001-Rtd=7.1,w01001-Flag=N;w21003-Rtd=1.2,w21003-Flag=N;"
                 "w21011-Rtd=0.2,w21011-Flag=N;w21001-Rtd=5,w21001-Flag=N;w00000-Rtd=30,w00000-Flag=N");
      for (const std::string& bytes : {air, outlet}) {
        evidence_format::Entry entry;
        entry.received_at = Instant::from_ms(made->now_ms);
        entry.device = device;
        entry.payload = as_bytes(bytes);
        static_cast<void>(batch.add(entry));
      }
      static_cast<void>(made->log->append(std::move(batch), [](const Result<evidence::EntryIndex>&) {}));
    }
    while (made->log->size() < 2 * kPoints) std::this_thread::yield();
    made->settle();
    return made;
  }();
  return *station;
}

/// The state of every point, computed afresh.
void BM_StateOfAllPoints(benchmark::State& state) {
  const Services services = province().services();
  for (auto _ : state) {
    state.PauseTiming();  // a view of its own: it would answer from the state it holds
    PointsView view(services);
    state.ResumeTiming();
    benchmark::DoNotOptimize(view.read());
  }
}
BENCHMARK(BM_StateOfAllPoints)->Unit(benchmark::kMillisecond);

/// The same over HTTP, as a browser asks; mostly from the state kept for half a second.
void BM_GetPoints(benchmark::State& state) {
  const std::uint16_t port = province().port();
  std::size_t bytes = 0;
  for (auto _ : state) bytes = get(port, "/api/points").body.size();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_GetPoints)->Unit(benchmark::kMillisecond);

void BM_GetOverview(benchmark::State& state) {
  const std::uint16_t port = province().port();
  for (auto _ : state) benchmark::DoNotOptimize(get(port, "/api/overview"));
}
BENCHMARK(BM_GetOverview)->Unit(benchmark::kMillisecond);

void BM_GetSystem(benchmark::State& state) {
  const std::uint16_t port = province().port();
  for (auto _ : state) benchmark::DoNotOptimize(get(port, "/api/system"));
}
BENCHMARK(BM_GetSystem)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mj::api::test
