#include "mj/assess/gamma.hpp"

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }
std::string gamma(const std::string& table, RadiationSheet sheet = {}) {
  return judged(table, [&](const SheetRun& run) { return radiation_sheet(run, sheet); });
}

TEST(Gamma, CosmicRaysAreTakenOffByWhatTheBuildingLetsIn) {  // HJ 1157-2021: k3 1.0, 1.0, 0.9, 0.8
  const auto net = [](std::string place) {
    return net_dose_rate(shipped_standards(), d("100"), {std::move(place), d("1.02"), d("0.98"), d("30")})
        .value()
        .round(2);
  };
  EXPECT_EQ(net("field"), d("69.96"));  // 1.02 · 0.98 · 100 = 99.96
  EXPECT_EQ(net("road"), d("69.96"));
  EXPECT_EQ(net("single_storey"), d("72.96"));
  EXPECT_EQ(net("multi_storey"), d("75.96"));
  EXPECT_FALSE(net_dose_rate(shipped_standards(), d("100"), {"tent", d("1"), d("1"), d("0")}));
  EXPECT_FALSE(net_dose_rate(shipped_standards(), d("100"), {"field", d("1"), d("1.11"), d("0")}));
}

// Survey of 1983–1990 as published: open field 2.4 … 340.8 nGy/h in the nation, 29.2 … 88.9 in Beijing; indoor 42.3 … 151.6.
TEST(Gamma, BackgroundIsThatOfTheSurvey) {
  const auto range = [](std::string_view region, std::string_view place) {
    return gamma_background(shipped_standards(), at("2026-03-01"), region, place);
  };
  EXPECT_EQ(range("nation", "field")->high, d("340.8"));
  EXPECT_EQ(range("110000", "field")->low, d("29.2"));
  EXPECT_EQ(range("110000", "multi_storey")->high, d("151.6"));
  EXPECT_FALSE(range("500000", "field"));  // its figures were not seen
}

TEST(Gamma, FiguresKeepTheirSignificantDigits) {
  EXPECT_EQ(with_digits(d("62.849"), 3), d("62.8"));
  EXPECT_EQ(with_digits(d("99.96"), 3), d("100"));
  EXPECT_EQ(with_digits(d("1234"), 3), d("1230"));
  EXPECT_EQ(with_digits(d("0.012345"), 3), d("0.0123"));
  EXPECT_EQ(with_digits(d("62.85"), 3), d("62.8"));  // half to even
  EXPECT_EQ(with_digits(d("0"), 3), d("0"));
}

TEST(GammaSheet, SummaryAgainstTheBackgroundCountsWhatFellInRain) {
  // mean (60 + 90 + 100)/3 = 83.33; deviation 20.8167 by hand
  EXPECT_EQ(
      gamma("point,time,dose,rain\nP,2026-03-01 01:00,60,\nP,2026-03-01 02:00,90,1.5\nP,2026-03-01 03:00,100,0\n",
            {RadiationReport::gamma, RadiationSpan::day, "110000"}),
      "point,time,values,mean,min,max,sd,background_low,background_high,above,above_in_rain,below,within,"
      "standard,verification\n"
      "P,2026-03-01,3,83.3,60.0,100,20.8,29.2,88.9,2,1,0,no,"
      "HJ 1157-2021; 全国环境天然放射性水平调查(1983-1990),UNVERIFIED\n");
  EXPECT_NE(gamma("point,time,dose,background_low,background_high\nP,2026-03-01,60,50,70\n")
                .find(",50,70,0,0,0,yes,HJ 1157"),
            std::string::npos);
  EXPECT_NE(gamma("point,time,dose\nP,2026-03-01,60\n").find(",60.0,60.0,60.0,,,,,,,,"), std::string::npos);
}

TEST(GammaSheet, MistakesAreToldWithRowAndColumn) {
  EXPECT_NE(
      gamma("point,time,dose,k2\nP,2026-03-01,60,1.2\n").find("row 1 (line 2), column dose: k2 1.2 is beyond"),
      std::string::npos);
  EXPECT_NE(gamma("point,time,dose,place\nP,2026-03-01,60,moon\n").find("\"moon\" is none of field"),
            std::string::npos);
  EXPECT_NE(gamma("point,time,dose,background_low\nP,2026-03-01,60,1\n").find("go together"), std::string::npos);
  EXPECT_NE(gamma("point,time,dose\nP,2026-03-01,60\n", {RadiationReport::gamma, RadiationSpan::all, "500000"})
                .find("no table has the background of the region \"500000\""),
            std::string::npos);
}

}  // namespace
}  // namespace mj::assess
