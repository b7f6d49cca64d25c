#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mj/assess/aqi.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

constexpr const char* kHeader =
    "code,time,aqi,category,primary,iaqi_pm25,iaqi_pm10,iaqi_so2,iaqi_no2,iaqi_co,iaqi_o3,standard\n";

std::string aqi(const std::string& table, AqiSheet sheet = {}, SheetFormat format = SheetFormat::csv,
                std::string standard = "") {
  return judged(table, [&](const SheetRun& run) { return aqi_sheet(run, sheet); }, format, std::move(standard));
}
std::string daily(const std::string& table, std::string standard = "") {
  return aqi(table, AqiSheet{AqiReport::daily, false, false}, SheetFormat::csv, std::move(standard));
}

// Indices by hand from tables 1 (2012) and 3 (2026): see aqi_test.cpp.
TEST(AqiSheet, HourIsJudgedByTheStandardInForceWhenItBegan) {
  const std::string table =
      "code,time,pm25,pm10,so2,no2,co,o3\n"
      "1001A,2026-03-01 00:00,75,100,8,20,0.6,60\n"
      "1001A,2026-03-01 01:00,75,100,8,20,0.6,60\n";
  EXPECT_EQ(aqi(table), std::string(kHeader) +
                            "1001A,2026-03-01 00:00,100,良,PM2.5,100,75,3,10,6,19,HJ 633-2012\n"
                            "1001A,2026-03-01 01:00,114,轻度污染,PM2.5,114,86,3,10,6,19,HJ 633-2026\n");
}

TEST(AqiSheet, LabelOfTheBeginningAndNamedStandardAreObeyed) {
  const std::string table = "code,time,pm25,pm10,so2,no2,co,o3\nA,2026-03-01 00:00,75,100,8,20,0.6,60\n";
  EXPECT_NE(aqi(table, {AqiReport::hourly, true, false}).find("HJ 633-2026"), std::string::npos);
  EXPECT_NE(aqi(table, {AqiReport::hourly, true, false}, SheetFormat::csv, "HJ 633-2012").find(",100,良,"),
            std::string::npos);
  EXPECT_NE(aqi(table, {}, SheetFormat::csv, "HJ 1-1999").find("HJ 633-2012, HJ 633-2026"), std::string::npos);
}

TEST(AqiSheet, ColumnsAreFoundByNameAndOthersIgnored) {
  EXPECT_EQ(aqi("\xEF\xBB\xBF# a note\r\nO3, PM2.5 "
                ",x,time,pm10,co,so2,no2,code\r\n60,36,\"a,\"\"b\",2026-04-01T05:00,49,0.6,8,20,\"1,2\"\r\n"),
            std::string(kHeader) + "\"1,2\",2026-04-01T05:00,52,良,PM2.5,52,49,3,10,6,19,HJ 633-2026\n");
}

TEST(AqiSheet, TiesAreJoinedAndIncompleteHoursHaveNoIndexUpToOneHundred) {
  EXPECT_EQ(aqi("code,time,pm25,pm10,so2,no2,co,o3\n"
                "A,2026-04-01 01:00,60,120,8,20,0.6,60\n"
                "A,2026-04-01 02:00,60,120,8,20,0.6,\n"
                "A,2026-04-01 03:00,61,120,8,20,NA,—\n"
                "A,2026-04-01 04:00,,,,,,\n"),
            std::string(kHeader) +
                "A,2026-04-01 01:00,100,良,PM2.5+PM10,100,100,3,10,6,19,HJ 633-2026\n"
                "A,2026-04-01 02:00,,,,100,100,3,10,6,,HJ 633-2026\n"
                "A,2026-04-01 03:00,101,轻度污染,PM2.5,101,100,3,10,,,HJ 633-2026\n"
                "A,2026-04-01 04:00,,,,,,,,,,HJ 633-2026\n");
}

TEST(AqiSheet, ItemOutsideTheProgrammeOfTheSiteDoesNotBlockTheIndex) {  // HJ 633-2026 5.3: "/", not NA
  EXPECT_EQ(aqi("code,time,pm25,pm10,so2,no2,co,o3\nA,2026-04-01 01:00,60,120,/,20,/,60\n"),
            std::string(kHeader) + "A,2026-04-01 01:00,100,良,PM2.5+PM10,100,100,,10,,19,HJ 633-2026\n");
}

TEST(AqiSheet, DailyReportTakesTheDailyColumns) {
  // 2026: SO2 24 h 150→100, NO2 24 h 80→100, CO 24 h 4→100, O3 8 h 160→100, above 800→300 (note c).
  EXPECT_EQ(daily("code,time,pm25,pm10,so2,no2,co,o3\n"
                  "A,2026-04-01,35,50,150,80,4,160\n"
                  "A,2026-04-02,35,50,50,40,2,801\n"),
            std::string(kHeader) +
                "A,2026-04-01,100,良,SO2+NO2+CO+O3,50,50,100,100,100,100,HJ 633-2026\n"
                "A,2026-04-02,300,重度污染,O3,50,50,50,50,50,300,HJ 633-2026\n");
}

