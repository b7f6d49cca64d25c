// A process that dies while it closes a day: no day is missing afterwards, and none is stated twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "book_impl.hpp"
#include "scene.hpp"

namespace mj::custody {

/// Puts another relay into a book.
struct DyingBook {
  static void relay(CustodyBook& book,
                    std::function<Result<outbox::Relayed>(soci::session&, evidence::Log&)> other) {
    book.impl_->relay = std::move(other);
  }
};

namespace {

constexpr int kDied = 42;
constexpr std::int64_t kDays = 3;

/// In a child process: hears three days and closes them; dies in relay number `at`, before or after it.
void die_while_closing(Scene& scene, int dying, bool before) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      scene.open();
      int calls = 0;
      DyingBook::relay(*scene.book, [&](soci::session& session, evidence::Log& log) -> Result<outbox::Relayed> {
        // Only relays that have something to say are counted.
        long long waiting = 0;
        session << "SELECT count(*) FROM outbox_row WHERE place IS NULL", soci::into(waiting);
        const bool now = waiting > 0 && ++calls == dying;
        if (now && before) ::_exit(kDied);
        auto relayed = outbox::relay(session, log);
        if (now) ::_exit(kDied);
        return relayed;
      });
      for (std::int64_t day = 0; day < kDays; ++day) {
        scene.hear_hours(kA, at("2026-03-01").plus_ms(day * kDay), 0, 24);
        scene.close_days(at("2026-03-02 01:00").plus_ms(day * kDay));
      }
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(2);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), kDied);
}

void expect_each_day_once(const Scene& scene, std::int64_t days) {
  std::map<std::pair<std::string, Instant>, int> said;
  for (const DayStatement& statement : stated_in(*scene.log)) ++said[{statement.device, statement.day}];
  EXPECT_EQ(said.size(), static_cast<std::size_t>(2 * days));
  for (const auto& [day, times] : said) EXPECT_EQ(times, 1) << day.first << " " << to_iso(day.second);
  for (const std::string_view device : {kA, kB}) EXPECT_TRUE(scene.book->check(*scene.log, device).has_value());
  EXPECT_TRUE(scene.book->check_outbox(*scene.log).has_value());
}

TEST(DyingClosing, NoDayIsMissingAndNoneIsStatedTwice) {
  for (const bool before : {true, false}) {
    for (const int dying : {1, 3}) {
      Scene scene;
      scene.close();
      die_while_closing(scene, dying, before);
      scene.open();
      scene.close_days(at("2026-03-02 02:00").plus_ms((dying - 1) * kDay));
      expect_each_day_once(scene, dying);
    }
  }
}

TEST(DyingClosing, AlsoWhenTheBookIsLostBesides) {
  for (const bool before : {true, false}) {
    Scene scene;
    scene.close();
    die_while_closing(scene, 2, before);
    scene.open();
    scene.forget_book();
    scene.close_days(at("2026-03-03 02:00"));
    expect_each_day_once(scene, 2);
  }
}

TEST(FailingClosing, WhatTheLogDoesNotTakeIsSaidLater) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 24);
  scene.follow();
  const Instant now = at("2026-03-02 01:00");
  DyingBook::relay(*scene.book, [](soci::session&, evidence::Log&) -> Result<outbox::Relayed> {
    return Error(ErrorCode::unavailable, "no space left on device");
  });
  const auto failed = scene.book->close_days(*scene.log, *scene.store, now);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code(), ErrorCode::unavailable);
  DyingBook::relay(*scene.book, outbox::relay);
  scene.close_days(now);
  expect_each_day_once(scene, 1);
}

TEST(FailingClosing, StatementsOfSomeDevicesOnlyAreCompletedByALostBook) {
  Scene scene;
  scene.hear_hours(kA, at("2026-03-01"), 0, 24);
  scene.close_days(at("2026-03-02 01:00"));
  scene.hear_hours(kA, at("2026-03-02"), 0, 24);
  scene.follow();
  // The process died when half of the statements of the second day were in the log, and then the book was lost.
  const auto whole = stated_in(*scene.log);
  DayStatement half;
  for (const DayStatement& each : whole) {
    if (each.device == kA) half = each;
  }
  const auto entries = entries_of(*scene.log, kA, half.to, scene.log->size() - 1);
  half.day = half.day.plus_ms(kDay);
  half.from = half.to;
  half.to = scene.log->size() - 1;
  half.sequence += half.count;
  half.count = entries.size();
  half.chain_before = half.chain_after;
  half.chain_after = naive_chain(kA, entries_of(*scene.log, kA, 0, half.to));
  scene.add(evidence_format::EntryType::event, kA, to_json(half), at("2026-03-03 01:00"));
  scene.forget_book();
  scene.close_days(at("2026-03-03 02:00"));
  std::map<Instant, int> days_of_b;
  for (const DayStatement& each : stated_in(*scene.log)) {
    if (each.device == kB) ++days_of_b[each.day];
  }
  EXPECT_EQ(days_of_b.size(), 2U);
  for (const std::string_view device : {kA, kB}) {
    const Status checked = scene.book->check(*scene.log, device);
    EXPECT_TRUE(checked.has_value()) << checked.error().text();
  }
}

}  // namespace
}  // namespace mj::custody
