#include "mj/api/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "routes.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using evidence_format::EntryType;
using testing::HasSubstr;
using testing::IsEmpty;

/// A server that has received one frame of each kind: beyond a limit, within it, repeated, unknown, no frame at all.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    exceeding = station.feed(kSourceMn, exceeding_bytes);
    duplicate = station.feed(kSourceMn, exceeding_bytes);
    hourly = station.feed(
        kAirMn, upload(kAirMn, "22", "2061", "20260301110000",
                       "a34004-Avg=35,a34004-Flag=N;a34002-Avg=60,a34002-Flag=N;a21026-Avg=8,a21026-Flag=N;"
                       "a21004-Avg=30,a21004-Flag=N;a05024-Avg=90,a05024-Flag=N;a21005-Avg=0.6,a21005-Flag=N"));
    stranger = station.feed(kStrangerMn,
                            upload(kStrangerMn, "32", "2011", "20260301120000", "w01018-Rtd=1,w01018-Flag=N"));
    junk = station.feed("", "GET / HTTP/1.0\r\n", EntryType::junk);
  }
  Reply get(std::string_view target, std::string_view headers = {}) {
    return test::get(station.port(), target, headers);
  }

  const std::string exceeding_bytes = upload(kSourceMn, "32", "2011", "20260301120000",
                                             "w01018-Rtd=62.50,w01018-Flag=N;w01001-Rtd=7.1,w01001-Flag=N");
  Contract contract;
  Station station;
  std::uint64_t exceeding = 0, duplicate = 0, hourly = 0, stranger = 0, junk = 0;
};

TEST_F(ServerTest, TheRoutesAreExactlyTheOperationsOfTheContract) {
  Context context(station.services(), {});
  std::set<Contract::Operation> served;
  for (const Route& route : routes(context)) {
    served.insert(
        {std::string(route.operation), route.method == Method::post ? "post" : "get", std::string(route.path)});
  }
  EXPECT_EQ(served, contract.operations());
}

TEST_F(ServerTest, TheOverviewHoldsLedgerPointsAlarmsAndFrames) {
  const Json overview = get("/api/overview").json();
  EXPECT_THAT(contract.faults(overview, "Overview"), IsEmpty());
  EXPECT_EQ(overview["now"], "2026-03-01T12:00:30+08:00");
  EXPECT_EQ(overview["points"].size(), 3U);
  EXPECT_EQ(overview["alarms"].size(), 1U);
  // Two stored frames, one duplicate, one junk, one from a device nobody registered; three values and six of air less one repeated.
  EXPECT_EQ(overview["ledger"]["received"], 5);
  EXPECT_EQ(overview["ledger"]["stored"], 2);
  EXPECT_EQ(overview["ledger"]["stored_values"], 8);
  EXPECT_EQ(overview["ledger"]["duplicate"], 1);
  EXPECT_EQ(overview["ledger"]["rejected"], 1);
  EXPECT_EQ(overview["ledger"]["quarantined"], 1);
  EXPECT_EQ(overview["ledger"]["balanced"], true);
  ASSERT_EQ(overview["frames"].size(), 5U);
  EXPECT_EQ(overview["frames"][0]["entry"], junk);
}

TEST_F(ServerTest, PointsAreOrderedByElementThenIdAndCarryTheirState) {
  const Reply reply = get("/api/points");
  EXPECT_EQ(reply.header("Cache-Control"), "no-store");
  EXPECT_EQ(reply.header("Content-Type"), "application/json");
  const Json points = reply.json();
  EXPECT_THAT(contract.faults_of_each(points, "PointSummary"), IsEmpty());
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0]["id"], "air-1");
  EXPECT_EQ(points[1]["id"], "water-1");
  EXPECT_EQ(points[2]["id"], "outlet-1");
  EXPECT_EQ(points[0]["last_at"], "2026-03-01T11:00:00+08:00");
  EXPECT_EQ(points[0]["state"]["scale"], "aqi");
  EXPECT_EQ(points[1]["state"]["grade"], "offline");
  EXPECT_EQ(points[1]["state"]["reason"], (Json{{"zh", "尚未收到数据"}, {"en", "no data received yet"}}));
  EXPECT_EQ(points[1]["last_at"], nullptr);
  EXPECT_EQ(points[2]["state"]["grade"], "exceeding");
  EXPECT_EQ(points[2]["state"]["primary"], Json::array({"w01018"}));
  EXPECT_EQ(points[2]["alarm"], true);
}

