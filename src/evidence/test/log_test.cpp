#include "mj/evidence/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>
#include <thread>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "scratch_log.hpp"

namespace mj::evidence {
namespace {

using evidence_format::HashAlgorithm;
using testing::HasSubstr;

std::unique_ptr<Log> open_or_die(const std::filesystem::path& directory, LogOptions options = {}) {
  auto log = Log::open(directory, std::move(options));
  if (!log) throw std::runtime_error(log.error().text());
  return std::move(*log);
}

void append_all(Log& log, std::uint64_t first, std::uint64_t count, std::size_t padding = 0) {
  for (std::uint64_t n = first; n < first + count; ++n) {
    const TestEntry test(n, padding);
    const auto index = log.append_and_wait(test.entry);
    ASSERT_TRUE(index) << index.error().text();
    ASSERT_EQ(index->raw(), n);
  }
}

void expect_all(const Log& log, std::uint64_t count, std::size_t padding = 0) {
  ASSERT_EQ(log.size(), count);
  std::uint64_t next = 0;
  while (next < count) {
    const auto batch = log.read(EntryIndex(next), 100, 4096);
    ASSERT_TRUE(batch) << batch.error().text();
    ASSERT_FALSE(batch->entries.empty());
    for (const StoredEntry& stored : batch->entries) {
      ASSERT_EQ(stored.index.raw(), next);
      const TestEntry expected(next, padding);
      ASSERT_TRUE(same(stored.entry, expected.entry)) << "entry " << next;
      ++next;
    }
  }
}

TEST(Log, NewLogIsEmptyAndHasASignedCheckpointOverNothing) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  EXPECT_EQ(log->size(), 0U);
  const auto made = log->checkpoint();
  ASSERT_TRUE(made);
  const auto checkpoint = evidence_format::open_checkpoint(made->note, log->keyring());
  ASSERT_TRUE(checkpoint) << checkpoint.error().text();
  EXPECT_EQ(checkpoint->size, 0U);
  // RFC 6962 §2.1: the hash of an empty list is SHA-256 of nothing.
  EXPECT_EQ(to_hex(checkpoint->root), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(checkpoint->sm3_root, evidence_format::sm3({}));
  EXPECT_EQ(*checkpoint, made->checkpoint);
  EXPECT_EQ(log->failure(), "");
}

TEST(Log, WhatIsAppendedIsReadBackByteForByteAlsoAfterReopening) {
  const ScratchDirectory scratch;
  {
    const auto log = open_or_die(scratch.log());
    append_all(*log, 0, 300);
    expect_all(*log, 300);
  }
  const auto log = open_or_die(scratch.log());
  expect_all(*log, 300);
  append_all(*log, 300, 5);
  expect_all(*log, 305);
}

TEST(Log, PrivateKeysAreEncryptedAndReadableByTheirOwnerOnly) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  for (const char* name : {"0-ed25519.pem", "0-sm2.pem", "recovery.pem", "passphrase"}) {
    struct stat info{};
    ASSERT_EQ(::stat((scratch.log() / "keys" / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 07777U, 0600U) << name;
    if (name != std::string_view("passphrase")) {
      EXPECT_THAT(slurp(scratch.log() / "keys" / name),
                  testing::StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    }
  }
  EXPECT_EQ(slurp(scratch.log() / "keyring"), log->keyring().text());
}

TEST(Log, SegmentsAreSealedAtTheirSizeAndReadAcross) {
  const ScratchDirectory scratch;
  LogOptions options;
  options.segment_bytes = 2000;
  {
    const auto log = open_or_die(scratch.log(), options);
    append_all(*log, 0, 100, 150);
    EXPECT_GE(log->disk_size().segments, 5U);
    expect_all(*log, 100, 150);
    const auto all = log->read(EntryIndex(0), 1000, 1U << 20U);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->entries.size(), 100U) << "a read crosses segments";
  }
  const auto log = open_or_die(scratch.log(), options);
  expect_all(*log, 100, 150);
  append_all(*log, 100, 20, 150);
  expect_all(*log, 120, 150);
}

TEST(Log, ReadKeepsToItsLimits) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  append_all(*log, 0, 50, 100);
  EXPECT_TRUE(log->read(EntryIndex(50), 10, 1000)->entries.empty());
  EXPECT_TRUE(log->read(EntryIndex(1000), 10, 1000)->entries.empty());
  EXPECT_TRUE(log->read(EntryIndex(0), 0, 1000)->entries.empty());
  EXPECT_EQ(log->read(EntryIndex(0), 10, 1U << 20U)->entries.size(), 10U);
  EXPECT_EQ(log->read(EntryIndex(45), 10, 1U << 20U)->entries.size(), 5U);
  EXPECT_EQ(log->read(EntryIndex(0), 50, 1)->entries.size(), 1U) << "at least one, however little fits";
  const auto some = log->read(EntryIndex(0), 50, 1000);
  EXPECT_GT(some->entries.size(), 2U);
  EXPECT_LT(some->entries.size(), 20U);
}

TEST(Log, LargestEntryIsStoredAndALargerOneRefused) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  evidence_format::Entry entry;
  // 20 bytes: version, type, time, connection and two empty texts (docs/formats/evidence-log.md §3).
  const std::string payload(evidence_format::kMaxEntryBytes - 20, 'p');
  entry.payload = as_bytes(payload);
  ASSERT_TRUE(log->append_and_wait(entry));
  const auto back = log->read(EntryIndex(0), 1, 1);
  ASSERT_TRUE(back);
  EXPECT_TRUE(same(back->entries.at(0).entry, entry));
  const std::string longer(payload.size() + 1, 'p');
  entry.payload = as_bytes(longer);
  const auto refused = log->append_and_wait(entry);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input);
}

