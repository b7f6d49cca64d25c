// The statements that close days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "scene.hpp"

namespace mj::custody {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "device-end day/revision [from,to) count@sequence received/expected gaps", for reading.
std::string line(const DayStatement& statement) {
  std::string text = fmt::format("{} {}/{} [{},{}) {}@{}", statement.device.substr(statement.device.size() - 1),
                                 to_iso(statement.day).substr(5, 5), statement.revision, statement.from,
                                 statement.to, statement.count, statement.sequence);
  for (const SeriesDay& series : statement.series) text += fmt::format(" {}/{}", series.received, series.expected);
  for (const Gap& gap : statement.gaps) {
    text += fmt::format(" {}-{}{}", to_iso(gap.from).substr(11, 2), to_iso(gap.to).substr(11, 2),
                        gap.explained_by ? fmt::format("!{}", *gap.explained_by) : "");
  }
  return text;
}

std::vector<std::string> lines_of(const Scene& scene, std::string_view device) {
  std::vector<std::string> lines;
  for (const DayStatement& statement : stated_in(*scene.log)) {
    if (statement.device == device) lines.push_back(line(statement));
  }
  return lines;
}

/// What every log must show, whatever happened: contiguous ranges, chains that a stranger computes, one of each revision.
void expect_sound(const Scene& scene, std::string_view device) {
  std::map<Instant, DayStatement> days;
  for (const DayStatement& statement : stated_in(*scene.log)) {
    if (statement.device != device) continue;
    const auto [place, is_new] = days.emplace(statement.day, statement);
    EXPECT_EQ(statement.revision, is_new ? 1U : place->second.revision + 1) << line(statement);
    EXPECT_EQ(statement.from, place->second.from);
    EXPECT_EQ(statement.to, place->second.to);
    place->second = statement;
  }
  std::uint64_t from = 0;
  std::uint64_t sequence = 0;
  std::optional<Instant> previous;
  for (const auto& [day, statement] : days) {
    if (previous) EXPECT_EQ(day.ms_since(*previous), kDay) << "no day is left out";
    previous = day;
    EXPECT_EQ(statement.from, from) << line(statement);
    EXPECT_EQ(statement.sequence, sequence);
    from = statement.to;
    const auto entries = entries_of(*scene.log, device, statement.from, statement.to);
    EXPECT_EQ(statement.count, entries.size());
    sequence += entries.size();
    EXPECT_EQ(statement.chain_before, naive_chain(device, entries_of(*scene.log, device, 0, statement.from)));
    EXPECT_EQ(statement.chain_after, naive_chain(device, entries_of(*scene.log, device, 0, statement.to)));
    std::vector<Digest> leaves;
    for (const auto& [index, leaf] : entries) leaves.push_back(leaf);
    EXPECT_TRUE(agrees(statement, leaves).has_value());
  }
  EXPECT_TRUE(scene.book->check(*scene.log, device).has_value());
  EXPECT_TRUE(scene.book->check_outbox(*scene.log).has_value());
}

TEST(ClosedDay, StatesTheEntriesUpToMidnightAndTheFigures) {
  Scene scene;
  // Hour 23 is received on the next day at 00:01.
  scene.hear_hours(kA, at("2026-03-01"), 0, 24);
  EXPECT_EQ(scene.close_days(at("2026-03-02 00:29")), 0U) << "the grace is half an hour";
  EXPECT_EQ(scene.close_days(at("2026-03-02 00:30")), 2U);
  EXPECT_THAT(lines_of(scene, kA), ElementsAre("1 03-01/1 [0,23) 23@0 24/24"));
  EXPECT_THAT(lines_of(scene, kB), ElementsAre("2 03-01/1 [0,23) 0@0"));
  EXPECT_EQ(scene.close_days(at("2026-03-02 23:00")), 0U) << "a day is stated once";
  const DayStatement statement = stated_in(*scene.log).front();
  EXPECT_EQ(statement.day, at("2026-03-01"));
  EXPECT_EQ(statement.series[0].st, "32");
  EXPECT_EQ(statement.series[0].cn, "2061");
  EXPECT_EQ(statement.series[0].factor, "w01018");
  EXPECT_EQ(statement.series[0].kind, "Avg");
  expect_sound(scene, kA);
  expect_sound(scene, kB);
}

TEST(ClosedDay, FollowsTheDayBeforeAlsoForSilentDevices) {
  Scene scene;
  for (int day = 0; day < 3; ++day) {
    scene.hear_hours(kA, at("2026-03-01").plus_ms(day * kDay), 0, 24);
    scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
  }
  // Two statements follow the entry of 00:01 each time; they are events and belong to no chain.
  EXPECT_THAT(lines_of(scene, kA), ElementsAre("1 03-01/1 [0,23) 23@0 24/24", "1 03-02/1 [23,49) 24@23 24/24",
                                               "1 03-03/1 [49,75) 24@47 24/24"));
  EXPECT_THAT(lines_of(scene, kB),
              ElementsAre("2 03-01/1 [0,23) 0@0", "2 03-02/1 [23,49) 0@0", "2 03-03/1 [49,75) 0@0"));
  expect_sound(scene, kA);
  expect_sound(scene, kB);
}

TEST(ClosedDay, OfADeviceFirstHeardAtNoonIsExpectedFromNoon) {
  Scene scene;
  scene.hear_hours(kB, at("2026-03-01"), 0, 24);
  scene.close_days(at("2026-03-02 01:00"));
  scene.hear_hours(kA, at("2026-03-02"), 12, 20);
  scene.close_days(at("2026-03-03 01:00"));
  EXPECT_THAT(lines_of(scene, kA), ElementsAre("1 03-01/1 [0,23) 0@0", "1 03-02/1 [23,34) 8@0 8/12 20-00"));
  EXPECT_THAT(lines_of(scene, kB).back(), HasSubstr("0/24 00-00"));
  expect_sound(scene, kA);
}

TEST(ClosedDay, OfAStrangerIsStatedWhenItWasHeard) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 20);
  scene.hear(kStranger, "who am I", at("2026-03-01 22:00"));
  scene.close_days(at("2026-03-02 01:00"));
  scene.close_days(at("2026-03-03 01:00"));
  scene.hear(kStranger, "again", at("2026-03-03 10:00"));
  scene.close_days(at("2026-03-04 01:00"));
  const auto lines = lines_of(scene, kStranger);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "9 03-01/1 [0,21) 1@0");
  EXPECT_THAT(lines[1], HasSubstr("9 03-03/1 [21,"));
  EXPECT_TRUE(scene.book->check(*scene.log, kStranger).has_value());
}

