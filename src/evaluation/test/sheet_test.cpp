// Calculation sheets of elements, and results as files: what stands in them leads to the figure that is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/evaluation/export.hpp"
#include "mj/workbook/sheet.hpp"
#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

using testing::HasSubstr;

class SheetOf : public testing::Test {
 protected:
  static std::vector<registry::PointView> points() {
    auto paddy = point_view("s", "soil");
    paddy.land_use = "paddy";
    auto outlet = point_view("o", "source");
    outlet.attributes["standard"] = "GB 18918-2002; 1A";
    auto noise = point_view("n", "noise");
    noise.noise_class = "2";
    auto lake = point_view("l", "surface_water");
    lake.lake = true;
    lake.attributes["method"] = "manual";
    return {paddy,
            outlet,
            noise,
            lake,
            point_view("g", "groundwater"),
            point_view("d", "drinking_source"),
            point_view("p", "precipitation"),
            point_view("r", "radiation"),
            point_view("e", "ecology")};
  }
  void give(std::string_view point, std::string_view cn, std::string_view at, std::string_view fields) {
    scene.upload(fmt::format("MN-{}", point), "21", cn, time(at), fields);
  }
  Sheet sheet(std::string_view element, std::string_view subject, std::string_view indicator, PeriodKind kind,
              std::string_view label) {
    auto made = scene.engine().sheet(element, subject, indicator, *EvaluationPeriod::parse(kind, label));
    EXPECT_TRUE(made) << element << ": " << made.error().text();
    if (!made) return {};
    EXPECT_FALSE(made->steps.empty()) << element;
    EXPECT_FALSE(made->inputs.empty()) << element;
    return *std::move(made);
  }
  static std::string written(const Sheet& sheet) {
    std::string text;
    for (const SheetInput& input : sheet.inputs)
      text += fmt::format("< {} {} {}{}\n", input.label, input.text, input.unit, input.entry ? " #" : "");
    for (const SheetStep& step : sheet.steps)
      text += fmt::format("{}: {} = {} [{}]\n", step.title.en, step.formula, step.result, step.clause);
    return text;
  }
  Scene scene{points()};
};

// GB/T 14848-2017 table 1: nitrate 25 (as N) is class IV (≤ 30).
TEST_F(SheetOf, GroundwaterHasEveryItemWithItsLimitsAndTheWorst) {
  give("g", "2011", "2026-03-01", "w21007-Rtd=20,w21007-Flag=N;w01001-Rtd=7.1,w01001-Flag=N");
  give("g", "2011", "2026-03-20", "w21007-Rtd=30,w21007-Flag=N");
  scene.evaluate(RunKind::new_values, "groundwater");
  const Sheet made = sheet("groundwater", "g", "class", PeriodKind::month, "2026-03");
  EXPECT_THAT(written(made), HasSubstr("< no3n 20 mg/L #\n< no3n 30 mg/L #\n"));
  EXPECT_THAT(written(made), HasSubstr("no3n, mean: Σ x / n = 25 []"));
  EXPECT_THAT(written(made), HasSubstr("no3n, class: 25.000000 : "));
  EXPECT_EQ(made.steps.back().result, "IV");
  const Sheet share = sheet("groundwater", "500109", "fit_share", PeriodKind::month, "2026-03");
  EXPECT_EQ(share.inputs.front().indicator, "class");
  EXPECT_EQ(share.steps.front().formula, "1 / 1 × 100");
  EXPECT_EQ(share.steps.front().result, "100.0");
}

TEST_F(SheetOf, DrinkingSourcesShowTheMultipleOfEachItem) {
  give("d", "2011", "2026-03-01", "w21011-Rtd=0.3,w21011-Flag=N;w20125-Rtd=0.45,w20125-Flag=N");
  scene.evaluate(RunKind::new_values, "drinking_source");
  const Sheet made = sheet("drinking_source", "d", "exceed", PeriodKind::month, "2026-03");
  EXPECT_THAT(written(made), HasSubstr("TP against class III"));
  EXPECT_THAT(written(made), HasSubstr("Fe against its limit: 0.450000 : 0.3 = 0.50"));
  EXPECT_EQ(made.steps.back().result, to_text(*made.figure.value));
}

