// Speed of the log on a real disk: run with MJ_BENCH_DIR=<directory on the disk to measure>, default: the current one.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "committer.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence/verify.hpp"
#include "mj/evidence_format/merkle.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kEntryBytes = 350;

class BenchDirectory {
 public:
  BenchDirectory() {
    const char* base = std::getenv("MJ_BENCH_DIR");
    path_ = std::filesystem::path(base != nullptr ? base : ".") / "evidence-bench.tmp";
    std::filesystem::remove_all(path_);
  }
  ~BenchDirectory() { std::filesystem::remove_all(path_); }
  BenchDirectory(const BenchDirectory&) = delete;
  BenchDirectory& operator=(const BenchDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

evidence_format::Entry entry_of(const std::string& payload) {
  evidence_format::Entry entry;
  entry.received_at = Instant::from_ms(1'700'000'000'000);
  entry.connection = 7;
  entry.peer = "203.0.113.7:51044";
  entry.device = "010000A8900016F000169DC0";
  entry.payload = as_bytes(payload);
  return entry;
}

double cpu_seconds() {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void fill(Log& log, std::uint64_t count, std::size_t per_batch) {
  const std::string payload(kEntryBytes - 62, 'x');
  const auto entry = entry_of(payload);
  const std::uint64_t target = log.size() + count;
  for (std::uint64_t sent = 0; sent < count;) {
    Batch batch;
    for (std::size_t i = 0; i < per_batch && sent < count; ++i, ++sent) {
      if (!batch.add(entry)) std::abort();
    }
    // Full queue: let the commit thread catch up, then try again with the same batch.
    for (;;) {
      Batch copy = batch;
      if (log.append(std::move(copy), [](const Result<EntryIndex>&) {})) break;
      log.wait_beyond(log.size(), 100, {});
    }
  }
  while (log.wait_beyond(target - 1, 1000, {}) < target) {
  }
}

/// Entries of 350 bytes, handed over in batches of `range(0)`, durable when counted.
void BM_Append(benchmark::State& state) {
  const BenchDirectory directory;
  LogOptions options;
  options.commit_linger_ms = static_cast<int>(state.range(1));
  auto log = Log::open(directory.path(), options);
  if (!log) return state.SkipWithError(log.error().text().c_str());
  constexpr std::uint64_t kEntries = 500'000;
  const double cpu = cpu_seconds();
  for (auto _ : state) fill(**log, kEntries, static_cast<std::size_t>(state.range(0)));
  const auto total = static_cast<double>(state.iterations()) * kEntries;
  state.counters["entries/s"] = benchmark::Counter(total, benchmark::Counter::kIsRate);
  state.counters["cpu_us/entry"] = (cpu_seconds() - cpu) / total * 1e6;
  // Where the commit thread's time went, and beside it the SM3 thread's, in nanoseconds for each entry.
  const CommitTimes times = FaultyLog::commit_times(**log);
  const auto share = [&](const char* name, std::int64_t ns) {
    state.counters[std::string("ns_") + name] = static_cast<double>(ns) / total;
  };
  share("assemble", times.assemble);
  share("write", times.write);
  share("sha256", times.sha256);
  share("sync", times.sync);
  share("sm3", times.sm3);
  share("waited_for_sm3", times.waited);
  share("tree_files", times.tree_files);
}
BENCHMARK(BM_Append)
    ->Args({1, 0})
    ->Args({16, 0})
    ->Args({256, 0})
    ->Args({16, 1})
    ->Args({256, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MinTime(2);

/// One waiting appender: the latency of a commit.
void BM_AppendAndWait(benchmark::State& state) {
  const BenchDirectory directory;
  auto log = Log::open(directory.path(), {});
  if (!log) return state.SkipWithError(log.error().text().c_str());
  const std::string payload(kEntryBytes - 62, 'x');
  for (auto _ : state) {
    if (!(*log)->append_and_wait(entry_of(payload))) state.SkipWithError("append failed");
  }
}
BENCHMARK(BM_AppendAndWait)->Unit(benchmark::kMicrosecond)->UseRealTime();

void BM_Verify(benchmark::State& state) {
  const BenchDirectory directory;
  std::uint64_t bytes = 0;
  {
    auto log = Log::open(directory.path(), {});
    if (!log) return state.SkipWithError(log.error().text().c_str());
    fill(**log, 2'000'000, 256);
  }
  for (auto _ : state) {
    const auto report = verify(directory.path());
    if (!report) return state.SkipWithError(report.error().text().c_str());
    bytes += report->bytes;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(BM_Verify)->Unit(benchmark::kMillisecond)->UseRealTime();

/// A follower reading everything in large steps.
void BM_Read(benchmark::State& state) {
  const BenchDirectory directory;
  auto log = Log::open(directory.path(), {});
  if (!log) return state.SkipWithError(log.error().text().c_str());
  fill(**log, 500'000, 256);
  std::uint64_t entries = 0;
  for (auto _ : state) {
    for (std::uint64_t next = 0; next < (*log)->size();) {
      const auto batch = (*log)->read(EntryIndex(next), 4096, 4U << 20U);
      if (!batch) return state.SkipWithError(batch.error().text().c_str());
      next += batch->entries.size();
    }
    entries += (*log)->size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(entries));
}
BENCHMARK(BM_Read)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Proofs of entries all over a log of 1.2 million, each under both roots and checked against the signed ones.
void BM_Prove(benchmark::State& state) {
  static std::unique_ptr<BenchDirectory> directory;
  static std::unique_ptr<Log> log;
  constexpr std::uint64_t kEntries = 1'200'000;
  if (state.thread_index() == 0) {
    directory = std::make_unique<BenchDirectory>();
    auto opened = Log::open(directory->path(), {});
    if (!opened) return state.SkipWithError(opened.error().text().c_str());
    log = std::move(*opened);
    fill(*log, kEntries, 256);
    if (!log->checkpoint()) return state.SkipWithError("no checkpoint");
    // Once over all tiles: what follows is the lasting speed. The time of this is the price of a tile that is not kept yet.
    const auto began = std::chrono::steady_clock::now();
    for (std::uint64_t at = 0; at < kEntries; at += 256) {
      if (!log->prove(EntryIndex(at))) return state.SkipWithError("no proof");
    }
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    state.counters["first_us"] = took.count() / (kEntries / 256);
  }
  std::uint64_t index = 7 + static_cast<std::uint64_t>(state.thread_index()) * 600'000;
  for (auto _ : state) {
    if (!log->prove(EntryIndex(index))) return state.SkipWithError("no proof");
    index = (index * 6364136223846793005ULL + 1442695040888963407ULL) % kEntries;
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) {
    log.reset();
    directory.reset();
  }
}
BENCHMARK(BM_Prove)->Unit(benchmark::kMicrosecond)->Threads(1)->Threads(2)->UseRealTime()->MinTime(1);

/// 0 = SHA-256, 1 = SM3.
void BM_LeafHash(benchmark::State& state) {
  const auto algorithm = evidence_format::kHashAlgorithms[state.range(0)];
  const Bytes entry(kEntryBytes);
  for (auto _ : state) benchmark::DoNotOptimize(evidence_format::leaf_hash(entry, algorithm));
}
BENCHMARK(BM_LeafHash)->Arg(0)->Arg(1);

void BM_NodeHash(benchmark::State& state) {
  const auto algorithm = evidence_format::kHashAlgorithms[state.range(0)];
  const Digest digest{};
  for (auto _ : state) benchmark::DoNotOptimize(evidence_format::node_hash(digest, digest, algorithm));
}
BENCHMARK(BM_NodeHash)->Arg(0)->Arg(1);

}  // namespace
}  // namespace mj::evidence
