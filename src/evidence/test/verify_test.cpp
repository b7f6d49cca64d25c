#include "mj/evidence/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mj/evidence/keys.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "scratch_log.hpp"

namespace mj::evidence {
namespace {

using testing::HasSubstr;

/// Several small segments; more than 256 entries, so that tile level 1 has hashes, when `count` says so.
void make_log(const std::filesystem::path& directory, std::uint64_t count, std::uint64_t segment_bytes,
              std::uint64_t per_batch = 3) {
  LogOptions options;
  options.segment_bytes = segment_bytes;
  auto log = Log::open(directory, options);
  ASSERT_TRUE(log) << log.error().text();
  for (std::uint64_t n = 0; n < count;) {
    Batch batch;
    for (std::uint64_t i = 0; i < per_batch && n < count; ++i, ++n) {
      const TestEntry test(n);
      ASSERT_TRUE(batch.add(test.entry));
    }
    ASSERT_TRUE((*log)->append(std::move(batch), {}));
    (*log)->wait_beyond(n - 1, 20'000, {});
  }
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files{directory / "checkpoint", directory / "keyring"};
  for (const char* room : {"segments", "tree"}) {
    for (const auto& entry : std::filesystem::directory_iterator(directory / room)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Verify, AWholeLogVerifiesAndTheReportSaysItsSizeAndRoot) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 1000, 10'000);
  std::uint64_t last_done = 0;
  std::uint64_t all = 0;
  const auto report = verify(scratch.log(), [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, last_done);
    EXPECT_LE(done, total);
    last_done = done;
    all = total;
  });
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->size, 1000U);
  EXPECT_EQ(report->torn_tail_bytes, 0U);
  EXPECT_EQ(report->bytes, all);
  EXPECT_EQ(last_done, all);
  const auto ring = read_keyring(scratch.log());
  ASSERT_TRUE(ring);
  const auto checkpoint = evidence_format::open_checkpoint(report->checkpoint_note, *ring);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->sm3_root, report->sm3_root);
  EXPECT_EQ(checkpoint->root, report->root);
  EXPECT_EQ(checkpoint->size, 1000U);
}

TEST(Verify, AnEmptyLogVerifies) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 0, 10'000);
  const auto report = verify(scratch.log());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->size, 0U);
}

// The files appear in this order; a kill can come between any two of them.
TEST(Verify, ALogWhoseCreationWasKilledIsALogOfNothing) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 0, 10'000);
  for (const char* file : {"tree", "segments"}) {
    std::filesystem::remove_all(scratch.log() / file);
    std::filesystem::create_directory(scratch.log() / file);
    const auto report = verify(scratch.log());
    ASSERT_TRUE(report) << file << ": " << report.error().text();
    EXPECT_EQ(report->size, 0U);
    EXPECT_EQ(report->root, evidence_format::empty_root());
  }
  make_log(scratch.log(), 7, 10'000);
  EXPECT_EQ(verify(scratch.log())->size, 7U);
  std::filesystem::remove_all(scratch.log() / "tree");
  EXPECT_FALSE(verify(scratch.log())) << "entries without a tree";
}

TEST(Verify, NoDirectoryIsNotAVerifiedLog) {
  const ScratchDirectory scratch;
  EXPECT_FALSE(verify(scratch.path() / "nothing"));
}

/// Bits all over a small closed log, in every file but the secret keys and the lock: all of them in the long run of tamper_test.cpp.
TEST(Verify, FlippedBitsOfASmallLogAreFound) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 6, 200, 2);
  ASSERT_TRUE(verify(scratch.log()));
  std::size_t flips = 0;
  for (const auto& file : files_of(scratch.log())) {
    const std::string whole = slurp(file);
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += 41, ++flips) {
      std::string changed = whole;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
      spew(file, changed);
      const auto report = verify(scratch.log());
      ASSERT_FALSE(report) << file << " bit " << bit;
      ASSERT_EQ(report.error().code(), ErrorCode::damaged) << report.error().text();
    }
    spew(file, whole);
  }
  EXPECT_GT(flips, 400U);
  ASSERT_TRUE(verify(scratch.log()));
}

