#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <xxhash.h>
#include <zstd.h>

#include <random>
#include <thread>

#include "compressed_writer.hpp"
#include "filled_log.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/evidence/verify.hpp"
#include "segment_check.hpp"

namespace mj::evidence {
namespace {

using testing::HasSubstr;

std::uint32_t little_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return value;
}

/// What a raw file becomes, and the pieces that it was made of.
struct Sample {
  explicit Sample(const std::string& raw) {
    spew(layout.segment(7), raw);
    const auto made = compress_segment(layout, 7, 3);
    EXPECT_TRUE(made) << made.error().text();
    stored = slurp(layout.compressed_segment(7));
  }
  ScratchDirectory scratch;
  Layout layout = [this] {
    std::filesystem::create_directories(scratch.path() / "segments");
    return Layout{scratch.path()};
  }();
  std::string stored;
};

std::string some_bytes(std::size_t size, unsigned seed = 1) {
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < size; ++i) {
    bytes += "##0136ST=31;CN=2011;MN=" + std::to_string(i * seed * 2654435761U) + ";\r\n";
  }
  bytes.resize(size);
  return bytes;
}

TEST(Compressed, APlainZstdDecoderGivesTheSegmentBack) {
  const std::string raw = some_bytes(3 * kFrameBytes + 1234);
  const Sample sample(raw);
  EXPECT_LT(sample.stored.size(), raw.size() / 2);
  // zstd itself: frames one behind the other, skippable frames passed over (RFC 8878 §3).
  std::string plain(raw.size() + 1, '\0');
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), sample.stored.data(), sample.stored.size());
  ASSERT_EQ(ZSTD_isError(got), 0U) << ZSTD_getErrorName(got);
  plain.resize(got);
  EXPECT_TRUE(plain == raw);
  EXPECT_FALSE(std::filesystem::exists(sample.layout.segment(7)));
}

// Read by the words of the zstd seekable format 0.1.0, independently of the reader under test.
TEST(Compressed, ItEndsWithTheSeekTableOfTheSeekableFormat) {
  const std::string raw = some_bytes(2 * kFrameBytes + 99);
  const Sample sample(raw);
  const std::string& file = sample.stored;
  ASSERT_EQ(little_endian(file, file.size() - 4), 0x8F92EAB1U);
  EXPECT_EQ(static_cast<unsigned char>(file[file.size() - 5]), 0x80U);
  const std::uint32_t frames = little_endian(file, file.size() - 9);
  ASSERT_EQ(frames, 4U);  // three of data, one that says what the file is
  const std::size_t table = file.size() - (8 + 12 * frames + 9);
  EXPECT_EQ(little_endian(file, table), 0x184D2A5EU);
  EXPECT_EQ(little_endian(file, table + 4), 12 * frames + 9);
  std::size_t place = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    const std::size_t line = table + 8 + 12 * i;
    const std::uint32_t stored = little_endian(file, line);
    const std::uint32_t bytes = little_endian(file, line + 4);
    EXPECT_EQ(little_endian(file, line + 8), static_cast<std::uint32_t>(XXH64(raw.data() + start, bytes, 0)));
    if (bytes > 0) {
      std::string plain(bytes, '\0');
      ASSERT_EQ(ZSTD_decompress(plain.data(), plain.size(), file.data() + place, stored), bytes);
      EXPECT_TRUE(plain == raw.substr(start, bytes));
    }
    place += stored;
    start += bytes;
  }
  EXPECT_EQ(place, table);
  EXPECT_EQ(start, raw.size());
}

TEST(Compressed, AnyRangeReadsAsFromTheRawFile) {
  const std::string raw = some_bytes(3 * kFrameBytes + 777);
  const Sample sample(raw);
  const auto file = CompressedFile::open(sample.layout.compressed_segment(7), 7);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->size(), raw.size());
  EXPECT_EQ(file->stored_bytes(), sample.stored.size());
  EXPECT_TRUE(rc::check("any range", [&] {
    const auto offset = *rc::gen::inRange<std::size_t>(0, raw.size() + 100);
    const auto length = *rc::gen::inRange<std::size_t>(0, 2 * kFrameBytes);
    Bytes out(length);
    const auto got = file->read_at(offset, out);
    RC_ASSERT(got.has_value());
    const std::string expected = offset < raw.size() ? raw.substr(offset, length) : "";
    RC_ASSERT(*got == expected.size());
    RC_ASSERT(as_text(out).substr(0, *got) == expected);
  }));
}

