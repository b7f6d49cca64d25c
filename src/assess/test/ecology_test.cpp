#include "mj/assess/ecology.hpp"

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
EcologyRules rules(std::string_view index) {
  return EcologyRules::load(shipped_standards(), parse_iso("2026-03-01").value(), index).value();
}
std::string ecology(const std::string& table, EcologySheet sheet = {}) {
  return judged(table, [&](const SheetRun& run) { return ecology_sheet(run, sheet); });
}

TEST(Ecology,
     IndexWeighsItsPartsAndTurnsStressAround) {  // 0.35·80 + 0.25·70 + 0.15·60 + 0.15·(100−20) + 0.10·(100−10)
  const std::array values{d("80"), d("70"), d("60"), d("20"), d("10")};
  EXPECT_EQ(rules("EI").index(values), d("75.50"));
  const std::array capped{d("120"), d("70"), d("60"), d("-5"), d("10")};  // 100 and 0
  EXPECT_EQ(rules("EI").index(capped), d("85.50"));
  EXPECT_EQ(rules("EI").index(std::span(values).first(4)), std::nullopt);
}

TEST(Ecology, BoundsOfEiBelongToTheBetterGrade) {  // HJ 192-2015 §5.8: 75, 55, 35, 20
  const EcologyRules ei = rules("EI");
  for (const auto& [value, grade] : {std::pair("75", "优"), std::pair("74.99", "良"), std::pair("55", "良"),
                                     std::pair("35", "一般"), std::pair("20", "较差"), std::pair("19.99", "差")})
    EXPECT_EQ(ei.grade(d(value)).zh, grade) << value;
}

// Published results: nation 2024 59.95; Henan 2024 54.76 class III with counties from 32.73 (IV) to 84.81 (I); Yixing 2021 62.7 class II;
// Guangxi 2020–2024 from 74.91 to 74.63, class I throughout.
TEST(Ecology, ClassesOfEqiAreThoseOfPublishedResults) {
  const EcologyRules eqi = rules("EQI");
  EXPECT_EQ(eqi.grade(d("54.76")).zh, "三类");
  EXPECT_EQ(eqi.grade(d("62.7")).zh, "二类");
  EXPECT_EQ(eqi.grade(d("84.81")).zh, "一类");
  EXPECT_EQ(eqi.grade(d("32.73")).zh, "四类");
  EXPECT_EQ(eqi.grade(d("74.63")).zh, "一类");
  EXPECT_EQ(eqi.change(d("74.91"), d("74.63"))->zh, "基本稳定");
}

TEST(Ecology, ChangesAreGradedByTheirAmountAndNamedByTheirDirection) {
  const EcologyRules eqi = rules("EQI");
  EXPECT_EQ(eqi.change(d("50"), d("51"))->zh, "轻微变好");
  EXPECT_EQ(eqi.change(d("50"), d("48"))->zh, "一般变差");
  EXPECT_EQ(eqi.change(d("50"), d("46"))->en, "Clearly worse");
  EXPECT_EQ(rules("EI").change(d("50"), d("53"))->zh, "明显变好");
  EXPECT_EQ(rules("EI").change(d("50"), d("50.99"))->zh, "无明显变化");
  EXPECT_EQ(rules("EI").change(d("50"), d("42"))->zh, "显著变差");
}

TEST(Ecology, RestrictionsLowerTheGrade) {
  const EcologyRules ei = rules("EI");
  EXPECT_EQ(ei.grade(d("80"), EcologyRestriction::medium).zh, "良");
  EXPECT_EQ(ei.grade(d("80"), EcologyRestriction::major).zh, "一般");
  EXPECT_EQ(ei.grade(d("40"), EcologyRestriction::major).zh, "较差");
  EXPECT_EQ(ei.grade(d("10"), EcologyRestriction::major).zh, "差");
}

TEST(EcologySheet, RowsOfARegionAreComparedWithTheLastAndMemoryIsMarked) {
  EXPECT_EQ(ecology("region,time,BIO,VEG,WATER,LAND,POLL,restriction\nA,2024-12-31,80,70,60,20,10,\n"
                    "A,2025-12-31,80,70,60,20,40,medium\n"),
            "region,time,index,value,grade,name,change,change_name,restriction,standard,verification\n"
            "A,2024-12-31,EI,75.50,1,优,,,,HJ 192-2015,UNVERIFIED\n"
            "A,2025-12-31,EI,72.50,3,一般,-3.00,明显变差,medium,HJ 192-2015,UNVERIFIED\n");
  EXPECT_EQ(ecology("region,time,pattern,function,biodiversity,stress\nB,2024-12-31,60,50,40,30\n", {"EQI", true}),
            "region,time,index,value,grade,name,change,change_name,restriction,standard,verification\n"
            "B,2024-12-31,EQI,53.70,3,Class III,,,,环监测〔2021〕99号,UNVERIFIED\n");
}

TEST(EcologySheet, MistakesAreToldWithRowAndColumn) {
  EXPECT_NE(ecology("region,time,bio,veg,water,land,poll\nA,2024-12-31,80,,60,20,10\n")
                .find("row 1 (line 2), column veg"),
            std::string::npos);
  EXPECT_NE(ecology("region,time,bio,veg,water,land\nA,2024-12-31,80,1,60,20\n").find("poll"), std::string::npos);
  EXPECT_NE(ecology("region,time,bio,veg,water,land,poll,restriction\nA,2024-12-31,80,1,60,20,1,bad\n")
                .find("\"bad\" is none of none, medium, major"),
            std::string::npos);
  EXPECT_NE(ecology("region,time,bio,veg,water,land,poll\nA,2014-12-31,80,1,60,20,1\n").find("no weights of EI"),
            std::string::npos);  // before HJ 192-2015
}

}  // namespace
}  // namespace mj::assess
