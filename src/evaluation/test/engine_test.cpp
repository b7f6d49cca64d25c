#include "mj/evaluation/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

constexpr std::int64_t kEngineHour = 3'600'000;

std::string engine_fields(int seed) {
  return fmt::format(
      "a34004-Avg={},a34004-Flag=N;a34002-Avg={},a34002-Flag=N;a21026-Avg=8,a21026-Flag=N;"
      "a21004-Avg={},a21004-Flag=N;a21005-Avg=0.{},a21005-Flag=N;a05024-Avg={},a05024-Flag=N",
      20 + seed % 70, 40 + seed % 90, 10 + seed % 50, 1 + seed % 9, 60 + seed % 150);
}

void fill(Scene& scene, std::string_view point, std::string_view from, int hours, int seed) {
  for (int hour = 0; hour < hours; ++hour)
    scene.upload(fmt::format("MN-{}", point), "22", "2061", time(from).plus_ms(hour * kEngineHour),
                 engine_fields(seed + hour * 7));
}

std::vector<registry::PointView> two_points() { return {point_view("a", "air"), point_view("b", "air")}; }

TEST(Engine, ResultsThatWereDeletedComeBackTheSame) {
  Scene scene(two_points());
  fill(scene, "a", "2026-02-20", 24 * 20, 3);
  fill(scene, "b", "2026-02-25", 24 * 12, 11);
  ASSERT_EQ(scene.evaluate().size(), 1U);
  const std::string digest = scene.engine().results().digest().value();
  const std::uint64_t count = scene.engine().results().count().value();
  EXPECT_GT(count, 300U);
  scene.forget();
  EXPECT_EQ(scene.engine().results().count().value(), 0U);
  scene.evaluate();
  EXPECT_EQ(scene.engine().results().digest().value(), digest);
  scene.open();  // read again from the file
  EXPECT_EQ(scene.engine().results().digest().value(), digest);
  EXPECT_TRUE(scene.evaluate().empty()) << "nothing changed";
}

RC_GTEST_PROP(EngineProperty, EvaluatingPieceByPieceGivesTheSameAsEvaluatingOnce, ()) {
  Scene scene(two_points());
  const auto pieces = *rc::gen::resize(3, rc::gen::nonEmpty<std::vector<std::uint16_t>>());
  for (const std::uint16_t piece : pieces) {
    // Days of February and March of two years, in any order, also again with other values.
    const std::string_view point = piece % 2 == 0 ? "a" : "b";
    const std::string from =
        fmt::format("{}-{:02}-{:02}", piece % 3 == 0 ? 2025 : 2026, 2 + piece % 2, 1 + piece % 27);
    fill(scene, point, from, 15 + piece % 40, piece);
    scene.evaluate();
  }
  const std::string digest = scene.engine().results().digest().value();
  scene.forget();
  const auto runs = scene.evaluate();
  RC_ASSERT(runs.size() == 1U);
  RC_ASSERT(runs[0].kind == RunKind::full);
  RC_ASSERT(scene.engine().results().digest().value() == digest);
  scene.evaluate(RunKind::full);
  RC_ASSERT(scene.engine().results().digest().value() == digest);
}

/// Points of air, water and noise in two cities, two rivers.
std::vector<registry::PointView> many_points() {
  std::vector<registry::PointView> points;
  for (const char* id : {"a", "b", "c", "d", "e"})
    points.push_back(point_view(id, "air", *id < 'c' ? "500000" : "510100", *id < 'd' ? "500109" : "510104"));
  for (const char* id : {"w1", "w2", "w3", "w4", "w5"}) {
    points.push_back(point_view(id, "surface_water", id[1] < '3' ? "500000" : "510100", "500109"));
    points.back().river = id[1] < '4' ? "r-1" : "r-2";
    points.back().attributes["method"] = "manual";
    points.back().target_class = "III";
  }
  return points;
}

