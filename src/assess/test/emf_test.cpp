#include "mj/assess/emf.hpp"

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }

EmfComponent electric(std::string_view frequency, std::string unit, std::string_view e) {
  return {d(frequency), std::move(unit), d(e), std::nullopt, std::nullopt, std::nullopt, false};
}
EmfVerdict verdict(const std::vector<EmfComponent>& components) {
  return judge_emf(shipped_standards(), at("2026-03-01"), components).value();
}
EmfLimits limits(const EmfComponent& component) {
  return emf_limits(shipped_standards(), at("2026-03-01"), component).value().value();
}
std::string fields(const std::string& table) {
  return judged(table, [](const SheetRun& run) {
    return radiation_sheet(run, {RadiationReport::emf, RadiationSpan::all, ""});
  });
}

// A published exam question of radiation monitoring: 1026 kHz 12.00 V/m, 828 kHz 8.00 V/m, 25 MHz 8.04 V/m with the limits 40, 40
// and 13.4 V/m (the same in GB 8702-1988 and GB 8702-2014: 67/√25); the resulting field is 7/10 of the limit, its square 0.49.
TEST(Emf, SquaresOfThreeBroadcastSignalsAddUpAsInThePublishedExample) {
  const EmfVerdict result =
      verdict({electric("1026", "kHz", "12.00"), electric("828", "kHz", "8.00"), electric("25", "MHz", "8.04")});
  EXPECT_EQ(result.squared_e, d("0.490000000"));
  EXPECT_EQ(result.compliant, true);
  EXPECT_EQ(result.linear_e, std::nullopt);
  EXPECT_EQ(result.verification, standards::Verification::verified);
}

TEST(Emf, FiftyHertzHasTheLimitsEveryReportNames) {  // 4000 V/m and 100 µT, both inclusive
  EmfComponent field = electric("50", "Hz", "4000");
  field.b = d("100");
  EXPECT_EQ(limits(field).e.level.round(3), d("4000.000"));
  EXPECT_EQ(limits(field).b.level.round(3), d("100.000"));
  EXPECT_EQ(verdict({field}).compliant, true);
  field.e = d("4000.1");
  EXPECT_EQ(verdict({field}).compliant, false);
  field.under_line = true;  // note 4 of table 1: 10 kV/m
  EXPECT_EQ(verdict({field}).compliant, true);
  field.e = d("10001");
  EXPECT_EQ(verdict({field}).compliant, false);
}

TEST(Emf, BelowOneHundredKilohertzBothFieldsHaveToBeKnown) {
  const EmfVerdict result = verdict({electric("50", "Hz", "100")});
  EXPECT_EQ(result.linear_e, d("0.025000000"));
  EXPECT_EQ(result.compliant, std::nullopt);
}

TEST(Emf, MobileBandsHaveTwelveVoltsAndPowerThatGrowsWithFrequency) {  // 12 V/m, 0.4 W/m²; f/7500 from 3 to 15 GHz
  EXPECT_EQ(limits(electric("935", "MHz", "1")).e.level.round(0), d("12"));
  EXPECT_EQ(limits(electric("935", "MHz", "1")).s->round(2), d("0.40"));
  EXPECT_EQ(limits(electric("6", "GHz", "1")).s->round(2), d("0.80"));
  EmfComponent power{d("6"), "GHz", std::nullopt, std::nullopt, std::nullopt, d("0.2"), false};
  EXPECT_EQ(verdict({power}).squared_e, d("0.250000000"));
}

TEST(Emf, AtASharedEdgeTheStricterLimitCounts) {  // 3 MHz: 40 V/m or 67/√3 = 38.68 V/m
  EXPECT_EQ(limits(electric("3", "MHz", "1")).e.squared.round(4), d("1496.3333"));
  EXPECT_EQ(verdict({electric("3", "MHz", "38.68")}).compliant, true);
  EXPECT_EQ(verdict({electric("3", "MHz", "38.69")}).compliant, false);
}

TEST(Emf, FractionsThatMakeAWholeComply) {  // 36 × (2/12)² = 1
  std::vector<EmfComponent> all(36, electric("900", "MHz", "2"));
  EXPECT_EQ(verdict(all).squared_e, d("1.000000000"));
  EXPECT_EQ(verdict(all).compliant, true);
  all.push_back(electric("1800", "MHz", "0.01"));
  EXPECT_EQ(verdict(all).compliant, false);
}

TEST(Emf, AtOneHundredKilohertzBothSumsCount) {
  EmfComponent field = electric("100", "kHz", "20");
  field.b = d("0.06");
  EXPECT_EQ(verdict({field}).linear_e, d("0.500000000"));
  EXPECT_EQ(verdict({field}).squared_e, d("0.250000000"));
}

TEST(EmfSheet, ComponentsOfOneMeasurementAreAddedAndMistakesAreToldWithTheirRow) {
  EXPECT_EQ(
      fields("point,time,frequency,frequency_unit,e,b\nP,2026-03-01,1026,kHz,12.00,\nP,2026-03-01,828,kHz,8.00,\n"
             "Q,2026-03-01,50,Hz,2000,60\n"),
      "point,time,components,sum_e_low,sum_b_low,sum_e_high,sum_b_high,compliant,standard,clause,verification\n"
      "P,2026-03-01,2,,,0.130000,,yes,GB 8702-2014,GB 8702-2014 §4.1 表1,VERIFIED\n"
      "Q,2026-03-01,1,0.500000,0.600000,,,yes,GB 8702-2014,GB 8702-2014 §4.1 表1,VERIFIED\n");
  const std::string header = "point,time,frequency,frequency_unit,e\n";
  EXPECT_NE(
      fields(header + "P,2026-03-01,301,GHz,1\n").find("row 1 (line 2), column frequency: 301 GHz is beyond"),
      std::string::npos);
  EXPECT_NE(fields(header + "P,2026-03-01,9,m,1\n").find("\"m\" is no unit of frequency"), std::string::npos);
  EXPECT_NE(fields(header + "P,2026-03-01,9,kHz,\n").find("has no field"), std::string::npos);
  EXPECT_NE(fields(header + "P,2026-03-01,0,kHz,1\n").find("must be above 0"), std::string::npos);
}

}  // namespace
}  // namespace mj::assess
