#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/workbook/sheet.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A station whose air point has two whole days, and a server that evaluates.
class EvaluationTest : public testing::Test {
 protected:
  void SetUp() override {
    const Instant begin = parse_iso("2026-03-01").value();
    for (int hour = 0; hour < 48; ++hour) {
      station.append(kAirMn,
                     upload(kAirMn, "22", "2061", to_compact(begin.plus_ms(hour * 3'600'000LL)),
                            hour < 24 ? "a34004-Avg=75,a34004-Flag=N;a34002-Avg=80,a34002-Flag=N;a21026-Avg=8,"
                                        "a21026-Flag=N;a21004-Avg=20,a21004-Flag=N;a21005-Avg=0.5,a21005-Flag=N;"
                                        "a05024-Avg=90,a05024-Flag=N"
                                      : "a34004-Avg=30,a34004-Flag=N"));
    }
    station.settle();
    registry::PointView view;
    view.id = "air-1";
    view.name = {"测点air-1", "Point air-1"};
    view.element = "air";
    view.region = "500103";
    view.city = "500000";
    view.lon = 106.5;
    view.lat = 29.5;
    view.reporters = {kAirMn};
    view.attributes["units"] = "a34004=µg/m³,a34002=µg/m³,a21026=µg/m³,a21004=µg/m³,a05024=µg/m³";
    engine =
        evaluation::Engine::open(
            station.folder.path() / "evaluation",
            evaluation::Sources{*station.store, station.standards, [] { return std::uint64_t{1}; },
                                [view](std::string_view element) {
                                  return evaluation::Roster::from_points(
                                      element == "air" ? std::vector{view} : std::vector<registry::PointView>());
                                },
                                [this] { return Instant::from_ms(station.now_ms); }})
            .value();
    ASSERT_TRUE(engine->run(evaluation::RunRequest{"air", evaluation::RunKind::full, {}, {}}));
    Services services = station.services();
    services.evaluation = engine.get();
    server =
        Server::start(ServerOptions{"127.0.0.1", 0, station.folder.path() / "web"}, std::move(services)).value();
  }
  Reply get(std::string_view target) { return test::get(server->port(), target); }
  Reply post(std::string_view target, std::string_view body) { return test::post(server->port(), target, body); }
  /// The answer, which keeps the contract.
  Json kept(std::string_view target, const std::string& schema, bool list = false) {
    const Reply reply = get(target);
    EXPECT_EQ(reply.status, 200) << target << " " << reply.body;
    const Json json = reply.json();
    EXPECT_THAT(list ? contract.faults_of_each(json, schema) : contract.faults(json, schema), IsEmpty()) << target;
    return json;
  }

  Contract contract;
  Station station;
  std::unique_ptr<evaluation::Engine> engine;
  std::unique_ptr<Server> server;
};

TEST_F(EvaluationTest, ElementsSayWhatTheyAreEvaluatedBy) {
  const Json elements = kept("/api/evaluation/elements", "EvaluatedElement", true);
  EXPECT_EQ(elements[0]["element"], "air");
  EXPECT_EQ(elements[0]["newest"], "2026-03-02T00:00:00+08:00");
  EXPECT_EQ(elements[0]["periods"][0], "hour");
}

