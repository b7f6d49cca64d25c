#include "mj/appraisal/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace mj::appraisal::test {
namespace {

using testing::HasSubstr;

std::string computed(std::string_view formula,
                     const std::map<std::string, std::string, std::less<>>& values = {}) {
  const auto parsed = Expression::parse(formula);
  if (!parsed) return parsed.error().text();
  const Outcome outcome = parsed->evaluate([&values](std::string_view name) {
    const auto found = values.find(name);
    if (found == values.end()) return NamedValue{};
    return NamedValue{assess::Exact(*parse_decimal(found->second)), found->second};
  });
  return outcome.value ? shown(*outcome.value) : "none: " + outcome.missing;
}

TEST(Expression, ComputesAsPeopleWriteIt) {
  EXPECT_EQ(computed("1 + 2 * 3 - 4 / 8"), "6.5");
  EXPECT_EQ(computed("(1 + 2) * 3"), "9");
  EXPECT_EQ(computed("-2 * -3 - -1"), "7");
  EXPECT_EQ(computed("0.1 + 0.2"), "0.3") << "no binary fractions";
  EXPECT_EQ(computed("1 / 3 * 3"), "1") << "fractions stay exact";
  EXPECT_EQ(computed("1 / 3"), "≈ 0.333333");
  EXPECT_EQ(computed("min(3, 1.5, 2) + max(3, 5) + abs(-4)"), "10.5");
  EXPECT_EQ(computed("round(2.5, 0) + round(3.5, 0)"), "6") << "GB/T 8170: 2 and 4";
  EXPECT_EQ(computed("1 < 2 and 2 <= 2 and 3 != 4 and not_there = 1 or 1", {{"not_there", "0"}}), "1");
  EXPECT_EQ(computed("2 × 3"), "6");
}

TEST(Expression, AConditionDecidesWhichBranchIsComputed) {
  EXPECT_EQ(computed("if(a > 1, a * 10, missing)", {{"a", "2"}}), "20");
  EXPECT_EQ(computed("if(a > 1, a * 10, missing)", {{"a", "1"}}), "none: missing");
  EXPECT_EQ(computed("if(known(b), b, 7)"), "7");
}

TEST(Expression, AMissingValueIsNeverZero) {
  EXPECT_EQ(computed("a * 0", {}), "none: a");
  EXPECT_EQ(computed("1 / (a - 2)", {{"a", "2"}}), "none: ") << "division by zero has no value";
}

TEST(Expression, WrongFormulasAreRefusedWithThePlace) {
  EXPECT_THAT(computed("1 +"), HasSubstr("place 4"));
  EXPECT_THAT(computed("(1"), HasSubstr("\")\" was expected"));
  EXPECT_THAT(computed("1 2"), HasSubstr("an operator was expected"));
  EXPECT_THAT(computed("1 $ 2"), HasSubstr("means nothing"));
  EXPECT_THAT(computed("sin(1)"), HasSubstr("no function sin"));
  EXPECT_THAT(computed("if(1, 2)"), HasSubstr("takes 3"));
  EXPECT_THAT(computed("known(1)"), HasSubstr("known takes a name"));
  EXPECT_THAT(computed("1.2.3"), HasSubstr("no decimal"));
  EXPECT_THAT(computed(std::string(500, '(') + "1" + std::string(500, ')')), HasSubstr("too deep"));
}

TEST(Expression, ShowsTheValuesInThePlaceOfTheNames) {
  const auto formula = Expression::parse("(30 - cod) * 2 + max(0, 1.5 - ammonia) * 30");
  ASSERT_TRUE(formula);
  EXPECT_EQ(formula->substituted([](std::string_view name) { return NamedValue{{}, name == "cod" ? "20" : "1"}; }),
            "(30 - 20) × 2 + max(0, 1.5 - 1) × 30");
  EXPECT_THAT(formula->names(), testing::ElementsAre("cod", "ammonia"));
}

RC_GTEST_PROP(ExpressionProperty, AnyTextIsReadOrRefusedWithoutHarm, (const std::string& text)) {
  const auto parsed = Expression::parse(text);
  if (!parsed) RC_ASSERT(parsed.error().code() == ErrorCode::invalid_input);
}

RC_GTEST_PROP(ExpressionProperty, SumsAndProductsAreThoseOfWholeNumbers, ()) {
  const int a = *rc::gen::inRange(-10000, 10000);
  const int b = *rc::gen::inRange(-10000, 10000);
  const int c = *rc::gen::inRange(-10000, 10000);
  RC_ASSERT(computed(fmt::format("a + {} * c - (a - c)", b < 0 ? fmt::format("({})", b) : std::to_string(b)),
                     {{"a", std::to_string(a)}, {"c", std::to_string(c)}}) ==
            std::to_string(a + std::int64_t{b} * c - (a - c)));
}

}  // namespace
}  // namespace mj::appraisal::test
