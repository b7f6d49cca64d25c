#include "mj/statistics/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mj/duck/duck.hpp"
#include "mj/workbook/sheet.hpp"
#include "scene.hpp"

namespace mj::statistics::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kHourMs = 3'600'000;

/// Two stations of one district, one of another, for the last day of February and the first of March 2026.
void fill(Scene& scene) {
  scene.add_point("air-1", "air", "500103", Scene::kFirst);
  scene.add_point("air-2", "air", "500103", Scene::kSecond);
  scene.add_point("air-3", "air", "500105", Scene::kThird);
  const Instant begin = time_of("2026-02-28");
  for (int hour = 0; hour < 48; ++hour) {
    const Instant at = begin.plus_ms(hour * kHourMs);
    scene.hour(Scene::kFirst, at,
               fmt::format("a34004-Avg={},a34004-Flag=N;a21026-Avg={},a21026-Flag=N", 10 + hour, 3));
    // Every sixth hour is calibrated: no measurement.
    scene.hour(Scene::kSecond, at,
               fmt::format("a34004-Avg={},a34004-Flag={}", 20 + hour, hour % 6 == 5 ? "C" : "N"));
  }
  scene.hour(Scene::kThird, begin, "a34004-Avg=7.5,a34004-Flag=N;a21026-Avg=499,a21026-Flag=N");
  scene.hour(Scene::kThird, begin.plus_ms(kHourMs), "a34004-Avg=8.5,a34004-Flag=N;a21026-Avg=501,a21026-Flag=N");
  scene.settle();
}

class TableQuestion : public testing::Test {
 protected:
  explicit TableQuestion(Scene& given) : scene(given) {
    query.selection.element = "air";
    query.selection.factors = {"a34004"};
    query.selection.from = time_of("2026-02-28");
    query.selection.to = query.selection.from.plus_ms(48 * kHourMs);
    query.now = time_of("2026-03-05");
    query.statistics = {{Statistic::Kind::mean, {}}};
  }
  Table ask() {
    auto answer = table(scene.sources(), query);
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? *std::move(answer) : Table{};
  }
  /// "subject bucket cell cell …" of each row.
  static std::vector<std::string> lines(const Table& answer) {
    std::vector<std::string> result;
    for (const TableRow& row : answer.rows) {
      std::string line = answer.subjects[row.subject].id + " " + label(answer, row);
      for (const auto& cell : row.cells) line += " " + shown(cell);
      result.push_back(line);
    }
    return result;
  }
  static std::uint64_t noted(const Table& answer, std::string_view text) {
    for (const Note& note : answer.notes) {
      if (note.text.en.find(text) != std::string::npos) return note.count.value_or(0);
    }
    return 0;
  }
  std::string refused() {
    const auto answer = table(scene.sources(), query);
    return answer ? "answered" : answer.error().text();
  }

  Scene& scene;
  TableQuery query;
};

/// Questions that change nothing share one scene.
class TableTest : public TableQuestion {
 protected:
  TableTest() : TableQuestion(*shared_) {}
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Scene>();
    fill(*shared_);
  }
  static void TearDownTestSuite() { shared_.reset(); }

 private:
  static std::unique_ptr<Scene> shared_;
};
std::unique_ptr<Scene> TableTest::shared_;

/// Questions about a scene that the test changes first.
struct OwnScene {
  Scene own;
};
class ChangedTableTest : private OwnScene, public TableQuestion {
 protected:
  ChangedTableTest() : TableQuestion(own) { fill(own); }
};

TEST_F(TableTest, MeansOfPointsByMonthHaveOneDigitMoreThanTheData) {
  // Sums by hand: 10…33 → 21.5, 34…57 → 45.5; 20…43 without 25, 31, 37, 43: (24·31.5 − 136)/20 = 31; 44…67 likewise 55.
  const Table answer = ask();
  EXPECT_THAT(lines(answer), ElementsAre("air-1 2026-02 21.5", "air-1 2026-03 45.5", "air-2 2026-02 31.0",
                                         "air-2 2026-03 55.0", "air-3 2026-02 8.00"));
  EXPECT_EQ(noted(answer, "valid values used"), 48U + 40U + 2U);
  EXPECT_EQ(noted(answer, "by their flag"), 8U);
  EXPECT_EQ(answer.position, scene.log->size());
  EXPECT_EQ(answer.columns[0].unit, "µg/m³");
}