TEST(ClosedDay, WaitsUntilTheFollowersHaveReadWhatTheLogHeldThen) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 24);
  scene.write();
  const Instant now = at("2026-03-02 01:00");
  EXPECT_EQ(scene.book->close_days(*scene.log, *scene.store, now).value(), 0U);
  while (scene.book->consume(*scene.log).value() > 0) {
  }
  EXPECT_EQ(scene.book->close_days(*scene.log, *scene.store, now).value(), 0U) << "the store has read nothing";
  // What comes in the meantime need not be read.
  while (scene.devices->consume(*scene.log).value() > 0) {
  }
  while (scene.store->consume(*scene.log).value() > 0) {
  }
  scene.hear(kA, "later", at("2026-03-02 01:01"));
  scene.write();
  EXPECT_EQ(scene.book->close_days(*scene.log, *scene.store, now).value(), 2U);
  scene.follow();
  expect_sound(scene, kA);
}

TEST(ClosedDay, LateDataMakeARevisionOfTheDayAndTheirEntriesBelongToTheNewDay) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 20);
  scene.close_days(at("2026-03-02 01:00"));
  scene.hear_hours(kA, at("2026-03-02"), 0, 24);
  for (int hour = 20; hour < 23; ++hour) {
    const Instant start = at("2026-03-01").plus_ms(hour * kHour);
    scene.hear(kA, hour_record(kA, start), at("2026-03-02 23:50"));
  }
  scene.close_days(at("2026-03-03 01:00"));
  const auto lines = lines_of(scene, kA);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "1 03-01/1 [0,20) 20@0 20/24 20-00");
  EXPECT_THAT(lines, testing::Contains("1 03-01/2 [0,20) 20@0 23/24 23-00"));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("1 03-02/1 [20,")));
  EXPECT_THAT(lines_of(scene, kB).size(), 2U) << "nothing changed for the other device";
  expect_sound(scene, kA);
  const auto newest = scene.book->statements(kA, at("2026-03-01"), at("2026-03-03")).value();
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[0].day, at("2026-03-02"));
  EXPECT_EQ(newest[1].revision, 2U);
  EXPECT_EQ(newest[1].series[0].received, 23U);
}

