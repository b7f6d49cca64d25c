// A process that dies while it relays: a child does, the parent looks at what is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "relay.hpp"
#include "scene.hpp"

namespace mj::outbox {
namespace {

constexpr int kDied = 42;

/// Runs `life` in a child process and expects it to end by dying.
template <typename Life>
void die_in(Life&& life) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      life();
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

std::vector<std::string> names(int count) {
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i) result.push_back(fmt::format("thing {}", i));
  return result;
}

/// Everything is in the log once and in order.
void expect_whole(const std::filesystem::path& directory, const std::vector<std::string>& expected) {
  const auto log = open_log(directory);
  const auto session = open_table(directory);
  const auto relayed = relay(*session, *log);
  ASSERT_TRUE(relayed.has_value()) << relayed.error().text();
  EXPECT_EQ(payloads(*log), expected);
  EXPECT_EQ(things(*session), expected);
  EXPECT_TRUE(check(*session, *log).has_value());
  EXPECT_EQ(relay(*session, *log).value().appended, 0U);
}

TEST(DyingRelay, BeforeTheTransactionCommitsNothingHappened) {
  const ScratchDirectory directory;
  die_in([&] {
    const auto log = open_log(directory.path());
    const auto session = open_table(directory.path());
    make_thing(*session, *log, "kept");
    soci::transaction transaction(*session);
    *session << "INSERT INTO thing(name) VALUES('lost')";
    if (!put(*session, event("lost"), log->size())) return;
    ::_exit(kDied);
  });
  expect_whole(directory.path(), {"kept"});
}

TEST(DyingRelay, AfterTheTransactionTheEntryIsStillRelayed) {
  const ScratchDirectory directory;
  die_in([&] {
    const auto log = open_log(directory.path());
    const auto session = open_table(directory.path());
    make_thing(*session, *log, "kept");
    ::_exit(kDied);
  });
  expect_whole(directory.path(), {"kept"});
}

/// Dies after the `at`-th batch was appended (or noted), with two rows to a batch.
void die_while_relaying(const std::filesystem::path& directory, int at, bool noted) {
  die_in([&] {
    const auto log = open_log(directory);
    const auto session = open_table(directory);
    for (const std::string& name : names(7)) make_thing(*session, *log, name);
    int batch = 0;
    RelaySteps steps;
    steps.batch_bytes = 80;
    const auto step = [&] {
      if (++batch == at) ::_exit(kDied);
    };
    (noted ? steps.noted : steps.appended) = step;
    static_cast<void>(relay_with(*session, *log, steps));
  });
}

TEST(DyingRelay, BetweenLogAndTableNothingIsAppendedTwice) {
  for (int at = 1; at <= 4; ++at) {
    const ScratchDirectory directory;
    die_while_relaying(directory.path(), at, false);
    const auto log = open_log(directory.path());
    const auto session = open_table(directory.path());
    const Relayed relayed = relay(*session, *log).value();
    EXPECT_GT(relayed.found, 0U) << "batch " << at << " was in the log and not noted";
    EXPECT_EQ(payloads(*log), names(7));
    EXPECT_TRUE(check(*session, *log).has_value());
  }
}

TEST(DyingRelay, BetweenTwoBatchesTheRestFollows) {
  for (int at = 1; at <= 3; ++at) {
    const ScratchDirectory directory;
    die_while_relaying(directory.path(), at, true);
    expect_whole(directory.path(), names(7));
  }
}

TEST(DyingRelay, AgainAndAgainStillRelaysOnce) {
  const ScratchDirectory directory;
  die_while_relaying(directory.path(), 1, false);
  for (int life = 0; life < 3; ++life) {
    die_in([&] {
      const auto log = open_log(directory.path());
      const auto session = open_table(directory.path());
      RelaySteps steps;
      steps.batch_bytes = 40;
      steps.appended = [] { ::_exit(kDied); };
      static_cast<void>(relay_with(*session, *log, steps));
    });
  }
  expect_whole(directory.path(), names(7));
}

TEST(DyingRelay, EntriesOfOthersAfterTheRowsAreNotTakenForThem) {
  const ScratchDirectory directory;
  die_while_relaying(directory.path(), 2, false);
  const auto log = open_log(directory.path());
  ASSERT_TRUE(log->append_and_wait(event("thing 9")).has_value()) << "the same length as a row's";
  const auto session = open_table(directory.path());
  ASSERT_TRUE(relay(*session, *log).has_value());
  std::vector<std::string> expected = payloads(*log);
  expected.erase(std::find(expected.begin(), expected.end(), "thing 9"));
  EXPECT_EQ(expected, names(7));
  EXPECT_TRUE(check(*session, *log).has_value());
}

TEST(FailingRelay, ALogThatCannotCommitLeavesTheRowsWaiting) {
  const ScratchDirectory directory;
  evidence::LogOptions options;
  options.origin = "test.local/outbox";
  options.max_queued_bytes = 64;
  {
    const auto log = evidence::Log::open(directory.path() / "evidence", options).value().release();
    const std::unique_ptr<evidence::Log> owner(log);
    const auto session = open_table(directory.path());
    for (const std::string& name : names(4)) make_thing(*session, *log, name);
    const auto relayed = relay(*session, *log);
    ASSERT_FALSE(relayed.has_value()) << "four entries are more than the queue takes";
    EXPECT_EQ(log->size(), 0U);
    EXPECT_TRUE(check(*session, *log).has_value());
  }
  expect_whole(directory.path(), names(4));
}

}  // namespace
}  // namespace mj::outbox