TEST(Log, EveryEntryHasAProofUnderTheSignedRoot) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  append_all(*log, 0, 70);
  ASSERT_TRUE(log->checkpoint());
  append_all(*log, 70, 3);
  for (std::uint64_t index = 0; index < 73; ++index) {
    const auto proof = log->prove(EntryIndex(index));
    ASSERT_TRUE(proof) << proof.error().text();
    const auto checkpoint = evidence_format::open_checkpoint(proof->newest.note, log->keyring());
    ASSERT_TRUE(checkpoint);
    const InclusionPath& path = proof->path;
    EXPECT_EQ(path.index, index);
    EXPECT_EQ(path.size, checkpoint->size);
    const TestEntry expected(index);
    Bytes encoded;
    ASSERT_TRUE(evidence_format::encode(expected.entry, encoded));
    EXPECT_EQ(path.leaf, evidence_format::leaf_hash(encoded));
    EXPECT_EQ(path.sm3_leaf, evidence_format::leaf_hash(encoded, HashAlgorithm::sm3));
    const auto root = evidence_format::root_from_inclusion(index, checkpoint->size, path.leaf, path.path);
    ASSERT_TRUE(root);
    EXPECT_EQ(*root, checkpoint->root);
    const auto sm3_root = evidence_format::root_from_inclusion(index, checkpoint->size, path.sm3_leaf,
                                                               path.sm3_path, HashAlgorithm::sm3);
    ASSERT_TRUE(sm3_root);
    EXPECT_EQ(*sm3_root, checkpoint->sm3_root);
  }
  const auto beyond = log->prove(EntryIndex(73));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code(), ErrorCode::not_found);
}

TEST(Log, ACheckpointIsSignedSoonAfterAnEntryWithoutAskingForIt) {
  const ScratchDirectory scratch;
  LogOptions options;
  options.checkpoint_interval_ms = 10;
  const auto log = open_or_die(scratch.log(), options);
  append_all(*log, 0, 3);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto newest = [&] { return slurp(scratch.log() / "checkpoint"); };
  while (!newest().starts_with("mingjian.local/log\n3\n")) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
}

