#include "mj/assess/section.hpp"

#include <gtest/gtest.h>

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

std::string water(const std::string& table, WaterSheet sheet = {}) {
  return judged(table, [&](const SheetRun& run) { return water_sheet(run, sheet); });
}

// A published monthly report (Dazhou, October 2015) names for the section 铜钵河上河坝: TP (V, 0.7), BOD5 (V, 0.5),
// NH3-N (IV, 0.2), COD (IV, 0.1), in this order. The concentrations are chosen to those multiples.
TEST(WaterSheet, WorseItemsAreOrderedByClassAndThenByMultipleAsInAPublishedReport) {
  EXPECT_EQ(
      water("section,time,kind,ph,do,codmn,cod,bod5,nh3n,tp\n"
            "上河坝,2015-10-01,river,7.6,6.1,5.8,22,6.0,1.20,0.34\n"),
      "section,time,kind,class,status,deciding,class_ph,class_do,class_codmn,class_cod,class_bod5,class_nh3n,"
      "class_tp,exceed,main,unsuitable,standard,verification\n"
      "上河坝,2015-10-01,river,V,中度污染,TP,I,II,III,IV,IV,IV,V,"
      "TP(0.70)+BOD5(0.50)+NH3N(0.20)+COD(0.10),TP(0.70)+BOD5(0.50)+NH3N(0.20),,GB 3838-2002,VERIFIED\n");
}

// Published monthly report of a county (Chun'an, July 2015): the inflow of the reservoir, CODMn 1.91, NH3-N 0.053, TP 0.034 mg/L, is
// class II of rivers; at the dam 1.42, 0.012, 0.005 are class I of lakes, and total nitrogen 0.98, for reference, is III.
TEST(WaterSheet, AReservoirAndItsInflowAsInAPublishedReport) {
  const std::string out = water(
      "section,time,kind,codmn,nh3n,tp,tn\n街口,2015-07-01,river,1.91,0.053,0.034,1.68\n大坝前,2015-07-01,lake,1."
      "42,0.012,0.005,0.98\n");
  EXPECT_NE(out.find("街口,2015-07-01,river,II,优,TP,I,I,II,,"), std::string::npos) << out;
  EXPECT_NE(out.find("大坝前,2015-07-01,lake,I,优,,I,I,I,III,"), std::string::npos) << out;
}

TEST(WaterSheet, LimitsOfPhosphorusAreThoseOfTheKindAndNitrogenOfLakesIsForReference) {
  const std::string out = water("section,time,kind,tp,tn\na,2026-03-01,river,0.05,9\nb,2026-03-01,lake,0.05,9\n");
  EXPECT_NE(out.find("a,2026-03-01,river,II,优,TP,II,,"), std::string::npos) << out;
  EXPECT_NE(out.find("b,2026-03-01,lake,III,良好,TP,III,劣V,"), std::string::npos) << out;
}

TEST(WaterSheet, ValuesAreRoundedBeforeTheyAreJudged) {  // standards of evaluation: TP 3 digits, half to even
  const std::string out = water("section,time,tp\na,2026-03-01,0.2004\nb,2026-03-01,0.2006\n");
  EXPECT_NE(out.find("a,2026-03-01,river,III"), std::string::npos) << out;
  EXPECT_NE(out.find("b,2026-03-01,river,IV"), std::string::npos) << out;
  EXPECT_NE(out.find("TP(0.00)"), std::string::npos) << out;  // (0.201 − 0.2)/0.2 = 0.005 → 0.00, half to even
}

TEST(WaterSheet, WhatWasNotDetectedCountsHalfAndALimitTooHighIsSaid) {
  const std::string out = water("section,time,hg,cd\na,2026-03-01,0.00004L,<0.001\nb,2026-03-01,0.0002L,ND\n");
  EXPECT_NE(out.find("a,2026-03-01,river,I,优,,I,I,,,,GB"), std::string::npos) << out;
  EXPECT_NE(out.find("b,2026-03-01,river,III,良好,Hg,III,I,,,Hg,GB"), std::string::npos) << out;
}

