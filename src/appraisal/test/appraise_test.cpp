#include "mj/appraisal/appraise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mj/appraisal/platform_figures.hpp"
#include "mj/workbook/sheet.hpp"

namespace mj::appraisal::test {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;
using testing::ElementsAre;
using testing::HasSubstr;

/// Value id → subject → digits; what is not there is missing.
using Given = std::map<std::string, std::map<std::string, std::string>>;

FigureSources sources_of(const Given& given) {
  FigureSources sources;
  sources.figures = [given](const ValueRule& rule, const Scheme&, const EvaluationPeriod&,
                            const std::vector<std::string>&) -> Result<std::map<std::string, FoundFigure>> {
    std::map<std::string, FoundFigure> found;
    const auto column = given.find(rule.id);
    if (column == given.end()) return found;
    for (const auto& [subject, digits] : column->second)
      found.emplace(subject, FoundFigure{parse_decimal(digits), "", {}, "figure/" + rule.id + "/" + subject});
    return found;
  };
  sources.subject = [](const Scheme& scheme, const std::string& id, const EvaluationPeriod&) {
    const auto party = [](const std::string& kind, const std::string& name) {
      return Party{kind, name, {name, name}};
    };
    AppraisedSubject subject{party(std::string(statistics::name(scheme.level)), id), {}, {}, {}};
    if (id != "lost") {
      subject.region = party("district", "of-" + id);
      subject.upstream = party("district", "up-" + id);
      subject.downstream = party("district", "down-" + id);
    }
    return subject;
  };
  return sources;
}

Scheme shipped(std::string_view id) {
  const auto schemes = load_schemes(MJ_SOURCE_DIR "/rules/appraisal");
  EXPECT_TRUE(schemes) << schemes.error().text();
  for (const Scheme& scheme : *schemes) {
    if (scheme.id == id) return scheme;
  }
  ADD_FAILURE() << "no scheme " << id;
  return {};
}

EvaluationPeriod period(PeriodKind kind, std::string_view label) { return *EvaluationPeriod::parse(kind, label); }
std::string digits(const std::optional<Decimal>& value) { return value ? to_text(*value) : "none"; }

TEST(ShippedSchemes, AreReadAndSayWhereTheyComeFrom) {
  const auto schemes = load_schemes(MJ_SOURCE_DIR "/rules/appraisal");
  ASSERT_TRUE(schemes) << schemes.error().text();
  ASSERT_GE(schemes->size(), 4U);
  for (const Scheme& scheme : *schemes) {
    EXPECT_FALSE(scheme.source.empty()) << scheme.id;
    EXPECT_NE(scheme.document.empty(), !scheme.example) << scheme.id;
    EXPECT_NE(scheme.verification, standards::Verification::verified) << "no official text was read";
  }
}

TEST(ShippedSchemes, HezePaysByTheFormulaAsItWasPrinted) {
  // The report of 2014-06-23 prints (30−20)×2 + (1.5−1)×30 for COD 20 and ammonia 1 mg/L, and 45 as its result; it is 35.
  const Scheme scheme = shipped("heze-water-2014");
  const auto made =
      appraise(scheme, period(PeriodKind::quarter, "2014-Q3"),
               sources_of({{"cod", {{"s1", "20"}, {"s2", "33.5"}}}, {"ammonia", {{"s1", "1"}, {"s2", "1.6"}}}}));
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->payments.size(), 2U);
  EXPECT_EQ(digits(made->payments[0].amount), "35.00");
  EXPECT_EQ(made->payments[0].payer.kind, "fund");
  EXPECT_EQ(made->payments[0].receiver.id, "of-s1");
  EXPECT_THAT(made->payments[0].steps.back().text.zh, HasSubstr("(30 - 20) × 2 + (1.5 - 1) × 30 = 35 万元"));
  EXPECT_EQ(made->payments[0].steps[0].lineage, "figure/cod/s1");
  // (30 − 33.5)·2 + (1.5 − 1.6)·30 = −10: the county pays.
  EXPECT_EQ(digits(made->payments[1].amount), "10.00");
  EXPECT_EQ(made->payments[1].payer.id, "of-s2");
  EXPECT_EQ(made->payments[1].receiver.kind, "fund");
}

