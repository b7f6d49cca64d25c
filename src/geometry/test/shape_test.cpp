#include "mj/geometry/shape.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "mj/geometry/drawing.hpp"

namespace mj::geometry {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Shape shape(std::string_view geojson) {
  auto made = Shape::from_geojson(geojson);
  EXPECT_TRUE(made) << made.error().text();
  return *std::move(made);
}

std::string refusal(std::string_view geojson) {
  const auto made = Shape::from_geojson(geojson);
  EXPECT_FALSE(made);
  return made ? "" : made.error().text();
}

/// The districts of the map that ships with the web client, by code.
std::map<std::string, Shape> districts() {
  std::ifstream in(std::string(MJ_SOURCE_DIR) + "/web/public/geo/chongqing_districts.geojson");
  EXPECT_TRUE(in);
  std::map<std::string, Shape> found;
  const auto collection = nlohmann::json::parse(in);
  for (const auto& feature : collection["features"])
    found.emplace(feature["id"].get<std::string>(), shape(feature["geometry"].dump()));
  return found;
}

const Shape kSquare = shape(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]})");

// An angle by atan2(|a×b|, a·b) on unit vectors, in Python: Yuzhong–Wanzhou, half the Earth, Beijing–New York.
TEST(Distance, IsTheGreatCircleOnTheMeanSphere) {
  EXPECT_NEAR(distance_km({106.5516, 29.563}, {108.4097, 30.8079}), 225.953774, 1e-6);
  EXPECT_NEAR(distance_km({0, 0}, {180, 0}), 20015.114442, 1e-6);
  EXPECT_NEAR(distance_km({116.4, 39.9}, {-74, 40.7}), 10991.135438, 1e-6);
  EXPECT_EQ(distance_km({106, 29}, {106, 29}), 0);
}

// Python: cylindrical equal-area coordinates with every edge divided into 20, shoelace formula. The official area of the
// municipality is 82,402 km²; the generalised map is 0.2 % larger.
TEST(Area, OfDistrictsIsThatOfAnotherFormula) {
  const auto all = districts();
  ASSERT_THAT(all, SizeIs(38));
  EXPECT_NEAR(all.at("500101").area_km2(), 3458.743, 0.05);
  EXPECT_NEAR(all.at("500109").area_km2(), 754.119, 0.05);
  EXPECT_NEAR(all.at("500242").area_km2(), 5185.933, 0.05);
  double sum = 0;
  for (const auto& [code, district] : all) sum += district.area_km2();
  EXPECT_NEAR(sum, 82564.96, 1);
  EXPECT_NEAR(sum, 82402, 82402 * 0.003);
}

// A zone between two parallels: R² (sin φ2 − sin φ1) Δλ.
TEST(Area, OfAZoneBetweenParallelsIsExact) {
  const Shape zone = shape(R"({"type":"Polygon","coordinates":[[[10,30],[60,30],[60,60],[10,60],[10,30]]]})");
  const double exact = 6371.0088 * 6371.0088 * (std::sqrt(3) / 2 - 0.5) * 50 * std::numbers::pi / 180;
  EXPECT_NEAR(zone.area_km2(), exact, exact * 1e-12);
}

TEST(Area, HolesDoNotCount) {
  const Shape ring = shape(
      R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0.25,0.25],[0.75,0.25],[0.75,0.75],[0.25,0.75],[0.25,0.25]]]})");
  EXPECT_NEAR(ring.area_km2() / kSquare.area_km2(), 0.75, 1e-4);
  EXPECT_FALSE(ring.contains({0.5, 0.5}));
  EXPECT_TRUE(ring.contains({0.25, 0.5}));
  EXPECT_NEAR(ring.distance_km({0.5, 0.5}), 0.25 * 111.195, 0.01);
}

// Which district, by casting a ray in Python.
TEST(Inside, PlacesLieInTheirDistrictsAndNowhereElse) {
  const auto all = districts();
  const auto where = [&all](Place place) {
    std::vector<std::string> codes;
    for (const auto& [code, district] : all) {
      if (district.contains(place)) codes.push_back(code);
    }
    return codes;
  };
  EXPECT_THAT(where({106.5749, 29.5563}), testing::ElementsAre("500103"));
  EXPECT_THAT(where({108.4097, 30.8079}), testing::ElementsAre("500101"));
  EXPECT_THAT(where({106.3958, 29.8069}), testing::ElementsAre("500109"));
  EXPECT_THAT(where({109.8, 31.05}), testing::ElementsAre("500237"));
  EXPECT_THAT(where({104.06, 30.67}), testing::IsEmpty());
  for (const auto& [code, district] : all) {
    EXPECT_TRUE(district.contains(district.inside())) << code;
    EXPECT_EQ(district.distance_km(district.inside()), 0) << code;
  }
}

TEST(Inside, TheBorderCountsAsInside) {
  EXPECT_TRUE(kSquare.contains({0, 0}));
  EXPECT_TRUE(kSquare.contains({1, 0.5}));
  EXPECT_FALSE(kSquare.contains({1.0001, 0.5}));
}

