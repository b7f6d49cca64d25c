#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/registry/book.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kOctets = "Content-Type: application/octet-stream\r\n";
constexpr const char* kWeather =
    "time,station_id,temperature,pressure,humidity,wind_direction,wind_speed\n"
    "2026-02-28 04:00:00,g1,15.0,1003.8,31,253,5.9\n"
    "2026-02-28 05:00:00,g1,oops,1003.9,26,231,7.4\n";

/// A server that takes files in.
class IntakeTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto find = [this](const std::string& sha256) -> Result<std::vector<intake::Known>> {
      telemetry::ImportQuery query;
      query.sha256 = sha256;
      std::vector<intake::Known> known;
      MJ_TRY(const auto files, station.store->imports(query));
      for (const auto& file : files)
        known.push_back(
            {file.entry, file.layout_sha256, file.bytes, file.durable, file.next_part, file.next_line});
      return known;
    };
    importer.emplace(layouts, *station.log, *book, find, [this] { return Instant::from_ms(station.now_ms); });
    Services services = station.services();
    services.importer = &*importer;
    server =
        Server::start(ServerOptions{"127.0.0.1", 0, station.folder.path() / "web"}, std::move(services)).value();
  }
  Reply get(std::string_view target) { return test::get(server->port(), target); }
  Reply send(std::string_view query, std::string_view body) {
    return test::post(server->port(), fmt::format("/api/intake/files?{}", query), body, kOctets);
  }

  Contract contract;
  Station station;
  dataset::Catalogue layouts = dataset::Catalogue::load(MJ_SOURCE_DIR "/datasets").value();
  registry::RegisterSchema schema = registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  std::unique_ptr<registry::Book> book = registry::Book::open(station.folder.path() / "register", schema).value();
  std::optional<intake::Importer> importer;
  std::unique_ptr<Server> server;
};

TEST_F(IntakeTest, LayoutsAndRecognitionKeepTheContract) {
  EXPECT_THAT(contract.faults_of_each(get("/api/intake/layouts").json(), "ImportLayout"), IsEmpty());
  const auto recognise = [this](std::string_view body) {
    return test::post(server->port(), "/api/intake/recognise?file=a.csv", body, kOctets).json();
  };
  const Json known = recognise(kWeather);
  EXPECT_THAT(contract.faults(known, "Recognition"), IsEmpty());
  EXPECT_EQ(known["layout"], "beijing-grid-weather-2018");
  const Json asked = recognise("monitorTime,monitorAvgValue\n");
  EXPECT_EQ(asked["missing"], (Json::array({"factor", "unit", "station"})));
  const Json strange = recognise("a,b\n");
  EXPECT_THAT(contract.faults(strange, "Recognition"), IsEmpty());
  EXPECT_EQ(strange["kind"], "none");
}

TEST_F(IntakeTest, AFileBecomesEntriesAndValuesAndItsReceiptSaysWhatCouldNotBeRead) {
  const Json dry = send("file=w.csv&dry_run=true", kWeather).json();
  EXPECT_THAT(contract.faults(dry, "ImportReceipt"), IsEmpty());
  EXPECT_EQ(dry["entry"], nullptr);
  EXPECT_EQ(dry["values"], 9);
  const Json receipt = send("file=w.csv&name=a&reason=b", kWeather).json();
  EXPECT_THAT(contract.faults(receipt, "ImportReceipt"), IsEmpty());
  EXPECT_EQ(receipt["state"], "deriving");
  station.settle();
  const auto entry = receipt["entry"].get<std::uint64_t>();
  const Json done = get(fmt::format("/api/intake/files/{}", entry)).json();
  EXPECT_THAT(contract.faults(done, "ImportReceipt"), IsEmpty());
  EXPECT_EQ(done["state"], "done");
  EXPECT_EQ(done["stored_values"], 9);
  ASSERT_EQ(done["faults"].size(), 1U);
  EXPECT_EQ(done["faults"][0]["line"], 3);
  EXPECT_EQ(done["faults"][0]["column"], "temperature");
  const Json list = get("/api/intake/files").json();
  EXPECT_THAT(contract.faults_of_each(list, "ImportReceipt"), IsEmpty());
  ASSERT_EQ(list.size(), 1U);
  const auto latest = station.store->latest("bjgrid/g1");
  ASSERT_FALSE(latest.empty());
  EXPECT_EQ(get(fmt::format("/api/frames/{}", entry + 1)).status, 404) << "an import is no frame";
  EXPECT_EQ(get(fmt::format("/api/frames/{}/proof", entry + 1)).status, 200) << "but it can be proved";
  EXPECT_TRUE(get("/api/system").json()["ledger"]["balanced"].get<bool>());
  ASSERT_EQ(done["figures"].size(), 3U) << done;
  for (const Json& figure : done["figures"]) {
    const auto name = figure.get<std::string>();
    EXPECT_THAT(name, HasSubstr("value/bjgrid%2Fg1/"));
    std::string escaped = name;  // in a query the % of a name is written %25
    for (std::size_t at = 0; (at = escaped.find('%', at)) != std::string::npos; at += 3)
      escaped.insert(at + 1, "25");
    const Reply bundle = get(fmt::format("/api/evidence/bundle?figure={}", escaped));
    ASSERT_EQ(bundle.status, 200) << bundle.body;
    const bundle::Verdict verdict = bundle::verify(bundle.body, bundle::Trust{});
    EXPECT_TRUE(verdict.ok);
    EXPECT_EQ(verdict.subject, name);
  }
  EXPECT_EQ(send("file=again.csv&name=a&reason=b", kWeather).json()["already"], true);
}

TEST_F(IntakeTest, WhatIsWrongIsRefusedWithTheReason) {
  EXPECT_EQ(send("file=w.csv&name=a", kWeather).status, 400) << "no reason";
  EXPECT_EQ(send("name=a&reason=b", kWeather).status, 400) << "no file name";
  EXPECT_EQ(send("file=w.csv&nmae=a", kWeather).status, 400);
  const Json refused = send("file=w.csv&name=a&reason=b", "x,y\n1,2\n").json();
  EXPECT_THAT(contract.faults(refused, "ImportReceipt"), IsEmpty());
  EXPECT_EQ(refused["state"], "refused");
  EXPECT_THAT(refused["reason"].get<std::string>(), HasSubstr("no layout"));
  EXPECT_EQ(get("/api/intake/files/0").status, 404);
  EXPECT_EQ(get("/api/intake/files/99999").status, 404);
  EXPECT_EQ(
      test::post(server->port(), "/api/intake/files?file=w.csv", kWeather, "Content-Type: text/plain\r\n").status,
      415)
      << "a form of another site could send this";
}

TEST_F(IntakeTest, ADirectoryTellsWhatTheRegisterGot) {
  const Json receipt = send("file=stations.csv&name=a&reason=b",
                            "code,lon,lat,area,name,n_hours\n1416A,106.4213,29.8253,重庆市,天生,1\n")
                           .json();
  EXPECT_THAT(contract.faults(receipt, "ImportReceipt"), IsEmpty());
  EXPECT_EQ(receipt["records"]["added"], 1);
  EXPECT_EQ(receipt["state"], "done");
}

TEST_F(IntakeTest, AServerWithoutIntakeSaysSo) {
  EXPECT_EQ(test::get(station.port(), "/api/intake/layouts").status, 503);
}

}  // namespace
}  // namespace mj::api::test
