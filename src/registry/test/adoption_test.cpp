#include "mj/registry/adoption.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "book_scene.hpp"

namespace mj::registry {
namespace {

using testing::SizeIs;

class AdoptionTest : public BookScene {
 protected:
  static Point point(std::string id, std::string device, std::string name) {
    Point made;
    made.id = std::move(id);
    made.name = {std::move(name), "Station"};
    made.element = Element::surface_water;
    made.district = "梁平县";
    made.lon = 107.5;
    made.lat = 30.5;
    made.device = std::move(device);
    made.units = {{"w01018", "mg/L"}};
    return made;
  }
  Adopted adopt(std::vector<Point> points, std::string_view when = "2026-11-22 08:00") {
    const auto adopted =
        adopt_network(*book_, *log_, Network::from_points(std::move(points)).value(), parse_iso(when).value());
    EXPECT_TRUE(adopted) << adopted.error().text();
    return adopted ? *adopted : Adopted{};
  }
};

TEST_F(AdoptionTest, TakesPointsOnceAndOnlyWhatTheFileSaysAnewAfterwards) {
  ASSERT_TRUE(apply(
      {wish("region", "500155", "2000-01-01", {{"name", "梁平区"}, {"aliases", "梁平县"}, {"level", "district"}}),
       wish("river", "longxi", "2000-01-01", {{"name", "龙溪河"}})}));
  EXPECT_EQ(adopt({point("w-1", "MN1", "龙溪河·六剑滩")}).added, 1U);
  const auto record = book_->record("point", "w-1", on("2001-01-01"));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->get("region"), "500155");
  EXPECT_EQ(record->get("river"), "longxi");
  EXPECT_EQ(record->get("reporters"), "MN1");
  EXPECT_EQ(record->get("units"), "w01018=mg/L");
  EXPECT_EQ(record->approval->document, "network.toml");

  std::uint64_t size = log_->size();
  EXPECT_EQ(adopt({point("w-1", "MN1", "龙溪河·六剑滩")}).changed, 0U);
  EXPECT_EQ(log_->size(), size) << "a start without news records nothing";

  // What a person changed since stays although the file says what it always said.
  ASSERT_TRUE(apply({wish("point", "w-1", "2026-01-01", {{"name", "龙溪河·新名"}})}));
  EXPECT_EQ(adopt({point("w-1", "MN1", "龙溪河·六剑滩")}).changed, 0U);
  EXPECT_EQ(value("point", "w-1", "name", "2026-12-01"), "龙溪河·新名");