TEST(Distance, OfAPlaceFromAShapeIsThatToItsNearestSpot) {
  EXPECT_NEAR(kSquare.distance_km({2, 0.5}), distance_km({2, 0.5}, {1, 0.5}), 0.01);
  EXPECT_NEAR(kSquare.distance_km({-1, -1}), distance_km({-1, -1}, {0, 0}), 0.01);
  const Shape river = shape(R"({"type":"LineString","coordinates":[[106,29],[107,29],[107,30]]})");
  EXPECT_NEAR(river.distance_km({106.5, 29.1}), 0.1 * 111.195, 0.01);
  EXPECT_FALSE(river.contains({106.5, 29}));
  EXPECT_NEAR(river.distance_km({106.5, 29}), 0, 1e-9);
  EXPECT_NEAR(river.length_km(), distance_km({106, 29}, {107, 29}) + distance_km({107, 29}, {107, 30}), 1e-9);
  EXPECT_EQ(river.area_km2(), 0);
  EXPECT_TRUE(river.is_line());
}

// Neighbours of Yuzhong on the map of the municipality: Jiangbei, Shapingba, Jiulongpo, Nan'an.
TEST(Touches, NeighboursShareABorder) {
  const auto all = districts();
  const Shape& yuzhong = all.at("500103");
  for (const char* code : {"500105", "500106", "500107", "500108", "500103"})
    EXPECT_TRUE(yuzhong.touches(all.at(code))) << code;
  EXPECT_FALSE(yuzhong.touches(all.at("500101")));
}

TEST(Crossings, ARiverPassesTheOutlineWhereItEntersAndLeaves) {
  const Shape river = shape(R"({"type":"MultiLineString","coordinates":[[[-1,0.5],[2,0.5]],[[5,5],[6,6]]]})");
  const auto places = river.crossings(kSquare);
  ASSERT_THAT(places, SizeIs(2));
  const double west = std::min(places[0].lon, places[1].lon);
  EXPECT_NEAR(west, 0, 1e-12);
  EXPECT_NEAR(std::max(places[0].lon, places[1].lon), 1, 1e-12);
  EXPECT_TRUE(river.touches(kSquare));
  EXPECT_THAT(shape(R"({"type":"LineString","coordinates":[[0.2,0.2],[0.8,0.8]]})").crossings(kSquare),
              testing::IsEmpty());
  EXPECT_THAT(kSquare.crossings(kSquare), testing::IsEmpty());
}

TEST(GeoJson, WhatIsReadIsWrittenAgain) {
  for (const std::string text :
       {R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1.5,1.12346],[0,0]]]})",
        R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]})",
        R"({"type":"LineString","coordinates":[[-106.5,29.1],[107,30]]})",
        R"({"type":"MultiLineString","coordinates":[[[1,1],[2,2]],[[3,3],[4,4]]]})"})
    EXPECT_EQ(shape(text).to_geojson(), text);
}

TEST(GeoJson, WhatIsNoShapeIsRefusedWithTheReason) {
  EXPECT_THAT(refusal("{"), HasSubstr("no geometry object"));
  EXPECT_THAT(refusal(R"({"type":"Point","coordinates":[1,2]})"), HasSubstr("not Point"));
  EXPECT_THAT(refusal(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})"),
              HasSubstr("ends where it begins"));
  EXPECT_THAT(refusal(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]})"), HasSubstr("encloses nothing"));
  EXPECT_THAT(refusal(R"({"type":"LineString","coordinates":[[29,106],[30,107]]})"),
              HasSubstr("longitude comes first"));
  EXPECT_THAT(refusal(R"({"type":"LineString","coordinates":[[1,1]]})"), HasSubstr("at least 2"));
  EXPECT_THAT(refusal(R"({"type":"MultiPolygon","coordinates":[]})"), HasSubstr("empty"));
  EXPECT_THAT(refusal(R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[1,1],[0,0]]]})"),
              HasSubstr("encloses nothing"));
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("no geometry object"));
}

// A bow tie: two triangles of half a square each, the crossing in the middle.
TEST(GeoJson, APolygonThatCrossesItselfIsMadeWhole) {
  const Shape bow = shape(R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]})");
  EXPECT_NEAR(bow.area_km2() / kSquare.area_km2(), 0.5, 1e-3);
  EXPECT_TRUE(bow.contains({0.1, 0.5}));
  EXPECT_FALSE(bow.contains({0.5, 0.9}));
}

