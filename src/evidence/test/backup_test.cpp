#include "mj/evidence/backup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "filled_log.hpp"
#include "layout.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/evidence/verify.hpp"

namespace mj::evidence {
namespace {

using testing::HasSubstr;

/// A log, where its backup goes, and where that is restored to. The passphrase of the keys lies with none of them.
struct Places {
  ScratchDirectory scratch;
  std::filesystem::path log = scratch.log();
  std::filesystem::path copy = scratch.path() / "copy";
  std::filesystem::path restored = scratch.path() / "restored";
  std::filesystem::path passphrase = scratch.path() / "passphrase";

  [[nodiscard]] LogOptions options() const {
    LogOptions options;
    options.segment_bytes = 3'000;
    options.passphrase_file = passphrase;
    return options;
  }
  [[nodiscard]] std::unique_ptr<Log> open(const std::filesystem::path& directory) const {
    auto opened = Log::open(directory, options());
    EXPECT_TRUE(opened) << opened.error().text();
    return opened ? std::move(*opened) : nullptr;
  }
  /// Entries TestEntry(from) … TestEntry(to - 1), signed.
  static void append(Log& to_log, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t n = from; n < to;) {
      Batch batch;
      for (int i = 0; i < 3 && n < to; ++i, ++n) {
        const TestEntry test(n);
        ASSERT_TRUE(batch.add(test.entry));
      }
      // One batch at a time, so that segments end where they are full.
      const std::uint64_t target = to_log.size() + batch.count();
      ASSERT_TRUE(to_log.append(std::move(batch), {}));
      to_log.wait_beyond(target - 1, 20'000, {});
    }
    ASSERT_TRUE(to_log.checkpoint());
  }
};

TEST(Backup, ABackupOfALogThatIsBeingWrittenRestoresAndOpens) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 100);
  std::uint64_t covered = 0;
  {
    std::jthread writer([&](const std::stop_token& stop) {
      for (std::uint64_t n = 100; !stop.stop_requested(); ++n) {
        const TestEntry test(n);
        ASSERT_TRUE(log->append_and_wait(test.entry));
      }
    });
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(log->checkpoint());
      const auto report = backup(places.log, places.copy);
      ASSERT_TRUE(report) << report.error().text();
      EXPECT_GE(report->entries, covered);
      covered = report->entries;
    }
  }
  EXPECT_GE(covered, 100U);
  log.reset();
  std::uint64_t told = 0;
  const auto report =
      restore(places.copy, places.restored, [&](std::uint64_t done, std::uint64_t) { told = done; });
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->entries, covered);
  EXPECT_GT(told, 0U);
  const auto restored = places.open(places.restored);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->size(), covered);
  expect_test_entries(*restored, 0, covered);
  Places::append(*restored, covered, covered + 10);  // it goes on
}

TEST(Backup, AnEmptyLogCanBeBackedUp) {
  const Places places;
  places.open(places.log).reset();
  const auto report = backup(places.log, places.copy);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->entries, 0U);
  ASSERT_TRUE(restore(places.copy, places.restored));
  EXPECT_EQ(places.open(places.restored)->size(), 0U);
}

TEST(Backup, OnlyWhatIsNewIsCopiedAgainAlsoWhenSegmentsWereCompressedMeanwhile) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 400);
  const auto first = backup(places.log, places.copy);
  ASSERT_TRUE(first) << first.error().text();
  const auto nothing = backup(places.log, places.copy);
  ASSERT_TRUE(nothing) << nothing.error().text();
  EXPECT_LT(nothing->copied_bytes, 3'500U + 200U);  // the newest segment alone
  EXPECT_EQ(nothing->bytes, first->bytes);
  Places::append(*log, 400, 450);
  ASSERT_TRUE(compress(places.log, 3));
  const auto more = backup(places.log, places.copy);
  ASSERT_TRUE(more) << more.error().text();
  EXPECT_EQ(more->entries, 450U);
  EXPECT_LT(more->copied_bytes, first->copied_bytes / 2);
  // What had been the newest is whole there now; the older ones stayed as they were.
  EXPECT_FALSE(segment_files(places.copy, ".seg.zst").empty());
  EXPECT_GT(segment_files(places.copy, ".seg").size(), 5U);
  ASSERT_TRUE(restore(places.copy, places.restored));
  expect_test_entries(*places.open(places.restored), 0, 450);
}

