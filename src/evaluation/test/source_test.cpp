#include <gtest/gtest.h>

#include "element_rows.hpp"
#include "outlet.hpp"

namespace mj::evaluation {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using telemetry::Period;

GivenSeries hourly(std::string factor, std::string kind, std::string unit, const std::string& value,
                   int hours = 24) {
  GivenSeries series{std::move(factor), std::move(kind), Period::hour, std::move(unit), {}};
  for (int i = 0; i < hours; ++i)
    series.values.emplace_back(fmt::format("2026-05-01T{:02}:00:00+08:00", i), value);
  return series;
}

registry::PointView outlet(std::string id, std::string standard) {
  auto view = point_view(std::move(id), "source");
  view.attributes["standard"] = std::move(standard);
  return view;
}

TEST(Outlet, TheRegisterNamesStandardCategoryUnitAndCondition) {
  const auto terms = outlet_terms("GB 13223-2011; 2；gas ;existing");
  EXPECT_EQ(terms.standard, "GB 13223-2011");
  EXPECT_EQ(terms.category, "2");
  EXPECT_EQ(terms.unit_type, "gas");
  EXPECT_EQ(terms.condition, "existing");
  EXPECT_EQ(outlet_terms("GB 18918-2002；1A").category, "1A");
  EXPECT_EQ(outlet_terms("").standard, "");
}

// GB 18918-2002 grade 1A: COD 50 mg/L as a daily mean. Twelve hours of 40 and twelve of 80: mean 60, (60 − 50)/50 = 0.20.
// Mass: 10 L/s = 36 m³/h; Σ = 12·(40·36 + 80·36)/1000 = 51.84 kg.
TEST(SourceEvaluation, WasteWaterIsJudgedByItsDailyMeanAndItsMassTold) {
  ElementRows rows(*find_evaluator("source"), {outlet("o", "GB 18918-2002; 1A")});
  GivenSeries cod = hourly("w01018", "Avg", "mg/L", "40", 12);
  for (int i = 12; i < 24; ++i) cod.values.emplace_back(fmt::format("2026-05-01T{:02}:00:00+08:00", i), "80");
  rows.give("o", cod);
  rows.give("o", hourly("w00000", "Avg", "L/s", "10"));
  rows.evaluate("2026-05-01", "2026-05-03");
  EXPECT_EQ(rows.text(Level::point, "o", "2026-05-01", "exceed"), "0.20 no no COD(0.20)");
  EXPECT_EQ(rows.text(Level::point, "o", "2026-05-01", "mass.COD"), "51.840");
  EXPECT_EQ(rows.text(Level::point, "o", "2026-05", "mass.COD"), "51.840");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026", "mass.COD"), "51.840");
  EXPECT_EQ(rows.text(Level::point, "o", "2026-05", "rate"), "0.0");
}

// GB 13271-2014 table 2 (new), gas boiler: NOx 200 mg/m³ at 3.5 % O2. Measured 150 at 9 %: 150·(21 − 3.5)/(21 − 9) = 218.75,
// (218.75 − 200)/200 = 0.09.
TEST(SourceEvaluation, StacksAreConvertedToReferenceOxygenHourByHour) {
  ElementRows rows(*find_evaluator("source"), {outlet("s", "GB 13271-2014; new; gas")});
  rows.give("s", hourly("a21002", "Avg", "mg/m³", "150", 20));
  rows.give("s", hourly("a19001", "Avg", "%", "9"));
  rows.give("s", hourly("a00000", "Avg", "m³/s", "2"));
  rows.evaluate("2026-05-01", "2026-05-02");
  EXPECT_EQ(rows.text(Level::point, "s", "2026-05-01", "exceed"), "0.09 no no NOx(0.09)");
  EXPECT_EQ(rows.text(Level::point, "s", "2026-05-01", "exceed_hours"), "20 NOx(0.09)");
  // The mass is of the measured, not the converted, concentration: 20 h · 150 mg/m³ · 7200 m³/h = 21.6 kg.
  EXPECT_EQ(rows.text(Level::point, "s", "2026-05-01", "mass.NOx"), "21.600 incomplete | 20 of 24 hours");
}

TEST(SourceEvaluation, WhatTheDeviceHasConvertedIsNotConvertedAgain) {
  ElementRows rows(*find_evaluator("source"), {outlet("s", "GB 13271-2014; new; gas")});
  rows.give("s", hourly("a21002", "Avg", "mg/m³", "150"));
  rows.give("s", hourly("a21002", "ZsAvg", "mg/m³", "199"));
  rows.give("s", hourly("a19001", "Avg", "%", "9"));
  rows.evaluate("2026-05-01", "2026-05-02");
  EXPECT_EQ(rows.text(Level::point, "s", "2026-05-01", "exceed"), "0.00 yes yes");
  EXPECT_EQ(rows.text(Level::district, "500109", "2026-05-01", "rate"), "100.0");
}

TEST(SourceEvaluation, AnOutletWithoutStandardHasMassesOnly) {
  ElementRows rows(*find_evaluator("source"), {outlet("o", "")});
  rows.give("o", hourly("w01018", "Avg", "mg/L", "40"));
  rows.give("o", hourly("w00000", "Cou", "m³", "100"));
  rows.evaluate("2026-05-01", "2026-05-02");
  EXPECT_EQ(rows.text(Level::point, "o", "2026-05-01", "exceed"), "none");
  EXPECT_EQ(rows.text(Level::point, "o", "2026-05-01", "mass.COD"), "96.000");
}

}  // namespace
}  // namespace mj::evaluation
