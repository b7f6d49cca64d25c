#include "mj/evaluation/roster.hpp"

#include <gtest/gtest.h>

#include "mj/registry/book.hpp"
#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

/// A register on disk in which persons decide.
class RosterTest : public testing::Test {
 protected:
  void decide(std::string kind, std::string id, std::string_view day, registry::Attributes set,
              std::optional<registry::Action> action = std::nullopt) {
    registry::Change change;
    change.kind = std::move(kind);
    change.id = std::move(id);
    change.action = action;
    change.effective = registry::parse_day(day).value();
    change.set = std::move(set);
    const registry::Approval approval{"渝环〔2026〕1号", "市生态环境局", std::nullopt};
    const auto done = book->apply(*log, std::span(&change, 1), approval, {"值班员", "测试"}, time("2026-06-01"));
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_EQ(done->entries.size(), 1U);
  }
  ScratchFolder folder;
  std::unique_ptr<evidence::Log> log =
      evidence::Log::open(folder.path() / "evidence", evidence::LogOptions{}).value();
  registry::RegisterSchema schema = registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  std::unique_ptr<registry::Book> book = registry::Book::open(folder.path() / "records", schema).value();
};

TEST_F(RosterTest, APointCountsWhereItStoodAtTheTimeAndNotAfterItWasStopped) {
  decide("region", "500000", "2020-01-01", {{"name", "重庆市"}, {"level", "province"}});
  decide("region", "500103", "2020-01-01", {{"name", "渝中区"}, {"level", "district"}, {"parent", "500000"}});
  decide("region", "500109", "2020-01-01", {{"name", "北碚区"}, {"level", "district"}, {"parent", "500000"}});
  decide("point", "air-1", "2026-01-01",
         {{"name", "天生"}, {"element", "air"}, {"region", "500103"}, {"reporters", "cnemc/1416A"}});
  decide("point", "air-1", "2026-03-01", {{"region", "500109"}});
  decide("point", "water-1", "2026-01-01", {{"name", "嘉陵江"}, {"element", "surface_water"}});
  decide("point", "air-1", "2026-05-01", {}, registry::Action::stop);
  const Roster roster = Roster::from_book(*book, "air");
  ASSERT_EQ(roster.points().size(), 1U);
  const RosterPoint& point = roster.points()[0];
  EXPECT_EQ(point.at(time("2026-02-28 23:00"))->region, "500103");
  EXPECT_EQ(point.at(time("2026-03-01"))->region, "500109");
  EXPECT_EQ(point.at(time("2026-05-01")), nullptr);
  ASSERT_NE(point.at(time("2020-01-01")), nullptr) << "what came before it was registered is judged all the same";
  EXPECT_EQ(point.at(time("2020-01-01"))->region, "500103");
  EXPECT_EQ(roster.find_reporter("cnemc/1416A"), &point);
  EXPECT_EQ(roster.group_of(*point.at(time("2026-04-01")), Level::city), "500000");
  EXPECT_EQ(roster.subject(Level::district, "500109").name.zh, "北碚区");
  EXPECT_EQ(roster.subject(Level::city, "500000").name.zh, "重庆市");
  const std::string digest = roster.digest();
  EXPECT_EQ(Roster::from_book(*book, "air").digest(), digest);
  decide("point", "water-1", "2026-06-01", {{"name", "嘉陵江口"}});
  EXPECT_EQ(Roster::from_book(*book, "air").digest(), digest) << "another element";
}

TEST_F(RosterTest, APointOfWhichOnlyTheCityIsKnownBelongsToNoDistrict) {
  decide("region", "530000", "2020-01-01", {{"name", "云南省"}, {"level", "province"}});
  decide("region", "530900", "2020-01-01", {{"name", "临沧市"}, {"level", "city"}, {"parent", "530000"}});
  decide("point", "air-1", "2026-01-01", {{"name", "市气象局"}, {"element", "air"}, {"region", "530900"}});
  const Roster roster = Roster::from_book(*book, "air");
  const registry::PointView& point = roster.points()[0].newest();
  EXPECT_EQ(roster.group_of(point, Level::district), "");
  EXPECT_EQ(roster.group_of(point, Level::city), "530900");
  EXPECT_EQ(roster.group_of(point, Level::province), "530000");
}

}  // namespace
}  // namespace mj::evaluation::test
