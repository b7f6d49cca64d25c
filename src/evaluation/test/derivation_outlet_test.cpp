// The operations of sheets of outlets: replayed by an interpreter of their own, they give what is stored.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "replay.hpp"

namespace mj::evaluation::test {
namespace {

constexpr std::int64_t kHour = 3'600'000;

registry::PointView outlet(std::string id, std::string standard, std::string district = "500109") {
  auto view = point_view(std::move(id), "source", "500000", std::move(district));
  view.attributes["standard"] = std::move(standard);
  return view;
}

std::vector<registry::PointView> outlets() {
  std::vector<registry::PointView> points{
      outlet("sewage", "GB 18918-2002; 1A"),
      outlet("works", "GB 8978-1996; 1", "500112"),
      outlet("boiler", "GB 13271-2014; new; gas"),
      outlet("converted", "GB 13271-2014; new; coal", "500112"),
      outlet("free", ""),
  };
  points[1].attributes["units"] = "w01018=µg/L,w00000=m³/s";
  points[2].attributes["units"] = "a21002=µg/m³,a00000=m³/h";
  return points;
}

/// Values of outlets as devices send them: holes, states that are no measurement, what was not detected, oxygen around both ends
/// of what can be converted by.
class OutletFiller {
 public:
  OutletFiller(Scene& scene, std::uint32_t seed) : scene_(scene), state_(seed) {}

  void day(Instant day) {
    for (int hour = 0; hour < 24; ++hour) {
      const Instant at = day.plus_ms(hour * kHour);
      if (next(10) != 0) sewage(at);
      if (next(4) != 0) works(at);
      if (next(8) != 0) boiler(at);
      if (next(8) != 0) converted(at);
      if (next(2) != 0)
        put("free", "32", "2061", at, fmt::format("w21011-Avg=0.{:02}", next(90)) + flow("w00000", 30));
    }
    // Means of the day beside hours, or alone.
    if (next(2) == 0) put("boiler", "31", "2031", day, "a21002-Avg=90000,a21002-Flag=N;a19001-Avg=4.0");
    if (next(3) != 0)
      put("works", "32", "2031", day, fmt::format("w21003-Avg={}.{},w21003-Flag=N", next(40), next(10)));
  }

