#include "mj/dataset/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mj/dataset/catalogue.hpp"
#include "mj/dataset/records.hpp"

namespace mj::dataset {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Seen {
  std::vector<std::string> values;  ///< station at factor=text flag
  std::vector<std::string> faults;  ///< line:column:text
  Tally tally;
};

Seen read_all(const Layout& layout, std::string_view bytes, std::size_t first_line = 1) {
  Seen seen;
  Reader reader = Reader::make(layout).value();
  seen.tally = reader.read(
      bytes, first_line,
      [&](const Row& row) {
        for (const Value& value : row.values) {
          seen.values.push_back(fmt::format("{} {} {}={}{}", row.station, to_iso(row.at),
                                            layout.values[value.column].factor, value.text,
                                            row.flag.empty() ? "" : " " + std::string(row.flag)));
        }
      },
      [&](const Fault& fault) {
        seen.faults.push_back(fmt::format("{}:{}:{}", fault.line, fault.column, fault.text));
      });
  return seen;
}

Layout table(std::string_view values, std::string_view header, std::string_view more = "") {
  const std::string toml = fmt::format(R"([[layout]]
id = "t"
title = {{ zh = "t", en = "t" }}
source = "t"
st = "22"
period = "hour"
missing = ["NA", "-99"]
below = ["<", "L", "ND"]
station = {{ columns = ["code"] }}
time = {{ columns = ["time"], format = ["%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"], label = "end" }}
{}
value = [{}]
)",
                                       more, values);
  const Catalogue catalogue = Catalogue::parse(toml, "t.toml").value();
  const Recognition found = catalogue.recognise("t.csv", header);
  return found.layout.value();
}

TEST(Reader, TheEndOfTheHourBecomesItsBeginning) {
  const Layout layout = table(R"({ column = "pm25", factor = "a34004" })", "code,time,pm25\n");
  const Seen seen = read_all(layout, "code,time,pm25\n1416A,2026-03-01 00:00,50\n1416A,1/3/2026 1:00,51.0\n");
  EXPECT_THAT(seen.values, ElementsAre("1416A 2026-02-28T23:00:00+08:00 a34004=50",
                                       "1416A 2026-03-01T00:00:00+08:00 a34004=51.0"));
  EXPECT_THAT(seen.faults, testing::IsEmpty());
}

TEST(Reader, WhatWasNotDetectedMayBeAWordAlone) {
  const Layout layout = table(R"({ column = "co", factor = "a21005" })", "code,time,co\n");
  const Seen seen =
      read_all(layout,
               "code,time,co\nA,2026-03-01 01:00,ND\nA,2026-03-01 02:00,<\nA,2026-03-01 03:00,ND0.2\n"
               "A,2026-03-01 04:00,0.004L\n");
  EXPECT_THAT(seen.values,
              ElementsAre("A 2026-03-01T00:00:00+08:00 a21005=ND", "A 2026-03-01T02:00:00+08:00 a21005=ND0.2",
                          "A 2026-03-01T03:00:00+08:00 a21005=0.004L"));
  EXPECT_EQ(seen.faults.size(), 1U);
}

TEST(Reader, UnitsChangeByMovingThePointAndExponentsAreExact) {
  const Layout layout =
      table(R"({ column = "co", factor = "a21005", unit = "µg/m³", stored_unit = "mg/m³", shift = -3 })",
            "code,time,co\n");
  const Seen seen =
      read_all(layout,
               "code,time,co\nA,2026-03-01 01:00,1350\nA,2026-03-01 02:00,1E+05\nA,2026-03-01 03:00,-7.50\n"
               "A,2026-03-01 04:00,2.5e-1\nA,2026-03-01 05:00,<300\nA,2026-03-01 06:00,20L\n");
  EXPECT_THAT(
      seen.values,
      ElementsAre("A 2026-03-01T00:00:00+08:00 a21005=1.350", "A 2026-03-01T01:00:00+08:00 a21005=100",
                  "A 2026-03-01T02:00:00+08:00 a21005=-0.00750", "A 2026-03-01T03:00:00+08:00 a21005=0.00025",
                  "A 2026-03-01T04:00:00+08:00 a21005=<0.300", "A 2026-03-01T05:00:00+08:00 a21005=0.020L"));
}

TEST(Reader, WhatCannotBeReadIsToldWithLineAndColumnAndTheRestIsKept) {
  const Layout layout =
      table(R"({ column = "a", factor = "x1" }, { column = "b", factor = "x2" })", "code,time,a,b\n");
  const Seen seen = read_all(layout,
                             "code,time,a,b\n"
                             "A,2026-03-01 01:00,oops,2\n"  // one cell of two
                             "A,2026-02-30 01:00,1,2\n"     // no such day
                             "A,2026-03-01 02:00,1\n"       // a cell too few
                             ",2026-03-01 02:00,1,2\n"      // no station
                             "A,2026-03-01 03:00,NA,-99\n"  // no value is no fault
                             "\n"
                             "A,2026-03-01 04:00,5,6\n");
  EXPECT_THAT(seen.values, ElementsAre("A 2026-03-01T00:00:00+08:00 x2=2", "A 2026-03-01T03:00:00+08:00 x1=5",
                                       "A 2026-03-01T03:00:00+08:00 x2=6"));
  ASSERT_EQ(seen.faults.size(), 4U);
  EXPECT_EQ(seen.faults[0], "2:a:\"oops\" is no number");
  EXPECT_THAT(seen.faults[1], HasSubstr("3:time:\"2026-02-30 01:00\" is no time"));
  EXPECT_THAT(seen.faults[2], HasSubstr("4::the row has 3 cells, the header 4"));
  EXPECT_THAT(seen.faults[3], HasSubstr("5:code:the station code is empty"));
  EXPECT_EQ(seen.tally.rows, 6U);
}

