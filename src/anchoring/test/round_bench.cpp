#include <benchmark/benchmark.h>

#include "station.hpp"

namespace mj::anchoring::test {
namespace {

/// A round with three witnesses over TCP: checkpoint signed, shown to all, three cosignatures checked, anchor durable.
void round_with_three_witnesses(benchmark::State& state) {
  Desk3 desk;
  desk.open(desk.options(3));
  for (auto _ : state) {
    if (!desk.anchoring->anchor_now()) state.SkipWithError("no anchor");
  }
}
BENCHMARK(round_with_three_witnesses)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace mj::anchoring::test
