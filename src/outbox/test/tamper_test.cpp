#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "row.hpp"
#include "scene.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define MJ_LEAKS_COUNTED 1
#endif
#endif

namespace mj::outbox {
namespace {

/// SOCI loses its connection when SQLite refuses the file in the constructor of the session; that is not what is tried here.
class LeaksOfSociForgiven {
#ifdef MJ_LEAKS_COUNTED
  __lsan::ScopedDisabler disabler_;
#endif
};

/// Two relayed rows and two that wait.
class TamperedOutbox : public testing::Test {
 protected:
  TamperedOutbox() {
    // A log that is not empty, so that sizes and places are not all zero.
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(log->append_and_wait(event(fmt::format("before {}", i))).has_value());
    for (const char* name : {"one", "two"}) make_thing(*session, *log, name);
    EXPECT_TRUE(relay(*session, *log).has_value());
    for (const char* name : {"three", "four"}) make_thing(*session, *log, name);
    size = log->size();
  }

  /// Runs SQL in a transaction, tries both ways of finding out, and undoes it.
  void expect_found(const std::string& sql, const std::string& what) {
    soci::transaction transaction(*session);
    *session << sql;
    const Status checked = check(*session, *log);
    EXPECT_FALSE(checked.has_value()) << what;
    if (!checked) EXPECT_EQ(checked.error().code(), ErrorCode::damaged) << what << ": " << checked.error().text();
    transaction.rollback();
  }
  /// The same, and the relay appends nothing.
  void expect_not_relayed(const std::string& sql, const std::string& what) {
    expect_found(sql, what);
    {
      soci::transaction transaction(*session);
      *session << sql;
      transaction.commit();
    }
    const auto relayed = relay(*session, *log);
    EXPECT_FALSE(relayed.has_value()) << what;
    EXPECT_EQ(log->size(), size) << what;
  }

  ScratchDirectory directory;
  std::unique_ptr<evidence::Log> log = open_log(directory.path());
  std::unique_ptr<soci::session> session = open_table(directory.path());
  std::uint64_t size = 0;
};

TEST_F(TamperedOutbox, AsItWasLeftItIsGood) {
  EXPECT_TRUE(check(*session, *log).has_value());
  EXPECT_EQ(relay(*session, *log).value().appended, 2U);
  EXPECT_TRUE(check(*session, *log).has_value());
}

TEST_F(TamperedOutbox, EveryBitOfEveryTextIsGuarded) {
  int flips = 0;
  for (const char* column : {"leaf", "link", "entry", "seal"}) {
    for (const Row& row : read_rows(*session, 0, 10)) {
      const std::string name = column;
      const std::string& text = name == "leaf"    ? row.leaf
                                : name == "link"  ? row.link
                                : name == "entry" ? row.entry
                                                  : row.seal;
      for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        std::string changed = text;
        changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << (bit % 8)));
        const std::string bytes = to_hex(as_bytes(changed));
        expect_found(
            fmt::format("UPDATE outbox_row SET {} = CAST(x'{}' AS TEXT) WHERE id = {}", column, bytes, row.id),
            fmt::format("{} of row {}, bit {}", column, row.id, bit));
        ++flips;
      }
    }
  }
  const Head head = read_head(*session).value();
  for (std::size_t bit = 0; bit < head.link.size() * 8; ++bit) {
    std::string changed = head.link;
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << (bit % 8)));
    expect_found(fmt::format("UPDATE outbox_head SET link = CAST(x'{}' AS TEXT)", to_hex(as_bytes(changed))),
                 fmt::format("head, bit {}", bit));
    ++flips;
  }
  EXPECT_GT(flips, 4 * (2 * 64 * 8)) << "leaf and link of four rows, and more";
}

TEST_F(TamperedOutbox, EveryBitOfEveryNumberIsGuarded) {
  for (int bit = 0; bit < 63; ++bit) {
    const std::int64_t mask = std::int64_t{1} << bit;
    for (const Row& row : read_rows(*session, 0, 10)) {
      const std::string where = fmt::format(" of row {}, bit {}", row.id, bit);
      expect_found(fmt::format("UPDATE outbox_row SET log_size = {} WHERE id = {}", row.log_size ^ mask, row.id),
                   "log_size" + where);
      if (row.place) {
        expect_found(fmt::format("UPDATE outbox_row SET place = {} WHERE id = {}", *row.place ^ mask, row.id),
                     "place" + where);
      } else {
        expect_found(fmt::format("UPDATE outbox_row SET place = {} WHERE id = {}", mask, row.id), "place" + where);
      }
      // An id that another row has is refused by SQLite itself.
      const std::int64_t other = row.id ^ mask;
      if (other < 1 || other > 4)
        expect_found(fmt::format("UPDATE outbox_row SET id = {} WHERE id = {}", other, row.id), "id" + where);
    }
    expect_found(fmt::format("UPDATE outbox_head SET row_count = {}", std::int64_t{4} ^ mask), "head");
  }
}