TEST(AqiSheet, DailyOzoneOf2012IsTheWorseOfBothAndAbove800TheHourDecides) {  // HJ 633-2012 table 1 note c
  EXPECT_EQ(daily("code,time,pm25,pm10,so2,no2,co,o3,o3_1h\n"
                  "A,2025-07-01,35,50,50,40,2,160,300\n"
                  "A,2025-07-02,35,50,50,40,2,900,1000\n"),
            std::string(kHeader) +
                "A,2025-07-01,150,轻度污染,O3,50,50,50,50,50,150,HJ 633-2012\n"
                "A,2025-07-02,400,严重污染,O3,50,50,50,50,50,400,HJ 633-2012\n");
}

TEST(AqiSheet, ErrorsNameRowAndColumn) {
  EXPECT_EQ(
      aqi("code,time,pm25,pm10,so2,no2,co,o3\nA,2026-04-01 01:00,1,1,1,1,1,1\nA,2026-04-01 02:00,1,x,1,1,1,1\n"),
      "error: row 2 (line 3), column pm10: \"x\" is not a number");
  EXPECT_EQ(aqi("code,time,pm25,pm10,so2,no2,co,o3\nA,2026-04-01 02:00,1,1,-3,1,1,1\n"),
            "error: row 1 (line 2), column so2: -3 is negative; a value that is not valid is an empty cell");
  EXPECT_EQ(
      aqi("code,time,pm25,pm10,so2,no2,co,o3\nA,yesterday,1,1,1,1,1,1\n"),
      "error: row 1 (line 2), column time: \"yesterday\" is not a time such as 2026-03-01 14:00 or a day such as "
      "2026-03-01");
  EXPECT_NE(aqi("code,time,pm25,pm10,so2,no2,co\nA,2026-04-01 02:00,1,1,1,1,1\n").find("no column o3"),
            std::string::npos);
  EXPECT_NE(aqi("code,time,pm25,pm10,so2,no2,co,o3\nA,2026-04-01 02:00,1\n").find("row 1 (line 2) has 3 cells"),
            std::string::npos);
  EXPECT_NE(aqi("code,time,pm25,pm10,so2,no2,co,o3\nA,2009-04-01 02:00,1,1,1,1,1,1\n").find("column time: no air"),
            std::string::npos);
  EXPECT_NE(aqi("").find("no header"), std::string::npos);
  EXPECT_NE(aqi("code,code\n").find("two columns"), std::string::npos);
  EXPECT_NE(aqi("code,time,pm25,pm10,so2,no2,co,o3\n\"A,2026").find("quote is not closed"), std::string::npos);
}

TEST(AqiSheet, JsonIsOneArrayWithNumbersAndNulls) {
  EXPECT_EQ(
      aqi("code,time,pm25,pm10,so2,no2,co,o3\n\"a\"\"\\\",2026-04-01 01:00,35,50,8,20,0.6,\n", {},
          SheetFormat::json),
      "[\n{\"code\":\"a\\\"\\\\\",\"time\":\"2026-04-01 01:00\",\"aqi\":null,\"category\":null,\"primary\":null,"
      "\"iaqi_pm25\":50,\"iaqi_pm10\":50,\"iaqi_so2\":3,\"iaqi_no2\":10,\"iaqi_co\":6,\"iaqi_o3\":null,"
      "\"standard\":\"HJ 633-2026\"}\n]\n");
  EXPECT_EQ(aqi("code,time,pm25,pm10,so2,no2,co,o3\n", {}, SheetFormat::json), "[\n]\n");
}

// The table must say what the exact formula says, whatever the digits.
RC_GTEST_PROP(AqiTable, AgreesWithTheExactFormula, ()) {
  const auto& standard = *rc::gen::elementOf(shipped_standards().aqi_editions());
  const auto report = *rc::gen::element(AqiReport::hourly, AqiReport::daily);
  const AqiTable table(standard, report);
  std::array<Decimal, kMostAqiItems> values{};
  for (Decimal& value : values) {
    const auto decimals = static_cast<std::uint8_t>(*rc::gen::inRange(0, 5));
    value = {*rc::gen::inRange<std::int64_t>(-10, 3'000'000), decimals};
  }
  const AqiVerdict verdict = table.evaluate(values, 0xFF);
  for (std::size_t i = 0; i < table.items().size(); ++i)
    RC_ASSERT(verdict.iaqi[i] == iaqi(table.items()[i], values[i]).value_or(AqiVerdict::kNone));
}

}  // namespace
}  // namespace mj::assess
