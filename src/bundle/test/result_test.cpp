// Bundles of evaluated figures: real evaluation over packets, each figure down to the entries.
#include <gmock/gmock.h>

#include "document.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;
using testing::HasSubstr;

registry::PointView site(std::string id, std::string element) {
  registry::PointView view;
  view.name = {id, id};
  view.reporters = {id == "air-1" ? kAirMn : id == "water-1" ? kWaterMn : "MN-" + id};
  view.id = std::move(id);
  view.element = std::move(element);
  view.city = "500000";
  view.region = "500109";
  if (view.element == "air")
    view.attributes["units"] = "a34004=µg/m³,a34002=µg/m³,a21026=µg/m³,a21004=µg/m³,a05024=µg/m³";
  if (view.element == "surface_water") view.attributes["method"] = "manual";
  return view;
}

/// A day of hours of one air station, a month of samples of one section.
class ResultTest : public testing::Test {
 protected:
  ResultTest() {
    for (int hour = 0; hour < 24; ++hour)
      platform.upload(
          kAirMn, "22", "2061", fmt::format("20260301{:02}0000", hour),
          fmt::format("a34004-Avg={},a34004-Flag={};a34002-Avg={},a34002-Flag=N;a21026-Avg=7,a21026-Flag=N;"
                      "a21004-Avg={},a21004-Flag=N;a21005-Avg=0.{},a21005-Flag=N;a05024-Avg={},"
                      "a05024-Flag=N",
                      30 + hour, hour == 3 ? "D" : "N", 60 + 2 * hour, 20 + hour, 4 + hour % 5, 40 + 6 * hour));
    platform.upload(kWaterMn, "21", "2011", "20260305100000",
                    "w01001-Rtd=7.2,w01001-Flag=N;w01019-Rtd=4.6,w01019-Flag=N;w21003-Rtd=0.04L,w21003-Flag=N;"
                    "w21011-Rtd=0.21,w21011-Flag=N");
    platform.upload(kWaterMn, "21", "2011", "20260319100000",
                    "w01001-Rtd=7.8,w01001-Flag=N;w01019-Rtd=3.1,w01019-Flag=N;w21003-Rtd=0.31,w21003-Flag=N;"
                    "w21011-Rtd=0.24,w21011-Flag=N");
    platform.follow();
    open();
  }
  void open() {
    engine = need(evaluation::Engine::open(
        platform.folder.path() / "evaluation",
        evaluation::Sources{*platform.store, platform.standards, [] { return std::uint64_t{1}; },
                            [](std::string_view element) {
                              return evaluation::Roster::from_points(
                                  {element == "air" ? site("air-1", "air") : site("water-1", "surface_water")});
                            },
                            [] { return *parse_iso("2026-04-05"); }}));
    for (const char* element : {"air", "surface_water"})
      need(engine->run({element, evaluation::RunKind::new_values, {}, {}}));
  }
  [[nodiscard]] Result<std::string> prove(std::string_view figure) const {
    Sources sources = platform.sources();
    sources.sheets = [this](std::string_view element) { return engine->sheets(element); };
    return export_figure(sources, need(FigureId::parse(figure)));
  }
  /// Proved, and its value is what is stored.
  void expect(std::string_view figure, std::string_view value) const {
    const auto bundle = prove(figure);
    ASSERT_TRUE(bundle) << figure << ": " << bundle.error().text();
    const Verdict verdict = verify(*bundle, Trust{});
    EXPECT_TRUE(verdict.ok) << figure << ": " << faults(*bundle);
    EXPECT_EQ(verdict.subject, figure);
    EXPECT_EQ(verdict.value, value) << figure;
  }

  SmallPlatform platform;
  std::unique_ptr<evaluation::Engine> engine;
};

TEST_F(ResultTest, TheIndexOfADayLeadsFromItsHoursThroughMeansAndBreakPoints) {
  // PM2.5 without the hour that the device marks: (30 + … + 53 − 33) / 23 = 963 / 23 = 41.87: 42. PM10 83, NO2 32 (31.5 half to even). Ozone:
  // the greatest of the means of eight hours is that of 16…23, 40 + 6 × 19.5 = 157.
  expect("result/air/point/air-1/pm25/20260301000000/20260302000000", "42 µg/m³");
  expect("result/air/point/air-1/pm10/20260301000000/20260302000000", "83 µg/m³");
  expect("result/air/point/air-1/no2/20260301000000/20260302000000", "32 µg/m³");
  expect("result/air/point/air-1/o3/20260301000000/20260302000000", "157 µg/m³");
  // Ozone decides: (157 − 100) / (160 − 100) × 50 + 50 = 97.5, upwards 98.
  expect("result/air/point/air-1/aqi/20260301000000/20260302000000", "98");
  const std::string bundle = prove("result/air/city/500000/aqi/20260301000000/20260302000000").value();
  EXPECT_EQ(verify(bundle, Trust{}).value, "98");
  const Document document = read_document(bundle).value();
  EXPECT_EQ(document.entries.size(), 24U);
  EXPECT_EQ(document.tables.size(), 6U) << "one for each pollutant";
  EXPECT_EQ(engine->sheet("air", "air-1", "aqi", *EvaluationPeriod::parse(PeriodKind::day, "2026-03-01"))->prove,
            "result/air/point/air-1/aqi/20260301000000/20260302000000");
}