TEST(Compressed, ManyThreadsReadOneFile) {
  const std::string raw = some_bytes(6 * kFrameBytes);
  const Sample sample(raw);
  const auto file = CompressedFile::open(sample.layout.compressed_segment(7), 7);
  ASSERT_TRUE(file);
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> readers;
    for (unsigned t = 0; t < 4; ++t) {
      readers.emplace_back([&, t] {
        Bytes out(500);
        for (std::size_t i = 0; i < 200; ++i) {
          const std::size_t offset = (i * 7919 + t * 104729) * 31 % (raw.size() - out.size());
          const auto got = file->read_at(offset, out);
          if (!got || as_text(out) != std::string_view(raw).substr(offset, out.size())) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(Compressed, ASegmentThatDoesNotBecomeSmallerIsKeptWhole) {
  std::string raw(kFrameBytes + 5, '\0');
  std::mt19937_64 noise(42);
  for (char& c : raw) c = static_cast<char>(noise());
  const Sample sample(raw);
  const auto file = CompressedFile::open(sample.layout.compressed_segment(7), 7);
  ASSERT_TRUE(file);
  Bytes out(raw.size());
  ASSERT_EQ(*file->read_at(0, out), raw.size());
  EXPECT_TRUE(as_text(out) == raw);
}

TEST(Compressed, AFileThatIsCutLengthenedOrOfAnotherSegmentIsRefused) {
  const Sample sample(some_bytes(5000));
  const auto path = sample.layout.compressed_segment(7);
  for (std::size_t keep = 0; keep < sample.stored.size(); ++keep) {
    spew(path, std::string_view(sample.stored).substr(0, keep));
    ASSERT_FALSE(CompressedFile::open(path, 7)) << keep;
  }
  spew(path, sample.stored + '\0');
  EXPECT_FALSE(CompressedFile::open(path, 7));
  spew(path, '\0' + sample.stored);
  EXPECT_FALSE(CompressedFile::open(path, 7));
  spew(path, sample.stored);
  EXPECT_TRUE(CompressedFile::open(path, 7));
  const auto other = CompressedFile::open(path, 8);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().text(), HasSubstr("the file holds segment 000007"));
}

TEST(Compressed, ALogWithCompressedSegmentsReadsVerifiesAndReopens) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 600, 8'000);
  const auto raw = segment_files(scratch.log(), ".seg");
  ASSERT_GT(raw.size(), 4U);
  expect_test_entries(*log, 0, 600);  // the reader holds raw files open
  std::uint64_t told = 0;
  const auto report = compress(scratch.log(), 3, [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_LE(done, all);
    told = done;
  });
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->segments, raw.size() - 1);
  EXPECT_EQ(told, 2 * report->raw_bytes);
  EXPECT_LT(report->stored_bytes, report->raw_bytes);
  EXPECT_EQ(segment_files(scratch.log(), ".seg").size(), 1U);  // the newest one
  expect_test_entries(*log, 0, 600);
  log.reset();
  const auto verified = verify(scratch.log());
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(verified->size, 600U);
  // The tree can be made anew from compressed segments, and the log goes on.
  std::filesystem::remove_all(scratch.log() / "tree");
  log = filled_log(scratch.log(), 700, 8'000);
  ASSERT_TRUE(log);
  expect_test_entries(*log, 0, 700);
  log.reset();
  ASSERT_TRUE(verify(scratch.log()));
}

TEST(Compressed, EveryChangedByteOfACompressedSegmentIsFoundByVerification) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 8, 200, 2);
  ASSERT_TRUE(compress(scratch.log(), 3));
  const auto files = segment_files(scratch.log(), ".seg.zst");
  ASSERT_GE(files.size(), 2U);
  ASSERT_TRUE(verify(scratch.log()));
  const Layout layout{scratch.log()};
  const auto tree = TreeFiles::open(layout, storage::File::Mode::read);
  ASSERT_TRUE(tree);
  for (std::uint32_t number = 0; number < files.size(); ++number) {
    with_each_byte_changed(files[number], [&](std::size_t at) {
      std::atomic<std::uint64_t> done = 0;
      const auto checked = check_segment(layout, number, {}, *tree, 8, done);
      ASSERT_FALSE(checked) << files[number] << " byte " << at;
      ASSERT_EQ(checked.error().code(), ErrorCode::damaged) << checked.error().text();
      ASSERT_THAT(checked.error().text(), HasSubstr(fmt::format("segment {:06}", number)));
      if (at % 16 != 0) return;
      const auto report = verify(scratch.log());
      ASSERT_FALSE(report) << files[number] << " byte " << at;
      ASSERT_EQ(report.error().text(), checked.error().text());
    });
  }
  ASSERT_TRUE(verify(scratch.log()));
}

TEST(Compressed, CompressedSegmentsInEachOthersPlaceAreFound) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 100, 2'000);
  ASSERT_TRUE(compress(scratch.log(), 3));
  const auto files = segment_files(scratch.log(), ".seg.zst");
  const std::string a = slurp(files[0]);
  spew(files[0], slurp(files[1]));
  spew(files[1], a);
  const auto report = verify(scratch.log());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("segment 000000: the file holds segment 000001"));
}

