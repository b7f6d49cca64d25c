#include "mj/evidence/maintenance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "filled_log.hpp"
#include "maintenance_growth.hpp"
#include "maintenance_lock.hpp"
#include "scrub.hpp"

namespace mj::evidence {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Instant kNow = Instant::from_ms(1'800'000'000'000);
constexpr std::int64_t kDay = 24LL * 3600'000;

void change_a_byte(const std::filesystem::path& file) {
  std::string bytes = slurp(file);
  bytes[bytes.size() / 2] ^= 1;
  spew(file, bytes);
}

TEST(Scrub, AnIntactLogIsIntactInEveryForm) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 600, 8'000);
  auto report = scrub(scratch.log(), 0);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_THAT(report->damage, testing::IsEmpty());
  const std::uint64_t bytes = report->bytes;
  EXPECT_EQ(bytes, log->disk_size().bytes);
  ASSERT_TRUE(compress(scratch.log(), 3));
  report = scrub(scratch.log(), 0);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_THAT(report->damage, testing::IsEmpty());
  EXPECT_EQ(report->bytes, bytes);
}

TEST(Scrub, EveryDamagedSegmentIsNamedNotOnlyTheFirst) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 300, 3'000);
  ASSERT_TRUE(compress(scratch.log(), 3));
  const auto files = segment_files(scratch.log(), ".seg.zst");
  change_a_byte(files[1]);
  change_a_byte(files[3]);
  change_a_byte(segment_files(scratch.log(), ".seg").front());
  const auto report = scrub(scratch.log(), 0);
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_THAT(report->damage, SizeIs(3));
  EXPECT_THAT(report->damage[0], HasSubstr("segment 000001"));
  EXPECT_THAT(report->damage[1], HasSubstr("segment 000003"));
}

TEST(Scrub, DamagedTreeFilesOfEitherHashAndAWrongCheckpointAreFound) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 700, 20'000);
  for (const char* name : {"hashes.0", "hashes.1", "sm3.0", "sm3.1", "offsets"}) {
    const auto file = scratch.log() / "tree" / name;
    const std::string whole = slurp(file);
    std::string changed = whole;
    changed[40] ^= 1;  // hash 1 of either level, place 5
    spew(file, changed);
    const auto report = scrub(scratch.log(), 0);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_THAT(report->damage, testing::Not(testing::IsEmpty())) << name;
    spew(file, whole);
  }
  const std::string note = slurp(scratch.log() / "checkpoint");
  std::string other = note;
  const std::size_t root = other.find('\n', other.find('\n') + 1) + 1;
  other[root + 3] = other[root + 3] == 'A' ? 'B' : 'A';
  spew(scratch.log() / "checkpoint", other);
  const auto report = scrub(scratch.log(), 0);
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_THAT(report->damage, SizeIs(1));
  EXPECT_THAT(report->damage[0], HasSubstr("root over 700 entries is not the signed one"));
}

