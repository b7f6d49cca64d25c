#include "mj/assess/cwqi.hpp"

#include <gtest/gtest.h>

#include "mj/assess/trophic.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }

std::string cwqi(const std::string& table, bool calculation = false) {
  CwqiSheet sheet;
  sheet.calculation = calculation;
  return judged(table, [&](const SheetRun& run) { return cwqi_sheet(run, sheet); });
}

const standards::WaterItem& item(const CwqiRules& rules, std::string_view name) {
  return *std::find_if(rules.standard->items.begin(), rules.standard->items.end(),
                       [&](const auto& i) { return i.item == name; });
}

// 环办监测〔2017〕51号 四(二): Cs of class III; pH_sd = 6, pH_su = 9.
TEST(Cwqi, SingleIndices) {
  const CwqiRules rules = CwqiRules::load(shipped_standards(), at("2026-03-01")).value();
  EXPECT_EQ(cwqi_single(rules, item(rules, "CODMn"), d("3")).round(4), d("0.5000"));
  EXPECT_EQ(cwqi_single(rules, item(rules, "DO"), d("8")).round(4), d("0.6250"));
  EXPECT_EQ(cwqi_single(rules, item(rules, "pH"), d("7.8")).round(4), d("0.4000"));
  EXPECT_EQ(cwqi_single(rules, item(rules, "pH"), d("6.7")).round(4), d("0.3000"));
  EXPECT_EQ(cwqi_single(rules, item(rules, "pH"), d("7")).round(4), d("0.0000"));
  EXPECT_TRUE(cwqi_single(rules, item(rules, "DO"), d("0")).lost());
}

TEST(Cwqi, TotalIsWeightedByNumbersOfPoints) {
  EXPECT_EQ(cwqi_total(Exact(d("4")), 3, Exact(d("8")), 1)->round(4), d("5.0000"));
  EXPECT_EQ(cwqi_total(std::nullopt, 0, Exact(d("8")), 1)->round(4), d("8.0000"));
  EXPECT_FALSE(cwqi_total(std::nullopt, 0, std::nullopt, 0));
}

// By hand. North, report: river means CODMn (3+6)/2 = 4.5 → 0.75, NH3-N (0.2+0.6)/2 = 0.4 → 0.4; sum 1.15. Lake: CODMn
// 3 → 0.5, TP 0.1/0.05 = 2; sum 2.5. (1.15·2 + 2.5·1)/3 = 1.6. Base: river CODMn 6 → 1, NH3-N 1 → 1: 2. Change −20 %.
constexpr const char* kTable =
    "district,period,section,time,kind,codmn,nh3n,tp\n"
    "North,report,a,2026-03-01,river,2,0.2,\n"
    "North,report,a,2026-03-11,river,4,0.2,\n"
    "North,report,b,2026-03-01,river,6,0.6,\n"
    "North,report,l,2026-03-01,lake,3,,0.1\n"
    "North,base,a,2025-03-01,river,6,1.0,\n"
    "South,report,s,2026-03-01,river,3,0.1,\n"
    "South,base,s,2025-03-01,river,3,0.2,\n";

TEST(Cwqi, DistrictsAreRankedByLevelAndByChange) {
  EXPECT_EQ(
      cwqi(kTable),
      "district,river_sections,lake_points,items,cwqi_river,cwqi_lake,cwqi,rank,cwqi_base,change_percent,"
      "change_rank,change_excluded,standard,verification\n"
      "North,2,1,3,1.1500,2.5000,1.6000,2,2.0000,-20.00,1,no,环办监测〔2017〕51号 + GB 3838-2002,UNVERIFIED\n"
      "South,1,0,2,0.6000,,0.6000,1,0.7000,-14.29,,yes,环办监测〔2017〕51号 + GB 3838-2002,UNVERIFIED\n");
}

TEST(Cwqi, CalculationSheetShowsEveryPart) {
  const std::string out = cwqi(kTable, true);
  EXPECT_NE(out.find("North,report,river,CODMn,2,4.500000,6,C/Cs,0.750000,"), std::string::npos) << out;
  EXPECT_NE(out.find("North,report,lake,TP,1,0.100000,0.05,C/Cs,2.000000,"), std::string::npos) << out;
}

TEST(Cwqi, ErrorsNameRowAndColumn) {
  EXPECT_EQ(cwqi("district,period,section,time,tp\nN,now,a,2026-03-01,0.1\n"),
            "error: row 1 (line 2), column period: \"now\" is neither base nor report");
  EXPECT_NE(cwqi("section,time,tp\na,2026-03-01,0.1\n").find("no column district"), std::string::npos);
}

// Weights as printed in many published studies (e.g. 中国典型湖泊富营养化现状, 2018): 0.2663 0.1879 0.1790 0.1834 0.1834;
// the index below computed with them by an independent script: chla 20, TP 0.08, TN 1.5, SD 0.5, CODMn 5.
TEST(Trophic, IndexAndGrade) {
  const std::string out =
      judged("lake,time,chla,tp,tn,sd,codmn\nT,2026-07-01,20,0.08,1.5,0.5,5\nU,2026-07-01,0.005L,0.01,0.1,6,1\n",
             [](const SheetRun& run) { return tli_sheet(run); });
  EXPECT_EQ(out.substr(out.find('\n') + 1),
            "T,2026-07-01,57.53,53.34,61.40,64.63,43.92,5,56.24,轻度富营养,环办〔2011〕22号,THIRD_PARTY\n"
            "U,2026-07-01,-40.07,19.57,15.52,16.42,1.09,5,-1.00,贫营养,环办〔2011〕22号,THIRD_PARTY\n");
}

TEST(Trophic, BoundsBelongToTheGradesAsPublished) {  // <30 贫, 30…50 中, (50, 60] 轻度, (60, 70] 中度
  TrophicRules rules = TrophicRules::load(shipped_standards(), at("2026-07-01")).value();
  rules.items = {{"x", 0, 0, 1, ""}};
  const std::vector<std::pair<double, std::string_view>> bounds{
      {2.999, "贫营养"}, {3, "中营养"},     {5, "中营养"},        {5.001, "轻度富营养"},
      {6, "轻度富营养"}, {7, "中度富营养"}, {7.001, "重度富营养"}};
  for (const auto& [a, grade] : bounds) {
    rules.items[0].a = a;
    EXPECT_EQ(judge_trophic(rules, std::vector<std::optional<Decimal>>{Decimal{1, 0}}).grade->text("name_zh"),
              grade)
        << a;
  }
}

}  // namespace
}  // namespace mj::assess
