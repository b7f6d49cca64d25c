#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/storage/file.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kWho = R"("name":"网络管理员","reason":"年度计划")";
/// Of a table, in the query.
constexpr const char* kApproved = "&document=%E6%B8%9D%E7%8E%AF1%E5%8F%B7&authority=%E5%B8%82%E5%B1%80";
constexpr const char* kApproval = R"("approval":{"document":"渝环1号","authority":"市局","date":"2026-02-20"})";

/// The register over HTTP.
class RegisterApi : public testing::Test {
 protected:
  Reply get(std::string_view target) { return test::get(station.port(), target); }
  Reply post(std::string_view target, std::string_view body) { return test::post(station.port(), target, body); }
  Reply upload(std::string_view target, std::string_view bytes) {
    return test::post(station.port(), target, bytes, "Content-Type: application/octet-stream\r\n");
  }
  void expect_error(const Reply& reply, int status, std::string_view text) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(contract.faults(reply.json(), "ErrorAnswer"), IsEmpty());
    EXPECT_THAT(reply.body, HasSubstr(std::string(text)));
  }
  Json good(const Reply& reply, const std::string& schema) {
    EXPECT_EQ(reply.status, 200) << reply.body;
    if (reply.status != 200) return {};
    Json json = reply.json();
    EXPECT_THAT(contract.faults(json, schema), IsEmpty());
    return json;
  }
  /// Two districts and a point in one of them.
  void fill() {
    good(upload(fmt::format("/api/register/region/import?dry_run=false&name=n&reason=r&effective=2000-01-01{}",
                            kApproved),
                storage::read_file(MJ_SOURCE_DIR "/geo/region.geojson").value()),
         "RegisterReport");
    good(post("/api/register/point/air-9",
              fmt::format(R"({{"effective":"2024-01-01","set":{{"name":"天生","element":"air","region":"500109",)"
                          R"("lon":"106.4216","lat":"29.8256"}},{},{}}})",
                          kApproval, kWho)),
         "RecordDetail");
  }

  Contract contract;
  Station station;
};

TEST_F(RegisterApi, ARecordIsAddedChangedMovedAndStoppedWithItsHistory) {
  fill();
  expect_error(
      post("/api/register/point/air-9", fmt::format(R"({{"action":"stop","effective":"2026-01-01",{}}})", kWho)),
      400, "needs an approval");
  const Json stopped =
      good(post("/api/register/point/air-9",
                fmt::format(R"({{"action":"stop","effective":"2026-01-01",{},{}}})", kApproval, kWho)),
           "RecordDetail");
  EXPECT_EQ(stopped["record"]["state"], "stopped");
  EXPECT_EQ(stopped["record"]["approval"]["document"], "渝环1号");
  EXPECT_EQ(stopped["history"][0]["action"], "stop");
  EXPECT_EQ(stopped["history"][1]["set"]["name"], "天生");
  EXPECT_EQ(stopped["history"][0]["name"], "网络管理员");
  const Json before = good(get("/api/register/point/air-9?as_of=2025-12-31"), "RecordDetail");
  EXPECT_EQ(before["record"]["state"], "active");
  EXPECT_EQ(before["record"]["valid_to"], "2026-01-01");
  const Json unborn = good(get("/api/register/point/air-9?as_of=1999-12-31"), "RecordDetail");
  EXPECT_EQ(unborn["record"], nullptr);
  const auto first = unborn["history"][1]["entry"].get<std::uint64_t>();
  const Json known = good(get(fmt::format("/api/register/point/air-9?known_at={}", first)), "RecordDetail");
  EXPECT_EQ(known["record"]["state"], "active");
  EXPECT_EQ(known["history"].size(), 1U);
}

TEST_F(RegisterApi, TheOverviewTellsKindsAttributesAndCounts) {
  fill();
  const Json overview = good(get("/api/register?as_of=2026-03-01"), "RegisterOverview");
  for (const Json& kind : overview["kinds"]) {
    if (kind["id"] == "region") EXPECT_EQ(kind["count"], 39);
    if (kind["id"] == "point") EXPECT_EQ(kind["count"], 1);
    if (kind["id"] == "river") EXPECT_EQ(kind["count"], 0);
  }
  expect_error(get("/api/register?as_of=yesterday"), 400, "as_of");
}

