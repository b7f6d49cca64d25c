#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/appraisal/scheme.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/evaluation/engine.hpp"
#include "mj/workbook/sheet.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Points for the mean of a day's air and water, of each point what it has.
constexpr std::string_view kPointScheme = R"toml(
id = "points"
title = { zh = "测试", en = "Test" }
kind = "score"
period = "month"
jurisdiction = "nation"
valid_from = "2020-01-01"
example = true
source = "test"
verification = "UNVERIFIED"
unit = "分"
decimals = 1
level = "point"
[[value]]
id = "dust"
title = { zh = "细颗粒物", en = "Dust" }
from = "statistics"
element = "air"
factor = "a34004"
[[value]]
id = "dust_points"
title = { zh = "得分", en = "Points" }
of = "dust"
bands = [ { to = "30", value = "50" }, { above = "30", below = "40", value = "40.5" } ]
[[value]]
id = "oxygen"
title = { zh = "指数", en = "Index" }
from = "statistics"
element = "surface_water"
factor = "w01019"
[[value]]
id = "oxygen_points"
title = { zh = "得分", en = "Points" }
formula = "if(oxygen > 30, 100 / oxygen, 50)"
[[indicator]]
id = "dust"
title = { zh = "细颗粒物", en = "Dust" }
figure = "dust"
points = "dust_points"
most = "50"
[[indicator]]
id = "oxygen"
title = { zh = "指数", en = "Index" }
figure = "oxygen"
points = "oxygen_points"
most = "50"
)toml";

/// A server with two hours of air and one of water at points of one district, the shipped schemes and no results of evaluation yet.
class AnalysisApiTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto add = [&](std::string kind, std::string id, registry::Attributes set) {
      registry::Change change;
      change.kind = std::move(kind);
      change.id = std::move(id);
      change.effective = *registry::parse_day("2020-01-01");
      change.set = std::move(set);
      changes.push_back(std::move(change));
    };
    add("region", "500103", {{"name", "渝中区"}, {"name_en", "Yuzhong"}, {"level", "district"}});
    add("point", "p1",
        {{"name", "一"},
         {"element", "air"},
         {"region", "500103"},
         {"reporters", kAirMn},
         {"units", "a34004=µg/m³"}});
    add("point", "p2",
        {{"name", "二"}, {"element", "surface_water"}, {"region", "500103"}, {"reporters", kWaterMn}});
    const auto applied =
        station.register_book->apply(*station.log, changes, registry::Approval{"文件", "机关", {}},
                                     {"某人", "测试"}, Instant::from_ms(station.now_ms));
    ASSERT_TRUE(applied) << applied.error().text();
    for (const auto& [hour, value] : {std::pair("00", "30"), {"01", "41"}, {"02", "35"}}) {
      station.feed(kAirMn, upload(kAirMn, "22", "2061", fmt::format("20260301{}0000", hour),
                                  fmt::format("a34004-Avg={},a34004-Flag=N", value)));
      station.feed(kWaterMn, upload(kWaterMn, "21", "2061", fmt::format("20260301{}0000", hour),
                                    fmt::format("w01019-Avg={}.1,w01019-Flag=N", value)));
    }
    engine = *evaluation::Engine::open(station.folder.path() / "evaluation",
                                       evaluation::Sources{*station.store, station.standards,
                                                           [this] { return station.register_book->revision(); },
                                                           [this](std::string_view element) {
                                                             return evaluation::Roster::from_book(
                                                                 *station.register_book, element);
                                                           },
                                                           [this] { return Instant::from_ms(station.now_ms); }});
    schemes = *appraisal::load_schemes(MJ_SOURCE_DIR "/rules/appraisal");
    schemes.push_back(*appraisal::parse_scheme(kPointScheme, "points.toml"));
    Services services = station.services();
    services.evaluation = engine.get();
    services.appraisal = &schemes;
    server = *Server::start(ServerOptions{"127.0.0.1", 0, station.folder.path() / "web"}, std::move(services));
  }
  Reply get(std::string_view target) { return test::get(server->port(), target); }
  Json checked(std::string_view target, const std::string& schema) {
    const Reply reply = get(target);
    Json json = reply.json();
    EXPECT_THAT(contract.faults(json, schema), IsEmpty()) << target << "\n" << json.dump(1).substr(0, 2000);
    return json;
  }

  std::vector<registry::Change> changes;
  Contract contract;
  Station station;
  std::unique_ptr<evaluation::Engine> engine;
  std::vector<appraisal::Scheme> schemes;
  std::unique_ptr<Server> server;
};