TEST_F(TableTest, DigitsThatARulePrescribesAreReachedInOneRounding) {
  query.selection.points = {"air-1"};
  query.selection.to = time_of("2026-02-28T03:00:00+08:00");
  query.selection.from = time_of("2026-02-28");
  query.statistics = {{Statistic::Kind::percentile, Decimal{73, 0}}};
  // P73 of 10, 11, 12: place 1 + 2·0.73 → 11.46; by way of 11.5 it would become 12.
  EXPECT_THAT(lines(ask()), ElementsAre("air-1 2026-02 11.5"));
  query.decimals = 0;
  EXPECT_THAT(lines(ask()), ElementsAre("air-1 2026-02 11"));
}

// 环办监测函〔2020〕82号 七: half of the detection limit; (0.002 + 0.010) / 2.
TEST(StatisticsOfNonDetects, HalfOfTheDetectionLimitCountsAndIsNoted) {
  Scene scene;
  scene.add_point("w-1", "surface_water", "500103", Scene::kFirst);
  scene.hour(Scene::kFirst, time_of("2026-02-28"), "w21016-Avg=0.004L,w21016-Flag=N");
  scene.hour(Scene::kFirst, time_of("2026-02-28 01:00"), "w21016-Avg=0.010,w21016-Flag=N");
  scene.settle();
  TableQuery query;
  query.selection.element = "surface_water";
  query.selection.factors = {"w21016"};
  query.selection.from = time_of("2026-02-28");
  query.selection.to = time_of("2026-03-01");
  query.now = time_of("2026-03-05");
  query.statistics = {{Statistic::Kind::mean, {}}};
  const auto answer = table(scene.sources(), query);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->rows.size(), 1U);
  ASSERT_TRUE(answer->rows[0].cells[0]);
  EXPECT_EQ(compare(*answer->rows[0].cells[0], Decimal{6, 3}), 0) << to_text(*answer->rows[0].cells[0]);
  const auto noted = std::find_if(answer->notes.begin(), answer->notes.end(), [](const Note& note) {
    return note.text.zh.find("环办监测函〔2020〕82号 七: 0.5") != std::string::npos;
  });
  ASSERT_NE(noted, answer->notes.end());
  EXPECT_EQ(noted->count, 1U);
}

TEST_F(TableTest, ManyStatisticsOfManyFactorsStandSideBySide) {
  query.selection.factors = {"a34004", "a21026"};
  query.selection.bucket = Bucket::all;
  query.statistics = {{Statistic::Kind::min, {}},
                      {Statistic::Kind::max, {}},
                      {Statistic::Kind::count, {}},
                      {Statistic::Kind::percentile, Decimal{95, 0}}};
  query.selection.points = {"air-1", "air-3"};
  // P95 of 10…57: place 1 + 47·0.95 = 45.65 → 54.65 → 54.6 (half to even is not needed: exact .65 → one digit: 54.6).
  EXPECT_THAT(lines(ask()),
              ElementsAre("air-1 all 10 57 48 54.6 3 3 48 3.0", "air-3 all 7.5 8.5 2 8.45 499 501 2 500.9"));
}

TEST_F(TableTest, ADistrictPoolsItsPointsOrTakesTheirMeanAtEachTime) {
  query.selection.group = Group::district;
  query.selection.region = "500103";
  query.selection.bucket = Bucket::day;
  // Pool: (24·21.5 + 20·31)/44 = 25.8181… Mean first: at hours with both (10+h + 20+h)/2 = 15 + h, at calibrated ones 10 + h:
  // the mean over 24 hours is 26.5 − 4·5/24 = 25.666….
  EXPECT_THAT(lines(ask()), ElementsAre("500103 2026-02-28 25.8", "500103 2026-03-01 49.8"));
  query.selection.combine = Combine::mean;
  EXPECT_THAT(lines(ask()), ElementsAre("500103 2026-02-28 25.7", "500103 2026-03-01 49.7"));
  query.statistics = {{Statistic::Kind::max, {}}, {Statistic::Kind::count, {}}};
  EXPECT_THAT(lines(ask()), ElementsAre("500103 2026-02-28 37.0 24", "500103 2026-03-01 61.0 24"));
}