TEST(ShippedSchemes, ChongqingPaysDownTheRiverOrUpIt) {
  // As reported: kept and better → downstream pays 1 million yuan; worse or beyond the function → upstream pays.
  const Scheme scheme = shipped("chongqing-river-2018");
  const Given given{
      {"class_now",
       {{"better", "2"}, {"worse", "3"}, {"beyond", "4"}, {"same", "3"}, {"lost", "2"}, {"new", "2"}}},
      {"class_before", {{"better", "3"}, {"worse", "2"}, {"beyond", "5"}, {"same", "3"}, {"lost", "3"}}},
      {"target", {{"better", "3"}, {"worse", "3"}, {"beyond", "3"}, {"same", "3"}, {"lost", "3"}, {"new", "3"}}}};
  const auto made = appraise(scheme, period(PeriodKind::month, "2019-05"), sources_of(given));
  ASSERT_TRUE(made) << made.error().text();
  std::map<std::string, std::string> told;
  for (const AppraisedPayment& payment : made->payments)
    told[payment.subject.id] = payment.payer.id + " " + digits(payment.amount);
  EXPECT_EQ(told["better"], "down-better 100.00");
  EXPECT_EQ(told["worse"], "up-worse 100.00");
  EXPECT_EQ(told["beyond"], "up-beyond 100.00") << "whatever it was before";
  EXPECT_THAT(told["same"], HasSubstr("0.00"));
  EXPECT_THAT(told["lost"], HasSubstr("none"));
  EXPECT_THAT(told["new"], HasSubstr("none"));
  for (const AppraisedPayment& payment : made->payments) {
    if (payment.subject.id == "lost") EXPECT_THAT(payment.reason.en, HasSubstr("lacks the region"));
    if (payment.subject.id == "new")
      EXPECT_THAT(payment.reason.en, HasSubstr("Class of the year before: no data"));
  }
}

TEST(ShippedSchemes, ShandongWeighsFourPollutantsAndGoodDays) {
  // By hand: (60−50)·0.60 + (100−90)·0.15 + (20−18)·0.15 + (40−45)·0.10 = 7.3; ·80 = 584, at the coast ·1.5 = 876; good days
  // 70 → 75 %: + 100.
  const Scheme scheme = shipped("shandong-air-2017");
  Given given;
  for (const std::string city : {"370100", "370200"}) {
    given["pm25_now"][city] = "50";
    given["pm25_before"][city] = "60";
    given["pm10_now"][city] = "90";
    given["pm10_before"][city] = "100";
    given["so2_now"][city] = "18";
    given["so2_before"][city] = "20";
    given["no2_now"][city] = "45";
    given["no2_before"][city] = "40";
    given["good_now"][city] = "75";
    given["good_before"][city] = "70";
  }
  const auto made = appraise(scheme, period(PeriodKind::quarter, "2018-Q1"), sources_of(given));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(digits(made->payments[0].amount), "684.00");
  EXPECT_EQ(digits(made->payments[1].amount), "976.00");
  ASSERT_EQ(made->balances.size(), 3U);
  EXPECT_EQ(made->balances[2].party.kind, "fund");
  EXPECT_EQ(digits(made->balances[2].net), "-1660.00");
}

/// A sheet of two indicators and a veto.
constexpr std::string_view kSheet = R"(
id = "test-sheet"
title = { zh = "测试" }
kind = "score"
period = "year"
jurisdiction = "nation"
valid_from = "2020-01-01"
example = true
source = "test"
verification = "UNVERIFIED"
unit = "分"
decimals = 1
level = "district"
[[value]]
id = "rate"
title = { zh = "比例" }
unit = "%"
from = "statistics"
element = "air"
factor = "a34004"
[[value]]
id = "rate_points"
title = { zh = "比例得分" }
formula = "rate * 0.6"
[[value]]
id = "trend"
title = { zh = "变化" }
from = "statistics"
element = "air"
factor = "a34002"
[[value]]
id = "trend_points"
title = { zh = "变化得分" }
of = "trend"
bands = [ { below = "0", value = "40" }, { from = "0", to = "5", value = "20" }, { above = "5", below = "10", value = "0" } ]
[[indicator]]
id = "rate"
title = { zh = "比例" }
figure = "rate"
points = "rate_points"
most = "60"
[[indicator]]
id = "trend"
title = { zh = "变化" }
points = "trend_points"
most = "40"
[[veto]]
title = { zh = "严重下降", en = "Far down" }
when = "rate < 10"
)";

TEST(Score, SumsPointsRanksAndSharesRanks) {
  const Scheme scheme = *parse_scheme(kSheet, "test");
  const auto made = appraise(scheme, period(PeriodKind::year, "2026"),
                             sources_of({{"rate", {{"a", "50"}, {"b", "50"}, {"c", "120"}, {"d", "9"}}},
                                         {"trend", {{"a", "0"}, {"b", "5"}, {"c", "-1"}, {"d", "-1"}}}}));
  ASSERT_TRUE(made) << made.error().text();
  std::vector<std::string> told;
  for (const AppraisedRow& row : made->rows)
    told.push_back(
        fmt::format("{} {} {} {}", row.subject.id, digits(row.total), row.rank.value_or(0), row.veto.en));
  EXPECT_THAT(told, ElementsAre("c 100.0 1 ", "a 50.0 2 ", "b 50.0 2 ", "d 0.0 4 Far down"));
  EXPECT_EQ(digits(made->rows[0].items[0].points), "60.0") << "72 is kept to the most points";
  EXPECT_THAT(made->rows[0].items[0].steps.back().text.en, HasSubstr("not above 60"));
  EXPECT_EQ(digits(made->rows[1].items[0].figure), "50");
}