// √((1.25² + 2²)/2) = 1.66771 (by hand): cadmium 0.8/0.4, lead 50/100.
TEST_F(SheetOf, SoilShowsSingleIndicesAndNemerow) {
  give("s", "2011", "2026-05-01", "w01001-Rtd=6.0,w01001-Flag=N;Cd-Rtd=0.8,Cd-Flag=N;Pb-Rtd=50,Pb-Flag=N");
  scene.evaluate(RunKind::new_values, "soil");
  const Sheet made = sheet("soil", "s", "nemerow", PeriodKind::year, "2026");
  EXPECT_THAT(written(made), HasSubstr("Cd, single index: 0.8 / 0.4 = 2 [GB 15618-2018]"));
  EXPECT_THAT(written(made), HasSubstr("Pb, single index: 50 / 100 = 0.5"));
  EXPECT_EQ(made.steps.back().result.substr(0, 6), "1.6677");
  EXPECT_THAT(written(sheet("soil", "s", "risk", PeriodKind::year, "2026")),
              HasSubstr("0.8 : 0.4, 2.0 = possible"));
}

// 16 hours of 60 dB by day and 8 of 50 by night: Ld = 60, Ln = 50 = the limit of zone 2, Ldn = 60 (by hand).
TEST_F(SheetOf, NoiseShowsItsHoursAndTheLimitOfTheZone) {
  for (int hour = 6; hour < 30; ++hour)
    scene.upload("MN-n", "23", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("a50001-Avg={},a50001-Flag=N;Leq-Avg={},Leq-Flag=N", hour < 22 ? 60 : 50,
                             hour < 22 ? 60 : 50));
  scene.evaluate(RunKind::new_values, "noise");
  const Sheet day = sheet("noise", "n", "ld", PeriodKind::day, "2026-03-01");
  EXPECT_EQ(day.inputs.size(), 16U);
  EXPECT_THAT(written(day), HasSubstr("10·lg(Σ 10^(0.1·L) / 16) = 60.0000"));
  const Sheet night = sheet("noise", "n", "ln", PeriodKind::day, "2026-03-01");
  EXPECT_EQ(night.inputs.size(), 8U);
  EXPECT_THAT(written(night), HasSubstr("Against the limit of the zone: 50.0 : 50 = ✓ [GB 3096-2008"));
  EXPECT_EQ(sheet("noise", "n", "ldn", PeriodKind::day, "2026-03-01").steps.back().result, "60.0000");
  EXPECT_THAT(written(sheet("noise", "500000", "ld_rate", PeriodKind::month, "2026-03")),
              HasSubstr("1 / 1 × 100 = 100.0"));
  EXPECT_THAT(written(sheet("noise", "n", "ld", PeriodKind::month, "2026-03")), HasSubstr("(n = 1) = 60.0"));
}

TEST_F(SheetOf, RadiationRainAndEcologyNameTheirFormulas) {
  for (int hour = 0; hour < 3; ++hour)
    give("r", "2061", fmt::format("2026-03-01 0{}:00", hour), fmt::format("dose-Avg=9{},dose-Flag=N", hour));
  scene.evaluate(RunKind::new_values, "radiation");
  EXPECT_THAT(written(sheet("radiation", "r", "gamma", PeriodKind::day, "2026-03-01")),
              HasSubstr("Arithmetic mean: Σ x / 3 = 91"));
  give("p", "2011", "2026-03-01", "w01001-Rtd=4.0,w01001-Flag=N;rain-Rtd=10,rain-Flag=N");
  give("p", "2011", "2026-03-09", "w01001-Rtd=5.0,w01001-Flag=N;rain-Rtd=30,rain-Flag=N");
  scene.evaluate(RunKind::new_values, "precipitation");
  const Sheet rain = sheet("precipitation", "p", "ph", PeriodKind::month, "2026-03");
  EXPECT_THAT(written(rain), HasSubstr("−lg((10·10^−4.0 + 30·10^−5.0) / 40) = 4.488"));
  EXPECT_EQ(to_text(*rain.figure.value), "4.49");
  std::string fields;
  for (const standards::RuleRow& row : shipped_standards().rules("ecology_weights"))
    fields += fmt::format("{0}{1}-Rtd=60,{1}-Flag=N", fields.empty() ? "" : ";", row.text("item"));
  give("e", "2011", "2026-03-01", fields);
  give("e", "2011", "2025-03-01", fields);
  scene.evaluate(RunKind::new_values, "ecology");
  const Sheet eco = sheet("ecology", "e", "ei", PeriodKind::year, "2026");
  EXPECT_EQ(eco.steps.front().result, to_text(*eco.figure.value));
  EXPECT_THAT(written(sheet("ecology", "e", "ei_change", PeriodKind::year, "2026")), HasSubstr(" − "));
}

