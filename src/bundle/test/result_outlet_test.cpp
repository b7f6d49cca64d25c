// Bundles of outlets over a real log: a stack whose hours are converted to reference oxygen, waste water with flow.
#include <gtest/gtest.h>

#include "document.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;

registry::PointView outlet(std::string id, const char* mn, std::string standard) {
  registry::PointView view;
  view.name = {id, id};
  view.reporters = {mn};
  view.id = std::move(id);
  view.element = "source";
  view.city = "990100";
  view.region = "990101";
  view.attributes["standard"] = std::move(standard);
  return view;
}

class OutletResultTest : public testing::Test {
 protected:
  OutletResultTest() {
    for (int day = 1; day <= 2; ++day) {
      for (int hour = 0; hour < 24; ++hour) {
        const std::string at = fmt::format("202603{:02}{:02}0000", day, hour);
        // Six hours at 9 % oxygen, one without, one of air, one that the device marks; the others at 3.5 %.
        const char* oxygen = hour < 6    ? ";a19001-Avg=9"
                             : hour == 6 ? ""
                             : hour == 7 ? ";a19001-Avg=21"
                                         : ";a19001-Avg=3.5";
        platform.upload(kAirMn, "31", "2061", at,
                        fmt::format("a21002-Avg=150,a21002-Flag={};a00000-Avg=2.5,a00000-Flag=N{}",
                                    hour == 8 ? "D" : "N", oxygen));
        platform.upload(kWaterMn, "32", "2061", at,
                        fmt::format("w01018-Avg={},w01018-Flag=N;w21003-Avg=0.02{},w21003-Flag=N;w01001-Avg=7.1{}",
                                    day == 1 ? 60 : 30, hour < 12 ? "L" : "",
                                    hour == 23 ? "" : ";w00000-Avg=10.5,w00000-Flag=N"));
      }
      platform.upload(kAirMn, "31", "2031", fmt::format("202603{:02}000000", day), "a21002-Avg=900;a19001-Avg=3");
    }
    platform.follow();
    engine = need(evaluation::Engine::open(
        platform.folder.path() / "evaluation",
        evaluation::Sources{*platform.store, platform.standards, [] { return std::uint64_t{1}; },
                            [](std::string_view) {
                              return evaluation::Roster::from_points({
                                  outlet("stack", kAirMn, "GB 13271-2014; new; gas"),
                                  outlet("sewage", kWaterMn, "GB 18918-2002; 1A"),
                              });
                            },
                            [] { return *parse_iso("2026-04-05"); }}));
    need(engine->run({"source", evaluation::RunKind::new_values, {}, {}}));
  }
  [[nodiscard]] Result<std::string> prove(std::string_view figure) const {
    Sources sources = platform.sources();
    sources.sheets = [this](std::string_view element) { return engine->sheets(element); };
    return export_figure(sources, need(FigureId::parse(figure)));
  }
  void expect(std::string_view figure, std::string_view value) const {
    const auto bundle = prove(fmt::format("result/source/{}", figure));
    ASSERT_TRUE(bundle) << figure << ": " << bundle.error().text();
    const Verdict verdict = verify(*bundle, Trust{});
    EXPECT_TRUE(verdict.ok) << figure;
    EXPECT_EQ(verdict.value, value) << figure;
  }

  SmallPlatform platform;
  std::unique_ptr<evaluation::Engine> engine;
};

// 150 · (21 − 3.5) / (21 − 9) = 218.75 against 200 mg/m³: (218.75 − 200) / 200 = 0.094 in six hours of each day.
TEST_F(OutletResultTest, AStackIsProvedFromConcentrationAndOxygenOfEachHour) {
  expect("point/stack/exceed/20260301000000/20260302000000", "0.09");
  expect("point/stack/exceed_hours/20260301000000/20260302000000", "6 h");
  // 23 hours (one is marked) · 150 mg/m³ · 9000 m³/h = 31.05 kg.
  expect("point/stack/mass.NOx/20260301000000/20260302000000", "31.050 kg");
  expect("city/990100/mass.NOx/20260101000000/20270101000000", "62.100 kg");
  const Document document =
      read_document(prove("result/source/point/stack/exceed/20260301000000/20260302000000").value()).value();
  EXPECT_EQ(document.entries.size(), 21U) << "hours that count, and nothing else";
  std::set<std::string> clauses;
  for (const Table& table : document.tables) clauses.insert(table.clause);
  EXPECT_EQ(clauses, (std::set<std::string>{"GB 13271-2014 表2", "GB 13271-2014 §5.2 表6",
                                            "HJ 75-2017 附录C; GB 13271-2014 §5.2"}));
}

// COD 60 against 50 mg/L on the first day: 0.20; 23 hours with flow · 37.8 m³ · 60 g/m³ = 52.164 kg. Of ammonia what was not detected
// counts half its limit in the mean, and nothing in the mass: 11 hours · 37.8 m³ · 0.02 g/m³ = 0.008316 kg, each hour of 0.000756.
TEST_F(OutletResultTest, WasteWaterIsProvedFromItsHoursAndTheirFlow) {
  expect("point/sewage/exceed/20260301000000/20260302000000", "0.20");
  expect("point/sewage/exceed/20260302000000/20260303000000", "0.00");
  expect("point/sewage/mass.COD/20260301000000/20260302000000", "52.164 kg");
  expect("point/sewage/mass.NH3N/20260301000000/20260302000000", "0.008 kg");
  expect("point/sewage/rate/20260301000000/20260401000000", "50.0 %");
  expect("district/990101/rate/20260302000000/20260303000000", "50.0 %");
}

// Figures that are made only when somebody asks: of two days one complies.
TEST_F(OutletResultTest, ARateOfComplianceIsProvedFromTheDaysThatItCounts) {
  expect("point/sewage/compliance/20260301000000/20260401000000", "50.0 %");
  const auto change = prove("result/source/point/sewage/exceed.change/20260301000000/20260302000000");
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().code(), ErrorCode::not_found) << "there are no figures of the year before";
}

// Each figure that is stored, of points and of the city (a district is made the same way), days, months and years.
TEST_F(OutletResultTest, EveryFigureOfOutletsHasItsBundle) {
  evaluation::FigureQuery query;
  query.element = "source";
  const std::vector<evaluation::Figure> figures = engine->results().figures(query).value();
  std::set<std::string> indicators;
  for (const evaluation::Figure& figure : figures) {
    if (figure.level == evaluation::Level::district) continue;
    indicators.insert(std::string(figure.indicator));
    const std::string id =
        fmt::format("result/source/{}/{}/{}/{}/{}", name(figure.level), figure.subject, figure.indicator,
                    to_compact(figure.period.begin), to_compact(figure.period.end()));
    const auto bundle = prove(id);
    ASSERT_TRUE(bundle) << id << ": " << bundle.error().text();
    EXPECT_TRUE(verify(*bundle, Trust{}).ok) << id;
  }
  EXPECT_EQ(indicators,
            (std::set<std::string>{"exceed", "exceed_hours", "rate", "mass.COD", "mass.NH3N", "mass.NOx"}));
}

}  // namespace
}  // namespace mj::bundle::test
