#include "mj/assess/indoor_noise.hpp"

#include "sheet_text.hpp"

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }
std::string indoor(const std::string& table, std::string standard = "") {
  return judged(
      table, [](const SheetRun& run) { return indoor_noise_sheet(run); }, SheetFormat::csv, std::move(standard));
}
IndoorVerdict verdict(const IndoorNoise& noise, std::string_view edition = "GB 22337-2008") {
  return judge_indoor(shipped_standards(), parse_iso("2026-03-01").value(), edition, noise).value();
}

// GB 22337-2008 tables 2 and 3: zone 2, room A, night: 35 dB(A); 72, 55, 43, 35, 29 dB.
TEST(IndoorNoise, LevelAndAllFiveBandsHaveToComply) {
  IndoorNoise noise{
      "2",
      "A",
      "night",
      d("35"),
      {{d("31.5"), d("72")}, {d("63"), d("55")}, {d("125"), d("43")}, {d("250"), d("35")}, {d("500"), d("29")}}};
  EXPECT_EQ(verdict(noise).compliant, true);  // limits are inclusive
  EXPECT_EQ(verdict(noise).level_limit, d("35"));
  noise.bands[1].level = d("55.1");
  EXPECT_EQ(verdict(noise).compliant, false);
  EXPECT_EQ(verdict(noise).level_compliant, true);
  EXPECT_EQ(verdict(noise).bands_compliant, false);
}

TEST(IndoorNoise, WhatWasNotMeasuredLeavesTheVerdictOpenUnlessSomethingIsBeyond) {
  IndoorNoise noise{"1", "B", "day", d("45"), {{d("31.5"), d("79")}}};
  EXPECT_EQ(verdict(noise).compliant, std::nullopt);
  noise.level = d("45.1");
  EXPECT_EQ(verdict(noise).compliant, false);
  noise.level.reset();
  EXPECT_EQ(verdict(noise).level_compliant, std::nullopt);
}

TEST(IndoorNoise, BothStandardsHaveTheSameTables) {  // GB 12348-2008 and GB 22337-2008, tables 2 and 3
  for (const char* zone : {"0", "1", "2", "3", "4"}) {
    for (const char* room : {"A", "B"}) {
      for (const char* period : {"day", "night"}) {
        const IndoorVerdict a = verdict({zone, room, period, std::nullopt, {}}, "GB 12348-2008");
        const IndoorVerdict b = verdict({zone, room, period, std::nullopt, {}});
        EXPECT_EQ(a.level_limit, b.level_limit);
        ASSERT_EQ(a.bands.size(), 5U);
        for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(a.bands[i].limit, b.bands[i].limit);
        EXPECT_EQ(a.verification, standards::Verification::verified);
      }
    }
  }
}

TEST(IndoorNoiseSheet, BandsBeyondTheirLimitAreNamedWithTheExcess) {
  EXPECT_EQ(
      indoor("point,time,zone,room,period,leq,l31.5,l63,l125,l250,l500\n"
             "P,2026-03-01,2,A,night,34.6,74.0,56.0,43.0,35.0,29.0\n"),
      "point,time,zone,room,period,leq,leq_limit,leq_compliant,bands,bands_over,bands_compliant,compliant,"
      "standard,clause,verification\n"
      "P,2026-03-01,2,A,night,34.6,35,yes,5,31.5(2.0)+63(1.0),no,no,GB 12348-2008,GB 12348-2008 表2,VERIFIED\n");
}

TEST(IndoorNoiseSheet, MistakesAreToldWithRowAndColumn) {
  const std::string header = "point,time,zone,room,period,leq\n";
  EXPECT_NE(indoor(header + "P,2026-03-01,5,A,day,30\n")
                .find("row 1 (line 2), column zone: GB 12348-2008 has no limits"),
            std::string::npos);
  EXPECT_NE(indoor(header + "P,2026-03-01,2,A,noon,30\n").find("noon"), std::string::npos);
  EXPECT_NE(indoor(header + "P,2026-03-01,2,A,day,230\n").find("column leq: 230 dB is no sound level"),
            std::string::npos);
  EXPECT_NE(indoor("point,time,zone,room,period\n").find("neither leq nor a band"), std::string::npos);
}

}  // namespace
}  // namespace mj::assess
