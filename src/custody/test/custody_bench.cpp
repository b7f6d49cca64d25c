// What an entry costs the book with ten thousand devices, and how long the closing of a day of theirs takes.

#include <benchmark/benchmark.h>

#include "scene.hpp"

namespace mj::custody {
namespace {

constexpr int kManyDevices = 10'000;

std::string number(int device) { return fmt::format("5000000032{:014}", device); }

std::vector<std::string> many_devices() {
  std::vector<std::string> devices;
  for (int i = 0; i < kManyDevices; ++i) devices.push_back(number(i));
  return devices;
}

/// Entries of about 400 bytes, the devices in turn, as a fleet reports.
void consume(benchmark::State& state) {
  Scene scene(many_devices(), false);
  constexpr int kEntries = 1'000'000;
  const std::string payload(300, 'x');
  for (int i = 0; i < kEntries; ++i) {
    scene.hear(number(i % kManyDevices), payload + std::to_string(i), at("2026-03-01 08:00").plus_ms(i / 1000));
    if (i % 10'000 == 0) scene.write();
  }
  scene.write();
  for (auto _ : state) {
    state.PauseTiming();
    scene.forget_book();
    state.ResumeTiming();
    scene.follow();
    if (!scene.book->flush()) state.SkipWithError("the book cannot be written");
  }
  state.SetItemsProcessed(state.iterations() * kEntries);
}
BENCHMARK(consume)->Unit(benchmark::kMillisecond)->Iterations(3);

/// A day of hours: 240,000 frames, 30,000 series.
void close_day(benchmark::State& state) {
  Scene scene(many_devices());
  Instant day = at("2026-03-01");
  for (auto _ : state) {
    state.PauseTiming();
    for (int hour = 0; hour < 24; ++hour) {
      const Instant start = day.plus_ms(hour * kHour);
      for (int device = 0; device < kManyDevices; ++device) {
        if ((device + hour) % 50 == 0) continue;
        scene.hear(number(device),
                   hour_record(number(device), start, "w01018-Avg=1.0;w21003-Avg=0.5;w01001-Avg=7.1"),
                   start.plus_ms(kHour - 1));
      }
      scene.write();
    }
    scene.follow();
    day = day.plus_ms(kDay);
    const Instant now = day.plus_ms(kHour);
    state.ResumeTiming();
    const auto made = scene.book->close_days(*scene.log, *scene.store, now);
    if (!made || *made < kManyDevices) state.SkipWithError("the day was not closed");
  }
  state.SetItemsProcessed(state.iterations() * kManyDevices);
}
BENCHMARK(close_day)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace mj::custody
