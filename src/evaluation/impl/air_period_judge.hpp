#pragma once

#include <map>
#include <tuple>

#include "air_subjects.hpp"

namespace mj::evaluation {

/// Judges months, quarters and years from the days of a subject 时段评价. Thread: one.
class AirPeriodJudge {
 public:
  AirPeriodJudge(const Context& context, Sink& sink) : context_(context), sink_(sink) {}

  /// Emits the results of one period, which lies within the year.
  Status judge(const AirYearDays& year, const AirSubjectYear& subject, const EvaluationPeriod& period);

 private:
  Result<const assess::AirYearRules*> rules_at(Instant last_day);
  Status day_counts(const AirYearDays& year, const AirSubjectYear& subject, const assess::AirYearRules& rules,
                    Row& row, std::size_t first, std::size_t last, const Inputs& inputs);
  /// Of a statistic: the digits and the percentile, the limit when it was compared with one, the share of sites of a group.
  standards::Verification statistic_verification(const std::string& pollutant, bool graded, Instant last_day,
                                                 Level level);
  static std::size_t least_days(std::span<const assess::PollutantYear> judged);
  static int needed_days(const assess::AirYearRules& rules, std::span<const int> months);
  /// Which rule of the number of days is not kept: of the period, or of one of its months.
  std::string reason_of(const assess::AirYearRules& rules, const assess::PollutantYear& result,
                        std::span<const int> months) const;

  const Context& context_;
  Sink& sink_;
  std::map<Instant, assess::AirYearRules> rules_;
  std::map<std::tuple<std::string, bool, Instant, bool>, standards::Verification> verifications_;
  std::vector<assess::DayValue> days_;  ///< of the pollutant that is being judged
};

}  // namespace mj::evaluation
