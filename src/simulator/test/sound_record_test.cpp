#include "sound_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::simulator {
namespace {

using testing::HasSubstr;

const Instant kNoon = parse_iso("2026-03-01 12:00").value();

TEST(SoundRecord, equivalent_and_exceeded_levels_are_those_of_the_standard) {
  SoundRecord record;
  // GB 3096-2008 §3: 10·lg((10^6 + 10^7)/2) = 67.40; the arithmetic mean would be 65.
  record.add(kNoon, {600, 1});
  record.add(kNoon, {700, 1});
  EXPECT_THAT(record.cp(kNoon, false), HasSubstr(";LMx-Data=70.0;LMn-Data=60.0;Leq-Data=67.4"));
  record.clear();
  for (int level = 1; level <= 100; ++level) record.add(kNoon, {level, 0});
  // Of a hundred levels in descending order the 10th is L10: 100, 99 … 91.
  EXPECT_THAT(record.cp(kNoon, false),
              HasSubstr("DataTime=20260301120000;L5-Data=96;L10-Data=91;L50-Data=51;L90-Data=11;L95-Data=6;"));
}

TEST(SoundRecord, a_day_has_its_parts_and_a_night_that_counts_ten_more) {
  SoundRecord record;
  const Instant begin = parse_iso("2026-03-01").value();
  for (int hour = 0; hour < 24; ++hour)
    record.add(begin.plus_ms(hour * 3'600'000LL), {hour >= 6 && hour < 22 ? 600 : 500, 1});
  // Ldn = 10·lg((16·10^6 + 8·10^(5+1))/24) = 60.0; Leq = 10·lg((16·10^6 + 8·10^5)/24) = 58.45.
  EXPECT_THAT(
      record.cp(begin, true),
      testing::AllOf(HasSubstr(";Ld-DayData=60.0"), HasSubstr(";Ln-NightData=50.0"), HasSubstr(";Ldn-Data=60.0"),
                     HasSubstr(";L10-DayData=60.0"), HasSubstr(";L10-NightData=50.0")));
  EXPECT_THAT(record.cp(begin, false), HasSubstr(";Leq-Data=58.5"));
}

}  // namespace
}  // namespace mj::simulator
