#include "mj/assess/air_day.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

std::string rain(const std::string& table, RainSheet sheet = {}) {
  return judged(table, [&](const SheetRun& run) { return rain_sheet(run, sheet); });
}

TEST(RainSheet, MeanAcidityIsWeightedByVolumeThroughTheIons) {
  // −lg((10·10^-4 + 30·10^-6)/40) = 4.589; one of two is acid. 5.6 itself is not
  EXPECT_EQ(rain("station,time,ph,rain\nS,2026-01-05,4,10\nS,2026-01-09,6,30\nS,2026-02-01,5.6,5\n",
                 {RainPeriod::month, ""}),
            "station,time,samples,rain,ph,ph_min,acid_frequency,grade,standard,verification\n"
            "S,2026-01,2,40.0,4.59,4,50.0,较重酸雨,HJ 165-2020,UNVERIFIED\n"
            "S,2026-02,1,5.0,5.60,5.6,0.0,非酸雨,HJ 165-2020,UNVERIFIED\n");
}

// 8 of 13 samples below 5.6, by hand: 61.5 %.
TEST(RainSheet, FrequencyIsTheShareOfAcidSamples) {
  std::string table = "city,time,ph,rain\n";
  for (int i = 0; i < 13; ++i) table += fmt::format("C,2026-01-{:02},{},1\n", i + 1, i < 8 ? "5.59" : "5.60");
  EXPECT_NE(rain(table, {RainPeriod::year, "city"}).find("C,2026,13,13.0,"), std::string::npos);
  EXPECT_NE(rain(table, {RainPeriod::year, "city"}).find(",61.5,"), std::string::npos);
}

TEST(RainSheet, MistakesAreToldWithRowAndColumn) {
  const std::string header = "station,time,ph,rain\n";
  EXPECT_NE(rain(header + "S,2026-01-05,15,1\n").find("row 1 (line 2), column ph: a pH is from 0 to 14"),
            std::string::npos);
  EXPECT_NE(rain(header + "S,2026-01-05,5,0\n").find("column rain: a sample without precipitation"),
            std::string::npos);
  EXPECT_NE(rain(header + "S,2026-01-05,5,-1\n").find("column rain"), std::string::npos);
  EXPECT_EQ(rain(header + "S,2026-01-05,,3\n"),
            "station,time,samples,rain,ph,ph_min,acid_frequency,grade,standard,verification\n");
}

}  // namespace
}  // namespace mj::assess
