#include "mj/kernel/instant.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj {
namespace {

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, by Howard Hinnant's published algorithm
/// ("chrono-Compatible Low-Level Date Algorithms", days_from_civil): independent of <chrono>, which the code uses.
std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(y - era * 400);
  const unsigned day_of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

BeijingTime beijing(int year, int month, int day, int hour = 0, int minute = 0, int second = 0,
                    int millisecond = 0) {
  BeijingTime time;
  time.year = year;
  time.month = month;
  time.day = day;
  time.hour = hour;
  time.minute = minute;
  time.second = second;
  time.millisecond = millisecond;
  return time;
}

BeijingTime any_valid_time() {
  const int year = *rc::gen::inRange(1, 10000);
  const int month = *rc::gen::inRange(1, 13);
  const int day = *rc::gen::inRange(1, days_in_month(year, month) + 1);
  return beijing(year, month, day, *rc::gen::inRange(0, 24), *rc::gen::inRange(0, 60), *rc::gen::inRange(0, 60),
                 *rc::gen::inRange(0, 1000));
}

std::int64_t reference_ms(const BeijingTime& t) {
  const std::int64_t days = days_from_civil(t.year, static_cast<unsigned>(t.month), static_cast<unsigned>(t.day));
  return (((days * 24 + t.hour - 8) * 60 + t.minute) * 60 + t.second) * 1000 + t.millisecond;
}

TEST(Instant, TheEpochIsEightInTheMorningInBeijing) {
  EXPECT_EQ(to_beijing(Instant::from_ms(0)), beijing(1970, 1, 1, 8));
  EXPECT_EQ(from_beijing(beijing(1970, 1, 1, 8)), Instant::from_ms(0));
}

TEST(Instant, KnownMomentsOfTheUnixClockAgree) {
  // 1234567890 s and 2000000000 s are 2009-02-13T23:31:30Z and 2033-05-18T03:33:20Z (POSIX seconds since the epoch).
  EXPECT_EQ(to_iso(Instant::from_ms(1'234'567'890'000)), "2009-02-14T07:31:30+08:00");
  EXPECT_EQ(to_iso(Instant::from_ms(2'000'000'000'000)), "2033-05-18T11:33:20+08:00");
  EXPECT_EQ(to_iso(Instant::from_ms(-1)), "1970-01-01T07:59:59.999+08:00");
}

RC_GTEST_PROP(Instant, EveryMomentAgreesWithAnIndependentCalendar, ()) {
  const BeijingTime time = any_valid_time();
  const auto instant = from_beijing(time);
  RC_ASSERT(instant.has_value());
  RC_ASSERT(instant->ms() == reference_ms(time));
  RC_ASSERT(to_beijing(*instant) == time);
}

RC_GTEST_PROP(Instant, AFieldOutOfRangeIsNoTime, ()) {
  const BeijingTime good = any_valid_time();
  const auto beyond = [](int low, int high) {
    return *rc::gen::suchThat(rc::gen::inRange(-100'000, 100'000), [=](int x) { return x < low || x > high; });
  };
  BeijingTime bad = good;
  bad.year = beyond(1, 9999);
  RC_ASSERT(!from_beijing(bad));
  bad = good;
  bad.month = beyond(1, 12);
  RC_ASSERT(!from_beijing(bad));
  bad = good;
  bad.day = beyond(1, days_in_month(good.year, good.month));
  RC_ASSERT(!from_beijing(bad));
  bad = good;
  bad.hour = beyond(0, 23);
  RC_ASSERT(!from_beijing(bad));
  bad = good;
  bad.minute = beyond(0, 59);
  RC_ASSERT(!from_beijing(bad));
  bad = good;
  bad.second = beyond(0, 59);
  RC_ASSERT(!from_beijing(bad));
  bad = good;
  bad.millisecond = beyond(0, 999);
  RC_ASSERT(!from_beijing(bad));
}

TEST(Instant, NumbersThatWrapToAValidMonthOrDayAreRefused) {
  EXPECT_FALSE(from_beijing(beijing(2026, 257, 1)));  // 257 mod 256 = 1
  EXPECT_FALSE(from_beijing(beijing(2026, 1, 257)));
  EXPECT_FALSE(from_beijing(beijing(65536 + 2026, 1, 1)));
}

TEST(Instant, LeapDaysFollowTheGregorianRule) {
  EXPECT_TRUE(parse_compact("20240229000000"));
  EXPECT_FALSE(parse_compact("20230229000000"));
  EXPECT_TRUE(parse_compact("20000229000000"));
  EXPECT_FALSE(parse_compact("21000229000000"));
  EXPECT_FALSE(parse_compact("20240230000000"));
  EXPECT_EQ(parse_compact("20240301000000")->ms_since(*parse_compact("20240228000000")), 2 * 86'400'000);
  EXPECT_EQ(parse_compact("20230301000000")->ms_since(*parse_compact("20230228000000")), 86'400'000);
}

TEST(Instant, CompactTextIsWhatHj212Writes) {
  // HJ 212-2017 table 5: DataTime is YYYYMMDDhhmmss, QN is YYYYMMDDhhmmsszzz.
  const auto qn = parse_compact("20160801085857223");
  ASSERT_TRUE(qn);
  EXPECT_EQ(to_compact_ms(*qn), "20160801085857223");
  EXPECT_EQ(to_compact(*qn), "20160801085857");
  EXPECT_EQ(to_iso(*qn), "2016-08-01T08:58:57.223+08:00");
  EXPECT_EQ(parse_compact("201608010858572")->ms(), parse_compact("20160801085857200")->ms());
  EXPECT_EQ(parse_compact("2016080108585722")->ms(), parse_compact("20160801085857220")->ms());
}

TEST(Instant, AnythingElseIsNoCompactTime) {
  for (const char* text :
       {"", "2016", "20160801", "2016080108585", "201608010858572230", "2016080108585a", " 2016080108585",
        "+2016080108585", "20160801 85857", "20161301085857", "20160800085857", "20160801245857", "20160801086057",
        "20160801085860", "00000801085857", "2016080108585722x", "2016-08-01T08:"}) {
    EXPECT_FALSE(parse_compact(text)) << text;
  }
}

RC_GTEST_PROP(Instant, CompactAndIsoTextReadBackAsTheSameMoment, ()) {
  const Instant instant = *from_beijing(any_valid_time());
  RC_ASSERT(parse_compact(to_compact_ms(instant)) == instant);
  RC_ASSERT(parse_iso(to_iso(instant)) == instant);
  RC_ASSERT(parse_compact(to_compact(instant))->ms() == instant.ms() - to_beijing(instant).millisecond);
}

TEST(Instant, IsoTextIsReadInBeijingTimeUnlessItNamesAZone) {
  const Instant expected = *from_beijing(beijing(2026, 3, 1, 14));
  for (const char* text :
       {"2026-03-01 14:00", "2026-03-01T14:00", "2026-03-01T14:00:00", "2026-03-01T14:00:00.000",
        "2026-03-01T14:00:00+08:00", "2026-03-01T06:00:00Z", "2026-03-01T06:00Z", "2026-03-01T11:30+05:30",
        "2026-03-01T02:00:00-04:00", "2026-02-28T23:00-07:00"}) {
    ASSERT_TRUE(parse_iso(text)) << text;
    EXPECT_EQ(to_iso(*parse_iso(text)), to_iso(expected)) << text;
  }
  EXPECT_EQ(parse_iso("2026-03-01"), from_beijing(beijing(2026, 3, 1)));
  EXPECT_EQ(parse_iso("2026-03-01T14:00:00.5"), from_beijing(beijing(2026, 3, 1, 14, 0, 0, 500)));
  EXPECT_EQ(parse_iso("2026-03-01T14:00:00.1239"), from_beijing(beijing(2026, 3, 1, 14, 0, 0, 123)));
}

TEST(Instant, AnythingElseIsNoIsoTime) {
  for (const char* text : {"",
                           "2026",
                           "2026-03",
                           "2026-03-1",
                           "2026-3-01",
                           "2026/03/01",
                           "2026-03-01T",
                           "2026-03-01T14",
                           "2026-03-01T14:",
                           "2026-03-01T14:0",
                           "2026-03-01T14:00:",
                           "2026-03-01T14:00:0",
                           "2026-03-01T14:00:00.",
                           "2026-03-01x14:00",
                           "2026-03-01T14:00:00z",
                           "2026-03-01T14:00:00+0800",
                           "2026-03-01T14:00:00+8:00",
                           "2026-03-01T14:00:00+15:00",
                           "2026-03-01T14:00:00+08:60",
                           "2026-03-01T14:00:00 ",
                           "2026-03-01T24:00",
                           "2026-02-30",
                           "2026-13-01",
                           "0000-01-01",
                           "2026-03-01Z",
                           "2026-03-01T14.00"}) {
    EXPECT_FALSE(parse_iso(text)) << text;
  }
}

RC_GTEST_PROP(Instant, NoTextMakesTheReadersStumble, (const std::string& text)) {
  const auto compact = parse_compact(text);
  const auto iso = parse_iso(text);
  if (compact) RC_ASSERT(parse_compact(to_compact_ms(*compact)) == compact);
  if (iso) RC_ASSERT(parse_iso(to_iso(*iso)) == iso);
}

TEST(Instant, AMomentBeyondTheCalendarIsShownAsItsEnd) {
  // A damaged record can hold any 64 bits; printing it must be neither undefined nor mistakable for a real date.
  EXPECT_EQ(to_beijing(Instant::from_ms(INT64_MAX)), beijing(9999, 12, 31, 23, 59, 59, 999));
  EXPECT_EQ(to_beijing(Instant::from_ms(INT64_MIN)), beijing(1, 1, 1));
  EXPECT_EQ(to_compact(Instant::from_ms(INT64_MAX)), "99991231235959");
}

}  // namespace
}  // namespace mj
