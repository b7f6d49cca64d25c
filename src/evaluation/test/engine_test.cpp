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