/// A name as it stands in a query.
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

constexpr std::string_view kRange = "&from=2026-03-01&to=2026-03-02";

TEST_F(AnalysisApiTest, StatisticsAreAnsweredByTheContract) {
  const Json table = checked(
      fmt::format(
          "/api/statistics?element=air&factor=a34004&statistic=mean,p95,valid_rate&bucket=day&group=district{}",
          kRange),
      "StatisticsTable");
  ASSERT_EQ(table["rows"].size(), 1U);
  EXPECT_EQ(table["rows"][0]["subject"]["id"], "500103");
  EXPECT_EQ(table["rows"][0]["cells"][0]["text"], "35.3");   // 106/3
  EXPECT_EQ(table["rows"][0]["cells"][1]["text"], "40.4");   // 35 + 0.9·6
  EXPECT_EQ(table["rows"][0]["cells"][2]["text"], "23.08");  // 3 of the 13 hours that have begun by 12:00:30
  EXPECT_EQ(table["rows"][0]["used"], 3);
  EXPECT_EQ(table["columns"][0]["unit"], "µg/m³");
}

TEST_F(AnalysisApiTest, EachFigureOfATableHasASheetAndABundle) {
  for (const auto& [statistic, figure] :
       {std::pair("mean", "35.3"), {"p95", "40.4"}, {"std", "5.5"}, {"max", "41"}}) {
    const Json sheet = checked(
        fmt::format("/api/statistics/sheet?element=air&factor=a34004&statistic={}&bucket=day&group=district{}"
                    "&subject=500103&at=2026-03-01",
                    statistic, kRange),
        "FigureSheet");
    EXPECT_EQ(sheet["figure"]["text"], figure);  // of 30, 41 and 35: 106/3, 35 + 0.9·6, √(182/3 / 2)
    EXPECT_EQ(sheet["input_count"], 3);
    EXPECT_TRUE(sheet["unproved"].is_null());
    const std::string name = sheet["prove"];
    EXPECT_EQ(name, fmt::format("statistic/air/district:500103/a34004/{}/hour;Avg;pool;1/20260301000000/"
                                "20260302000000",
                                statistic));
    const Reply bundle = get("/api/evidence/bundle?figure=" + escaped(name));
    ASSERT_EQ(bundle.status, 200) << bundle.body;
    const bundle::Verdict verdict = bundle::verify(bundle.body, bundle::Trust{});
    EXPECT_TRUE(verdict.ok);
    EXPECT_EQ(verdict.subject, name);
    EXPECT_EQ(verdict.value, fmt::format("{} µg/m³", figure));
  }
  EXPECT_EQ(get(fmt::format("/api/statistics/sheet?element=air&factor=a34004{}&subject=p9&at=2026-03-01", kRange))
                .status,
            404);
  EXPECT_EQ(
      get(fmt::format("/api/statistics/sheet?element=air&factor=a34004,a34002{}&subject=p1&at=2026-03-01", kRange))
          .status,
      400);
}

