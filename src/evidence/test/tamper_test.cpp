// Single bits flipped all over a log: segments raw and compressed, both trees, offsets, checkpoint, keyring. MJ_TAMPER_FLIPS says how
// many (default 300; 100,000 in the long run whose figure bench/RESULTS.md gives).
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>

#include "filled_log.hpp"
#include "mj/evidence/keys.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/evidence/verify.hpp"

namespace mj::evidence {
namespace {

using testing::HasSubstr;

std::uint64_t wanted_flips() {
  const char* text = std::getenv("MJ_TAMPER_FLIPS");
  return text == nullptr ? 300 : std::strtoull(text, nullptr, 10);
}

/// Flips one bit in place: nothing else of the file is touched.
void flip_bit(const std::filesystem::path& file, std::uint64_t bit) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(descriptor, 0) << file;
  unsigned char byte = 0;
  ASSERT_EQ(::pread(descriptor, &byte, 1, static_cast<off_t>(bit / 8)), 1);
  byte = static_cast<unsigned char>(byte ^ (1U << (bit % 8)));
  ASSERT_EQ(::pwrite(descriptor, &byte, 1, static_cast<off_t>(bit / 8)), 1);
  ::close(descriptor);
}

/// Every file that is no secret.
std::vector<std::filesystem::path> guarded_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files{directory / "checkpoint", directory / "keyring"};
  for (const char* room : {"segments", "tree"}) {
    for (const auto& entry : std::filesystem::directory_iterator(directory / room)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Tamper, EveryFlippedBitOfASampleIsFound) {
  const ScratchDirectory scratch;
  {
    auto log = filled_log(scratch.log(), 200, 6'000);
    ASSERT_TRUE(log->rotate_keys("tester", "so that the keyring has two statements"));
  }
  // Part of the sealed segments compressed: both forms stand in the sample.
  ASSERT_TRUE(compress(scratch.log(), 3));
  {
    auto log = filled_log(scratch.log(), 330, 6'000);
  }
  ASSERT_TRUE(verify(scratch.log()));
  const auto files = guarded_files(scratch.log());
  ASSERT_FALSE(segment_files(scratch.log(), ".seg").empty());
  ASSERT_FALSE(segment_files(scratch.log(), ".seg.zst").empty());

  std::mt19937_64 random(20'261'122);
  std::map<std::string, std::uint64_t> flips;
  const std::uint64_t wanted = wanted_flips();
  for (std::uint64_t n = 0; n < wanted; ++n) {
    const auto& file = files[random() % files.size()];
    const std::uint64_t bits = std::filesystem::file_size(file) * 8;
    if (bits == 0) continue;
    const std::uint64_t bit = random() % bits;
    flip_bit(file, bit);
    const auto report = verify(scratch.log());
    ASSERT_FALSE(report) << file << " bit " << bit;
    ASSERT_EQ(report.error().code(), ErrorCode::damaged)
        << file << " bit " << bit << ": " << report.error().text();
    flip_bit(file, bit);
    ++flips[file.filename().string()];
  }
  EXPECT_TRUE(verify(scratch.log()));
  if (wanted > 300) {
    for (const auto& [name, count] : flips) std::printf("%-20s %lu flips, all found\n", name.c_str(), count);
  }
}

TEST(Tamper, SegmentsInAnotherOrderDuplicatedOrFromElsewhereAreRefused) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 200, 3'000).reset();
  const auto segments = segment_files(scratch.log(), ".seg");
  ASSERT_GT(segments.size(), 4U);
  const std::string one = slurp(segments[1]);
  const std::string two = slurp(segments[2]);
  const auto refuse = [&](std::string_view why) {
    const auto report = verify(scratch.log());
    ASSERT_FALSE(report) << why;
    EXPECT_THAT(report.error().text(), HasSubstr(std::string(why)));
    EXPECT_FALSE(Log::open(scratch.log(), {}));
  };
  spew(segments[2], one);  // duplicated
  refuse("the file holds segment 000001");
  spew(segments[1], two);  // re-ordered
  refuse("segment 000001 at byte 0");
  spew(segments[1], one);
  spew(segments[2], two);
  // Of a log with the same entries and name, and other seeds and keys: the tree is the same, the places and checks are not.
  filled_log(scratch.path() / "other", 200, 3'000).reset();
  spew(scratch.log() / "checkpoint", slurp(scratch.path() / "other" / "checkpoint"));
  refuse("there is no signature of the key");
}

TEST(Tamper, ATruncatedTailBehindTheCheckpointsSizeIsRefusedAndSaysHowMuchIsMissing) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 50, 64U << 20U).reset();
  const auto newest = segment_files(scratch.log(), ".seg").back();
  std::filesystem::resize_file(newest, std::filesystem::file_size(newest) - 1);
  const auto report = verify(scratch.log());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("the signed checkpoint covers 50 entries"));
  const auto log = Log::open(scratch.log(), {});
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code(), ErrorCode::damaged);
}

}  // namespace
}  // namespace mj::evidence