 private:
  std::uint32_t next(std::uint32_t below) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return (state_ >> 8U) % below;
  }
  std::string flag() { return std::array{"N", "N", "N", "N", "D", "F"}[next(6)]; }
  std::string flow(std::string_view factor, std::uint32_t most) {
    switch (next(4)) {
      case 0: return "";
      case 1: return fmt::format(";{}-Cou={}.{:03}", factor, next(most) * 10, next(1000));
      default: return fmt::format(";{}-Avg={}.{:04},{}-Flag={}", factor, next(most), next(10'000), factor, flag());
    }
  }
  void put(std::string_view point, std::string_view st, std::string_view cn, Instant at,
           const std::string& fields) {
    scene_.upload(fmt::format("MN-{}", point), st, cn, at, fields);
  }
  void sewage(Instant at) {
    put("sewage", "32", "2061", at,
        fmt::format(
            "w01018-Avg={}.{},w01018-Flag={};w21003-Avg={}.{:03}{};w21011-Avg=0.{:02}L;w01001-Avg={}.{:02};"
            "w20113-Avg=0.{}{}",
            30 + next(45), next(10), flag(), next(9), next(1000), next(3) == 0 ? "L" : "", 1 + next(90),
            5 + next(5), next(100), next(2), flow("w00000", 40)));
  }
  void works(Instant at) {
    put("works", "32", "2061", at,
        fmt::format("w01018-Avg={}.{:03},w01018-Flag=N;w20111-Avg=0.{:04}{}", 60'000 + next(80'000), next(1000),
                    next(900), flow("w00000", 2)));
  }
  void boiler(Instant at) {
    static constexpr std::array kOxygen{"3.5", "0", "-0.1", "18.99", "19", "19.0001", "20.9", "21", "7.133", "9"};
    put("boiler", "31", "2061", at,
        fmt::format("a21002-Avg={},a21002-Flag={};a21026-Avg={}.{}L;a34013-Avg=<{}.{}{}{}", next(250'000), flag(),
                    next(60), next(10), 1 + next(5), next(10),
                    next(6) == 0 ? std::string() : fmt::format(";a19001-Avg={}", kOxygen.at(next(10))),
                    flow("a00000", 20'000)));
  }
  void converted(Instant at) {
    std::string fields = fmt::format("a21026-Avg={}.{:02},a21026-Flag=N", 150 + next(300), next(100));
    // On some days the device converts, on others nobody does.
    if (at.ms() / (24 * kHour) % 3 != 0) fields += fmt::format(";a21026-ZsAvg={}.5,a21026-ZsFlag=N", next(330));
    put("converted", "31", "2061", at, fields + ";a19001-Avg=" + std::to_string(4 + next(9)) + flow("a00000", 9));
  }

  Scene& scene_;
  std::uint32_t state_;
};

/// What docs/formats/bundle.md §4 demands of steps that take a table: a value leads to them, and the table is in force.
std::string badly_founded(const Sheet& sheet) {
  std::vector<bool> on_values;
  for (const SheetOperation& operation : sheet.operations) {
    bool leaf = false;
    bool table = operation.table && operation.op != SheetOp::limit;
    for (const SheetOperand& operand : operation.operands) {
      leaf = leaf || !operand.computed || on_values.at(operand.place);
      table = table || (operand.computed && sheet.operations.at(operand.place).op == SheetOp::limit);
    }
    on_values.push_back(leaf);
    if (table && !leaf) return fmt::format("{} rests on tables alone\n", name(operation.op));
    if (operation.op == SheetOp::product && operation.operands.size() > 16) return "a product of too many\n";
  }
  for (const SheetTable& table : sheet.tables) {
    if (!table.validity.contains(sheet.figure.period.end().plus_ms(-1))) return table.id + " is not in force\n";
    if (table.clause.empty() || table.edition.empty()) return table.id + " names no clause\n";
  }
  return {};
}

std::string badly_founded(Engine& engine) {
  std::string text;
  FigureQuery query;
  query.element = "source";
  const auto sheets = engine.sheets("source").value();
  const std::vector<Figure> figures = engine.results().figures(query).value();
  for (const Figure& figure : figures) {
    const auto sheet = sheets->sheet(figure.level, figure.subject, figure.indicator, figure.period);
    if (sheet) text += badly_founded(*sheet);
  }
  return text;
}

RC_GTEST_PROP(OutletDerivationProperty, TheOperationsOfOutletsGiveWhatIsStored, ()) {
  Scene scene(outlets());
  const auto seed = *rc::gen::arbitrary<std::uint16_t>();
  OutletFiller filler(scene, seed);
  for (int day = 0; day < 2; ++day) filler.day(time("2025-04-30").plus_ms(day * 24 * kHour));
  scene.evaluate(RunKind::new_values, "source");
  const Replayed all = replay_all(scene.engine(), "source", 7, seed);
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
  RC_ASSERT(!all.proved.empty());
}

TEST(OutletDerivation, EveryFigureOfOutletsFollowsFromItsInputs) {
  Scene scene(outlets());
  OutletFiller filler(scene, 4711);
  for (int day = 0; day < 12; ++day) filler.day(time("2025-12-26").plus_ms(day * 24 * kHour));
  scene.evaluate(RunKind::new_values, "source");
  const Replayed all = replay_all(scene.engine(), "source");
  EXPECT_EQ(written(all), "");
  EXPECT_EQ(badly_founded(scene.engine()), "");
  for (const char* sort : {"exceed day point", "exceed_hours day point", "rate day district", "rate day city",
                           "rate month point", "compliance month point", "compliance year point",
                           "rate year point", "rate month city", "rate year district"})
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
  for (const char* item : {"COD", "NH3N", "TP", "SO2", "NOx", "PM"}) {
    for (const char* sort : {"day point", "month point", "year point", "day district", "day city", "month city",
                             "year city", "year district"})
      EXPECT_TRUE(all.proved.contains(fmt::format("mass.{} {}", item, sort))) << item << " " << sort;
  }
}

// Whichever days are judged together, each is judged by the series that it has itself: converted ones where there are such.
TEST(OutletDerivation, DaysAreJudgedAloneAsTogether) {
  Scene scene(outlets());
  OutletFiller filler(scene, 99);
  for (int day = 0; day < 6; ++day) {
    filler.day(time("2025-05-01").plus_ms(day * 24 * kHour));
    scene.evaluate(RunKind::new_values, "source");
  }
  const std::string piecewise = scene.engine().results().digest().value();
  scene.forget();
  scene.evaluate(RunKind::new_values, "source");
  EXPECT_EQ(scene.engine().results().digest().value(), piecewise);
  EXPECT_NE(scene.text("converted", "exceed", PeriodKind::day, "2025-05-02"), "(none)");
}

// An edition that the register names counts before its first day as well; the sheet says so at its tables.
TEST(OutletDerivation, WhatTheRegisterNamesIsProvedOutsideOfItsValidity) {
  Scene scene({outlet("s", "GB 13271-2014; new; gas")});
  for (int hour = 0; hour < 24; ++hour)
    scene.upload("MN-s", "31", "2061", time("2013-05-01").plus_ms(hour * kHour), "a21002-Avg=150;a19001-Avg=9");
  scene.evaluate(RunKind::new_values, "source");
  EXPECT_EQ(scene.text("s", "exceed", PeriodKind::day, "2013-05-01"), "0.09");
  const Replayed all = replay_all(scene.engine(), "source");
  EXPECT_EQ(written(all), "");
  EXPECT_EQ(badly_founded(scene.engine()), "");
  const auto sheet =
      scene.engine().sheet("source", "s", "exceed", *EvaluationPeriod::parse(PeriodKind::day, "2013-05-01"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(sheet->prove, "result/source/point/s/exceed/20130501000000/20130502000000");
  bool named = false;
  for (const SheetTable& table : sheet->tables)
    named = named ||
            (table.edition == "GB 13271-2014" && table.clause.find("named for the outlet") != std::string::npos);
  EXPECT_TRUE(named);
}

// 150 mg/m³ at 9 % are 218.75 at 3.5 %: beyond the 200 of GB 13271-2014 table 2, by 0.09. Daily means beside the hours, as devices
// send them, change nothing: neither that of the oxygen nor that of the pollutant.
TEST(OutletDerivation, HoursOfAStackAreConvertedByTheOxygenOfTheirHour) {
  Scene scene({outlet("s", "GB 13271-2014; new; gas")});
  for (int hour = 0; hour < 24; ++hour)
    scene.upload("MN-s", "31", "2061", time("2026-05-01").plus_ms(hour * kHour),
                 fmt::format("a21002-Avg={};a19001-Avg=9", hour < 5 ? 150 : 100));
  scene.upload("MN-s", "31", "2031", time("2026-05-01"), "a21002-Avg=400;a21002-ZsAvg=500;a19001-Avg=3.5");
  scene.evaluate(RunKind::new_values, "source");
  EXPECT_EQ(scene.text("s", "exceed", PeriodKind::day, "2026-05-01"), "0.09");
  EXPECT_EQ(scene.text("s", "exceed_hours", PeriodKind::day, "2026-05-01"), "5");
  EXPECT_EQ(written(replay_all(scene.engine(), "source")), "");
}

// Of a day of which there is the mean alone, hours cannot be told.
TEST(OutletDerivation, TheMeanOfADayStandsInWhereThereAreNoHours) {
  Scene scene({outlet("s", "GB 13271-2014; new; gas")});
  scene.upload("MN-s", "31", "2031", time("2026-05-01"), "a21002-Avg=150;a19001-Avg=9");
  scene.evaluate(RunKind::new_values, "source");
  EXPECT_EQ(scene.text("s", "exceed", PeriodKind::day, "2026-05-01"), "0.09");
  EXPECT_EQ(scene.text("s", "exceed_hours", PeriodKind::day, "2026-05-01"), "(none)");
  EXPECT_EQ(written(replay_all(scene.engine(), "source")), "");
}

// GB 18918-2002 1A: pH 6…9, alkyl mercury none. Beyond both there is no multiple: 0.01.
TEST(OutletDerivation, BeyondARangeAndALimitOfNothingTheMultipleIsTheLeast) {
  for (const char* fields : {"w01001-Avg=9.20", "w01001-Avg=5.99", "w20113-Avg=30"}) {
    Scene scene({outlet("o", "GB 18918-2002; 1A")});
    for (int hour = 0; hour < 24; ++hour)
      scene.upload("MN-o", "32", "2061", time("2026-05-01").plus_ms(hour * kHour), fields);
    scene.evaluate(RunKind::new_values, "source");
    EXPECT_EQ(scene.text("o", "exceed", PeriodKind::day, "2026-05-01"), "0.01") << fields;
    EXPECT_EQ(written(replay_all(scene.engine(), "source")), "") << fields;
  }
}

// 50.1 against 50 mg/L: (50.1 − 50)/50 = 0.002, which would be shown as 0.00.
TEST(OutletDerivation, WhatIsBeyondIsNeverToldAsNothing) {
  Scene scene({outlet("o", "GB 18918-2002; 1A")});
  scene.upload("MN-o", "32", "2061", time("2026-05-01"), "w01018-Avg=50.1");
  scene.evaluate(RunKind::new_values, "source");
  EXPECT_EQ(scene.text("o", "exceed", PeriodKind::day, "2026-05-01"), "0.01");
  EXPECT_EQ(scene.text("500109", "rate", PeriodKind::day, "2026-05-01"), "0.0");
  EXPECT_EQ(written(replay_all(scene.engine(), "source")), "");
}

}  // namespace
}  // namespace mj::evaluation::test
