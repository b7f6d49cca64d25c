#include "mj/simulator/scenario.hpp"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <fstream>
#include <set>

#include "device_desk.hpp"

namespace mj::simulator {
namespace {

const std::filesystem::path kScenarios = std::filesystem::path(MJ_SOURCE_DIR) / "demo" / "scenarios";
const Instant kStart = *parse_compact("20261103120000");

Result<Scenario> read(std::string_view text) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "scenario_read.toml";
  std::ofstream(file, std::ios::trunc) << text;
  auto scenario = Scenario::load(file, kStart);
  std::filesystem::remove(file);
  return scenario;
}

std::string refusal(std::string_view text) {
  const auto scenario = read(text);
  return scenario ? "accepted" : scenario.error().text();
}

constexpr std::string_view kSignals = "[[signals]]\nname = \"s\"\nlist = [ { factor = \"w01018\", level = 5 } ]\n";

TEST(Scenario, those_of_the_demonstration_can_be_played_and_registered) {
  std::set<std::string> elements;
  for (const char* name : {"conformance.toml", "gaps.toml", "storm.toml", "fleet10k.toml"}) {
    const auto scenario = Scenario::load(kScenarios / name, kStart);
    ASSERT_TRUE(scenario) << scenario.error().text();
    const toml::table network = toml::parse(scenario_network_toml(*scenario, testing::tables()));
    std::set<std::string> devices;
    for (const toml::node& node : *network["point"].as_array()) {
      elements.insert(node.as_table()->at("element").value_or(std::string()));
      devices.insert(node.as_table()->at("device").value_or(std::string()));
    }
    EXPECT_EQ(devices.size(), scenario->devices()) << name;
  }
  EXPECT_EQ(Scenario::load(kScenarios / "fleet10k.toml", kStart)->devices(), 10'000U);
  // By the ST of the groups: 21, 22 or none of them, 23, and sources.
  EXPECT_TRUE(elements.contains("noise"));
  EXPECT_TRUE(elements.contains("surface_water"));
  EXPECT_TRUE(elements.contains("source"));
}

TEST(Scenario, the_one_of_conformance_has_every_generation_profile_and_crc) {
  const auto scenario = Scenario::load(kScenarios / "conformance.toml", kStart);
  ASSERT_TRUE(scenario);
  std::set<hj212::Dialect> dialects;
  std::set<hj212::CrcRule> rules;
  Misbehaviour all;
  for (const DeviceGroup& group : scenario->groups) {
    dialects.insert(group.device.dialect);
    rules.insert(group.device.crc);
    for (std::size_t i = 0; i < kMisdeedCount; ++i) all.chance[i] += group.misbehaviour.chance[i];
  }
  EXPECT_EQ(dialects.size(), 3U);
  EXPECT_EQ(rules.size(), 3U);
  for (std::size_t i = 0; i < kMisdeedCount; ++i) {
    const auto misdeed = static_cast<Misdeed>(i);
    // The two foreign CRC are dialects there; lost frames are the matter of gaps.toml.
    if (misdeed == Misdeed::crc_modbus || misdeed == Misdeed::crc_modbus_le || misdeed == Misdeed::frame_lost)
      continue;
    EXPECT_GT(all.chance[i], 0) << name(misdeed);
  }
}

TEST(Scenario, devices_of_a_group_are_numbered_from_their_prefix) {
  const auto scenario = read(
      std::string(kSignals) +
      "[[group]]\nname = \"a\"\ncount = 12\nmn_prefix = \"9900\"\nst = \"32\"\nfactors = \"s\"\n"
      "[[group]]\nname = \"b\"\ncount = 2\nmn_prefix = \"8888\"\nst = \"32\"\ndialect = \"2005\"\nfactors = "
      "\"s\"\n"
      "[[group]]\nname = \"c\"\nmn_prefix = \"A110000_\"\nst = \"21\"\nsurface_water = true\nfactors = \"s\"\n");
  ASSERT_TRUE(scenario) << scenario.error().text();
  EXPECT_EQ(scenario->groups[0].mn(0), "990000000000000000000001");
  EXPECT_EQ(scenario->groups[0].mn(11), "990000000000000000000012");
  EXPECT_EQ(scenario->groups[1].mn(1), "88880000000002");
  EXPECT_EQ(scenario->groups[2].mn(0), "A110000_0001");
}

TEST(Scenario, times_of_lost_periods_count_from_the_start_or_are_Beijing_times) {
  const auto scenario =
      read(std::string(kSignals) +
           "[[group]]\nname = \"a\"\nmn = \"1\"\nst = \"32\"\nfactors = \"s\"\n"
           "lost = [ { from = \"-2h\", to = \"-30m\", records = [\"hour\"] },\n"
           "         { from = \"2026-11-01 08:00\", to = \"2026-11-02\", records = [\"minute\", \"day\"] } ]\n");
  ASSERT_TRUE(scenario) << scenario.error().text();
  const auto& lost = scenario->groups[0].lost;
  EXPECT_EQ(lost[0].from, *parse_compact("20261103100000"));
  EXPECT_EQ(lost[0].to, *parse_compact("20261103113000"));
  EXPECT_EQ(lost[1].from, *parse_compact("20261101080000"));
  EXPECT_EQ(lost[1].records, (std::vector<Record>{Record::minute, Record::day}));
}

TEST(Scenario, what_is_wrong_is_said_with_file_and_line) {
  const std::string signals(kSignals);
  const std::string group = signals + "[[group]]\nname = \"a\"\nmn = \"12\"\nst = \"32\"\nfactors = \"s\"\n";
  EXPECT_EQ(refusal(group), "accepted");
  EXPECT_NE(refusal(group + "mistake = 1\n").find("scenario_read.toml:9: unknown key \"mistake\""),
            std::string::npos)
      << refusal(group + "mistake = 1\n");
  EXPECT_NE(refusal(group + "misbehaviour = { crc-wrong = 2 }\n").find(":9: the probability of crc-wrong"),
            std::string::npos);
  EXPECT_NE(refusal(group + "misbehaviour = { crc_wrong = 1 }\n").find("is not known"), std::string::npos);
  EXPECT_NE(refusal(group + "count = 200\n").find("no digits for 200 devices"), std::string::npos);
  EXPECT_NE(refusal(group + "dialect = \"1999\"\n").find(":9: dialect \"1999\" is not known"), std::string::npos);
  EXPECT_NE(refusal(group + "key = \"short\"\ndialect = \"2025\"\n").find("16 characters"), std::string::npos);
  EXPECT_NE(refusal(group + "key = \"0123456789abcdef\"\n").find("of dialect 2025"), std::string::npos);
  EXPECT_NE(refusal(group + "sends = [\"weekly\"]\n").find("\"weekly\" is not known"), std::string::npos);
  EXPECT_NE(refusal(group + "[[event]]\nat_s = 1\n").find("an event needs `do`"), std::string::npos);
  EXPECT_NE(
      refusal(group + "[[event]]\nat_s = 1\ndo = \"storm\"\ngroup = \"b\"\n").find("there is no group \"b\""),
      std::string::npos);
  EXPECT_NE(refusal(group + group.substr(signals.size())).find("appears twice"), std::string::npos);
  EXPECT_NE(
      refusal("[[group]]\nname = \"a\"\nmn = \"1\"\nst = \"32\"\nfactors = \"s\"\n").find("names no [[signals]]"),
      std::string::npos);
  EXPECT_NE(refusal("name = \n").find(":1:"), std::string::npos);
  EXPECT_NE(refusal(signals).find("needs a [[group]]"), std::string::npos);
  EXPECT_EQ(Scenario::load("/nowhere/x.toml", kStart).error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::simulator