TEST(Scrub, ALimitedRateIsKeptAndIdleTimeIsNotMadeUpFor) {
  RateLimit limit(1'000'000);
  EXPECT_EQ(limit.wait_ms(500'000, 1'000), 500);
  EXPECT_EQ(limit.wait_ms(250'000, 1'500), 250);
  EXPECT_EQ(limit.wait_ms(250'000, 1'600), 400);      // it did not wait long enough
  EXPECT_EQ(limit.wait_ms(100'000, 1'000'000), 100);  // a pause saves nothing up
  RateLimit none(0);
  EXPECT_EQ(none.wait_ms(1ULL << 40U, 5), 0);
}

/// Waits until `done` holds; false after twenty seconds.
bool eventually(const std::function<bool()>& done) {
  for (int i = 0; i < 2000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

/// What the maintenance told.
struct Told {
  std::mutex mutex;
  std::vector<std::string> places;
  void operator()(const std::string& place) {
    const std::lock_guard lock(mutex);
    places.push_back(place);
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex);
    return places;
  }
};

TEST(Maintenance, SealedSegmentsAreCompressedWhileTheLogIsWrittenAndRead) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 200, 2'000);
  Told told;
  MaintenanceOptions options;
  options.scrub_bytes_per_s = 0;
  const auto care = Maintenance::start(*log, scratch.log(), options, [] { return kNow; }, std::ref(told));
  std::uint64_t appended = 200;
  ASSERT_TRUE(eventually([&] {
    const TestEntry next(appended);
    EXPECT_TRUE(log->append_and_wait(next.entry));
    ++appended;
    expect_test_entries(*log, appended - 20, appended);
    return care->state().compressed_segments > 4;
  }));
  expect_test_entries(*log, 0, appended);
  const MaintenanceState state = care->state();
  EXPECT_GT(state.raw_bytes, 0U);
  EXPECT_GT(state.stored_bytes, 0U);
  EXPECT_GT(state.free_bytes, 0U);
  EXPECT_THAT(told.all(), testing::IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(segment_files(scratch.log(), ".seg").back()));
}

TEST(Maintenance, DamageIsToldOnceAndStaysInTheStateUntilAPassFindsNone) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 300, 3'000);
  const auto file = segment_files(scratch.log(), ".seg")[2];
  const std::string whole = slurp(file);
  change_a_byte(file);
  Told told;
  std::atomic<std::int64_t> now = kNow.ms();
  MaintenanceOptions options;
  options.compress = false;
  options.scrub_bytes_per_s = 1ULL << 40U;
  const auto care =
      Maintenance::start(*log, scratch.log(), options, [&] { return Instant::from_ms(now); }, std::ref(told));
  const auto passed_at = [&](std::int64_t ms) {
    return eventually([&] { return care->state().last_pass == Instant::from_ms(ms); });
  };
  ASSERT_TRUE(passed_at(kNow.ms()));
  EXPECT_THAT(care->state().damage, HasSubstr("segment 000002 at byte"));
  ASSERT_THAT(told.all(), ElementsAre(HasSubstr("segment 000002 at byte")));
  now = kNow.ms() + 1;
  care->scrub_now();
  ASSERT_TRUE(passed_at(kNow.ms() + 1));
  EXPECT_THAT(told.all(), SizeIs(1));
  EXPECT_FALSE(care->state().damage.empty());
  spew(file, whole);
  now = kNow.ms() + 2;
  care->scrub_now();
  ASSERT_TRUE(passed_at(kNow.ms() + 2));
  EXPECT_EQ(care->state().damage, "");
  EXPECT_EQ(care->state().scrub_bytes, 0U);
}

TEST(Maintenance, ALongPassShowsHowFarItIsAndEndsWithTheProgram) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 300, 3'000);
  MaintenanceOptions options;
  options.scrub_bytes_per_s = 1;  // a pass of hours
  auto care = Maintenance::start(*log, scratch.log(), options, [] { return kNow; }, {});
  ASSERT_TRUE(eventually([&] { return care->state().scrubbed_bytes > 0; }));
  EXPECT_GT(care->state().scrub_bytes, care->state().scrubbed_bytes);
  EXPECT_FALSE(care->state().last_pass.has_value());
  care.reset();
}

