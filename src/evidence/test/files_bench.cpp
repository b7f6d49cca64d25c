// What compression, reading from compressed segments and scrubbing cost, on frames with published observations
// (demo/air_hourly.csv.zst). Run with MJ_BENCH_DIR=<directory on the disk to measure>, default: the current one.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "compressed_writer.hpp"
#include "mj/evidence/maintenance.hpp"
#include "segment_file.hpp"

namespace mj::evidence {
namespace {

constexpr std::uint64_t kEntries = 300'000;

std::string demo_table() {
  const auto packed = storage::read_file(std::filesystem::path(MJ_SOURCE_DIR) / "demo" / "air_hourly.csv.zst");
  if (!packed) std::abort();
  std::string table(64U << 20U, '\0');
  const std::size_t size = ZSTD_decompress(table.data(), table.size(), packed->data(), packed->size());
  if (ZSTD_isError(size) != 0) std::abort();
  table.resize(size);
  return table;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// Hourly reports (CN 2061) as stations send them, one a row of the table.
std::vector<std::pair<std::string, std::string>> frames() {
  constexpr std::array<std::pair<std::size_t, std::string_view>, 6> kFactors{
      {{4, "a34002"}, {6, "a34004"}, {8, "a05024"}, {12, "a21004"}, {14, "a21026"}, {16, "a21005"}}};
  std::vector<std::pair<std::string, std::string>> made;
  const std::string table = demo_table();
  std::vector<std::string_view> rows = split(table, '\n');
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto cells = split(rows[i], ',');
    if (cells.size() < 17) continue;
    std::string time(cells[1]);
    std::erase_if(time, [](char c) { return c < '0' || c > '9'; });
    const std::string device = fmt::format("A110000_{:_>5}_{:08}", cells[0], i * 7919 % 100'000'000);
    std::string data = fmt::format("QN={}00{:03};ST=22;CN=2061;PW=123456;MN={};Flag=5;CP=&&DataTime={}00", time,
                                   i % 1000, device, time);
    for (const auto& [column, code] : kFactors) {
      if (cells[column].empty()) continue;
      data += fmt::format(";{}-Min={},{}-Avg={},{}-Max={},{}-Flag=N", code, cells[column], code, cells[column],
                          code, cells[column], code);
    }
    data += "&&";
    made.emplace_back(device, fmt::format("##{:04}{}{:04X}\r\n", data.size(), data, i * 40503 % 65536));
  }
  return made;
}

/// A log of real frames, made once; every benchmark brings its segments into the form that it wants.
class FrameLog {
 public:
  FrameLog() {
    const char* base = std::getenv("MJ_BENCH_DIR");
    path = std::filesystem::path(base != nullptr ? base : ".") / "evidence-files-bench.tmp";
    std::filesystem::remove_all(path);
    auto opened = Log::open(path, {});
    if (!opened) std::abort();
    log = std::move(*opened);
    const auto rows = frames();
    for (std::uint64_t n = 0; n < kEntries;) {
      Batch batch;
      for (int i = 0; i < 256 && n < kEntries; ++i, ++n) {
        const auto& [device, frame] = rows[n % rows.size()];
        evidence_format::Entry entry;
        entry.received_at = Instant::from_ms(1'790'000'000'000 + static_cast<std::int64_t>(n) * 3);
        entry.connection = n % 1600;
        entry.peer = "203.0.113.7:51044";
        entry.device = device;
        entry.payload = as_bytes(frame);
        if (!batch.add(entry)) std::abort();
      }
      if (!log->append(std::move(batch), {})) std::abort();
      log->wait_beyond(n - 1, 20'000, {});
    }
    if (!log->checkpoint()) std::abort();
  }
  ~FrameLog() {
    log.reset();
    std::filesystem::remove_all(path);
  }
  FrameLog(const FrameLog&) = delete;
  FrameLog& operator=(const FrameLog&) = delete;

  std::filesystem::path path;
  std::unique_ptr<Log> log;
};

FrameLog& frame_log() {
  static FrameLog made;
  return made;
}

/// Writing, comparing and renaming of one segment of 64 MiB at a level of zstd.
void BM_CompressSegment(benchmark::State& state) {
  const Layout layout{frame_log().path};
  const Layout scratch{frame_log().path.string() + ".segment"};
  std::filesystem::create_directories(scratch.segments());
  Compressed made;
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto segment = SegmentBytes::open(layout, 0);
    std::filesystem::copy_file(segment->path(), scratch.segment(0),
                               std::filesystem::copy_options::overwrite_existing);
    state.ResumeTiming();
    const auto compressed = compress_segment(scratch, 0, static_cast<int>(state.range(0)));
    if (!compressed) return state.SkipWithError(compressed.error().text().c_str());
    made = *compressed;
    bytes += made.raw_bytes;
  }
  std::filesystem::remove_all(scratch.root);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["ratio"] = static_cast<double>(made.raw_bytes) / static_cast<double>(made.stored_bytes);
}
BENCHMARK(BM_CompressSegment)->Arg(1)->Arg(3)->Arg(9)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

/// Single entries at random from the sealed segments.
void read_at_random(benchmark::State& state) {
  const Log& log = *frame_log().log;
  std::mt19937_64 dice(7);
  for (auto _ : state) {
    const auto read = log.read(EntryIndex(dice() % (kEntries * 3 / 4)), 1, 1);
    if (!read || read->entries.size() != 1) return state.SkipWithError("it cannot be read");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void read_in_order(benchmark::State& state) {
  const Log& log = *frame_log().log;
  std::uint64_t entries = 0;
  for (auto _ : state) {
    for (std::uint64_t next = 0; next < kEntries * 3 / 4;) {
      const auto read = log.read(EntryIndex(next), 4096, 4U << 20U);
      if (!read) return state.SkipWithError(read.error().text().c_str());
      next += read->entries.size();
      entries += read->entries.size();
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(entries));
}

void scrub_all(benchmark::State& state) {
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    const auto report = scrub(frame_log().path, 0);
    if (!report || !report->damage.empty()) return state.SkipWithError("it is damaged");
    bytes += report->bytes;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

// In this order: the raw log first, then the same one compressed.
void BM_RandomReadRaw(benchmark::State& state) { read_at_random(state); }
void BM_ReadRaw(benchmark::State& state) { read_in_order(state); }
void BM_ScrubRaw(benchmark::State& state) { scrub_all(state); }
void BM_RandomReadCompressed(benchmark::State& state) {
  if (!compress(frame_log().path, 3)) return state.SkipWithError("it cannot be compressed");
  read_at_random(state);
}
void BM_ReadCompressed(benchmark::State& state) { read_in_order(state); }
void BM_ScrubCompressed(benchmark::State& state) { scrub_all(state); }
BENCHMARK(BM_RandomReadRaw)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(BM_ReadRaw)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_ScrubRaw)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_RandomReadCompressed)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(BM_ReadCompressed)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_ScrubCompressed)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace mj::evidence
