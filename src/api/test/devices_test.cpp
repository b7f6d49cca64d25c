#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/hj212/compose.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// The segment of an upload, for another CRC than that of HJ 212.
std::string segment(std::string_view mn, std::string_view cn, std::string_view area) {
  return fmt::format("QN=20260301120000000;ST=32;CN={};PW=123456;MN={};Flag=5;CP=&&{}&&", cn, mn, area);
}

/// A server to which a registered device, one with the CRC of Modbus and a stranger have spoken.
class DevicesTest : public testing::Test {
 protected:
  static std::vector<registry::Point> points() {
    std::vector<registry::Point> all = {point("outlet-1", registry::Element::source, kSourceMn),
                                        point("air-1", registry::Element::air, kAirMn),
                                        point("water-1", registry::Element::surface_water, kWaterMn)};
    all[0].vendor = "甲厂";
    all[1].vendor = "乙厂";
    all[1].profile.crc = hj212::CrcRule::modbus;
    return all;
  }
  void SetUp() override {
    newest = station.feed(kSourceMn,
                          upload(kSourceMn, "32", "2011", "20260301120000", "w01018-Rtd=12.5,w01018-Flag=N"));
    modbus = station.feed(
        kAirMn, hj212::frame(segment(kAirMn, "2011", "DataTime=20260301120000;a34004-Rtd=35,a34004-Flag=N"),
                             hj212::CrcRule::modbus));
    stranger = station.feed(kStrangerMn,
                            upload(kStrangerMn, "32", "2011", "20260301120000", "w01018-Rtd=1,w01018-Flag=N"));
  }
  Reply get(std::string_view target) { return test::get(station.port(), target); }
  Reply post(std::string_view target, std::string_view body) { return test::post(station.port(), target, body); }
  void expect_error(const Reply& reply, int status, std::string_view text) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(contract.faults(reply.json(), "ErrorAnswer"), IsEmpty());
    EXPECT_THAT(reply.body, HasSubstr(std::string(text)));
  }

  Contract contract;
  Station station{points()};
  std::uint64_t newest = 0, modbus = 0, stranger = 0;
};

TEST_F(DevicesTest, TheListHoldsRegisteredAndSeenDevicesByNumber) {
  const Json list = get("/api/devices").json();
  EXPECT_THAT(contract.faults(list, "DeviceList"), IsEmpty());
  EXPECT_EQ(list["total"], 4);
  ASSERT_EQ(list["devices"].size(), 4U);
  const Json& source = list["devices"][0];
  EXPECT_EQ(source["mn"], kSourceMn);
  EXPECT_EQ(source["point"]["id"], "outlet-1");
  EXPECT_EQ(source["vendor"], "甲厂");
  EXPECT_EQ(source["frames"], 1);
  EXPECT_EQ(source["last_seen"], "2026-03-01T12:00:30+08:00");
  EXPECT_EQ(source["dialect"], (Json{{"name", "2017"}, {"surface_water", false}, {"source", "detected"}}));
  const Json& silent = list["devices"][2];
  EXPECT_EQ(silent["mn"], kWaterMn);
  EXPECT_EQ(silent["last_seen"], nullptr);
  EXPECT_EQ(silent["dialect"]["source"], "none");
  const Json& unknown = list["devices"][3];
  EXPECT_EQ(unknown["mn"], kStrangerMn);
  EXPECT_EQ(unknown["registered"], false);
  EXPECT_EQ(unknown["point"], nullptr);
}

TEST_F(DevicesTest, TheListIsSearchedInNumberPointAndVendorWithoutRegardToCase) {
  const auto found = [this](std::string_view query) {
    std::vector<std::string> mns;
    const Json list = get("/api/devices?" + std::string(query)).json();
    for (const Json& row : list["devices"]) mns.push_back(row["mn"]);
    return mns;
  };
  EXPECT_EQ(found("q=OUTLET"), std::vector<std::string>{kSourceMn});
  EXPECT_EQ(found("q=a8900016f000169dff"), std::vector<std::string>{kStrangerMn});
  EXPECT_EQ(found("q=%E4%B9%99%E5%8E%82"), std::vector<std::string>{kAirMn});
  EXPECT_THAT(found("q=nothing"), IsEmpty());
  const Json cut = get("/api/devices?limit=1").json();
  EXPECT_EQ(cut["total"], 4);
  EXPECT_EQ(cut["devices"].size(), 1U);
}

TEST_F(DevicesTest, ADeviceIsOnlineWhileItsConnectionStands) {
  EXPECT_EQ(get("/api/devices?online=true").json()["total"], 0);
  station.connect(kSourceMn);
  const Json online = get("/api/devices?online=true").json();
  EXPECT_THAT(contract.faults(online, "DeviceList"), IsEmpty());
  ASSERT_EQ(online["devices"].size(), 1U);
  EXPECT_EQ(online["devices"][0]["link"]["peer"], "127.0.0.1:50000");
  EXPECT_EQ(get("/api/devices?online=false").json()["total"], 3);
  const Json connections = get("/api/connections").json();
  EXPECT_THAT(contract.faults_of_each(connections, "Connection"), IsEmpty());
  ASSERT_EQ(connections.size(), 1U);
  EXPECT_EQ(connections[0]["devices"][0]["point"]["id"], "outlet-1");
}