TEST_F(RegisterApi, RecordsAreListedByFilterAndPage) {
  fill();
  const Json districts = good(get("/api/register/region?region=500000&limit=2&offset=1"), "RecordList");
  EXPECT_EQ(districts["total"], 39);
  EXPECT_EQ(districts["rows"].size(), 2U);
  EXPECT_EQ(districts["rows"][0]["id"], "500101");
  EXPECT_FALSE(districts["rows"][0]["attributes"].contains("geometry"));
  EXPECT_EQ(
      good(get("/api/register/point?element=air&attribute=region:500109&state=active"), "RecordList")["total"], 1);
  EXPECT_EQ(good(get("/api/register/point?as_of=2023-01-01"), "RecordList")["total"], 0);
  expect_error(get("/api/register/ghost"), 404, "no kind");
  expect_error(get("/api/register/point/ghost"), 404, "no point");
  expect_error(get("/api/register/river?element=air"), 400, "has no element");
  expect_error(get("/api/register/point?state=gone"), 400, "state");
  expect_error(get("/api/register/point?attribute=colour:red"), 400, "attribute");
  expect_error(get("/api/register/point?wish=1"), 400, "wish");
}

TEST_F(RegisterApi, ATableIsTriedFirstAndThenTakenInOneBatch) {
  fill();
  const std::string table =
      "编号,名称,环境要素,行政区,经度,纬度\np-1,甲,air,500109,106.4217,29.8257\np-2,乙,air,500109,200,29.8\n";
  const std::uint64_t size = station.log->size();
  const Json tried =
      good(upload(fmt::format("/api/register/point/import?dry_run=true{}", kApproved), table), "RegisterReport");
  EXPECT_EQ(tried["dry_run"], true);
  EXPECT_EQ(tried["added"], 1);
  EXPECT_EQ(tried["faulty"], 1);
  EXPECT_EQ(tried["errors"][0]["row"], 2);
  EXPECT_EQ(tried["errors"][0]["line"], 3);
  EXPECT_EQ(tried["errors"][0]["column"], "lon");
  EXPECT_EQ(tried["hints"][0]["why"], "near");
  EXPECT_EQ(tried["hints"][0]["a_name"]["zh"], "天生");
  EXPECT_EQ(station.log->size(), size);
  const Json refused =
      good(upload(fmt::format("/api/register/point/import?dry_run=false&name=n&reason=r{}", kApproved), table),
           "RegisterReport");
  EXPECT_THAT(refused["entries"], IsEmpty());
  const Json taken = good(
      upload(fmt::format(
                 "/api/register/point/import?dry_run=false&skip_bad=true&name=n&reason=r&effective=2025-01-01{}",
                 kApproved),
             table),
      "RegisterReport");
  EXPECT_EQ(taken["entries"].size(), 1U);
  EXPECT_EQ(good(get("/api/register/point/p-1?as_of=2025-01-01"), "RecordDetail")["record"]["state"], "active");
  expect_error(upload("/api/register/point/import?dry_run=false", table), 400, "name");
  expect_error(upload("/api/register/point/import", "number,colour\n1,red\n"), 400, "column 1");
  expect_error(upload("/api/register/ghost/import", table), 404, "no kind");
  const Json hints = get("/api/register/duplicates?element=air").json();
  EXPECT_THAT(contract.faults_of_each(hints, "RegisterHint"), IsEmpty());
  EXPECT_EQ(hints.size(), 1U);
  EXPECT_EQ(get("/api/register/duplicates?element=air&distance_m=1").json().size(), 0U);
  expect_error(get("/api/register/duplicates?element=lava"), 400, "no rule");
}

