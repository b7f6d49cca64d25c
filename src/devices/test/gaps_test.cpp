#include "mj/devices/gaps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace mj::devices {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kHour = 3'600'000;
const Instant kNow = parse_iso("2026-11-22 12:00").value();

/// `hours` before noon.
Instant ago(std::int64_t hours) { return kNow.plus_ms(-hours * kHour); }

telemetry::MissingIntervals missing_hours(const std::vector<std::int64_t>& hours_ago,
                                          std::string_view device = "A") {
  telemetry::MissingIntervals missing{std::string(device), "31", "2061", kHour, {}};
  for (const std::int64_t hours : hours_ago) missing.starts.push_back(ago(hours));
  std::sort(missing.starts.begin(), missing.starts.end());
  return missing;
}

std::vector<Gap> gaps_of(const std::vector<std::int64_t>& hours_ago, std::string_view device = "A") {
  return find_gaps(missing_hours(hours_ago, device), {});
}

/// "2061 A 03…05" in hours before noon.
std::string shown(const OrderRequest& request) {
  const auto begin = parse_compact(request.parameters.at(0).second).value();
  const auto end = parse_compact(request.parameters.at(1).second).value();
  return fmt::format("{} {} {}…{}", request.cn, request.device, kNow.ms_since(begin) / kHour,
                     kNow.ms_since(end) / kHour);
}

std::vector<std::string> planned(const std::vector<Gap>& gaps, const std::vector<PastPull>& past,
                                 const Rules::Pull& rules = {}, const std::vector<std::string>& online = {"A"}) {
  std::vector<std::string> result;
  for (const OrderRequest& request : plan_pulls(gaps, past, online, rules, kNow)) result.push_back(shown(request));
  return result;
}

PastPull pull(std::int64_t first_ago, std::int64_t last_ago, std::int64_t placed_ago, bool open = false) {
  return {"A", "2061", ago(first_ago), ago(last_ago), ago(placed_ago), open};
}

TEST(FindGaps, JoinsNeighboursAndGivesTheNewestFirst) {
  EXPECT_THAT(gaps_of({20, 19, 18, 10, 5, 4}), ElementsAre(Gap{"A", "31", "2061", ago(5), ago(4), 2, kHour},
                                                           Gap{"A", "31", "2061", ago(10), ago(10), 1, kHour},
                                                           Gap{"A", "31", "2061", ago(20), ago(18), 3, kHour}));
  EXPECT_THAT(gaps_of({}), IsEmpty());
}

TEST(FindGaps, DividesWhatIsLongerThanOneRequestMayBe) {
  std::vector<std::int64_t> hours(60);
  for (std::size_t i = 0; i < hours.size(); ++i) hours[i] = static_cast<std::int64_t>(i) + 2;
  const auto gaps = gaps_of(hours);
  ASSERT_EQ(gaps.size(), 3U);
  EXPECT_EQ(gaps[0], (Gap{"A", "31", "2061", ago(25), ago(2), 24, kHour}));
  EXPECT_EQ(gaps[2].missing, 12U);
}

TEST(FindGaps, TakesStartsInAnyOrderAndOnlyOnce) {
  auto missing = missing_hours({5, 4, 3});
  std::swap(missing.starts[0], missing.starts[2]);
  missing.starts.push_back(missing.starts[1]);
  EXPECT_THAT(find_gaps(missing, {}), ElementsAre(Gap{"A", "31", "2061", ago(5), ago(3), 3, kHour}));
}

TEST(PlanPulls, AsksForTheNewestGapWithInclusiveStarts) {
  const auto requests = plan_pulls(gaps_of({30, 29, 5, 4, 3}), {}, {"A"}, {}, kNow);
  ASSERT_EQ(requests.size(), 1U) << "one at a time for a device";
  EXPECT_EQ(shown(requests[0]), "2061 A 5…3");
  EXPECT_EQ(requests[0].parameters[0].first, "BeginTime");
  EXPECT_EQ(requests[0].parameters[1].first, "EndTime");
  EXPECT_EQ(requests[0].st, "31");
  EXPECT_EQ(requests[0].name, "system");
  EXPECT_EQ(requests[0].expires_at, kNow.plus_ms(Rules::Pull{}.repeat_ms));
}

TEST(PlanPulls, AsksOnlyDevicesThatAreOnline) {
  auto gaps = gaps_of({5}, "A");
  const auto others = gaps_of({4}, "B");
  gaps.insert(gaps.end(), others.begin(), others.end());
  EXPECT_THAT(planned(gaps, {}, {}, {"B"}), ElementsAre("2061 B 4…4"));
  EXPECT_THAT(planned(gaps, {}, {}, {}), IsEmpty());
  EXPECT_THAT(planned(gaps, {}, {}, {"A", "B"}), ElementsAre("2061 B 4…4", "2061 A 5…5"));
}

TEST(PlanPulls, DoesNothingWhenSwitchedOff) {
  Rules::Pull rules;
  rules.enabled = false;
  EXPECT_THAT(planned(gaps_of({5}), {}, rules), IsEmpty());
}

TEST(PlanPulls, LeavesAloneWhatHasNotSettledOrIsTooOld) {
  EXPECT_THAT(planned(gaps_of({1, 0}), {}), IsEmpty()) << "11:00 ended at 12:00, a quarter of an hour too soon";
  EXPECT_THAT(planned(gaps_of({2, 1, 0}), {}), ElementsAre("2061 A 2…2"));
  EXPECT_THAT(planned(gaps_of({7 * 24 + 1, 7 * 24, 7 * 24 - 1}), {}), ElementsAre("2061 A 168…167"));
  EXPECT_THAT(planned(gaps_of({7 * 24 + 1}), {}), IsEmpty());
}