TEST_F(DevicesTest, ADeviceIsShownWithTheGroundsOfWhatWasDetected) {
  const Json detail = get(device_path(kAirMn)).json();
  EXPECT_THAT(contract.faults(detail, "DeviceDetail"), IsEmpty());
  EXPECT_EQ(detail["guess"]["line"]["crc"], "modbus");
  EXPECT_EQ(detail["device"]["profile"]["crc"], "modbus");
  EXPECT_EQ(detail["last_entry"], modbus);
  EXPECT_EQ(detail["password_shape"], "6 characters");
  EXPECT_EQ(detail["key"], nullptr);
  const auto& grounds = detail["guess"]["grounds"];
  const auto crc =
      std::find_if(grounds.begin(), grounds.end(), [](const Json& row) { return row["trait"] == "crc"; });
  ASSERT_NE(crc, grounds.end());
  EXPECT_EQ((*crc)["seen"], 1);
  EXPECT_EQ((*crc)["entry"], modbus);
  EXPECT_EQ((*crc)["text"]["en"], "CRC is CRC16/Modbus, high byte first: 1 of 1 frames");
  EXPECT_THAT((*crc)["text"]["zh"].get<std::string>(), HasSubstr("高字节在前"));
}

TEST_F(DevicesTest, ADeviceNobodyKnowsIsNotFoundOnAnyOfItsPaths) {
  for (const char* rest : {"", "/orders", "/parameters", "/parameters/history?parameter=x", "/completeness",
                           "/deviations", "/events"}) {
    expect_error(get(device_path("000000000000000000000000", rest)), 404, "there is no device");
  }
  for (const char* rest : {"/orders", "/orders/preview", "/profile", "/key"})
    expect_error(post(device_path("000000000000000000000000", rest), "{}"), 404, "there is no device");
}

TEST_F(DevicesTest, DeviationsNameTheFramesThatShowThem) {
  const Json deviations = get(device_path(kAirMn, "/deviations")).json();
  EXPECT_THAT(contract.faults_of_each(deviations, "DeviationCount"), IsEmpty());
  const auto crc = std::find_if(deviations.begin(), deviations.end(),
                                [](const Json& row) { return row["kind"]["code"] == "crc-modbus"; });
  ASSERT_NE(crc, deviations.end());
  EXPECT_EQ((*crc)["frames"], 1);
  EXPECT_EQ((*crc)["first_entry"], modbus);
  EXPECT_EQ((*crc)["last_at"], "2026-03-01T12:00:30+08:00");
  EXPECT_NE((*crc)["kind"]["name"]["zh"], "crc-modbus") << "the table names it";
}

TEST_F(DevicesTest, TheConformanceReportCountsByVendorAndDevice) {
  const Json report = get("/api/conformance").json();
  EXPECT_THAT(contract.faults(report, "Conformance"), IsEmpty());
  ASSERT_EQ(report["vendors"].size(), 3U);  // unknown, 乙厂, 甲厂: by the bytes of their names
  const auto vendor = std::find_if(report["vendors"].begin(), report["vendors"].end(),
                                   [](const Json& row) { return row["vendor"] == "乙厂"; });
  ASSERT_NE(vendor, report["vendors"].end());
  EXPECT_EQ((*vendor)["devices"], 1);
  EXPECT_EQ((*vendor)["conforming"], 0);
  EXPECT_EQ((*vendor)["deviating_frames"], 1);
  ASSERT_FALSE(report["devices"].empty());
  EXPECT_EQ(report["devices"][0]["mn"], kAirMn);
}

TEST_F(DevicesTest, TheConformanceReportIsAlsoATableForASpreadsheet) {
  const Reply reply = get("/api/conformance?format=csv");
  EXPECT_EQ(reply.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_THAT(reply.header("Content-Disposition"), HasSubstr("mingjian-conformance-20260301.csv"));
  EXPECT_TRUE(reply.body.starts_with("\xEF\xBB\xBF"));
  EXPECT_THAT(reply.body, HasSubstr(fmt::format("乙厂,{},air-1,1,crc-modbus,", kAirMn)));
  EXPECT_THAT(reply.body, HasSubstr(fmt::format(",1,1.000000,2026-03-01T12:00:30+08:00,{},", modbus)));
  expect_error(get("/api/conformance?format=xls"), 400, "format");
}

TEST_F(DevicesTest, AParameterIsListedWithItsNameAndTheFrameThatToldIt) {
  const std::uint64_t first = station.feed(kSourceMn, hj212::frame(segment(kSourceMn, "1061", "RtdInterval=30")));
  const std::uint64_t second = station.feed(kSourceMn, hj212::frame(segment(kSourceMn, "1061", "RtdInterval=60")));
  const Json parameters = get(device_path(kSourceMn, "/parameters")).json();
  EXPECT_THAT(contract.faults_of_each(parameters, "ParameterReading"), IsEmpty());
  ASSERT_EQ(parameters.size(), 1U);
  EXPECT_EQ(parameters[0]["name"], "RtdInterval");
  EXPECT_EQ(parameters[0]["value"], "60");
  EXPECT_EQ(parameters[0]["unit"], "s");  // HJ 212-2017 appendix C.5
  EXPECT_NE(parameters[0]["label"]["zh"], "RtdInterval");
  EXPECT_EQ(parameters[0]["instrument_name"], nullptr);
  EXPECT_EQ(parameters[0]["entry"], second);
  const Json history = get(device_path(kSourceMn, "/parameters/history?parameter=RtdInterval")).json();
  EXPECT_THAT(contract.faults_of_each(history, "ParameterReading"), IsEmpty());
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0]["entry"], second);
  EXPECT_EQ(history[1]["entry"], first);
  expect_error(get(device_path(kSourceMn, "/parameters/history")), 400, "parameter");
}

