// Soil, precipitation and ecology: the operations of their calculation sheets, replayed, give what is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "replay.hpp"

namespace mj::evaluation::test {
namespace {

/// Numbers that look random and are the same for the same seed.
class Draw {
 public:
  explicit Draw(std::uint32_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t bound) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return (state_ >> 8U) % bound;
  }
  bool one_in(std::uint32_t of) { return below(of) == 0; }

 private:
  std::uint32_t state_;
};

void fail_unless_proved(const Replayed& all) {
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
  RC_ASSERT(!all.proved.empty());
}

std::vector<registry::PointView> fields() {
  std::vector<registry::PointView> points;
  for (const char* land : {"paddy", "orchard", "farm", "construction_1", "construction_2", "forest"}) {
    points.push_back(point_view(land, "soil", points.size() < 3 ? "500000" : "510100",
                                points.size() < 3 ? "500109" : "510104"));
    points.back().land_use = land;
    // A unit that no table converts: those contents count nowhere.
    if (points.size() == 2) points.back().attributes["units"] = "Pb=ug/kg";
  }
  return points;
}

/// Contents around the limits: some below their detection limit, some missing, some of a broken device, pH on the bounds of bands.
void fill_soil(Scene& scene, std::uint32_t seed) {
  Draw draw(seed);
  for (const registry::PointView& point : scene.views()) {
    for (const char* day : {"2024-03-01", "2025-03-01", "2025-09-09"}) {
      std::string fields = draw.one_in(9) ? "SpareField-Rtd=1" : "";
      const auto put = [&](std::string_view item, std::string value) {
        if (draw.one_in(6)) return;
        if (draw.one_in(6)) value += "L";
        fields += fmt::format("{0}{1}-Rtd={2},{1}-Flag={3}", fields.empty() ? "" : ";", item, value,
                              draw.one_in(9) ? "D" : "N");
      };
      const char* const bounds[] = {"5.5", "6.5", "7.5", "4.9", "6.0", "7.01", "8.6"};
      fields += fmt::format("{}w01001-Rtd={},w01001-Flag=N", fields.empty() ? "" : ";", bounds[draw.below(7)]);
      put("Cd", fmt::format("0.{:02}", draw.below(100)));
      put("As", fmt::format("{}.{}", draw.below(250), draw.below(10)));
      put("Pb", fmt::format("{}", draw.below(900)));
      put("Cu", fmt::format("{}", draw.below(300)));
      put("Ni", fmt::format("{}.5", draw.below(200)));
      put("BaP", fmt::format("0.{:03}", draw.below(900)));
      scene.upload("MN-" + point.id, "21", "2011", time(day), fields);
    }
  }
}

RC_GTEST_PROP(DerivationLandProperty, TheOperationsOfSoilGiveWhatIsStored, ()) {
  Scene scene(fields());
  fill_soil(scene, *rc::gen::arbitrary<std::uint16_t>());
  scene.evaluate(RunKind::new_values, "soil");
  fail_unless_proved(replay_all(scene.engine(), "soil"));
}

TEST(DerivationLand, EveryFigureOfSoilFollowsFromItsInputs) {
  Scene scene(fields());
  fill_soil(scene, 4711);
  scene.evaluate(RunKind::new_values, "soil");
  const Replayed all = replay_all(scene.engine(), "soil");
  EXPECT_EQ(written(all), "");
  for (const char* sort : {"risk year point", "single year point", "nemerow year point",
                           "safe_share year district", "safe_share year city"})
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
}

// Single indices 0.985 and 0.985: the Nemerow index is 0.985 as well, on a border of rounding (half to even: 0.98). Contents of 0: 0.
TEST(DerivationLand, ANemerowIndexOnABorderOfRoundingIsProved) {
  auto site = point_view("s", "soil");
  site.land_use = "construction_1";
  auto clean = point_view("z", "soil");
  clean.land_use = "construction_1";
  Scene scene({site, clean});
  scene.upload("MN-s", "21", "2011", time("2025-03-01"), "As-Rtd=19.7,As-Flag=N;Cd-Rtd=19.7,Cd-Flag=N");
  scene.upload("MN-z", "21", "2011", time("2025-03-01"), "As-Rtd=0,As-Flag=N;Cd-Rtd=ND,Cd-Flag=N");
  scene.evaluate(RunKind::new_values, "soil");
  EXPECT_EQ(scene.text("s", "nemerow", PeriodKind::year, "2025"), "0.98");
  EXPECT_EQ(scene.text("z", "nemerow", PeriodKind::year, "2025"), "0.00");
  EXPECT_EQ(written(replay_all(scene.engine(), "soil")), "");
}

// GB 15618-2018 table 1: arsenic of paddies 30 at pH 6.5, 25 above; the limits fall where those of cadmium rise.
TEST(DerivationLand, TheLimitOfFarmLandFollowsFromThePh) {
  Scene scene(fields());
  scene.upload("MN-paddy", "21", "2011", time("2025-03-01"),
               "w01001-Rtd=6.51,w01001-Flag=N;As-Rtd=28,As-Flag=N;Cd-Rtd=0.5,Cd-Flag=N");
  scene.evaluate(RunKind::new_values, "soil");
  EXPECT_EQ(scene.text("paddy", "risk", PeriodKind::year, "2025"), "1");
  EXPECT_EQ(written(replay_all(scene.engine(), "soil")), "");
  const auto sheet =
      scene.engine().sheet("soil", "paddy", "risk", *EvaluationPeriod::parse(PeriodKind::year, "2025"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(sheet->prove, "result/soil/point/paddy/risk/20250101000000/20260101000000");
  const auto table = [&](std::string_view id) {
    return *std::find_if(sheet->tables.begin(), sheet->tables.end(),
                         [&](const auto& each) { return each.id == id; });
  };
  EXPECT_EQ(table("GB 15618-2018/pH bands/screening").rows.size(), 3U);
  const SheetTable arsenic = table("GB 15618-2018/screening/As/水田");
  EXPECT_EQ(arsenic.clause, "GB 15618-2018 表1");
  std::string rows;
  for (const SheetTable::Row& row : arsenic.rows) rows += fmt::format("{}:{} ", to_text(*row.low), row.text);
  EXPECT_EQ(rows, "-4:20 -3:25 -2:30 -1:30 ");
}

std::vector<registry::PointView> gauges() {
  std::vector<registry::PointView> points{point_view("p", "precipitation"), point_view("q", "precipitation"),
                                          point_view("r", "precipitation", "510100", "510104")};
  points.back().attributes["units"] = "rain=cm";
  return points;
}

/// Rain from November on: days without an amount, without pH, of a broken device, pH below what can be told.
void fill_rain(Scene& scene, std::uint32_t seed, int days) {
  Draw draw(seed);
  for (const registry::PointView& point : scene.views()) {
    for (int day = 0; day < days; day += 1 + static_cast<int>(draw.below(20))) {
      std::string fields;
      const auto put = [&](std::string_view item, const std::string& value) {
        if (draw.one_in(8)) return;
        fields += fmt::format("{0}{1}-Rtd={2},{1}-Flag={3}", fields.empty() ? "" : ";", item, value,
                              draw.one_in(12) ? "D" : "N");
      };
      put("w01001", fmt::format("{}.{:02}", 3 + draw.below(5), draw.below(100)));
      put("rain", draw.one_in(10) ? "0.0" : fmt::format("{}.{}", draw.below(90), 1 + draw.below(9)));
      if (!fields.empty())
        scene.upload("MN-" + point.id, "21", "2011", time("2024-11-15").plus_ms(day * 86'400'000LL), fields);
    }
  }
}

RC_GTEST_PROP(DerivationLandProperty, TheOperationsOfPrecipitationGiveWhatIsStored, ()) {
  Scene scene(gauges());
  const auto seed = *rc::gen::arbitrary<std::uint16_t>();
  fill_rain(scene, seed, 90);
  scene.evaluate(RunKind::new_values, "precipitation");
  fail_unless_proved(replay_all(scene.engine(), "precipitation", 3, seed));
}

TEST(DerivationLand, EveryFigureOfPrecipitationFollowsFromItsInputs) {
  Scene scene(gauges());
  fill_rain(scene, 4711, 150);
  scene.evaluate(RunKind::new_values, "precipitation");
  const Replayed all = replay_all(scene.engine(), "precipitation");
  EXPECT_EQ(written(all), "");
  for (const char* indicator : {"ph", "acid_frequency", "amount"}) {
    for (const char* period : {"month", "quarter", "year"})
      EXPECT_TRUE(all.proved.contains(fmt::format("{} {} point", indicator, period)))
          << indicator << " " << period;
  }
  for (const char* sort :
       {"neutral_share month city", "neutral_share quarter district", "neutral_share year city"})
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
}

// One sample of pH 5.595 and 3.7 mm: the weighted pH is 5.595, on a border of rounding, and 5.60 (half to even) is not acid, while
// the sample is.
TEST(DerivationLand, AWeightedPhOnABorderOfRoundingIsProved) {
  Scene scene(gauges());
  scene.upload("MN-p", "21", "2011", time("2025-03-01"),
               "w01001-Rtd=5.595,w01001-Flag=N;rain-Rtd=3.7,rain-Flag=N");
  scene.evaluate(RunKind::new_values, "precipitation");
  EXPECT_EQ(scene.text("p", "ph", PeriodKind::month, "2025-03"), "5.60");
  EXPECT_EQ(scene.text("p", "acid_frequency", PeriodKind::month, "2025-03"), "100.0");
  EXPECT_EQ(scene.text("500000", "neutral_share", PeriodKind::month, "2025-03"), "100.0");
  EXPECT_EQ(written(replay_all(scene.engine(), "precipitation")), "");
}

// HJ 165-2020 is the first edition with grades here; rain of before is not evaluated and does not stop what came later.
TEST(DerivationLand, RainOfBeforeTheFirstEditionIsPassedOver) {
  Scene scene(gauges());
  for (const char* day : {"2019-03-01", "2025-03-01"})
    scene.upload("MN-p", "21", "2011", time(day), "w01001-Rtd=5.1,w01001-Flag=N;rain-Rtd=3.7,rain-Flag=N");
  scene.evaluate(RunKind::new_values, "precipitation");
  EXPECT_EQ(scene.text("p", "ph", PeriodKind::year, "2019"), "(none)");
  EXPECT_EQ(scene.text("p", "ph", PeriodKind::year, "2025"), "5.10");
}

std::vector<registry::PointView> regions() {
  return {point_view("e", "ecology", "500000", "500109"), point_view("f", "ecology", "500000", "500110"),
          point_view("g", "ecology", "510100", "510104")};
}

/// Sub-indices of three years, some beyond 0…100, some missing; the newest of a year counts.
void fill_ecology(Scene& scene, std::uint32_t seed) {
  Draw draw(seed);
  for (const registry::PointView& point : scene.views()) {
    for (const char* day : {"2023-03-01", "2024-03-01", "2025-03-01", "2025-08-01"}) {
      std::string fields;
      for (const standards::RuleRow& row : shipped_standards().rules("ecology_weights")) {
        if (draw.one_in(30)) continue;
        fields +=
            fmt::format("{0}{1}-Rtd={2}.{3:03},{1}-Flag={4}", fields.empty() ? "" : ";", row.text("item"),
                        static_cast<int>(draw.below(115)) - 6, draw.below(1000), draw.one_in(40) ? "D" : "N");
      }
      scene.upload("MN-" + point.id, "21", "2011", time(day), fields);
    }
  }
}

RC_GTEST_PROP(DerivationLandProperty, TheOperationsOfEcologyGiveWhatIsStored, ()) {
  Scene scene(regions());
  fill_ecology(scene, *rc::gen::arbitrary<std::uint16_t>());
  scene.evaluate(RunKind::new_values, "ecology");
  const Replayed all = replay_all(scene.engine(), "ecology");
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
}

TEST(DerivationLand, EveryFigureOfEcologyFollowsFromItsInputs) {
  Scene scene(regions());
  fill_ecology(scene, 8);
  scene.evaluate(RunKind::new_values, "ecology");
  const Replayed all = replay_all(scene.engine(), "ecology");
  EXPECT_EQ(written(all), "");
  for (const char* sort : {"ei year point", "eqi year point", "ei_change year point", "eqi_change year point",
                           "ei year district", "eqi year city", "ei_change year district", "eqi_change year city"})
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
}

// A point that moved to another district: its change there is against what it was before.
TEST(DerivationLand, AChangeOfAPointThatMovedIsProved) {
  Scene scene(regions());
  registry::PointView moved = scene.views().front();
  moved.region = "500111";
  scene.later("e").push_back({time("2025-01-01"), moved});
  fill_ecology(scene, 8);
  scene.evaluate(RunKind::new_values, "ecology");
  EXPECT_NE(scene.text("500111", "ei_change", PeriodKind::year, "2025"), "(none)");
  EXPECT_EQ(written(replay_all(scene.engine(), "ecology")), "");
}

}  // namespace
}  // namespace mj::evaluation::test
