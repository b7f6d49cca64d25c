// The regions and rivers that ship: what they say against an independent figure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "mj/geometry/shape.hpp"

namespace mj::registry {
namespace {

using Json = nlohmann::json;

Json features(const char* file) {
  std::ifstream in(std::string(MJ_SOURCE_DIR "/geo/") + file);
  return Json::parse(in).at("features");
}

double figure(const Json& properties, const char* key) { return std::stod(properties.at(key).get<std::string>()); }

bool is_computed(const Json& properties, const std::string& key) {
  return properties.value("computed", "") == key;
}

// Bulletin no. 1 of the seventh census (Chongqing, 2021-05-13): 32,054,159 residents in 38 districts and counties.
TEST(ShippedPlaces, TheResidentsOfTheDistrictsAddUpToTheCensus) {
  std::int64_t sum = 0;
  int districts = 0;
  for (const Json& feature : features("region.geojson")) {
    const Json& properties = feature.at("properties");
    EXPECT_EQ(properties.at("population_date"), "2020-11-01");
    EXPECT_THAT(properties.at("verification").get<std::string>(),
                testing::AnyOf("VERIFIED", "THIRD_PARTY", "UNVERIFIED"));
    if (properties.at("level") != "district") continue;
    ++districts;
    sum += std::stoll(properties.at("population").get<std::string>());
  }
  EXPECT_EQ(districts, 38);
  EXPECT_EQ(sum, 32'054'159);
}

// 82,403 km² is the published area of Chongqing (重庆市水资源公报 2001); the outlines are generalised: within 1 %.
TEST(ShippedPlaces, AreasAreThoseOfTheOutlinesAndSaySo) {
  double sum = 0;
  for (const Json& feature : features("region.geojson")) {
    const Json& properties = feature.at("properties");
    EXPECT_TRUE(is_computed(properties, "area_km2")) << properties.at("id");
    if (feature.at("geometry").is_null()) continue;
    const auto outline = geometry::Shape::from_geojson(feature.at("geometry").dump());
    ASSERT_TRUE(outline);
    EXPECT_NEAR(figure(properties, "area_km2"), outline->area_km2(), 1) << properties.at("id");
    sum += outline->area_km2();
  }
  EXPECT_NEAR(sum, 82'403, 824);
}

// Where the length within Chongqing is published, the generalised line is shorter, by a quarter at most; a line of another river, or of a
// part of it, would be far off.
TEST(ShippedPlaces, LinesAreAsLongAsTheirRiverAndRunThroughTheDistricts) {
  std::vector<geometry::Shape> districts;
  for (const Json& feature : features("region.geojson")) {
    if (!feature.at("geometry").is_null())
      districts.push_back(geometry::Shape::from_geojson(feature.at("geometry").dump()).value());
  }
  int lines = 0;
  for (const Json& feature : features("river.geojson")) {
    const Json& properties = feature.at("properties");
    if (feature.at("geometry").is_null()) continue;
    ++lines;
    const auto line = geometry::Shape::from_geojson(feature.at("geometry").dump());
    ASSERT_TRUE(line);
    EXPECT_TRUE(line->is_line());
    const std::string name = properties.at("name");
    EXPECT_TRUE(std::ranges::any_of(districts, [&](const geometry::Shape& each) { return line->touches(each); }))
        << name;
    const double within = figure(properties, "length_within_km");
    // The line goes 15 km and one corner beyond the districts at each end, and may leave them in between.
    EXPECT_GT(line->length_km(), within * 0.75) << name;
    if (is_computed(properties, "length_within_km")) EXPECT_GE(line->length_km(), within) << name;
  }
  EXPECT_EQ(lines, 8);
}

}  // namespace
}  // namespace mj::registry
