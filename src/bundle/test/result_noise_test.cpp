// Bundles of noise and radiation over a real log: minutes and surveys of noise, dose rates with rain, fields.
#include <gmock/gmock.h>

#include "document.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;

registry::PointView place(std::string id, std::string element, const char* mn) {
  registry::PointView view;
  view.name = {id, id};
  view.reporters = {mn};
  view.id = std::move(id);
  view.element = std::move(element);
  view.city = "990100";
  view.region = "990101";
  return view;
}

registry::PointView road(std::string id, const char* mn, std::string length) {
  auto view = place(std::move(id), "noise", mn);
  view.sort = "road";
  view.noise_class = "4a";
  view.attributes["method"] = "manual";
  view.attributes["length_km"] = std::move(length);
  return view;
}

class NoiseResultTest : public testing::Test {
 protected:
  NoiseResultTest() {
    // 60 minutes: 6 of 80 dB, 24 of 60, 30 of 50.
    for (int minute = 0; minute < 60; ++minute)
      platform.upload(kOutletMn, "23", "2051", fmt::format("2026030212{:02}00", minute),
                      fmt::format("Leq-Avg={},Leq-Flag=N", minute < 6    ? 80
                                                           : minute < 30 ? 60
                                                                         : 50));
    for (const auto& [mn, hour, level] : {std::tuple(kAirMn, "10", "68"), std::tuple(kWaterMn, "10", "72"),
                                          std::tuple(kAirMn, "23", "58"), std::tuple(kWaterMn, "23", "61")})
      platform.upload(mn, "23", "2011", fmt::format("20260302{}0000", hour),
                      fmt::format("Leq-Rtd={},Leq-Flag=N", level));
    // Above the 340.8 nGy/h of the nation: in rain, without a reading of rain, in 0 mm; the last one is not.
    const char* rains[] = {";rain-Avg=1.2,rain-Flag=N", "", ";rain-Avg=0.0,rain-Flag=N", ""};
    for (int hour = 0; hour < 4; ++hour)
      platform.upload(kWaterMn, "21", "2061", fmt::format("20260302{:02}0000", hour),
                      fmt::format("dose-Avg={},dose-Flag=N{}", hour < 3 ? 350 : 340, rains[hour]));
    platform.upload(kAirMn, "21", "2011", "20260302100000",
                    "E@50Hz-Rtd=4000.2,E@50Hz-Flag=N;B@50Hz-Rtd=10,B@50Hz-Flag=N");
    platform.upload(kOutletMn, "21", "2011", "20260302100000",
                    "E@50Hz-Rtd=400,E@50Hz-Flag=N;B@50Hz-Rtd=10,B@50Hz-Flag=N;E@900MHz-Rtd=6,E@900MHz-Flag=N");
    platform.follow();
    engine = need(evaluation::Engine::open(
        platform.folder.path() / "evaluation",
        evaluation::Sources{*platform.store, platform.standards, [] { return std::uint64_t{1}; },
                            [](std::string_view element) {
                              if (element == "radiation")
                                return evaluation::Roster::from_points({place("d", "radiation", kWaterMn),
                                                                        place("f", "radiation", kAirMn),
                                                                        place("g", "radiation", kOutletMn)});
                              auto zone = place("z", "noise", kOutletMn);
                              zone.sort = "area";
                              zone.noise_class = "2";
                              zone.attributes["method"] = "manual";
                              return evaluation::Roster::from_points(
                                  {zone, road("r", kAirMn, "1"), road("s", kWaterMn, "3")});
                            },
                            [] { return *parse_iso("2026-04-05"); }}));
    for (const char* element : {"noise", "radiation"})
      need(engine->run({element, evaluation::RunKind::new_values, {}, {}}));
  }
  [[nodiscard]] Result<std::string> prove(std::string_view figure) const {
    Sources sources = platform.sources();
    sources.sheets = [this](std::string_view element) { return engine->sheets(element); };
    return export_figure(sources, need(FigureId::parse(figure)));
  }
  void expect(std::string_view figure, std::string_view value) const {
    const auto bundle = prove(figure);
    ASSERT_TRUE(bundle) << figure << ": " << bundle.error().text();
    const Verdict verdict = verify(*bundle, Trust{});
    EXPECT_TRUE(verdict.ok) << figure << ": " << faults(*bundle);
    EXPECT_EQ(verdict.value, value) << figure;
  }