TEST(Verify, SampledFlippedBitsOfALargerLogAreFound) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 700, 15'000);
  for (const auto& file : files_of(scratch.log())) {
    const std::string whole = slurp(file);
    for (std::size_t i = 0; i < 24; ++i) {
      const std::size_t bit = (i * 2654435761U + 7) % (whole.size() * 8);
      std::string changed = whole;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
      spew(file, changed);
      ASSERT_FALSE(verify(scratch.log())) << file << " bit " << bit;
    }
    spew(file, whole);
  }
}

TEST(Verify, EveryFileMissingOrCutShortIsFound) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 600, 15'000);
  for (const auto& file : files_of(scratch.log())) {
    const std::string whole = slurp(file);
    std::filesystem::remove(file);
    EXPECT_FALSE(verify(scratch.log())) << file << " missing";
    for (const std::size_t keep : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
      spew(file, std::string_view(whole).substr(0, keep));
      EXPECT_FALSE(verify(scratch.log())) << file << " cut to " << keep;
    }
    spew(file, whole);
  }
}

TEST(Verify, BytesAddedToAnyFileAreFoundAndBehindTheNewestSegmentReported) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 600, 15'000);
  std::filesystem::path newest;
  for (const auto& file : files_of(scratch.log())) {
    if (file.extension() == ".seg") newest = file;  // sorted: the last one stays
  }
  for (const auto& file : files_of(scratch.log())) {
    const std::string whole = slurp(file);
    spew(file, whole + std::string(32, '\0'));
    const auto report = verify(scratch.log());
    if (file == newest) {
      // It might be a commit under way: no damage, but said.
      ASSERT_TRUE(report) << report.error().text();
      EXPECT_EQ(report->torn_tail_bytes, 32U);
    } else {
      EXPECT_FALSE(report) << file;
    }
    spew(file, whole);
  }
  spew(scratch.log() / "tree" / "notes.txt", "x");
  EXPECT_FALSE(verify(scratch.log()));
}

TEST(Verify, SwappedSegmentsAreFound) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 200, 3'000);
  const auto first = scratch.log() / "segments" / "000001.seg";
  const auto second = scratch.log() / "segments" / "000002.seg";
  const std::string a = slurp(first);
  const std::string b = slurp(second);
  spew(first, b);
  spew(second, a);
  const auto report = verify(scratch.log());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("segment 000001 at byte 0"));
}

TEST(Verify, TheFirstDamagedPlaceIsNamed) {
  const ScratchDirectory scratch;
  make_log(scratch.log(), 300, 5'000);
  for (const char* name : {"000001.seg", "000003.seg"}) {
    const auto file = scratch.log() / "segments" / name;
    std::string bytes = slurp(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    spew(file, bytes);
  }
  const auto report = verify(scratch.log());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("segment 000001 at byte "));
}

TEST(Verify, ALogThatIsBeingWrittenVerifies) {
  const ScratchDirectory scratch;
  LogOptions options;
  options.segment_bytes = 50'000;
  options.checkpoint_interval_ms = 1;
  auto log = Log::open(scratch.log(), options);
  ASSERT_TRUE(log);
  std::jthread writer([&](const std::stop_token& stop) {
    for (std::uint64_t n = 0; !stop.stop_requested(); ++n) {
      const TestEntry test(n, 100);
      ASSERT_TRUE((*log)->append_and_wait(test.entry));
    }
  });
  (*log)->wait_beyond(10, 20'000, {});
  std::uint64_t last = 0;
  for (int i = 0; i < 40; ++i) {
    const auto report = verify(scratch.log());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_GE(report->size, last);
    last = report->size;
  }
}

}  // namespace
}  // namespace mj::evidence
