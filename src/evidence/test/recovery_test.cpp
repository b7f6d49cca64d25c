// What open() makes of every state a crash or a hand can leave behind. docs/formats/evidence-log.md §8.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layout.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence/verify.hpp"
#include "scratch_log.hpp"

namespace mj::evidence {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

LogOptions no_checkpoints(std::uint64_t segment_bytes = 64U << 20U) {
  LogOptions options;
  options.segment_bytes = segment_bytes;
  options.checkpoint_interval_ms =
      3'600'000;  // only the destructor signs: a copy taken before it is a crashed log
  return options;
}

/// A log as a killed process leaves it: the first `signed_count` entries are under a checkpoint, the rest only committed.
/// `batch_ends[i]` is the size of the newest segment file after `i` batches of two entries.
struct CrashedLog {
  explicit CrashedLog(const std::filesystem::path& target, std::uint64_t count, std::uint64_t signed_count,
                      std::uint64_t segment_bytes = 64U << 20U)
      : directory(target) {
    const ScratchDirectory scratch;
    auto log = Log::open(scratch.log(), no_checkpoints(segment_bytes));
    if (!log) throw std::runtime_error(log.error().text());
    batch_ends.push_back(std::filesystem::file_size(newest_segment(scratch.log())));
    for (std::uint64_t n = 0; n < count; n += 2) {
      if (n == signed_count && !(*log)->checkpoint()) throw std::runtime_error("checkpoint");
      Batch batch;
      for (std::uint64_t i = n; i < n + 2; ++i) {
        const TestEntry test(i);
        if (!batch.add(test.entry)) throw std::runtime_error("add");
      }
      if (!(*log)->append(std::move(batch), {})) throw std::runtime_error("append");
      (*log)->wait_beyond(n + 1, 20'000, {});
      batch_ends.push_back(std::filesystem::file_size(newest_segment(scratch.log())));
    }
    if (signed_count == count && !(*log)->checkpoint()) throw std::runtime_error("checkpoint");
    std::filesystem::remove_all(directory);
    std::filesystem::copy(scratch.log(), directory, std::filesystem::copy_options::recursive);
  }

  static std::filesystem::path newest_segment(const std::filesystem::path& directory) {
    const Layout layout{directory};
    return layout.segment(list_segments(layout)->count - 1);
  }
  [[nodiscard]] std::filesystem::path newest() const { return newest_segment(directory); }

  std::filesystem::path directory;
  std::vector<std::uint64_t> batch_ends;
};

void expect_entries(const Log& log, std::uint64_t count) {
  ASSERT_EQ(log.size(), count);
  const auto batch = log.read(EntryIndex(0), 10'000, 1U << 30U);
  ASSERT_TRUE(batch) << batch.error().text();
  ASSERT_THAT(batch->entries, SizeIs(count));
  for (std::uint64_t n = 0; n < count; ++n) {
    const TestEntry expected(n);
    ASSERT_TRUE(same(batch->entries[n].entry, expected.entry)) << "entry " << n;
  }
}

void expect_opens_with(const std::filesystem::path& directory, std::uint64_t count) {
  {
    auto log = Log::open(directory, no_checkpoints());
    ASSERT_TRUE(log) << log.error().text();
    expect_entries(**log, count);
    const TestEntry more(count);
    const auto index = (*log)->append_and_wait(more.entry);
    ASSERT_TRUE(index) << index.error().text();
    EXPECT_EQ(index->raw(), count);
    EXPECT_TRUE((*log)->prove(*index));
  }
  const auto report = verify(directory);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->size, count + 1);
  EXPECT_EQ(report->torn_tail_bytes, 0U);
}

void expect_damaged(const std::filesystem::path& directory, std::string_view text) {
  const auto log = Log::open(directory, no_checkpoints());
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code(), ErrorCode::damaged) << log.error().text();
  EXPECT_THAT(log.error().text(), HasSubstr(std::string(text)));
}

void cut_tree(const std::filesystem::path& directory, std::uint64_t entries) {
  std::filesystem::resize_file(directory / "tree" / "hashes.0", entries * 32);
  std::filesystem::resize_file(directory / "tree" / "sm3.0", entries * 32);
  std::filesystem::resize_file(directory / "tree" / "offsets", entries * 8);
}

void flip(const std::filesystem::path& file, std::uint64_t byte) {
  std::string bytes = slurp(file);
  bytes[byte] = static_cast<char>(bytes[byte] ^ 0x10);
  spew(file, bytes);
}

TEST(Recovery, AKilledLogOpensWithEverythingThatWasCommitted) {
  const ScratchDirectory scratch;
  for (const std::uint64_t signed_count : {0U, 4U, 20U}) {
    const CrashedLog crashed(scratch.log(), 20, signed_count);
    expect_opens_with(scratch.log(), 20);
  }
}

TEST(Recovery, ATornTailOfTheLastBatchIsCutAndKeptAside) {
  const ScratchDirectory scratch;
  // The process died before it could touch the tree files for the last batch.
  const CrashedLog crashed(scratch.path() / "crashed", 8, 4);
  cut_tree(crashed.directory, 6);
  const std::uint64_t begin = crashed.batch_ends[3];
  const std::uint64_t end = crashed.batch_ends[4];
  const std::string whole = slurp(crashed.newest());
  ASSERT_EQ(whole.size(), end);
  for (std::uint64_t cut = begin; cut < end; cut += 2) {
    std::filesystem::remove_all(scratch.log());
    std::filesystem::copy(crashed.directory, scratch.log(), std::filesystem::copy_options::recursive);
    spew(CrashedLog::newest_segment(scratch.log()), std::string_view(whole).substr(0, cut));
    {
      auto log = Log::open(scratch.log(), no_checkpoints());
      ASSERT_TRUE(log) << "cut at " << cut << ": " << log.error().text();
      expect_entries(**log, 6);
    }
    if (cut > begin) {
      const auto aside = scratch.log() / "torn" / fmt::format("000000-{}", begin);
      EXPECT_EQ(slurp(aside), whole.substr(begin, cut - begin)) << "raw bytes are never thrown away";
    }
    ASSERT_TRUE(verify(scratch.log()));
  }
}

TEST(Recovery, ATornTailOfZerosOrNoiseIsCut) {
  const ScratchDirectory scratch;
  for (const char fill : {'\0', 'M', '\xFF'}) {
    const CrashedLog crashed(scratch.log(), 8, 8);
    spew(crashed.newest(), slurp(crashed.newest()) + std::string(100'000, fill));
    expect_opens_with(scratch.log(), 8);
  }
}

TEST(Recovery, AFlippedBitInAnEarlierBatchIsDamageNotATornTail) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.path() / "crashed", 8, 0);
  // Bytes all over the batches but the last, though no checkpoint covers them and the tree files are gone.
  for (std::uint64_t byte = crashed.batch_ends[0]; byte < crashed.batch_ends[3]; byte += 3) {
    std::filesystem::remove_all(scratch.log());
    std::filesystem::copy(crashed.directory, scratch.log(), std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(scratch.log() / "tree");
    flip(CrashedLog::newest_segment(scratch.log()), byte);
    expect_damaged(scratch.log(), "changed after it had been committed");
  }
}

TEST(Recovery, AFlippedBitInTheLastBatchIsDamageWhenTheTreeKnowsItsEntries) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 8, 0);
  flip(crashed.newest(), crashed.batch_ends[4] - 1);
  expect_damaged(scratch.log(), "committed entries are lost");
}