TEST_F(ServerTest, APointShowsEachSeriesWithDigitsUnitLimitAndEvidence) {
  const Json detail = get("/api/points/outlet-1").json();
  EXPECT_THAT(contract.faults(detail, "PointDetail"), IsEmpty());
  ASSERT_EQ(detail["latest"].size(), 2U);
  EXPECT_EQ(detail["latest"][0]["factor"], "w01001");
  const Json& cod = detail["latest"][1];
  EXPECT_EQ(cod["factor"], "w01018");
  EXPECT_EQ(cod["kind"], "Rtd");
  EXPECT_EQ(cod["period"], "instant");
  EXPECT_EQ(cod["value"], (Json{{"text", "62.50"}, {"number", 62.5}}));
  EXPECT_EQ(cod["unit"], "mg/L");
  EXPECT_EQ(cod["entry"], exceeding);
  EXPECT_EQ(cod["at"], "2026-03-01T12:00:00+08:00");
  EXPECT_EQ(cod["limit"]["upper"]["text"], "50");
  EXPECT_EQ(cod["limit"]["source"], (Json{{"zh", "测试限值 表1"}, {"en", "Limit of the tests, table 1"}}));
}

TEST_F(ServerTest, ASeriesIsAnsweredOneByOneWhileItFits) {
  const Json series =
      get("/api/points/outlet-1/series?factor=w01018&kind=Rtd&period=instant&from=2026-03-01&to=2026-03-02")
          .json();
  EXPECT_THAT(contract.faults(series, "Series"), IsEmpty());
  EXPECT_EQ(series["aggregated"], false);
  ASSERT_EQ(series["rows"].size(), 1U);
  EXPECT_EQ(series["rows"][0], Json::array({parse_iso("2026-03-01T12:00:00")->ms(), 62.5, "N"}));
  EXPECT_EQ(series["limit"]["upper"]["text"], "50");
}

TEST_F(ServerTest, ALongSeriesIsAnsweredInBuckets) {
  for (int minute = 1; minute <= 30; ++minute) {
    station.append(kSourceMn, upload(kSourceMn, "32", "2011", fmt::format("202603011{}{:02}00", 3, minute),
                                     fmt::format("w01018-Rtd={},w01018-Flag=N", minute)));
  }
  station.settle();
  const Json series = get("/api/points/outlet-1/series?factor=w01018&kind=Rtd&period=instant"
                          "&from=2026-03-01T13:00:00%2B08:00&to=2026-03-01T13:40:00+08:00&max_points=10")
                          .json();
  EXPECT_THAT(contract.faults(series, "Series"), IsEmpty());
  EXPECT_EQ(series["aggregated"], true);
  double sum = 0;
  std::int64_t count = 0;
  double greatest = 0;
  for (const Json& row : series["rows"]) {
    ASSERT_EQ(row.size(), 5U);
    count += row[4].get<std::int64_t>();
    sum += row[2].get<double>() * row[4].get<double>();
    greatest = std::max(greatest, row[3].get<double>());
  }
  EXPECT_EQ(count, 30);
  EXPECT_NEAR(sum, 465, 1e-6);  // 1 + … + 30
  EXPECT_EQ(greatest, 30);
  EXPECT_LE(series["rows"].size(), 10U);
}

TEST_F(ServerTest, ASeriesThatDoesNotExistHasNoRows) {
  const Json series =
      get("/api/points/outlet-1/series?factor=w99999&kind=Avg&period=hour&from=2026-03-01&to=2026-03-02").json();
  EXPECT_THAT(contract.faults(series, "Series"), IsEmpty());
  EXPECT_THAT(series["rows"], IsEmpty());
  EXPECT_EQ(series["name"]["zh"], "w99999");
}

TEST_F(ServerTest, FramesAreListedNewestFirstByDispositionAndPage) {
  const Json all = get("/api/frames").json();
  EXPECT_THAT(contract.faults_of_each(all, "FrameLine"), IsEmpty());
  EXPECT_EQ(all.size(), 5U);
  const Json rejected = get("/api/frames?disposition=rejected").json();
  ASSERT_EQ(rejected.size(), 1U);
  EXPECT_EQ(rejected[0]["entry"], junk);
  EXPECT_TRUE(rejected[0]["reason"].is_string());
  EXPECT_EQ(rejected[0]["point"], nullptr);
  EXPECT_EQ(get("/api/frames?disposition=quarantined").json()[0]["device"], kStrangerMn);
  const Json page = get(fmt::format("/api/frames?before={}&limit=2", hourly)).json();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0]["entry"], duplicate);
  EXPECT_EQ(page[0]["disposition"], "duplicate");
  EXPECT_EQ(page[1]["entry"], exceeding);
  const Json of_point = get("/api/points/air-1/frames").json();
  EXPECT_THAT(contract.faults_of_each(of_point, "FrameLine"), IsEmpty());
  ASSERT_EQ(of_point.size(), 1U);
  EXPECT_EQ(of_point[0]["observations"], 6);
}

