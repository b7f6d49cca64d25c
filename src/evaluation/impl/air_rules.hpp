#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mj/assess/air_day.hpp"
#include "mj/assess/air_year.hpp"
#include "mj/assess/aqi_table.hpp"
#include "mj/evaluation/evaluator.hpp"

namespace mj::evaluation {

/// What an item of the daily report is made of.
enum class AirValue : std::uint8_t { day_mean, max_8h, max_1h };

/// Items of the daily report of all editions: the six pollutants and the hourly maximum of ozone that the edition of 2012 knows.
/// Their places are those of the indicators of a day.
inline constexpr std::size_t kAirItems = 7;
inline constexpr std::size_t kAirPollutants = 6;
inline constexpr std::size_t kOzoneHour = 6;

/// Places in Evaluator::indicators.
struct AirIndicator {
  static constexpr std::size_t aqi = 0;
  static constexpr std::size_t composite = 1;
  static constexpr std::size_t pollutant = 2;  ///< kAirItems of them
  static constexpr std::size_t good_rate = pollutant + kAirItems;
  static constexpr std::size_t good_days = good_rate + 1;
  static constexpr std::size_t heavy_days = good_rate + 2;
  static constexpr std::size_t unmet = good_rate + 3;
  static constexpr std::size_t percentile = good_rate + 4;  ///< of PM2.5, PM10, SO2, NO2
};
/// The pollutants in the order of their indicators, as the standards spell them.
inline constexpr std::array<std::string_view, kAirPollutants> kAirNames{"PM2.5", "PM10", "SO2", "NO2", "CO", "O3"};
/// Those whose mean is judged; the percentile of the others is their figure.
inline constexpr std::size_t kAirMeans = 4;

/// An item of a report as it is computed.
struct AirItem {
  std::size_t place = 0;  ///< in kAirItems
  const standards::AqiItem* item = nullptr;
  AirValue value = AirValue::day_mean;
};

/// The categories of an edition as grades, found by index.
class AirGrades {
 public:
  AirGrades() = default;
  explicit AirGrades(const standards::AqiStandard& standard);
  /// Null below 0 and when the index has no category.
  [[nodiscard]] const Grade* of(int index) const;

 private:
  std::vector<Grade> grades_;
  std::array<std::uint8_t, 501> by_index_{};  ///< place in grades_ + 1
};

/// The rules of the days of one edition 一天的评价规则. Immutable.
struct AirDayLaw {
  standards::Validity validity;
  assess::AirDayRules rules;
  assess::AqiTable table;  ///< of the daily report
  std::vector<AirItem> items;
  Decimal ozone_limit;   ///< above which a short day counts
  std::string standard;  ///< of means
  std::string aqi_standard;
  standards::Verification mean_verification =
      standards::Verification::unverified;  ///< of 24 h means and maximum hours
  standards::Verification ozone_verification = standards::Verification::unverified;  ///< of the maximum 8 h mean
  standards::Verification aqi_verification = standards::Verification::unverified;    ///< of the index
  standards::Verification city_verification = standards::Verification::unverified;   ///< of the share of sites
  Decimal city_min_share;
  int city_few_sites = 0;
  Decimal city_few_min_share;
  AirGrades grades;

  /// Sites with a value that a group of `sites` needs. Source: HJ 663 §6.1.4.
  [[nodiscard]] bool enough_sites(std::size_t with_value, std::size_t sites) const;
  [[nodiscard]] const AirItem* item_at(std::size_t place) const;
  [[nodiscard]] standards::Verification verification(AirValue value) const {
    return value == AirValue::max_8h ? ozone_verification : mean_verification;
  }
};

/// The rules of the hours of one edition.
struct AirHourLaw {
  standards::Validity validity;
  assess::AqiTable table;
  std::vector<AirItem> items;
  standards::Verification verification = standards::Verification::unverified;
  AirGrades grades;
};

/// All rules of ambient air, prepared once for a set of standards.
struct AirLaw {
  std::vector<AirDayLaw> days;
  std::vector<AirHourLaw> hours;
  [[nodiscard]] static Result<std::shared_ptr<const AirLaw>> load(const standards::StandardSet& standards);
  /// Null when no edition was in force.
  [[nodiscard]] const AirDayLaw* day(Instant at) const;
  [[nodiscard]] const AirHourLaw* hour(Instant at) const;
  [[nodiscard]] static const AirLaw& of(const Context& context) {
    return *static_cast<const AirLaw*>(context.prepared.get());
  }
};

/// The greatest index of an air that is good 优良.
[[nodiscard]] std::optional<Decimal> good_index(const AirDayLaw& law);

/// The weakest state of the named numbers of an edition.
[[nodiscard]] standards::Verification weakest_number(const standards::StandardSet& standards,
                                                     std::string_view edition,
                                                     std::initializer_list<std::string_view> names);
/// Whether a limit is kept 达标、超标.
[[nodiscard]] Grade limit_grade(bool kept);
/// "PM2.5+O3" of the bits that AqiVerdict::primary has.
[[nodiscard]] std::string primary_text(const std::vector<AirItem>& items, unsigned primary);

/// The index of a day from the values of its items.
struct AirIndex {
  assess::AqiVerdict verdict;
  std::string missing;  ///< items without a value, joined by '+'
};
[[nodiscard]] AirIndex index_of(const AirDayLaw& law, const std::array<std::optional<Decimal>, kAirItems>& values);

Status judge_air(const Context& context, const PointValues& values, Sink& sink);
Status judge_air_hour(const Context& context, const PointValues& values, Sink& sink);
/// An hour of the groups of a level: the index of the mean concentrations of their sites, not a mean or the greatest of their indices.
Status group_air_hour(const Context& context, Level level, const EvaluationPeriod& hour,
                      std::span<const Figure> points, Sink& sink);
Status summarise_air(const Context& context, const Summary& summary, Sink& sink);
Result<Sheet> air_sheet(const Context& context, const SheetRequest& request);

/// The hours of an item on one day, in the unit of its break points, by hour of the day; what its device marks as no measurement
/// and figures below zero are left out.
struct AirHours {
  assess::DayHours values;
  Inputs inputs;
};
[[nodiscard]] AirHours hours_of(const standards::StandardSet& standards, const standards::AqiItem& item,
                                const SampleSeries& series, std::span<const Sample> day, Instant begin);
/// The value of an item from its hours, rounded as the standard publishes it; and why there is none.
struct AirDayValue {
  std::optional<Decimal> value;
  std::string reason;
};
[[nodiscard]] AirDayValue day_value(const AirDayLaw& law, const AirItem& item, const assess::DayHours& hours);

}  // namespace mj::evaluation