TEST(Recovery, AFlippedBitInTheLastBatchIsDamageWhenACheckpointCoversIt) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 8, 8);
  std::filesystem::remove_all(scratch.log() / "tree");
  flip(crashed.newest(), crashed.batch_ends[4] - 1);
  expect_damaged(scratch.log(), "the signed checkpoint covers 8 entries");
}

TEST(Recovery, AForgedHistoryWithRightChecksDoesNotPassTheCheckpoint) {
  const ScratchDirectory scratch;
  const CrashedLog real(scratch.log(), 8, 8);
  // The same log written once more with other entries by somebody who knows the format, under the old checkpoint.
  const CrashedLog forged(scratch.path() / "forged", 10, 0);
  for (const char* part : {"segments", "tree"}) {
    std::filesystem::remove_all(scratch.log() / part);
    std::filesystem::copy(forged.directory / part, scratch.log() / part, std::filesystem::copy_options::recursive);
  }
  // Equal entries give equal trees, whatever the seeds: this much is no forgery.
  expect_opens_with(scratch.log(), 10);

  const CrashedLog again(scratch.log(), 8, 8);
  {
    const ScratchDirectory other;
    auto log = Log::open(other.log(), no_checkpoints());
    ASSERT_TRUE(log);
    for (std::uint64_t n = 100; n < 108; ++n) {
      const TestEntry test(n);
      ASSERT_TRUE((*log)->append_and_wait(test.entry));
    }
    for (const char* part : {"segments", "tree"}) {
      std::filesystem::remove_all(scratch.log() / part);
      std::filesystem::copy(other.log() / part, scratch.log() / part, std::filesystem::copy_options::recursive);
    }
  }
  expect_damaged(scratch.log(), "not the one that was signed");
}

