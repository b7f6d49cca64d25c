// Frames per second of one core: framing with CRC and header, and the decoding of all fields.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <cstdlib>
#include <new>

#include "mj/hj212/compose.hpp"
#include "mj/hj212/conformance.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"
#include "shipped_protocol.hpp"

namespace {
std::uint64_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

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
      benchmark::DoNotOptimize(shipped_protocol().answer_for(reading.header, *reading.header.cp));
      benchmark::DoNotOptimize(dialect_of(reading.header));
    }
  }
  frames_per_second(state, bytes.size());
}
BENCHMARK(framing_crc_header);

/// Everything a consumer does with a frame: cut, CRC, header, verdict by the device's settings, all fields, time.
void decoding(benchmark::State& state, const DeviceSettings& settings) {
  const std::string bytes = batch();
  Framer framer;
  FrameReader reader;
  std::uint64_t before = 0;
  for (auto _ : state) {
    framer.push(as_bytes(bytes));
    while (const auto piece = framer.next()) {
      benchmark::DoNotOptimize(reader.read(*piece, settings).verdict);
      benchmark::DoNotOptimize(read_data_time(reader.fields().front().value));
    }
    if (before == 0) before = allocations;
  }
  // The first batch makes the buffers; none after it may.
  state.counters["allocations"] = static_cast<double>(allocations - before);
  frames_per_second(state, bytes.size());
}
void decode(benchmark::State& state) { decoding(state, {}); }
BENCHMARK(decode);

void decode_with_password_and_keys(benchmark::State& state) {
  DeviceSettings settings;
  settings.profile.password = "123456";
  settings.profile.password_rule = PasswordRule::reject;
  settings.keys = {*parse_sm4_key("0000000000000000")};
  decoding(state, settings);
}
BENCHMARK(decode_with_password_and_keys);

/// The same from stored bytes, as a follower of the log reads them.
void decode_stored(benchmark::State& state) {
  const std::string bytes = upload(10);
  const DeviceSettings settings;
  FrameReader reader;
  for (auto _ : state) {
    for (int i = 0; i < kBatch; ++i) {
      benchmark::DoNotOptimize(reader.read(as_bytes(bytes), settings).verdict);
      benchmark::DoNotOptimize(read_data_time(reader.fields().front().value));
    }
  }
  frames_per_second(state, bytes.size() * kBatch);
}
BENCHMARK(decode_stored);

/// Reading and the look at its conformance, as the book of devices does for every frame.
void decode_and_examine(benchmark::State& state) {
  // As long as the others, but of factors that the tables know.
  std::string segment =
      "QN=20260301085857223;ST=31;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
      "CP=&&DataTime=20260301085857";
  for (const auto* code :
       {"a00000", "a01011", "a01012", "a01013", "a01014", "a19001", "a21002", "a21005", "a21026", "a34013"})
    segment += fmt::format(";{0}-Rtd=12.3,{0}-Flag=N", code);
  const std::string bytes = frame(segment + "&&");
  const DeviceSettings settings;
  const Protocol& protocol = shipped_protocol();
  const Instant now = *parse_compact("20260301085900");
  FrameReader reader;
  TraitCounts counts;
  std::uint64_t before = 0;
  for (auto _ : state) {
    for (int i = 0; i < kBatch; ++i) {
      const FrameReading& reading = reader.read(as_bytes(bytes), settings);
      benchmark::DoNotOptimize(examine(reader, reading, protocol, now, 300'000, counts));
    }
    if (before == 0) before = allocations;
  }
  const FrameReading& reading = reader.read(as_bytes(bytes), settings);
  if (examine(reader, reading, protocol, now, 300'000, counts).any()) state.SkipWithError("the frame deviates");
  state.counters["allocations"] = static_cast<double>(allocations - before);
  frames_per_second(state, bytes.size() * kBatch);
}
BENCHMARK(decode_and_examine);

/// Frames of HJ 212-2025 in cipher.
void decode_in_cipher(benchmark::State& state) {
  DeviceSettings settings;
  settings.keys = {*parse_sm4_key("0000000000000000")};
  const std::string clear = upload(10);
  const Header header = read_header(std::string_view(clear).substr(6, clear.size() - 12)).header;
  const Outgoing message{.qn = "20260301085857223",
                         .st = "31",
                         .cn = "2011",
                         .pw = "123456",
                         .mn = "010000A8900016F000169DC0",
                         .flag = 9,
                         .pnum = {},
                         .pno = {},
                         .rf = false,
                         .area = std::string(*header.cp)};
  const std::string bytes = frame(message, CrcRule::hj, settings.keys.data());
  FrameReader reader;
  for (auto _ : state) {
    for (int i = 0; i < kBatch; ++i) {
      benchmark::DoNotOptimize(reader.read(as_bytes(bytes), settings).verdict);
      benchmark::DoNotOptimize(reader.fields().data());
    }
  }
  frames_per_second(state, bytes.size() * kBatch);
}
BENCHMARK(decode_in_cipher);

void asking_for_the_answer(benchmark::State& state) {
  const std::string bytes = upload(10);
  const Header header = read_header(std::string_view(bytes).substr(6, bytes.size() - 12)).header;
  const Protocol& protocol = shipped_protocol();
  for (auto _ : state) benchmark::DoNotOptimize(protocol.answer_for(header, *header.cp));
}
BENCHMARK(asking_for_the_answer);

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