// The large square was written as a hole of the small one beside it, as maps of ECharts decode; a true hole stays one.
TEST(GeoJson, AnInnerRingOutsideOfItsOutlineIsAPartOfItsOwn) {
  const Shape islands =
      shape(R"({"type":"Polygon","coordinates":[[[5,5],[5.1,5],[5.1,5.1],[5,5]],[[0,0],[1,0],[1,1],[0,1],[0,0]],)"
            R"([[0.4,0.4],[0.6,0.4],[0.6,0.6],[0.4,0.6],[0.4,0.4]],[[9,9],[9.1,9]]]})");
  EXPECT_TRUE(islands.contains({5.09, 5.05}));
  EXPECT_TRUE(islands.contains({0.1, 0.9}));
  EXPECT_FALSE(islands.contains({0.5, 0.5}));
  EXPECT_THAT(islands.to_geojson(), testing::StartsWith(R"({"type":"MultiPolygon")"));
  const Shape square_without_hole = shape(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]],)"
                                          R"([[0.4,0.4],[0.6,0.4],[0.6,0.6],[0.4,0.6],[0.4,0.4]]]})");
  const double triangle =
      shape(R"({"type":"Polygon","coordinates":[[[5,5],[5.1,5],[5.1,5.1],[5,5]]]})").area_km2();
  EXPECT_NEAR(islands.area_km2(), square_without_hole.area_km2() + triangle, 1e-6);
}

// Grid of 0.1°: ten places across one degree.
TEST(Drawn, CornersThatFallTogetherAreOneAndWhatIsTooSmallGoes) {
  const std::vector<std::string> few =
      drawn({R"({"type":"Polygon","coordinates":[[[0,0],[0.52,0.01],[0.54,0.04],[1,0],[1,1],[0,1],[0,0]]]})",
             R"({"type":"Polygon","coordinates":[[[0.5,0.5],[0.501,0.5],[0.501,0.501],[0.5,0.5]]]})",
             R"({"type":"LineString","coordinates":[[0.11,0.11],[0.12,0.12],[0.38,0.9]]})", "{}"},
            10);
  EXPECT_THAT(few, testing::ElementsAre(
                       R"({"type":"Polygon","coordinates":[[[0,0],[0.52,0.01],[1,0],[1,1],[0,1],[0,0]]]})", "",
                       R"({"type":"LineString","coordinates":[[0.11,0.11],[0.38,0.9]]})", ""));
}

TEST(Drawn, NeighboursKeepTheirCommonBorder) {
  const auto all = districts();
  std::vector<std::string> texts;
  for (const auto& [code, district] : all) texts.push_back(district.to_geojson());
  const std::vector<std::string> few = drawn({texts.begin(), texts.end()}, 400);
  double area = 0;
  double drawn_area = 0;
  std::size_t bytes = 0;
  std::size_t drawn_bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    area += shape(texts[i]).area_km2();
    drawn_area += shape(few[i]).area_km2();
    bytes += texts[i].size();
    drawn_bytes += few[i].size();
  }
  EXPECT_NEAR(drawn_area / area, 1, 0.003);
  EXPECT_LT(drawn_bytes * 2, bytes);
}

TEST(Simplified, FitsTheBytesAndStaysWhereItWas) {
  for (const auto& [code, district] : districts()) {
    const std::size_t whole = district.to_geojson().size();
    const Shape same = district.simplified(whole);
    EXPECT_EQ(same.to_geojson(), district.to_geojson());
    const Shape fewer = district.simplified(1000);
    EXPECT_LE(fewer.to_geojson().size(), 1000U) << code;
    EXPECT_TRUE(Shape::from_geojson(fewer.to_geojson())) << code;
    EXPECT_NEAR(fewer.area_km2() / district.area_km2(), 1, 0.12) << code;
    EXPECT_TRUE(fewer.touches(district));
  }
}

TEST(Simplified, SmallPartsGoLast) {
  const Shape two = shape(
      R"({"type":"MultiPolygon","coordinates":[[[[5,5],[5.1,5],[5.1,5.1],[5,5]]],[[[0,0],[1,0],[1,1],[0,1],[0,0]]]]})");
  const Shape one = two.simplified(100);
  EXPECT_LE(one.to_geojson().size(), 100U);
  EXPECT_TRUE(one.contains({0.7, 0.3}));
  EXPECT_FALSE(one.contains({5.05, 5.02}));
}

TEST(Shape, SeveralThreadsMayAskTheSameShape) {
  const auto all = districts();
  const Shape& a = all.at("500103");
  const Shape& b = all.at("500105");
  std::vector<std::jthread> threads;
  std::atomic<int> hits = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const bool near = t % 2 == 0 ? a.touches(b) : b.touches(a);
        if (near && a.contains({106.5749, 29.5563})) ++hits;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(hits, 200);
}

TEST(Distance, KeepsTheLawsOfADistance) {
  EXPECT_TRUE(rc::check([] {
    const auto any_place = [] {
      return Place{*rc::gen::inRange(-180'000, 180'001) / 1000.0, *rc::gen::inRange(-90'000, 90'001) / 1000.0};
    };
    const Place a = any_place();
    const Place b = any_place();
    const Place c = any_place();
    RC_ASSERT(distance_km(a, b) == distance_km(b, a));
    RC_ASSERT(distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-6);
    RC_ASSERT(distance_km(a, b) <= 20015.1145);
  }));
}

}  // namespace
}  // namespace mj::geometry