TEST_F(TableTest, GroupsAreThoseOfTheRegister) {
  query.selection.bucket = Bucket::all;
  query.statistics = {{Statistic::Kind::count, {}}};
  query.selection.group = Group::province;
  EXPECT_THAT(lines(ask()), ElementsAre("500000 all 90"));
  query.selection.group = Group::all;
  EXPECT_THAT(lines(ask()), ElementsAre(" all 90"));
  query.selection.group = Group::river;
  const Table answer = ask();
  EXPECT_THAT(lines(answer), ElementsAre(" all 90"));
  EXPECT_EQ(answer.subjects[0].name.zh, "未归属");
  query.selection.group = Group::district;
  EXPECT_EQ(ask().subjects[0].name.en, "Yuzhong");
}

TEST_F(TableTest, ARegionHoldsWhatLiesBelowIt) {
  query.selection.bucket = Bucket::all;
  query.selection.region = "500000";
  EXPECT_EQ(ask().rows.size(), 3U);
  query.selection.region = "500105";
  EXPECT_EQ(ask().rows.size(), 1U);
  query.selection.region = "510000";
  EXPECT_THAT(refused(), HasSubstr("region: the register has no \"510000\""));
}

TEST_F(TableTest, ValuesAboveAThresholdExceed) {
  query.selection.bucket = Bucket::day;
  query.selection.points = {"air-1"};
  query.statistics = {{Statistic::Kind::exceed_count, {}}, {Statistic::Kind::exceed_rate, {}}};
  query.threshold.upper = Decimal{33, 0};
  EXPECT_THAT(lines(ask()), ElementsAre("air-1 2026-02-28 0 0.00", "air-1 2026-03-01 24 100.00"));
  query.threshold.upper = Decimal{322, 1};
  EXPECT_THAT(lines(ask()), ElementsAre("air-1 2026-02-28 1 4.17", "air-1 2026-03-01 24 100.00"));
}

TEST_F(TableTest, TheLimitInForceAtTheTimeOfTheValueJudgesIt) {
  // SO2 1 h grade 2: 500 µg/m³ in GB 3095-2012 and -2026; PM2.5 has no hourly limit in either.
  query.selection.factors = {"a21026", "a34004"};
  query.selection.bucket = Bucket::all;
  query.selection.points = {"air-1", "air-3"};
  query.statistics = {{Statistic::Kind::exceed_rate, {}}};
  query.threshold.standard = true;
  const Table answer = ask();
  EXPECT_THAT(lines(answer), ElementsAre("air-1 all 0.00 none", "air-3 all 50.00 none"));
  EXPECT_EQ(noted(answer, "judged by GB 3095-2012 表1 (UNVERIFIED)"), 26U);
  EXPECT_EQ(noted(answer, "judged by GB 3095-2026 表1 (VERIFIED)"), 24U);
  EXPECT_EQ(noted(answer, "without a limit"), 50U);
  query.threshold.grade = 1;  // 150
  EXPECT_THAT(lines(ask()), ElementsAre("air-1 all 0.00 none", "air-3 all 100.00 none"));
}

TEST_F(TableTest, TheRateOfValidValuesCountsWhatShouldHaveCome) {
  query.selection.bucket = Bucket::day;
  query.statistics = {{Statistic::Kind::expected, {}}, {Statistic::Kind::valid_rate, {}}};
  EXPECT_THAT(lines(ask()),
              ElementsAre("air-1 2026-02-28 24 100.00", "air-1 2026-03-01 24 100.00", "air-2 2026-02-28 24 83.33",
                          "air-2 2026-03-01 24 83.33", "air-3 2026-02-28 24 8.33", "air-3 2026-03-01 24 0.00"));
  query.now = time_of("2026-03-01T06:00:00+08:00");
  query.selection.points = {"air-1"};
  EXPECT_THAT(lines(ask()), ElementsAre("air-1 2026-02-28 24 100.00", "air-1 2026-03-01 6 400.00"))
      << "values ahead of the clock are not hidden";
}