TEST(ClosedDay, IsNotRevisedAfterSoManyDays) {
  Scene scene;
  scene.rules.revise_days = 2;
  scene.close();
  scene.open();
  scene.hear_hours(kA, at("2026-03-01"), 0, 20);
  for (int day = 0; day < 4; ++day) scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
  scene.hear(kA, hour_record(kA, at("2026-03-01 20:00")), at("2026-03-05 10:00"));
  scene.hear(kA, hour_record(kA, at("2026-03-03 20:00")), at("2026-03-05 10:00"));
  scene.close_days(at("2026-03-06 01:00"));
  const auto lines = lines_of(scene, kA);
  EXPECT_THAT(lines, testing::Not(testing::Contains(testing::StartsWith("1 03-01/2"))));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("1 03-03/2")));
  expect_sound(scene, kA);
}

TEST(ClosedDay, AnExplanationRevisesAtOnce) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 20);
  scene.close_days(at("2026-03-02 01:00"));
  const Explanation said =
      scene.book
          ->explain(*scene.log,
                    {std::string(kA), at("2026-03-01 20:00"), at("2026-03-01 22:00"), " 王工 ", "power cut", 0},
                    at("2026-03-02 09:00"))
          .value();
  EXPECT_EQ(said.name, "王工");
  EXPECT_EQ(scene.close_days(at("2026-03-02 09:01")), 1U);
  EXPECT_THAT(lines_of(scene, kA),
              ElementsAre("1 03-01/1 [0,20) 20@0 20/24 20-00",
                          fmt::format("1 03-01/2 [0,20) 20@0 20/24 20-22!{} 22-00", said.entry)));
  const auto explanations = scene.book->explanations(kA).value();
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].reason, "power cut");
  EXPECT_EQ(explanations[0].entry, said.entry);
  EXPECT_EQ(scene.close_days(at("2026-03-02 09:02")), 0U);
  expect_sound(scene, kA);
  // The same after everything was lost.
  scene.forget_book();
  scene.follow();
  EXPECT_EQ(scene.book->explanations(kA).value().size(), 1U);
  EXPECT_EQ(scene.close_days(at("2026-03-02 09:03")), 0U);
}

TEST(ClosedDay, AnExplanationNeedsADeviceATimeAndWords) {
  Scene scene;
  const auto refused = [&](Explanation explanation) {
    const auto result = scene.book->explain(*scene.log, std::move(explanation), at("2026-03-02 09:00"));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code(), ErrorCode::invalid_input) << result.error().text();
  };
  refused({"nobody", at("2026-03-01"), at("2026-03-02"), "n", "r", 0});
  refused({std::string(kA), at("2026-03-02"), at("2026-03-02"), "n", "r", 0});
  refused({std::string(kA), at("2026-03-01"), at("2026-03-02"), " ", "r", 0});
  refused({std::string(kA), at("2026-03-01"), at("2026-03-02"), "n", "", 0});
  refused({std::string(kA), at("2026-03-01"), at("2026-03-02"), "n", "\xFF", 0});
  EXPECT_EQ(scene.log->size(), 0U);
}

TEST(ClosedDay, DaysThatWereMissedAreClosedOneAfterTheOther) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 24);
  scene.close_days(at("2026-03-02 01:00"));
  scene.close();
  // The machine was off for four days.
  scene.open();
  scene.hear_hours(kA, at("2026-03-06"), 10, 12);
  EXPECT_EQ(scene.close_days(at("2026-03-06 12:30")), 2U * 4U);
  const auto lines = lines_of(scene, kA);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[1], "1 03-02/1 [23,26) 1@23 0/24 00-00");
  EXPECT_EQ(lines[2], "1 03-03/1 [26,26) 0@24 0/24 00-00");
  EXPECT_EQ(lines[4], "1 03-05/1 [26,26) 0@24 0/24 00-00");
  expect_sound(scene, kA);
  expect_sound(scene, kB);
}

TEST(ClosedDay, AClockThatStepsBackLosesNoEntry) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 23);
  scene.hear(kA, "after midnight", at("2026-03-02 00:00:01"));
  scene.hear(kA, "the clock was set back", at("2026-03-01 23:50"));
  scene.hear(kA, "after midnight again", at("2026-03-02 00:00:02"));
  scene.close_days(at("2026-03-02 01:00"));
  EXPECT_THAT(lines_of(scene, kA), ElementsAre("1 03-01/1 [0,25) 25@0 23/24 23-00"));
  // Once the day is closed its range stays.
  scene.hear(kA, "set back by a day", at("2026-03-01 12:00"));
  scene.hear(kA, "and right again", at("2026-03-02 12:00"));
  scene.close_days(at("2026-03-03 01:00"));
  EXPECT_THAT(lines_of(scene, kA)[1], HasSubstr("1 03-02/1 [25,30) 3@25"));
  expect_sound(scene, kA);
}