// TLI of chlorophyll 10 mg/m³: 10·(2.5 + 1.086·ln 10) = 50.006 (by hand).
TEST_F(SheetOf, TheTrophicIndexShowsItsPartsAndWeights) {
  give("l", "2011", "2026-03-01",
       "w21011-Rtd=0.05,w21011-Flag=N;w21001-Rtd=1.0,w21001-Flag=N;w01016-Rtd=10,w01016-Flag=N");
  scene.evaluate(RunKind::new_values, "surface_water");
  const Sheet made = sheet("surface_water", "l", "tli", PeriodKind::month, "2026-03");
  EXPECT_THAT(written(made), HasSubstr("TLI(TP)"));
  EXPECT_THAT(written(made), HasSubstr(fmt::format(" = {} [", to_text(*made.figure.value))));
}

// Permanganate index 2.0 (half of 4L) and 5.0: mean 3.5, class II (≤ 4) of GB 3838-2002.
TEST_F(SheetOf, ADayOfAnAutomaticStationShowsItsValues) {
  Scene station({point_view("w", "surface_water")});
  for (int hour = 0; hour < 24; hour += 4)
    station.upload("MN-w", "21", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                   fmt::format("w01019-Avg={},w01019-Flag=N", hour % 8 == 0 ? "4L" : "5.0"));
  station.evaluate(RunKind::new_values, "surface_water");
  const auto day = EvaluationPeriod::parse(PeriodKind::day, "2026-03-01");
  const auto made = station.engine().sheet("surface_water", "w", "class", *day);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->inputs.size(), 6U);
  EXPECT_EQ(made->inputs[0].text, "4L → 2");
  EXPECT_THAT(written(*made), HasSubstr("CODMn, mean: n = 6 = 3.5 []"));
  EXPECT_EQ(made->steps.back().result, "II");
}

TEST_F(SheetOf, AnOutletShowsItsDayAndItsMass) {
  for (int hour = 0; hour < 24; ++hour)
    give("o", "2061", fmt::format("2026-03-01 {:02}:00", hour),
         "w01018-Avg=60,w01018-Flag=N;w00000-Cou=100,w00000-Flag=N");
  scene.evaluate(RunKind::new_values, "source");
  const Sheet made = sheet("source", "o", "exceed", PeriodKind::day, "2026-03-01");
  EXPECT_EQ(made.inputs.size(), 24U);
  EXPECT_THAT(written(made), HasSubstr("COD, mean of the day: Σ x / n = 60"));
  EXPECT_THAT(written(made), HasSubstr("[GB 18918-2002"));
  EXPECT_THAT(written(sheet("source", "o", "rate", PeriodKind::month, "2026-03")), HasSubstr("/ 1 × 100"));
}

TEST_F(SheetOf, FilesHoldWhatTheScreensShow) {
  give("g", "2011", "2026-03-01", "w21007-Rtd=25,w21007-Flag=N");
  scene.evaluate(RunKind::new_values, "groundwater");
  const Evaluator& evaluator = *find_evaluator("groundwater");
  const auto roster = scene.engine().roster("groundwater");
  const auto ranking =
      scene.engine().ranking("groundwater", PeriodKind::month, std::nullopt, Level::point, "class");
  ASSERT_TRUE(ranking);
  for (const FileFormat format : {FileFormat::csv, FileFormat::xlsx}) {
    const auto file = export_ranking(*roster, evaluator, *ranking, format);
    ASSERT_TRUE(file) << file.error().text();
    const auto read = workbook::read(*file);
    ASSERT_TRUE(read) << read.error().text();
    ASSERT_EQ(read->rows.size(), 1U);
    const auto cell = [&](std::string_view column) {
      const auto place = std::find(read->columns.begin(), read->columns.end(), column) - read->columns.begin();
      return read->rows[0].cells[static_cast<std::size_t>(place)];
    };
    EXPECT_EQ(cell("id"), "g");
    EXPECT_EQ(cell("value"), "4");
    EXPECT_EQ(cell("standard"), "GB/T 14848-2017");
    EXPECT_EQ(cell("verification"), standards::name(ranking->figures[0].verification));
    EXPECT_EQ(cell("values"), "1");
    EXPECT_EQ(cell("at"), "2026-03");
    const Sheet made = sheet("groundwater", "g", "class", PeriodKind::month, "2026-03");
    const auto sheet_file = export_sheet(*roster, "groundwater", made, format);
    ASSERT_TRUE(sheet_file) << sheet_file.error().text();
    const auto sheet_read = workbook::read(*sheet_file);
    ASSERT_TRUE(sheet_read) << sheet_read.error().text();
    const std::size_t rows = 2 + made.steps.size() + made.inputs.size();
    EXPECT_EQ(sheet_read->rows.size(), format == FileFormat::csv ? rows : 2U);
  }
}

}  // namespace
}  // namespace mj::evaluation::test
