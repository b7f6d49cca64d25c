#include "mj/alarm/engine.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj::alarm {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }

Limit limit_of(std::string_view upper, std::string_view clear) {
  Limit limit;
  limit.upper = d(upper);
  limit.clear_upper = d(clear);
  limit.lower = d("6");
  limit.clear_lower = d("6.2");
  return limit;
}

Instant at(std::int64_t second) { return Instant::from_ms(second * 1000); }

TEST(Judge, AValueEqualToTheLimitComplies) {  // "≤" in every emission standard
  CheckState state;
  EXPECT_EQ(judge(limit_of("50", "45"), Direction::above, state, {at(1), d("50.0")}).verdict, Verdict::fine);
  EXPECT_EQ(judge(limit_of("50", "45"), Direction::above, state, {at(2), d("50.01")}).verdict, Verdict::raised);
  CheckState below;
  EXPECT_EQ(judge(limit_of("50", "45"), Direction::below, below, {at(1), d("6")}).verdict, Verdict::fine);
  EXPECT_EQ(judge(limit_of("50", "45"), Direction::below, below, {at(2), d("5.99")}).verdict, Verdict::raised);
}

TEST(Judge, AnAlarmLastsUntilTheValueIsInsideTheHysteresis) {
  const Limit limit = limit_of("50", "45");
  CheckState state;
  struct Step {
    const char* value;
    Verdict verdict;
    bool beyond;
  };
  std::int64_t second = 0;
  for (const Step& step :
       {Step{"49", Verdict::fine, false}, Step{"51", Verdict::raised, true}, Step{"52", Verdict::lasting, true},
        Step{"50", Verdict::lasting, false}, Step{"45.1", Verdict::lasting, false},
        Step{"53", Verdict::lasting, true}, Step{"45", Verdict::cleared, false}, Step{"46", Verdict::fine, false},
        Step{"50.1", Verdict::raised, true}}) {
    const Outcome outcome = judge(limit, Direction::above, state, {at(++second), d(step.value)});
    EXPECT_EQ(outcome.verdict, step.verdict) << step.value;
    EXPECT_EQ(outcome.beyond, step.beyond) << step.value;
  }
}

TEST(Judge, ALateValueBeyondTheLimitIsKnownAndChangesNoState) {
  Limit limit = limit_of("50", "45");
  limit.validity = {at(5), at(100)};
  CheckState state;
  EXPECT_FALSE(late_beyond(limit, Direction::above, state, {at(9), d("60")})) << "nothing was judged yet";
  EXPECT_EQ(judge(limit, Direction::above, state, {at(10), d("20")}).verdict, Verdict::fine);
  EXPECT_TRUE(late_beyond(limit, Direction::above, state, {at(9), d("60")}));
  EXPECT_TRUE(late_beyond(limit, Direction::above, state, {at(10), d("60")})) << "a revision of the newest";
  EXPECT_FALSE(late_beyond(limit, Direction::above, state, {at(9), d("50")}));
  EXPECT_FALSE(late_beyond(limit, Direction::above, state, {at(11), d("60")})) << "not late";
  EXPECT_FALSE(late_beyond(limit, Direction::above, state, {at(4), d("60")})) << "not in force then";
  EXPECT_FALSE(state.open);
  EXPECT_EQ(state.last_at, at(10));
}

TEST(Judge, LateAndRepeatedValuesAreIgnored) {
  const Limit limit = limit_of("50", "45");
  CheckState state;
  EXPECT_EQ(judge(limit, Direction::above, state, {at(10), d("60")}).verdict, Verdict::raised);
  EXPECT_EQ(judge(limit, Direction::above, state, {at(10), d("10")}).verdict, Verdict::ignored);
  EXPECT_EQ(judge(limit, Direction::above, state, {at(9), d("10")}).verdict, Verdict::ignored);
  EXPECT_TRUE(state.open);
}

TEST(Judge, ALimitThatIsNoLongerInForceClearsItsAlarm) {
  Limit limit = limit_of("50", "45");
  limit.validity = {at(5), at(100)};
  CheckState state;
  EXPECT_EQ(judge(limit, Direction::above, state, {at(4), d("60")}).verdict, Verdict::ignored);
  EXPECT_EQ(judge(limit, Direction::above, state, {at(5), d("60")}).verdict, Verdict::raised);
  EXPECT_EQ(judge(limit, Direction::above, state, {at(100), d("60")}).verdict, Verdict::cleared);
  EXPECT_EQ(judge(limit, Direction::above, state, {at(101), d("60")}).verdict, Verdict::ignored);
}

TEST(Judge, ALimitWithoutThisSideJudgesNothing) {
  Limit limit = limit_of("50", "45");
  limit.lower.reset();
  CheckState state;
  EXPECT_EQ(judge(limit, Direction::below, state, {at(1), d("0")}).verdict, Verdict::ignored);
}

RC_GTEST_PROP(Judge, RaisingAndClearingAlternateAndBothSidesAreNeverOpenAtOnce, ()) {
  const Limit limit = limit_of("9", "8.8");
  const auto values = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(-3, 10), rc::gen::inRange(400, 1200)));
  CheckState above;
  CheckState below;
  bool was_above = false;
  bool was_below = false;
  std::int64_t second = 0;
  for (const auto& [step, value] : values) {
    second += step;  // sometimes backwards
    const Sample sample{at(second), Decimal{value, 2}};
    const Outcome up = judge(limit, Direction::above, above, sample);
    const Outcome down = judge(limit, Direction::below, below, sample);
    RC_ASSERT((up.verdict == Verdict::raised) == (!was_above && above.open));
    RC_ASSERT((up.verdict == Verdict::cleared) == (was_above && !above.open));
    RC_ASSERT((down.verdict == Verdict::raised) == (!was_below && below.open));
    RC_ASSERT(!(above.open && below.open));
    if (up.verdict != Verdict::ignored && up.beyond) RC_ASSERT(above.open);
    was_above = above.open;
    was_below = below.open;
  }
}

}  // namespace
}  // namespace mj::alarm