TEST(WaterSheet, SaturatedOxygenIsClassOneAndTheTargetIsCompared) {  // GB 3838-2002 table 1
  const std::string out =
      water("section,time,do,do_saturation,target\na,2026-08-01,7.0,92,Ⅱ\nb,2026-08-01,4.9,60,III\n");
  EXPECT_NE(out.find("a,2026-08-01,river,I,优,,I,,,II,yes,"), std::string::npos) << out;
  EXPECT_NE(out.find("b,2026-08-01,river,IV,轻度污染,DO,IV,DO,DO,III,no,"), std::string::npos) << out;
}

TEST(WaterSheet, MeansAreTakenBeforeTheClassAndPhThroughItsIons) {
  // TP (0.1 + 0.3)/2 = 0.2 → III. pH: −lg((10^-6 + 10^-9)/2) = 6.3006, not 7.5.
  const std::string out =
      water("section,time,ph,tp\na,2026-03-02,6,0.1\na,2026-03-20,9,0.3\na,2026-04-01,7,0.31\n",
            {WaterPeriod::quarter, ""});
  EXPECT_NE(out.find("a,2026-Q1,river,2,III,良好,TP,I,III,"), std::string::npos) << out;
  EXPECT_NE(out.find("a,2026-Q2,river,1,V,"), std::string::npos) << out;
}

TEST(WaterSheet, GroupsAreJudgedBySharesAndSmallOnesByTheirMeans) {
  std::string table = "section,time,basin,tp\n";
  for (int i = 0; i < 8; ++i)
    table += fmt::format("s{},2026-03-01,big,{}\n", i, i < 6 ? "0.1" : i == 6 ? "0.25" : "0.5");
  table += "x,2026-03-01,small,0.1\ny,2026-03-01,small,0.5\n";
  EXPECT_EQ(water(table, {WaterPeriod::month, "basin"}),
            "group,time,sections,I,II,III,IV,V,worse_V,good_share,bad_share,judged_by,status,main,standard,"
            "verification\n"
            "big,2026-03,8,0,6,0,1,0,1,75.0,12.5,shares,良好,TP(25.0%),GB 3838-2002,UNVERIFIED\n"
            "small,2026-03,2,0,1,0,0,0,1,50.0,50.0,means,轻度污染,TP(0.50),GB 3838-2002,UNVERIFIED\n");
}

TEST(WaterSheet, ErrorsNameRowAndColumn) {
  EXPECT_EQ(water("section,time,kind,tp\na,2026-03-01,sea,0.1\n"),
            "error: row 1 (line 2), column kind: \"sea\" is neither river nor lake");
  EXPECT_EQ(water("section,time,tp\na,2026-03-01,0.1x\n"),
            "error: row 1 (line 2), column tp: \"0.1x\" is not a number such as 0.05, 0.004L or ND");
  EXPECT_NE(water("section,time\na,2026-03-01\n").find("no column of an item"), std::string::npos);
}

// All rows of the national publication whose name has no lake or reservoir word; the class is the published one.
TEST(WaterSheet, PublishedClassesAreReproduced) {
  std::string table;
  {
    std::FILE* file = std::fopen(MJ_TESTDATA "/water_published.csv", "rb");
    ASSERT_NE(file, nullptr);
    std::array<char, 4096> buffer{};
    std::size_t got = 0;
    while ((got = std::fread(buffer.data(), 1, buffer.size(), file)) > 0) table.append(buffer.data(), got);
    std::fclose(file);
  }
  const std::string out = water(table);
  std::size_t rows = 0;
  std::size_t equal = 0;
  std::size_t at = table.find("\nriver,") + 1;
  at = table.find('\n', at) + 1;
  std::size_t result = out.find('\n') + 1;
  while (at < table.size()) {
    const std::string line = table.substr(at, table.find('\n', at) - at);
    const std::string verdict = out.substr(result, out.find('\n', result) - result);
    at += line.size() + 1;
    result += verdict.size() + 1;
    std::vector<std::string> cells(1);
    for (const char c : line) c == ',' ? cells.emplace_back() : cells.back().append(1, c);
    if (cells[3].empty() || line.find("库") != std::string::npos) continue;
    std::vector<std::string> judged_cells(1);
    for (const char c : verdict) c == ',' ? judged_cells.emplace_back() : judged_cells.back().append(1, c);
    ++rows;
    equal += parse_class(cells[3]) == parse_class(judged_cells[3]) ? 1U : 0U;
  }
  EXPECT_GT(rows, 100U);
  EXPECT_EQ(equal, rows);
}

}  // namespace
}  // namespace mj::assess
