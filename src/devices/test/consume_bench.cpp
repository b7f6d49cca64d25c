// What a frame costs the book of devices: 10,000 devices in turn, frames of ten factors and about 400 bytes, the counts
// stored once in 500,000 frames; and what a conversation of six entries costs.

#include <benchmark/benchmark.h>

#include "scene.hpp"

namespace mj::devices {
namespace {

constexpr int kDevices = 10'000;

std::string mn_of(int number) { return fmt::format("5000000031{:014}", number); }

registry::Network many_devices() {
  std::vector<registry::Point> points(kDevices);
  for (int i = 0; i < kDevices; ++i) {
    registry::Point& point = points[static_cast<std::size_t>(i)];
    point.id = fmt::format("src-{}", i);
    point.element = registry::Element::source;
    point.device = mn_of(i);
  }
  return registry::Network::from_points(std::move(points)).value();
}

std::string ten_factors(Instant at) {
  std::string area = fmt::format("DataTime={}", to_compact(at));
  for (const char* factor :
       {"a21026", "a21002", "a34013", "a19001", "a01011", "a01012", "a01013", "a01014", "a21005", "a05001"})
    area += fmt::format(";{}-Rtd=12.34,{}-Flag=N", factor, factor);
  return area;
}

void consume(benchmark::State& state, Scene& scene, std::int64_t items) {
  while (scene.devices().consume(scene.log()).value() > 0) {
  }
  for (auto _ : state) {
    state.PauseTiming();
    const ScratchDirectory directory;
    auto book = scene.open_book(directory.path());
    state.ResumeTiming();
    scene.read_all(*book);
    state.PauseTiming();
    book.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * items);
}

void frames(benchmark::State& state) {
  Scene scene(many_devices());
  constexpr int kRounds = 60;
  for (int round = 0; round < kRounds; ++round) {
    for (int device = 0; device < kDevices; ++device) {
      const std::string mn = mn_of(device);
      scene.receive({.mn = mn, .area = ten_factors(second(round))}, second(round));
      if (device % 1000 == 0) static_cast<void>(scene.log());
    }
  }
  consume(state, scene, static_cast<std::int64_t>(kRounds) * kDevices);
}

void conversations(benchmark::State& state) {
  Scene scene(many_devices());
  for (int device = 0; device < kDevices; ++device) {
    const std::string mn = mn_of(device);
    const std::uint64_t id = scene.order(second(0), request_of(mn, "1061"));
    scene.step(second(1), step_of(id, OrderState::sent, "sent"), mn);
    scene.step(second(2), step_of(id, OrderState::accepted, "reply"), mn);
    scene.receive({.mn = mn, .cn = "1061", .area = "RtdInterval=30", .flag = 4}, second(3));
    scene.step(second(4), step_of(id, OrderState::accepted, "data"), mn);
    scene.step(second(5), step_of(id, OrderState::done, "result"), mn);
    if (device % 1000 == 0) static_cast<void>(scene.log());
  }
  consume(state, scene, kDevices);
}

BENCHMARK(frames)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(conversations)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace mj::devices
