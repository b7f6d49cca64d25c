// Elements that are judged from samples of a year: groundwater, sources of drinking water, rain, soil, radiation, ecology.
#include <gtest/gtest.h>

#include "element_rows.hpp"

namespace mj::evaluation {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using telemetry::Period;

GivenSeries lab(std::string factor, std::string unit, std::vector<std::pair<std::string, std::string>> values) {
  return {std::move(factor), "Rtd", Period::instant, std::move(unit), std::move(values)};
}

TEST(Elements, AllOfTheRegisterAreEvaluated) {
  for (const char* element : {"air", "precipitation", "surface_water", "groundwater", "drinking_source", "soil",
                              "noise", "radiation", "ecology", "source"})
    EXPECT_NE(find_evaluator(element), nullptr) << element;
}

// GB/T 14848-2017 table 1: total hardness III ≤ 450, nitrate (as N) IV ≤ 30, lead III ≤ 0.01 mg/L.
TEST(GroundwaterEvaluation, TheWorstItemDecides) {
  ElementRows rows(*find_evaluator("groundwater"),
                   {point_view("g-1", "groundwater"), point_view("g-2", "groundwater")});
  rows.give("g-1", lab("hardness", "mg/L", {{"2026-05-01", "450"}}));
  rows.give("g-1", lab("w21007", "mg/L", {{"2026-05-01", "25"}, {"2026-05-20", "27"}}));
  rows.give("g-1", lab("w20120", "µg/L", {{"2026-05-01", "10"}}));
  rows.give("g-2", lab("w21007", "mg/L", {{"2026-05-01", "30.1"}}));
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "g-1", "2026-05", "class"), "4 4 yes no3n");
  EXPECT_EQ(rows.text(Level::point, "g-2", "2026-Q2", "class"), "5 5 no no3n");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026", "fit_share"), "50.0");
}

// GB 3838-2002: class III of table 1 (TP 0.2), table 2 (iron 0.3 mg/L), table 3 (thallium 0.0001 mg/L).
TEST(DrinkingEvaluation, TablesTwoAndThreeCountAsWell) {
  ElementRows rows(*find_evaluator("drinking_source"),
                   {point_view("d-1", "drinking_source"), point_view("d-2", "drinking_source")});
  rows.give("d-1", lab("w21011", "mg/L", {{"2026-05-01", "0.15"}}));
  rows.give("d-1", lab("w20125", "mg/L", {{"2026-05-01", "0.45"}}));
  rows.give("d-1", lab("w20089", "ng/L", {{"2026-05-01", "300"}}));
  rows.give("d-2", lab("w21011", "mg/L", {{"2026-05-01", "0.2"}}));
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "d-1", "2026-05", "exceed"), "2.00 no no Fe(0.50)+铊(2.00)");
  EXPECT_EQ(rows.text(Level::point, "d-2", "2026-05", "exceed"), "0 yes yes");
  EXPECT_EQ(rows.text(Level::city, "500000", "2026-05", "rate"), "50.0");
}

// pH of 10 mm at 4.0 and 30 mm at 5.0: −lg((10·10^-4 + 30·10^-5)/40) = 4.49 (by hand); two of two samples are acid.
TEST(RainEvaluation, AcidityIsWeightedByVolume) {
  ElementRows rows(*find_evaluator("precipitation"), {point_view("p", "precipitation")});
  rows.give("p", lab("w01001", "", {{"2026-05-01", "4.0"}, {"2026-05-09", "5.0"}, {"2026-05-10", "3.0"}}));
  rows.give("p", lab("rain", "mm", {{"2026-05-01", "10"}, {"2026-05-09", "30"}}));
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "p", "2026-05", "ph"), "4.49 4 no");
  EXPECT_EQ(rows.text(Level::point, "p", "2026", "acid_frequency"), "100.0");
  EXPECT_EQ(rows.text(Level::point, "p", "2026", "amount"), "40.0");
  EXPECT_EQ(rows.text(Level::city, "500000", "2026", "neutral_share"), "0.0");
}

