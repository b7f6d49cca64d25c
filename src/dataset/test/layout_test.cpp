#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/dataset/catalogue.hpp"
#include "mj/dataset/reader.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::dataset {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Catalogue& shipped() {
  static const Catalogue catalogue = Catalogue::load(MJ_SOURCE_DIR "/datasets").value();
  return catalogue;
}

TEST(Layout, EveryShippedOneStoresTheFactorsUnitOrAPowerOfTenOfTheFilesUnit) {
  const auto standards = standards::StandardSet::load(MJ_SOURCE_DIR "/standards");
  ASSERT_TRUE(standards) << standards.error().text();
  std::size_t columns = 0;
  for (const Layout& layout : shipped().layouts()) {
    for (const Column& column : layout.values) {
      if (column.factor.empty()) continue;
      ++columns;
      const standards::Factor* factor = standards->factor(column.factor);
      EXPECT_NE(factor, nullptr) << layout.id << ": " << column.factor;
      if (column.shift == 0) continue;
      // 1 in the file's unit, converted by the tables of the standards.
      const auto converted = standards->convert(Decimal{1, 0}, column.unit, column.stored_unit);
      ASSERT_TRUE(converted) << layout.id << ": " << column.column;
      Decimal expected{1, 0};
      expected.decimals = static_cast<std::uint8_t>(-column.shift);
      EXPECT_EQ(compare(*converted, expected), 0) << layout.id << ": " << column.column;
    }
  }
  EXPECT_GT(columns, 60U);
}

TEST(Layout, ComesBackFromItsJsonAsItWas) {
  for (const Layout& layout : shipped().layouts()) {
    if (layout.kind != Kind::values || !layout.unsaid().empty()) continue;
    Layout plain = layout;
    plain.match = {};   // how a file is recognised is no part of how it is read
    plain.record = {};  // nor what the register is told of its stations
    plain.columns = {"a", "b\"c", "温度"};
    plain.header_line = 3;
    plain.delimiter = ';';
    const auto back = from_json(to_json(plain));
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_TRUE(*back == plain) << layout.id;
  }
}

TEST(Layout, AKeyNobodyKnowsIsRefusedWithItsLine) {
  const auto parsed =
      Catalogue::parse("[[layout]]\nid = 'a'\nsuorce = 'x'\ntitle = { zh = 'a', en = 'a' }\n", "x.toml");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().text(), HasSubstr("x.toml:"));
}

TEST(Recognition, AFileFitsOnlyWhenEveryColumnIsUsedOrExpresslyIgnored) {
  const std::string header =
      "code,time,primary,aqi,pm10,pm10_24h,pm25,pm25_24h,o3,o3_24h,o3_8h,o3_8h_24h,no2,no2_24h,so2,so2_24h,co,co_"
      "24h";
  const auto good =
      shipped().recognise("x.csv.zst", header + "\n1001A,2026-03-01 00:00,,1,2,3,4,5,6,7,8,9,1,2,3,4,5,6\n");
  ASSERT_TRUE(good.layout);
  EXPECT_EQ(good.layout->id, "cnemc-hourly");
  EXPECT_EQ(good.layout->header_line, 1U);
  const auto more = shipped().recognise("x.csv", header + ",benzene\n");
  EXPECT_FALSE(more.layout);
  EXPECT_THAT(more.reason, HasSubstr("benzene"));
  const auto less = shipped().recognise("x.csv", "code,time,pm10\n");
  EXPECT_FALSE(less.layout);
}

TEST(Recognition, CommentsAMarkAndAnotherDelimiterBeforeTheHeaderDoNotHide) {
  const auto found = shipped().recognise("d.csv",
                                         "\xEF\xBB\xBF# from the archive\n\nstation_id;time;temperature;pressure;"
                                         "humidity;wind_direction;wind_speed\r\n");
  ASSERT_TRUE(found.layout) << found.reason;
  EXPECT_EQ(found.layout->id, "beijing-grid-weather-2018");
  EXPECT_EQ(found.layout->delimiter, ';');
  EXPECT_EQ(found.layout->header_line, 3U);
}

TEST(Recognition, WhatTheFileDoesNotSayIsAskedFor) {
  const std::string file = "monitorTime,monitorAvgValue\n2021-01-02 02:00:00,1.34\n";
  const auto asked = shipped().recognise("outlet.csv", file);
  ASSERT_TRUE(asked.layout);
  EXPECT_THAT(asked.unsaid, ElementsAre("factor", "unit", "station"));
  EXPECT_FALSE(Reader::make(*asked.layout));
  const auto said = shipped().recognise("outlet.csv", file, {"", "w01018", "mg/L", "outlet-1"});
  EXPECT_THAT(said.unsaid, IsEmpty());
  EXPECT_TRUE(Reader::make(*said.layout));
}

TEST(Recognition, AKnownFileThatHoldsNothingForUsSaysWhy) {
  const auto turbine =
      shipped().recognise("gt_2011.csv.zst", "AT,AP,AH,AFDP,GTEP,TIT,TAT,TEY,CDP,CO,NOX\n1,2,3,4,5,6,7,8,9,1,2\n");
  ASSERT_TRUE(turbine.layout);
  EXPECT_EQ(turbine.layout->kind, Kind::unfit);
  EXPECT_THAT(turbine.reason, HasSubstr("no time"));
  EXPECT_THAT(shipped().recognise("a.wav.zst", std::string_view("RIFF\0\0WAVE", 10)).reason,
              HasSubstr("assess spectrum"));
  EXPECT_THAT(shipped().recognise("scenes.npy.zst", std::string_view("\x93NUMPY\1\0", 8)).reason,
              HasSubstr("images"));
  EXPECT_THAT(shipped().recognise("march.zip", std::string_view("PK\3\4\0\0", 6)).reason, HasSubstr("no text"));
  EXPECT_THAT(shipped().recognise("settings.json", "{\"a\": 1}").reason, HasSubstr("JSON"));
  EXPECT_THAT(shipped().recognise("table.csv", "a,b\n1,2\n").reason, HasSubstr("--layouts"));
}

}  // namespace
}  // namespace mj::dataset
