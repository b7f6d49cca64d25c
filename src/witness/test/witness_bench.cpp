#include <benchmark/benchmark.h>

#include "mj/http/client.hpp"
#include "mj/witness/service.hpp"
#include "tested_log.hpp"

namespace mj::witness::test {
namespace {

constexpr std::uint64_t kSizes = 4096;

/// Requests for one log that grows by one entry each time, made beforehand.
std::vector<std::string> requests(TestedLog& log) {
  log.grow_to(kSizes);
  std::vector<std::string> made;
  for (std::uint64_t size = 1; size <= kSizes; ++size) made.push_back(log.request(size - 1, size));
  return made;
}

std::unique_ptr<Witness> open(const Folder& folder, const std::string& name) {
  return *Witness::open(folder.path() / name, name, folder.path() / "passphrase",
                        [] { return Instant::from_ms(1'800'000'000'000); });
}

/// Both signatures of the log checked, the proof checked, cosigned, durable: in this process.
void cosign(benchmark::State& state) {
  const Folder folder;
  TestedLog log;
  const auto all = requests(log);
  std::size_t next = all.size();
  int run = 0;
  std::unique_ptr<Witness> witness;
  for (auto _ : state) {
    if (next == all.size()) {
      state.PauseTiming();
      witness.reset();
      witness = open(folder, std::to_string(run++));
      if (!witness->watch(log.watched())) state.SkipWithError("cannot watch");
      next = 0;
      state.ResumeTiming();
    }
    if (witness->add_checkpoint(all[next++]).status != 200) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cosign)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// The same over HTTP on one kept connection.
void cosign_over_http(benchmark::State& state) {
  const Folder folder;
  TestedLog log;
  const auto all = requests(log);
  const auto witness = open(folder, "w");
  if (!witness->watch(log.watched())) state.SkipWithError("cannot watch");
  const auto service = *Service::start(*witness, "127.0.0.1", 0, [] { return Instant(); });
  const auto client = *http::Client::connect("http://" + service->binding());
  std::size_t next = 0;
  for (auto _ : state) {
    const auto answer = client.post("/add-checkpoint", "text/plain", all[next++]);
    if (!answer || answer->status != 200) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cosign_over_http)->Unit(benchmark::kMicrosecond)->UseRealTime()->Iterations(2000);

}  // namespace
}  // namespace mj::witness::test