TEST_F(AnalysisApiTest, EachFigureOfAnAppraisalHasASheetAndABundle) {
  // Water: (30.1 + 41.1 + 35.1) / 3 = 35.43, 100 / 35.43 = 2.82; air 35.3 lies in the band of 40.5.
  const Json answer = checked("/api/appraisal/points?period=2026-03", "Appraisal");
  ASSERT_EQ(answer["rows"].size(), 2U) << answer.dump(1);
  EXPECT_EQ(answer["rows"][0]["items"][0]["steps"][0]["prove"],
            "statistic/air/point:p1/a34004/mean/hour;Avg;pool;1/20260301000000/20260401000000");
  for (const auto& [subject, indicator, figure] : {std::tuple("p1", "total", "40.5 分"),
                                                   {"p1", "rank", "1"},
                                                   {"p2", "rank", "2"},
                                                   {"p2", "total", "2.8 分"},
                                                   {"p2", "points.oxygen", "2.8 分"},
                                                   {"p1", "points.dust", "40.5 分"},
                                                   {"p2", "figure.oxygen", "35.43"}}) {
    const Json sheet = checked(
        fmt::format("/api/appraisal/points/sheet?period=2026-03&subject={}&indicator={}", subject, indicator),
        "FigureSheet");
    ASSERT_TRUE(sheet["prove"].is_string()) << subject << " " << indicator << sheet.dump(1);
    const std::string name = sheet["prove"];
    EXPECT_EQ(name, fmt::format("appraisal/points/{}/{}/20260301000000/20260401000000", subject, indicator));
    const Reply bundle = get("/api/evidence/bundle?figure=" + escaped(name));
    ASSERT_EQ(bundle.status, 200) << bundle.body;
    const bundle::Verdict verdict = bundle::verify(bundle.body, bundle::Trust{});
    EXPECT_TRUE(verdict.ok);
    EXPECT_EQ(verdict.value, figure);
  }
  EXPECT_EQ(get("/api/appraisal/points/sheet?period=2026-03&subject=p9&indicator=total").status, 404);
  EXPECT_EQ(get("/api/appraisal/points/sheet?period=2026&subject=p1&indicator=total").status, 400);
}

TEST_F(AnalysisApiTest, FilesAreOfferedAsDownloads) {
  const std::string question =
      fmt::format("/api/statistics?element=air&factor=a34004&bucket=day{}&format=", kRange);
  const Reply csv = get(question + "csv");
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_THAT(std::string(csv.header("Content-Disposition")), HasSubstr("mingjian-statistics-air-20260301.csv"));
  EXPECT_EQ(workbook::read(csv.body)->rows[0].cells[6], "35.3");
  EXPECT_EQ(workbook::read(get(question + "xlsx").body)->rows[0].cells[6], "35.3");
  EXPECT_EQ(get(question + "parquet").body.substr(0, 4), "PAR1");
  EXPECT_EQ(get(question + "pdf").status, 400);
}

TEST_F(AnalysisApiTest, TrendCatalogueAndCorrelationKeepTheContract) {
  const Json catalogue = checked("/api/statistics/catalogue", "StatisticsCatalogue");
  ASSERT_EQ(catalogue["elements"].size(), 2U);
  EXPECT_EQ(catalogue["elements"][0]["factors"][0]["code"], "a34004");
  const Json trend = checked(fmt::format("/api/statistics/trend?element=air&factor=a34004&bucket=hour{}", kRange),
                             "StatisticsTrends");
  EXPECT_EQ(trend["series"][0]["s"], 1);  // 30 < 41, 30 < 35, 41 > 35
  EXPECT_EQ(trend["series"][0]["trend"], "none");
  const Json pair = checked(fmt::format("/api/statistics/correlation?a=air:a34004:district/500103&b=surface_water:"
                                        "w01019:point/p2&bucket=hour{}",
                                        kRange),
                            "StatisticsCorrelation");
  EXPECT_EQ(pair["pairs"][0]["n"], 3);
  EXPECT_NEAR(pair["pairs"][0]["r"].get<double>(), 1, 1e-12);
  EXPECT_EQ(pair["scatter"].size(), 3U);
}