  SmallPlatform platform;
  std::unique_ptr<evaluation::Engine> engine;
};

TEST_F(NoiseResultTest, ADayOfMinutesLeadsToItsLevelsAndShares) {
  // 10·lg((6·10^8 + 24·10^6 + 30·10^5) / 60) = 70.2; in descending order the 6th, 30th and 54th level. Limit of zone 2: 60.
  for (const auto& [indicator, value] :
       {std::pair("ld", "70.2"), std::pair("leq", "70.2"), std::pair("l10", "80.0"), std::pair("l50", "60.0"),
        std::pair("l90", "50.0"), std::pair("lmax", "80.0"), std::pair("lmin", "50.0"),
        std::pair("ld_over", "10.2")})
    expect(fmt::format("result/noise/point/z/{}/20260302000000/20260303000000", indicator),
           fmt::format("{} dB(A)", value));
  const Document document =
      read_document(prove("result/noise/point/z/l10/20260302000000/20260303000000").value()).value();
  EXPECT_EQ(document.entries.size(), 60U);
}

TEST_F(NoiseResultTest, RoadsAreWeightedAndTheLengthsStandInTheBundle) {
  expect("result/noise/city/990100/road_day/20260301000000/20260401000000", "71.0 dB(A)");  // (68·1 + 72·3) / 4
  expect("result/noise/district/990101/road_night/20260101000000/20270101000000", "60.2 dB(A)");  // (58 + 183) / 4
  expect("result/noise/city/990100/regional_day/20260301000000/20260401000000", "70.2 dB(A)");
  // 10·lg((16·10^6.8 + 8·10^6.8) / 24)
  expect("result/noise/point/r/ldn/20260301000000/20260401000000", "68.0 dB(A)");
  expect("result/noise/city/990100/ld_rate/20260301000000/20260401000000",
         "33.3 %");  // 68 of 70; 72 and 70.2 are not
  const Document document =
      read_document(prove("result/noise/city/990100/road_day/20260301000000/20260401000000").value()).value();
  ASSERT_EQ(document.tables.size(), 2U);
  EXPECT_EQ(document.tables[0].id, "register/r/length_km");
  EXPECT_EQ(document.tables[1].rows.front().text, "3");
}

TEST_F(NoiseResultTest, DoseRatesAboveTheBackgroundAreCountedWithoutThoseInRain) {
  expect("result/radiation/point/d/gamma/20260302000000/20260303000000",
         "348 nGy/h");  // 1390 / 4 = 347.5, half to even
  expect("result/radiation/point/d/gamma_max/20260301000000/20260401000000", "350 nGy/h");
  expect("result/radiation/point/d/gamma_above/20260101000000/20270101000000", "2");
}

TEST_F(NoiseResultTest, FieldsOfSeveralFrequenciesLeadToTheirSumsAndTheShare) {
  expect("result/radiation/point/f/emf/20260302000000/20260303000000", "1.00005");  // 4000.2 / (200 / 0.05)
  // Σ of squares of 900 MHz (6 / 12)² = 0.25 > 400 / 4000 = 0.1 = 10 / (5 / 0.05).
  expect("result/radiation/point/g/emf/20260301000000/20260401000000", "0.2500");
  expect("result/radiation/city/990100/emf_rate/20260301000000/20260401000000", "50.0 %");
}

}  // namespace
}  // namespace mj::bundle::test