TEST_F(ServerTest, AFrameNobodyHasReadYetIsPending) {
  station.rest();
  const std::uint64_t entry =
      station.append(kSourceMn, upload(kSourceMn, "32", "2011", "20260301120500", "w01018-Rtd=12,w01018-Flag=N"));
  const Json pending = get("/api/frames?disposition=pending").json();
  EXPECT_THAT(contract.faults_of_each(pending, "FrameLine"), IsEmpty());
  ASSERT_EQ(pending.size(), 1U);
  EXPECT_EQ(pending[0]["entry"], entry);
  EXPECT_EQ(pending[0]["cn"], "2011");
  EXPECT_EQ(pending[0]["data_time"], "2026-03-01T12:05:00+08:00");
  EXPECT_EQ(get("/api/frames?limit=2").json()[0]["disposition"], "pending");
  EXPECT_EQ(get(fmt::format("/api/frames/{}", entry)).json()["line"]["disposition"], "pending");
  EXPECT_EQ(get("/api/overview").json()["ledger"]["pending"], 1);
  station.now_ms += 5000;
  const Json followers = get("/api/system").json()["followers"];
  EXPECT_EQ(followers[0]["lag_entries"], 1);
  EXPECT_EQ(followers[0]["lag_ms"], 5000);
}

TEST_F(ServerTest, AFrameIsShownWithItsBytesItsReadingAndItsObservations) {
  const Json detail = get(fmt::format("/api/frames/{}", exceeding)).json();
  EXPECT_THAT(contract.faults(detail, "FrameDetail"), IsEmpty());
  EXPECT_EQ(detail["entry_type"], "frame");
  EXPECT_EQ(detail["connection"], 7);
  EXPECT_EQ(detail["peer"], "127.0.0.1:50000");
  EXPECT_EQ(as_text(*from_base64(detail["payload_base64"].get<std::string>())), exceeding_bytes);
  EXPECT_EQ(detail["decoded"]["ok"], true);
  EXPECT_EQ(detail["decoded"]["mn"], kSourceMn);
  ASSERT_EQ(detail["observations"].size(), 2U);
  EXPECT_EQ(detail["observations"][0]["current"], true);
  EXPECT_EQ(detail["line"]["observations"], 2);
}

TEST_F(ServerTest, BytesThatAreNoFrameAreShownToo) {
  const Json detail = get(fmt::format("/api/frames/{}", junk)).json();
  EXPECT_THAT(contract.faults(detail, "FrameDetail"), IsEmpty());
  EXPECT_EQ(detail["entry_type"], "junk");
  EXPECT_EQ(detail["decoded"]["ok"], false);
  EXPECT_THAT(detail["observations"], IsEmpty());
}

// The check a stranger makes, with RFC 6962 §2.1 alone: the entry's bytes lead to the signed root.
TEST_F(ServerTest, TheProofLeadsFromTheBytesShownToTheSignedRoot) {
  const Json detail = get(fmt::format("/api/frames/{}", hourly)).json();
  const Json proof = get(fmt::format("/api/frames/{}/proof", hourly)).json();
  EXPECT_THAT(contract.faults(proof, "Proof"), IsEmpty());
  const Digest leaf = evidence_format::leaf_hash(*from_base64(detail["entry_base64"].get<std::string>()));
  EXPECT_EQ(proof["leaf"], to_hex(leaf));
  std::vector<Digest> path;
  for (const Json& sibling : proof["path"]) {
    Digest digest{};
    const Bytes bytes = *from_hex(sibling.get<std::string>());
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    path.push_back(digest);
  }
  const auto root = evidence_format::root_from_inclusion(proof["index"], proof["size"], leaf, path);
  ASSERT_TRUE(root);
  EXPECT_EQ(proof["root"], to_hex(*root));
  std::vector<evidence_format::VerifierKey> keys;
  for (const Json& text : proof["keys"])
    keys.push_back(evidence_format::VerifierKey::parse(text.get<std::string>()).value());
  EXPECT_EQ(keys.size(), 2U) << "Ed25519 and SM2";
  const auto checkpoint = evidence_format::open_checkpoint(proof["checkpoint"].get<std::string>(), keys);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->root, *root);
}

