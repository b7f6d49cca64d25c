// What check() finds: statements that are not true, and a book that was meddled with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/storage/database.hpp"
#include "packing.hpp"
#include "scene.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

namespace mj::custody {
namespace {

using testing::HasSubstr;

/// Two closed days of two devices that were heard in turn.
class CheckedBook : public testing::Test {
 protected:
  CheckedBook() {
    for (int day = 0; day < 2; ++day) {
      for (int i = 0; i < 20; ++i) {
        const Instant time = at("2026-03-01 08:00").plus_ms(day * kDay + i * kMinute);
        scene.hear(kA, fmt::format("A {} {}", day, i), time);
        scene.hear(kB, fmt::format("B {} {}", day, i), time);
      }
      scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
    }
  }
  /// Changes the book while nobody has it open.
  void change(const std::string& sql, const std::string& and_sql = "SELECT 1") {
    scene.book.reset();
    {
      soci::session session(soci::sqlite3, (scene.directory.path() / "records" / "custody.sqlite").string());
      session << sql;
      session << and_sql;
    }
    scene.book = Scene::take(CustodyBook::open(scene.directory.path() / "records", scene.network, scene.rules));
  }
  std::vector<std::uint64_t> entries() {
    soci::session session(soci::sqlite3, (scene.directory.path() / "records" / "custody.sqlite").string());
    std::string packed;
    session << "SELECT entries FROM custody_block WHERE device = 0", soci::into(packed);
    return unpack_entries(packed).value();
  }
  void change_entries(const std::vector<std::uint64_t>& entries) {
    change(fmt::format("UPDATE custody_block SET entries = '{}' WHERE device = 0", pack_entries(entries)),
           fmt::format("UPDATE custody_device SET entries = {} WHERE id = 0", entries.size()));
  }
  void expect_damaged(std::string_view text) {
    const Status checked = scene.book->check(*scene.log, kA);
    ASSERT_FALSE(checked.has_value()) << text;
    EXPECT_EQ(checked.error().code(), ErrorCode::damaged);
    EXPECT_THAT(checked.error().text(), HasSubstr(std::string(text)));
    EXPECT_TRUE(scene.book->check(*scene.log, kB).has_value()) << "the other device is as it was";
  }
  /// A statement that somebody who can write into the log puts there.
  void forge(const DayStatement& statement) {
    scene.add(evidence_format::EntryType::event, statement.device, to_json(statement), at("2026-03-03 02:00"));
    scene.follow();
  }
  DayStatement last() {
    DayStatement result;
    for (const DayStatement& each : stated_in(*scene.log)) {
      if (each.device == kA) result = each;
    }
    return result;
  }
  Scene scene;
};

TEST_F(CheckedBook, IsGoodAsItIs) {
  EXPECT_TRUE(scene.book->check(*scene.log, kA).has_value());
  EXPECT_TRUE(scene.book->check(*scene.log, "nobody").has_value());
  EXPECT_TRUE(scene.book->check_outbox(*scene.log).has_value());
}

TEST_F(CheckedBook, AnEntryLeftOutOfTheBookIsFound) {
  const auto all = entries();
  for (const std::size_t i : {std::size_t{0}, std::size_t{7}, std::size_t{19}, std::size_t{20}}) {
    auto some = all;
    some.erase(some.begin() + static_cast<std::ptrdiff_t>(i));
    change_entries(some);
    expect_damaged(i < 20 ? "about 2026-03-01" : "the chain of 500000003200000000000001 differs");
  }
}

TEST_F(CheckedBook, AnEntryOfAnotherDeviceIsFound) {
  auto all = entries();
  all[3] += 1;
  change_entries(all);
  expect_damaged("is none of 500000003200000000000001");
}

TEST_F(CheckedBook, AnEntryMovedBehindItsDayIsFound) {
  DayStatement changed = last();
  // One entry less in the last statement, and the range cut short by it: true in itself, but it does not continue.
  changed.day = changed.day.plus_ms(kDay);
  changed.from = changed.to + 1;
  changed.to = scene.log->size();
  changed.sequence += changed.count;
  changed.count = 0;
  changed.chain_before = changed.chain_after;
  forge(changed);
  expect_damaged("does not begin where the one before ends");
}

TEST_F(CheckedBook, AStatementThatLeavesOutAnEntryIsFound) {
  scene.hear(kA, "to be hidden", at("2026-03-03 01:10"));
  scene.follow();
  DayStatement lie = last();
  lie.day = lie.day.plus_ms(kDay);
  lie.from = lie.to;
  lie.to = scene.log->size();
  lie.sequence += lie.count;
  lie.count = 0;
  lie.chain_before = lie.chain_after;
  forge(lie);
  expect_damaged("counts 0 entries, the log holds 1");
}

TEST_F(CheckedBook, AStatementAboutOtherEntriesIsFound) {
  scene.hear(kA, "what came", at("2026-03-03 01:10"));
  scene.follow();
  DayStatement lie = last();
  lie.day = lie.day.plus_ms(kDay);
  lie.from = lie.to;
  lie.to = scene.log->size();
  lie.sequence += lie.count;
  lie.count = 1;
  lie.chain_before = lie.chain_after;
  lie.chain_after = chain_next(lie.chain_before, Digest{});
  forge(lie);
  expect_damaged("is about other entries than the log holds");
}

TEST_F(CheckedBook, ADayStatedTwiceIsFound) {
  forge(last());
  expect_damaged("has the same number as another");
}

TEST_F(CheckedBook, ARevisionAboutOtherEntriesIsFound) {
  DayStatement lie = last();
  ++lie.revision;
  --lie.count;
  forge(lie);
  expect_damaged("is about other entries than the revision before it");
}

TEST_F(CheckedBook, ARevisionWithoutItsFirstIsFound) {
  DayStatement lie = last();
  lie.day = lie.day.plus_ms(kDay);
  lie.revision = 2;
  forge(lie);
  expect_damaged("revises a day that was not stated");
}

TEST_F(CheckedBook, AStatementChangedInTheBookIsFound) {
  change(
      "UPDATE custody_statement SET payload = replace(payload, '\"count\":20', '\"count\":19') WHERE device = 0");
  expect_damaged("is not what the log holds there");
}

TEST_F(CheckedBook, AStatementRemovedFromTheBookIsFound) {
  change("DELETE FROM custody_statement WHERE device = 0 AND day = (SELECT min(day) FROM custody_statement)");
  expect_damaged("does not begin where the one before ends");
}

TEST_F(CheckedBook, AChainChangedInTheBookIsFound) {
  change("UPDATE custody_device SET chain = (SELECT chain FROM custody_device WHERE id = 1) WHERE id = 0");
  expect_damaged("the chain of 500000003200000000000001 differs");
  scene.forget_book();
  scene.follow();
  EXPECT_TRUE(scene.book->check(*scene.log, kA).has_value()) << "deleted, it is derived again";
}

TEST_F(CheckedBook, WhatIsNoStatementIsPassedOver) {
  const std::string good = to_json(last());
  for (const std::string& payload :
       {good + " ", good.substr(0, 50), std::string("{\"kind\":\"device.day\",\"version\":9}")})
    scene.add(evidence_format::EntryType::event, kA, payload, at("2026-03-03 02:00"));
  scene.add(evidence_format::EntryType::event, kB, good, at("2026-03-03 02:00"));
  scene.follow();
  EXPECT_TRUE(scene.book->check(*scene.log, kA).has_value());
  EXPECT_TRUE(scene.book->check(*scene.log, kB).has_value());
}

}  // namespace
}  // namespace mj::custody
