#include "mj/assess/soil.hpp"

#include <gtest/gtest.h>

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
Instant at(std::string_view text) { return parse_iso(text).value(); }

SoilVerdict farm(std::string_view item, std::string_view content, std::string_view ph, std::string land) {
  return judge_soil(shipped_standards(), at("2026-03-01"), {true, std::move(land), d(ph), 1}, item, d(content))
      .value()
      .value();
}

// GB 15618-2018 tables 1 and 3: Cd of paddy land 0.3 up to pH 5.5 and 0.4 up to 6.5; intervention 1.5 and 2.0.
TEST(Soil, LimitsOfFarmLandDependOnLandAndPhWithInclusiveUpperBound) {
  EXPECT_EQ(farm("Cd", "0.3", "5.5", "水田").risk, SoilRisk::low);
  EXPECT_EQ(farm("Cd", "0.31", "5.5", "水田").risk, SoilRisk::possible);
  EXPECT_EQ(farm("Cd", "0.31", "5.51", "水田").risk, SoilRisk::low);
  EXPECT_EQ(farm("cd", "0.31", "5.51", "其他").risk, SoilRisk::possible);
  EXPECT_EQ(farm("Cd", "1.5", "5.5", "其他").risk, SoilRisk::possible);
  EXPECT_EQ(farm("Cd", "1.6", "5.5", "其他").risk, SoilRisk::high);
}

TEST(Soil, OrchardsHaveAValueOfTheirOwnForCopperOnly) {  // table 1: Cu 150 in orchards, 50 elsewhere up to pH 6.5
  EXPECT_EQ(farm("Cu", "100", "6", "果园").risk, SoilRisk::low);
  EXPECT_EQ(farm("Cu", "100", "6", "其他").risk, SoilRisk::possible);
  EXPECT_EQ(farm("Cu", "100", "6", "水田").risk, SoilRisk::possible);
  EXPECT_EQ(farm("Cu", "100", "6", "其他").intervention, std::nullopt);
  EXPECT_EQ(farm("Cd", "0.3", "5.5", "果园").screening, d("0.3"));
}

TEST(Soil, ConstructionLandHasTwoClasses) {  // GB 36600-2018 table 1: As 20 and 60, intervention 120 and 140
  const auto verdict = [](int land_class, std::string_view content) {
    return judge_soil(shipped_standards(), at("2026-03-01"), {false, "", {}, land_class}, "As", d(content))
        .value()
        ->risk;
  };
  EXPECT_EQ(verdict(1, "20"), SoilRisk::low);
  EXPECT_EQ(verdict(1, "21"), SoilRisk::possible);
  EXPECT_EQ(verdict(2, "60"), SoilRisk::low);
  EXPECT_EQ(verdict(2, "141"), SoilRisk::high);
  EXPECT_FALSE(judge_soil(shipped_standards(), at("2026-03-01"), {false, "", {}, 1}, "gold", d("1")).value());
}

TEST(Soil, NemerowWeighsTheGreatestIndex) {  // √((2² + 3²)/2) = 2.5495
  EXPECT_NEAR(*nemerow(std::vector<Exact>{d("1"), d("3")}), 2.5495, 1e-4);
  EXPECT_EQ(nemerow({}), std::nullopt);
}

// A published survey of 30 samples (Hans Publishers, table 15-2180896_7): greatest and mean single index of five metals (its unit "mg/kg" is that
// of the contents), their Nemerow indices and grades.
TEST(Soil, NemerowIndicesOfAPublishedSurveyComeOut) {
  struct Metal {
    const char* greatest;
    const char* mean;
    const char* index;
    const char* grade;
  };
  constexpr int kSamples = 30;
  for (const Metal& metal : {Metal{"1.10", "0.26", "0.80", "尚清洁"}, Metal{"0.46", "0.12", "0.34", "清洁"},
                             Metal{"0.70", "0.26", "0.53", "清洁"}, Metal{"0.82", "0.06", "0.58", "清洁"},
                             Metal{"0.35", "0.14", "0.27", "清洁"}}) {
    // One sample has the greatest index, the others share the rest, so that the mean is the published one.
    const Exact rest =
        (Exact(d(metal.mean)) * Exact::of(kSamples, 1) - d(metal.greatest)) / Exact::of(kSamples - 1, 1);
    std::vector<Exact> indices(kSamples - 1, rest);
    indices.emplace_back(d(metal.greatest));
    const Decimal index = parse_decimal(fmt::format("{:.2f}", nemerow(indices).value())).value();
    EXPECT_EQ(index, d(metal.index));
    const auto* grade = soil_grade(shipped_standards(), at("2026-03-01"), "nemerow", index);
    ASSERT_NE(grade, nullptr);
    EXPECT_TRUE(grade->text("name_zh").starts_with(metal.grade)) << grade->text("name_zh");
  }
}

TEST(SoilSheet, ItemsAndSamples) {
  const std::string table = "sample,time,land,ph,Cd,Pb,As\nS1,2026-03-01,paddy,6.0,0.8,90,\n";
  EXPECT_EQ(judged(table, [](const SheetRun& run) { return soil_sheet(run, {}); }),
            "sample,time,item,content,screening,intervention,risk,index,grade,standard,verification\n"
            "S1,2026-03-01,Cd,0.8,0.4,2.0,possible,2.00,轻微污染,GB 15618-2018,UNVERIFIED\n"
            "S1,2026-03-01,Pb,90,100,500,low,0.90,无污染,GB 15618-2018,UNVERIFIED\n");
  // √((1.45² + 2²)/2) = 1.7468
  EXPECT_EQ(judged(table, [](const SheetRun& run) { return soil_sheet(run, {true}); }),
            "sample,time,items,risk,above_screening,above_intervention,nemerow,grade,standard,verification\n"
            "S1,2026-03-01,2,possible,Cd(1.00),,1.75,轻度污染,GB 15618-2018,UNVERIFIED\n");
  EXPECT_EQ(judged("sample,time,land_class,as,苯\nS,2026-03-01,3,1,1\n",
                   [](const SheetRun& run) { return soil_sheet(run, {}); }),
            "error: row 1 (line 2), column land_class: \"3\" is neither 1 nor 2");
}

}  // namespace
}  // namespace mj::assess
