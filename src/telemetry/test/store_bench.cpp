// Queries over a month of 10-minute values of 1,000 series (4.3 million) among 10,000 series, idle and while frames come in.
#include <benchmark/benchmark.h>

#include <atomic>
#include <thread>

#include "frames.hpp"

namespace mj::telemetry::test {
namespace {

constexpr int kDevices = 1000;       // of ten factors each: 10,000 series
constexpr int kMonthDevices = 100;   // 1,000 series with a whole month
constexpr int kSteps = 30 * 24 * 6;  // one month in steps of 10 minutes
constexpr std::int64_t kStepMs = 600'000;

std::string mn_of(int device) { return fmt::format("88888880000000000000{:04}", device); }

/// One store for all benchmarks: filling it takes longer than measuring.
struct Scene {
  TemporaryFolder folder;
  registry::Network network;
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<Store> store;
  Instant begin = *parse_iso("2026-03-01");

  Scene() {
    std::vector<std::string> devices;
    for (int i = 0; i < kDevices; ++i) devices.push_back(mn_of(i));
    network = network_of(devices);
    log = open_log(folder.path());
    store = *Store::open(folder.path() / "telemetry", network, plain_register(), StoreOptions{});
    for (int device = 0; device < kDevices; ++device) send(device, Instant::from_ms(begin.ms() - kStepMs));
    for (int step = 0; step < kSteps; ++step) {
      for (int device = 0; device < kMonthDevices; ++device) send(device, begin.plus_ms(step * kStepMs));
    }
    commit();
    consume_all(*store, *log);
    if (!store->settle(true)) std::abort();
  }
  void send(int device, Instant at) {
    std::string values;
    for (int factor = 0; factor < 10; ++factor)
      values += fmt::format("{}w{:05}-Avg={}.{},w{:05}-Flag=N", factor == 0 ? "" : ";", factor, device % 90 + 10,
                            factor, factor);
    const std::string mn = mn_of(device);
    const std::string frame = upload(mn, "2051", to_compact(at), values);
    evidence_format::Entry entry;
    entry.device = mn;
    entry.payload = as_bytes(frame);
    if (!batch.add(entry)) std::abort();
    if (batch.bytes() > 1 << 20) commit();
  }
  void commit() {
    const std::uint64_t target = log->size() + batch.count();
    if (!log->append(std::move(batch), [](const Result<evidence::EntryIndex>&) {})) std::abort();
    batch = {};
    while (log->size() < target) log->wait_beyond(log->size(), 1000, {});
  }
  evidence::Batch batch;
};

Scene& scene() {
  static Scene instance;
  return instance;
}

/// Ingest beside the measured query: about 5,000 frames/s (50,000 values/s) of devices outside the month.
class Ingest {
 public:
  explicit Ingest(bool wanted) {
    if (!wanted) return;
    thread_ = std::jthread([](const std::stop_token& stop) {
      static std::atomic<std::int64_t> step{1};
      while (!stop.stop_requested()) {
        const std::int64_t now = step++;
        for (int device = kMonthDevices; device < kMonthDevices + 500; ++device)
          scene().send(device, scene().begin.plus_ms(now * 1000));
        scene().commit();
        consume_all(*scene().store, *scene().log);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    });
  }

 private:
  std::jthread thread_;
};

void latest_of_10000_series(benchmark::State& state) {
  scene();
  for (auto _ : state) {
    const auto values = scene().store->latest_all();
    if (values.size() != 10'000) state.SkipWithError("not 10,000 series");
    benchmark::DoNotOptimize(values.data());
  }
}

void month_of_one_series(benchmark::State& state) {
  scene();
  const Ingest ingest(state.range(0) != 0);
  SeriesQuery query = query_of(mn_of(42), "w00003", "Avg");
  query.from = scene().begin;
  query.to = scene().begin.plus_ms(kSteps * kStepMs);
  query.max_points = 10'000;
  for (auto _ : state) {
    const auto rows = scene().store->read(query);
    if (rows->observations.size() != kSteps) state.SkipWithError("not the whole month");
  }
}

void hourly_means_of_1000_series_over_a_month(benchmark::State& state) {
  scene();
  const Ingest ingest(state.range(0) != 0);
  MeansQuery query;
  for (int device = 0; device < kMonthDevices; ++device) query.devices.push_back(mn_of(device));
  query.kind = "Avg";
  query.from = scene().begin;
  query.to = scene().begin.plus_ms(kSteps * kStepMs);
  for (auto _ : state) {
    const auto means = scene().store->means(query);
    if (means->series.size() != 1000 || means->buckets != 720 || means->count.back() != 6)
      state.SkipWithError("not 1,000 series × 720 hours");
  }
}

BENCHMARK(latest_of_10000_series)->Unit(benchmark::kMillisecond);
BENCHMARK(month_of_one_series)->ArgName("ingest")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(hourly_means_of_1000_series_over_a_month)
    ->ArgName("ingest")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace mj::telemetry::test