TEST(Recovery, MissingOrShortTreeFilesAreMadeAnew) {
  const ScratchDirectory scratch;
  struct Case {
    std::string what;
    std::function<void(const std::filesystem::path&)> harm;
  };
  const std::vector<Case> cases = {
      {"no tree", [](const auto& tree) { std::filesystem::remove_all(tree); }},
      {"no offsets", [](const auto& tree) { std::filesystem::remove(tree / "offsets"); }},
      {"no hashes.0", [](const auto& tree) { std::filesystem::remove(tree / "hashes.0"); }},
      {"no hashes.1", [](const auto& tree) { std::filesystem::remove(tree / "hashes.1"); }},
      {"short offsets", [](const auto& tree) { std::filesystem::resize_file(tree / "offsets", 1001); }},
      {"short hashes.0", [](const auto& tree) { std::filesystem::resize_file(tree / "hashes.0", 33); }},
      {"empty hashes.1", [](const auto& tree) { std::filesystem::resize_file(tree / "hashes.1", 0); }},
      {"changed leaf", [](const auto& tree) { flip(tree / "hashes.0", 599 * 32); }},
      {"changed offset", [](const auto& tree) { flip(tree / "offsets", 599 * 8 + 7); }},
      {"changed node", [](const auto& tree) { flip(tree / "hashes.1", 5); }},
      {"no sm3.0", [](const auto& tree) { std::filesystem::remove(tree / "sm3.0"); }},
      {"no sm3.1", [](const auto& tree) { std::filesystem::remove(tree / "sm3.1"); }},
      {"short sm3.0", [](const auto& tree) { std::filesystem::resize_file(tree / "sm3.0", 33); }},
      {"changed SM3 leaf", [](const auto& tree) { flip(tree / "sm3.0", 599 * 32); }},
      {"changed SM3 node", [](const auto& tree) { flip(tree / "sm3.1", 5); }},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    const CrashedLog crashed(scratch.log(), 600, 600, 20'000);
    one.harm(scratch.log() / "tree");
    expect_opens_with(scratch.log(), 600);
  }
}

TEST(Recovery, UnfinishedRotationAndReplacementLeaveNoTrace) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 40, 4, 500);
  spew(scratch.log() / "segments" / "000099.seg.new", "half a header");
  spew(scratch.log() / "checkpoint.new", "half a checkpoint");
  std::filesystem::create_directory(scratch.log() / "tree.rebuild");
  expect_opens_with(scratch.log(), 40);
  EXPECT_FALSE(std::filesystem::exists(scratch.log() / "segments" / "000099.seg.new"));
}

