#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "figures.hpp"
#include "scene.hpp"
#include "statement_json.hpp"

namespace mj::custody {
namespace {

using testing::HasSubstr;

DayStatement example() {
  DayStatement statement;
  statement.device = kA;
  statement.day = at("2026-11-21");
  statement.revision = 2;
  statement.from = 90210;
  statement.to = 180420;
  statement.count = 2880;
  statement.sequence = 5760;
  statement.chain_before.fill(std::byte{0x01});
  statement.chain_after.fill(std::byte{0xFF});
  statement.series = {{"32", "2061", "w01018", "Avg", 24, 23}};
  statement.gaps = {{"2061", at("2026-11-21 05:00"), at("2026-11-21 06:00"), 1, 180500, "32"},
                    {"2061", at("2026-11-21 08:00"), at("2026-11-21 09:00"), 1, std::nullopt, "32"}};
  return statement;
}

/// Written by hand after docs/formats/decisions.md.
constexpr std::string_view kExample =
    R"({"kind":"device.day","version":1,"device":"500000003200000000000001","day":"2026-11-21","revision":2,)"
    R"("from":90210,"to":180420,"count":2880,"sequence":5760,)"
    R"("chain_before":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",)"
    R"("chain_after":"//////////////////////////////////////////8=",)"
    R"("series":[{"st":"32","cn":"2061","factor":"w01018","kind":"Avg","expected":24,"received":23}],"more_series":0,)"
    R"("gaps":[{"st":"32","cn":"2061","from":"2026-11-21T05:00:00+08:00","to":"2026-11-21T06:00:00+08:00",)"
    R"("intervals":1,"explained_by":180500},)"
    R"({"st":"32","cn":"2061","from":"2026-11-21T08:00:00+08:00","to":"2026-11-21T09:00:00+08:00",)"
    R"("intervals":1,"explained_by":null}],"more_gaps":0})";

TEST(Statement, IsWrittenAsTheDocumentSays) { EXPECT_EQ(to_json(example()), kExample); }

TEST(Statement, IsReadBack) {
  const DayStatement statement = parse_statement(kExample).value();
  EXPECT_EQ(statement.device, kA);
  EXPECT_EQ(statement.day, at("2026-11-21"));
  EXPECT_EQ(statement.revision, 2U);
  EXPECT_EQ(statement.chain_after, example().chain_after);
  ASSERT_EQ(statement.gaps.size(), 2U);
  EXPECT_EQ(statement.gaps[0].explained_by, 180500U);
  EXPECT_FALSE(statement.gaps[1].explained_by.has_value());
  EXPECT_EQ(to_json(statement), kExample);
}

TEST(Statement, AnythingButTheOneSpellingIsRefused) {
  const auto replaced = [](std::string_view what, std::string_view with) {
    std::string text(kExample);
    const std::size_t place = text.find(what);
    EXPECT_NE(place, std::string::npos) << what;
    return text.replace(place, what.size(), with);
  };
  for (const std::string& text : {
           replaced("\"version\":1", "\"version\":2"),
           replaced("\"kind\":\"device.day\"", "\"kind\":\"device.week\""),
           replaced("\"revision\":2", "\"revision\":0"),
           replaced("\"revision\":2", "\"revision\":-2"),
           replaced("\"revision\":2", "\"revision\":2.0"),
           replaced("\"revision\":2", "\"revision\": 2"),
           replaced("\"revision\":2", "\"revision\":2,\"revision\":2"),
           replaced("\"revision\":2", "\"revision\":2,\"note\":\"x\""),
           replaced("\"revision\":2,", ""),
           replaced("\"from\":90210,\"to\":180420", "\"to\":180420,\"from\":90210"),
           replaced("\"to\":180420", "\"to\":90209"),
           replaced("\"count\":2880", "\"count\":90211"),
           replaced("AQE=", "AQF="),
           replaced("AQEB", "AQ"),
           replaced("2026-11-21\"", "2026-11-31\""),
           replaced("05:00:00+08:00", "05:00:00Z"),
           replaced("\"explained_by\":null", "\"explained_by\":\"\""),
           std::string(kExample) + " ",
           std::string(kExample.substr(0, kExample.size() - 1)),
           std::string("[]"),
           std::string(),
       }) {
    const auto refused = parse_statement(text);
    ASSERT_FALSE(refused.has_value()) << text;
    EXPECT_EQ(refused.error().code(), ErrorCode::damaged);
  }
}

TEST(Statement, OneThatIsTooLongCountsWhatItLeavesOut) {
  DayStatement statement = example();
  const std::string factor(40, 'f');
  for (int i = 0; i < 2000; ++i)
    statement.series.push_back({"32", "2061", factor + std::to_string(i), "Avg", 24, 24});
  const std::size_t series = statement.series.size();
  const std::size_t gaps = statement.gaps.size();
  const std::string json = to_fitting_json(statement);
  EXPECT_LT(json.size(), evidence_format::kMaxEntryBytes);
  EXPECT_EQ(json, to_json(statement));
  EXPECT_EQ(statement.series.size() + statement.more_series, series);
  EXPECT_EQ(statement.gaps.size() + statement.more_gaps, gaps);
  EXPECT_GT(statement.series.size(), 100U);
  EXPECT_TRUE(parse_statement(json).has_value());
}

telemetry::DeviceDay day_with_missing(const std::vector<int>& hours) {
  telemetry::DeviceDay day;
  day.day = at("2026-11-21");
  day.series = {{{std::string(kA), "32", "2061", "w01018", "Avg"}, 24, 24 - hours.size()}};
  telemetry::MissingIntervals missing{std::string(kA), "32", "2061", kHour, {}};
  for (const int hour : hours) missing.starts.push_back(day.day.plus_ms(hour * kHour));
  day.missing = {missing};
  return day;
}

std::string describe(const DayStatement& statement) {
  std::string text;
  for (const Gap& gap : statement.gaps) {
    text += fmt::format("{}-{} {} {};", to_iso(gap.from).substr(11, 2), to_iso(gap.to).substr(11, 2),
                        gap.intervals, gap.explained_by ? fmt::format("by {}", *gap.explained_by) : "open");
  }
  return text;
}

TEST(Gaps, NeighboursAreOneGap) {
  DayStatement statement;
  put_figures(day_with_missing({1, 2, 3, 7, 23}), {}, 100, statement);
  EXPECT_EQ(describe(statement), "01-04 3 open;07-08 1 open;23-00 1 open;");
}

TEST(Gaps, AnExplanationCutsAGapAndTheNewestCounts) {
  const auto why = [](int from, int to, std::uint64_t entry) {
    return Explanation{std::string(kA),
                       at("2026-11-21").plus_ms(from * kHour),
                       at("2026-11-21").plus_ms(to * kHour),
                       "n",
                       "r",
                       entry};
  };
  DayStatement statement;
  put_figures(day_with_missing({1, 2, 3, 4, 5}), {why(2, 4, 7)}, 100, statement);
  EXPECT_EQ(describe(statement), "01-02 1 open;02-04 2 by 7;04-06 2 open;");
  put_figures(day_with_missing({1, 2, 3, 4, 5}), {why(0, 24, 9), why(2, 4, 7)}, 100, statement);
  EXPECT_EQ(describe(statement), "01-06 5 by 9;");
  put_figures(day_with_missing({1, 2, 3, 4, 5}), {why(2, 4, 7), why(3, 5, 11)}, 100, statement);
  EXPECT_EQ(describe(statement), "01-02 1 open;02-03 1 by 7;03-05 2 by 11;05-06 1 open;");
}

TEST(Gaps, HalfAnIntervalExplainsNothing) {
  DayStatement statement;
  put_figures(day_with_missing({3}),
              {Explanation{std::string(kA), at("2026-11-21 03:00"), at("2026-11-21 03:59"), "n", "r", 5}}, 100,
              statement);
  EXPECT_EQ(describe(statement), "03-04 1 open;");
}

TEST(Gaps, MoreThanTheMostAreCounted) {
  DayStatement statement;
  put_figures(day_with_missing({1, 3, 5, 7, 9}), {}, 2, statement);
  EXPECT_EQ(describe(statement), "01-02 1 open;03-04 1 open;");
  EXPECT_EQ(statement.more_gaps, 3U);
}

TEST(CustodyRules, TheFileGivesTheValuesThatHoldWithoutIt) {
  const Rules file = Rules::load(MJ_SOURCE_DIR "/rules/custody.toml").value();
  const Rules plain;
  EXPECT_EQ(file.grace_ms, plain.grace_ms);
  EXPECT_EQ(file.revise_days, plain.revise_days);
  EXPECT_EQ(file.max_gaps, plain.max_gaps);
}

TEST(CustodyRules, WhatCannotBeIsRefusedWithItsLine) {
  const ScratchDirectory directory;
  const auto file = directory.path() / "custody.toml";
  const auto refused = [&](std::string_view text) {
    std::FILE* out = std::fopen(file.c_str(), "w");
    std::fwrite(text.data(), 1, text.size(), out);
    std::fclose(out);
    const auto rules = Rules::load(file);
    EXPECT_FALSE(rules.has_value()) << text;
    return rules ? std::string() : rules.error().text();
  };
  EXPECT_THAT(refused("\ngrace_minutes = -1\n"), HasSubstr("custody.toml:2: grace_minutes"));
  EXPECT_THAT(refused("revise_days = 400\n"), HasSubstr(":1: revise_days: must be a whole number from 0 to 366"));
  EXPECT_THAT(refused("max_gaps = 2.5\n"), HasSubstr(":1: max_gaps"));
  EXPECT_THAT(refused("max_gap = 2\n"), HasSubstr("there is no such key"));
  EXPECT_THAT(refused("max_gaps = \n"), HasSubstr("custody.toml:1"));
  EXPECT_FALSE(Rules::load(directory.path() / "absent.toml").has_value());
}

}  // namespace
}  // namespace mj::custody
