#include "mj/assess/emission.hpp"

#include <gtest/gtest.h>

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }

OutletLimit limit(const OutletTerms& terms, std::string_view item) {
  return outlet_limit(shipped_standards(), at("2026-03-01"), terms, item).value();
}

TEST(Outlet, AmmoniaDependsOnTheTemperatureOfTheWater) {  // GB 18918-2002 table 1, 1A: 5 above 12 °C, else 8
  OutletTerms terms{"GB 18918-2002", "1A", "", "", d("12.1"), std::nullopt};
  EXPECT_EQ(limit(terms, "nh3n").high, d("5"));
  terms.temperature = d("12");
  EXPECT_EQ(limit(terms, "nh3n").high, d("8"));
  terms.temperature.reset();
  EXPECT_EQ(limit(terms, "nh3n").high, d("5"));
  EXPECT_TRUE(limit(terms, "nh3n").strictest);
}

TEST(Outlet, PhosphorusDependsOnTheYearOfConstruction) {  // GB 18918-2002 table 1, 1A: 1 before 2006, 0.5 after
  EXPECT_EQ(limit({"GB 18918-2002", "1A", "", "", {}, 2005}, "tp").high, d("1"));
  EXPECT_EQ(limit({"GB 18918-2002", "1A", "", "", {}, 2006}, "tp").high, d("0.5"));
}

TEST(Outlet,
     NamedConditionPrecedesTheGeneralRow) {  // GB 8978-1996 table 4, grade 1: BOD5 20; GB 13271-2014 table 1
  EXPECT_EQ(limit({"GB 13271-2014", "in-use", "coal", "", {}, {}}, "so2").high, d("400"));
  EXPECT_EQ(limit({"GB 13271-2014", "in-use", "coal", "Guangxi Chongqing Sichuan Guizhou", {}, {}}, "so2").high,
            d("550"));
  EXPECT_EQ(limit({"GB 8978-1996", "2", "", "", {}, {}}, "cod").high, d("150"));
  EXPECT_EQ(limit({"GB 8978-1996", "2", "", "城镇二级污水处理厂", {}, {}}, "cod").high, d("120"));
  EXPECT_FALSE(outlet_limit(shipped_standards(), at("2026-03-01"), {"GB 1-1900", "1", "", "", {}, {}}, "cod"));
  EXPECT_FALSE(outlet_limit(shipped_standards(), at("2026-03-01"), {"GB 18918-2002", "9", "", "", {}, {}}, "cod"));
}

TEST(Oxygen, ConcentrationIsConvertedToTheReference) {  // GB 13271-2014 §5.2: 40·(21 − 9)/(21 − 12)
  EXPECT_EQ((*at_reference_oxygen(shipped_standards(), d("40"), d("12"), d("9")).value()).round(2), d("53.33"));
  EXPECT_FALSE(at_reference_oxygen(shipped_standards(), d("40"), d("20.9"), d("9")).value());
}

TEST(Rate, IsInterpolatedAndExtrapolatedBySquares) {  // GB 16297-1996: SO2 15 m 2.6, 20 m 4.3, 30 m 15 kg/h
  const auto rate = [](std::string_view height) {
    return (*allowed_rate(shipped_standards(), at("2026-03-01"), "so2", "硫、二氧化硫、硫酸和其它含硫化合物生产",
                          "grade2", d(height))
                 .value())
        .round(3);
  };
  EXPECT_EQ(rate("15"), d("2.600"));
  EXPECT_EQ(rate("25"), d("9.650"));
  EXPECT_EQ(rate("10"), d("0.578"));     // 2.6·(10/15)²/2
  EXPECT_EQ(rate("200"), d("680.000"));  // 170·(200/100)²
}

TEST(EmissionSheet, StackIsJudgedAtReferenceOxygenAndMassIsOfTheMeasuredConcentration) {
  EmissionSheet sheet{"new", "coal"};
  const std::string out = judged(
      "outlet,time,o2,flow,PM,SO2\nD1,2026-03-01 10:00,12,10000,40,100\nD1,2026-03-01 11:00,20.5,10000,40,\n",
      [&](const SheetRun& run) { return emission_sheet(run, sheet); }, SheetFormat::csv, "GB 13271-2014");
  EXPECT_EQ(
      out,
      "outlet,time,item,measured,o2,o2_reference,judged,limit_low,limit,exceed,compliant,mass,mass_unit,note,"
      "standard,clause,verification\n"
      "D1,2026-03-01 10:00,PM,40,12,9,53.3333,,50,0.07,no,0.400000,kg/h,,GB 13271-2014,GB 13271-2014 "
      "表2,VERIFIED\n"
      "D1,2026-03-01 10:00,SO2,100,12,9,133.3333,,300,,yes,1.000000,kg/h,,GB 13271-2014,GB 13271-2014 "
      "表2,VERIFIED\n"
      "D1,2026-03-01 11:00,PM,40,20.5,9,,,50,,,0.400000,kg/h,oxygen too high,GB 13271-2014,GB 13271-2014 表2,"
      "VERIFIED\n");
}

TEST(EmissionSheet, WaterOutletWithRangeAndMass) {
  const std::string out =
      judged("outlet,time,standard,category,ph,cod,volume,t\nW,2026-03-01,GB 18918-2002,1A,9.2,55,1200,15\n",
             [](const SheetRun& run) { return emission_sheet(run, {}); });
  EXPECT_NE(out.find("W,2026-03-01,COD,55,,,55,,50,0.10,no,66.000000,kg,,GB 18918-2002,"), std::string::npos)
      << out;
  EXPECT_NE(out.find("W,2026-03-01,pH,9.2,,,9.2,6,9,,no,,,,GB 18918-2002,"), std::string::npos) << out;
  EXPECT_NE(
      judged("outlet,time,cod\nW,2026-03-01,5\n", [](const SheetRun& run) { return emission_sheet(run, {}); })
          .find("which standard applies"),
      std::string::npos);
}

}  // namespace
}  // namespace mj::assess
