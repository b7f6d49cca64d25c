#include "mj/alarm/alarm_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "scene.hpp"
#include "written_log.hpp"

namespace mj::alarm {
namespace {

using evidence_format::EntryType;
using ::testing::ElementsAre;

class Book : public ::testing::Test {
 protected:
  void receive(std::int64_t at_minute, std::string_view body, std::string_view cn = "2011",
               std::string_view mn = kDevice) {
    log_.add(EntryType::frame, minute(at_minute).plus_ms(1500), mn, upload(mn, minute(at_minute), body, cn));
  }
  [[nodiscard]] std::vector<Alarm> all(const AlarmBook& book) const { return book.list({}).value(); }

  ScratchDirectory directory_;
  WrittenLog log_;
};

TEST_F(Book, OneAlarmFromTheFirstValueBeyondUntilItCleared) {
  receive(0, cod("49.0"));
  receive(1, cod("61.0"));
  receive(2, cod("75.5"));
  receive(3, cod("52.0"));
  receive(4, cod("47.0"));
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  auto alarms = all(*book);
  ASSERT_EQ(alarms.size(), 1U);
  const Alarm& alarm = alarms[0];
  EXPECT_EQ(alarm.point, "src-1");
  EXPECT_EQ(alarm.factor, "w01018");
  EXPECT_EQ(alarm.rule, "cod");
  EXPECT_EQ(alarm.unit, "mg/L");
  EXPECT_EQ(alarm.limit, (Decimal{50, 0}));
  EXPECT_EQ(alarm.direction, Direction::above);
  EXPECT_EQ(alarm.source.zh, "GB 18918-2002 表1 一级A");
  EXPECT_EQ(alarm.opened_at, minute(1));
  EXPECT_EQ(alarm.raised_at, minute(1).plus_ms(1500)) << "the time of receipt, not the clock of whoever replays";
  EXPECT_EQ(alarm.entry, 1U);
  EXPECT_EQ(to_text(alarm.peak_value), "75.5");
  EXPECT_EQ(alarm.peak_at, minute(2));
  EXPECT_EQ(to_text(alarm.last_value), "47.0");
  EXPECT_EQ(alarm.updates, 2U) << "47.0 is below the limit, though the alarm lasts";
  EXPECT_TRUE(alarm.open()) << "45 is where it clears";
  EXPECT_THAT(book->open_factors("src-1"), ElementsAre("w01018"));
  EXPECT_EQ(book->open_counts(), (std::map<std::string, std::size_t>{{"src-1", 1}}));

  receive(5, cod("44.9"));
  consume_all(*book, log_.get());
  alarms = all(*book);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].cleared_at, minute(5).plus_ms(1500));
  EXPECT_EQ(alarms[0].clear_entry, 5U);
  EXPECT_TRUE(book->open_counts().empty());
  EXPECT_EQ(book->position(), log_.size());
}

TEST_F(Book, AnExceedanceThatArrivesLateIsAnAlarmThatIsOver) {
  const auto hour = [&](std::int64_t number, std::string_view value) {
    receive(60 * number, cod(value, "N", "Avg"), "2061");
  };
  hour(0, "20");
  hour(9, "20");
  hour(3, "70");
  hour(4, "80");
  hour(2, "60");
  hour(3, "70");  // sent again
  hour(6, "49");
  hour(7, "55");
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  const auto alarms = all(*book);
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(alarms[1].opened_at, minute(120));
  EXPECT_EQ(alarms[1].last_at, minute(240));
  EXPECT_EQ(to_text(alarms[1].peak_value), "80");
  EXPECT_EQ(alarms[1].updates, 2U);
  EXPECT_FALSE(alarms[1].open());
  EXPECT_EQ(alarms[1].entry, 2U);
  EXPECT_EQ(alarms[0].opened_at, minute(420));
  EXPECT_FALSE(alarms[0].open());
  EXPECT_TRUE(book->open_counts().empty());
}

TEST_F(Book, AnotherRevisionBeyondTheLimitIsAnAlarmToo) {
  receive(0, cod("20"));
  receive(30, cod("20"));
  log_.add(EntryType::frame, minute(60), kDevice, upload(kDevice, minute(0), cod("99")));
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  ASSERT_EQ(all(*book).size(), 1U);
  EXPECT_EQ(all(*book)[0].opened_at, minute(0));
  EXPECT_FALSE(all(*book)[0].open());
}

