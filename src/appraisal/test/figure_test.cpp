// Sheets of appraisals: their operations, computed again with fractions of any size, give the figures that are shown.
#include "mj/appraisal/figure.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj::appraisal::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;
using evaluation::SheetOp;
using testing::HasSubstr;
using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;
using Given = std::map<std::string, std::map<std::string, std::string>>;

Integer tens(unsigned exponent) { return boost::multiprecision::pow(Integer(10), exponent); }
Rational number_of(Decimal value) { return Rational(Integer(value.mantissa), tens(value.decimals)); }
Rational number_of(const std::string& text) { return number_of(parse_decimal(text).value()); }

/// Half to even, GB/T 8170-2008 §3.
Rational half_even(const Rational& value, unsigned decimals) {
  const Rational scaled = value * Rational(tens(decimals));
  const Integer above = numerator(scaled);
  const Integer below = denominator(scaled);
  Integer whole = above / below;
  if (above < 0 && whole * below != above) whole -= 1;
  const Rational rest = scaled - Rational(whole);
  if (rest > Rational(1, 2) || (rest == Rational(1, 2) && whole % 2 != 0)) whole += 1;
  return Rational(whole, tens(decimals));
}

/// From docs/formats/bundle.md alone.
Rational replayed(const evaluation::Sheet& sheet) {
  std::vector<Rational> results;
  const auto of = [&](const evaluation::SheetOperand& operand) {
    return operand.computed ? results.at(operand.place) : number_of(*sheet.inputs.at(operand.place).figure);
  };
  for (const evaluation::SheetOperation& operation : sheet.operations) {
    std::vector<Rational> all;
    for (const auto& operand : operation.operands) all.push_back(of(operand));
    Rational sum = 0;
    Rational product = 1;
    for (const Rational& each : all) {
      sum += each;
      product *= each;
    }
    Rational result;
    switch (operation.op) {
      case SheetOp::scale: result = all[0] * number_of(operation.number); break;
      case SheetOp::round: result = half_even(all[0], operation.decimals); break;
      case SheetOp::sum: result = half_even(sum, operation.decimals); break;
      case SheetOp::difference: result = half_even(all[0] - all[1], operation.decimals); break;
      case SheetOp::product: result = half_even(product, operation.decimals); break;
      case SheetOp::ratio: result = half_even(all[0] / all[1], operation.decimals); break;
      case SheetOp::count:
        result =
            std::ranges::count_if(all, [&](const Rational& each) { return each <= number_of(operation.number); });
        break;
      case SheetOp::max: result = *std::ranges::max_element(all); break;
      case SheetOp::limit: result = number_of(*sheet.tables.at(*operation.table).rows.front().low); break;
      default: ADD_FAILURE() << "no operation of appraisals: " << name(operation.op);
    }
    results.push_back(result);
  }
  return of(*sheet.result);
}

FigureSources provable_sources(const Given& given) {
  FigureSources sources;
  sources.figures = [given](const ValueRule& rule, const Scheme&, const EvaluationPeriod&,
                            const std::vector<std::string>&) -> Result<std::map<std::string, FoundFigure>> {
    std::map<std::string, FoundFigure> found;
    const auto column = given.find(rule.id);
    if (column == given.end()) return found;
    for (const auto& [subject, digits] : column->second) {
      FoundFigure figure{parse_decimal(digits), "", {}, "register/" + subject, {}, {}};
      if (!std::holds_alternative<RegisterFigure>(rule.rule)) {
        figure.prove = "result/test/" + rule.id + "/" + subject;
        figure.figure = figure.value;
      }
      found.emplace(subject, std::move(figure));
    }
    return found;
  };
  sources.subject = [](const Scheme&, const std::string& id, const EvaluationPeriod&) {
    const auto party = [](const std::string& kind, const std::string& name) {
      return Party{kind, name, {name, name}};
    };
    return AppraisedSubject{party("point", id), party("district", "of-" + id), party("district", "up-" + id),
                            party("district", "down-" + id)};
  };
  return sources;
}

Scheme shipped_scheme(std::string_view id) {
  const std::vector<Scheme> all = load_schemes(MJ_SOURCE_DIR "/rules/appraisal").value();
  for (const Scheme& scheme : all) {
    if (scheme.id == id) return scheme;
  }
  throw std::runtime_error("no such scheme");
}

/// Sheets of every figure of an appraisal; each is replayed. Returns how many have a proof.
int replay_all(const Scheme& scheme, const EvaluationPeriod& period, const Given& given) {
  const FigureSources sources = provable_sources(given);
  const std::vector<Scheme> schemes{scheme};
  Sheets sheets(sources, schemes);
  const auto made = appraise(scheme, period, sources);
  EXPECT_TRUE(made);
  int proved = 0;
  const auto check = [&](const std::string& subject, const std::string& indicator,
                         const std::optional<Decimal>& shown) {
    const FigureName name{scheme.id, subject, indicator, period.begin, period.end()};
    EXPECT_EQ(FigureName::parse(name.text()).value().text(), name.text());
    const auto sheet = sheets.sheet(name);
    ASSERT_TRUE(sheet) << name.text() << ": " << sheet.error().text();
    EXPECT_EQ(sheet->sheet.figure.value, shown) << name.text();
    if (!shown) return;
    ASSERT_TRUE(sheet->sheet.result) << name.text() << ": " << sheet->sheet.unproved.en;
    EXPECT_EQ(sheet->sheet.prove, name.text());
    EXPECT_EQ(replayed(sheet->sheet), number_of(*shown)) << name.text() << " = " << to_text(*shown);
    EXPECT_FALSE(sheet->sheet.steps.empty());
    ++proved;
  };
  for (const AppraisedRow& row : made->rows) {
    check(row.subject.id, "total", row.total);
    if (row.rank) check(row.subject.id, "rank", Decimal{*row.rank, 0});
    for (const AppraisedItem& item : row.items) {
      check(row.subject.id, "points." + item.id, item.points);
      if (item.figure) check(row.subject.id, "figure." + item.id, item.figure);
    }
  }
  for (const AppraisedPayment& payment : made->payments) check(payment.subject.id, "payment.1", payment.amount);
  for (const Balance& balance : made->balances) {
    const std::string party = balance.party.kind + ":" + balance.party.id;
    if (balance.pays.mantissa != 0) check(party, "pays", balance.pays);
    if (balance.receives.mantissa != 0) check(party, "receives", balance.receives);
    check(party, "net", balance.net);
  }
  return proved;
}