TEST_F(EvaluationTest, ADayIsRankedWithItsGradeAndWhatItWasMadeOf) {
  const Json day = kept("/api/evaluation/air/results?period=day&at=2026-03-01&level=point", "ResultTable");
  ASSERT_EQ(day["rows"].size(), 1U);
  const Json& row = day["rows"][0];
  EXPECT_EQ(row["value"]["text"], "114");  // HJ 633-2026 table 3: ⌈(75 − 60)/(115 − 60)·50 + 100⌉
  EXPECT_EQ(row["grade"]["name"]["zh"], "轻度污染");
  EXPECT_EQ(row["primary"], "PM2.5");
  EXPECT_EQ(row["rank"], 1);
  EXPECT_EQ(row["inputs"]["count"], 144);
  EXPECT_EQ(row["subject"]["region"], "500103");
  // A place is proved by the figure that is ranked.
  EXPECT_EQ(row["prove"], "result/air/point/air-1/aqi/20260301000000/20260302000000");
  const Json newest = kept("/api/evaluation/air/results?period=day&level=point", "ResultTable");
  EXPECT_EQ(newest["at"], "2026-03-02");
  EXPECT_EQ(newest["rows"][0]["value"], nullptr)
      << "with items missing an index up to 100 is not given (HJ 633-2026 §5.3)";
  EXPECT_EQ(newest["rows"][0]["complete"], false);
  EXPECT_EQ(newest["rows"][0]["prove"], nullptr);
  kept("/api/evaluation/air/results?period=hour&at=2026-03-01T14&level=point&indicator=pm25", "ResultTable");
  kept("/api/evaluation/air/results?period=month&at=2026-03&level=city&indicator=pm25", "ResultTable");
  kept("/api/evaluation/air/subjects/air-1?period=month&at=2026-03", "ResultRow", true);
  EXPECT_EQ(kept("/api/evaluation/air/calendar?subject=air-1&year=2026", "PeriodFigure", true).size(), 2U);
  const Json trend =
      kept("/api/evaluation/air/trend?subject=500000&indicator=pm25&period=day&from=2026-02-01&to=2026-04-01",
           "ResultTrend");
  EXPECT_EQ(trend["points"].size(), 2U);
  EXPECT_EQ(trend["standards"].size(), 1U);
  const Json compliance =
      kept("/api/evaluation/air/compliance?period=month&at=2026-03&level=point", "ComplianceTable");
  EXPECT_EQ(compliance["rows"][0]["days"], 2);
  EXPECT_EQ(compliance["rows"][0]["graded_days"], 1);
  EXPECT_EQ(compliance["rows"][0]["exceed"][0]["at"], "2026-03-01");
}

TEST_F(EvaluationTest, EverySheetEndsInTheFigureItExplains) {
  const auto sheet = [&](std::string_view subject, std::string_view indicator, std::string_view period,
                         std::string_view at) {
    return kept(fmt::format("/api/evaluation/air/sheet?subject={}&indicator={}&period={}&at={}", subject,
                            indicator, period, at),
                "CalculationSheet");
  };
  const Json mean = sheet("air-1", "pm25", "day", "2026-03-01");
  EXPECT_EQ(mean["inputs"].size(), 24U);
  EXPECT_EQ(mean["inputs"][0]["text"], "75");
  EXPECT_EQ(mean["inputs"][0]["entry"], 0);
  EXPECT_EQ(mean["prove"], "result/air/point/air-1/pm25/20260301000000/20260302000000");
  EXPECT_EQ(mean["unproved"], nullptr);
  EXPECT_EQ(mean["inputs"][0]["prove"], fmt::format("value/{}/22/2061/a34004/Avg/20260301000000", kAirMn));
  EXPECT_EQ(mean["steps"].back()["formula"], "⌈(75 − 60) / (115 − 60) × (150 − 100) + 100⌉");
  EXPECT_EQ(mean["steps"].back()["result"], "114");
  const Json index = sheet("air-1", "aqi", "day", "2026-03-01");
  EXPECT_EQ(index["inputs"].size(), 6U);
  EXPECT_EQ(index["inputs"][0]["indicator"], "pm25");
  EXPECT_EQ(index["figure"]["text"], "114");
  const Reply bundle = get("/api/evidence/bundle?figure=" + index["prove"].get<std::string>());
  ASSERT_EQ(bundle.status, 200) << bundle.body;
  const bundle::Verdict verdict = bundle::verify(bundle.body, bundle::Trust{});
  EXPECT_TRUE(verdict.ok);
  EXPECT_EQ(verdict.value, "114");
  const Json ozone = sheet("air-1", "o3", "day", "2026-03-01");
  EXPECT_EQ(ozone["figure"]["text"], "90");
  const Json hour = sheet("air-1", "aqi", "hour", "2026-03-01T14");
  EXPECT_EQ(hour["prove"], "result/air/point/air-1/aqi/20260301140000/20260301150000");
  const Reply of_hour = get("/api/evidence/bundle?figure=" + hour["prove"].get<std::string>());
  ASSERT_EQ(of_hour.status, 200) << of_hour.body;
  EXPECT_EQ(bundle::verify(of_hour.body, bundle::Trust{}).value, hour["figure"]["text"].get<std::string>());
  const Json city = sheet("500000", "pm25", "day", "2026-03-01");
  EXPECT_EQ(city["inputs"][0]["subject"], "air-1");
  const Json month = sheet("air-1", "pm25", "month", "2026-03");
  EXPECT_EQ(month["figure"]["text"], "52.5");  // (75 + 30)/2
  EXPECT_EQ(month["steps"].back()["result"], "52.5");
  const Json composite = sheet("air-1", "composite", "month", "2026-03");
  EXPECT_EQ(composite["steps"].back()["result"], composite["figure"]["text"]);
  const Json rate = sheet("air-1", "good_rate", "month", "2026-03");
  EXPECT_EQ(rate["steps"].back()["result"], rate["figure"]["text"]);
}