TEST_F(Book, RealTimeAndHourlyValuesHaveAlarmsOfTheirOwn) {
  receive(0, cod("61", "N", "Rtd"));
  receive(0, cod("62", "N", "Avg"), "2061");
  receive(1, cod("63", "N", "Avg"), "2051");
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  const auto alarms = all(*book);
  ASSERT_EQ(alarms.size(), 2U) << "the limit does not hold for minute means";
  EXPECT_EQ(alarms[0].period, telemetry::Period::hour);
  EXPECT_EQ(alarms[1].period, telemetry::Period::instant);
  EXPECT_THAT(book->open_factors("src-1"), ElementsAre("w01018"));
  EXPECT_EQ(book->open_counts().at("src-1"), 2U);
}

TEST_F(Book, ValuesThatAreNoMeasurementNeitherRaiseNorClear) {
  std::int64_t number = 0;
  for (const char* flag : {"F", "M", "S", "D", "C", "T", "B", "Td"}) receive(++number, cod("99", flag));
  receive(++number, "w01018-Rtd=abc,w01018-Flag=N");
  receive(++number, "w01018-Rtd=,w01018-Flag=N");
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  EXPECT_TRUE(all(*book).empty());
  receive(++number, cod("99"));
  receive(++number, cod("0", "F"));
  consume_all(*book, log_.get());
  ASSERT_EQ(all(*book).size(), 1U);
  EXPECT_TRUE(all(*book)[0].open());
}

TEST_F(Book, AcceptsExactlyWhatTheSeriesStoreAccepts) {
  const std::string good = upload(kDevice, minute(0), cod("61"));
  std::string wrong_crc = good;
  wrong_crc.replace(wrong_crc.size() - 6, 4, "0041");
  log_.add(EntryType::frame, minute(0), kDevice, wrong_crc);
  log_.add(EntryType::junk, minute(0), kDevice, good);
  log_.add(EntryType::frame, minute(0), "ffffffffffffffffffffffff",
           upload("ffffffffffffffffffffffff", minute(0), cod("61")));
  log_.add(EntryType::frame, minute(0), kDevice,
           hj212::frame(fmt::format("ST=32;CN=2011;PW=123456;MN={};Flag=5;CP=&&DataTime=20261399;{}&&", kDevice,
                                    cod("61"))));
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  EXPECT_TRUE(all(*book).empty());
  log_.add(EntryType::frame, minute(0), kDevice, good);
  consume_all(*book, log_.get());
  EXPECT_EQ(all(*book).size(), 1U);
}

TEST_F(Book, DevicesOf2005AreJudgedByTheirOwnCodes) {
  log_.add(EntryType::frame, minute(0), kOldDevice,
           hj212::frame(fmt::format("ST=32;CN=2011;PW=123456;MN={};CP=&&DataTime={};011-Rtd=88.0,011-Flag=N&&",
                                    kOldDevice, to_compact(minute(0)))));
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  ASSERT_EQ(all(*book).size(), 1U);
  EXPECT_EQ(all(*book)[0].factor, "w01018");
  EXPECT_EQ(all(*book)[0].point, "src-2");
}

TEST_F(Book, AJumpFromOneSideToTheOtherClearsAndRaises) {
  receive(0, "w01001-Rtd=9.5,w01001-Flag=N");
  receive(1, "w01001-Rtd=3.1,w01001-Flag=N");
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  const auto alarms = all(*book);
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_FALSE(alarms[1].open());
  EXPECT_EQ(alarms[0].direction, Direction::below);
  EXPECT_TRUE(alarms[0].open());
}

TEST_F(Book, AWrongClockDoesNotSilenceTheSeries) {
  log_.add(EntryType::frame, minute(0), kDevice, upload(kDevice, parse_iso("2099-01-01").value(), cod("20")));
  receive(1, cod("61"));
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  EXPECT_EQ(all(*book).size(), 1U);
}