TEST(ClosedDay, ADeviceThatIsRegisteredLaterBeginsWithTheNewestClosedDay) {
  Scene scene({std::string(kA)});
  scene.hear_hours(kA, at("2026-03-01"), 0, 24);
  for (int day = 0; day < 3; ++day) scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
  scene.close();
  scene.network = network_of({std::string(kA), std::string(kB)});
  scene.open();
  scene.close_days(at("2026-03-04 02:00"));
  scene.close_days(at("2026-03-05 01:00"));
  const auto lines = lines_of(scene, kB);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr("2 03-03/1 [0,"));
  EXPECT_THAT(lines[1], HasSubstr("2 03-04/1 "));
  EXPECT_EQ(lines_of(scene, kA).size(), 4U);
  expect_sound(scene, kA);
  expect_sound(scene, kB);
}

TEST(ClosedDay, CoveringGivesTheStatementsThatMeetARange) {
  Scene scene;
  for (int day = 0; day < 3; ++day) {
    scene.hear_hours(kA, at("2026-03-01").plus_ms(day * kDay), 0, 24);
    scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
  }
  const auto days = [&](std::uint64_t from, std::uint64_t to) {
    std::vector<std::string> result;
    const auto covering = scene.book->covering(kA, from, to).value();
    for (const DayStatement& each : covering) result.push_back(to_iso(each.day).substr(5, 5));
    return result;
  };
  EXPECT_THAT(days(0, 1), ElementsAre("03-01"));
  EXPECT_THAT(days(22, 24), ElementsAre("03-01", "03-02"));
  EXPECT_THAT(days(23, 49), ElementsAre("03-02"));
  EXPECT_THAT(days(0, 75), ElementsAre("03-01", "03-02", "03-03"));
  EXPECT_THAT(days(5, 5), IsEmpty());
  const auto beyond = scene.book->covering(kA, 70, 76);
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error().code(), ErrorCode::not_found);
  EXPECT_THAT(beyond.error().text(), HasSubstr("the entries from 75 on are in no statement"));
  EXPECT_FALSE(scene.book->covering("nobody", 0, 1).has_value());
}

TEST(ClosedDay, ALostBookReadsItsStatementsAndSaysNothingTwice) {
  Scene scene;
  for (int day = 0; day < 3; ++day) {
    scene.hear_hours(kA, at("2026-03-01").plus_ms(day * kDay), 0, day == 1 ? 20 : 24);
    scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
  }
  const auto before = lines_of(scene, kA);
  scene.forget_book();
  EXPECT_EQ(scene.close_days(at("2026-03-04 02:00")), 0U);
  EXPECT_EQ(lines_of(scene, kA), before);
  scene.hear_hours(kA, at("2026-03-04"), 0, 24);
  EXPECT_EQ(scene.close_days(at("2026-03-05 01:00")), 2U);
  expect_sound(scene, kA);
  expect_sound(scene, kB);
}

TEST(ClosedDay, WhateverHappensInWhichOrderTheStatementsAreSound) {
  EXPECT_TRUE(rc::check([] {
    Scene scene;
    Instant now = at("2026-03-01 08:00");
    const int steps = *rc::gen::inRange(1, 30);
    for (int i = 0; i < steps; ++i) {
      switch (*rc::gen::inRange(0, 8)) {
        case 0: now = now.plus_ms(*rc::gen::inRange<std::int64_t>(0, 30) * kHour); break;
        case 1: now = now.plus_ms(-*rc::gen::inRange<std::int64_t>(0, 20) * kMinute); break;
        case 2: scene.close_days(now); break;
        case 3: scene.forget_book(); break;
        case 4:
          scene.book.reset();
          scene.book =
              Scene::take(CustodyBook::open(scene.directory.path() / "records", scene.network, scene.rules));
          break;
        default: {
          const auto device = *rc::gen::element(kA, kB, kStranger);
          const auto back = *rc::gen::inRange<std::int64_t>(0, 50);
          const Instant hour = Instant::from_ms(now.ms() / kHour * kHour - back * kHour);
          scene.hear(device, hour_record(device, hour), now);
          now = now.plus_ms(kMinute);
        }
      }
      scene.write();
    }
    scene.close_days(now);
    expect_sound(scene, kA);
    expect_sound(scene, kB);
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}

}  // namespace
}  // namespace mj::custody
