#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/coverage/assessment.hpp"
#include "mj/workbook/sheet.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kOutline =
    R"({"type":"Polygon","coordinates":[[[106,29],[107,29],[107,30],[106,30],[106,29]]]})";

/// A server that plans over a register of one district, three air points and a river.
class CoverageTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto day = [](std::string_view text) { return registry::parse_day(text).value(); };
    const auto add = [&](std::string kind, std::string id, registry::Attributes set) {
      registry::Change change;
      change.kind = std::move(kind);
      change.id = std::move(id);
      change.effective = day("2026-01-01");
      change.set = std::move(set);
      changes.push_back(std::move(change));
    };
    add("region", "500000", {{"name", "重庆市"}, {"level", "province"}});
    add("region", "500103",
        {{"name", "渝中区"},
         {"name_en", "Yuzhong"},
         {"level", "district"},
         {"parent", "500000"},
         {"population", "600000"},
         {"geometry", kOutline}});
    add("river", "r1", {{"name", "长江"}, {"basin_area_km2", "1000000"}});
    add("point", "p1",
        {{"name", "一"},
         {"element", "air"},
         {"region", "500103"},
         {"lon", "106.5"},
         {"lat", "29.5"},
         {"reporters", kAirMn},
         {"factors", "a34004"}});
    add("point", "p2",
        {{"name", "二"},
         {"element", "air"},
         {"region", "500103"},
         {"lon", "106.6"},
         {"lat", "29.5"},
         {"reporters", kSourceMn},
         {"built", "planned"}});
    const auto applied =
        register_book->apply(*station.log, changes, registry::Approval{"文件", "机关", day("2025-12-01")},
                             {"某人", "测试"}, Instant::from_ms(station.now_ms));
    ASSERT_TRUE(applied) << applied.error().text();
    planning.emplace(*register_book, coverage::RuleSet::load(MJ_SOURCE_DIR "/rules/coverage", schema).value());
    Services services = station.services();
    services.coverage = &*planning;
    server =
        Server::start(ServerOptions{"127.0.0.1", 0, station.folder.path() / "web"}, std::move(services)).value();
  }
  Reply get(std::string_view target) { return test::get(server->port(), target); }
  Reply site(std::string_view body) { return test::post(server->port(), "/api/coverage/siting", body); }
  void expect_error(const Reply& reply, int status, std::string_view text) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(contract.faults(reply.json(), "ErrorAnswer"), IsEmpty());
    EXPECT_THAT(reply.body, HasSubstr(std::string(text)));
  }

  Contract contract;
  Station station;
  std::vector<registry::Change> changes;
  registry::RegisterSchema schema = registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  std::unique_ptr<registry::Book> register_book =
      registry::Book::open(station.folder.path() / "register", schema).value();
  std::optional<coverage::Planning> planning;
  std::unique_ptr<Server> server;
};

TEST_F(CoverageTest, TheGapTableKeepsTheContractAndCountsBuiltAndPlannedApart) {
  const Json answer = get("/api/coverage").json();
  EXPECT_THAT(contract.faults(answer, "Coverage"), IsEmpty());
  EXPECT_EQ(answer["as_of"], "2026-03-01");
  const Json one = get("/api/coverage?rule=cq16-air-district").json();
  ASSERT_EQ(one["rules"].size(), 1U);
  ASSERT_EQ(one["rows"].size(), 1U);
  const Json& row = one["rows"][0];
  EXPECT_EQ(row["subject"]["name"]["en"], "Yuzhong");
  EXPECT_EQ(row["required"], 2);
  EXPECT_EQ(row["built"], 1);
  EXPECT_EQ(row["planned"], 1);
  EXPECT_EQ(row["gap"], 1);
  EXPECT_EQ(row["open"], 0);
  EXPECT_EQ(row["points"], (Json::array({"p1", "p2"})));
  EXPECT_EQ(one["summary"]["by_region"][0]["name"]["zh"], "渝中区");
  // Six main stems, of which the register holds one, and that has no section.
  const Json rivers = get("/api/coverage?rule=cq16-water-main-rivers").json();
  EXPECT_EQ(rivers["rules"][0]["records_expected"], 6);
  EXPECT_EQ(rivers["rules"][0]["records_known"], 1);
  EXPECT_EQ(rivers["summary"]["gap"], 6);
}