TEST(Score, AMissingFigureGivesNoPointsAndSaysSo) {
  const Scheme scheme = *parse_scheme(kSheet, "test");
  const auto made = appraise(scheme, period(PeriodKind::year, "2026"),
                             sources_of({{"rate", {{"a", "50"}, {"none", "x"}}}, {"trend", {{"b", "12"}}}}));
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->rows.size(), 3U);
  EXPECT_EQ(made->rows[0].subject.id, "a");
  EXPECT_EQ(digits(made->rows[0].total), "30.0");
  EXPECT_FALSE(made->rows[0].complete);
  EXPECT_THAT(made->rows[0].items[1].reason.zh, HasSubstr("变化：没有数据"));
  EXPECT_EQ(digits(made->rows[1].total), "none");
  EXPECT_THAT(made->rows[1].items[1].reason.en, HasSubstr("12 lies in no band"));
  EXPECT_FALSE(made->rows[1].rank);
  EXPECT_EQ(made->rows[2].subject.id, "none");
}

TEST(Score, AnotherPeriodIsRefusedAndOutsideItsLifeTheSchemeSaysSo) {
  const Scheme scheme = *parse_scheme(kSheet, "test");
  EXPECT_THAT(appraise(scheme, period(PeriodKind::month, "2026-03"), sources_of({})).error().text(),
              HasSubstr("is applied to a year"));
  const auto made = appraise(scheme, period(PeriodKind::year, "2019"), sources_of({}));
  ASSERT_TRUE(made);
  EXPECT_THAT(made->notes.back().text.en, HasSubstr("not in force"));
}

TEST(Scheme, FilesAreRefusedWithFileAndWhatIsWrong) {
  const auto refused = [](std::string_view from, std::string_view to) {
    std::string text(kSheet);
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
    const auto scheme = parse_scheme(text, "sheet.toml");
    return scheme ? std::string("read") : scheme.error().text();
  };
  EXPECT_THAT(refused("rate * 0.6", "rate * wrong"),
              testing::AllOf(HasSubstr("sheet.toml:"), HasSubstr("no value \"wrong\"")));
  EXPECT_THAT(refused("rate * 0.6", "trend * 1"), HasSubstr("no value \"trend\" stands before"));
  EXPECT_THAT(refused("rate * 0.6", "rate *"), HasSubstr("formula, place"));
  EXPECT_THAT(refused("most = \"60\"", "most = 60"), HasSubstr("decimal in quotes"));
  EXPECT_THAT(refused("most = \"60\"", "mots = \"60\""), HasSubstr("most"));
  EXPECT_THAT(refused("unit = \"%\"", "units = \"%\""), HasSubstr("units: there is no such key"));
  EXPECT_THAT(refused("example = true", "example = false"), HasSubstr("document"));
  EXPECT_THAT(refused("period = \"year\"", "period = \"day\""), HasSubstr("month, quarter or year"));
  EXPECT_THAT(refused("points = \"rate_points\"", "points = \"nothing\""),
              HasSubstr("there is no value \"nothing\""));
  EXPECT_THAT(refused("id = \"trend\"", "id = \"rate\""), HasSubstr("stands twice"));
  EXPECT_THAT(refused("kind = \"score\"", "kind = \"compensation\""), HasSubstr("[[payment]]"));
}

RC_GTEST_PROP(CompensationProperty, WhatIsPaidIsReceived, ()) {
  const Scheme scheme = shipped("heze-water-2014");
  Given given;
  const auto sections = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 900), rc::gen::inRange(0, 90)));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    given["cod"][std::to_string(i)] = to_text(Decimal{sections[i].first, 1});
    given["ammonia"][std::to_string(i)] = to_text(Decimal{sections[i].second, 1});
  }
  const auto made = appraise(scheme, period(PeriodKind::quarter, "2014-Q4"), sources_of(given));
  RC_ASSERT(made.has_value());
  std::int64_t net = 0;
  for (const Balance& balance : made->balances) net += balance.net.mantissa;
  RC_ASSERT(net == 0);
}

TEST(Export, HoldsResultStepsAndNotes) {
  const Scheme scheme = shipped("heze-water-2014");
  const auto made = appraise(scheme, period(PeriodKind::quarter, "2014-Q3"),
                             sources_of({{"cod", {{"s1", "20"}}}, {"ammonia", {{"s1", "1"}}}}));
  ASSERT_TRUE(made);
  const auto csv = workbook::read(to_csv(scheme, *made));
  ASSERT_TRUE(csv) << csv.error().text();
  EXPECT_EQ(csv->rows[0].cells[5], "35.00");
  const auto xlsx = to_xlsx(scheme, *made);
  ASSERT_TRUE(xlsx) << xlsx.error().text();
  EXPECT_EQ(workbook::read(*xlsx)->rows[0].cells[5], "35.00");
}

TEST(Periods, AreThoseOfTheRule) {
  const EvaluationPeriod month = period(PeriodKind::month, "2026-01");
  EXPECT_EQ(period_of(When::period, month)->label(), "2026-01");
  EXPECT_EQ(period_of(When::year_before, month)->label(), "2025-01");
  EXPECT_EQ(period_of(When::period_before, month)->label(), "2025-12");
  EXPECT_EQ(period_of(When::last_year, month)->label(), "2025");
  EXPECT_EQ(period_of(When::period_before, period(PeriodKind::quarter, "2026-Q2"))->label(), "2026-Q1");
}

}  // namespace
}  // namespace mj::appraisal::test
