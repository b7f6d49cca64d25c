#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// How one pollutant is judged over a period.
struct AirStatisticRule {
  std::string pollutant;                ///< "PM2.5"
  bool mean = false;                    ///< the mean is judged too, not the percentile alone
  Decimal percentile;                   ///< of the daily values, in %
  std::uint8_t decimals = 0;            ///< of the statistics
  std::uint8_t verdict_decimals = 0;    ///< of the statistic that is compared with the limit
  std::optional<Decimal> annual_limit;  ///< for the mean
  std::optional<Decimal> daily_limit;   ///< for daily values and their percentile
  std::optional<Decimal> index_limit;   ///< S of the composite index
  bool index_of_mean = false;           ///< C of the composite index is the mean, not the percentile
  Decimal weight{1, 0};                 ///< in the composite index
};

/// The rules of a period 环境空气质量年评价: limits of GB 3095, statistics of HJ 663, composite index of 环办〔2014〕64号.
struct AirYearRules {
  std::vector<AirStatisticRule> pollutants;
  std::string standard;  ///< ids of the editions used
  int year_min_days = 0;
  int month_min_days = 0;
  int february_min_days = 0;
  std::uint8_t multiple_decimals = 2;
  std::uint8_t rate_decimals = 1;
  std::uint8_t single_decimals = 3;
  std::uint8_t composite_decimals = 2;
  Decimal city_min_share;      ///< of the sites that must have a value on a day
  int city_few_sites = 0;      ///< fewer sites than this:
  Decimal city_few_min_share;  ///< the share for them
  standards::Verification verification = standards::Verification::verified;  ///< the weakest of the limits used

  struct Choice {
    std::string edition;              ///< of GB 3095; empty = in force at `at`
    int grade = 2;                    ///< 1 or 2: class of the area 一级、二级
    std::string scheme = "rank2014";  ///< of the composite index
  };
  /// Errors: not_found.
  [[nodiscard]] static Result<AirYearRules> load(const standards::StandardSet& standards, Instant at,
                                                 const Choice& choice);
};

/// One valid daily value.
struct DayValue {
  int month = 1;  ///< 1…12
  Decimal value;
};

/// How a pollutant stood over a period.
struct PollutantYear {
  std::size_t days = 0;
  bool complete = false;                 ///< enough valid days in the period and in each of its months
  std::optional<Decimal> mean;           ///< rounded to `decimals`
  std::optional<Decimal> percentile;     ///< rounded to `decimals`
  std::optional<Decimal> mean_multiple;  ///< (C − S)/S when the limit is passed
  std::optional<Decimal> percentile_multiple;
  std::size_t exceed_days = 0;
  std::optional<Decimal> rate;    ///< days within the limit, % of valid days
  std::optional<bool> compliant;  ///< mean and percentile within their limits; none when not complete
  std::optional<Exact> index;     ///< weight × C/S 单项指数, C/S rounded to `single_decimals`
};

/// Judges the valid daily values of a pollutant. `months` = 12 for a year, 1 for a month. Source: HJ 663 table 1, annex A.
[[nodiscard]] PollutantYear judge_pollutant(const AirYearRules& rules, const AirStatisticRule& rule,
                                            std::span<const DayValue> days, std::span<const int> months);

/// The composite index 综合指数, the sum of the rounded single indices as authorities publish it, and its greatest part (several
/// when equal); none when one pollutant has none. Source: 环办〔2014〕64号.
struct CompositeIndex {
  Decimal value;
  std::vector<std::string> main;
};
[[nodiscard]] std::optional<CompositeIndex> composite_index(const AirYearRules& rules,
                                                            std::span<const PollutantYear> pollutants);

/// Places in ascending order; equal values share the better place and the next is left out 并列名次. None has none.
[[nodiscard]] std::vector<std::optional<int>> ranks(std::span<const std::optional<Decimal>> values);

}  // namespace mj::assess