void sample_water(Scene& scene, std::string_view point, std::string_view day, int seed) {
  scene.upload(fmt::format("MN-{}", point), "21", "2011", time(day),
               fmt::format("w01001-Rtd=7.{0},w01001-Flag=N;w01019-Rtd={1}.{0},w01019-Flag=N;w21003-Rtd=0.{0}{1},"
                           "w21003-Flag=N;w21011-Rtd=0.0{0}{2},w21011-Flag=N",
                           seed % 10, 1 + seed % 9, seed % 4 == 0 ? "L" : ""));
}

// What the register says changes between runs: attributes, districts, cities, rivers, stopped and resumed points, reporters that
// move; together with values in any order. What is evaluated piece by piece must be what is evaluated at once.
RC_GTEST_PROP(EngineProperty, ARegisterThatChangesTouchesEverythingItMust, ()) {
  Scene scene(many_points());
  const auto pieces = *rc::gen::resize(4, rc::gen::nonEmpty<std::vector<std::uint16_t>>());
  for (const auto& [point, seed] : {std::pair("a", 3), std::pair("b", 5), std::pair("d", 8)})
    fill(scene, point, "2026-02-27", 80, seed);
  for (int i = 1; i <= 5; ++i) {
    sample_water(scene, fmt::format("w{}", i), "2025-03-04", i);
    sample_water(scene, fmt::format("w{}", i), "2026-03-04", i + 3);
  }
  for (const char* element : {"air", "surface_water"}) scene.evaluate(RunKind::new_values, element);
  for (const std::uint16_t piece : pieces) {
    registry::PointView& view = scene.views()[piece % 10];
    const std::string id = view.id;
    std::vector<Roster::Step>& later = scene.later(id);
    const bool air = view.element == "air";
    switch (piece / 10 % 8) {
      case 0: view.region = view.region == "500109" ? "510104" : "500109"; break;
      case 1: view.city = view.city == "500000" ? "510100" : "500000"; break;
      case 2: view.river = view.river == "r-1" ? "r-2" : "r-1"; break;
      case 3: view.attributes["note"] = std::to_string(piece); break;
      case 4: view.sort = view.sort.empty() ? "background" : ""; break;
      case 5:  // stopped for two weeks, then in another city
        later = {{time("2026-03-01"), std::nullopt}, {time("2026-03-15"), view}};
        later.back().view->city = "510100";
        break;
      case 6: later.clear(); break;
      default:
        if (air) {
          fill(scene, id, fmt::format("2026-03-{:02}", 1 + piece % 20), 30, piece);
        } else {
          sample_water(scene, id, fmt::format("{}-03-{:02}", piece % 3 == 0 ? 2025 : 2026, 5 + piece % 20), piece);
        }
        break;
    }
    scene.register_changed();
    const auto runs = scene.evaluate(RunKind::new_values, air ? "air" : "surface_water");
    for (const evaluation::Run& run : runs) RC_ASSERT(run.kind == RunKind::new_values);
  }
  const std::string digest = scene.engine().results().digest().value();
  scene.forget();
  for (const char* element : {"air", "surface_water"}) scene.evaluate(RunKind::new_values, element);
  RC_ASSERT(scene.engine().results().digest().value() == digest);
}

