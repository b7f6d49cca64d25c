#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "filled_log.hpp"
#include "mj/evidence/backup.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/evidence/verify.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "retire_digest.hpp"
#include "retire_marker.hpp"
#include "segment_check.hpp"

namespace mj::evidence {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// TestEntry's are received between 1,699,999,999,000 and 1,700,000,006,000 ms: 15 November 2023 in Beijing.
constexpr Instant kAfterAll = Instant::from_ms(1'700'000'010'000);
constexpr Instant kNow = Instant::from_ms(1'800'000'000'000);

runtime::Clock fixed_clock() {
  return [] { return kNow; };
}

/// A log whose sealed segments stand in an archive.
struct Archived {
  explicit Archived(std::uint64_t count = 200, std::uint64_t segment_bytes = 3'000)
      : log(filled_log(scratch.log(), count, segment_bytes)) {
    const auto made = backup(scratch.log(), archive());
    EXPECT_TRUE(made) << made.error().text();
  }
  [[nodiscard]] std::filesystem::path archive() const { return scratch.path() / "archive"; }
  [[nodiscard]] Retirement retirement() const {
    return {"王敏", "retention of \"five years\" is over", kAfterAll, archive()};
  }
  [[nodiscard]] Result<std::vector<std::uint32_t>> retire_all() {
    return retire(*log, scratch.log(), retirement(), fixed_clock());
  }

  ScratchDirectory scratch;
  std::unique_ptr<Log> log;
};

/// Places of entries in the segments by their headers: first entry of `number`.
std::uint64_t first_entry(const Layout& layout, std::uint32_t number) {
  const auto summary = summarise_segment(layout, number, {});
  EXPECT_TRUE(summary) << summary.error().text();
  return summary ? summary->header.first_entry : 0;
}

TEST(Retire, ADecisionTakesOldSegmentsOffTheDiskAndTheLogStillProvesTheirEntries) {
  Archived test;
  const Layout layout{test.scratch.log()};
  const std::size_t segments = segment_files(test.scratch.log(), ".seg").size();
  ASSERT_GT(segments, 3U);
  const std::string raw = slurp(layout.segment(1));
  const std::uint64_t newest_first = first_entry(layout, static_cast<std::uint32_t>(segments) - 1);
  const auto retired = test.retire_all();
  ASSERT_TRUE(retired) << retired.error().text();
  EXPECT_EQ(retired->size(), segments - 1);
  EXPECT_EQ(segment_files(test.scratch.log(), ".seg").size(), 1U);

  // The decision is an entry of the log, and says what is on the archive.
  const auto read = test.log->read(EntryIndex(200), 1, 1U << 20U);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->entries.size(), 1U);
  const auto& entry = read->entries.front().entry;
  EXPECT_EQ(entry.type, evidence_format::EntryType::decision);
  EXPECT_EQ(entry.received_at, kNow);
  const auto decision = RetirementDecision::parse(as_text(entry.payload));
  ASSERT_TRUE(decision) << decision.error().text();
  EXPECT_EQ(decision->by, "王敏");
  EXPECT_EQ(decision->archive, std::filesystem::canonical(test.archive()).string());
  SegmentDigest digest;
  ASSERT_TRUE(digest.update(as_bytes(raw)));
  ASSERT_TRUE(digest.finish());
  EXPECT_EQ(decision->segments[1].bytes, raw.size());
  EXPECT_EQ(decision->segments[1].last_entry + 1, decision->segments[2].first_entry);

  // Entries that went say where they are; others are read; all are proven.
  const auto gone = test.log->read(EntryIndex(5), 10, 1U << 20U);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), ErrorCode::not_found);
  EXPECT_THAT(gone.error().text(), HasSubstr("entry 5: segment 000000 (entries 0 to "));
  EXPECT_THAT(gone.error().text(),
              HasSubstr("was retired to " + decision->archive + " by decision 200 on 2027-01-15"));
  EXPECT_THAT(gone.error().text(), HasSubstr("bring-back --archive"));
  expect_test_entries(*test.log, newest_first, 200);
  const auto path = test.log->path(EntryIndex(5), test.log->size());
  ASSERT_TRUE(path) << path.error().text();
  const TestEntry fifth(5);
  Bytes encoded;
  ASSERT_TRUE(evidence_format::encode(fifth.entry, encoded));
  const auto root =
      evidence_format::root_from_inclusion(5, path->size, evidence_format::leaf_hash(encoded), path->path);
  ASSERT_TRUE(root);
  EXPECT_EQ(*root, test.log->newest_checkpoint().checkpoint.root);

  // Verification says how much it took from the tree, and the log opens again.
  test.log.reset();
  const auto verified = verify(test.scratch.log());
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(verified->retired_segments, segments - 1);
  EXPECT_EQ(verified->retired_entries, newest_first);
  EXPECT_EQ(verified->size, 201U);
  test.log = filled_log(test.scratch.log(), 0, 3'000);
  ASSERT_TRUE(test.log);
  EXPECT_EQ(test.log->size(), 201U);
}

