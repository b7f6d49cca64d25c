#include "series_words.hpp"

#include <gtest/gtest.h>

#include "station.hpp"

namespace mj::api::test {
namespace {

// Source of the figures: chosen for the tests; a range of which each side comes from a rule of its own.
constexpr const char* kTwoSides = R"([[limit]]
id = "outlet-ph-upper"
element = "source"
factor = "w01001"
unit = ""
upper = "9"
periods = ["instant"]
severity = "serious"
source = { zh = "测试限值 表1", en = "Limit of the tests, table 1" }
valid_from = "2020-01-01"
verification = "UNVERIFIED"

[[limit]]
id = "outlet-ph-lower"
element = "source"
factor = "w01001"
unit = ""
lower = "6"
periods = ["instant"]
severity = "serious"
source = { zh = "测试限值 表2" }
valid_from = "2020-01-01"
verification = "UNVERIFIED"
)";

TEST(SeriesWords, ALimitWithTwoSourcesNamesBothInEachLanguage) {
  const auto standards = standards::StandardSet::load(MJ_SOURCE_DIR "/standards");
  ASSERT_TRUE(standards) << standards.error().text();
  const auto limits = alarm::LimitSet::parse(kTwoSides, "limits of the tests");
  ASSERT_TRUE(limits) << limits.error().text();
  const Json limit = limit_json(*limits, *standards, point("outlet-1", registry::Element::source, kSourceMn),
                                {kSourceMn, "32", "2011", "w01001", "Rtd"}, "", *parse_iso("2026-03-01T12:00:00"));
  EXPECT_EQ(limit["upper"]["text"], "9");
  EXPECT_EQ(limit["lower"]["text"], "6");
  EXPECT_EQ(limit["source"]["zh"], "测试限值 表1; 测试限值 表2");
  EXPECT_EQ(limit["source"]["en"], "Limit of the tests, table 1; 测试限值 表2");
}

TEST(SeriesWords, ATextWithoutEnglishIsAnsweredInChineseInBoth) {
  EXPECT_EQ(name_json(standards::Text{"未知", ""}), (Json{{"zh", "未知"}, {"en", "未知"}}));
}

}  // namespace
}  // namespace mj::api::test
