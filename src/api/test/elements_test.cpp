// Points of the elements for whose hours no standard has a grade: their frames give values, and their state says no more than is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::IsEmpty;

constexpr const char* kNoiseMn = "010000A8900016F000169DC5";
constexpr const char* kWellMn = "010000A8900016F000169DC6";
constexpr const char* kGammaMn = "010000A8900016F000169DC7";
constexpr const char* kSoilMn = "010000A8900016F000169DC8";

class ElementPoints : public testing::Test {
 protected:
  /// As the page of the point has it: the list of points may be half a second old.
  Json state(const std::string& id) {
    const Json detail = get(station.port(), "/api/points/" + id).json();
    EXPECT_THAT(contract.faults(detail, "PointDetail"), IsEmpty());
    return detail["point"]["state"];
  }
  Json latest(const std::string& id, const std::string& factor, const std::string& period) {
    const Json detail = get(station.port(), "/api/points/" + id).json();
    EXPECT_THAT(contract.faults(detail, "PointDetail"), IsEmpty());
    for (const Json& row : detail["latest"]) {
      if (row["factor"] == factor && row["period"] == period) return row;
    }
    return nullptr;
  }
  void hour_of_noise(std::string_view hour, std::string_view level) {
    station.feed(kNoiseMn, upload(kNoiseMn, "23", "2061", hour,
                                  fmt::format("L10-Data=58.0;L50-Data=49.0;Leq-Data={};LMx-Data=71.0", level)));
  }

  Contract contract;
  Station station{{point("gamma-1", registry::Element::radiation, kGammaMn),
                   point("noise-1", registry::Element::noise, kNoiseMn),
                   point("soil-1", registry::Element::soil, kSoilMn),
                   point("well-1", registry::Element::groundwater, kWellMn)}};
};

TEST_F(ElementPoints, ANoiseMeterIsJudgedByTheLimitOfTheOperatorAndShowsItsLevel) {
  EXPECT_EQ(state("noise-1")["grade"], "offline");
  // HJ 212-2017 tables C.25 and C.26 as printed, but for the times.
  station.feed(kNoiseMn, upload(kNoiseMn, "23", "2011", "20260301115857", "LA-Rtd=50.1"));
  const Json heard = state("noise-1");
  EXPECT_EQ(heard["scale"], "limits");
  EXPECT_EQ(heard["grade"], "receiving") << "nothing judges the level of a moment";
  EXPECT_EQ(heard["value"]["text"], "50.1");
  EXPECT_EQ(heard["unit"], "dB");
  EXPECT_EQ(heard["figure"], nullptr);
  station.feed(kNoiseMn, upload(kNoiseMn, "23", "2051", "20260301115000",
                                "L5-Data=53.0;L10-Data=53.0;L50-Data=49.0;L90-Data=45.0;L95-Data=43.0;"
                                "Leq-Data=50.0;LMx-Data=54.0;LMn-Data=42.0"));
  EXPECT_EQ(state("noise-1")["value"]["text"], "50.0");
  hour_of_noise("20260301100000", "52.0");
  EXPECT_EQ(state("noise-1")["grade"], "normal");
  const Json level = latest("noise-1", "Leq", "hour");
  EXPECT_EQ(level["kind"], "Data");
  EXPECT_EQ(level["unit"], "dB");
  EXPECT_EQ(level["limit"]["upper"]["text"], "70");

  hour_of_noise("20260301110000", "70.1");
  const Json over = state("noise-1");
  EXPECT_EQ(over["grade"], "exceeding");
  EXPECT_EQ(over["primary"], Json::array({"Leq"}));
  const Json alarms = get(station.port(), "/api/alarms").json();
  EXPECT_THAT(to_text(alarms), testing::HasSubstr("noise-1"));
}

TEST_F(ElementPoints, WellsSoilAndRadiationGiveValuesUnderTheirSystemCodes) {
  station.feed(kWellMn, upload(kWellMn, "24", "2061", "20260301110000",
                               "w01001-Avg=7.30,w01001-Flag=N;w21007-Avg=6.8,w21007-Flag=N"));
  station.feed(kGammaMn, upload(kGammaMn, "38", "2011", "20260301115900", "dose-Rtd=82.5,dose-Flag=N"));
  station.feed(kSoilMn, upload(kSoilMn, "25", "2011", "20260301115900", "w01001-Rtd=6.4,w01001-Flag=D"));
  EXPECT_EQ(state("well-1")["grade"], "receiving");
  EXPECT_EQ(latest("well-1", "w01001", "hour")["value"]["text"], "7.30");
  EXPECT_EQ(state("gamma-1")["grade"], "receiving");
  EXPECT_EQ(state("gamma-1")["value"]["text"], "82.5");
  EXPECT_EQ(state("soil-1")["grade"], "unknown") << "a broken sensor";
  const Json points = get(station.port(), "/api/points").json();
  EXPECT_THAT(contract.faults_of_each(points, "PointSummary"), IsEmpty());
  std::vector<std::string> elements;
  for (const Json& point : points) elements.push_back(point["element"]);
  EXPECT_THAT(elements, testing::ElementsAre("groundwater", "soil", "noise", "radiation"))
      << "in the order of the register";
  const Json ledger = get(station.port(), "/api/overview").json()["ledger"];
  EXPECT_EQ(ledger["quarantined"], 0);
  EXPECT_EQ(ledger["stored"], 3);

  // A well that is silent for two days is offline; the meter of radiation after three hours.
  station.now_ms += 4 * 3'600'000LL;
  EXPECT_EQ(state("gamma-1")["grade"], "offline");
  EXPECT_EQ(state("well-1")["grade"], "receiving");
}

}  // namespace
}  // namespace mj::api::test
