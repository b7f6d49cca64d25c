#include "mj/simulator/fleet.hpp"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <fstream>
#include <set>

namespace mj::simulator {
namespace {

const std::filesystem::path kDemo = std::filesystem::path(MJ_SOURCE_DIR) / "demo";

std::string refusal(std::string_view text) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "fleet_refused.toml";
  std::ofstream(file, std::ios::trunc) << text;
  const auto fleet = Fleet::load(file);
  std::filesystem::remove(file);
  return fleet ? "accepted" : fleet.error().text();
}

TEST(Fleet, the_demonstration_has_stations_sections_sources_a_noise_meter_and_a_well) {
  const auto fleet = Fleet::load(kDemo / "fleet.toml");
  ASSERT_TRUE(fleet) << fleet.error().text();
  EXPECT_EQ(fleet->air.size(), 35U);
  EXPECT_EQ(fleet->water.size(), 58U);
  // Twelve registered sources, one that is not on purpose, one meter, one well.
  EXPECT_EQ(fleet->sources.size(), 15U);
  std::map<std::string, std::string> systems;
  for (const Source& source : fleet->sources) systems.emplace(source.id, source.device.st);
  EXPECT_EQ(systems["noise-1"], "23");
  EXPECT_EQ(systems["well-1"], "24");
}

TEST(Fleet, every_device_of_the_demonstration_but_one_is_registered_with_the_crc_it_sends) {
  const auto fleet = Fleet::load(kDemo / "fleet.toml");
  ASSERT_TRUE(fleet);
  const toml::table network = toml::parse_file((kDemo / "network.toml").string());
  std::map<std::string, std::string> registered;
  for (const toml::node& node : *network["point"].as_array()) {
    const toml::table& point = *node.as_table();
    EXPECT_TRUE(
        registered.emplace(point["device"].value_or(std::string()), point["crc"].value_or(std::string("hj")))
            .second);
    const double lon = point["lon"].value_or(0.0);
    const double lat = point["lat"].value_or(0.0);
    EXPECT_TRUE(lon > 105.2 && lon < 110.3 && lat > 28.1 && lat < 32.3) << "outside Chongqing";
    EXPECT_FALSE(point["district"].value_or(std::string()).empty());
    if (point["id"].value_or(std::string()).starts_with("water-")) {
      EXPECT_EQ(point["location"].value_or(std::string()), "approximate");
    }
  }
  EXPECT_EQ(registered.size(), 107U);
  std::vector<std::string> unknown;
  const auto look = [&](const Device& device) {
    const auto found = registered.find(device.mn);
    if (found == registered.end()) {
      unknown.push_back(device.mn);
    } else {
      EXPECT_EQ(hj212::parse_crc_rule(found->second), device.crc);
    }
  };
  for (const ReplayDevice& each : fleet->air) look(each.device);
  for (const ReplayDevice& each : fleet->water) look(each.device);
  for (const Source& each : fleet->sources) look(each.device);
  EXPECT_EQ(unknown, std::vector<std::string>{"500000003100000000000013"});
}

TEST(Fleet, what_is_wrong_is_said_with_its_line) {
  EXPECT_NE(refusal("[[air]]\nkey = \"1A\"\n").find(":1: device ="), std::string::npos);
  EXPECT_NE(
      refusal("[[air]]\nkey = \"1A\"\ndevice = { mn = \"1\", st = \"22\", dialect = \"1999\" }\n").find("1999"),
      std::string::npos);
  EXPECT_NE(refusal("[[air]]\nkey = \"1A\"\ndevice = { mn = \"1\", st = \"22\" }\n[[air]]\nkey = \"2A\"\ndevice = "
                    "{ mn = \"1\", st = \"22\" }\n")
                .find("twice"),
            std::string::npos);
  EXPECT_NE(
      refusal(
          "[[source]]\ndevice = { mn = \"1\", st = \"31\" }\nsignals = [ { factor = \"a\", amount = true } ]\n")
          .find("flow_factor"),
      std::string::npos);
  EXPECT_NE(refusal("air_file = \n").find(":1:"), std::string::npos);
  EXPECT_EQ(Fleet::load("/nowhere/fleet.toml").error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::simulator
