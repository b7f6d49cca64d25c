// The operations of calculation sheets: replayed by an interpreter of their own, they give what is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "replay.hpp"

namespace mj::evaluation::test {
namespace {

/// Stations of two cities with hours of three months and holes, in one edition of the standards.
void fill_air(Scene& scene, const std::vector<std::uint16_t>& seeds, std::string_view from, int hours) {
  for (std::size_t point = 0; point < 4; ++point) {
    std::uint32_t state = seeds[point % seeds.size()] + static_cast<std::uint32_t>(point) * 977U;
    const auto next = [&](std::uint32_t below) {
      state = state * 1'664'525U + 1'013'904'223U;
      return (state >> 8U) % below;
    };
    for (int hour = 0; hour < hours; ++hour) {
      if (next(12) == 0) continue;
      scene.upload(fmt::format("MN-{}", static_cast<char>('a' + point)), "22", "2061",
                   time(from).plus_ms(hour * 3'600'000LL),
                   fmt::format("a34004-Avg={},a34004-Flag={};a34002-Avg={}.{},a34002-Flag=N;a21026-Avg={},"
                               "a21026-Flag=N;a21004-Avg={},a21004-Flag=N;a21005-Avg={}.{:03},a21005-Flag=N;"
                               "a05024-Avg={},a05024-Flag=N",
                               next(120), next(20) == 0 ? "D" : "N", next(200), next(10), next(30), next(90),
                               next(3), next(1000), next(260)));
    }
  }
}

std::vector<registry::PointView> stations() {
  return {point_view("a", "air"), point_view("b", "air"), point_view("c", "air", "510100", "510104"),
          point_view("d", "air", "510100", "510104")};
}

RC_GTEST_PROP(DerivationProperty, TheOperationsOfAirGiveWhatIsStored, ()) {
  Scene scene(stations());
  const auto seeds = *rc::gen::resize(4, rc::gen::nonEmpty<std::vector<std::uint16_t>>());
  fill_air(scene, seeds, "2025-01-30", 24 * 3);
  scene.evaluate();
  const Replayed all = replay_all(scene.engine(), "air", 5, seeds.front());
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
  RC_ASSERT(!all.proved.empty());
}

TEST(Derivation, EveryFigureOfAirFollowsFromItsInputs) {
  Scene scene(stations());
  fill_air(scene, {4711, 99}, "2025-01-29", 24 * 5);
  scene.evaluate();
  const Replayed all = replay_all(scene.engine(), "air");
  EXPECT_EQ(written(all), "");
  for (const char* sort : {"aqi day city", "o3 day point", "composite year city", "good_rate month district",
                           "pm25_percentile year point", "heavy_days quarter point", "co month city",
                           "compliance month point", "compliance year city"})
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
}

/// Sections of two rivers and a lake of two points: automatic ones with hours, others sampled by hand.
std::vector<registry::PointView> sections() {
  std::vector<registry::PointView> points;
  for (const char* id : {"w1", "w2", "l1", "l2", "h1"}) {
    points.push_back(point_view(id, "surface_water", id[1] < '3' ? "500000" : "510100", "500109"));
    points.back().river = id[1] < '3' ? "r-1" : "r-2";
    if (*id == 'l') {
      points.back().lake = true;
      points.back().lake_id = "lake";
      points.back().river.clear();
    }
    if (std::string_view(id) != "w1") points.back().attributes["method"] = "manual";
    points.back().target_class = id[1] == '1' ? "III" : "II";
  }
  return points;
}

class WaterFiller {
 public:
  WaterFiller(Scene& scene, std::uint32_t seed) : scene_(scene), state_(seed) {}
  void automatic(std::string_view point, std::string_view from, int days) {
    for (int hour = 0; hour < days * 24; hour += 4) {
      if (next(15) == 0) continue;
      put(point, "2061", "Avg", time(from).plus_ms(hour * 3'600'000LL), {});
    }
  }
  void by_hand(std::string_view point, std::string_view day) {
    put(point, "2011", "Rtd", time(day),
        fmt::format(";w01016-Rtd={},w01016-Flag=N;SD-Rtd=0.{},SD-Flag=N", 1 + next(40), 1 + next(9)));
  }