TEST_F(RegisterApi, ARowWithoutAnApprovalIsToldInADryRunAndRefusedAfterwards) {
  fill();
  const std::string table =
      "id,name,element,approval,approval_authority\np-1,甲,air,,\np-2,乙,air,渝环2号,市局\nair-9,天生,air,,\n";
  const std::uint64_t size = station.log->size();
  for (const char* query : {"dry_run=true", "dry_run=false&name=n&reason=r"}) {
    const Json report = good(upload(fmt::format("/api/register/point/import?{}", query), table), "RegisterReport");
    EXPECT_EQ(report["faulty"], 1);
    EXPECT_EQ(report["added"], 1);
    EXPECT_EQ(report["unchanged"], 1);
    EXPECT_EQ(report["errors"][0]["line"], 2);
    EXPECT_EQ(report["errors"][0]["column"], "approval");
    EXPECT_THAT(report["errors"][0]["text"].get<std::string>(), HasSubstr("to add point p-1 needs an approval"));
    EXPECT_THAT(report["entries"], IsEmpty());
  }
  EXPECT_EQ(station.log->size(), size);
  const Json taken =
      good(upload(fmt::format("/api/register/point/import?dry_run=false&name=n&reason=r{}", kApproved), table),
           "RegisterReport");
  EXPECT_EQ(taken["entries"].size(), 2U);
  EXPECT_EQ(get("/api/register/point/p-1").json()["history"][0]["approval"]["document"], "渝环1号");
  EXPECT_EQ(get("/api/register/point/p-2").json()["history"][0]["approval"]["document"], "渝环2号");
  expect_error(upload("/api/register/point/import?document=x", table), 400, "authority of the approval");
  expect_error(post("/api/register/organisation/o-1",
                    fmt::format(R"({{"set":{{"name":"甲","sort":"station"}},{}}})", kWho)),
               400, "approval: to add organisation o-1 needs an approval");
}

TEST_F(RegisterApi, AnExportIsATableWithItsName) {
  fill();
  const Reply csv = get("/api/register/point/export?titles=zh&as_of=2026-03-01");
  EXPECT_EQ(csv.status, 200);
  EXPECT_THAT(csv.header("Content-Type"), HasSubstr("text/csv"));
  EXPECT_THAT(csv.header("Content-Disposition"), HasSubstr("mingjian-point-2026-03-01.csv"));
  EXPECT_THAT(csv.body, HasSubstr("编号,名称"));
  EXPECT_THAT(csv.body, HasSubstr("air-9,天生"));
  EXPECT_THAT(get("/api/register/region/export?format=xlsx").body, testing::StartsWith("PK"));
  expect_error(get("/api/register/point/export?format=pdf"), 400, "format");
}

TEST_F(RegisterApi, OutlinesComeAsGeoJson) {
  fill();
  const Reply reply = get("/api/register/geometry?kind=region&parent=500000");
  EXPECT_THAT(reply.header("Content-Type"), HasSubstr("application/geo+json"));
  const Json shapes = good(reply, "RegisterGeometry");
  ASSERT_EQ(shapes["features"].size(), 38U);
  EXPECT_EQ(shapes["features"][0]["properties"]["name"]["en"], "Wanzhou");
  EXPECT_EQ(shapes["features"][0]["properties"]["level"], "district");
  EXPECT_EQ(shapes["features"][0]["properties"]["parent"], "500000");
  const Reply small = get("/api/register/geometry?kind=region&parent=500000&across=200");
  EXPECT_EQ(good(small, "RegisterGeometry")["features"].size(), 38U);
  EXPECT_LT(small.body.size() * 2, reply.body.size());
  expect_error(get("/api/register/geometry?kind=region&across=0"), 400, "across");
  expect_error(get("/api/register/geometry?kind=organisation"), 400, "no geometry");
  expect_error(get("/api/register/geometry"), 400, "kind");
}

TEST_F(RegisterApi, AWrongMemberOfAChangeIsNamed) {
  for (const auto& [body, text] : std::vector<std::pair<std::string, std::string>>{
           {R"({"action":"demolish",)", "action"},
           {R"({"effective":"soon",)", "effective"},
           {R"({"set":["a"],)", "set"},
           {R"({"set":{"name":7},)", "set.name"},
           {R"({"clear":"name",)", "clear"},
           {R"({"approval":{"paper":"x"},)", "approval.paper"},
           {R"({"wish":1,)", "wish"},
           {fmt::format(R"({{"set":{{"name":"甲","element":"air","colour":"red"}},{},)", kApproval), "colour"}}) {
    expect_error(post("/api/register/point/new-1", body + kWho + "}"), 400, text);
  }
  expect_error(
      post("/api/register/point/a%20b", fmt::format(R"({{"set":{{"name":"甲","element":"air"}},{}}})", kWho)), 400,
      "is no id");
}

}  // namespace
}  // namespace mj::api::test
