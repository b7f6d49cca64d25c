// Points that only stand for data that came before anybody registered their station.
#include <gmock/gmock.h>

#include <fstream>

#include "book_scene.hpp"
#include "mj/registry/adoption.hpp"

namespace mj::registry {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class RetirementTest : public BookScene {
 protected:
  void SetUp() override {
    BookScene::SetUp();
    ASSERT_TRUE(apply(
        {wish("point", "cnemc-1416A", "2000-01-01",
              {{"name", "1416A"}, {"element", "air"}, {"reporters", "cnemc/1416A"}, {"provisional", "true"}})}));
  }
  static Attributes station(std::string reporters) {
    return {{"name", "天生"}, {"element", "air"}, {"reporters", std::move(reporters)}};
  }
  RecordState state(std::string_view id, std::string_view as_of) {
    return book_->record("point", id, on(as_of)).value().state;
  }
};

TEST_F(RetirementTest, APointWithTheSameReporterTakesItsPlaceByTheSameDecision) {
  const std::uint64_t before = log_->size();
  Change own = wish("point", "air-1416A", "2000-01-01", station("MN1,cnemc/1416A"));
  own.approval = Approval{"渝环〔2026〕13号", "市生态环境局", {}};
  const auto applied = apply({own});
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->plan.added, 1U);
  EXPECT_EQ(applied->plan.retired, 1U);
  EXPECT_EQ(applied->plan.unchanged, 0U);
  EXPECT_EQ(log_->size(), before + 1);
  EXPECT_EQ(state("cnemc-1416A", "2000-01-01"), RecordState::stopped);
  const auto history = book_->history("point", "cnemc-1416A");
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_EQ(*history[1].approval, own.approval) << "what lets the other one in ends this one";
  EXPECT_EQ(book_->points(day("2026-03-01"))->find_reporter("cnemc/1416A")->id, "air-1416A");
  EXPECT_TRUE(book_->duplicates(day("2026-03-01")).empty());
  derive_again();
  EXPECT_EQ(state("cnemc-1416A", "2026-03-01"), RecordState::stopped);
}

TEST_F(RetirementTest, BeforeTheDayOfTheOtherPointItStays) {
  ASSERT_TRUE(apply({wish("point", "air-1416A", "2026-02-01", station("cnemc/1416A"))}));
  EXPECT_EQ(state("cnemc-1416A", "2026-01-31"), RecordState::active);
  EXPECT_EQ(state("cnemc-1416A", "2026-02-01"), RecordState::stopped);
  EXPECT_EQ(book_->points(day("2026-01-31"))->find_reporter("cnemc/1416A")->id, "cnemc-1416A");
}

TEST_F(RetirementTest, APointThatSomebodyRegisteredIsNotReplaced) {
  Change named = wish("point", "cnemc-1416A", "2000-01-01", {{"name", "天生"}});
  named.clear = {"provisional"};
  ASSERT_TRUE(apply({named}));
  EXPECT_THAT(refusal(wish("point", "air-1416A", "2000-01-01", station("cnemc/1416A"))),
              HasSubstr("cnemc/1416A belongs to cnemc-1416A already"));
}

TEST_F(RetirementTest, OneThatStandsForMoreIsNotReplaced) {
  ASSERT_TRUE(apply({wish("point", "cnemc-1416A", "2000-01-01", {{"reporters", "cnemc/1416A,other/7"}})}));
  EXPECT_THAT(refusal(wish("point", "air-1416A", "2000-01-01", station("cnemc/1416A"))),
              HasSubstr("belongs to cnemc-1416A already"));
}

TEST_F(RetirementTest, WhatTwoPointsWantAtOnceNeitherGets) {
  const auto applied = apply({wish("point", "a", "2000-01-01", station("cnemc/1416A")),
                              wish("point", "b", "2000-01-01", station("cnemc/1416A"))},
                             std::nullopt, Faulty::skip);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->plan.faulty_rows, 2U) << "each has what belongs to the other";
  EXPECT_EQ(applied->plan.retired, 0U);
  EXPECT_EQ(state("cnemc-1416A", "2026-03-01"), RecordState::active);
}

TEST_F(RetirementTest, TheFilesOfAnInstallationJoinWhatCameBeforeThem) {
  const Network network = Network::from_points({[] {
                            Point point;
                            point.id = "air-1416A";
                            point.name = {"天生", "Tiansheng"};
                            point.device = "MN1";
                            return point;
                          }()})
                              .value();
  ASSERT_TRUE(adopt_network(*book_, *log_, network, now_));
  const auto file = directory_.path() / "point.csv";
  {
    std::ofstream out(file);
    out << "id,reporters\nair-1416A,\"MN1,cnemc/1416A\"\n";
  }
  const auto adopted = adopt_file(*book_, *log_, "point", file, now_);
  ASSERT_TRUE(adopted) << adopted.error().text();
  EXPECT_EQ(adopted->refused, 0U);
  EXPECT_EQ(state("cnemc-1416A", "2026-03-01"), RecordState::stopped);
  EXPECT_EQ(value("point", "air-1416A", "reporters", "2026-03-01"), "MN1,cnemc/1416A");
}

}  // namespace
}  // namespace mj::registry
