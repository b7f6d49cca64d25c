// Bundles of evaluated figures of groundwater, sources of drinking water, black and odorous waters; hours; states of points that only
// the register knows.
#include <gmock/gmock.h>

#include "document.hpp"
#include "mj/registry/adoption.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::Figure;
using evaluation::PeriodKind;
using testing::HasSubstr;

registry::PointView water(std::string id, std::string element, std::string reporter) {
  registry::PointView view;
  view.name = {id, id};
  view.reporters = {std::move(reporter)};
  view.id = std::move(id);
  view.element = std::move(element);
  view.city = "500000";
  view.region = "500109";
  view.attributes["method"] = "manual";
  if (view.element == "air")
    view.attributes["units"] = "a34004=µg/m³,a34002=µg/m³,a21026=µg/m³,a21004=µg/m³,a05024=µg/m³";
  return view;
}

class ResultOfWatersTest : public testing::Test {
 protected:
  void open(std::vector<registry::PointView> points) {
    platform.follow();
    views = std::move(points);
    engine = need(evaluation::Engine::open(
        platform.folder.path() / "evaluation",
        evaluation::Sources{*platform.store, platform.standards, [] { return std::uint64_t{1}; },
                            [this](std::string_view element) {
                              std::vector<registry::PointView> of;
                              for (const registry::PointView& view : views) {
                                if (view.element == element) of.push_back(view);
                              }
                              return evaluation::Roster::from_points(of);
                            },
                            [] { return *parse_iso("2026-04-05"); }}));
  }
  [[nodiscard]] Sources sources() const {
    Sources all = platform.sources();
    all.sheets = [this](std::string_view of) { return engine->sheets(of); };
    all.registered = [this](std::string_view id, Instant) -> std::optional<registry::Point> {
      for (const registry::PointView& view : views) {
        if (view.id == id) return registry::registered_point(view, view.reporters.front());
      }
      return std::nullopt;
    };
    return all;
  }
  std::string proved(std::string_view name) const {
    const auto bundle = export_figure(sources(), need(FigureId::parse(name)));
    if (!bundle) return bundle.error().text();
    const Verdict verdict = verify(*bundle, Trust{});
    return verdict.ok ? verdict.value : faults(*bundle);
  }
  /// Every stored figure of an element has a bundle that gives it; how many there were.
  int prove_all(const std::string& element) {
    need(engine->run({element, evaluation::RunKind::new_values, {}, {}}));
    evaluation::FigureQuery query;
    query.element = element;
    int count = 0;
    for (const Figure& figure : need(engine->results().figures(query))) {
      if (!figure.value) continue;
      const std::string id =
          evaluation::proof_name(element, figure.level, figure.subject, figure.indicator, figure.period);
      const auto bundle = export_figure(sources(), need(FigureId::parse(id)));
      EXPECT_TRUE(bundle) << id << ": " << bundle.error().text();
      if (!bundle) continue;
      EXPECT_EQ(faults(*bundle), "") << id;
      ++count;
    }
    return count;
  }

  SmallPlatform platform;
  std::vector<registry::PointView> views;
  std::unique_ptr<evaluation::Engine> engine;
};

// GB/T 14848-2017 table 1: pH 5.5…6.5 is class IV, nitrate (as N) of 25 mg/L too, lead of 10 µg/L class III.
TEST_F(ResultOfWatersTest, EveryFigureOfGroundwaterIsProved) {
  platform.upload(kWaterMn, "21", "2011", "20250301100000",
                  "w01001-Rtd=5.9,w01001-Flag=N;w21007-Rtd=1.3,w21007-Flag=N;w20120-Rtd=0.02L,w20120-Flag=N");
  platform.upload(kWaterMn, "21", "2011", "20250306100000",
                  "w01001-Rtd=6.6,w01001-Flag=N;w21007-Rtd=3.2,w21007-Flag=N;las-Rtd=0.05,las-Flag=N");
  open({water("well", "groundwater", kWaterMn)});
  EXPECT_EQ(prove_all("groundwater"), 9) << "month, quarter, year of the point, of the district and of the city";
  // −lg((10^−5.9 + 10^−6.6) / 2) = 6.12: class IV by its second band, V by none.
  EXPECT_EQ(proved("result/groundwater/point/well/class/20250301000000/20250401000000"), "4");
  EXPECT_EQ(proved("result/groundwater/city/500000/fit_share/20250101000000/20260101000000"), "100.0 %");
}

// GB 3838-2002: oxygen 3.5 mg/L is class IV (no multiple), phosphorus 0.25 of a river 0.25 beyond class III, iron 0.36 mg/L 0.20 beyond 0.3.
TEST_F(ResultOfWatersTest, EveryFigureOfSourcesOfDrinkingWaterIsProved) {
  platform.upload(kWaterMn, "21", "2011", "20250301100000",
                  "w01009-Rtd=3.5,w01009-Flag=N;w21011-Rtd=0.25,w21011-Flag=N;w20125-Rtd=0.36,w20125-Flag=N");
  platform.upload(kWaterMn, "21", "2011", "20250406100000",
                  "w01009-Rtd=3.5,w01009-Flag=N;w21011-Rtd=0.05,w21011-Flag=N");
  platform.upload(kOutletMn, "21", "2011", "20250301100000", "w21007-Rtd=25,w21007-Flag=N");
  platform.upload(kOutletMn, "21", "2011", "20250401100000", "w21007-Rtd=0.4L,w21007-Flag=N");
  auto well = water("well", "drinking_source", kOutletMn);
  well.sort = "well";
  open({water("river", "drinking_source", kWaterMn), well});
  EXPECT_GE(prove_all("drinking_source"), 16);
  EXPECT_EQ(proved("result/drinking_source/point/river/exceed/20250301000000/20250401000000"), "0.25");
  EXPECT_EQ(proved("result/drinking_source/point/river/exceed/20250401000000/20250501000000"), "0.01")
      << "oxygen has no multiple, yet it exceeds";
  EXPECT_EQ(proved("result/drinking_source/point/well/exceed/20250301000000/20250401000000"), "0.25")
      << "nitrate 25 against 20 mg/L";
  EXPECT_EQ(proved("result/drinking_source/city/500000/rate/20250401000000/20250501000000"), "50.0 %");
}

