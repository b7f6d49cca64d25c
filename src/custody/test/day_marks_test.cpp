// Where days end in the log, also when the clock steps.
#include "day_marks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "day.hpp"
#include "packing.hpp"
#include "scene.hpp"

namespace mj::custody {
namespace {

class Marks : public testing::Test {
 protected:
  /// The next entry of device A, received at that time.
  void entry(std::string_view time) {
    marks.step(at(time), next, chains);
    chains.append(chains.find_or_add(kA), next++, Digest{});
  }
  /// "open", "before", or the entry where the day ended and the entries of A until then.
  std::string end(std::string_view day) const {
    const DayEnd found = marks.find(at(day));
    if (found.open) return "open";
    if (found.mark == nullptr) return "before";
    const std::uint64_t entries = found.mark->states.empty() ? 0 : found.mark->states[0].entries;
    return fmt::format("{} {}", found.mark->entry, entries);
  }
  DeviceChains chains;
  DayMarks marks;
  std::uint64_t next = 0;
};

TEST(BeijingDay, BeginsAtMidnightInBeijingAllTheYear) {
  EXPECT_EQ(day_of(at("2026-11-21 00:00")), at("2026-11-21"));
  EXPECT_EQ(day_of(at("2026-11-21 23:59:59.999")), at("2026-11-21"));
  EXPECT_EQ(day_of(parse_iso("2026-11-20T16:00:00Z").value()), at("2026-11-21"));
  EXPECT_EQ(day_of(parse_iso("2026-11-20T15:59:59.999Z").value()), at("2026-11-20"));
  // China knew daylight saving time from 1986 to 1991 and the law of series knows none: every day has 24 hours.
  for (Instant day = at("1986-01-01"); day < at("1992-01-01"); day = day.plus_ms(kDay)) {
    ASSERT_EQ(day_of(day), day);
    ASSERT_EQ(day_of(day.plus_ms(kDay - 1)), day);
    ASSERT_EQ(to_beijing(day).hour, 0);
  }
  EXPECT_EQ(day_of(Instant::from_ms(-1)), at("1970-01-01"));
  EXPECT_EQ(day_of(Instant::from_ms(-9 * kHour)), at("1969-12-31"));
  EXPECT_EQ(day_text(at("2026-11-21")), "2026-11-21");
}

TEST_F(Marks, ADayEndsAtTheFirstEntryReceivedAfterIt) {
  entry("2026-03-01 10:00");
  entry("2026-03-01 23:59:59.999");
  EXPECT_EQ(end("2026-03-01"), "open");
  entry("2026-03-02 00:00");
  entry("2026-03-02 00:01");
  EXPECT_EQ(end("2026-03-01"), "2 2");
  EXPECT_EQ(end("2026-03-02"), "open");
  EXPECT_EQ(end("2026-02-28"), "before");
}

TEST_F(Marks, DaysWithoutEntriesEndWhereTheDayBeforeEnded) {
  entry("2026-03-01 10:00");
  entry("2026-03-04 10:00");
  EXPECT_EQ(end("2026-03-01"), "1 1");
  EXPECT_EQ(end("2026-03-02"), "1 1");
  EXPECT_EQ(end("2026-03-03"), "1 1");
  EXPECT_EQ(end("2026-03-04"), "open");
}

TEST_F(Marks, AClockThatStepsBackOverMidnightMovesTheEnd) {
  entry("2026-03-01 23:59");
  entry("2026-03-02 00:00");
  entry("2026-03-01 23:59:30");
  EXPECT_EQ(end("2026-03-01"), "open");
  entry("2026-03-02 00:00:10");
  EXPECT_EQ(end("2026-03-01"), "3 3");
}

TEST_F(Marks, AClockThatRunsAheadForAMomentDoesNotEndTheDay) {
  entry("2026-03-01 10:00");
  entry("2031-01-01 00:00");
  entry("2026-03-01 10:01");
  EXPECT_EQ(end("2026-03-01"), "open");
  EXPECT_EQ(end("2030-01-01"), "open");
  entry("2026-03-02 10:00");
  EXPECT_EQ(end("2026-03-01"), "3 3");
  EXPECT_EQ(end("2026-03-02"), "open");
}

TEST_F(Marks, ForgettingKeepsWhatLaterDaysNeed) {
  entry("2026-03-01 10:00");
  entry("2026-03-02 10:00");
  entry("2026-03-05 10:00");
  entry("2026-03-06 10:00");
  marks.prune(at("2026-03-02"));
  EXPECT_EQ(end("2026-03-02"), "2 2");
  EXPECT_EQ(end("2026-03-03"), "2 2");
  EXPECT_EQ(end("2026-03-05"), "3 3");
  EXPECT_EQ(marks.marks().size(), 2U);
}

TEST(Packing, EntriesAndStatesComeBack) {
  const std::vector<std::uint64_t> entries = {0, 1, 127, 128, 300, 1ULL << 40, (1ULL << 62) + 5};
  EXPECT_EQ(unpack_entries(pack_entries(entries)), entries);
  EXPECT_EQ(unpack_entries(pack_entries({})), std::vector<std::uint64_t>());
  EXPECT_EQ(unpack_entries(to_base64(Bytes{std::byte{0x80}})), std::nullopt) << "a number without an end";
  EXPECT_EQ(unpack_entries(to_base64(Bytes{std::byte{5}, std::byte{0}})), std::nullopt) << "an entry twice";
  EXPECT_EQ(unpack_entries(to_base64(Bytes(11, std::byte{0xFF}))), std::nullopt) << "a number of 77 bits";
  EXPECT_EQ(unpack_entries("?"), std::nullopt);
  Digest digest;
  digest.fill(std::byte{0xA5});
  const auto states = unpack_states(pack_states({{0x0102030405060708ULL, digest}, {3, Digest{}}})).value();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].entries, 0x0102030405060708ULL);
  EXPECT_EQ(states[0].chain, digest);
  EXPECT_EQ(unpack_states(to_base64(Bytes(41))), std::nullopt);
}

}  // namespace
}  // namespace mj::custody