TEST_F(AnalysisApiTest, WrongQuestionsNameTheParameter) {
  const auto text = [&](std::string_view rest) {
    return get(fmt::format("/api/statistics?element=air&factor=a34004{}{}", kRange, rest)).body;
  };
  EXPECT_THAT(text("&statistic=average"), HasSubstr("statistic: there is no"));
  EXPECT_THAT(text("&bucket=week"), HasSubstr("bucket: there is no"));
  EXPECT_THAT(text("&group=street"), HasSubstr("group"));
  EXPECT_THAT(text("&threshold=x"), HasSubstr("threshold"));
  EXPECT_THAT(text("&wrong=1"), HasSubstr("wrong"));
  EXPECT_THAT(get("/api/statistics?element=air&factor=a34004&from=2026-03-01").body, HasSubstr("to"));
  EXPECT_THAT(get(fmt::format("/api/statistics/correlation?a=air{}", kRange)).body, HasSubstr("a: "));
}

TEST_F(AnalysisApiTest, SchemesAndSheetsKeepTheContract) {
  const Json listed = get("/api/appraisal/schemes").json();
  EXPECT_THAT(contract.faults_of_each(listed, "AppraisalScheme"), IsEmpty());
  ASSERT_EQ(listed.size(), schemes.size());
  const Json sheet = checked("/api/appraisal/example-district-score?period=2026-03", "Appraisal");
  ASSERT_EQ(sheet["rows"].size(), 1U);
  EXPECT_EQ(sheet["rows"][0]["subject"]["name"]["en"], "Yuzhong");
  EXPECT_EQ(sheet["rows"][0]["complete"], false);
  EXPECT_THAT(sheet["notes"][0]["text"]["en"].get<std::string>(), HasSubstr("operator's example"));
  const Json heze = checked("/api/appraisal/heze-water-2014?period=2026-Q1", "Appraisal");
  EXPECT_EQ(heze["payments"].size(), 0U) << "another jurisdiction";
  EXPECT_EQ(get("/api/appraisal/nothing?period=2026").status, 404);
  EXPECT_THAT(get("/api/appraisal/heze-water-2014?period=2026-03").body, HasSubstr("is no quarter"));
  EXPECT_THAT(workbook::read(get("/api/appraisal/example-district-score?period=2026-03&format=csv").body)
                  ->rows[0]
                  .cells[1],
              "渝中区");
}

TEST_F(AnalysisApiTest, StandardsCanBeBrowsedAndSearched) {
  const Json list = checked("/api/standards", "StandardList");
  EXPECT_EQ(list["digest"], station.standards.digest());
  EXPECT_EQ(list["editions"].size(), station.standards.editions().size());
  const Json at = checked("/api/standards?at=2026-02-01&kind=air_limits", "StandardList");
  ASSERT_EQ(at["editions"].size(), 1U);
  EXPECT_EQ(at["editions"][0]["id"], "GB 3095-2012");
  EXPECT_EQ(at["editions"][0]["superseded_by"], Json::array({"GB 3095-2026"}));
  EXPECT_EQ(at["editions"][0]["in_force"], false);
  const Json unverified = checked("/api/standards?verification=UNVERIFIED", "StandardList");
  for (const Json& edition : unverified["editions"])
    EXPECT_GT(edition["unverified"].get<int>(), 0) << edition["id"];
  const Json water = checked("/api/standards/GB%203838-2002?kind=water_limits", "StandardDetail");
  ASSERT_EQ(water["tables"].size(), 1U);
  EXPECT_THAT(water["tables"][0]["columns"], testing::Contains("III"));
  EXPECT_EQ(water["tables"][0]["rows"][0]["clause"], "GB 3838-2002 表1");
  EXPECT_EQ(get("/api/standards/GB%2FT%2014848-2017").status, 200) << "a slash in an id";
  EXPECT_EQ(get("/api/standards/GB%201").status, 404);
  const Json hits = checked("/api/standards/search?q=gb%203095%20pm2.5&at=2026-04-01", "StandardHits");
  ASSERT_GT(hits["total"].get<int>(), 0);
  EXPECT_EQ(hits["hits"][0]["edition"], "GB 3095-2026");
  EXPECT_EQ(hits["hits"][0]["row"]["verification"], "VERIFIED");
  EXPECT_EQ(checked("/api/standards/search?q=nothing-like-this", "StandardHits")["total"], 0);
  EXPECT_EQ(get("/api/standards/search").status, 400);
}

}  // namespace
}  // namespace mj::api::test
