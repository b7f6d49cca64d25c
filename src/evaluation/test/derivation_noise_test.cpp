// The operations of the sheets of noise and radiation over random networks: replayed, they give every stored figure.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "replay.hpp"

namespace mj::evaluation::test {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed * 2'654'435'761U + 1) {}
  std::uint32_t operator()(std::uint32_t below) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return (state_ >> 8U) % below;
  }
  std::string flag() { return (*this)(25) == 0 ? "D" : "N"; }

 private:
  std::uint32_t state_;
};

/// Zones, grid points and roads of two cities: with hours, with minutes, by hand; of the second city one road has no length.
std::vector<registry::PointView> noise_points() {
  std::vector<registry::PointView> points;
  for (const char* id : {"z1", "z2", "g1", "g2", "r1", "r2", "r3", "r4"}) {
    const bool second = id[1] > '2';
    points.push_back(point_view(id, "noise", second ? "510100" : "500000", second ? "510104" : "500109"));
    registry::PointView& view = points.back();
    view.noise_class = *id == 'r' ? "4a" : "2";
    view.sort = *id == 'z' ? "function_zone" : *id == 'g' ? "area" : "road";
    if (*id == 'r') view.attributes["method"] = "manual";
    if (*id == 'r' && id[1] != '4') view.attributes["length_km"] = fmt::format("{}.{}", id[1], "375");
  }
  return points;
}

class NoiseFiller {
 public:
  NoiseFiller(Scene& scene, std::uint32_t seed) : scene_(scene), next_(seed) {}