TEST(Maintenance, AFullDiskIsForecastFromTheLastDays) {
  // 4 days: 1,000 entries and 10 MB a day, half of it left after compression. Computed by hand: 10 MB × 0.5 + 1,000 × (64 ×
  // 256/255 + 8) bytes a day.
  std::vector<SegmentFacts> facts;
  for (std::uint64_t day = 0; day < 4; ++day) {
    facts.push_back(SegmentFacts{SegmentForm::compressed, true, false, day * 1000, 10'000'000, 5'000'000,
                                 kNow.plus_ms((static_cast<std::int64_t>(day) - 4) * kDay)});
  }
  facts.back().form = SegmentForm::raw;  // the newest: it will be compressed
  facts.back().stored_bytes = 10'000'000;
  MaintenanceState state;
  const ScratchDirectory scratch;
  fill_growth(Layout{scratch.path()}, facts, 4000, kNow, state);
  const double expected = 5'000'000 + 1000 * (64 * (256.0 / 255) + 8);
  EXPECT_NEAR(state.bytes_per_day, expected, 1);
  EXPECT_EQ(state.raw_bytes, 40'000'000U);
  EXPECT_EQ(state.stored_bytes, 25'000'000U);
  EXPECT_EQ(state.compressed_segments, 3U);
  ASSERT_GT(state.free_bytes, 0U);
  if (state.full_at) {
    EXPECT_NEAR(static_cast<double>(state.full_at->ms_since(kNow)),
                static_cast<double>(state.free_bytes) / expected * static_cast<double>(kDay), 1000);
  }
}

TEST(Maintenance, GrowthCountsTheLastSevenDaysAndAYoungLogHasNone) {
  const ScratchDirectory scratch;
  const Layout layout{scratch.path()};
  const auto days_ago = [](int days) { return kNow.plus_ms(-days * kDay); };
  // A quiet year before does not make a busy week look quiet.
  std::vector<SegmentFacts> facts{{SegmentForm::raw, true, false, 0, 1'000, 1'000, days_ago(400)},
                                  {SegmentForm::raw, true, false, 10, 1'000, 1'000, days_ago(300)},
                                  {SegmentForm::raw, true, false, 20, 7'000'000, 7'000'000, days_ago(5)},
                                  {SegmentForm::raw, false, false, 30, 3'000'000, 3'000'000, days_ago(1)}};
  MaintenanceState state;
  fill_growth(layout, facts, 40, kNow, state);
  EXPECT_NEAR(state.bytes_per_day, (10'000'000 + 20 * (64 * (256.0 / 255) + 8)) / 5, 1);
  // One segment that began long ago: what it holds, over all that time.
  facts = {{SegmentForm::raw, false, false, 0, 1'000'000, 1'000'000, days_ago(10)}};
  fill_growth(layout, facts, 0, kNow, state);
  EXPECT_NEAR(state.bytes_per_day, 100'000, 1);
  facts = {{SegmentForm::raw, false, false, 0, 1'000'000, 1'000'000, kNow.plus_ms(-60'000)}};
  fill_growth(layout, facts, 0, kNow, state);
  EXPECT_EQ(state.bytes_per_day, 0);
  EXPECT_FALSE(state.full_at.has_value());
}

TEST(Maintenance, TheFiguresOfALogThatNobodyHasOpenAreTheSame) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 300, 3'000);
  ASSERT_TRUE(compress(scratch.log(), 3));
  const auto state = measure(scratch.log(), kNow);
  ASSERT_TRUE(state) << state.error().text();
  EXPECT_EQ(state->segments, segment_files(scratch.log(), ".zst").size() + 1);
  EXPECT_EQ(state->compressed_segments + 1, state->segments);
  std::uint64_t stored = 0;
  for (const char* directory : {"segments", "tree"}) {
    for (const auto& entry : std::filesystem::directory_iterator(scratch.log() / directory))
      stored += entry.file_size();
  }
  EXPECT_EQ(state->stored_bytes, stored);
  EXPECT_GT(state->bytes_per_day, 0);
  EXPECT_FALSE(measure(scratch.path() / "nothing", kNow));
}

TEST(Maintenance, SegmentsChangeTheirFormOneProcessAtATime) {
  const ScratchDirectory scratch;
  const Layout layout{scratch.path()};
  const auto held = lock_segment_files(layout);
  ASSERT_TRUE(held);
  const auto other = lock_segment_files(layout, 1);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), ErrorCode::conflict);
}

}  // namespace
}  // namespace mj::evidence
