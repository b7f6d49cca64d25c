// The chain of a device, and what it and the statement show when entries are left out, added, exchanged or replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/custody/custody_book.hpp"
#include "scene.hpp"

namespace mj::custody {
namespace {

using testing::HasSubstr;

Digest filled(unsigned char byte) {
  Digest digest;
  digest.fill(static_cast<std::byte>(byte));
  return digest;
}

TEST(DeviceChain, IsTheOneOfTheDocument) {
  // Computed with Python's hashlib.
  Digest link = chain_start(kA);
  EXPECT_EQ(to_hex(link), "114774beb1e4c3953f5aa594638962e81d9c60210894ea9c8e1208a32b52c3d7");
  link = chain_next(link, filled(1));
  EXPECT_EQ(to_hex(link), "3e18455ef2d8e5e0a8ed9d4c4a77b1aecfd5c043993a69dcb5408ae921634386");
  link = chain_next(link, filled(2));
  EXPECT_EQ(to_hex(link), "68a5e1aa1e464bfddfa62eeb77632156a30f90878dc29daee582973c19107f0a");
}

TEST(DeviceChain, HoldsWhatCameAndWhatWasSentButNoEvents) {
  using evidence_format::EntryType;
  evidence_format::Entry entry;
  entry.device = kA;
  for (const EntryType type : {EntryType::frame, EntryType::junk, EntryType::sent, EntryType::decision}) {
    entry.type = type;
    EXPECT_TRUE(is_chained(entry));
  }
  entry.type = EntryType::event;
  EXPECT_FALSE(is_chained(entry));
  entry.type = EntryType::frame;
  for (const std::string_view device :
       {std::string_view(""), std::string_view("\xFF\xFE"), std::string_view("A\n1"), std::string_view("A\0B", 3),
        std::string_view("A\x7F")}) {
    entry.device = device;
    EXPECT_FALSE(is_chained(entry)) << to_hex(as_bytes(device));
  }
  entry.device = "站点甲";
  EXPECT_TRUE(is_chained(entry));
}

class Omission : public testing::Test {
 protected:
  Omission() {
    for (unsigned char i = 1; i <= 6; ++i) leaves.push_back(filled(i));
    statement.device = kA;
    statement.count = leaves.size();
    statement.chain_before = chain_start(kA);
    statement.chain_after = statement.chain_before;
    for (const Digest& leaf : leaves) statement.chain_after = chain_next(statement.chain_after, leaf);
  }
  void expect_refused(const std::vector<Digest>& others, std::string_view why) {
    const Status refused = agrees(statement, others);
    ASSERT_FALSE(refused.has_value()) << why;
    EXPECT_EQ(refused.error().code(), ErrorCode::damaged);
    EXPECT_THAT(refused.error().text(), HasSubstr(std::string(why)));
  }
  std::vector<Digest> leaves;
  DayStatement statement;
};

TEST_F(Omission, AllEntriesInOrderAgree) { EXPECT_TRUE(agrees(statement, leaves).has_value()); }

TEST_F(Omission, EachEntryThatIsLeftOutIsMissed) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    auto others = leaves;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    expect_refused(others, "is about 6 entries, there are 5");
    // Also when the one who leaves it out lies about the number.
    --statement.count;
    expect_refused(others, "is about other entries");
    ++statement.count;
  }
}

TEST_F(Omission, AnEntryAddedExchangedMovedOrDoubledIsFound) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    auto added = leaves;
    added.insert(added.begin() + static_cast<std::ptrdiff_t>(i), filled(9));
    expect_refused(added, "there are 7");
    auto replaced = leaves;
    replaced[i] = filled(9);
    expect_refused(replaced, "other entries");
    auto doubled = leaves;
    doubled[i] = doubled[(i + 1) % doubled.size()];
    expect_refused(doubled, "other entries");
    for (std::size_t k = i + 1; k < leaves.size(); ++k) {
      auto swapped = leaves;
      std::swap(swapped[i], swapped[k]);
      expect_refused(swapped, "in another order");
    }
  }
}

TEST_F(Omission, EveryBitOfTheStatementsChainCounts) {
  for (std::size_t bit = 0; bit < 256; ++bit) {
    for (Digest* chain : {&statement.chain_before, &statement.chain_after}) {
      (*chain)[bit / 8] ^= std::byte{1} << (bit % 8);
      expect_refused(leaves, "other entries");
      (*chain)[bit / 8] ^= std::byte{1} << (bit % 8);
    }
  }
}

TEST_F(Omission, TheChainOfAnotherDeviceDoesNotFit) {
  statement.chain_before = chain_start(kB);
  expect_refused(leaves, "other entries");
}

}  // namespace
}  // namespace mj::custody
