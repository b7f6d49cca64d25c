// A failing disk at every write and every sync, with what was written kept or lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <atomic>

#include "faults.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence/verify.hpp"
#include "scratch_log.hpp"

namespace mj::evidence {
namespace {

using testing::HasSubstr;

LogOptions small_segments() {
  LogOptions options;
  options.segment_bytes = 700;
  options.checkpoint_interval_ms = 3'600'000;
  return options;
}

enum class Kept { nothing, half, all };

/// A disk whose write number `fail_at` fails after keeping a part; `fails` times in a row. Counts every write.
struct FailingDisk {
  std::atomic<int> writes = 0;
  std::atomic<int> syncs = 0;
  std::atomic<int> fail_write = -1;
  std::atomic<int> fail_sync = -1;
  std::atomic<int> fails = 1;
  Kept kept = Kept::nothing;

  Faults faults() {
    Faults made;
    made.write = [this](storage::File& file, std::uint64_t offset, BytesView bytes) -> Status {
      const int number = writes++;
      if (fail_write >= 0 && number >= fail_write && number < fail_write + fails) {
        const std::size_t part = kept == Kept::nothing ? 0 : kept == Kept::half ? bytes.size() / 2 : bytes.size();
        if (part > 0) EXPECT_TRUE(file.write_at(offset, bytes.first(part)));
        return Error(ErrorCode::unavailable, "no space left on the test disk");
      }
      return file.write_at(offset, bytes);
    };
    made.sync = [this](storage::File& file) -> Status {
      if (const int number = syncs++; fail_sync >= 0 && number >= fail_sync && number < fail_sync + fails) {
        return Error(ErrorCode::unavailable, "the test disk does not sync");
      }
      return file.sync();
    };
    return made;
  }
};

/// Appends one entry after the other, numbered by what has been acknowledged so far; returns how many were refused.
int append_until(Log& log, std::uint64_t& acknowledged, std::uint64_t target, int most_refusals) {
  int refused = 0;
  while (acknowledged < target && refused < most_refusals) {
    const TestEntry test(acknowledged, 60);
    const auto index = log.append_and_wait(test.entry);
    if (index) {
      EXPECT_EQ(index->raw(), acknowledged);
      ++acknowledged;
    } else {
      EXPECT_EQ(index.error().code(), ErrorCode::unavailable);
      EXPECT_NE(log.failure(), "");
      ++refused;
    }
  }
  return refused;
}

void expect_acknowledged(const Log& log, std::uint64_t acknowledged) {
  ASSERT_GE(log.size(), acknowledged);
  const auto batch = log.read(EntryIndex(0), 10'000, 1U << 30U);
  ASSERT_TRUE(batch) << batch.error().text();
  for (std::uint64_t n = 0; n < acknowledged; ++n) {
    const TestEntry expected(n, 60);
    ASSERT_TRUE(same(batch->entries[n].entry, expected.entry)) << "entry " << n;
  }
}

TEST(Faults, AFailedWriteAnywhereIsToldAndTheLogGoesOn) {
  constexpr std::uint64_t kEntries = 20;
  // How many writes a faultless run makes: every one of them fails once below.
  int all_writes = 0;
  {
    const ScratchDirectory scratch;
    FailingDisk disk;
    auto log = FaultyLog::open(scratch.log(), small_segments(), disk.faults());
    ASSERT_TRUE(log);
    std::uint64_t acknowledged = 0;
    append_until(**log, acknowledged, kEntries, 1);
    all_writes = disk.writes;
  }
  ASSERT_GT(all_writes, 60);
  for (const Kept kept : {Kept::nothing, Kept::half, Kept::all}) {
    for (const int fails : {1, 3}) {
      // Every second write fails once with nothing kept; the other ways of failing are sampled more thinly.
      const int step = kept == Kept::nothing && fails == 1 ? 2 : 11;
      for (int at = 1; at < all_writes; at += step) {
        SCOPED_TRACE(fmt::format("write {} fails {} times, kept {}", at, fails, static_cast<int>(kept)));
        const ScratchDirectory scratch;
        FailingDisk disk;
        disk.fail_write = at;
        disk.fails = fails;
        disk.kept = kept;
        std::uint64_t acknowledged = 0;
        {
          auto log = FaultyLog::open(scratch.log(), small_segments(), disk.faults());
          ASSERT_TRUE(log) << log.error().text();
          append_until(**log, acknowledged, kEntries, 10);
          ASSERT_EQ(acknowledged, kEntries);
          (*log)->wait_beyond(kEntries - 1, 20'000, {});
          EXPECT_EQ((*log)->size(), kEntries) << "nothing of a refused batch is seen";
          EXPECT_EQ((*log)->failure(), "");
          expect_acknowledged(**log, kEntries);
        }
        const auto report = verify(scratch.log());
        ASSERT_TRUE(report) << report.error().text();
        EXPECT_EQ(report->size, kEntries);
      }
    }
  }
}

TEST(Faults, AfterAFailedSyncNothingIsCommittedUntilTheLogIsOpenedAgain) {
  for (int at = 1; at < 30; ++at) {
    SCOPED_TRACE(fmt::format("sync {}", at));
    const ScratchDirectory scratch;
    FailingDisk disk;
    disk.fail_sync = at;
    std::uint64_t acknowledged = 0;
    {
      auto log = FaultyLog::open(scratch.log(), small_segments(), disk.faults());
      if (!log) continue;  // it was a sync of opening
      append_until(**log, acknowledged, 20, 3);
      // Making a new segment may be tried again; a commit may not.
      if (acknowledged < 20) {
        EXPECT_THAT((*log)->failure(), HasSubstr("does not sync"));
        const TestEntry test(0);
        EXPECT_FALSE((*log)->append_and_wait(test.entry));
      }
    }
    auto log = Log::open(scratch.log(), small_segments());
    ASSERT_TRUE(log) << log.error().text();
    expect_acknowledged(**log, acknowledged);
    EXPECT_LE((*log)->size(), acknowledged + 1) << "the batch whose sync failed may have survived";
    ASSERT_TRUE((*log)->checkpoint());
    ASSERT_TRUE(verify(scratch.log()));
  }
}

TEST(Faults, AFullDiskRefusesAndTheLogGoesOnWhenThereIsRoomAgain) {
  const ScratchDirectory scratch;
  const auto disk = scratch.path() / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "a small tmpfs cannot be mounted here";
  std::uint64_t acknowledged = 0;
  {
    LogOptions options;
    options.checkpoint_interval_ms = 20;
    options.segment_bytes = 100'000;
    auto log = Log::open(disk / "log", options);
    EXPECT_TRUE(log) << log.error().text();
    if (log) {
      spew(disk / "ballast", std::string(300'000, 'b'));
      const auto append = [&] {
        const TestEntry test(acknowledged, 2000);
        const auto index = (*log)->append_and_wait(test.entry);
        if (index) ++acknowledged;
        return index;
      };
      Result<EntryIndex> last = EntryIndex();
      while (acknowledged < 1000 && last) last = append();
      EXPECT_FALSE(last) << "a mebibyte does not hold two";
      if (!last) {
        EXPECT_EQ(last.error().code(), ErrorCode::unavailable);
        EXPECT_THAT(last.error().text(), HasSubstr("No space left"));
      }
      EXPECT_THAT((*log)->failure(), HasSubstr("No space left"));
      EXPECT_FALSE(append()) << "still full";
      std::filesystem::remove(disk / "ballast");
      for (int i = 0; i < 20; ++i) {
        const auto again = append();
        EXPECT_TRUE(again) << again.error().text();
      }
      EXPECT_EQ((*log)->failure(), "");
      (*log)->wait_beyond(acknowledged - 1, 20'000, {});
      EXPECT_EQ((*log)->size(), acknowledged);
    }
  }
  const auto report = verify(disk / "log");
  EXPECT_TRUE(report) << report.error().text();
  if (report) EXPECT_EQ(report->size, acknowledged);
  ::umount(disk.c_str());
}

TEST(Faults, AReadOnlyDirectoryIsUnavailable) {
  const ScratchDirectory scratch;
  const auto disk = scratch.path() / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "a small tmpfs cannot be mounted here";
  {
    auto log = Log::open(disk / "log", {});
    EXPECT_TRUE(log);
  }
  EXPECT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, ""), 0);
  {
    const auto log = Log::open(disk / "log", {});
    EXPECT_FALSE(log);
    if (!log) {
      EXPECT_EQ(log.error().code(), ErrorCode::unavailable);
      EXPECT_THAT(log.error().text(), HasSubstr("Read-only file system"));
    }
    EXPECT_TRUE(verify(disk / "log")) << "verification writes nothing";
  }
  ::umount(disk.c_str());
}

}  // namespace
}  // namespace mj::evidence