TEST_F(ChangedTableTest, AnIntervalOfFourHoursIsNotTakenForMissingHours) {
  scene.add_point("water-1", "surface_water", "500103", Scene::kFourth);
  for (int hour = 0; hour < 48; hour += 4)
    scene.hour(Scene::kFourth, time_of("2026-02-28").plus_ms(hour * kHourMs), "w01019-Avg=2.1,w01019-Flag=N",
               "21");
  scene.settle();
  query.selection.element = "surface_water";
  query.selection.factors = {"w01019"};
  query.selection.bucket = Bucket::all;
  query.statistics = {{Statistic::Kind::expected, {}}, {Statistic::Kind::valid_rate, {}}};
  EXPECT_THAT(lines(ask()), ElementsAre("water-1 all 12 100.00"));
  query.statistics = {{Statistic::Kind::exceed_rate, {}}};
  query.threshold.standard = true;
  query.threshold.grade = 1;  // permanganate index of class I: 2 mg/L
  EXPECT_THAT(lines(ask()), ElementsAre("water-1 all 100.00"));
}

TEST_F(ChangedTableTest, AUnitOfTheDeviceIsConverted) {
  scene.add_point("air-4", "air", "500105", Scene::kFourth, "a34004=mg/m3");
  scene.hour(Scene::kFourth, time_of("2026-02-28"), "a34004-Avg=0.035,a34004-Flag=N");
  scene.settle();
  query.selection.points = {"air-4"};
  const Table answer = ask();
  EXPECT_THAT(lines(answer), ElementsAre("air-4 2026-02 35.0"));
  EXPECT_EQ(noted(answer, "converted from the unit"), 1U);
}

TEST_F(ChangedTableTest, WhereTwoReportersHaveTheSameTimeTheFirstCounts) {
  scene.add("point", "air-5",
            {{"name", "双源"},
             {"element", "air"},
             {"region", "500105"},
             {"reporters", std::string(Scene::kFifth) + "," + Scene::kFourth}});
  scene.hour(Scene::kFourth, time_of("2026-02-28"), "a34002-Avg=41,a34002-Flag=N");
  scene.hour(Scene::kFifth, time_of("2026-02-28"), "a34002-Avg=40,a34002-Flag=N");
  scene.settle();
  query.selection.factors = {"a34002"};
  query.selection.points = {"air-5"};
  const Table answer = ask();
  EXPECT_THAT(lines(answer), ElementsAre("air-5 2026-02 40.0"));
  EXPECT_EQ(noted(answer, "another reporter"), 1U);
}

TEST_F(ChangedTableTest, APointThatWasStoppedKeepsItsPast) {
  registry::Change stop;
  stop.kind = "point";
  stop.id = "air-3";
  stop.action = registry::Action::stop;
  stop.effective = *registry::parse_day("2026-03-01");
  scene.apply(stop, registry::Approval{"渝环〔2026〕1号", "市生态环境局", registry::parse_day("2026-02-20")});
  query.selection.points = {"air-3"};
  EXPECT_THAT(lines(ask()), ElementsAre("air-3 2026-02 8.00"));
}

TEST_F(TableTest, AQuestionThatCannotBeAnsweredSaysWhatToChange) {
  query.selection.factors = {"x99999"};
  EXPECT_THAT(refused(), HasSubstr("factor: no table of factors has \"x99999\""));
  query.selection.factors = {"a34004"};
  query.selection.element = "weather";
  EXPECT_THAT(refused(), HasSubstr("element: there is no \"weather\""));
  query.selection.element = "air";
  query.selection.points = {"air-9"};
  EXPECT_THAT(refused(), HasSubstr("points: the register has no point \"air-9\""));
  query.selection.points.clear();
  query.statistics = {{Statistic::Kind::exceed_rate, {}}};
  EXPECT_THAT(refused(), HasSubstr("threshold"));
  query.threshold.upper = Decimal{1, 0};
  query.threshold.standard = true;
  EXPECT_THAT(refused(), HasSubstr("either"));
  query.threshold.upper.reset();
  query.threshold.grade = 3;
  EXPECT_THAT(refused(), HasSubstr("grade: of air must be 1 … 2"));
  query.threshold = {};
  query.statistics = {{Statistic::Kind::mean, {}}};
  query.selection.to = query.selection.from;
  EXPECT_THAT(refused(), HasSubstr("to: must be later"));
}