 private:
  std::uint32_t next(std::uint32_t below) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return (state_ >> 8U) % below;
  }
  void put(std::string_view point, std::string_view cn, std::string_view kind, Instant at,
           const std::string& more) {
    scene_.upload(
        fmt::format("MN-{}", point), "21", cn, at,
        fmt::format("w01001-{0}={1}.{2:02},w01001-Flag=N;w01009-{0}={3}.{4},w01009-Flag=N;w01019-{0}={5}.{6},"
                    "w01019-Flag=N;w21003-{0}={7}.{8:03}{9},w21003-Flag=N;w21011-{0}=0.{10:03},w21011-Flag=N;"
                    "w21001-{0}={11}.{12},w21001-Flag=N{13}",
                    kind, 6 + next(3), next(100), 4 + next(5), next(10), 1 + next(9), next(10), next(2),
                    1 + next(900), next(6) == 0 ? "L" : "", 1 + next(300), next(3), 1 + next(9), more));
  }
  Scene& scene_;
  std::uint32_t state_;
};

Replayed water_replayed(std::uint16_t seed, std::size_t stride) {
  Scene scene(sections());
  WaterFiller filler(scene, seed);
  filler.automatic("w1", "2025-04-03", 20);
  for (const char* point : {"w2", "l1", "l2", "h1"}) {
    for (const char* day : {"2025-04-03", "2025-05-05", "2026-04-03"}) filler.by_hand(point, day);
  }
  scene.evaluate(RunKind::new_values, "surface_water");
  return replay_all(scene.engine(), "surface_water", stride, seed);
}

RC_GTEST_PROP(DerivationProperty, TheOperationsOfSurfaceWaterGiveWhatIsStored, ()) {
  const Replayed all = water_replayed(*rc::gen::arbitrary<std::uint16_t>(), 16);
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
}

TEST(Derivation, EveryFigureOfSurfaceWaterFollowsFromItsInputs) {
  const Replayed all = water_replayed(4711, 1);
  EXPECT_EQ(written(all), "");
  for (const char* sort :
       {"class day point", "class month point", "exceed month point", "mean.TP month point", "pH month point",
        "class quarter point", "tli month lake", "mean.TN quarter lake", "good_share month city",
        "target_rate month district", "cwqi month city", "cwqi_change month city", "compliance month point",
        "compliance year point", "class.change month point", "good_share.change month city"}) {
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
  }
}

TEST(Derivation, TheOperationsOfNoiseAndRadiationGiveWhatIsStored) {
  auto zone = point_view("n", "noise");
  zone.noise_class = "2";
  zone.sort = "area";
  Scene scene({zone, point_view("r", "radiation")});
  for (int hour = 6; hour < 78; ++hour) {
    scene.upload("MN-n", "23", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("Leq-Avg={}.{},Leq-Flag=N", 45 + hour * 7 % 23, hour % 10));
    scene.upload("MN-r", "21", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("dose-Avg={}.{},dose-Flag=N", 80 + hour % 13, hour % 7));
  }
  scene.evaluate(RunKind::new_values, "noise");
  scene.evaluate(RunKind::new_values, "radiation");
  const Replayed noise = replay_all(scene.engine(), "noise");
  EXPECT_EQ(noise.wrong, "");
  for (const char* sort : {"ld day point", "ln day point", "ldn day point", "leq day point", "ld_over day point",
                           "ld month point", "ln year point", "ld_rate month city", "regional_day month city"})
    EXPECT_TRUE(noise.proved.contains(sort)) << sort << "\n" << written(noise);
  const Replayed radiation = replay_all(scene.engine(), "radiation");
  EXPECT_EQ(radiation.wrong, "");
  EXPECT_TRUE(radiation.proved.contains("gamma day point")) << written(radiation);
}

// A quarter of two editions is judged by that of its last day, whose limits were not in force on its first days.
TEST(Derivation, APeriodOfTwoEditionsIsProvedByTheLaterOne) {
  Scene scene(stations());
  fill_air(scene, {7}, "2026-02-20", 24 * 16);
  scene.evaluate();
  const auto sheet_of = [&](PeriodKind kind, std::string_view label) {
    return scene.engine().sheet("air", "500000", "composite", *EvaluationPeriod::parse(kind, label));
  };
  const auto quarter = sheet_of(PeriodKind::quarter, "2026-Q1");
  ASSERT_TRUE(quarter) << quarter.error().text();
  EXPECT_EQ(quarter->prove, "result/air/city/500000/composite/20260101000000/20260401000000");
  EXPECT_EQ(quarter->unproved.en, "");
  const auto month = sheet_of(PeriodKind::month, "2026-03");
  ASSERT_TRUE(month) << month.error().text();
  EXPECT_EQ(month->prove, "result/air/city/500000/composite/20260301000000/20260401000000");
  EXPECT_EQ(month->unproved.en, "");
  ASSERT_FALSE(month->inputs.empty());
  EXPECT_EQ(month->inputs.front().level, Level::city);
}

}  // namespace
}  // namespace mj::evaluation::test