TEST_F(ServerTest, AnAlarmIsListedAndCanBeAcknowledgedOnce) {
  const Json open = get("/api/alarms?state=open").json();
  EXPECT_THAT(contract.faults_of_each(open, "Alarm"), IsEmpty());
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0]["factor"]["code"], "w01018");
  EXPECT_EQ(open[0]["peak_value"]["text"], "62.50");
  EXPECT_EQ(open[0]["severity"], "serious");
  EXPECT_EQ(open[0]["rule"]["source"], (Json{{"zh", "测试限值 表1"}, {"en", "Limit of the tests, table 1"}}));
  EXPECT_EQ(open[0]["entry"], exceeding);
  EXPECT_EQ(open[0]["acknowledged"], nullptr);
  EXPECT_THAT(get("/api/alarms?state=cleared").json(), IsEmpty());

  const std::string address = fmt::format("/api/alarms/{}/acknowledge", open[0]["id"].get<std::int64_t>());
  const Reply done = post(station.port(), address, R"({"name":"值班员","reason":"已通知现场"})");
  ASSERT_EQ(done.status, 200) << done.body;
  const Json alarm = done.json();
  EXPECT_THAT(contract.faults(alarm, "Alarm"), IsEmpty());
  EXPECT_EQ(alarm["acknowledged"]["name"], "值班员");
  const auto entry = alarm["acknowledged"]["entry"].get<std::uint64_t>();
  EXPECT_EQ(get(fmt::format("/api/frames/{}", entry)).status, 404) << "a decision is no frame";
  EXPECT_EQ(get(fmt::format("/api/frames/{}/proof", entry)).status, 200) << "but it can be proven";

  const Reply again = post(station.port(), address, R"({"name":"值班员","reason":"again"})");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.json()["error"]["code"], "already_acknowledged");
}