TEST(Engine, APointThatMovesTouchesItsOldAndItsNewGroupsOnly) {
  Scene scene(many_points());
  for (const char* id : {"a", "b", "c", "d", "e"}) fill(scene, id, "2026-03-01", 24, *id);
  scene.evaluate();
  const auto run_of = [&](std::string_view subject) {
    return scene.figure(subject, "aqi", PeriodKind::day, "2026-03-01").value().run;
  };
  const std::uint32_t first = run_of("a");
  scene.views()[4].city = "500000";  // e: from 510100 to 500000, its district stays
  scene.register_changed();
  const auto runs = scene.evaluate();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].kind, RunKind::new_values);
  EXPECT_EQ(runs[0].done, 24U * 6U) << "only the values of the point that moved are read";
  for (const char* touched : {"e", "500000", "510100", "510104"}) EXPECT_GT(run_of(touched), first) << touched;
  for (const char* left : {"a", "b", "c", "d", "500109"}) EXPECT_EQ(run_of(left), first) << left;
  // One that is taken away takes its results along.
  scene.views().erase(scene.views().begin() + 4);
  scene.register_changed();
  ASSERT_EQ(scene.evaluate().size(), 1U);
  EXPECT_EQ(scene.text("e", "aqi", PeriodKind::day, "2026-03-01"), "(none)");
  EXPECT_GT(run_of("500000"), runs[0].id);
  EXPECT_EQ(run_of("510100"), runs[0].id);
}

TEST(Engine, DataOfTheBasePeriodThatComeLaterChangeTheChange) {
  Scene scene(many_points());
  for (int i = 1; i <= 5; ++i) sample_water(scene, fmt::format("w{}", i), "2026-03-04", 2 * i + 1);
  fill(scene, "a", "2026-03-01", 24, 50);
  scene.evaluate(RunKind::new_values, "surface_water");
  scene.evaluate();
  EXPECT_EQ(scene.text("500000", "cwqi_change", PeriodKind::month, "2026-03"), "(none)");
  const auto change_of_air = [&] {
    return scene.engine()
        .ranking("air", PeriodKind::day, EvaluationPeriod::parse(PeriodKind::day, "2026-03-01"), Level::point,
                 "aqi")
        .value()
        .figures.front()
        .change;
  };
  EXPECT_FALSE(change_of_air());
  for (int i = 1; i <= 5; ++i) sample_water(scene, fmt::format("w{}", i), "2025-03-09", i + 6);
  fill(scene, "a", "2025-03-01", 24, 9);
  const auto runs = scene.evaluate(RunKind::new_values, "surface_water");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].kind, RunKind::new_values);
  EXPECT_NE(scene.text("500000", "cwqi_change", PeriodKind::month, "2026-03"), "(none)");
  scene.evaluate();
  EXPECT_TRUE(change_of_air());
  const std::string digest = scene.engine().results().digest().value();
  scene.forget();
  scene.evaluate(RunKind::new_values, "surface_water");
  scene.evaluate();
  EXPECT_EQ(scene.engine().results().digest().value(), digest);
}

// 环办监测函〔2020〕82号 七; HJ/T 166-2004 §11.3; SL 219-2013 §12.2.5: half of the detection limit.
// Which series counts is decided by what there is in a period: hours that come later do not take its samples from a month before.
TEST(Engine, AMonthOfSamplesKeepsThemWhenHoursFollow) {
  for (const char* element : {"surface_water", "groundwater"}) {
    auto point = point_view("p", element);
    point.attributes["method"] = "manual";
    Scene scene({point});
    scene.upload("MN-p", "21", "2011", time("2025-04-03"), "w01019-Rtd=2.5,w01019-Flag=N");
    scene.evaluate(RunKind::new_values, element);
    const std::string before = scene.text("p", "class", PeriodKind::month, "2025-04");
    EXPECT_NE(before, "(none)") << element;
    for (int day = 5; day < 12; ++day)
      scene.upload("MN-p", "21", "2061", time(fmt::format("2025-05-{:02}", day)), "w01019-Avg=9.5,w01019-Flag=N");
    scene.evaluate(RunKind::new_values, element);
    EXPECT_EQ(scene.text("p", "class", PeriodKind::month, "2025-04"), before) << element;
    const std::string piecewise = scene.engine().results().digest().value();
    scene.forget();
    scene.evaluate(RunKind::new_values, element);
    EXPECT_EQ(scene.text("p", "class", PeriodKind::month, "2025-04"), before) << element;
    EXPECT_EQ(scene.engine().results().digest().value(), piecewise) << element;
  }
}