TEST(Retire, WhatCameBackFromTheArchiveReadsAsBefore) {
  Archived test;
  ASSERT_TRUE(compress(test.archive(), 3));  // an archive may compress what it keeps
  const auto retired = test.retire_all();
  ASSERT_TRUE(retired) << retired.error().text();
  ASSERT_FALSE(test.log->read(EntryIndex(0), 1, 1000));
  const auto brought = bring_back(test.scratch.log(), test.archive());
  ASSERT_TRUE(brought) << brought.error().text();
  EXPECT_EQ(*brought, *retired);
  EXPECT_TRUE(segment_files(test.scratch.log(), ".retired").empty());
  expect_test_entries(*test.log, 0, 200);
  const auto verified = verify(test.scratch.log());
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(verified->retired_entries, 0U);
  const auto again = bring_back(test.scratch.log(), test.archive());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::not_found);
}

TEST(Retire, NothingGoesThatTheArchiveDoesNotHoldByteByByte) {
  Archived test;
  const Layout archive{test.archive()};
  const auto expect_refused = [&](std::string_view why) {
    const auto retired = test.retire_all();
    ASSERT_FALSE(retired);
    EXPECT_EQ(retired.error().code(), ErrorCode::damaged);
    EXPECT_THAT(retired.error().text(), HasSubstr(std::string(why)));
    EXPECT_EQ(test.log->size(), 200U);  // no decision either
    EXPECT_TRUE(segment_files(test.scratch.log(), ".retired").empty());
  };
  const std::string whole = slurp(archive.segment(2));
  std::string changed = whole;
  changed[changed.size() / 2] ^= 1;
  spew(archive.segment(2), changed);
  expect_refused("segment 000002 in the archive");
  spew(archive.segment(2), whole.substr(0, whole.size() - 1));
  expect_refused("is not the one in the log");
  std::filesystem::remove(archive.segment(2));
  expect_refused("does not hold segment 000002");
}

TEST(Retire, ASegmentThatIsDamagedInTheLogDoesNotGo) {
  Archived test;
  const Layout layout{test.scratch.log()};
  const Layout archive{test.archive()};
  std::string bytes = slurp(layout.segment(1));
  bytes[bytes.size() / 2] ^= 1;
  spew(layout.segment(1), bytes);
  spew(archive.segment(1), bytes);  // the same damage on both sides
  const auto retired = test.retire_all();
  ASSERT_FALSE(retired);
  EXPECT_EQ(retired.error().code(), ErrorCode::damaged);
  EXPECT_EQ(test.log->size(), 200U);
}

TEST(Retire, OnlySegmentsWhoseEntriesAreAllOlderGoAndNeverOneWithAStatementAboutKeys) {
  Archived test;
  ASSERT_TRUE(test.log->rotate_keys("王敏", "yearly change"));
  const TestEntry late(7);
  evidence_format::Entry entry = late.entry;
  // Fill two more segments behind the statement, the first of them with one entry that is too young.
  for (std::uint64_t n = 0; n < 120; ++n) {
    const TestEntry filler(n);
    entry = filler.entry;
    if (n == 30) entry.received_at = kAfterAll;
    ASSERT_TRUE(test.log->append_and_wait(entry));
  }
  ASSERT_TRUE(test.log->checkpoint());
  ASSERT_TRUE(backup(test.scratch.log(), test.archive()));
  const auto retired = test.retire_all();
  ASSERT_TRUE(retired) << retired.error().text();
  const Layout layout{test.scratch.log()};
  const auto names = list_segments(layout);
  ASSERT_TRUE(names);
  for (std::uint32_t number = 0; number + 1 < names->count; ++number) {
    const std::uint64_t first = first_entry(layout, number);
    const std::uint64_t end = first_entry(layout, number + 1);
    const auto holds = [&](std::uint64_t n) { return first <= n && n < end; };
    EXPECT_EQ(names->forms[number] == SegmentForm::retired, !holds(200) && !holds(201 + 30)) << number;
  }
  ASSERT_TRUE(verify(test.scratch.log()));
}

