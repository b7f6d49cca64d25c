// Frames per second of one core: framing with CRC and header, and the decoding of all fields.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

/// A real-time upload of `factors` factors with Rtd and Flag, as HJ 212-2017 C.14 has it.
std::string upload(int factors) {
  std::string segment =
      "QN=20260301085857223;ST=31;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime="
      "20260301085857";
  for (int i = 0; i < factors; ++i)
    segment += fmt::format(";a{:05}-Rtd={}.{},a{:05}-Flag=N", 21000 + i, 10 + i, i % 10, 21000 + i);
  return frame(segment + "&&");
}

/// 64 frames in one read, as a busy gateway sees them.
constexpr int kBatch = 64;

std::string batch() {
  std::string bytes;
  for (int i = 0; i < kBatch; ++i) bytes += upload(10);
  return bytes;
}

void frames_per_second(benchmark::State& state, std::size_t bytes) {
  const auto frames = static_cast<double>(state.iterations()) * kBatch;
  state.counters["frames/s"] = benchmark::Counter(frames, benchmark::Counter::kIsRate);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void framing_crc_header(benchmark::State& state) {
  const std::string bytes = batch();
  Framer framer;
  for (auto _ : state) {
    framer.push(as_bytes(bytes));
    while (const auto piece = framer.next()) {
      const HeaderReading reading = read_header(piece->segment);
      benchmark::DoNotOptimize(answer_for(reading.header));
      benchmark::DoNotOptimize(dialect_of(reading.header));
    }
  }
  frames_per_second(state, bytes.size());
}
BENCHMARK(framing_crc_header);

void all_fields(benchmark::State& state) {
  const std::string bytes = batch();
  Framer framer;
  std::vector<Field> fields;
  for (auto _ : state) {
    framer.push(as_bytes(bytes));
    while (const auto piece = framer.next()) {
      const HeaderReading reading = read_header(piece->segment);
      read_fields(*reading.header.cp, fields);
      benchmark::DoNotOptimize(read_data_time(fields.front().value));
      benchmark::DoNotOptimize(fields.data());
    }
  }
  frames_per_second(state, bytes.size());
}
BENCHMARK(all_fields);

void answering(benchmark::State& state) {
  const std::string bytes = upload(10);
  const Header header = read_header(std::string_view(bytes).substr(6, bytes.size() - 12)).header;
  for (auto _ : state) benchmark::DoNotOptimize(answer_frame(header, Answer::data_reply_9014));
}
BENCHMARK(answering);

void crc_of_one_frame(benchmark::State& state) {
  const std::string bytes = upload(10);
  const std::string_view segment = std::string_view(bytes).substr(6, bytes.size() - 12);
  for (auto _ : state) benchmark::DoNotOptimize(crc_hj(segment));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(segment.size()));
}
BENCHMARK(crc_of_one_frame);

/// The worst input known: heads whose declared ends all lie on `&&` + CRC + line end, so that every head costs a CRC
/// over the cap. Bytes per second here bound what an attacker can make the framer do.
void hostile_heads(benchmark::State& state) {
  std::string bytes;
  for (int block = 0; block < 8; ++block) {
    for (int i = 0; i < 1000; ++i) bytes += "##8004&&";
    for (int i = 0; i < 1000; ++i) bytes += "&&1234\r\n";
  }
  for (auto _ : state) {
    Framer framer;
    framer.push(as_bytes(bytes));
    framer.finish();
    while (const auto piece = framer.next()) benchmark::DoNotOptimize(piece->framed);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(hostile_heads);

}  // namespace
}  // namespace mj::hj212
