#include "mj/storage/database.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "temporary_directory.hpp"

namespace mj::storage {
namespace {

using testing::HasSubstr;

const Migration kFirst{.room = "alarm",
                       .number = 1,
                       .name = "tables",
                       .sql =
                           "-- two tables; and a comment with a semicolon\n"
                           "CREATE TABLE alarm_a(id INTEGER PRIMARY KEY, word TEXT);\n\n"
                           "CREATE TABLE alarm_b(\n  id INTEGER REFERENCES alarm_a(id)  -- owner\n);\n"};
const Migration kSecond{
    .room = "alarm", .number = 2, .name = "rows", .sql = "INSERT INTO alarm_a(word) VALUES('once')"};

class Database : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "records.sqlite"; }
  [[nodiscard]] auto open(const std::vector<Migration>& migrations) const {
    return open_sqlite(file(), migrations);
  }
  static int number(soci::session& session, const std::string& query) {
    int value = -1;
    session << query, soci::into(value);
    return value;
  }
  TemporaryDirectory directory_;  // its name holds a blank: a data directory may
};

TEST_F(Database, IsMadeWhereItWasAskedForAlsoWhenThePathHoldsBlanks) {
  ASSERT_TRUE(open({kFirst}));
  EXPECT_TRUE(std::filesystem::exists(file()));
}

TEST_F(Database, MigrationsAreAppliedInOrderAndOnce) {
  for (int opened = 0; opened < 3; ++opened) {
    const auto session = open({kFirst, kSecond});
    ASSERT_TRUE(session) << session.error().text();
    EXPECT_EQ(number(**session, "SELECT count(*) FROM alarm_a"), 1);
    EXPECT_EQ(number(**session, "SELECT count(*) FROM storage_migration"), 2);
  }
}

TEST_F(Database, ALaterVersionAppliesOnlyWhatIsNew) {
  ASSERT_TRUE(open({kFirst}));
  const auto session = open({kFirst, kSecond});
  ASSERT_TRUE(session);
  EXPECT_EQ(number(**session, "SELECT count(*) FROM alarm_a"), 1);
}

TEST_F(Database, AMigrationThatWasChangedAfterwardsIsRefused) {
  ASSERT_TRUE(open({kFirst, kSecond}));
  Migration changed = kFirst;
  changed.sql += "CREATE TABLE alarm_c(id INTEGER);";
  const auto session = open({changed, kSecond});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code(), ErrorCode::damaged);
  EXPECT_THAT(session.error().text(), HasSubstr("alarm/0001"));
}

TEST_F(Database, ANewerDatabaseIsRefusedByAnOlderProgramAndLeftAsItIs) {
  ASSERT_TRUE(open({kFirst, kSecond}));
  const auto older = open({kFirst});
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code(), ErrorCode::damaged);
  EXPECT_THAT(older.error().text(), HasSubstr("newer version"));
  EXPECT_TRUE(open({kFirst, kSecond}));
}

TEST_F(Database, AMigrationThatFailsHalfwayLeavesNothingBehind) {
  Migration broken = kSecond;
  broken.sql = "CREATE TABLE alarm_half(id INTEGER);\nINSERT INTO no_such_table VALUES(1);\n";
  const auto failed = open({kFirst, broken});
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text(), HasSubstr("no_such_table"));
  const auto session = open({kFirst, kSecond});
  ASSERT_TRUE(session) << session.error().text();
  EXPECT_EQ(number(**session, "SELECT count(*) FROM sqlite_master WHERE name = 'alarm_half'"), 0);
}

TEST_F(Database, ACommentMarkInsideTextIsText) {
  Migration quoted = kSecond;
  quoted.sql = "INSERT INTO alarm_a(word) VALUES('a -- b');\nINSERT INTO alarm_a(word) VALUES('c;\n-- d');\n";
  const auto session = open({kFirst, quoted});
  ASSERT_TRUE(session) << session.error().text();
  std::string word;
  **session << "SELECT word FROM alarm_a WHERE id = 1", soci::into(word);
  EXPECT_EQ(word, "a -- b");
  **session << "SELECT word FROM alarm_a WHERE id = 2", soci::into(word);
  EXPECT_EQ(word, "c;\n-- d");
}

TEST_F(Database, CommitsAreDurableAndReferencesAreKept) {
  const auto session = open({kFirst});
  ASSERT_TRUE(session);
  std::string mode;
  **session << "PRAGMA journal_mode", soci::into(mode);
  EXPECT_EQ(mode, "wal");
  EXPECT_EQ(number(**session, "PRAGMA synchronous"), 2) << "2 is FULL (SQLite documentation, PRAGMA synchronous)";
  EXPECT_THROW(**session << "INSERT INTO alarm_b VALUES(99)", soci::soci_error);
}

TEST_F(Database, WhatIsNoDatabaseIsUnavailableAndUntouched) {
  std::ofstream(file())
      << "this is no database, but somebody's notes, and long enough to be read as a header of SQLite";
  const auto session = open({kFirst});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code(), ErrorCode::unavailable);
  std::ifstream stream(file());
  std::string word;
  stream >> word;
  EXPECT_EQ(word, "this");
}

TEST_F(Database, AMissingDirectoryIsUnavailable) {
  const auto session = open_sqlite(directory_.path() / "missing" / "records.sqlite", {kFirst});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace mj::storage