/// A disk that fails at the n-th write or sync of the compressed file.
Faults failing_at(int& countdown) {
  Faults faults;
  faults.write = [&countdown](storage::File& file, std::uint64_t offset, BytesView bytes) -> Status {
    if (countdown-- == 0) return Error(ErrorCode::unavailable, "no space left on device");
    return file.write_at(offset, bytes);
  };
  faults.sync = [&countdown](storage::File& file) -> Status {
    if (countdown-- == 0) return Error(ErrorCode::unavailable, "input/output error");
    return file.sync();
  };
  return faults;
}

TEST(Compressed, ADiskThatFailsLeavesTheRawSegmentAndNothingElse) {
  const ScratchDirectory scratch;
  const Layout layout{scratch.path()};
  std::filesystem::create_directories(layout.segments());
  const std::string raw = some_bytes(2 * kFrameBytes);
  int failures = 0;
  for (int n = 0;; ++n) {
    spew(layout.segment(3), raw);
    int countdown = n;
    const auto made = compress_segment(layout, 3, 3, {}, failing_at(countdown));
    if (made) break;
    ++failures;
    EXPECT_TRUE(slurp(layout.segment(3)) == raw);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(layout.segments()), {}), 1);
  }
  EXPECT_EQ(failures, 4);  // two frames, the end, the sync
}

TEST(Compressed, ADiskThatWritesSomethingElseKeepsTheRawSegment) {
  const ScratchDirectory scratch;
  const Layout layout{scratch.path()};
  std::filesystem::create_directories(layout.segments());
  const std::string raw = some_bytes(2 * kFrameBytes);
  spew(layout.segment(3), raw);
  Faults lying;
  lying.write = [](storage::File& file, std::uint64_t offset, BytesView bytes) -> Status {
    Bytes changed(bytes.begin(), bytes.end());
    if (offset == 0) changed[changed.size() / 2] ^= std::byte{1};
    return file.write_at(offset, changed);
  };
  const auto made = compress_segment(layout, 3, 3, {}, lying);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), ErrorCode::damaged);
  EXPECT_TRUE(slurp(layout.segment(3)) == raw);
  EXPECT_FALSE(std::filesystem::exists(layout.compressed_segment(3)));
}

TEST(Compressed, WhatACrashCanLeaveBehindDoesNotMatter) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 60, 2'000);
  const Layout layout{scratch.log()};
  const std::string raw = slurp(layout.segment(1));
  ASSERT_TRUE(compress(scratch.log(), 3));
  const std::string compressed = slurp(layout.compressed_segment(1));

  // Died while writing: half a file without its name, beside the raw one.
  std::filesystem::remove(layout.compressed_segment(1));
  spew(layout.segment(1), raw);
  spew(layout.segments() / "000001.seg.zst.new", compressed.substr(0, compressed.size() / 2));
  ASSERT_TRUE(verify(scratch.log()));
  expect_test_entries(*filled_log(scratch.log(), 60, 2'000), 0, 60);

  // Died before the raw file was removed: the raw one counts, whatever the other holds.
  spew(layout.compressed_segment(1), compressed.substr(0, compressed.size() / 2));
  ASSERT_TRUE(verify(scratch.log()));
  expect_test_entries(*filled_log(scratch.log(), 60, 2'000), 0, 60);
  const auto again = compress(scratch.log(), 3);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->segments, 1U);
  EXPECT_FALSE(std::filesystem::exists(layout.segment(1)));
  EXPECT_TRUE(slurp(layout.compressed_segment(1)) == compressed);
  ASSERT_TRUE(verify(scratch.log()));
}

TEST(Compressed, ALostNewestSegmentIsNotTakenForATornTail) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 60, 2'000);
  ASSERT_TRUE(compress(scratch.log(), 3));
  std::filesystem::remove(segment_files(scratch.log(), ".seg").front());
  EXPECT_FALSE(verify(scratch.log()));
  EXPECT_FALSE(Log::open(scratch.log(), {}));
}

}  // namespace
}  // namespace mj::evidence