TEST_F(TamperedOutbox, RemovedRowsAreFound) {
  for (int id = 1; id <= 4; ++id)
    expect_found(fmt::format("DELETE FROM outbox_row WHERE id = {}", id), fmt::format("row {} removed", id));
  expect_found("DELETE FROM outbox_row", "all removed");
  expect_found("DELETE FROM outbox_head", "head removed");
  expect_found("INSERT INTO outbox_head SELECT * FROM outbox_head", "two heads");
  expect_not_relayed("DELETE FROM outbox_row WHERE id = 4", "the last one removed");
}

TEST_F(TamperedOutbox, AWaitingRowThatIsRemovedInTheMiddleIsNotRelayed) {
  expect_not_relayed("DELETE FROM outbox_row WHERE id = 3", "the first one that waits removed");
}

TEST_F(TamperedOutbox, ExchangedRowsAreNotRelayed) {
  const std::vector<Row> rows = read_rows(*session, 0, 10);
  const auto exchange = [&](std::size_t a, std::size_t b, bool with_link) {
    const auto set = [&](const Row& to, const Row& from) {
      return fmt::format("UPDATE outbox_row SET leaf = '{}', entry = '{}', log_size = {}{} WHERE id = {}",
                         from.leaf, from.entry, from.log_size,
                         with_link ? fmt::format(", link = '{}'", from.link) : "", to.id);
    };
    soci::transaction transaction(*session);
    *session << set(rows[a], rows[b]);
    *session << set(rows[b], rows[a]);
    EXPECT_FALSE(check(*session, *log).has_value());
    transaction.rollback();
  };
  exchange(0, 1, false);
  exchange(0, 1, true);
  exchange(2, 3, false);
  exchange(2, 3, true);
  exchange(0, 3, true);
  expect_not_relayed(
      fmt::format("UPDATE outbox_row SET leaf = '{}', entry = '{}' WHERE id = 3", rows[3].leaf, rows[3].entry),
      "row 3 says what row 4 says");
}

TEST_F(TamperedOutbox, ADuplicatedRowIsNotRelayed) {
  expect_not_relayed(
      "INSERT INTO outbox_row SELECT 5, log_size, leaf, link, entry, place, seal FROM outbox_row WHERE id = 4",
      "row 4 twice");
}

TEST_F(TamperedOutbox, ARowThatForgotItsPlaceIsFoundAndNotAppendedAgain) {
  expect_found("UPDATE outbox_row SET place = NULL WHERE id = 2", "place forgotten");
  expect_found("UPDATE outbox_row SET place = NULL, seal = '' WHERE id = 2", "place and seal forgotten");
}

/// The database as SQLite keeps it: a flipped bit in its file either is found or changes nothing that the outbox says.
TEST_F(TamperedOutbox, ABitOfTheFileThatChangesARowIsFound) {
  const auto describe = [](soci::session& of) {
    std::string text;
    for (const Row& row : read_rows(of, 0, 100)) {
      text += fmt::format("{} {} {} {} {} {} {}\n", row.id, row.log_size, row.leaf, row.link, row.entry,
                          row.place.value_or(-1), row.seal);
    }
    const Head head = read_head(of).value();
    return text + fmt::format("{} {}", head.rows, head.link);
  };
  const std::string good = describe(*session);
  *session << "PRAGMA wal_checkpoint(TRUNCATE)";
  session.reset();
  const std::filesystem::path file = directory.path() / "room.sqlite";
  std::ifstream in(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  ASSERT_GT(bytes.size(), 4096U);
  ScratchDirectory other;
  int found = 0;
  int harmless = 0;
  constexpr int kFlips = 250;
  [[maybe_unused]] const LeaksOfSociForgiven forgiven{};
  for (int i = 0; i < kFlips; ++i) {
    const std::size_t bit =
        (bytes.size() * 8 / kFlips) * static_cast<std::size_t>(i) + static_cast<std::size_t>(i % 8);
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << (bit % 8)));
    std::filesystem::remove_all(other.path());
    std::filesystem::create_directories(other.path());
    std::ofstream(other.path() / "room.sqlite", std::ios::binary) << changed;
    auto opened = storage::open_sqlite(
        other.path() / "room.sqlite",
        {{"room", 1, "thing", "CREATE TABLE thing(name TEXT NOT NULL)"}, migration("room", 2)});
    if (!opened || !check(**opened, *log)) {
      ++found;
      continue;
    }
    ++harmless;
    EXPECT_EQ(describe(**opened), good) << "bit " << bit << " changed the outbox and was not found";
  }
  EXPECT_GT(found, 0);
  EXPECT_EQ(found + harmless, kFlips);
}

}  // namespace
}  // namespace mj::outbox
