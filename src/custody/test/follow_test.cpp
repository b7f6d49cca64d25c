// The book as a function of the log: however it is read, it is the same, and it is what a stranger computes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "scene.hpp"

namespace mj::custody {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string describe(const CustodyBook& book, std::string_view device) {
  std::string text;
  const auto links = book.links(device, 0, ~0ULL >> 1, 100'000).value();
  for (const Link& link : links) text += fmt::format("{} {} {}\n", link.entry, link.sequence, to_hex(link.chain));
  return text;
}

void expect_naive(const Scene& scene, std::string_view device) {
  const auto expected = entries_of(*scene.log, device, 0, scene.log->size());
  const auto links = scene.book->links(device, 0, scene.log->size(), 1'000'000).value();
  ASSERT_EQ(links.size(), expected.size());
  std::vector<std::pair<std::uint64_t, Digest>> so_far;
  for (std::size_t i = 0; i < links.size(); ++i) {
    EXPECT_EQ(links[i].entry, expected[i].first);
    EXPECT_EQ(links[i].sequence, i);
    so_far.push_back(expected[i]);
    // The naive chain begins from nothing each time; a few places are enough.
    if (i % 97 == 0 || i + 1 == links.size()) EXPECT_EQ(links[i].chain, naive_chain(device, so_far)) << i;
  }
}

TEST(FollowedBook, KnowsEveryEntryOfADeviceAndItsChain) {
  Scene scene({std::string(kA)}, false);
  const Instant begin = at("2026-03-01 10:00");
  // More than two blocks of 256, among others.
  for (int i = 0; i < 600; ++i) {
    scene.hear(kA, fmt::format("frame {}", i), begin.plus_ms(i));
    if (i % 3 == 0) scene.hear(kB, "other", begin.plus_ms(i));
    if (i % 5 == 0) scene.hear("", "nobody", begin.plus_ms(i));
    if (i % 7 == 0) scene.add(evidence_format::EntryType::event, kA, "{}", begin.plus_ms(i));
    if (i % 11 == 0) scene.add(evidence_format::EntryType::sent, kA, "sent", begin.plus_ms(i));
    if (i % 13 == 0) scene.hear("\xFF\xFE", "no text", begin.plus_ms(i));
  }
  scene.follow();
  expect_naive(scene, kA);
  expect_naive(scene, kB);
  EXPECT_EQ(scene.book->links(kA, 0, ~0ULL >> 1, 100'000).value().size(), 600U + 55U);
  EXPECT_THAT(scene.book->links("\xFF\xFE", 0, 1000, 10).value(), IsEmpty());
  EXPECT_THAT(scene.book->links("", 0, 1000, 10).value(), IsEmpty());
  EXPECT_TRUE(scene.book->check(*scene.log, kA).has_value());
}

TEST(FollowedBook, LinksOfAPartAreThoseOfTheWhole) {
  Scene scene({std::string(kA)}, false);
  for (int i = 0; i < 700; ++i) scene.hear(i % 2 == 0 ? kA : kB, fmt::format("{}", i), at("2026-03-01 10:00"));
  scene.follow();
  const auto all = scene.book->links(kA, 0, 700, 1000).value();
  ASSERT_EQ(all.size(), 350U);
  const auto part = scene.book->links(kA, 511, 533, 1000).value();
  ASSERT_EQ(part.size(), 11U);
  for (std::size_t i = 0; i < part.size(); ++i) {
    EXPECT_EQ(part[i].entry, 512 + 2 * i);
    EXPECT_EQ(part[i].sequence, 256 + i);
    EXPECT_EQ(part[i].chain, all[256 + i].chain);
  }
  EXPECT_EQ(scene.book->links(kA, 0, 700, 3).value().size(), 3U);
  EXPECT_THAT(scene.book->links(kA, 700, 800, 3).value(), IsEmpty());
}

TEST(FollowedBook, OpenedAgainItGoesOn) {
  Scene scene({std::string(kA)}, false);
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 100; ++i) scene.hear(kA, fmt::format("{} {}", round, i), at("2026-03-01 10:00"));
    scene.follow();
    scene.close();
    scene.open(false);
    EXPECT_EQ(scene.book->position(), scene.log->size());
    EXPECT_FALSE(scene.book->links(kA, 0, 1, 1).has_value())
        << "it has not looked into the log since it was opened";
  }
  scene.hear(kA, "one more", at("2026-03-01 10:00"));
  scene.follow();
  expect_naive(scene, kA);
}

TEST(FollowedBook, ABookOfALongerLogIsDerivedAgain) {
  Scene scene({std::string(kA)}, false);
  for (int i = 0; i < 10; ++i) scene.hear(kA, fmt::format("{}", i), at("2026-03-01 10:00"));
  scene.follow();
  scene.close();
  std::filesystem::remove_all(scene.directory.path() / "evidence");
  scene.open(false);
  for (int i = 0; i < 4; ++i) scene.hear(kA, fmt::format("other {}", i), at("2026-03-01 10:00"));
  scene.follow();
  EXPECT_EQ(scene.book->position(), 4U);
  expect_naive(scene, kA);
}

TEST(FollowedBook, AnyInterleavingInAnyBatchesGivesTheSameBook) {
  EXPECT_TRUE(rc::check([] {
    Scene whole({std::string(kA)}, false);
    const int devices = *rc::gen::inRange(1, 5);
    const auto order = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, devices));
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-30, 600));
    Instant now = at("2026-03-01 12:00");
    std::vector<std::unique_ptr<CustodyBook>> others;
    int written = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      now = now.plus_ms((i < steps.size() ? steps[i] : 1) * kMinute);
      whole.hear(fmt::format("device-{}", order[i]), fmt::format("frame {}", i), now);
      // The other book reads now and then, and is opened again from time to time.
      if (*rc::gen::inRange(0, 4) == 0) {
        whole.write();
        if (others.empty() || ++written % 3 == 0) {
          others.clear();
          others.push_back(Scene::take(CustodyBook::open(whole.directory.path() / "other", whole.network, {})));
        }
        while (others[0]->consume(*whole.log).value() > 0) {
        }
      }
    }
    whole.follow();
    others.clear();
    others.push_back(Scene::take(CustodyBook::open(whole.directory.path() / "other", whole.network, {})));
    static_cast<void>(others[0]->consume(*whole.log).value());
    for (int i = 0; i < devices; ++i) {
      const std::string device = fmt::format("device-{}", i);
      RC_ASSERT(describe(*whole.book, device) == describe(*others[0], device));
      const auto expected = entries_of(*whole.log, device, 0, whole.log->size());
      const auto links = whole.book->links(device, 0, whole.log->size(), 10'000).value();
      RC_ASSERT(links.size() == expected.size());
      if (!links.empty()) RC_ASSERT(links.back().chain == naive_chain(device, expected));
      RC_ASSERT(whole.book->check(*whole.log, device).has_value());
    }
  }));
}

}  // namespace
}  // namespace mj::custody
