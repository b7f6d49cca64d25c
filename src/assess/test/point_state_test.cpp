#include "mj/assess/point_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace mj::assess {
namespace {

using telemetry::Latest;

const standards::StandardSet& shipped() {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set;
}

const StateRules& rules() {
  static const StateRules loaded = StateRules::load(MJ_SOURCE_DIR "/rules/state.toml").value();
  return loaded;
}

Instant at(std::string_view text) { return parse_iso(text).value(); }
const Instant kNow = at("2026-11-21 12:00");

Latest value(std::string cn, std::string factor, std::string kind, std::string text, std::string_view data_time,
             std::string flag = "N", Instant received = kNow.plus_ms(-60'000)) {
  Latest latest;
  latest.key = {"MN", "22", std::move(cn), std::move(factor), std::move(kind)};
  latest.observation.at = at(data_time);
  latest.observation.text = std::move(text);
  latest.observation.flag = std::move(flag);
  latest.received_at = received;
  return latest;
}

registry::Point air() {
  registry::Point point;
  point.id = "air-1";
  point.element = registry::Element::air;
  for (const char* factor : {"a34004", "a34002", "a21026", "a21004", "a05024"}) point.units[factor] = "µg/m³";
  return point;
}

std::vector<Latest> hour(std::string_view time, std::string pm25 = "61") {
  return {value("2061", "a34004", "Avg", std::move(pm25), time),
          value("2061", "a34002", "Avg", "70", time),
          value("2061", "a21026", "Avg", "8", time),
          value("2061", "a21004", "Avg", "20", time),
          value("2061", "a21005", "Avg", "0.6", time),
          value("2061", "a05024", "Avg", "60", time)};
}

PointState state(const registry::Point& point, const std::vector<Latest>& latest, Instant now = kNow,
                 const std::vector<std::string>& exceeding = {}) {
  return state_of(point, latest, shipped(), rules(), now, {exceeding, false});
}

TEST(StateOfAir, IsTheCategoryOfTheNewestHourUnderTheStandardOfItsTime) {
  const PointState now = state(air(), hour("2026-04-01 10:00"));
  EXPECT_EQ(name(now.scale), "aqi");
  EXPECT_EQ(now.grade, "3");
  EXPECT_EQ(now.value, (Decimal{101, 0}));
  EXPECT_EQ(now.primary, std::vector<std::string>{"a34004"});
  EXPECT_EQ(now.standard, "HJ 633-2026");
  EXPECT_EQ(now.at, at("2026-04-01 10:00"));
  EXPECT_TRUE(now.reason.zh.empty());
  EXPECT_EQ(state(air(), hour("2026-02-01 10:00")).grade, "2");
}

TEST(StateOfAir, ConvertsTheUnitsInWhichTheDeviceSends) {
  registry::Point point = air();
  point.units["a34004"] = "mg/m³";
  EXPECT_EQ(state(point, hour("2026-04-01 10:00", "0.061")).value, (Decimal{101, 0}));
}

TEST(StateOfAir, DoesNotMixHours) {
  auto latest = hour("2026-04-01 10:00");
  latest[5] = value("2061", "a05024", "Avg", "60", "2026-04-01 09:00");
  const PointState mixed = state(air(), latest);
  EXPECT_EQ(mixed.grade, "3") << "101 is above 100 and is published though ozone is missing (HJ 633-2026 5.3)";
  latest[0] = value("2061", "a34004", "Avg", "20", "2026-04-01 10:00");
  const PointState incomplete = state(air(), latest);
  EXPECT_EQ(incomplete.grade, "unknown");
  EXPECT_EQ(incomplete.value, std::nullopt);
  EXPECT_NE(incomplete.reason.zh.find("臭氧"), std::string::npos);
  EXPECT_NE(incomplete.reason.en.find("Ozone"), std::string::npos);
}

TEST(StateOfAir, LeavesOutWhatIsFlaggedAsNoMeasurement) {
  auto latest = hour("2026-04-01 10:00", "400");
  latest[0].observation.flag = "M";
  EXPECT_EQ(state(air(), latest).grade, "unknown");
}

TEST(StateOfAir, StalenessCountsFromReceiptAndNotFromTheDataTime) {
  EXPECT_EQ(state(air(), hour("2026-04-01 10:00"), kNow.plus_ms(2 * 3'600'000)).grade, "3");
  const PointState late = state(air(), hour("2026-04-01 10:00"), kNow.plus_ms(3 * 3'600'000));
  EXPECT_EQ(late.grade, "offline");
  EXPECT_NE(late.reason.en.find("181 minutes"), std::string::npos) << late.reason.en;
  EXPECT_EQ(state(air(), {}).grade, "offline");
}

TEST(StateOfAir, NothingOfTheKindThatCountsIsUnknown) {
  EXPECT_EQ(state(air(), {value("2011", "a34004", "Rtd", "20", "2026-04-01 10:00")}).grade, "unknown");
}

TEST(StateOfWater, TakesProbesAndAnalysersOfOneRoundTogetherAndKnowsLakes) {
  registry::Point point;
  point.element = registry::Element::surface_water;
  std::vector<Latest> latest{value("2061", "w01001", "Avg", "8", "2025-11-06 20:00"),
                             value("2061", "w01009", "Avg", "8.1", "2025-11-06 20:00"),
                             value("2061", "w01019", "Avg", "3.5", "2025-11-06 16:00"),
                             value("2061", "w21003", "Avg", "0.02", "2025-11-06 16:00"),
                             value("2061", "w21011", "Avg", "0.048", "2025-11-06 16:00")};
  const PointState river = state(point, latest);
  EXPECT_EQ(name(river.scale), "water_class");
  EXPECT_EQ(river.grade, "2");
  EXPECT_EQ(river.primary, (std::vector<std::string>{"w01019", "w21011"}));
  EXPECT_EQ(river.value, std::nullopt);
  EXPECT_EQ(river.standard, "GB 3838-2002");
  point.lake = true;
  EXPECT_EQ(state(point, latest).grade, "3");
  latest[4].observation.at = at("2025-11-06 12:00");
  EXPECT_EQ(state(point, latest).grade, "unknown") << "phosphorus of an earlier round does not count";
}

/// A noise meter's frames: real-time LA (table C.25), minute and hour records without flags (C.26, C.27).
std::vector<Latest> noise_meter() {
  return {value("2011", "LA", "Rtd", "61.4", "2026-11-21 11:59", ""),
          value("2051", "Leq", "Data", "54.3", "2026-11-21 11:50", ""),
          value("2061", "Leq", "Data", "52.0", "2026-11-21 10:00", "")};
}

TEST(StateOfOtherElements, IsReceivingUntilALimitJudgesTheValues) {
  registry::Point point;
  point.element = registry::Element::noise;
  const auto with = [&](const LimitFinding& limits) {
    return state_of(point, noise_meter(), shipped(), rules(), kNow, limits);
  };
  const PointState heard = with({});
  EXPECT_EQ(name(heard.scale), "limits");
  EXPECT_EQ(heard.grade, "receiving") << "no standard grades an hour of noise, and nobody set a limit";
  EXPECT_EQ(heard.value, (Decimal{543, 1})) << "the newest Leq, not the older hour and not the level of a second";
  EXPECT_EQ(heard.unit, "dB");
  EXPECT_TRUE(heard.standard.empty());
  EXPECT_FALSE(heard.graded());
  EXPECT_EQ(with({{}, true}).grade, "normal");
  const std::vector<std::string> exceeding{"Leq"};
  const PointState over = with({exceeding, true});
  EXPECT_EQ(over.grade, "exceeding");
  EXPECT_EQ(over.primary, exceeding);
  EXPECT_EQ(over.value, (Decimal{543, 1}));
}

TEST(StateOfOtherElements, TellsSilenceAndFaultsLikeAnyOther) {
  for (const registry::ElementWord& known : registry::kElements) {
    registry::Point point;
    point.element = known.element;
    EXPECT_EQ(state(point, {}).grade, "offline") << known.word;
    if (scale_of(known.element) != Scale::limits) continue;
    const auto values = [](const char* flag) {
      return std::vector<Latest>{value("2011", "w01001", "Rtd", "7.1", "2026-11-21 11:59", flag)};
    };
    EXPECT_EQ(state(point, values("N")).grade, "receiving") << known.word;
    EXPECT_EQ(state(point, values("F")).grade, "stopped") << known.word;
    EXPECT_EQ(state(point, values("D")).grade, "unknown") << known.word;
    EXPECT_EQ(state(point, values("N"), kNow.plus_ms(3 * 86'400'000LL)).grade, "offline") << known.word;
  }
}

TEST(StateOfOtherElements, ShowsTheLevelOfTheMomentWhereThereIsNoEquivalentOne) {
  registry::Point point;
  point.element = registry::Element::noise;
  EXPECT_EQ(state(point, {value("2011", "LA", "Rtd", "61.4", "2026-11-21 11:59", "")}).value, (Decimal{614, 1}));
  EXPECT_EQ(state(point, {value("2051", "L10", "Data", "61.4", "2026-11-21 11:59", "")}).value, std::nullopt);
}

class StateFile : public testing::Test {
 protected:
  static std::string refusal(const std::string& text) {
    const auto file = std::filesystem::temp_directory_path() / fmt::format("mj-state-{}.toml", ::getpid());
    std::ofstream(file) << text;
    const auto rules = StateRules::load(file);
    std::filesystem::remove(file);
    return rules ? "" : rules.error().text();
  }
  static std::string table(std::string_view element, std::string_view more = "") {
    return fmt::format(
        "[{}]\nstale_minutes = 1\nwindow_minutes = 1\nvalues = [{{ period = \"hour\", kind = \"Avg\" }}]\n{}\n",
        element, more);
  }
};

TEST_F(StateFile, HasATableForEveryElementAndNoOther) {
  std::string all;
  for (const registry::ElementWord& known : registry::kElements) all += table(known.word);
  EXPECT_EQ(refusal(all), "");
  EXPECT_THAT(refusal(all + table("odour")), testing::HasSubstr("[odour] is none of the elements air, "));
  EXPECT_THAT(refusal(table("air")), testing::HasSubstr("[precipitation] is missing"));
  EXPECT_THAT(refusal(table("noise", "figures = \"Leq\"")), testing::HasSubstr("figures holds codes"));
  EXPECT_THAT(refusal(table("noise", "figures = [1]")), testing::HasSubstr("figures holds codes"));
}

TEST(StateOfSource, IsStoppedExceedingNormalOrUnknown) {
  registry::Point point;
  point.element = registry::Element::source;
  const auto with_flag = [](const char* flag) {
    return std::vector<Latest>{value("2011", "w01018", "Rtd", "20", "2026-11-21 11:59", flag),
                               value("2011", "w21003", "Rtd", "1", "2026-11-21 11:59", flag)};
  };
  EXPECT_EQ(state(point, with_flag("N")).grade, "normal");
  EXPECT_EQ(state(point, with_flag("F")).grade, "stopped");
  EXPECT_EQ(state(point, with_flag("D")).grade, "unknown");
  const PointState over = state(point, with_flag("N"), kNow, {"w01018"});
  EXPECT_EQ(over.grade, "exceeding");
  EXPECT_EQ(over.primary, std::vector<std::string>{"w01018"});
  EXPECT_EQ(state(point, with_flag("N"), kNow.plus_ms(16 * 60'000)).grade, "offline");
}

}  // namespace
}  // namespace mj::assess