// GB 15618-2018: paddy, pH 6.0: Cd 0.4 (intervention 2.0), Pb 100; GB 36600-2018 class 1: As 20 (120).
TEST(SoilEvaluation, LandAndAcidityDecideTheLimits) {
  auto paddy = point_view("s-1", "soil");
  paddy.land_use = "paddy";
  auto site = point_view("s-2", "soil");
  site.land_use = "construction_1";
  auto unknown = point_view("s-3", "soil");
  ElementRows rows(*find_evaluator("soil"), {paddy, site, unknown});
  rows.give("s-1", lab("w01001", "", {{"2026-05-01", "6.0"}}));
  rows.give("s-1", lab("Cd", "mg/kg", {{"2026-05-01", "0.8"}}));
  rows.give("s-1", lab("Pb", "mg/kg", {{"2026-05-01", "50"}}));
  rows.give("s-2", lab("As", "mg/kg", {{"2026-05-01", "20"}}));
  rows.give("s-3", lab("As", "mg/kg", {{"2026-05-01", "20"}}));
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "s-1", "2026", "risk"), "1 possible no Cd(1.00)");
  // Single indices 2 and 0.5: √((1.25² + 2²)/2) = 1.67
  EXPECT_EQ(rows.find(Level::point, "s-1", "2026", "nemerow")->value, parse_decimal("1.67"));
  EXPECT_EQ(rows.find(Level::point, "s-1", "2026", "single")->primary, "Cd");
  EXPECT_EQ(rows.text(Level::point, "s-2", "2026", "risk"), "0 low yes");
  EXPECT_EQ(rows.text(Level::point, "s-3", "2026", "risk"),
            "- incomplete | the register does not say which land it is");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026", "safe_share"), "50.0");
}

// Background of the nation 2.4 … 340.8 nGy/h on fields (survey of 1983–1990).
TEST(RadiationEvaluation, DoseRatesAreSeenAgainstTheBackgroundAndRain) {
  ElementRows rows(*find_evaluator("radiation"), {point_view("r", "radiation")});
  rows.give("r", {"dose",
                  "Avg",
                  Period::hour,
                  "nGy/h",
                  {{"2026-05-01T01:00", "100"}, {"2026-05-01T02:00", "350"}, {"2026-05-01T03:00", "400"}}});
  rows.give("r", {"rain", "Avg", Period::hour, "mm", {{"2026-05-01T02:00", "3"}}});
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "r", "2026-05-01", "gamma"),
            "283 | background 2.4–340.8 nGy/h; 2 of 3 above it (1 in rain), 0 below");
  EXPECT_EQ(rows.text(Level::point, "r", "2026-05", "gamma_max"), "400");
  EXPECT_EQ(rows.text(Level::point, "r", "2026", "gamma_above"), "1");
}

// GB 8702-2014 at 50 Hz: E 4000 V/m, B 100 µT. The greater of the two sums is told.
TEST(RadiationEvaluation, FieldsAreAddedAgainstTheLimits) {
  ElementRows rows(*find_evaluator("radiation"), {point_view("e", "radiation"), point_view("f", "radiation")});
  rows.give("e", lab("E@50Hz", "", {{"2026-05-01", "1000"}}));
  rows.give("e", lab("B@50Hz", "", {{"2026-05-01", "80"}}));
  rows.give("f", lab("E@50Hz", "", {{"2026-05-01", "4400"}}));
  rows.give("f", lab("B@50Hz", "", {{"2026-05-01", "1"}}));
  rows.evaluate("2026-01-01", "2027-01-01");
  EXPECT_EQ(rows.text(Level::point, "e", "2026-05", "emf"), "0.8000 yes yes");
  EXPECT_EQ(rows.text(Level::point, "f", "2026-05", "emf"), "1.1000 no no");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026", "emf_rate"), "50.0");
}

// HJ 192-2015 as configured: 0.35·60 + 0.25·60 + 0.15·60 + 0.15·(100 − 40) + 0.10·(100 − 40) = 60; the year after all 70 and 30.
TEST(EcologyEvaluation, TheIndexOfAYearAndItsChange) {
  ElementRows rows(*find_evaluator("ecology"), {point_view("c", "ecology")});
  for (const char* good : {"BIO", "VEG", "WATER"})
    rows.give("c", lab(good, "", {{"2025-12-31", "60"}, {"2026-12-31", "70"}}));
  for (const char* bad : {"LAND", "POLL"})
    rows.give("c", lab(bad, "", {{"2025-12-31", "40"}, {"2026-12-31", "30"}}));
  rows.evaluate("2025-01-01", "2027-01-01");
  EXPECT_EQ(rows.find(Level::point, "c", "2025", "ei")->value, parse_decimal("60.00"));
  EXPECT_EQ(rows.find(Level::point, "c", "2026", "ei_change")->value, parse_decimal("10.00"));
  EXPECT_EQ(rows.find(Level::district, "500109", "2026", "ei")->value, parse_decimal("70.00"));
  EXPECT_EQ(rows.text(Level::point, "c", "2026", "eqi"), "none");
}

}  // namespace
}  // namespace mj::evaluation