  void hours(std::string_view point, std::string_view from, int count) {
    for (int hour = 0; hour < count; ++hour) {
      if (next_(18) != 0) put(point, "2061", "Avg", time(from).plus_ms(hour * 3'600'000LL));
    }
  }
  void minutes(std::string_view point, std::string_view from, int count) {
    for (int minute = 0; minute < count; ++minute) {
      if (next_(12) != 0) put(point, "2051", "Avg", time(from).plus_ms(minute * 60'000LL));
    }
  }
  void by_hand(std::string_view point, std::string_view at) { put(point, "2011", "Rtd", time(at)); }

 private:
  void put(std::string_view point, std::string_view cn, std::string_view kind, Instant at) {
    const std::string level =
        next_(3) == 0 ? fmt::format("{}", 40 + next_(40)) : fmt::format("{}.{:02}", 40 + next_(40), next_(100));
    scene_.upload(fmt::format("MN-{}", point), "23", cn, at,
                  fmt::format("Leq-{0}={1},Leq-Flag={2}", kind, level, next_.flag()));
  }
  Scene& scene_;
  Dice next_;
};

Replayed noise_replayed(std::uint32_t seed, std::size_t stride) {
  Scene scene(noise_points());
  NoiseFiller filler(scene, seed);
  filler.hours("z1", "2026-03-30T06:00", 24 * 3);
  filler.hours("g2", "2026-03-30T06:00", 24 * 2);
  filler.minutes("g1", "2026-03-31T20:00", 60 * 4);
  filler.minutes("z2", "2026-04-01T05:00", 60 * 2);
  for (const char* road : {"r1", "r2", "r3", "r4"}) {
    for (const char* at : {"2026-03-30T10:00", "2026-03-30T10:20", "2026-03-30T23:00", "2026-04-02T09:00"})
      filler.by_hand(road, at);
  }
  scene.evaluate(RunKind::new_values, "noise");
  return replay_all(scene.engine(), "noise", stride, seed);
}

RC_GTEST_PROP(NoiseDerivationProperty, TheOperationsGiveWhatIsStored, ()) {
  const Replayed all = noise_replayed(*rc::gen::arbitrary<std::uint16_t>(), 7);
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
}

TEST(NoiseDerivation, EveryFigureFollowsFromItsInputs) {
  const Replayed all = noise_replayed(4711, 1);
  EXPECT_EQ(written(all), "");
  for (const char* indicator :
       {"ld", "ln", "ldn", "leq", "l10", "l50", "l90", "lmax", "lmin", "ld_over", "ln_over"})
    EXPECT_TRUE(all.proved.contains(fmt::format("{} day point", indicator))) << indicator;
  for (const char* period : {"month", "quarter", "year"}) {
    for (const char* indicator : {"ld", "ln", "ldn", "ld_rate", "ln_rate"})
      EXPECT_TRUE(all.proved.contains(fmt::format("{} {} point", indicator, period))) << indicator;
    for (const char* indicator :
         {"ld_rate", "ln_rate", "regional_day", "regional_night", "road_day", "road_night"}) {
      for (const char* level : {"city", "district"})
        EXPECT_TRUE(all.proved.contains(fmt::format("{} {} {}", indicator, period, level)))
            << indicator << " " << period << " " << level;
    }
  }
}

// Two roads of 1 and 3 km with 68 and 72 dB: (68·1 + 72·3) / 4 = 71. Without the length of one: (68 + 72) / 2 = 70.
TEST(NoiseDerivation, RoadsAreWeightedByTheLengthsOfTheRegister) {
  for (const bool known : {true, false}) {
    auto points = noise_points();
    points.erase(points.begin(), points.begin() + 4);
    points.resize(2);
    points[0].attributes["length_km"] = "1";
    points[1].attributes["length_km"] = known ? "3" : "";
    Scene scene(points);
    scene.upload("MN-r1", "23", "2011", time("2026-05-04T10:00"), "Leq-Rtd=68,Leq-Flag=N");
    scene.upload("MN-r2", "23", "2011", time("2026-05-04T10:00"), "Leq-Rtd=72,Leq-Flag=N");
    scene.evaluate(RunKind::new_values, "noise");
    const auto sheet =
        scene.engine().sheet("noise", "500000", "road_day", *EvaluationPeriod::parse(PeriodKind::year, "2026"));
    ASSERT_TRUE(sheet) << sheet.error().text();
    EXPECT_EQ(to_text(*sheet->figure.value), known ? "71.0" : "70.0");
    EXPECT_EQ(sheet->prove, "result/noise/city/500000/road_day/20260101000000/20270101000000");
    EXPECT_EQ(sheet->steps.back().formula,
              known ? "Σ L·l / Σ l = (68.0·1 + 72.0·3) / (1 + 3)" : "Σ L / n (n = 2)");
    ASSERT_EQ(sheet->tables.size(), known ? 2U : 0U);
    if (known) {
      EXPECT_EQ(sheet->tables[1].id, "register/r2/length_km");
      EXPECT_EQ(sheet->tables[1].verification, standards::Verification::unverified)
          << "nobody but the register says so";
    }
  }
}

// 58.25 dB all day: the mean of energy is exactly that, and half to even 58.2.
TEST(NoiseDerivation, TheLevelOfEqualLevelsIsRoundedAsExact) {
  auto point = noise_points().front();
  Scene scene({point});
  for (int hour = 6; hour < 30; ++hour)
    scene.upload("MN-z1", "23", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 "Leq-Avg=58.25,Leq-Flag=N");
  scene.evaluate(RunKind::new_values, "noise");
  EXPECT_EQ(scene.text("z1", "ld", PeriodKind::day, "2026-03-01"), "58.2");
  const Replayed all = replay_all(scene.engine(), "noise");
  EXPECT_EQ(written(all), "");
}

/// A station of gamma with rain beside it, one beyond 1,000 nGy/h, and places with fields of several frequencies.
Replayed radiation_replayed(std::uint32_t seed, std::size_t stride) {
  Scene scene({point_view("d1", "radiation"), point_view("d2", "radiation"), point_view("f1", "radiation"),
               point_view("f2", "radiation", "510100", "510104"), point_view("f3", "radiation")});
  Dice next(seed);
  for (int hour = 0; hour < 24 * 3; ++hour) {
    const Instant at = time("2025-12-30T22:00").plus_ms(hour * 3'600'000LL);
    const std::string rain =
        next(4) == 0 ? std::string()
                     : fmt::format(";rain-Avg={},rain-Flag={}", next(2) == 0 ? "0" : "0.4", next.flag());
    scene.upload("MN-d1", "21", "2061", at,
                 fmt::format("dose-Avg={}.{},dose-Flag={}{}", 60 + next(400), next(100), next.flag(), rain));
    if (hour % 6 == 0)
      scene.upload("MN-d2", "21", "2061", at,
                   fmt::format("dose-Avg={}.{},dose-Flag=N", 900 + next(4000), next(10)));
  }
  for (const char* day : {"2026-05-01", "2026-05-02", "2026-06-11"}) {
    const auto field = [&](const char* name, std::uint32_t most) {
      return fmt::format("{}-Rtd={}.{:03},{}-Flag=N", name, next(most), next(1000), name);
    };
    scene.upload("MN-f1", "21", "2011", time(day), field("E@50Hz", 4200) + ";" + field("B@50Hz", 105));
    scene.upload("MN-f2", "21", "2011", time(day),
                 field("E@20Hz", 3000) + ";" + field("H@20Hz", 100) + ";" + field("E@0.1MHz", 20) + ";" +
                     field("B@0.1MHz", 1) + ";" + field("S@900MHz", 2) + ";" + field("H@900MHz", 1) + ";" +
                     field("E@5MHz", 20) + ";" + field("B@8GHz", 1) + ";" + field("S@9GHz", 2));
    scene.upload("MN-f3", "21", "2011", time(day), field("E@50Hz", 3900));
  }
  scene.evaluate(RunKind::new_values, "radiation");
  return replay_all(scene.engine(), "radiation", stride, seed);
}

RC_GTEST_PROP(RadiationDerivationProperty, TheOperationsGiveWhatIsStored, ()) {
  const Replayed all = radiation_replayed(*rc::gen::arbitrary<std::uint16_t>(), 3);
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
}

TEST(RadiationDerivation, EveryFigureFollowsFromItsInputs) {
  const Replayed all = radiation_replayed(4711, 1);
  EXPECT_EQ(written(all), "");
  for (const char* period : {"day", "month", "year"}) {
    for (const char* indicator : {"gamma", "gamma_max", "gamma_above", "emf"})
      EXPECT_TRUE(all.proved.contains(fmt::format("{} {} point", indicator, period))) << indicator;
    for (const char* level : {"district", "city"})
      EXPECT_TRUE(all.proved.contains(fmt::format("emf_rate {} {}", period, level))) << level;
  }
}

// The background of the nation ends at 340.8 nGy/h. Above it: 350 in rain, 350 without a word of rain, 350 in 0 mm, 350 beside a reading
// of rain that does not count. Only the first is washed down.
TEST(RadiationDerivation, OnlyRainThatWasMeasuredExplainsADoseRate) {
  auto point = point_view("d", "radiation", "990100", "990101");
  Scene scene({point});
  const char* rains[] = {";rain-Avg=1.2,rain-Flag=N", "", ";rain-Avg=0.0,rain-Flag=N", ";rain-Avg=1.2,rain-Flag=D",
                         ""};
  for (int hour = 0; hour < 5; ++hour)
    scene.upload("MN-d", "21", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("dose-Avg={},dose-Flag=N{}", hour < 4 ? 350 : 340, rains[hour]));
  scene.evaluate(RunKind::new_values, "radiation");
  const auto sheet = scene.engine().sheet("radiation", "d", "gamma_above",
                                          *EvaluationPeriod::parse(PeriodKind::day, "2026-03-01"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(to_text(*sheet->figure.value), "3");
  EXPECT_EQ(sheet->prove, "result/radiation/point/d/gamma_above/20260301000000/20260302000000");
  EXPECT_EQ(sheet->inputs.size(), 8U) << "five dose rates, three readings of rain";
  ASSERT_EQ(sheet->tables.size(), 1U);
  EXPECT_EQ(sheet->tables[0].kind, SheetTable::Kind::classes);
}

// GB 8702-2014 table 1 at 50 Hz: 200 / 0.05 = 4000 V/m. 4000.2 is beyond it, 4000.2 / 4000 = 1.00005: with four decimals it
// would read 1.0000 (half to even) and look kept.
TEST(RadiationDerivation, ASumBeyondOneIsNotToldAsOne) {
  Scene scene({point_view("f", "radiation"), point_view("g", "radiation")});
  scene.upload("MN-f", "21", "2011", time("2026-05-01"),
               "E@50Hz-Rtd=4000.2,E@50Hz-Flag=N;B@50Hz-Rtd=10,B@50Hz-Flag=N");
  scene.upload("MN-g", "21", "2011", time("2026-05-01"),
               "E@50Hz-Rtd=4000,E@50Hz-Flag=N;B@50Hz-Rtd=10,B@50Hz-Flag=N");
  scene.evaluate(RunKind::new_values, "radiation");
  EXPECT_EQ(scene.text("f", "emf", PeriodKind::day, "2026-05-01"), "1.00005");
  EXPECT_EQ(scene.text("g", "emf", PeriodKind::day, "2026-05-01"), "1.0000");
  EXPECT_EQ(scene.text("500000", "emf_rate", PeriodKind::day, "2026-05-01"), "50.0");
  EXPECT_EQ(written(replay_all(scene.engine(), "radiation")), "");
}

// 8,760 hours of a year are more than a screen lists; the proof takes all of them.
TEST(RadiationDerivation, AYearOfHoursIsProvedThoughAScreenShowsTheFirstOnly) {
  Scene scene({point_view("d", "radiation")});
  for (int hour = 0; hour < 2'400; ++hour)
    scene.upload("MN-d", "21", "2061", time("2025-01-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("dose-Avg={}.{},dose-Flag=N", 80 + hour % 13, hour % 7));
  scene.evaluate(RunKind::new_values, "radiation");
  const auto year = *EvaluationPeriod::parse(PeriodKind::year, "2025");
  const auto shown_sheet = scene.engine().sheet("radiation", "d", "gamma", year);
  ASSERT_TRUE(shown_sheet);
  EXPECT_EQ(shown_sheet->inputs.size(), 2'000U);
  EXPECT_EQ(shown_sheet->prove, "result/radiation/point/d/gamma/20250101000000/20260101000000");
  EXPECT_EQ(shown_sheet->steps.front().formula, "2000 / 2400");
  const auto sheets = scene.engine().sheets("radiation").value();
  const Sheet whole = sheets->sheet(Level::point, "d", "gamma", year).value();
  EXPECT_EQ(whole.inputs.size(), 2'400U);
  ASSERT_TRUE(whole.result);
  EXPECT_EQ(Replay(whole).of(*whole.result), number_of(*whole.figure.value));
}

}  // namespace
}  // namespace mj::evaluation::test