TEST(PlanPulls, DoesNotAskAgainBeforeItsTime) {
  EXPECT_THAT(planned(gaps_of({5, 4}), {pull(5, 4, 1)}), IsEmpty());
  EXPECT_THAT(planned(gaps_of({5, 4}), {pull(5, 4, 5)}), IsEmpty());
  EXPECT_THAT(planned(gaps_of({5, 4}), {pull(5, 4, 6)}), ElementsAre("2061 A 5…4"));
  const PastPull other_kind{"A", "2051", ago(5), ago(4), ago(1), false};
  EXPECT_THAT(planned(gaps_of({5, 4}), {other_kind}), ElementsAre("2061 A 5…4"));
}

TEST(PlanPulls, AsksNoMoreThanAllowedEvenWhenTheGapGrows) {
  const std::vector<PastPull> thrice{pull(30, 29, 28), pull(30, 29, 20), pull(30, 29, 10)};
  EXPECT_THAT(planned(gaps_of({30, 29}), thrice), IsEmpty());
  EXPECT_THAT(planned(gaps_of({31, 30, 29, 28}), thrice), ElementsAre("2061 A 28…28"))
      << "only what was not asked for too often";
  Rules::Pull two;
  two.max_open_per_device = 2;
  EXPECT_THAT(planned(gaps_of({31, 30, 29, 28}), thrice, two), ElementsAre("2061 A 28…28", "2061 A 31…31"));
}

TEST(PlanPulls, JoinsWhatIsAskableAcrossOldRequests) {
  EXPECT_THAT(planned(gaps_of({30, 29, 28, 27}), {pull(29, 28, 20)}), ElementsAre("2061 A 30…27"));
}

TEST(PlanPulls, WaitsForAnOpenPullOfTheDevice) {
  EXPECT_THAT(planned(gaps_of({30, 5}), {pull(5, 5, 8, true)}), IsEmpty());
  Rules::Pull two;
  two.max_open_per_device = 2;
  EXPECT_THAT(planned(gaps_of({30, 5}), {pull(5, 5, 8, true)}, two), ElementsAre("2061 A 30…30"));
}

RC_GTEST_PROP(PlanPulls, IsBoundedCoversOnlyMissingIntervalsAndNeverRepeats, ()) {
  Rules::Pull rules;
  rules.max_open_per_device = *rc::gen::inRange(1, 4);
  rules.max_orders_per_round = *rc::gen::inRange(1, 6);
  rules.max_range_ms = *rc::gen::inRange<std::int64_t>(1, 30) * kHour;
  std::map<std::string, std::set<std::int64_t>> missing;
  std::vector<Gap> gaps;
  std::vector<PastPull> past;
  for (const std::string device : {"A", "B", "C"}) {
    missing[device] = *rc::gen::container<std::set<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 200));
    for (const Gap& gap :
         find_gaps(missing_hours({missing[device].begin(), missing[device].end()}, device), rules))
      gaps.push_back(gap);
    for (int left = *rc::gen::inRange(0, 8); left > 0; --left) {
      const auto last = *rc::gen::inRange<std::int64_t>(0, 200);
      const auto first = last + *rc::gen::inRange<std::int64_t>(0, 20);
      past.push_back({device, "2061", ago(first), ago(last), ago(*rc::gen::inRange<std::int64_t>(0, 20)),
                      *rc::gen::weightedElement<bool>({{4, false}, {1, true}})});
    }
  }
  const auto requests = plan_pulls(gaps, past, {"A", "B"}, rules, kNow);
  RC_ASSERT(requests.size() <= static_cast<std::size_t>(rules.max_orders_per_round));
  std::map<std::string, int> open;
  for (const PastPull& pull : past) open[pull.device] += pull.open ? 1 : 0;
  std::set<std::pair<std::string, std::int64_t>> asked;
  for (const OrderRequest& request : requests) {
    RC_ASSERT(request.device != "C");
    RC_ASSERT(open[request.device]++ < rules.max_open_per_device);
    const auto begin = parse_compact(request.parameters.at(0).second).value();
    const auto end = parse_compact(request.parameters.at(1).second).value();
    RC_ASSERT(end >= begin);
    RC_ASSERT(end.ms_since(begin) + kHour <= rules.max_range_ms);
    for (Instant at = begin; at <= end; at = at.plus_ms(kHour)) {
      RC_ASSERT(missing[request.device].contains(kNow.ms_since(at) / kHour));
      RC_ASSERT(asked.emplace(request.device, at.ms()).second);
      RC_ASSERT(at.plus_ms(kHour + rules.settle_ms) <= kNow);
      RC_ASSERT(kNow.ms_since(at) <= rules.days_back * 24 * kHour);
      int attempts = 0;
      for (const PastPull& pull : past) {
        if (pull.device != request.device || at < pull.first || at > pull.last) continue;
        ++attempts;
        RC_ASSERT(!pull.open);
        RC_ASSERT(kNow.ms_since(pull.placed_at) >= rules.repeat_ms);
      }
      RC_ASSERT(attempts < rules.max_attempts);
    }
  }
}

}  // namespace
}  // namespace mj::devices