TEST(Retire, WhatCannotBeDecidedIsRefused) {
  Archived test;
  const auto refused = [&](auto&& change) {
    Retirement retirement = test.retirement();
    change(retirement);
    const auto retired = retire(*test.log, test.scratch.log(), retirement, fixed_clock());
    EXPECT_FALSE(retired);
    return retired ? ErrorCode::internal : retired.error().code();
  };
  EXPECT_EQ(refused([](Retirement& r) { r.by.clear(); }), ErrorCode::invalid_input);
  EXPECT_EQ(refused([](Retirement& r) { r.reason.clear(); }), ErrorCode::invalid_input);
  EXPECT_EQ(refused([](Retirement& r) { r.before = kNow.plus_ms(1); }), ErrorCode::invalid_input);
  EXPECT_EQ(refused([&](Retirement& r) { r.archive = test.scratch.log(); }), ErrorCode::invalid_input);
  EXPECT_EQ(refused([&](Retirement& r) { r.archive = test.scratch.path() / "nowhere"; }), ErrorCode::not_found);
  EXPECT_EQ(refused([](Retirement& r) { r.before = Instant::from_ms(1'600'000'000'000); }), ErrorCode::not_found);
  EXPECT_EQ(test.log->size(), 200U);
}

TEST(Retire, EveryChangedByteOfAMarkerIsFound) {
  Archived test(30, 1'000);
  ASSERT_TRUE(test.retire_all());
  test.log.reset();
  const auto markers = segment_files(test.scratch.log(), ".retired");
  ASSERT_GE(markers.size(), 2U);
  ASSERT_TRUE(verify(test.scratch.log()));
  const Layout layout{test.scratch.log()};
  const auto tree = TreeFiles::open(layout, storage::File::Mode::read);
  ASSERT_TRUE(tree);
  with_each_byte_changed(markers[1], [&](std::size_t at) {
    std::atomic<std::uint64_t> done = 0;
    const auto checked = check_segment(layout, 1, {}, *tree, 31, done);
    ASSERT_FALSE(checked) << at;
    ASSERT_EQ(checked.error().code(), ErrorCode::damaged);
    if (at % 16 == 0) {
      ASSERT_FALSE(verify(test.scratch.log())) << at;
    }
  });
  // No hash of the trees covers the places of entries that are not there: the marker does.
  const auto offsets = test.scratch.log() / "tree" / "offsets";
  const std::string whole = slurp(offsets);
  for (std::size_t at = 0; at < 8; ++at) {
    std::string changed = whole;
    changed[8 * 4 + at] ^= 1;
    spew(offsets, changed);
    EXPECT_FALSE(verify(test.scratch.log())) << at;
  }
}

TEST(Retire, AnInventedDecisionAnotherSegmentsMarkerOrNoneIsNotBelieved) {
  Archived test;
  ASSERT_TRUE(test.retire_all());
  const std::size_t one_more = test.log->size();
  test.log = nullptr;
  test.log = filled_log(test.scratch.log(), one_more + 60, 3'000);
  test.log.reset();
  ASSERT_TRUE(verify(test.scratch.log()));
  const Layout layout{test.scratch.log()};
  const auto names = list_segments(layout);
  ASSERT_TRUE(names);
  std::uint32_t sealed = 0;
  while (names->forms[sealed] == SegmentForm::retired) ++sealed;
  ASSERT_LT(sealed + 1, names->count);

  // Somebody takes away a segment and writes a decision that nobody took.
  const auto header = summarise_segment(layout, sealed, {});
  ASSERT_TRUE(header);
  const auto genuine = read_retired(layout, 0);
  ASSERT_TRUE(genuine);
  RetirementDecision invented;
  invented.segments = {
      {sealed, header->header.first_entry, first_entry(layout, sealed + 1) - 1, header->bytes, {}}};
  invented.archive = "/mnt/archive";
  invented.by = "nobody";
  invented.reason = "none";
  const std::string payload = invented.json();
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::decision;
  entry.received_at = kNow;
  entry.payload = as_bytes(payload);
  Bytes encoded;
  ASSERT_TRUE(evidence_format::encode(entry, encoded));
  const std::string segment = slurp(layout.segment(sealed));
  std::filesystem::remove(layout.segment(sealed));
  const auto refused_with = [&](std::string_view why) {
    const auto report = verify(test.scratch.log());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), ErrorCode::damaged);
    EXPECT_THAT(report.error().text(), HasSubstr(std::string(why)));
  };
  refused_with("missing");
  const std::uint64_t last = invented.segments.front().last_entry;
  spew(layout.retired_segment(sealed), as_text(encode_retired(header->header, last + 1, encoded, 0)));
  refused_with("is not the decision that retired it");
  spew(layout.retired_segment(sealed), as_text(encode_retired(header->header, 1'000'000, encoded, 0)));
  refused_with("does not cover decision");
  spew(layout.retired_segment(sealed),
       as_text(encode_retired(header->header, genuine->decision, genuine->decision_entry, 0)));
  refused_with("does not name it");
  spew(layout.retired_segment(sealed), slurp(layout.retired_segment(0)));
  refused_with("the file is about segment 000000");

  // A marker beside the segment does not count: nothing is lost by it.
  spew(layout.segment(sealed), segment);
  EXPECT_TRUE(verify(test.scratch.log()));
}

