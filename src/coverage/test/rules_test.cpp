#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "mj/coverage/tables.hpp"
#include "small_register.hpp"

namespace mj::coverage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(const std::string& rules) {
  const auto set = RuleText(rules).load();
  EXPECT_FALSE(set);
  return set ? "" : set.error().text();
}

Assessment assess_text(const std::string& rules, std::shared_ptr<const Inventory> with) {
  // The set must outlive the result.
  static std::vector<std::unique_ptr<RuleSet>> kept;
  auto set = RuleText(rules).load();
  EXPECT_TRUE(set) << set.error().text();
  kept.push_back(std::make_unique<RuleSet>(*std::move(set)));
  return assess(*kept.back(), std::move(with));
}

TEST(Rules, ThoseThatShipAreReadAndNameTheirSource) {
  const auto set = RuleSet::load(MJ_SOURCE_DIR "/rules/coverage", shipped_schema());
  ASSERT_TRUE(set) << set.error().text();
  EXPECT_GT(set->rules().size(), 35U);
  for (const Rule& each : set->rules()) {
    EXPECT_FALSE(each.clause.empty()) << each.id;
    EXPECT_FALSE(each.quote.empty()) << each.id;
    EXPECT_NE(each.verification, "VERIFIED") << each.id << ": nobody compared it with the printed text yet";
  }
  const Rule* lakes = set->find("cq16-water-lakes");
  ASSERT_NE(lakes, nullptr);
  EXPECT_EQ(lakes->expected, 73);
  EXPECT_EQ(lakes->where.front().at_least, 1e7);
  EXPECT_EQ(set->find("cq19-soil-national")->at_least, 771);
  EXPECT_EQ(set->find("cq19-water-function-zones")->expected, 223);
}

