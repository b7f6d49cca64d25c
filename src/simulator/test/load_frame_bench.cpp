#include <benchmark/benchmark.h>

#include "answer_scan.hpp"
#include "load_frame.hpp"
#include "mj/hj212/message.hpp"

namespace mj::simulator {
namespace {

void write_load_frame(benchmark::State& state) {
  const LoadPlan plan;
  LoadFrameWriter writer(plan);
  std::string frame(writer.size(), '\0');
  std::uint64_t n = 0;
  for (auto _ : state) {
    writer.write(frame.data(), static_cast<std::uint32_t>(n % 64), static_cast<std::uint32_t>(n / 64), n);
    benchmark::DoNotOptimize(frame.data());
    ++n;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_load_frame);

void scan_answer(benchmark::State& state) {
  const auto header =
      hj212::read_header("QN=20260101000000001;ST=32;CN=2011;PW=123456;MN=4C4F41440000000000000001;Flag=5;CP=&&&&")
          .header;
  const std::string answer = hj212::answer_frame(header, hj212::Answer::data_reply_9014);
  ScannedAnswer scanned;
  for (auto _ : state) benchmark::DoNotOptimize(AnswerScan::take(answer, scanned));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(scan_answer);

}  // namespace
}  // namespace mj::simulator