TEST_F(TableTest, TooManyRowsOrValuesAreRefusedBeforeTheyFillTheMemory) {
  query.selection.bucket = Bucket::hour;
  Patience patience;
  patience.most_rows = 100;
  EXPECT_THAT(table(scene.sources(), query, patience).error().text(), HasSubstr("choose a larger bucket"));
  patience.most_rows = 1000;
  patience.most_kept_values = 50;
  query.statistics = {{Statistic::Kind::percentile, Decimal{50, 0}}};
  EXPECT_THAT(table(scene.sources(), query, patience).error().text(), HasSubstr("more than 50 values"));
}

TEST_F(TableTest, AQuestionEndsAtItsDeadlineAndWhenItIsStopped) {
  Patience patience;
  patience.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(table(scene.sources(), query, patience).error().code(), ErrorCode::unavailable);
  std::stop_source stop;
  stop.request_stop();
  patience.deadline.reset();
  patience.stop = stop.get_token();
  EXPECT_THAT(table(scene.sources(), query, patience).error().text(), HasSubstr("cancelled"));
}

TEST_F(TableTest, TheCatalogueNamesWhatThereIs) {
  const auto elements = catalogue(scene.sources(), query.now);
  ASSERT_EQ(elements.size(), 1U);
  EXPECT_EQ(elements[0].element, "air");
  ASSERT_EQ(elements[0].factors.size(), 2U);
  EXPECT_EQ(elements[0].factors[0].code, "a21026");
  EXPECT_EQ(elements[0].factors[1].points, 3U);
  EXPECT_THAT(elements[0].factors[1].periods, ElementsAre(telemetry::Period::hour));
  EXPECT_EQ(elements[0].factors[1].newest, time_of("2026-03-01T23:00:00+08:00"));
}

TEST_F(TableTest, ExportsHoldTheSameFigures) {
  query.statistics = {{Statistic::Kind::mean, {}}, {Statistic::Kind::valid_rate, {}}};
  const Table answer = ask();
  const auto csv = workbook::read(to_csv(answer));
  ASSERT_TRUE(csv) << csv.error().text();
  EXPECT_THAT(csv->columns[6], testing::AllOf(HasSubstr("a34004"), HasSubstr("mean (µg/m³)")));
  ASSERT_EQ(csv->rows.size(), answer.rows.size());
  EXPECT_THAT(csv->rows[0].cells, ElementsAre("point", "air-1", "点位air-1", "2026-02",
                                              "2026-02-01T00:00:00+08:00", "24", "21.5", "100.00"));
  const auto xlsx = to_xlsx(answer);
  ASSERT_TRUE(xlsx) << xlsx.error().text();
  const auto read = workbook::read(*xlsx);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->rows[0].cells[6], "21.5");
}

TEST_F(TableTest, ParquetKeepsDecimalsAndTimes) {
  const auto parquet = to_parquet(ask());
  ASSERT_TRUE(parquet) << parquet.error().text();
  const auto file = scene.folder.path() / "answer.parquet";
  std::ofstream(file, std::ios::binary) << *parquet;
  const auto database = *duck::Database::open(":memory:", 64U << 20, 1);
  const auto connection = *duck::Connection::open(database);
  auto rows =
      connection->query(fmt::format("SELECT typeof(a34004_mean), CAST(a34004_mean AS VARCHAR), "
                                    "epoch_ms(\"from\"), \"values\" FROM '{}' WHERE id = 'air-3'",
                                    file.string()));
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->text(0), "DECIMAL(38,2)");
  EXPECT_EQ(rows->text(1), "8.00");
  EXPECT_EQ(rows->get<std::int64_t>(2), time_of("2026-02-01").ms());
  EXPECT_EQ(rows->get<std::int64_t>(3), 2);
}

}  // namespace
}  // namespace mj::statistics::test