TEST(Log, WaitBeyondReturnsOnGrowthOnTimeoutAndOnStop) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  EXPECT_EQ(log->wait_beyond(0, 1, {}), 0U);
  auto waiting = std::async(std::launch::async, [&] { return log->wait_beyond(0, 60'000, {}); });
  append_all(*log, 0, 1);
  EXPECT_EQ(waiting.get(), 1U);
  std::stop_source source;
  auto stopped = std::async(std::launch::async, [&] { return log->wait_beyond(1, 60'000, source.get_token()); });
  source.request_stop();
  EXPECT_EQ(stopped.get(), 1U);
}

TEST(Log, ASecondOpenerIsRefusedWhileTheFirstHoldsTheLock) {
  const ScratchDirectory scratch;
  const auto log = open_or_die(scratch.log());
  const auto second = Log::open(scratch.log(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::conflict);
  EXPECT_THAT(second.error().text(), HasSubstr("locked"));
}

TEST(Log, ADirectoryThatCannotBeWrittenIsUnavailable) {
  const auto log = Log::open("/proc/mingjian-log", {});
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code(), ErrorCode::unavailable);
}

TEST(Log, AnotherOriginIsRefused) {
  const ScratchDirectory scratch;
  {
    const auto log = open_or_die(scratch.log());
  }
  LogOptions other;
  other.origin = "elsewhere.example/log";
  const auto log = Log::open(scratch.log(), other);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code(), ErrorCode::conflict);
  EXPECT_THAT(log.error().text(), HasSubstr("it holds the log \"mingjian.local/log\""));
  other.origin = "no blanks allowed";
  EXPECT_EQ(Log::open(scratch.path() / "new", other).error().code(), ErrorCode::invalid_input);
}

TEST(Log, AFullQueueRefusesInsteadOfGrowing) {
  const ScratchDirectory scratch;
  LogOptions options;
  options.max_queued_bytes = 10'000;
  // The first commit's callback holds the commit thread until the queue has been filled. All of this outlives the log,
  // whose destructor waits for the last callback.
  std::promise<void> filled;
  std::promise<void> entered;
  std::atomic<int> called = 0;
  auto log = open_or_die(scratch.log(), options);
  const TestEntry test(0, 1000);
  const auto one = [&] {
    Batch batch;
    EXPECT_TRUE(batch.add(test.entry));
    return batch;
  };
  ASSERT_TRUE(log->append(one(), [&](const Result<EntryIndex>&) {
    entered.set_value();
    filled.get_future().wait();
  }));
  entered.get_future().wait();
  int accepted = 1;
  Status last;
  while (accepted < 100) {
    last = log->append(one(), [&](const Result<EntryIndex>& result) { called += result ? 1 : 0; });
    if (!last) break;
    ++accepted;
  }
  EXPECT_EQ(accepted, 9) << "9 entries of some 1050 bytes fit into 10,000";
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code(), ErrorCode::unavailable);
  Batch empty;
  EXPECT_EQ(log->append(std::move(empty), {}).error().code(), ErrorCode::invalid_input);
  filled.set_value();
  log->wait_beyond(8, 20'000, {});
  EXPECT_EQ(log->size(), 9U);
  log.reset();
  EXPECT_EQ(called, 8) << "every batch that was taken is answered";
}

TEST(Log, BatchesOfManyThreadsAreCommittedWholeAndInOrder) {
  const ScratchDirectory scratch;
  LogOptions options;
  options.segment_bytes = 20'000;
  options.checkpoint_interval_ms = 1;
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kBatches = 60;
  constexpr std::uint64_t kEntries = 5;
  std::vector<std::vector<std::uint64_t>> firsts(kThreads, std::vector<std::uint64_t>(kBatches));
  {
    const auto log = open_or_die(scratch.log(), options);
    std::jthread follower([&](const std::stop_token& stop) {
      std::uint64_t next = 0;
      while (!stop.stop_requested()) {
        log->wait_beyond(next, 50, stop);
        const auto batch = log->read(EntryIndex(next), 64, 1U << 16U);
        ASSERT_TRUE(batch) << batch.error().text();
        next += batch->entries.size();
        if (next > 0) ASSERT_TRUE(log->prove(EntryIndex(next - 1)));
      }
    });
    std::vector<std::jthread> writers;
    for (std::uint64_t t = 0; t < kThreads; ++t) {
      writers.emplace_back([&, t] {
        for (std::uint64_t b = 0; b < kBatches; ++b) {
          Batch batch;
          for (std::uint64_t e = 0; e < kEntries; ++e) {
            const TestEntry test((t * kBatches + b) * kEntries + e);
            ASSERT_TRUE(batch.add(test.entry));
          }
          ASSERT_TRUE(log->append(std::move(batch), [&firsts, t, b](const Result<EntryIndex>& first) {
            ASSERT_TRUE(first);
            firsts[t][b] = first->raw();
          }));
        }
      });
    }
    writers.clear();
    const auto total = kThreads * kBatches * kEntries;
    while (log->wait_beyond(total - 1, 1000, {}) < total) {
    }
  }
  const auto log = open_or_die(scratch.log(), options);
  ASSERT_EQ(log->size(), kThreads * kBatches * kEntries);
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    for (std::uint64_t b = 0; b < kBatches; ++b) {
      if (b > 0) EXPECT_GT(firsts[t][b], firsts[t][b - 1]) << "one thread's batches keep their order";
      const auto batch = log->read(EntryIndex(firsts[t][b]), kEntries, 1U << 20U);
      ASSERT_TRUE(batch);
      for (std::uint64_t e = 0; e < kEntries; ++e) {
        const TestEntry expected((t * kBatches + b) * kEntries + e);
        EXPECT_TRUE(same(batch->entries.at(e).entry, expected.entry));
      }
    }
  }
}

}  // namespace
}  // namespace mj::evidence
