#include <benchmark/benchmark.h>

#include "mj/hj212/protocol.hpp"

namespace {

using namespace mj::hj212;

constexpr const char* kTables = R"(
[field]
DataTime = { type = "N14", zh = "数据时间", en = "Time" }
"*-Rtd" = { type = "N", zh = "实时值", en = "Value" }

[[command]]
cn = "2011"
sender = "device"
kind = "upload"
zh = "上传"
en = "Upload"
clause = "-"
verification = "UNVERIFIED"
fields = ["DataTime", "*-Rtd+"]
)";

Protocol tables() {
  return *Protocol::parse({{Dialect::v2017, false, "commands", "bench.toml", kTables},
                           {Dialect::v2017, false, "factors", "bench.csv", "code\nx01018\nx012xx\n"}});
}

/// The gateway asks this for every frame.
void answer(benchmark::State& state) {
  const Protocol protocol = tables();
  const std::string segment =
      "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
      "CP=&&DataTime=20160801085857;x01018-Rtd=2.2&&";
  const Header header = read_header(segment).header;
  for (auto _ : state) {
    benchmark::DoNotOptimize(header);
    benchmark::DoNotOptimize(protocol.answer_for(header, *header.cp));
  }
}
BENCHMARK(answer);

void find_command(benchmark::State& state) {
  const Protocol protocol = tables();
  std::string cn = "2011";
  for (auto _ : state) {
    benchmark::DoNotOptimize(cn);
    benchmark::DoNotOptimize(protocol.find(cn, Sender::device, Dialect::v2017, "32"));
  }
}
BENCHMARK(find_command);

void factor_code(benchmark::State& state) {
  const Protocol protocol = tables();
  std::string code = state.range(0) == 0 ? "x01018" : state.range(0) == 1 ? "x01234" : "vendor7";
  for (auto _ : state) {
    benchmark::DoNotOptimize(code);
    benchmark::DoNotOptimize(protocol.factor(code));
  }
}
BENCHMARK(factor_code)->ArgName("exact_pattern_unknown")->Arg(0)->Arg(1)->Arg(2);

}  // namespace