  EXPECT_EQ(adopt({point("w-1", "MN2", "龙溪河·六剑滩")}, "2026-12-01 08:00").changed, 1U);
  EXPECT_EQ(value("point", "w-1", "reporters", "2026-11-30"), "MN1");
  EXPECT_EQ(value("point", "w-1", "reporters", "2026-12-01"), "MN2");
}

TEST_F(AdoptionTest, AFileAddsToWhatAnotherSaid) {
  adopt({point("w-1", "MN1", "点")});
  const auto file = directory_.path() / "point.csv";
  std::ofstream(file) << "id,control_level,reporters\nw-1,national,\"MN1,cnemc/1\"\n";
  ASSERT_TRUE(adopt_file(*book_, *log_, "point", file, now_));
  EXPECT_EQ(value("point", "w-1", "control_level", "2001-01-01"), "national");
  EXPECT_EQ(adopt({point("w-1", "MN1", "点")}).changed, 0U);
  EXPECT_EQ(value("point", "w-1", "reporters", "2026-12-01"), "MN1,cnemc/1");
  const auto again = adopt_file(*book_, *log_, "point", file, now_);
  EXPECT_EQ(again->added + again->changed, 0U);
  EXPECT_FALSE(adopt_file(*book_, *log_, "point", directory_.path() / "none.csv", now_));
}

TEST_F(AdoptionTest, AFileIsTheDocumentOfRowsThatNameNone) {
  const auto file = directory_.path() / "river.csv";
  std::ofstream(file) << "id,name,approval,approval_authority\na,甲,,\nb,乙,渝环〔2026〕3号,市局\n";
  EXPECT_EQ(adopt_file(*book_, *log_, "river", file, now_)->added, 2U);
  EXPECT_EQ(book_->history("river", "a").at(0).approval->document, "river.csv");
  EXPECT_EQ(book_->history("river", "b").at(0).approval->document, "渝环〔2026〕3号");
  // What people changed stays, whichever document the row named when it was taken over.
  ASSERT_TRUE(apply({wish("river", "b", "2026-01-01", {{"name", "乙河"}})}));
  const std::uint64_t size = log_->size();
  const auto again = adopt_file(*book_, *log_, "river", file, now_);
  EXPECT_EQ(again->added + again->changed, 0U);
  EXPECT_EQ(log_->size(), size);
  EXPECT_EQ(value("river", "b", "name", "2026-12-01"), "乙河");
}

TEST_F(AdoptionTest, PointsOfTheRegisterWithADeviceJoinTheNetwork) {
  const Network network = Network::from_points({point("w-1", "MN1", "甲"), point("w-2", "", "乙")}).value();
  ASSERT_TRUE(adopt_network(*book_, *log_, network, now_));
  ASSERT_TRUE(
      apply({wish("point", "w-2", "2026-01-01", {{"reporters", "MN2"}}),
             wish("point", "w-3", "2026-01-01",
                  {{"name", "丙"},
                   {"element", "source"},
                   {"reporters", "cnemc/3,MN3"},
                   {"units", "w01018=mg/L"},
                   {"lon", "106.5"},
                   {"lat", "29.5"}}),
             wish("point", "w-4", "2026-01-01", {{"name", "丁"}, {"element", "air"}, {"reporters", "cnemc/4"}}),
             wish("point", "w-5", "2026-01-01",
                  {{"name", "戊"}, {"element", "air"}, {"reporters", "MN5"}, {"built", "planned"}}),
             wish("point", "w-6", "2026-01-01", {{"name", "己"}, {"element", "noise"}, {"reporters", "MN6"}})}));
  const auto joined = with_registered_points(network, *book_, day("2026-11-22"));
  ASSERT_TRUE(joined) << joined.error().text();
  EXPECT_THAT(joined->points(), SizeIs(4));
  EXPECT_EQ(joined->find_device("MN2")->id, "w-2");
  const Point* third = joined->find_device("MN3");
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(third->element, Element::source);
  EXPECT_EQ(third->units.at("w01018"), "mg/L");
  EXPECT_EQ(joined->find_device("MN5"), nullptr) << "planned, not built";
  ASSERT_NE(joined->find_device("MN6"), nullptr);
  EXPECT_EQ(joined->find_device("MN6")->element, Element::noise);
}

TEST_F(AdoptionTest, APointOfTheFileIsOfTheSameElementInTheRegister) {
  std::vector<Point> points;
  for (const ElementWord& known : kElements) {
    points.push_back(point(fmt::format("p-{}", known.word), fmt::format("MN-{}", known.word), "点"));
    points.back().element = known.element;
  }
  EXPECT_EQ(adopt(points).added, kElements.size());
  for (const ElementWord& known : kElements)
    EXPECT_EQ(value("point", fmt::format("p-{}", known.word), "element", "2026-12-01"), known.word);
}

TEST_F(AdoptionTest, TheFilesOfTheDemonstrationAreAllGood) {
  const std::filesystem::path source = MJ_SOURCE_DIR;
  // In the order in which a start takes them.
  ASSERT_TRUE(adopt_file(*book_, *log_, "region", source / "geo/region.geojson", now_));
  EXPECT_EQ(shipped_schema().kinds().front().id, "region");
  for (const KindSchema& kind : shipped_schema().kinds()) {
    const std::filesystem::path file = source / "demo/register" / (kind.id + ".csv");
    if (kind.id == "point" || !std::filesystem::exists(file)) continue;
    const auto adopted = adopt_file(*book_, *log_, kind.id, file, now_);
    ASSERT_TRUE(adopted) << adopted.error().text();
    EXPECT_EQ(adopted->refused, 0U) << kind.id;
  }
  const Network network = Network::load(source / "demo/network.toml").value();
  EXPECT_EQ(adopt_network(*book_, *log_, network, now_)->added, 107U);
  const auto points = adopt_file(*book_, *log_, "point", source / "demo/register/point.csv", now_);
  EXPECT_EQ(points->refused, 0U);
  EXPECT_EQ(points->changed, 107U);
  for (const PointView& point : book_->points(day("2026-03-01"))->points()) {
    EXPECT_FALSE(point.region.empty()) << point.id;
    EXPECT_EQ(point.city, "500000") << point.id;
    if (point.element == "surface_water") EXPECT_FALSE(point.basin.empty()) << point.id;
  }
  for (const Hint& hint : book_->duplicates(day("2026-03-01"))) {
    EXPECT_NE(hint.why, Hint::Why::outside_region) << hint.a;
  }
}

}  // namespace
}  // namespace mj::registry