TEST(Backup, AnInterruptedRunIsCompletedByTheNext) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 60);
  ASSERT_TRUE(backup(places.log, places.copy));
  Places::append(*log, 60, 300);
  const std::filesystem::path whole = places.scratch.path() / "whole";
  ASSERT_TRUE(backup(places.log, whole));

  // Every prefix of what a run writes: some of the new segments, then the tree, then keyring and checkpoint.
  const auto segments = segment_files(whole, ".seg");
  const std::filesystem::path before = places.scratch.path() / "before";
  std::filesystem::copy(places.copy, before, std::filesystem::copy_options::recursive);
  for (std::size_t done = 0; done <= segments.size() + 1; ++done) {
    std::filesystem::remove_all(places.copy);
    std::filesystem::copy(before, places.copy, std::filesystem::copy_options::recursive);
    for (std::size_t i = 0; i < std::min(done, segments.size()); ++i) {
      std::filesystem::copy_file(segments[i], places.copy / "segments" / segments[i].filename(),
                                 std::filesystem::copy_options::overwrite_existing);
    }
    spew(places.copy / "segments" / "000009.seg.new", "half a segment");
    if (done > segments.size()) {
      for (const char* name : {"hashes.0", "sm3.0", "offsets"}) {
        // Longer than it was, and the new part never reached the disk.
        std::string bytes = slurp(places.copy / "tree" / name);
        bytes.resize(bytes.size() + 4096);
        spew(places.copy / "tree" / name, bytes);
      }
    }
    const auto report = backup(places.log, places.copy);
    ASSERT_TRUE(report) << done << ": " << report.error().text();
    EXPECT_EQ(report->entries, 300U);
  }
  ASSERT_TRUE(restore(places.copy, places.restored));
  expect_test_entries(*places.open(places.restored), 0, 300);
}

TEST(Backup, AnInterruptedFirstRunIsKnownAgain) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 60);
  ASSERT_TRUE(backup(places.log, places.copy));
  std::filesystem::remove(places.copy / "checkpoint");
  std::filesystem::remove(places.copy / "segments" / "000001.seg");
  const auto report = backup(places.log, places.copy);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->entries, 60U);
}

TEST(Backup, AnotherLogIsNotCopiedOver) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 20);
  ASSERT_TRUE(backup(places.log, places.copy));
  const Places others;
  auto other = others.open(others.log);
  Places::append(*other, 0, 20);  // the same entries under the same name, but other keys
  const auto refused = backup(others.log, places.copy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
  EXPECT_THAT(refused.error().text(), HasSubstr("is the backup of another log"));
}

TEST(Backup, AShorterOrAnotherHistoryIsNotCopiedOverALongerOne) {
  const Places places;
  {
    auto log = places.open(places.log);
    Places::append(*log, 0, 30);
  }
  const auto old = places.scratch.path() / "old";
  std::filesystem::copy(places.log, old, std::filesystem::copy_options::recursive);
  {
    auto log = places.open(places.log);
    Places::append(*log, 30, 60);
    ASSERT_TRUE(backup(places.log, places.copy));
  }
  const std::string kept = slurp(places.copy / "checkpoint");
  const auto shorter = backup(old, places.copy);
  ASSERT_FALSE(shorter);
  EXPECT_EQ(shorter.error().code(), ErrorCode::conflict);
  EXPECT_THAT(shorter.error().text(), HasSubstr("holds 60 entries, the log only 30"));
  {
    // The old copy goes on with other entries: a fork.
    auto log = places.open(old);
    Places::append(*log, 130, 190);
  }
  const auto fork = backup(old, places.copy);
  ASSERT_FALSE(fork);
  EXPECT_EQ(fork.error().code(), ErrorCode::conflict);
  EXPECT_THAT(fork.error().text(), HasSubstr("two histories"));
  EXPECT_EQ(slurp(places.copy / "checkpoint"), kept);
  ASSERT_TRUE(verify(places.copy));
}

TEST(Backup, ABackupThatWasChangedIsNeitherContinuedNorRestored) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 100);
  ASSERT_TRUE(backup(places.log, places.copy));
  const auto segment = places.copy / "segments" / "000001.seg";
  std::string bytes = slurp(segment);
  bytes[bytes.size() / 2] ^= 4;
  spew(segment, bytes);
  const auto continued = backup(places.log, places.copy);
  ASSERT_FALSE(continued);
  EXPECT_EQ(continued.error().code(), ErrorCode::damaged);
  EXPECT_THAT(continued.error().text(), HasSubstr("segment 000001"));
  const auto restored = restore(places.copy, places.restored);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code(), ErrorCode::damaged);
  EXPECT_FALSE(std::filesystem::exists(places.restored));
}