TEST_F(Book, ComparesInTheUnitOfTheLimit) {
  auto points = scene_network().points();
  points[0].units["w01018"] = "µg/L";
  auto book = AlarmBook::open(directory_.path(), registry::Network::from_points(points).value(), plain_register(),
                              scene_limits(), shipped_standards());
  ASSERT_TRUE(book) << book.error().text();
  receive(0, cod("50000"));
  receive(1, cod("50001"));
  consume_all(**book, log_.get());
  ASSERT_EQ(all(**book).size(), 1U);
  EXPECT_EQ(to_text(all(**book)[0].last_value), "50.001");

  points[0].units["w01018"] = "kPa";
  const auto refused = AlarmBook::open(directory_.path(), registry::Network::from_points(points).value(),
                                       plain_register(), scene_limits(), shipped_standards());
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input);
}

TEST_F(Book, ListsNewestFirstByStatePointAndNumber) {
  for (int i = 0; i < 4; ++i) {
    receive(2 * i, cod("61"));
    if (i < 3) receive(2 * i + 1, cod("10"));
  }
  receive(9, cod("61"), "2011", kOldDevice);
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  const auto ids = [&](AlarmQuery query) {
    std::vector<std::int64_t> numbers;
    const auto alarms = book->list(query).value();
    for (const Alarm& alarm : alarms) numbers.push_back(alarm.id.raw());
    return numbers;
  };
  EXPECT_THAT(ids({}), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_THAT(ids({.state = AlarmQuery::State::open}), ElementsAre(5, 4));
  EXPECT_THAT(ids({.state = AlarmQuery::State::cleared, .before = 3}), ElementsAre(2, 1));
  EXPECT_THAT(ids({.point = "src-1", .limit = 2}), ElementsAre(4, 3));
  EXPECT_THAT(ids({.point = "src-2"}), ElementsAre(5));
  EXPECT_EQ(book->find(AlarmId(3))->id.raw(), 3);
  EXPECT_EQ(book->find(AlarmId(99)).error().code(), ErrorCode::not_found);
}

TEST_F(Book, TellsEachChangeOnceAfterItIsCommitted) {
  auto book = open_book(directory_.path());
  std::vector<std::string> told;
  book->on_change([&](const Alarm& alarm, Change change) {
    EXPECT_EQ(describe(book->find(alarm.id).value()), describe(alarm)) << "what is told can be read";
    told.push_back(fmt::format("{} {}", alarm.id.raw(), name(change)));
  });
  receive(0, cod("61"));
  receive(1, cod("62"));
  consume_all(*book, log_.get());
  EXPECT_THAT(told, ElementsAre("1 raised")) << "two values in one batch";
  receive(2, cod("63"));
  consume_all(*book, log_.get());
  receive(3, cod("1"));
  consume_all(*book, log_.get());
  EXPECT_THAT(told, ElementsAre("1 raised", "1 updated", "1 cleared"));
}

TEST_F(Book, AFailedCommitIsRepeatedAndNothingIsCountedTwice) {
  receive(0, cod("61"));
  auto book = open_book(directory_.path());
  consume_all(*book, log_.get());
  receive(1, cod("62"));
  receive(2, cod("10"));
  receive(3, cod("70"));
  soci::session other(soci::sqlite3, "db=" + (directory_.path() / "alarms.sqlite").string());
  other << "ALTER TABLE alarm_check RENAME TO hidden";
  pass(plain_register(), log_.get());
  EXPECT_EQ(book->consume(log_.get()).error().code(), ErrorCode::unavailable);
  EXPECT_EQ(book->position(), 1U);
  other << "ALTER TABLE hidden RENAME TO alarm_check";
  consume_all(*book, log_.get());
  const ScratchDirectory fresh;
  auto expected = open_book(fresh.path());
  consume_all(*expected, log_.get());
  EXPECT_EQ(contents(*book), contents(*expected));
}

TEST_F(Book, ADatabaseThatCannotBeReadIsDerivedAgain) {
  receive(0, cod("61"));
  {
    auto book = open_book(directory_.path());
    consume_all(*book, log_.get());
  }
  std::ofstream(directory_.path() / "alarms.sqlite", std::ios::trunc)
      << "this is no database, it is a note of some length ............";
  auto book = open_book(directory_.path());
  EXPECT_EQ(book->position(), 0U);
  consume_all(*book, log_.get());
  EXPECT_EQ(all(*book).size(), 1U);
}

TEST_F(Book, OtherLimitsAreAppliedToTheWholeLog) {
  receive(0, cod("45"));
  {
    auto book = open_book(directory_.path());
    consume_all(*book, log_.get());
    EXPECT_TRUE(all(*book).empty());
  }
  std::string stricter(kSceneLimits);
  stricter.replace(stricter.find("\"50\""), 4, "\"40\"");
  auto book = AlarmBook::open(directory_.path(), scene_network(), plain_register(),
                              LimitSet::parse(stricter, "s.toml").value(), shipped_standards());
  ASSERT_TRUE(book) << book.error().text();
  EXPECT_EQ((*book)->position(), 0U);
  consume_all(**book, log_.get());
  EXPECT_EQ(all(**book).size(), 1U);
}

using Step = std::tuple<int, int, int>;

/// Adds the entry a step stands for and moves the clock of the scene.
void add(WrittenLog& log, std::int64_t& at, const Step& step) {
  const auto& [kind, minutes, value] = step;
  at += minutes;
  const std::string number = to_text(Decimal{value, 1});
  const std::string_view mn = kind % 2 == 0 ? kDevice : kOldDevice;
  switch (kind) {
    case 0:
    case 1: log.add(EntryType::frame, minute(at), mn, upload(mn, minute(at), cod(number))); break;
    case 2: log.add(EntryType::frame, minute(at), mn, upload(mn, minute(at), cod(number, "M"))); break;
    case 3:
      log.add(EntryType::frame, minute(at), mn, upload(mn, minute(at), cod(number, "N", "Avg"), "2061"));
      break;
    case 4:
      log.add(EntryType::frame, minute(at), mn,
              upload(mn, minute(at), fmt::format("w01001-Rtd={},w01001-Flag=N", to_text(Decimal{value, 2}))));
      break;
    case 5: log.add(EntryType::junk, minute(at), "", "??"); break;
    default:
      // Somebody acknowledges the alarm that one of the first frames raised, if it did.
      log.add(
          EntryType::decision, minute(at), "",
          fmt::format(
              R"({{"kind":"alarm.acknowledge","version":1,"alarm":{{"id":1,"rule":"cod","direction":"above","device":"{}",)"
              R"("factor":"w01018","value_kind":"Rtd","period":"instant","entry":{}}},"name":"n","reason":"r"}})",
              mn, value % 8));
  }
}

RC_GTEST_PROP(BookProperty, AnyDivisionIntoBatchesRestartsIncludedGivesTheSameBook, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(
      rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(-1, 4), rc::gen::inRange(300, 1100)));
  WrittenLog log;
  const ScratchDirectory divided;
  auto book = open_book(divided.path());
  std::int64_t at = 0;
  for (const Step& step : steps) {
    add(log, at, step);
    const int what = *rc::gen::inRange(0, 8);
    if (what < 4) continue;  // the batch grows
    pass(plain_register(), log.get());
    RC_ASSERT(book->consume(log.get()).has_value());
    if (what == 6) {
      book.reset();
      book = open_book(divided.path());  // an orderly restart
    } else if (what == 7) {
      // Power fails: only what the database holds now survives.
      const ScratchDirectory survived;
      std::filesystem::copy(divided.path(), survived.path(), std::filesystem::copy_options::recursive);
      book.reset();
      std::filesystem::remove_all(divided.path());
      std::filesystem::copy(survived.path(), divided.path(), std::filesystem::copy_options::recursive);
      book = open_book(divided.path());
    }
  }
  consume_all(*book, log.get());
  const ScratchDirectory whole;
  auto expected = open_book(whole.path());
  consume_all(*expected, log.get());
  RC_ASSERT(contents(*book) == contents(*expected));

  // Never two open alarms for one side of a limit on a series.
  std::set<std::string> open;
  const auto still_open = book->list({.state = AlarmQuery::State::open, .limit = 100'000}).value();
  for (const Alarm& alarm : still_open) {
    RC_ASSERT(open.insert(fmt::format("{} {} {} {} {}", alarm.rule, alarm.device, alarm.kind,
                                      telemetry::name(alarm.period), name(alarm.direction)))
                  .second);
  }
}

}  // namespace
}  // namespace mj::alarm