TEST(Retire, ATreeThatIsLostCannotBeMadeWithoutTheArchiveAndTheLogSaysWhich) {
  Archived test;
  ASSERT_TRUE(test.retire_all());
  test.log.reset();
  std::filesystem::remove_all(test.scratch.log() / "tree");
  const auto opened = Log::open(test.scratch.log(), {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(),
              HasSubstr("was retired to " + std::filesystem::canonical(test.archive()).string()));
  ASSERT_TRUE(bring_back(test.scratch.log(), test.archive()));
  const auto mended = Log::open(test.scratch.log(), {});
  ASSERT_TRUE(mended) << mended.error().text();
  expect_test_entries(**mended, 0, 200);
}

TEST(Retire, AnArchiveThatWasChangedSinceIsNotBroughtBack) {
  Archived test;
  ASSERT_TRUE(test.retire_all());
  const Layout archive{test.archive()};
  std::string bytes = slurp(archive.segment(0));
  bytes[bytes.size() / 2] ^= 1;
  spew(archive.segment(0), bytes);
  const auto brought = bring_back(test.scratch.log(), test.archive());
  ASSERT_FALSE(brought);
  EXPECT_EQ(brought.error().code(), ErrorCode::damaged);
  EXPECT_THAT(brought.error().text(), HasSubstr("is not the segment that decision 200 retired"));
  EXPECT_TRUE(std::filesystem::exists(Layout{test.scratch.log()}.retired_segment(0)));
  ASSERT_TRUE(verify(test.scratch.log()));
}

TEST(Retire, TheDecisionHasOneSpelling) {
  RetirementDecision decision;
  decision.segments = {{3, 10, 19, 4096, {}}, {4, 20, 20, 128, {}}};
  decision.archive = "/mnt/\"odd\" name\n";
  decision.by = "王敏";
  decision.reason = "five years";
  const std::string text = decision.json();
  EXPECT_THAT(text,
              testing::StartsWith(R"({"kind":"segment.retire","version":1,"segments":[{"segment":3,"first":10,)"));
  const auto parsed = RetirementDecision::parse(text);
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->segments, decision.segments);
  EXPECT_EQ(parsed->archive, decision.archive);
  EXPECT_FALSE(RetirementDecision::parse(text + " "));
  EXPECT_FALSE(RetirementDecision::parse(text.substr(0, text.size() - 1) + R"(,"more":1})"));
  EXPECT_FALSE(RetirementDecision::parse("{}"));
  EXPECT_FALSE(RetirementDecision::parse(""));
  EXPECT_FALSE(RetirementDecision::parse(std::string(3, '\0')));
}

}  // namespace
}  // namespace mj::evidence
