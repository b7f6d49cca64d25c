// Composite indices that authorities published together with the six concentrations: months, a quarter, a year. They come out when every single
// index is rounded to two digits (half to even) before the sum; the sum of the unrounded ones misses eight of eighteen by 0.01.

#include <gtest/gtest.h>

#include "mj/assess/air_year.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

struct Bulletin {
  const char* where;
  const char* so2;
  const char* no2;
  const char* pm10;
  const char* pm25;
  const char* co;  ///< 95th percentile, mg/m³
  const char* o3;  ///< 90th percentile of the daily maxima
  const char* index;
  const char* main;  ///< empty: not published
};

constexpr Bulletin kBulletins[] = {
    // 河源市城市环境空气质量状况（2022年2月）.
    {"Heyuan, 2022-02", "3", "13", "16", "13", "0.9", "87", "1.73", ""},
    // 城市环境空气质量监测数据统计一览表, first quarter; swgk.naimanyun.cn/front/information/157729.
    {"Naiman, quarter", "9", "14", "77", "23", "1.1", "96", "3.14", "PM10"},
    // Bulletin of a district of Baotou, September 2017: figures of the whole city.
    {"Baotou, 2017-09", "20", "43", "90", "31", "1.4", "134", "4.78", ""},
    // 2025年空气环境信息; puning.gov.cn, post_1001670.
    {"Puning, 2025", "6", "12", "51", "19", "0.9", "137", "2.75", ""},
    // wuyuan.gov.cn/hjbh/44700.html.
    {"Wuyuan, 2023-09", "11", "16", "40", "16", "0.6", "139", "2.63", ""},
    // 2023年5月份环境空气质量情况通报; sdwenchanghu.gov.cn: figures of the whole city.
    {"Zibo, 2023-05", "12", "27", "65", "29", "0.8", "191", "4.03", ""},
    // 2021年1月大英县城区环境空气质量月报: concentrations with one digit, half of them halves.
    {"Daying, 2021-01", "7.1", "23.5", "72.3", "48.5", "1.2", "81", "3.93", ""},
    // 2022年11月宁夏5市及宁东城市环境空气质量状况; sthjt.nx.gov.cn, t20230111_3910841.
    {"Yinchuan, 2022-11", "16", "44", "89", "42", "1.2", "80", "4.64", "PM10"},
    {"Shizuishan, 2022-11", "22", "39", "94", "42", "1.4", "81", "4.75", "PM10"},
    {"Wuzhong, 2022-11", "16", "31", "96", "41", "1.0", "85", "4.37", "PM10"},
    {"Guyuan, 2022-11", "6", "22", "72", "28", "0.9", "77", "3.18", "PM10"},
    {"Zhongwei, 2022-11", "10", "29", "112", "41", "0.6", "82", "4.32", "PM10"},
    {"Ningdong, 2022-11", "19", "37", "89", "28", "1.0", "96", "4.16", "PM10"},
    {"Ningxia, 2022-11", "14", "33", "93", "39", "1.0", "81", "4.25", "PM10"},
    // 鄂尔多斯市空气质量监测结果比较; ordos.gov.cn, t20231010_3500039 and t20240906_3653038.
    {"Ordos, 2023-09", "9", "24", "45", "18", "0.8", "142", "2.99", ""},
    {"Ordos, 2022-09", "11", "28", "49", "17", "0.8", "148", "3.19", ""},
    {"Ordos, 2024-08", "8", "20", "41", "14", "0.7", "155", "2.77", ""},
    {"Ordos, 2023-08", "11", "25", "41", "15", "0.7", "159", "2.99", ""},
};

Decimal of(const Bulletin& bulletin, std::string_view pollutant) {
  const char* text = pollutant == "SO2"     ? bulletin.so2
                     : pollutant == "NO2"   ? bulletin.no2
                     : pollutant == "PM10"  ? bulletin.pm10
                     : pollutant == "PM2.5" ? bulletin.pm25
                     : pollutant == "CO"    ? bulletin.co
                                            : bulletin.o3;
  return parse_decimal(text).value();
}

const AirYearRules& rules_of_2013() {
  static const AirYearRules rules =
      AirYearRules::load(shipped_standards(), parse_iso("2023-12-31").value(), {}).value();
  return rules;
}

std::vector<PollutantYear> judged(const Bulletin& bulletin) {
  std::vector<PollutantYear> result;
  for (const AirStatisticRule& rule : rules_of_2013().pollutants) {
    const std::vector<DayValue> days{{9, of(bulletin, rule.pollutant)}};
    result.push_back(judge_pollutant(rules_of_2013(), rule, days, std::vector<int>{9}));
  }
  return result;
}

TEST(PublishedComposite, EveryIndexOfEighteenBulletinsComesOut) {
  for (const Bulletin& bulletin : kBulletins) {
    const auto index = composite_index(rules_of_2013(), judged(bulletin));
    ASSERT_TRUE(index) << bulletin.where;
    EXPECT_EQ(to_text(index->value), bulletin.index) << bulletin.where;
    if (*bulletin.main != '\0') EXPECT_EQ(index->main, std::vector<std::string>{bulletin.main}) << bulletin.where;
  }
}

TEST(PublishedComposite, TheSumOfUnroundedSingleIndicesWouldMissEight) {
  AirYearRules unrounded = rules_of_2013();
  unrounded.single_decimals = 12;
  std::size_t same = 0;
  for (const Bulletin& bulletin : kBulletins) {
    std::vector<PollutantYear> pollutants;
    for (const AirStatisticRule& rule : unrounded.pollutants) {
      const std::vector<DayValue> days{{9, of(bulletin, rule.pollutant)}};
      pollutants.push_back(judge_pollutant(unrounded, rule, days, std::vector<int>{9}));
    }
    same += to_text(composite_index(unrounded, pollutants)->value) == bulletin.index ? 1 : 0;
  }
  EXPECT_EQ(same, 10U);
}

// An explanation of the index in English (wantproducts.com/2444-2): 187 µg/m³ of PM10 have the single index 187/70 = 2.67.
TEST(PublishedComposite, ASingleIndexHasTwoDigits) {
  const Bulletin dust{"", "0", "0", "187", "0", "0", "0", "2.67", "PM10"};
  const auto index = composite_index(rules_of_2013(), judged(dust));
  EXPECT_EQ(to_text(index->value), dust.index);
  EXPECT_EQ(index->main, std::vector<std::string>{dust.main});
}

}  // namespace
}  // namespace mj::assess