TEST(Recovery, AMissingPartOfALogIsDamage) {
  const ScratchDirectory scratch;
  const auto fresh = [&] { return CrashedLog(scratch.log(), 40, 40, 500); };
  fresh();
  std::filesystem::remove(scratch.log() / "checkpoint");
  expect_damaged(scratch.log(), "checkpoint");
  fresh();
  std::filesystem::remove(scratch.log() / "keyring");
  expect_damaged(scratch.log(), "keyring: it is missing");
  fresh();
  std::filesystem::remove(scratch.log() / "segments" / "000001.seg");
  expect_damaged(scratch.log(), "segment 000001 is missing");
  fresh();
  std::filesystem::remove(fresh().newest());
  expect_damaged(scratch.log(), "entries");
  fresh();
  std::filesystem::remove_all(scratch.log() / "segments");
  expect_damaged(scratch.log(), "there is no segment");
}

TEST(Recovery, ADirectoryOfTheFormatBeforeKeyringsIsRefusedSayingWhatToDo) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 4, 4);
  std::filesystem::remove(scratch.log() / "keyring");
  spew(scratch.log() / "verifier-key", "mingjian.local/log+00000000+AAAA\n");
  expect_damaged(scratch.log(), "begin with a fresh data directory");
}

TEST(Recovery, AKeyringOfAnotherLogIsDamage) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 4, 4);
  const CrashedLog other(scratch.path() / "other", 4, 4);
  spew(scratch.log() / "keyring", slurp(other.directory / "keyring"));
  expect_damaged(scratch.log(), "there is no signature of the key");
}

TEST(Recovery, AMissingOrWronglyOpenedPrivateKeyIsSaidAndNothingIsChanged) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 4, 4);
  const auto key = scratch.log() / "keys" / "0-sm2.pem";
  const std::string pem = slurp(key);
  std::filesystem::remove(key);
  auto log = Log::open(scratch.log(), no_checkpoints());
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(log.error().text(), HasSubstr("mingjian evidence recover"));
  // The key of another log, under the same passphrase file.
  const CrashedLog other(scratch.path() / "other", 4, 4);
  spew(key, slurp(other.directory / "keys" / "0-sm2.pem"));
  log = Log::open(scratch.log(), no_checkpoints());
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code(), ErrorCode::invalid_input);
  spew(key, pem);
  spew(scratch.log() / "keys" / "passphrase", "guess\n");
  log = Log::open(scratch.log(), no_checkpoints());
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().text(), HasSubstr("wrong passphrase"));
}

TEST(Recovery, AChangedCheckpointIsDamage) {
  const ScratchDirectory scratch;
  const CrashedLog crashed(scratch.log(), 4, 4);
  flip(scratch.log() / "checkpoint", 20);
  expect_damaged(scratch.log(), "checkpoint");
}

TEST(Recovery, BytesThatADeviceSentCannotPassForABatch) {
  // A payload that holds the newest segment's own later batches, as they would stand in it: it cannot know the seed,
  // so a torn tail that contains it stays a torn tail.
  const ScratchDirectory scratch;
  const CrashedLog donor(scratch.path() / "donor", 8, 0);
  const std::string lure = slurp(donor.newest()).substr(donor.batch_ends[0]);
  {
    auto log = Log::open(scratch.log(), no_checkpoints());
    ASSERT_TRUE(log);
    evidence_format::Entry entry;
    entry.payload = as_bytes(lure);
    ASSERT_TRUE((*log)->append_and_wait(entry));
    ASSERT_TRUE((*log)->checkpoint());
  }
  const auto newest = CrashedLog::newest_segment(scratch.log());
  spew(newest, slurp(newest) + std::string(10, 'M') + lure);
  auto log = Log::open(scratch.log(), no_checkpoints());
  ASSERT_TRUE(log) << log.error().text();
  EXPECT_EQ((*log)->size(), 1U);
}

}  // namespace
}  // namespace mj::evidence