// The documents are not part of the project; where they lie beside it, every quote must stand in one of them. Punctuation is
// left out: the transcription of 2016 has lost its own.
TEST(Rules, EveryQuoteStandsInItsDocument) {
  std::string text;
  for (const char* name :
       {"source-chongqing-2016-network-plan.txt", "source-chongqing-2019-progress-letter.txt"}) {
    std::ifstream in(std::filesystem::path(MJ_SOURCE_DIR).parent_path() / "shared" / "mission" / name);
    if (!in) GTEST_SKIP() << name << " is not there";
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  const auto plain = [](std::string_view written) {
    std::string kept;
    for (std::size_t i = 0; i < written.size();) {
      std::size_t size = 1;
      if (static_cast<unsigned char>(written[i]) >= 0xE0) size = 3;
      const std::string_view character = written.substr(i, size);
      i += size;
      bool mark = false;
      for (const std::string_view each : {"，", "。", "、", "（", "）", ",", ".", " ", "\n", "\r"})
        mark = mark || character == each;
      if (!mark) kept += character;
    }
    return kept;
  };
  const std::string whole = plain(text);
  const auto set = RuleSet::load(MJ_SOURCE_DIR "/rules/coverage", shipped_schema());
  ASSERT_TRUE(set);
  for (const Rule& each : set->rules()) {
    if (each.file != "chongqing_2016.toml" && each.file != "chongqing_2019.toml") continue;
    EXPECT_NE(whole.find(plain(each.quote)), std::string::npos) << each.id << ": " << each.quote;
  }
}

TEST(Rules, AFaultNamesFileAndLine) {
  EXPECT_THAT(refusal(rule("a", "kind = \"total\"\nat_least = 1\npoints = { element = \"water\" }")),
              HasSubstr("element has no word \"water\""));
  EXPECT_THAT(refusal(rule("a", "kind = \"total\"\nat_least = 1\npoints = { method = \"automatic\" }")),
              HasSubstr("element must be a text"));
  EXPECT_THAT(
      refusal(rule("a", "kind = \"per_record\"\nrecord = \"pond\"\nat_least = 1\npoints = { element = \"air\" }")),
      HasSubstr("no kind \"pond\""));
  EXPECT_THAT(refusal(rule("a",
                           "kind = \"per_record\"\nrecord = \"lake\"\nby = \"river\"\nat_least = 1\npoints = { "
                           "element = \"air\" }")),
              HasSubstr("does not name a lake"));
  EXPECT_THAT(
      refusal(rule("a", "kind = \"total\"\nat_least = 1\npoints = { element = \"air\" }\nlevel = \"district\"")),
      HasSubstr("test.toml:14: unknown key \"level\""));
  EXPECT_THAT(refusal(rule("a", "kind = \"total\"\nat_least = -1\npoints = { element = \"air\" }")),
              HasSubstr("at_least must be a whole number"));
  EXPECT_THAT(refusal("[[rule]]\nid = \"a\"\n"), HasSubstr("test.toml:5: title must be"));
  EXPECT_THAT(refusal("x = 1\n"), HasSubstr("unknown key \"x\""));
  const std::string twice = rule("a", "kind = \"total\"\nat_least = 1\npoints = { element = \"air\" }");
  EXPECT_THAT(refusal(twice + twice), HasSubstr("the rule a is there twice"));
}

TEST(Regions, PointsCountInTheDistrictTheyNameOrLieIn) {
  const auto with =
      inventory(three_districts(), {point("a1", {{"element", "air"}, {"region", "50A"}}),
                                    point("a2", {{"element", "air"}, {"region", "50A"}, {"built", "planned"}}),
                                    point("b1", {{"element", "air"}, {"lon", "107.5"}, {"lat", "29.5"}}),
                                    point("v1", {{"element", "air"}, {"region", "50B"}, {"sort", "voc"}}),
                                    point("w1", {{"element", "surface_water"}, {"region", "50C"}})});
  const auto result = assess_text(rule("two",
                                       "kind = \"per_region\"\nlevel = \"district\"\nwithin = \"50\"\nat_least = "
                                       "2\npoints = { element = \"air\", sort = { not = \"voc\" } }"),
                                  with);
  EXPECT_THAT(lines(result), ElementsAre("region 50A 2/1+1 a1 a2", "region 50B 2/1+0 b1", "region 50C 2/0+0"));
  const Sum sum = result.total();
  EXPECT_EQ(sum.gap, 4);
  EXPECT_EQ(sum.open, 3);
  EXPECT_EQ(sum.rows_with_gap, 3);
}

// HJ 664-2013: 300,000 people ask for 2, 60 km² for 4: the larger; 450 km² for one on each 60 km², at least 10.
TEST(Regions, BandsAskForTheLargerFigure) {
  auto records = three_districts();
  for (registry::Record& each : records) each.attributes.erase("population");
  records[1].attributes["urban_population"] = "300000";
  records[1].attributes["built_up_km2"] = "60";
  records[2].attributes["urban_population"] = "3000001";
  records[2].attributes["built_up_km2"] = "800";
  const auto set = RuleSet::load(MJ_SOURCE_DIR "/rules/coverage", shipped_schema());
  ASSERT_TRUE(set);
  const Assessment result = assess(*set, inventory(std::move(records), {}));
  const auto of = result.filtered({.rule = "hj664-urban-points", .element = {}, .region = {}});
  EXPECT_THAT(lines(of), ElementsAre("region 50A 4/0+0", "region 50B 14/0+0", "region 50C 1/0+0"));
  ASSERT_EQ(of.results.size(), 1U);
  EXPECT_FALSE(of.results[0].rows[0].note);
  EXPECT_THAT(of.results[0].rows[2].note->en, HasSubstr("does not know urban_population, built_up_km2"));
}

TEST(Records, EveryRecordThatMeetsTheConditionsNeedsItsPoints) {
  auto records = three_districts();
  records.push_back(record("river", "r1", {{"name", "大河"}, {"basin_area_km2", "100.0"}}));
  records.push_back(record("river", "r2", {{"name", "小河"}, {"basin_area_km2", "99.99"}}));
  records.push_back(record("river", "r3", {{"name", "无数据"}}));
  const auto with = inventory(std::move(records), {point("s1", {{"element", "surface_water"}, {"river", "r1"}}),
                                                   point("s2", {{"element", "surface_water"}, {"river", "r2"}})});
  const std::string body =
      "kind = \"per_record\"\nrecord = \"river\"\nby = \"river\"\nat_least = 1\npoints = { element = "
      "\"surface_water\" }\n";
  EXPECT_THAT(lines(assess_text(rule("r", body + "where = { basin_area_km2 = { at_least = 100 } }"), with)),
              ElementsAre("river r1 1/1+0 s1"));
  EXPECT_THAT(lines(assess_text(rule("r", body + "where = { basin_area_km2 = { below = 100 } }"), with)),
              ElementsAre("river r2 1/1+0 s2"));
  EXPECT_THAT(lines(assess_text(rule("r", body + "where = { basin_area_km2 = \"*\" }"), with)),
              ElementsAre("river r1 1/1+0 s1", "river r2 1/1+0 s2"));
}

TEST(Records, WhatTheDocumentCountsAndTheRegisterLacksIsAGap) {
  auto records = three_districts();
  records.push_back(record("lake", "l1", {{"name", "湖"}, {"volume_m3", "20000000"}, {"region", "50A"}}));
  const auto with =
      inventory(std::move(records), {point("s1", {{"element", "surface_water"}, {"lake_id", "l1"}})});
  const auto result = assess_text(
      rule("l",
           "kind = \"per_record\"\nrecord = \"lake\"\nwhere = { volume_m3 = { at_least = 1e7 } }\nexpected = 73\n"
           "by = \"lake_id\"\nat_least = 1\npoints = { element = \"surface_water\" }"),
      with);
  EXPECT_THAT(lines(result), ElementsAre("lake l1 1/1+0 s1", "lake unregistered 72/0+0"));
  EXPECT_EQ(result.results[0].records_known, 1);
}

TEST(Records, ARuleAboutPointsAsksThePointItself) {
  const auto with =
      inventory(three_districts(),
                {point("s1", {{"element", "surface_water"}, {"sort", "boundary"}, {"method", "automatic"}}),
                 point("s2", {{"element", "surface_water"}, {"sort", "boundary"}, {"method", "manual"}}),
                 point("s3", {{"element", "surface_water"}, {"sort", "control"}})});
  EXPECT_THAT(
      lines(assess_text(rule("p",
                             "kind = \"per_record\"\nrecord = \"point\"\nwhere = { element = \"surface_water\", "
                             "sort = [\"boundary\", \"inflow\"] }\n"
                             "at_least = 1\npoints = { element = \"surface_water\", method = \"automatic\" }"),
                        with)),
      ElementsAre("point s1 1/1+0 s1", "point s2 1/0+0"));
}

TEST(Total, OnlyPointsThatAreNewCountWhereTheRuleAsksForMore) {
  const auto with = inventory(
      three_districts(),
      {point("g1", {{"element", "radiation"}}), point("g2", {{"element", "radiation"}}),
       point("g3", {{"element", "radiation"}, {"built", "planned"}})},
      {point("g1", {{"element", "radiation"}}), point("g2", {{"element", "radiation"}, {"built", "planned"}})});
  const std::string body = "kind = \"total\"\nat_least = 8\npoints = { element = \"radiation\" }\n";
  EXPECT_THAT(lines(assess_text(rule("t", body), with)), ElementsAre("total t 8/2+1 g1 g2 g3"));
  EXPECT_THAT(lines(assess_text(rule("t", body + "new_since = \"2016-10-20\""), with)),
              ElementsAre("total t 8/1+1 g2 g3"));
}

// A river from west to east through A, B and C: two borders inside, in at 106° and out at 109°.
TEST(Boundary, ARiverNeedsASectionWhereItPassesFromOneRegionToAnother) {
  auto records = three_districts();
  records.push_back(record(
      "river", "r1",
      {{"name", "东流河"}, {"geometry", R"({"type":"LineString","coordinates":[[105.5,29.5],[109.5,29.5]]})"}}));
  records.push_back(record("river", "r2", {{"name", "无线河"}}));
  const auto with = inventory(
      std::move(records),
      {point("near", {{"element", "surface_water"}, {"river", "r1"}, {"lon", "107.05"}, {"lat", "29.5"}}),
       point("other", {{"element", "surface_water"}, {"river", "r2"}, {"lon", "107"}, {"lat", "29.5"}}),
       point("named", {{"element", "surface_water"},
                       {"river", "r1"},
                       {"upstream_region", "50B"},
                       {"downstream_region", "50C"}}),
       point("in", {{"element", "surface_water"}, {"lon", "106.01"}, {"lat", "29.51"}})});
  const std::string body =
      "kind = \"boundary\"\nlevel = \"district\"\nnear_km = 10\nmerge_km = 10\nat_least = 1\npoints = { element = "
      "\"surface_water\" }\n";
  EXPECT_THAT(lines(assess_text(rule("i", body + "border = \"inner\""), with)),
              ElementsAre("crossing r1~50A~50B 1/1+0 near", "crossing r1~50B~50C 1/1+0 named",
                          "river without_line 0/0+0"));
  const auto outer = assess_text(rule("o", body + "border = \"outer\""), with);
  EXPECT_THAT(lines(outer), ElementsAre("crossing r1~50A~outside 1/1+0 in", "crossing r1~50C~outside 1/0+0",
                                        "river without_line 0/0+0"));
  const auto& place = outer.results[0].rows[1].subject.place;
  ASSERT_TRUE(place);
  EXPECT_NEAR(place->lon, 109, 1e-9);
  EXPECT_NEAR(place->lat, 29.5, 1e-9);
}

TEST(Boundary, ASectionThatNamesAProvinceOutsideStandsForThatBorder) {
  auto records = three_districts();
  records.push_back(record("region", "51", {{"name", "邻省"}, {"level", "province"}}));
  records.push_back(record(
      "river", "r1",
      {{"name", "东流河"}, {"geometry", R"({"type":"LineString","coordinates":[[105.5,29.5],[109.5,29.5]]})"}}));
  const registry::Attributes water{{"element", "surface_water"}, {"river", "r1"}};
  const auto named = [&water](std::string id, std::string up, std::string down) {
    auto said = water;
    said["upstream_region"] = std::move(up);
    said["downstream_region"] = std::move(down);
    return point(std::move(id), std::move(said));
  };
  const auto with = inventory(std::move(records), {named("in", "51", "50A"), named("inner", "50A", "50B"),
                                                   named("half", "", "50C"), named("far", "51", "50B")});
  EXPECT_THAT(lines(assess_text(rule("o",
                                     "kind = \"boundary\"\nlevel = \"district\"\nborder = \"outer\"\nnear_km = "
                                     "10\nmerge_km = 10\nat_least = 1\npoints = { element = \"surface_water\" }"),
                                with)),
              ElementsAre("crossing r1~50A~outside 1/1+0 in", "crossing r1~50C~outside 1/0+0"));
}

TEST(Boundary, APlaceThatIsNotPublishedDecidesNothing) {
  auto records = three_districts();
  records.push_back(record(
      "river", "r1",
      {{"name", "东流河"}, {"geometry", R"({"type":"LineString","coordinates":[[105.5,29.5],[109.5,29.5]]})"}}));
  const auto with = inventory(std::move(records), {point("s", {{"element", "surface_water"},
                                                               {"river", "r1"},
                                                               {"region", "50A"},
                                                               {"lon", "107.0"},
                                                               {"lat", "29.5"},
                                                               {"approximate", "true"}})});
  const auto result =
      assess_text(rule("i",
                       "kind = \"boundary\"\nlevel = \"district\"\nborder = \"inner\"\nnear_km = "
                       "10\nmerge_km = 10\nat_least = 1\npoints = { element = \"surface_water\" }"),
                  with);
  EXPECT_THAT(lines(result), ElementsAre("crossing r1~50A~50B 1/0+0", "crossing r1~50B~50C 1/0+0"));
  ASSERT_TRUE(result.results[0].rows[0].note);
  EXPECT_THAT(result.results[0].rows[0].note->en, HasSubstr("where s stands is not published"));
  EXPECT_FALSE(result.results[0].rows[1].note);
}

// Ten times over the border within 4.5 km, and once more 70 km further: two crossings.
TEST(Boundary, ARiverThatMeandersAlongTheBorderCrossesItOnce) {
  std::string line;
  for (int i = 0; i < 10; ++i) line += fmt::format("[{},{}],", i % 2 == 0 ? 106.99 : 107.01, 29.1 + 0.005 * i);
  auto records = three_districts();
  records.push_back(
      record("river", "r1",
             {{"name", "界河"},
              {"geometry",
               fmt::format(R"({{"type":"LineString","coordinates":[{}[107.1,29.8],[106.9,29.8]]}})", line)}}));
  const auto result =
      assess_text(rule("i",
                       "kind = \"boundary\"\nlevel = \"district\"\nborder = \"inner\"\nnear_km = 10\nmerge_km = "
                       "10\nat_least = 1\npoints = { element = \"surface_water\" }"),
                  inventory(std::move(records), {}));
  EXPECT_THAT(lines(result), ElementsAre("crossing r1~50A~50B 1/0+0", "crossing r1~50A~50B~2 1/0+0"));
  EXPECT_THAT(result.results[0].rows[0].note->en, HasSubstr("9 crossings within 10 km"));
}

TEST(Rules, HoldFromTheirDayToTheirDay) {
  const std::string rules =
      rule("old", "kind = \"total\"\nvalid_to = \"2025-12-31\"\nat_least = 1\npoints = { element = \"air\" }") +
      rule("new", "kind = \"total\"\nvalid_from = \"2026-03-01\"\nat_least = 1\npoints = { element = \"air\" }") +
      rule("later", "kind = \"total\"\nvalid_from = \"2026-03-02\"\nat_least = 1\npoints = { element = \"air\" }");
  EXPECT_THAT(lines(assess_text(rules, inventory({}, {}))), ElementsAre("total new 1/0+0"));
}

TEST(Filter, RowsAreChosenByRuleElementRegionAndGap) {
  const std::string rules =
      rule("a", "kind = \"per_region\"\nlevel = \"district\"\nat_least = 1\npoints = { element = \"air\" }") +
      rule("n", "kind = \"per_region\"\nlevel = \"district\"\nat_least = 1\npoints = { element = \"noise\" }");
  const auto whole =
      assess_text(rules, inventory(three_districts(), {point("a1", {{"element", "air"}, {"region", "50A"}})}));
  EXPECT_EQ(whole.total().rows, 6);
  EXPECT_EQ(whole.filtered({.rule = "a", .element = {}, .region = {}}).total().rows, 3);
  EXPECT_EQ(whole.filtered({.rule = {}, .element = "noise", .region = {}}).total().rows, 3);
  EXPECT_EQ(whole.filtered({.rule = {}, .element = {}, .region = "50A"}).total().rows, 2);
  EXPECT_EQ(whole.filtered({.rule = {}, .element = {}, .region = "50"}).total().rows, 6);
  EXPECT_EQ(whole.filtered({.rule = {}, .element = {}, .region = {}, .only_gaps = true}).total().rows, 5);
}

TEST(Tables, HaveOneLineForEachRowAndRule) {
  const auto set = RuleSet::load(MJ_SOURCE_DIR "/rules/coverage", shipped_schema());
  ASSERT_TRUE(set);
  const Assessment whole = assess(*set, inventory(three_districts(), {}));
  const auto rows = rows_table(whole);
  EXPECT_EQ(rows.rows.size(), static_cast<std::size_t>(whole.total().rows));
  for (const auto& row : rows.rows) ASSERT_EQ(row.cells.size(), rows.columns.size());
  const auto rules = rules_table(whole);
  EXPECT_EQ(rules.rows.size(), whole.results.size());
  for (const auto& row : rules.rows) ASSERT_EQ(row.cells.size(), rules.columns.size());
}

}  // namespace
}  // namespace mj::coverage
