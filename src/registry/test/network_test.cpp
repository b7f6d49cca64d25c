#include "mj/registry/network.hpp"

#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::registry {
namespace {

using testing::HasSubstr;

/// Writes the text as network.toml and loads it.
class NetworkFile : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() / ("mingjian-network-" + std::to_string(getpid()) + ".toml");
  }
  void TearDown() override { std::filesystem::remove(file_); }
  Result<Network> load(std::string_view text) {
    std::ofstream(file_, std::ios::trunc) << text;
    return Network::load(file_);
  }
  /// The refusal of a text, without the path of the file.
  std::string refusal(std::string_view text) {
    const auto network = load(text);
    if (network) return "accepted";
    EXPECT_EQ(network.error().code(), ErrorCode::invalid_input);
    const std::string& message = network.error().text();
    EXPECT_EQ(message.rfind(file_.string(), 0), 0U) << message;
    return message.substr(file_.string().size());
  }
  std::filesystem::path file_;
};

TEST_F(NetworkFile, GivesThePointsAsWritten) {
  const auto network = load(R"(
[[point]]
id = "air-1414A"
name = { zh = "天生", en = "Tiansheng" }
element = "air"
district = "北碚区"
lon = 106.4258
lat = 29.8272
device = "CQ0000000001414A"

[[point]]
id = "out-1"
element = "source"
lon = 106
crc = "modbus-le"
[point.units]
w01018 = "mg/L"
)");
  ASSERT_TRUE(network) << network.error().text();
  ASSERT_EQ(network->points().size(), 2U);
  const Point& air = network->points()[0];
  EXPECT_EQ(air.id, "air-1414A");
  EXPECT_EQ(air.name.zh, "天生");
  EXPECT_EQ(air.name.en, "Tiansheng");
  EXPECT_EQ(air.element, Element::air);
  EXPECT_EQ(air.district, "北碚区");
  EXPECT_EQ(air.lon, 106.4258);
  EXPECT_EQ(air.lat, 29.8272);
  EXPECT_EQ(air.profile.crc, hj212::CrcRule::hj);
  const Point& outlet = network->points()[1];
  EXPECT_EQ(outlet.name.zh, "out-1") << "a point without a name goes by its id";
  EXPECT_EQ(outlet.name.en, "out-1");
  EXPECT_EQ(outlet.lon, 106.0) << "a whole number of degrees is a number";
  EXPECT_EQ(outlet.profile.crc, hj212::parse_crc_rule("modbus-le"));
  EXPECT_EQ(outlet.units.at("w01018"), "mg/L");
  EXPECT_EQ(network->find("air-1414A"), &air);
  EXPECT_EQ(network->find_device("CQ0000000001414A"), &air);
  EXPECT_EQ(network->find("air-9999A"), nullptr);
  EXPECT_EQ(network->find_device(""), nullptr) << "points without a device are not found by an empty MN";
}

TEST_F(NetworkFile, HasPointsOfEveryElementOfTheRegister) {
  std::string text;
  for (const ElementWord& known : kElements)
    text += fmt::format("[[point]]\nid = \"p-{0}\"\nelement = \"{0}\"\ndevice = \"MN-{0}\"\n", known.word);
  const auto network = load(text);
  ASSERT_TRUE(network) << network.error().text();
  ASSERT_EQ(network->points().size(), kElements.size());
  EXPECT_EQ(network->find_device("MN-noise")->element, Element::noise);
  EXPECT_EQ(network->find("p-groundwater")->element, Element::groundwater);
}

TEST_F(NetworkFile, EmptyIsAnEmptyNetwork) {
  const auto network = load("# nothing yet\n");
  ASSERT_TRUE(network);
  EXPECT_TRUE(network->points().empty());
}

TEST_F(NetworkFile, PointsSurviveAMove) {
  auto loaded = load("[[point]]\nid = \"a\"\nelement = \"air\"\ndevice = \"MN1\"\n");
  const Network moved = std::move(*loaded);
  ASSERT_NE(moved.find("a"), nullptr);
  EXPECT_EQ(moved.find_device("MN1"), &moved.points()[0]);
}

TEST_F(NetworkFile, AMissingFileIsNotFound) {
  EXPECT_EQ(Network::load("/nonexistent/network.toml").error().code(), ErrorCode::not_found);
}

TEST_F(NetworkFile, EveryMistakeIsNamedWithItsLine) {
  EXPECT_THAT(refusal("[[point]\nid = 1\n"), testing::StartsWith(":1: "));
  EXPECT_THAT(refusal("\n\n[[point]]\nelement = \"air\"\n"), testing::StartsWith(":3: a [[point]] needs an id"));
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"lake\"\n"),
              HasSubstr("point a: element \"lake\" is not one of air, precipitation, surface_water, "));
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\nlon = 200.0\n"), HasSubstr("not on the Earth"));
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\ncrc = \"md5\"\n"), HasSubstr("crc \"md5\""));
  EXPECT_THAT(refusal("point = [1]\n"), HasSubstr(":1: point must be written as [[point]]"));
}

TEST_F(NetworkFile, AValueThatIsNoPlaceOrNoNumberIsNotTakenForZero) {
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\nlon = nan\n"), HasSubstr("not on the Earth"));
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\nlat = \"29.8\"\n"), HasSubstr("lat"));
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\ndevice = 12345\n"), HasSubstr("device"));
}

TEST_F(NetworkFile, AMisspelledKeyIsNotIgnored) {
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\ndevise = \"MN1\"\n"),
              HasSubstr(":4: point a: unknown key \"devise\""));
  EXPECT_THAT(refusal("[[points]]\nid = \"a\"\n"), HasSubstr("unknown key \"points\""));
}

TEST_F(NetworkFile, IdsAndDevicesAreUnique) {
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\n[[point]]\nid = \"a\"\nelement = \"air\"\n"),
              HasSubstr("point id a appears twice"));
  EXPECT_THAT(refusal("[[point]]\nid = \"a\"\nelement = \"air\"\ndevice = \"M\"\n"
                      "[[point]]\nid = \"b\"\nelement = \"air\"\ndevice = \"M\"\n"),
              HasSubstr("device M reports for two points, b is the second"));
}

TEST(ElementNames, ReadBackAsTheSameElement) {
  for (const ElementWord& known : kElements) {
    EXPECT_EQ(name(known.element), known.word);
    EXPECT_EQ(parse_element(known.word), known.element);
  }
  EXPECT_FALSE(parse_element("Air"));
  EXPECT_FALSE(parse_element(""));
}

}  // namespace
}  // namespace mj::registry