TEST(Reader, LongTablesTakeTheFactorFromARowAndStatesBecomeFlags) {
  const Layout layout = table(
      R"({ column = "value", factor = "a34004", when = "PM2.5" }, { column = "value", factor = "a21005", when = "CO" })",
      "code,time,item,value,state\n",
      "factor_column = \"item\"\nstatus = { column = \"state\", flags = { ok = \"N\", \"维护\" = \"M\" } }");
  const Seen seen =
      read_all(layout,
               "code,time,item,value,state\nA,2026-03-01 01:00,CO,1.2,ok\nA,2026-03-01 01:00,PM2.5,33,维护\n"
               "A,2026-03-01 01:00,NOx,9,ok\nA,2026-03-01 01:00,CO,9,what\n");
  EXPECT_THAT(seen.values,
              ElementsAre("A 2026-03-01T00:00:00+08:00 a21005=1.2 N", "A 2026-03-01T00:00:00+08:00 a34004=33 M"));
  EXPECT_THAT(seen.faults, ElementsAre("4:item:\"NOx\" is no known factor", "5:state:\"what\" is no known state"));
}

TEST(Reader, AStationInGbkIsReadAsTheSameCharacters) {
  const Layout layout = table(R"({ column = "a", factor = "x1" })", "code,time,a\n");
  const Seen seen = read_all(layout, "code,time,a\n\xCC\xEC\xC9\xFA,2026-03-01 01:00,1\n");  // 天生 in GBK
  EXPECT_THAT(seen.values, ElementsAre("天生 2026-03-01T00:00:00+08:00 x1=1"));
}

TEST(Reader, WordsOfValuesInGbkAreKnown) {
  Layout layout = table(R"({ column = "a", factor = "x1" })", "code,time,a\n");
  layout.missing = {"缺测"};
  layout.below = {"未检出"};
  const Seen seen = read_all(layout,
                             "code,time,a\nA,2026-03-01 01:00,\xC8\xB1\xB2\xE2\n"  // 缺测
                             "B,2026-03-01 01:00,\xCE\xB4\xBC\xEC\xB3\xF6\n"       // 未检出
                             "C,2026-03-01 01:00,\xCC\xEC\n");
  EXPECT_THAT(seen.values, ElementsAre("B 2026-03-01T00:00:00+08:00 x1=未检出"));
  EXPECT_THAT(seen.faults, ElementsAre("4:a:\"天\" is no number"));
}

TEST(Reader, AnExponentHasOneSign) {
  const Layout layout = table(R"({ column = "a", factor = "x1" })", "code,time,a\n");
  const Seen seen = read_all(layout, "code,time,a\nA,2026-03-01 01:00,35e+-2\nB,2026-03-01 01:00,35e+2\n");
  EXPECT_THAT(seen.values, ElementsAre("B 2026-03-01T00:00:00+08:00 x1=3500"));
  EXPECT_EQ(seen.faults.size(), 1U);
}

TEST(Records, QuotedCellsMayHoldDelimitersQuotesAndLineEnds) {
  Records records("a,\"b,\"\"c\nd\",e\r\n\"\",f\n\"open,1\nlast", ',');
  ASSERT_TRUE(records.next());
  EXPECT_THAT(records.cells(), ElementsAre("a", "b,\"c\nd", "e"));
  EXPECT_EQ(records.next_line(), 3U);
  ASSERT_TRUE(records.next());
  EXPECT_THAT(records.cells(), ElementsAre("", "f"));
  ASSERT_TRUE(records.next());
  EXPECT_TRUE(records.broken());
  EXPECT_THAT(records.cells(), ElementsAre("\"open", "1"));
  ASSERT_TRUE(records.next());
  EXPECT_THAT(records.cells(), ElementsAre("last"));
  EXPECT_EQ(records.line(), 5U);
  EXPECT_FALSE(records.next());
}

/// A file cut anywhere between two records reads as the whole does: what an import part relies on.
RC_GTEST_PROP(Records, AnyCutBetweenRecordsReadsLikeTheWhole, ()) {
  const std::string alphabet = "ab,\"\n\r1";
  std::string bytes;
  const auto letters = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 7));
  for (const int letter : letters) bytes += alphabet[static_cast<std::size_t>(letter)];
  std::vector<std::string> whole;
  std::vector<std::pair<std::size_t, std::size_t>> cuts = {{0, 1}};  // offset, line
  Records records(bytes, ',');
  const auto note = [](Records& from, std::vector<std::string>& into) {
    while (from.next()) into.push_back(fmt::format("{}:{}", from.line(), fmt::join(from.cells(), "|")));
  };
  while (records.next()) {
    whole.push_back(fmt::format("{}:{}", records.line(), fmt::join(records.cells(), "|")));
    cuts.emplace_back(records.end(), records.next_line());
  }
  RC_ASSERT(records.end() == bytes.size());
  const auto cut = cuts[*rc::gen::inRange<std::size_t>(0, cuts.size())];
  std::vector<std::string> parts;
  Records first(std::string_view(bytes).substr(0, cut.first), ',');
  note(first, parts);
  Records second(std::string_view(bytes).substr(cut.first), ',', cut.second);
  note(second, parts);
  RC_ASSERT(parts == whole);
}

}  // namespace
}  // namespace mj::dataset