TEST(Engine, WhatWasNotDetectedCountsHalfItsDetectionLimitWhereverItIsStored) {
  auto river = point_view("w", "surface_water");
  river.attributes["method"] = "manual";
  auto well = point_view("g", "groundwater");
  well.attributes["units"] = "w20120=µg/L";
  auto land = point_view("s", "soil");
  land.land_use = "construction_1";
  Scene scene({river, well, land});
  const auto sample = [&](std::string_view point, std::string_view day, std::string_view fields) {
    scene.upload(fmt::format("MN-{}", point), "21", "2011", time(day), fields);
  };
  sample("w", "2026-03-02", "w21016-Rtd=0.004L,w21016-Flag=N;w21011-Rtd=<0.02,w21011-Flag=N");
  sample("w", "2026-03-12", "w21016-Rtd=0.010,w21016-Flag=N;w21011-Rtd=0.05,w21011-Flag=N");
  sample("g", "2026-03-02", "w20120-Rtd=20L,w20120-Flag=N;w21007-Rtd=ND,w21007-Flag=N");
  sample("s", "2026-03-02", "As-Rtd=30L,As-Flag=N");
  for (const char* element : {"surface_water", "groundwater", "soil"})
    scene.evaluate(RunKind::new_values, element);
  // (0.002 + 0.010) / 2, (0.01 + 0.05) / 2
  EXPECT_EQ(scene.text("w", "mean.CN", PeriodKind::month, "2026-03"), "0.006");
  EXPECT_EQ(scene.text("w", "mean.TP", PeriodKind::month, "2026-03"), "0.03");
  // Lead: 20L µg/L counts 0.010 mg/L: class III (≤ 0.01), not IV.
  EXPECT_EQ(scene.text("g", "class", PeriodKind::month, "2026-03"), "3");
  // Arsenic: 15 of 20 mg/kg, where 30 would be above the screening value.
  EXPECT_EQ(scene.text("s", "single", PeriodKind::year, "2026"), "0.75");
  const auto sheet =
      scene.engine().sheet("surface_water", "w", "CN", *EvaluationPeriod::parse(PeriodKind::month, "2026-03"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  ASSERT_EQ(sheet->inputs.size(), 2U);
  EXPECT_EQ(sheet->inputs[0].text, "0.004L → 0.002");
  EXPECT_EQ(sheet->inputs[1].text, "0.010");
  ASSERT_FALSE(sheet->steps.empty());
  EXPECT_EQ(sheet->steps[0].formula, "0.004 × 0.5");
  EXPECT_EQ(sheet->steps[0].result, "0.002");
  EXPECT_EQ(sheet->steps[0].clause, "环办监测函〔2020〕82号 七");
  // A correction comes in piece by piece like any other value.
  sample("w", "2026-03-02", "w21016-Rtd=0.008L,w21016-Flag=N");
  scene.evaluate(RunKind::new_values, "surface_water");
  EXPECT_EQ(scene.text("w", "mean.CN", PeriodKind::month, "2026-03"), "0.007");
  const std::string digest = scene.engine().results().digest().value();
  scene.forget();
  for (const char* element : {"surface_water", "groundwater", "soil"})
    scene.evaluate(RunKind::new_values, element);
  EXPECT_EQ(scene.engine().results().digest().value(), digest);
}

TEST(Engine, ARunThatWasStoppedLeavesNothingBehind) {
  Scene scene(two_points());
  fill(scene, "a", "2026-03-01", 24 * 3, 3);
  scene.evaluate();
  const std::string digest = scene.engine().results().digest().value();
  fill(scene, "b", "2026-03-01", 24 * 3, 3);
  scene.settle();
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = scene.engine().run(RunRequest{"air", RunKind::full, {}, {}}, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code(), ErrorCode::conflict);
  EXPECT_EQ(scene.engine().results().digest().value(), digest);
  EXPECT_EQ(scene.engine().runs(1).value().front().state, RunState::cancelled);
  EXPECT_EQ(scene.evaluate().size(), 1U) << "what was stopped is still to be done";
  EXPECT_NE(scene.engine().results().digest().value(), digest);
}

TEST(Engine, ProgressCountsEveryValue) {
  Scene scene(two_points());
  fill(scene, "a", "2026-03-01", 48, 3);
  scene.settle();
  std::vector<evaluation::Run> told;
  ASSERT_TRUE(scene.engine().run(RunRequest{"air", RunKind::full, {}, {}}, {},
                                 [&](const evaluation::Run& run) { told.push_back(run); }));
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().state, RunState::done);
  EXPECT_EQ(told.back().total, 48U * 6U);
  EXPECT_EQ(told.back().done, told.back().total);
  EXPECT_EQ(told.back().rows, scene.engine().results().count().value());
}

TEST(Engine, AnOrderIsServedByTheThreadAndASecondOneIsRefusedMeanwhile) {
  Scene scene(two_points());
  fill(scene, "a", "2026-03-01", 48, 3);
  scene.settle();
  const RunRequest range{"air", RunKind::range, time("2026-03-01"), time("2026-03-02")};
  const auto ordered = scene.engine().order(range);
  ASSERT_TRUE(ordered);
  EXPECT_EQ(scene.engine().order(range).error().code(), ErrorCode::conflict);
  std::jthread follower([&](const std::stop_token& stop) { scene.engine().follow(stop); });
  for (int i = 0; i < 600; ++i) {
    const auto run = scene.engine().run_of(ordered->id);
    if (run && run->state == RunState::done) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(scene.engine().run_of(ordered->id).value().state, RunState::done);
  EXPECT_EQ(scene.engine().cancel(ordered->id).error().code(), ErrorCode::conflict);
  EXPECT_EQ(scene.text("a", "pm25", PeriodKind::day, "2026-03-01").empty(), false);
}

TEST(Engine, AnUnknownElementIndicatorOrSubjectIsSaid) {
  Scene scene(two_points());
  Engine& engine = scene.engine();
  EXPECT_EQ(engine.run(RunRequest{"fire", RunKind::full, {}, {}}).error().code(), ErrorCode::not_found);
  EXPECT_EQ(engine.ranking("air", PeriodKind::day, {}, Level::point, "x").error().code(), ErrorCode::not_found);
  EXPECT_EQ(engine.level_of("air", "nowhere").error().code(), ErrorCode::not_found);
  EXPECT_EQ(engine.order(RunRequest{"air", RunKind::range, time("2026-03-02"), time("2026-03-01")}).error().code(),
            ErrorCode::invalid_input);
}

TEST(Period, LabelsAreReadBack) {
  for (const char* label : {"2026", "2026-Q2", "2026-03", "2026-03-01", "2026-03-01T14"}) {
    const std::string_view text = label;
    const PeriodKind kind = text.size() == 4    ? PeriodKind::year
                            : text.size() == 13 ? PeriodKind::hour
                            : text.size() == 10 ? PeriodKind::day
                            : text[5] == 'Q'    ? PeriodKind::quarter
                                                : PeriodKind::month;
    const auto period = EvaluationPeriod::parse(kind, label);
    ASSERT_TRUE(period) << label;
    EXPECT_EQ(period->label(), label);
    EXPECT_EQ(EvaluationPeriod::of(kind, period->end().plus_ms(-1)), *period);
  }
  for (const char* label : {"", "2026-13", "2026-Q5", "2026-3", "26", "2026-02-30", "2026-03-01x14"}) {
    for (const PeriodKind kind :
         {PeriodKind::hour, PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::year})
      EXPECT_FALSE(EvaluationPeriod::parse(kind, label)) << label;
  }
  EXPECT_FALSE(EvaluationPeriod::parse(PeriodKind::day, "2024-02-29")->year_before());
}

}  // namespace
}  // namespace mj::evaluation::test