EvaluationPeriod named(PeriodKind kind, std::string_view label) { return *EvaluationPeriod::parse(kind, label); }

TEST(AppraisalSheets, OfTheShippedSchemesGiveTheFiguresThatAreShown) {
  EXPECT_EQ(replay_all(shipped_scheme("heze-water-2014"), named(PeriodKind::quarter, "2014-Q3"),
                       {{"cod", {{"s1", "20"}, {"s2", "33.5"}}}, {"ammonia", {{"s1", "1"}, {"s2", "1.6"}}}}),
            2 + 3 + 4)
      << "two amounts; three balances, of which the fund pays and receives, one section receives, one pays";
  EXPECT_GT(replay_all(shipped_scheme("chongqing-river-2018"), named(PeriodKind::month, "2019-05"),
                       {{"class_now", {{"better", "2"}, {"worse", "3"}, {"beyond", "4"}, {"same", "3"}}},
                        {"class_before", {{"better", "3"}, {"worse", "2"}, {"beyond", "5"}, {"same", "3"}}},
                        {"target", {{"better", "3"}, {"worse", "3"}, {"beyond", "3"}, {"same", "3"}}}}),
            4);
  Given cities;
  for (const std::string city : {"370100", "370200"}) {
    for (const auto& [value, digits] : {std::pair("pm25_now", "50"),
                                        {"pm25_before", "60"},
                                        {"pm10_now", "90"},
                                        {"pm10_before", "100"},
                                        {"so2_now", "18"},
                                        {"so2_before", "20"},
                                        {"no2_now", "45"},
                                        {"no2_before", "40"},
                                        {"good_now", "75"},
                                        {"good_before", "70"}})
      cities[value][city] = digits;
  }
  EXPECT_GT(replay_all(shipped_scheme("shandong-air-2017"), named(PeriodKind::quarter, "2018-Q1"), cities), 4);
  EXPECT_EQ(replay_all(shipped_scheme("example-district-score"), named(PeriodKind::month, "2026-03"),
                       {{"good", {{"a", "80.6"}, {"b", "96.8"}, {"c", "33.3"}}},
                        {"pm25", {{"a", "31"}, {"b", "26"}, {"c", "77"}}},
                        {"pm25_before", {{"a", "37"}, {"b", "26"}, {"c", "30"}}},
                        {"valid", {{"a", "99.12"}, {"b", "91.00"}, {"c", "49.99"}}}}),
            3 * (2 + 2 * 4));
}

RC_GTEST_PROP(AppraisalSheetsProperty, WhateverTheFiguresAre, ()) {
  Given given;
  for (const std::string subject : {"a", "b", "c"}) {
    const auto digits = [](int most, std::uint8_t decimals) {
      return to_text(Decimal{*rc::gen::inRange(1, most), decimals});
    };
    given["good"][subject] = digits(1001, 1);
    given["pm25"][subject] = digits(120, 0);
    if (*rc::gen::inRange(0, 4) > 0) given["pm25_before"][subject] = digits(120, 0);
    given["valid"][subject] = digits(10001, 2);
  }
  replay_all(shipped_scheme("example-district-score"), named(PeriodKind::month, "2026-03"), given);
  RC_ASSERT(!testing::Test::HasFailure());
}

TEST(AppraisalSheets, SayWhyAGradeOrTheRegisterAloneIsNoProof) {
  Scheme scheme = shipped_scheme("chongqing-river-2018");
  FigureSources sources =
      provable_sources({{"class_now", {{"s", "3"}}}, {"class_before", {{"s", "2"}}}, {"target", {{"s", "3"}}}});
  const auto inner = sources.figures;
  sources.figures = [inner](const auto& rule, const auto& of, const auto& at, const auto& ids) {
    auto found = inner(rule, of, at, ids);
    for (auto& [id, figure] : *found) {
      if (figure.figure) figure.figure = Decimal{42, 0};  // the grade is another number than the result
    }
    return found;
  };
  const EvaluationPeriod month = named(PeriodKind::month, "2019-05");
  const std::vector<Scheme> schemes{scheme};
  Sheets sheets(sources, schemes);
  const auto sheet = sheets.sheet({scheme.id, "s", "payment.1", month.begin, month.end()});
  ASSERT_TRUE(sheet);
  EXPECT_TRUE(sheet->sheet.prove.empty());
  EXPECT_THAT(sheet->sheet.unproved.en, HasSubstr("name of a grade"));
  EXPECT_FALSE(sheets.sheet({scheme.id, "s", "payment.2", month.begin, month.end()}));
  EXPECT_FALSE(sheets.sheet({scheme.id, "s", "total", month.begin, month.end()}));
  EXPECT_FALSE(sheets.sheet({"no-scheme", "s", "payment.1", month.begin, month.end()}));
  EXPECT_FALSE(FigureName::parse("appraisal/a/b/c/20260301000000"));
}

}  // namespace
}  // namespace mj::appraisal::test