TEST_F(ServerTest, AnAcknowledgementWithoutNameOrReasonIsRefused) {
  for (const char* body : {R"({"reason":"x"})", R"({"name":" ","reason":"x"})", R"({"name":"x"})",
                           R"({"name":1,"reason":"x"})", "[]", "no json", ""}) {
    const Reply reply = post(station.port(), "/api/alarms/1/acknowledge", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(contract.faults(reply.json(), "ErrorAnswer"), IsEmpty());
  }
  EXPECT_EQ(post(station.port(), "/api/alarms/999/acknowledge", R"({"name":"x","reason":"y"})").status, 404);
}

TEST_F(ServerTest, TheSystemTellsItsHealthAndVersions) {
  static_cast<void>(station.log->checkpoint());
  const Json system = get("/api/system").json();
  EXPECT_THAT(contract.faults(system, "System"), IsEmpty());
  EXPECT_EQ(system["binding"], fmt::format("127.0.0.1:{}", station.port()));
  EXPECT_EQ(system["login"], false);
  EXPECT_EQ(system["evidence"]["entries"], 5);
  EXPECT_EQ(system["evidence"]["failure"], nullptr);
  EXPECT_EQ(system["gateway"]["connections"], 3);
  EXPECT_EQ(system["telemetry"]["values"], 8);
  EXPECT_EQ(system["versions"]["mingjian"], "0.1.0-test");
  EXPECT_THAT(system["versions"]["openssl"].get<std::string>(), testing::StartsWith("3."));
  EXPECT_GT(system["memory_bytes"].get<std::uint64_t>(), 1U << 20);
  EXPECT_GT(system["disk"]["evidence_bytes"].get<std::uint64_t>(), 0U);
  EXPECT_GT(system["disk"]["free_bytes"].get<std::uint64_t>(), 0U);
  // The root shown is the one that a proof leads to.
  EXPECT_EQ(system["evidence"]["root"], get(fmt::format("/api/frames/{}/proof", junk)).json()["root"]);
}

TEST_F(ServerTest, TheFactorTableIsOrderedByCode) {
  const Json factors = get("/api/factors").json();
  EXPECT_THAT(contract.faults_of_each(factors, "Factor"), IsEmpty());
  EXPECT_GT(factors.size(), 100U);
  for (std::size_t i = 1; i < factors.size(); ++i) EXPECT_LT(factors[i - 1]["code"], factors[i]["code"]);
}

TEST_F(ServerTest, TheContractServedIsTheFileOfTheSource) {
  const Reply reply = get("/api/openapi.yaml");
  std::ifstream file(MJ_SOURCE_DIR "/api/openapi/mingjian.yaml", std::ios::binary);
  EXPECT_EQ(reply.header("Content-Type"), "application/yaml");
  EXPECT_TRUE(reply.body == std::string(std::istreambuf_iterator<char>(file), {})) << "they differ";
}

TEST_F(ServerTest, AWrongParameterIsNamedInTheAnswer) {
  const std::string series =
      "/api/points/outlet-1/series?factor=w01018&kind=Rtd&period=instant&from=2026-03-01&to=2026-03-02";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"/api/frames?limit=0", "limit"},
      {"/api/frames?limit=501", "limit"},
      {"/api/frames?limit=-1", "limit"},
      {"/api/frames?limit=", "limit"},
      {"/api/frames?before=x", "before"},
      {"/api/frames?disposition=lost", "disposition"},
      {"/api/frames?page=2", "page"},
      {"/api/frames?limit=1&limit=2", "limit"},
      {"/api/frames?before=99999999999999999999", "before"},
      {"/api/alarms?state=new", "state"},
      {"/api/overview?x=1", "x"},
      {"/api/points/outlet-1/series?kind=Rtd&period=instant&from=2026-03-01&to=2026-03-02", "factor"},
      {"/api/points/outlet-1/series?factor=a&kind=Rtd&period=week&from=2026-03-01&to=2026-03-02", "period"},
      {"/api/points/outlet-1/series?factor=a&kind=Rtd&period=hour&from=yesterday&to=2026-03-02", "from"},
      {"/api/points/outlet-1/series?factor=a&kind=Rtd&period=hour&from=2026-03-02&to=2026-03-02", "to"},
      {series + "&max_points=9", "max_points"},
      {series + "&max_points=20001", "max_points"},
  };
  for (const auto& [target, parameter] : wrong) {
    const Reply reply = get(target);
    EXPECT_EQ(reply.status, 400) << target;
    const Json body = reply.json();
    EXPECT_THAT(contract.faults(body, "ErrorAnswer"), IsEmpty());
    EXPECT_EQ(body["error"]["code"], "invalid_input");
    EXPECT_THAT(body["error"]["text"].get<std::string>(), HasSubstr("parameter " + parameter + ":"));
  }
}

TEST_F(ServerTest, WhatDoesNotExistIsNotFound) {
  for (const char* target :
       {"/api", "/api/nothing", "/api/points/none", "/api/points/none/series", "/api/frames/5", "/api/frames/-1",
        "/api/frames/x", "/api/frames/99999999999999999999", "/api/frames/5/proof", "/api/points/"}) {
    const Reply reply = get(target);
    EXPECT_EQ(reply.status, 404) << target;
    EXPECT_EQ(reply.json()["error"]["code"], "not_found") << target;
  }
}

TEST_F(ServerTest, AnotherMethodIsToldWhatIsAllowed) {
  const Reply reply = post(station.port(), "/api/points", "{}");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD");
  const Reply remove = converse(
      station.port(), "DELETE /api/alarms/1/acknowledge HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(remove.status, 405);
  EXPECT_EQ(remove.header("Allow"), "POST");
}

TEST_F(ServerTest, HeadAnswersTheHeadersOfGetWithoutTheBody) {
  const Reply full = get("/api/openapi.yaml");
  const Reply head =
      converse(station.port(), "HEAD /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(full.body.size()));
  EXPECT_TRUE(head.body.empty());
}

TEST_F(ServerTest, OneConnectionServesManyRequestsInOrder) {
  const std::string host = fmt::format(" HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", station.port());
  const Connection connection(station.port());
  connection.send("GET /api/frames/0" + host + "\r\nGET /api/frames/x" + host + "\r\nGET /api/frames/2" + host +
                  "Connection: close\r\n\r\n");
  const std::string all = connection.receive_all();
  const std::size_t first = all.find("HTTP/1.1 200");
  const std::size_t second = all.find("HTTP/1.1 404");
  const std::size_t third = all.find("HTTP/1.1 200", first + 1);
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
}

}  // namespace
}  // namespace mj::api::test
