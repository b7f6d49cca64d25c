#include "mj/registry/register_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "book_scene.hpp"
#include "mj/registry/element.hpp"

namespace mj::registry {
namespace {

using testing::HasSubstr;

class Schema : public testing::Test {
 protected:
  std::string refusal(std::string_view text) {
    const auto file = directory_.path() / "register.toml";
    std::ofstream(file) << "approved = [\"stop\"]\nborder_tolerance_km = 3.0\nadopted_from = "
                           "\"2000-01-01\"\nbounds = [73.0, 3.0, 136.0, 54.0]\n"
                        << text;
    const auto schema = RegisterSchema::load(file);
    return schema ? "" : schema.error().text();
  }
  const ScratchDirectory directory_;
};

TEST_F(Schema, TheShippedOneHasEveryElementOfThePlanAndNamesInBothLanguages) {
  const RegisterSchema& schema = shipped_schema();
  for (const KindSchema& kind : schema.kinds()) {
    EXPECT_FALSE(kind.title.zh.empty() || kind.title.en.empty()) << kind.id;
    for (const AttributeSchema& attribute : kind.attributes) {
      EXPECT_FALSE(attribute.title.zh.empty() || attribute.title.en.empty()) << attribute.key;
    }
  }
  const AttributeSchema* element = schema.find("point")->find("element");
  ASSERT_NE(element, nullptr);
  // 环境要素 of the 2016 network plan (mission A1–A8): the list of the program is that of the register, in its order.
  std::vector<std::string_view> words;
  for (const WordTitle& word : element->words) words.push_back(word.id);
  EXPECT_THAT(words, testing::ElementsAre("air", "precipitation", "surface_water", "groundwater",
                                          "drinking_source", "soil", "noise", "radiation", "ecology", "source"));
  ASSERT_EQ(words.size(), kElements.size());
  std::string listed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(kElements[i].word, words[i]);
    EXPECT_NE(schema.duplicate_rule(words[i]), nullptr) << words[i];
    listed += fmt::format("{}{}", i == 0 ? "" : ", ", words[i]);
  }
  EXPECT_EQ(kElementWords, listed);
}

TEST_F(Schema, MistakesAreRefusedWithTheirLine) {
  EXPECT_EQ(refusal(""), "");
  EXPECT_THAT(refusal("[[kind]]\nid = \"a\"\nzh = \"甲\"\n"), HasSubstr("en must be a text"));
  const std::string kind = "[[kind]]\nid = \"a\"\nzh = \"甲\"\nen = \"A\"\nattributes = [";
  EXPECT_THAT(refusal(kind + "{ key = \"x\", zh = \"乙\", en = \"X\", type = \"magic\" }]"),
              HasSubstr("no type \"magic\""));
  EXPECT_THAT(refusal(kind + "{ key = \"x\", zh = \"乙\", en = \"X\", type = \"enum\" }]"),
              HasSubstr("has words"));
  EXPECT_THAT(refusal(kind + "{ key = \"x\", zh = \"乙\", en = \"X\", type = \"reference\", of = \"b\" }]"),
              HasSubstr("unknown kind b"));
  EXPECT_THAT(refusal(kind + "{ key = \"x\", zh = \"乙\", en = \"X\", type = \"text\", wish = 1 }]"),
              HasSubstr(":9: unknown key \"wish\""));
  EXPECT_THAT(refusal(kind + "{ key = \"x\", zh = \"状态\", en = \"X\", type = \"text\" }]"),
              HasSubstr("appears twice"));
  EXPECT_THAT(refusal("approval = 1\n"), HasSubstr("unknown key"));
  EXPECT_THAT(refusal("[[duplicate]]\nelement = \"smell\"\ndistance_m = 1.0\nowner_distance_m = 1.0\n"),
              HasSubstr("element \"smell\" is not one of air, precipitation"));
}

TEST_F(Schema, TheActsThatNeedAnApprovalAreNamedForAllKindsAtOnce) {
  // Issue "The register and the rule book": a change of attribute, move, stop, add needs an approval reference.
  EXPECT_THAT(shipped_schema().approved_actions(),
              testing::ElementsAre(Action::add, Action::change, Action::move, Action::stop, Action::resume));
  const auto file = directory_.path() / "register.toml";
  const std::string rest = "border_tolerance_km = 3.0\nadopted_from = \"2000-01-01\"\nbounds = [73, 3, 136, 54]\n";
  const auto load = [&](std::string_view approved) {
    std::ofstream(file) << approved << rest;
    return RegisterSchema::load(file);
  };
  EXPECT_THAT(load("approved = [\"stop\", \"move\"]\n")->approved_actions(),
              testing::ElementsAre(Action::move, Action::stop));
  EXPECT_TRUE(load("approved = []\n")->approved_actions().empty());
  EXPECT_THAT(load("").error().text(), HasSubstr("approved must list the acts"));
  EXPECT_THAT(load("approved = [\"demolish\"]\n").error().text(), HasSubstr("approved holds add, change"));
}

std::string canonical(std::string_view key, std::string_view written) {
  const auto value = shipped_schema().find("point")->find(key)->canonical(written);
  return value ? *value : "! " + value.error().text();
}

TEST(Canonical, OneFormForEachMeaning) {
  EXPECT_EQ(canonical("name", " 天生\u3000"), "天生");
  EXPECT_EQ(canonical("approximate", "是"), "true");
  EXPECT_EQ(canonical("element", "地表水"), "surface_water");
  EXPECT_EQ(canonical("planned_for", "2026年3月1日"), "2026-03-01");
  EXPECT_EQ(canonical("planned_for", "20260301"), "2026-03-01");
  EXPECT_EQ(canonical("section_order", "12.0"), "12");
  EXPECT_EQ(canonical("km_from_mouth", "12.50"), "12.50");
  EXPECT_EQ(canonical("factors", " a34004、a34002；a34004 , "), "a34004,a34002");
  EXPECT_THAT(canonical("section_order", "12.5"), HasSubstr("no whole number"));
  EXPECT_THAT(canonical("planned_for", "2026-02-30"), HasSubstr("no day"));
  EXPECT_THAT(canonical("lat", "106.4"), HasSubstr("exchanged"));
  EXPECT_THAT(canonical("lon", "181"), HasSubstr("no longitude"));
  EXPECT_THAT(canonical("element", "lava"), HasSubstr("surface_water 地表水"));
  EXPECT_THAT(canonical("name", "  "), HasSubstr("!"));
}

TEST(DayText, ReadsTheFormsOfDepartmentFiles) {
  for (const std::string_view text :
       {"2026-03-01", "2026/3/1", "2026.3.1", "20260301", "2026年3月1日", "2026-03-01 00:00:00"}) {
    EXPECT_EQ(parse_day(text), parse_day("2026-03-01")) << text;
  }
  for (const std::string_view text :
       {"", "2026", "2026-13-01", "2026-02-29", "26-03-01", "2026-03/01", "2026-03-01x"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
  EXPECT_EQ(to_text(day("2024-02-29").plus(1)), "2024-03-01");
  // 00:00 and 23:59:59.999 in Beijing are one day; a moment later is the next.
  EXPECT_EQ(Day::of(parse_iso("2026-03-01 00:00").value()), day("2026-03-01"));
  EXPECT_EQ(Day::of(parse_iso("2026-03-01 23:59:59.999").value()), day("2026-03-01"));
  EXPECT_EQ(Day::of(Instant::from_ms(-28'800'001)), day("1969-12-31"));
  EXPECT_EQ(Day::of(day("1950-06-01").begin()), day("1950-06-01"));
}

}  // namespace
}  // namespace mj::registry
