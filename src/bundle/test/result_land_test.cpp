// Bundles of evaluated figures of soil, precipitation and ecology: each from the packets to what is stored.
#include <gmock/gmock.h>

#include "document.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::Figure;
using evaluation::Level;
using evaluation::PeriodKind;

registry::PointView place(std::string id, std::string element, std::string reporter) {
  registry::PointView view;
  view.name = {id, id};
  view.reporters = {std::move(reporter)};
  view.id = std::move(id);
  view.element = std::move(element);
  view.city = "500000";
  view.region = "500109";
  if (view.element == "soil") view.land_use = "paddy";
  return view;
}

/// A paddy, a gauge of rain and a region with two years.
class ResultOfLandTest : public testing::Test {
 protected:
  ResultOfLandTest() {
    platform.upload(kOutletMn, "21", "2011", "20250301100000",
                    "w01001-Rtd=6.6,w01001-Flag=N;Cd-Rtd=9.9,Cd-Flag=N");
    platform.upload(kOutletMn, "21", "2011", "20250901100000",
                    "w01001-Rtd=6.5,w01001-Flag=N;Cd-Rtd=0.8,Cd-Flag=N;Pb-Rtd=50,Pb-Flag=N;As-Rtd=0.4L,As-Flag=N");
    for (const char* sample :
         {"20250301100000 4.12 10.3", "20250309100000 5.67 30.9", "20250402100000 6.05 0.7"}) {
      const std::string text(sample);
      platform.upload(
          kWaterMn, "21", "2011", text.substr(0, 14),
          fmt::format("w01001-Rtd={},w01001-Flag=N;rain-Rtd={},rain-Flag=N", text.substr(15, 4), text.substr(20)));
    }
    for (const int year : {2024, 2025}) {
      std::string fields;
      for (const standards::RuleRow& row : platform.standards.rules("ecology_weights"))
        fields += fmt::format("{0}{1}-Rtd={2},{1}-Flag=N", fields.empty() ? "" : ";", row.text("item"),
                              row.text("item") == "BIO" ? "104.2"
                              : year == 2024            ? "61.3"
                                                        : "58.75");
      platform.upload(kAirMn, "21", "2011", fmt::format("{}0601100000", year), fields);
    }
    platform.follow();
    engine = need(evaluation::Engine::open(
        platform.folder.path() / "evaluation",
        evaluation::Sources{*platform.store, platform.standards, [] { return std::uint64_t{1}; },
                            [](std::string_view element) {
                              return evaluation::Roster::from_points(
                                  {element == "soil"            ? place("field", "soil", kOutletMn)
                                   : element == "precipitation" ? place("gauge", "precipitation", kWaterMn)
                                                                : place("region", "ecology", kAirMn)});
                            },
                            [] { return *parse_iso("2026-04-05"); }}));
  }

  /// Every stored figure of an element has a bundle that gives it; how many there were.
  int prove_all(const std::string& element) {
    need(engine->run({element, evaluation::RunKind::new_values, {}, {}}));
    Sources sources = platform.sources();
    sources.sheets = [this](std::string_view of) { return engine->sheets(of); };
    evaluation::FigureQuery query;
    query.element = element;
    int proved = 0;
    for (const Figure& figure : need(engine->results().figures(query))) {
      if (!figure.value) continue;
      const std::string id =
          evaluation::proof_name(element, figure.level, figure.subject, figure.indicator, figure.period);
      const auto bundle = export_figure(sources, need(FigureId::parse(id)));
      EXPECT_TRUE(bundle) << id << ": " << bundle.error().text();
      if (!bundle) continue;
      EXPECT_EQ(faults(*bundle), "") << id;
      EXPECT_EQ(verify(*bundle, Trust{}).subject, id);
      bundles[id] = *bundle;
      ++proved;
    }
    return proved;
  }

  [[nodiscard]] std::string value(const std::string& id) const {
    const auto found = bundles.find(id);
    return found == bundles.end() ? "none" : verify(found->second, Trust{}).value;
  }

  SmallPlatform platform;
  std::unique_ptr<evaluation::Engine> engine;
  std::map<std::string, std::string> bundles;
};

// GB 15618-2018 table 1, paddies at pH 6.5: Cd 0.4, Pb 100, As 30; As below 0.4 counts 0.2. Indices 2, 0.5, 0.00667:
// √((0.83556² + 2²)/2) = 1.5327 (computed in Python). Only the newest values of the year count.
TEST_F(ResultOfLandTest, SoilIsProvedFromPhAndContentsToItsIndices) {
  EXPECT_EQ(prove_all("soil"), 3 + 2);
  EXPECT_EQ(value("result/soil/point/field/risk/20250101000000/20260101000000"), "1");
  EXPECT_EQ(value("result/soil/point/field/single/20250101000000/20260101000000"), "2.00");
  EXPECT_EQ(value("result/soil/point/field/nemerow/20250101000000/20260101000000"), "1.53");
  EXPECT_EQ(value("result/soil/city/500000/safe_share/20250101000000/20260101000000"), "0.0 %");
  const Document document =
      need(read_document(bundles["result/soil/point/field/single/20250101000000/20260101000000"]));
  EXPECT_EQ(document.entries.size(), 1U) << "the values of March do not count";
}

// −lg((10.3·10^−4.12 + 30.9·10^−5.67) / 41.2) = 4.6868 (computed in Python); a month later no sample is below 5.6.
TEST_F(ResultOfLandTest, PrecipitationIsProvedFromItsSamples) {
  EXPECT_EQ(prove_all("precipitation"), (2 + 2 + 1) * 5);
  EXPECT_EQ(value("result/precipitation/point/gauge/ph/20250301000000/20250401000000"), "4.69");
  EXPECT_EQ(value("result/precipitation/point/gauge/acid_frequency/20250301000000/20250401000000"), "50.0 %");
  EXPECT_EQ(value("result/precipitation/point/gauge/amount/20250101000000/20260101000000"), "41.9 mm");
  EXPECT_EQ(value("result/precipitation/city/500000/neutral_share/20250401000000/20250501000000"), "100.0 %");
}

// EI and EQI of two years with their changes, at the point, the district and the city.
TEST_F(ResultOfLandTest, EcologyIsProvedFromItsSubIndices) {
  EXPECT_EQ(prove_all("ecology"), (2 * 2 + 2) * 3);
  EXPECT_EQ(value("result/ecology/city/500000/ei_change/20250101000000/20260101000000"),
            value("result/ecology/point/region/ei_change/20250101000000/20260101000000"));
}

// Another pH leads to another limit: a proof in which it was changed does not hold.
TEST_F(ResultOfLandTest, AnotherBandOfPhIsFound) {
  prove_all("soil");
  const std::string& bundle = bundles["result/soil/point/field/single/20250101000000/20260101000000"];
  Document document = need(read_document(bundle));
  bool changed = false;
  for (Step& step : document.steps) {
    if (step.op != Op::classify) continue;
    EXPECT_EQ(step.result, "2") << "5.5 < 6.5 ≤ 6.5";
    step.result = "3";
    changed = true;
  }
  EXPECT_TRUE(changed);
  EXPECT_NE(faults(write_document(document)), "");
}

}  // namespace
}  // namespace mj::bundle::test