// 城市黑臭水体整治工作指南 table 1: a transparency of 8 cm is heavily, 20 cm lightly black and odorous.
TEST_F(ResultOfWatersTest, HowBlackAndOdorousAWaterIsIsProved) {
  platform.upload(kWaterMn, "21", "2011", "20250301100000", "SD-Rtd=0.08,SD-Flag=N;w21003-Rtd=3.2,w21003-Flag=N");
  platform.upload(kWaterMn, "21", "2011", "20250401100000", "SD-Rtd=0.2,SD-Flag=N;w21003-Rtd=3.2,w21003-Flag=N");
  open({water("canal", "surface_water", kWaterMn)});
  EXPECT_GT(prove_all("surface_water"), 20);
  EXPECT_EQ(proved("result/surface_water/point/canal/black_odorous/20250301000000/20250401000000"), "2");
  EXPECT_EQ(proved("result/surface_water/point/canal/black_odorous/20250401000000/20250501000000"), "1");
  const auto status =
      engine->sheet("surface_water", "canal", "status", *EvaluationPeriod::parse(PeriodKind::month, "2025-03"));
  ASSERT_TRUE(status) << status.error().text();
  EXPECT_EQ(proved(status->prove), "6") << "a status is the name of a class";
}

// Class V of the few days that there are: told as incomplete, and it is proved what is told.
TEST_F(ResultOfWatersTest, TheClassOfTooFewDaysIsProvedToo) {
  for (int hour = 0; hour < 24; hour += 4)
    platform.upload(kWaterMn, "21", "2061", fmt::format("20260301{:02}0000", hour),
                    "w21003-Avg=1.81,w21003-Flag=N;w21011-Avg=0.11,w21011-Flag=N");
  auto section = water("section", "surface_water", kWaterMn);
  section.attributes["method"] = "automatic";
  open({section});
  EXPECT_GT(prove_all("surface_water"), 1);
  const auto sheet =
      engine->sheet("surface_water", "section", "class", *EvaluationPeriod::parse(PeriodKind::month, "2026-03"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_FALSE(sheet->figure.complete);
  EXPECT_EQ(proved(sheet->prove), "5");
  EXPECT_TRUE(std::any_of(sheet->steps.begin(), sheet->steps.end(), [](const evaluation::SheetStep& step) {
    return step.title.en.find("counts nowhere") != std::string::npos;
  }));
}

// HJ 633-2026 table 3, as in export_import_test: SO2 of 161 µg/m³ gives 52.
TEST_F(ResultOfWatersTest, HoursAndStatesOfPointsThatOnlyTheRegisterKnowsAreProved) {
  platform.upload(kAirMn, "22", "2061", "20260312080000",
                  "a34004-Avg=10.4,a34004-Flag=N;a34002-Avg=20,a34002-Flag=N;a21026-Avg=161,a21026-Flag=N;"
                  "a21004-Avg=40,a21004-Flag=N;a21005-Avg=0.84,a21005-Flag=N;a05024-Avg=60,a05024-Flag=N");
  platform.upload(kWaterMn, "21", "2061", "20260312080000",
                  "w01001-Avg=7.2,w01001-Flag=N;w01009-Avg=6.8,w01009-Flag=N;w01019-Avg=4.6,w01019-Flag=N;"
                  "w21003-Avg=0.10,w21003-Flag=N;w21011-Avg=0.05,w21011-Flag=N");
  auto section = water("registered-section", "surface_water", kWaterMn);
  section.attributes["method"] = "automatic";
  open({water("registered-air", "air", kAirMn), section});
  EXPECT_EQ(proved("aqi/registered-air/20260312080000"), "52");
  EXPECT_EQ(proved("water-class/registered-section/20260312080000"), "3");
  EXPECT_THAT(proved("aqi/nowhere/20260312080000"), HasSubstr("there is no point nowhere"));
  for (const auto& [element, id, indicator, value] :
       {std::array{"air", "registered-air", "aqi", "52"}, std::array{"air", "500000", "aqi", "52"},
        std::array{"surface_water", "registered-section", "class", "3"}}) {
    const auto sheet =
        engine->sheet(element, id, indicator, *EvaluationPeriod::parse(PeriodKind::hour, "2026-03-12T08"));
    ASSERT_TRUE(sheet) << id << ": " << sheet.error().text();
    EXPECT_EQ(sheet->unproved.en, "") << id;
    EXPECT_EQ(proved(sheet->prove), value) << sheet->prove;
  }
}

}  // namespace
}  // namespace mj::bundle::test