// 24 hourly means are due yesterday from the first one on: 22 of them, of which two came. The day of today counts its ended hours.
TEST_F(DevicesTest, CompletenessIsReceivedAgainstExpectedIntervalsByDay) {
  for (const char* hour : {"20260228020000", "20260228050000"})
    station.feed(kSourceMn, upload(kSourceMn, "32", "2061", hour, "w01018-Avg=12,w01018-Flag=N"));
  const Json year = get(device_path(kSourceMn, "/completeness?year=2026")).json();
  EXPECT_THAT(contract.faults(year, "Completeness"), IsEmpty());
  EXPECT_EQ(year["year"], 2026);
  ASSERT_EQ(year["days"].size(), 2U);
  EXPECT_EQ(year["days"][0]["day"], "2026-02-28");
  EXPECT_EQ(year["days"][0]["cn"], "2061");
  EXPECT_EQ(year["days"][0]["period"], "hour");
  EXPECT_EQ(year["days"][0]["share"]["expected"], 22);
  EXPECT_EQ(year["days"][0]["share"]["received"], 2);
  EXPECT_EQ(year["days"][1]["share"]["expected"], 12);
  EXPECT_EQ(get(device_path(kSourceMn, "/completeness")).json(), year) << "the present year";
  EXPECT_THAT(get(device_path(kSourceMn, "/completeness?year=2025")).json()["days"], IsEmpty());
  expect_error(get(device_path(kSourceMn, "/completeness?year=x")), 400, "year");
  EXPECT_EQ(get(device_path(kSourceMn)).json()["device"]["completeness"]["received"], 2) << "yesterday";
  EXPECT_EQ(get("/api/devices?q=outlet-1").json()["devices"][0]["completeness"]["expected"], 22);
}

TEST_F(DevicesTest, ARequestForTheTimeIsAnEventOfTheDevice) {
  EventStream stream(station.port());
  const std::uint64_t entry = station.feed(kSourceMn, hj212::frame(segment(kSourceMn, "1013", "PolId=w01018")));
  const Json events = get(device_path(kSourceMn, "/events")).json();
  EXPECT_THAT(contract.faults_of_each(events, "DeviceEvent"), IsEmpty());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["kind"], "time-requested");
  EXPECT_EQ(events[0]["entry"], entry);
  EXPECT_EQ(events[0]["point"]["id"], "outlet-1");
  const auto told = stream.next("device", 5000);
  ASSERT_TRUE(told);
  EXPECT_THAT(contract.faults(told->data, "DeviceEvent"), IsEmpty());
  EXPECT_EQ(told->data, events[0]);
}

TEST_F(DevicesTest, TheCommandTablesTellWhatAFormNeeds) {
  const Json commands = get("/api/commands?dialect=2017&sender=host").json();
  EXPECT_THAT(contract.faults_of_each(commands, "Command"), IsEmpty());
  const auto set_interval =
      std::find_if(commands.begin(), commands.end(), [](const Json& row) { return row["cn"] == "1062"; });
  ASSERT_NE(set_interval, commands.end());
  EXPECT_EQ((*set_interval)["course"], "execute");
  ASSERT_EQ((*set_interval)["fields"].size(), 1U);
  const Json& field = (*set_interval)["fields"][0];
  EXPECT_EQ(field["key"], "RtdInterval");
  EXPECT_EQ(field["required"], true);
  EXPECT_EQ(field["min"], 30);  // HJ 212-2017 table 5: 30 ≤ n ≤ 3600
  EXPECT_EQ(field["max"], 3600);
  const std::size_t all = get("/api/commands").json().size();
  std::size_t sum = 0;
  for (const char* dialect : {"2005", "2017", "2025"}) {
    const Json of_one = get(fmt::format("/api/commands?dialect={}", dialect)).json();
    EXPECT_THAT(contract.faults_of_each(of_one, "Command"), IsEmpty());
    for (const Json& command : of_one) EXPECT_EQ(command["dialect"], dialect);
    sum += of_one.size();
  }
  EXPECT_EQ(sum, all);
  expect_error(get("/api/commands?dialect=1999"), 400, "dialect");
  expect_error(get("/api/commands?sender=moon"), 400, "sender");
}

}  // namespace
}  // namespace mj::api::test