TEST_F(CoverageTest, ItAnswersForAnyDayAndAsATable) {
  EXPECT_TRUE(get("/api/coverage?rule=cq16-air-district&as_of=2025-12-31").json()["rows"].empty());
  const Reply csv = get("/api/coverage?format=csv&element=air");
  EXPECT_THAT(csv.header("Content-Disposition"), HasSubstr("mingjian-coverage-2026-03-01.csv"));
  const auto sheet = workbook::read(csv.body);
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_GT(sheet->rows.size(), 3U);
  const auto xlsx = workbook::read(get("/api/coverage?format=xlsx&element=air").body);
  ASSERT_TRUE(xlsx) << xlsx.error().text();
  EXPECT_EQ(xlsx->columns, sheet->columns);
  ASSERT_EQ(xlsx->rows.size(), sheet->rows.size());
  for (std::size_t i = 0; i < xlsx->rows.size(); ++i) EXPECT_EQ(xlsx->rows[i].cells, sheet->rows[i].cells);
}

TEST_F(CoverageTest, SitesArePlannedWithTheirAssumptions) {
  const Json answer =
      site(R"({"element":"air","k":2,"radius_km":15,"region":"500103","weight":"population","factor":"a34004"})")
          .json();
  EXPECT_THAT(contract.faults(answer, "Siting"), IsEmpty());
  EXPECT_EQ(answer["total"], 600000);
  EXPECT_EQ(answer["steps"].size(), 2U);
  EXPECT_GT(answer["after"]["share"], answer["before"]["share"]);
  EXPECT_EQ(answer["existing"].size(), 1U) << "p2 does not measure the factor";
  EXPECT_EQ(answer["steps"][0]["region"], "500103");
  const Json named =
      site(
          R"({"element":"air","k":1,"radius_km":15,"candidates":[{"id":"here","lon":106.5,"lat":29.5},{"id":"there","lon":106.2,"lat":29.2}]})")
          .json();
  EXPECT_EQ(named["steps"][0]["candidate"], "there");
  EXPECT_EQ(named["method"], "exact");
}

TEST_F(CoverageTest, NeighboursThatSayTheSameAreFound) {
  for (int hour = 0; hour < 12; ++hour) {
    const auto frame = [&](std::string_view mn, std::string_view st, int value) {
      station.feed(mn, upload(mn, st, "2061", fmt::format("20260301{:02}0000", hour),
                              fmt::format("a34004-Avg={},a34004-Flag=N", value)));
    };
    frame(kAirMn, "22", 10 + hour % 5);
    frame(kSourceMn, "31", 20 + 2 * (hour % 5));
  }
  const Json answer =
      get("/api/coverage/redundancy?element=air&factor=a34004&from=2026-03-01&to=2026-03-02&bucket=hour").json();
  EXPECT_THAT(contract.faults(answer, "Redundancy"), IsEmpty());
  ASSERT_EQ(answer["pairs"].size(), 1U);
  const Json& pair = answer["pairs"][0];
  EXPECT_EQ(pair["n"], 12);
  EXPECT_NEAR(pair["r"].get<double>(), 1, 1e-9);
  EXPECT_EQ(pair["redundant"], false) << "twelve hours are too few";
}

TEST_F(CoverageTest, WhatCannotBeAnsweredIsRefused) {
  expect_error(get("/api/coverage?rule=nothing"), 404, "no planning rule nothing");
  expect_error(get("/api/coverage?region=999"), 404, "no region 999");
  expect_error(get("/api/coverage?as_of=yesterday"), 400, "as_of");
  expect_error(get("/api/coverage?only=some"), 400, "only: must be one of all, gap");
  expect_error(get("/api/coverage/redundancy?element=air&factor=a34004&from=2026-03-02&to=2026-03-01"), 400,
               "later than from");
  expect_error(get("/api/coverage/redundancy?element=air&factor=a34004&from=2026-03-01&to=2026-03-02&threshold=2"),
               400, "from -1 to 1");
  expect_error(site(R"({"element":"air","radius_km":15})"), 400, "k: must be given");
  expect_error(site(R"({"element":"air","k":1,"radius_km":15,"place":1})"), 400, "place: unknown");
  expect_error(site(R"({"element":"air","k":1,"radius_km":1000})"), 400, "radius_km must be");
  expect_error(site(R"({"element":"air","k":1,"radius_km":10,"region":"999"})"), 404, "no region 999");
  expect_error(site(R"({"element":"air","k":1,"radius_km":10,"candidates":[{"id":"a","lon":106}]})"), 400,
               "candidates[0]");
  expect_error(test::get(station.port(), "/api/coverage"), 503, "no planning rules");
}

}  // namespace
}  // namespace mj::api::test
