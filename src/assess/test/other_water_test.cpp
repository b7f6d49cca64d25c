#include "mj/assess/other_water.hpp"

#include <gtest/gtest.h>

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

std::string judged_as(WaterScheme scheme, const std::string& table) {
  return judged(table, [&](const SheetRun& run) { return other_water_sheet(run, scheme); });
}

std::optional<int> groundwater(std::string_view item, std::string_view text) {
  for (const standards::RuleRow& row : shipped_standards().rules("groundwater_limits")) {
    if (row.text("item") == item) return groundwater_class(row, text);
  }
  return std::nullopt;
}

TEST(Groundwater, EqualLimitsResolveToTheBetterClass) {  // GB/T 14848-2017 table 1: Mn 0.05 0.05 0.10 1.50
  EXPECT_EQ(groundwater("mn", "0.05"), 1);
  EXPECT_EQ(groundwater("mn", "0.10"), 3);
  EXPECT_EQ(groundwater("mn", "1.5"), 4);
  EXPECT_EQ(groundwater("mn", "1.51"), 5);
}

TEST(Groundwater, AcidityOfClassFourIsTwoBands) {  // 5.5 ≤ pH < 6.5, 8.5 < pH ≤ 9.0
  EXPECT_EQ(groundwater("ph", "6.5"), 1);
  EXPECT_EQ(groundwater("ph", "6.4"), 4);
  EXPECT_EQ(groundwater("ph", "8.5"), 1);
  EXPECT_EQ(groundwater("ph", "8.6"), 4);
  EXPECT_EQ(groundwater("ph", "9.1"), 5);
  EXPECT_EQ(groundwater("ph", "5.4"), 5);
}

TEST(Groundwater, NotDetectedMeetsNotDetected) {  // LAS class I: 不得检出
  EXPECT_EQ(groundwater("las", "0.05L"), 1);
  EXPECT_EQ(groundwater("las", "0.05"), 2);
  EXPECT_EQ(groundwater("嗅和味", "有"), 5);
  EXPECT_EQ(groundwater("嗅和味", "无"), 1);
  EXPECT_EQ(groundwater("mn", "much"), std::nullopt);
}

TEST(GroundwaterSheet, WorstItemDecidesAndIsNamed) {
  EXPECT_EQ(judged_as(WaterScheme::groundwater, "section,time,ph,mn,fe\nW1,2026-03-01,7.2,0.3,0.2\n"),
            "section,time,class,deciding,class_ph,class_fe,class_mn,standard,verification\n"
            "W1,2026-03-01,IV,mn,I,II,IV,GB/T 14848-2017,THIRD_PARTY\n");
}

TEST(BlackOdorous,
     BoundsThemselvesAreLight) {  // 城市黑臭水体整治工作指南 table 1: light 25–10 cm, 0.2–2 mg/L, 8–15 mg/L
  EXPECT_EQ(
      judged_as(
          WaterScheme::black_odorous,
          "section,time,sd,do,nh3n\na,2026-03-01,26,2.1,7.9\nb,2026-03-01,25,2.1,7.9\nc,2026-03-01,9,3,15\n"),
      "section,time,items,grade,deciding,standard,verification\n"
      "a,2026-03-01,3,none,,城市黑臭水体整治工作指南(2015),THIRD_PARTY\n"
      "b,2026-03-01,3,light,SD,城市黑臭水体整治工作指南(2015),THIRD_PARTY\n"
      "c,2026-03-01,3,heavy,SD,城市黑臭水体整治工作指南(2015),THIRD_PARTY\n");
}

TEST(DrinkingSource, TablesTwoAndThreeAreJudgedBesideClassThree) {  // GB 3838-2002 §5.3: Mn 0.1, 三氯甲烷 0.06
  EXPECT_EQ(judged_as(WaterScheme::drinking,
                      "section,time,kind,ph,tp,tn,mn,三氯甲烷\ns,2026-03-01,lake,7,0.06,5,0.15,0.06\nt,2026-03-01,"
                      "river,7,0.06,5,0.1,\n"),
            "section,time,kind,items,compliant,exceed,standard,verification\n"
            "s,2026-03-01,lake,4,no,TP(0.20)+Mn(0.50),GB 3838-2002,VERIFIED\n"
            "t,2026-03-01,river,3,yes,,GB 3838-2002,VERIFIED\n");
}

}  // namespace
}  // namespace mj::assess