TEST_F(EvaluationTest, RunsAreOrderedWatchedAndCancelled) {
  EXPECT_EQ(kept("/api/evaluation/runs", "EvaluationRun", true)[0]["state"], "done");
  const Reply ordered = post("/api/evaluation/runs", R"({"element":"air","from":"2026-03-01","to":"2026-03-02"})");
  ASSERT_EQ(ordered.status, 200) << ordered.body;
  EXPECT_THAT(contract.faults(ordered.json(), "EvaluationRun"), IsEmpty());
  EXPECT_EQ(post("/api/evaluation/runs", R"({"element":"air","from":"2026-03-01","to":"2026-03-02"})").status,
            409);
  const std::string path = fmt::format("/api/evaluation/runs/{}", ordered.json()["id"].get<int>());
  EXPECT_EQ(kept(path, "EvaluationRun")["state"], "running");
  const Reply cancelled = post(path + "/cancel", "{}");
  EXPECT_EQ(cancelled.json()["state"], "cancelled") << cancelled.body;
  EXPECT_EQ(post(path + "/cancel", "{}").status, 409);
  EXPECT_EQ(get("/api/evaluation/runs/999").status, 404);
}

TEST_F(EvaluationTest, ResultsAndSheetsAreOfferedAsFiles) {
  const std::string results = "/api/evaluation/air/results?period=day&at=2026-03-01&level=point";
  const Reply csv = get(results + "&format=csv");
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_THAT(csv.header("Content-Disposition"), HasSubstr("mingjian-air-aqi-point-2026-03-01.csv"));
  const auto rows = workbook::read(csv.body);
  ASSERT_TRUE(rows) << rows.error().text();
  const auto xlsx = workbook::read(get(results + "&format=xlsx").body);
  ASSERT_TRUE(xlsx) << xlsx.error().text();
  EXPECT_EQ(xlsx->columns, rows->columns);
  ASSERT_EQ(rows->rows.size(), 1U);
  EXPECT_EQ(xlsx->rows[0].cells, rows->rows[0].cells);
  EXPECT_THAT(rows->rows[0].cells, testing::Contains("114"));
  EXPECT_THAT(rows->rows[0].cells, testing::Contains("HJ 633-2026"));
  const std::string sheet = "/api/evaluation/air/sheet?subject=air-1&indicator=pm25&period=day&at=2026-03-01";
  const auto steps = workbook::read(get(sheet + "&format=csv").body);
  ASSERT_TRUE(steps) << steps.error().text();
  EXPECT_GT(steps->rows.size(), 24U);
  EXPECT_TRUE(get(sheet + "&format=xlsx").body.starts_with("PK"));
  EXPECT_EQ(get(sheet + "&format=pdf").status, 400);
}

TEST_F(EvaluationTest, WrongQuestionsSayWhatToAskInstead) {
  EXPECT_EQ(get("/api/evaluation/fire/results?period=day&level=point").status, 404);
  EXPECT_EQ(get("/api/evaluation/air/results?period=week&level=point").status, 400);
  EXPECT_EQ(get("/api/evaluation/air/results?period=day&level=house").status, 400);
  EXPECT_EQ(get("/api/evaluation/air/results?period=day&level=point&at=2026-03").status, 400);
  EXPECT_THAT(get("/api/evaluation/air/results?period=day&level=point&indicator=x").body, HasSubstr("aqi"));
  EXPECT_EQ(get("/api/evaluation/air/calendar?subject=nowhere&year=2026").status, 404);
  EXPECT_EQ(post("/api/evaluation/runs", R"({"element":"air","from":"x","to":"2026-03-02"})").status, 400);
  Services without = station.services();
  const auto other = Server::start(ServerOptions{"127.0.0.1", 0, {}}, std::move(without)).value();
  EXPECT_EQ(test::get(other->port(), "/api/evaluation/elements").status, 503);
}

}  // namespace
}  // namespace mj::api::test