TEST(Backup, ADamagedLogIsNotCopiedAsIfItWereWhole) {
  const Places places;
  {
    auto log = places.open(places.log);
    Places::append(*log, 0, 100);
  }
  const auto segment = places.log / "segments" / "000001.seg";
  std::string bytes = slurp(segment);
  bytes[bytes.size() / 2] ^= 4;
  spew(segment, bytes);
  const auto report = backup(places.log, places.copy);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), ErrorCode::damaged);
}

TEST(Backup, ItHoldsTheKeysEncryptedAndNeverThePassphrase) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 10, 3'000);  // its passphrase lies in keys/
  const Layout layout{scratch.log()};
  ASSERT_TRUE(std::filesystem::exists(layout.passphrase()));
  const Layout copy{scratch.path() / "copy"};
  ASSERT_TRUE(backup(scratch.log(), copy.root));
  EXPECT_FALSE(std::filesystem::exists(copy.passphrase()));
  const std::string passphrase = slurp(layout.passphrase());
  std::size_t keys = 0;
  for (const auto& entry : std::filesystem::directory_iterator(copy.keys())) {
    EXPECT_THAT(slurp(entry.path()), HasSubstr("ENCRYPTED PRIVATE KEY"));
    EXPECT_EQ(std::filesystem::status(entry.path()).permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    ++keys;
  }
  EXPECT_EQ(keys, 3U);  // Ed25519, SM2, recovery
  for (const auto& entry : std::filesystem::recursive_directory_iterator(copy.root)) {
    if (entry.is_regular_file()) {
      EXPECT_THAT(slurp(entry.path()), testing::Not(HasSubstr(passphrase.substr(0, 16))));
    }
  }
}

TEST(Backup, ItIsRestoredOnlyToWhereNothingIs) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 20);
  ASSERT_TRUE(backup(places.log, places.copy));
  std::filesystem::create_directories(places.restored);
  spew(places.restored / "note.txt", "x");
  const auto refused = restore(places.copy, places.restored);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
  EXPECT_FALSE(restore(places.copy, places.copy / "inside"));
  EXPECT_FALSE(backup(places.log, places.log / "inside"));
  EXPECT_FALSE(backup(places.scratch.path() / "nowhere", places.restored));
}

TEST(Backup, AnOlderBackupOpensAlone) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 50);
  ASSERT_TRUE(backup(places.log, places.copy));
  Places::append(*log, 50, 90);
  ASSERT_TRUE(restore(places.copy, places.restored));
  // It cannot know; whoever remembers the checkpoint over 90 entries does.
  const auto restored = places.open(places.restored);
  EXPECT_EQ(restored->size(), 50U);
  EXPECT_LT(restored->newest_checkpoint().checkpoint.size, log->newest_checkpoint().checkpoint.size);
}

TEST(Backup, RotatedKeysGoWithTheStatementsThatTheCheckpointCovers) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 20);
  ASSERT_TRUE(backup(places.log, places.copy));
  ASSERT_TRUE(log->rotate_keys("王敏", "yearly change"));
  Places::append(*log, 21, 40);
  const auto report = backup(places.log, places.copy);
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_TRUE(restore(places.copy, places.restored));
  const auto restored = places.open(places.restored);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->keyring().members().size(), 2U);
  const TestEntry next(40);
  ASSERT_TRUE(restored->append_and_wait(next.entry));
}

TEST(Backup, WhatTheLogRetiredStaysInItsArchiveAndANewBackupHoldsTheMarkers) {
  const Places places;
  auto log = places.open(places.log);
  Places::append(*log, 0, 100);
  ASSERT_TRUE(backup(places.log, places.copy));
  const std::size_t sealed = segment_files(places.copy, ".seg").size();
  const Retirement retirement{"王敏", "over", Instant::from_ms(1'700'000'010'000), places.copy};
  ASSERT_TRUE(retire(*log, places.log, retirement, [] { return Instant::from_ms(1'800'000'000'000); }));
  const auto archive = backup(places.log, places.copy);
  ASSERT_TRUE(archive) << archive.error().text();
  EXPECT_EQ(segment_files(places.copy, ".seg").size(), sealed);
  EXPECT_TRUE(segment_files(places.copy, ".retired").empty());
  EXPECT_EQ(verify(places.copy)->retired_entries, 0U);

  const auto second = places.scratch.path() / "second";
  const auto markers = backup(places.log, second);
  ASSERT_TRUE(markers) << markers.error().text();
  EXPECT_EQ(segment_files(second, ".retired").size(), sealed - 1);
  ASSERT_TRUE(restore(second, places.restored));
  EXPECT_EQ(places.open(places.restored)->size(), 101U);
}

}  // namespace
}  // namespace mj::evidence