TEST_F(ResultTest, MonthsAndYearsLeadThroughTheirDays) {
  expect("result/air/point/air-1/pm25/20260301000000/20260401000000", "42.0 µg/m³");
  expect("result/air/city/500000/o3/20260301000000/20260401000000", "157.0 µg/m³");
  expect("result/air/point/air-1/good_rate/20260301000000/20260401000000", "100.0 %");
  const auto stored =
      engine->subject("air", "air-1", PeriodKind::month, EvaluationPeriod::parse(PeriodKind::month, "2026-03"));
  ASSERT_TRUE(stored);
  int proved = 0;
  for (const evaluation::Figure& figure : *stored) {
    if (!figure.value) continue;
    ++proved;
    const auto bundle =
        prove(fmt::format("result/air/point/air-1/{}/20260301000000/20260401000000", figure.indicator));
    EXPECT_TRUE(bundle) << figure.indicator << ": " << bundle.error().text();
  }
  EXPECT_GE(proved, 10);
}

TEST_F(ResultTest, TheClassOfAMonthCountsHalfOfADetectionLimit) {
  // Ammonia: (0.04 / 2 + 0.31) / 2 = 0.165. Phosphorus 0.225: class IV (≤ 0.3) of a river, (0.225 − 0.2) / 0.2 = 0.125 → 0.12.
  expect("result/surface_water/point/water-1/mean.NH3N/20260301000000/20260401000000", "0.1650000000 mg/L");
  expect("result/surface_water/point/water-1/class/20260301000000/20260401000000", "4");
  expect("result/surface_water/point/water-1/exceed/20260301000000/20260401000000", "0.12");
  const auto stored = engine->subject("surface_water", "water-1", PeriodKind::month,
                                      EvaluationPeriod::parse(PeriodKind::month, "2026-03"));
  for (const evaluation::Figure& figure : stored.value()) {
    if (!figure.value) continue;
    const auto bundle = prove(
        fmt::format("result/surface_water/point/water-1/{}/20260301000000/20260401000000", figure.indicator));
    EXPECT_TRUE(bundle) << figure.indicator << ": " << bundle.error().text();
  }
  expect("result/surface_water/city/500000/bad_share/20260301000000/20260401000000", "0.0 %");
  EXPECT_TRUE(prove("result/surface_water/city/500000/cwqi/20260301000000/20260401000000"));
}

TEST_F(ResultTest, WhatCannotBeProvedSaysWhy) {
  const auto none = prove("result/air/point/air-1/aqi/20260302000000/20260303000000");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), ErrorCode::not_found);
  EXPECT_FALSE(prove("result/air/point/air-1/aqi/20260301000000/20260301120000")) << "no period";
  EXPECT_FALSE(prove("result/air/street/air-1/aqi/20260301000000/20260302000000")) << "no level";
  EXPECT_FALSE(platform.prove("result/air/point/air-1/aqi/20260301000000/20260302000000"))
      << "nothing is evaluated";
}

TEST_F(ResultTest, AFigureThatItsEntriesDoNotGiveIsNoBundle) {
  // A value is revised and not evaluated again: what is stored is not what the evidence gives.
  platform.upload(kAirMn, "22", "2061", "20260301000000", "a34004-Avg=290,a34004-Flag=N");
  platform.follow();
  const auto bundle = prove("result/air/point/air-1/pm25/20260301000000/20260302000000");
  ASSERT_FALSE(bundle);
}

TEST_F(ResultTest, AChangedStepIsFound) {
  std::string bundle = prove("result/air/point/air-1/pm25/20260301000000/20260302000000").value();
  Document document = read_document(bundle).value();
  document.value = "41";
  EXPECT_THAT(faults(write_document(document)), HasSubstr("figure"));
  document.value = "42";
  document.steps.back().inputs.pop_back();
  EXPECT_FALSE(verify(write_document(document), Trust{}).ok) << "an hour left out stands idle";
}

}  // namespace
}  // namespace mj::bundle::test
