#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "item_values.hpp"
#include "mj/assess/section_means.hpp"
#include "mj/assess/trophic.hpp"
#include "mj/evaluation/derivation.hpp"

namespace mj::evaluation {

/// Figures of surface water 地表水评价指标, in the order of Evaluator::indicators; the items follow.
enum WaterIndicator : std::size_t {
  kWaterClass,
  kWaterExceed,
  kWaterStatus,
  kWaterTrophic,
  kWaterBlackOdorous,
  kWaterGoodShare,
  kWaterBadShare,
  kWaterTargetRate,
  kWaterShare1,  ///< of class I; the other five follow
  kWaterCwqi = kWaterShare1 + 6,
  kWaterCwqiChange,
  kWaterItems,  ///< first of the items; their unrounded means follow all of them
};

/// An item by its key in the tables of standards. Limits, digits and factor codes are there.
struct WaterItemTitle {
  std::string_view key;
  std::string_view zh;
  std::string_view en;
  std::string_view unit;
};
/// The 24 items of table 1 of GB 3838 but temperature, then transparency, chlorophyll and redox potential.
[[nodiscard]] std::span<const WaterItemTitle> water_items();
[[nodiscard]] std::optional<std::size_t> water_item(std::string_view key);
[[nodiscard]] inline std::size_t judged_indicator(std::size_t item) { return kWaterItems + item; }
[[nodiscard]] inline std::size_t mean_indicator(std::size_t item) {
  return kWaterItems + water_items().size() + item;
}

/// What judges sections and lakes at a time 断面、湖库评价规则, and how long it holds.
struct WaterRules {
  assess::SectionRules sections;
  std::optional<assess::TrophicRules> trophic;
  Decimal day_share;    ///< least share of the values due in a day of an automatic station
  Decimal month_share;  ///< of the days in a month
  int due_a_day = 1;
  int quarter_months = 1;
  int year_months = 1;
  standards::Verification shares = standards::Verification::verified;

  /// Errors: not_found.
  [[nodiscard]] static Result<WaterRules> load(const standards::StandardSet& standards, Instant at);
  [[nodiscard]] bool holds(Instant at) const { return sections.standard->edition.validity.contains(at); }
  /// The item of the standard; null when it has none for this kind of water.
  [[nodiscard]] const standards::WaterItem* item(std::string_view key, bool lake) const;
};

/// Unrounded means of the items of a section or lake over a period, by place in water_items().
struct WaterMeans {
  struct Item {
    std::optional<assess::Exact> mean;     ///< none when there were too few values
    std::optional<assess::Exact> partial;  ///< then that of the few
    Inputs inputs;
    std::string reason;  ///< why there is none; empty when there were no values at all
  };
  std::vector<Item> items = std::vector<Item>(water_items().size());
  /// The same with the partial means in the place of those that are missing.
  [[nodiscard]] WaterMeans with_partial() const;
  [[nodiscard]] Inputs inputs() const;  ///< of all items that have a mean
  [[nodiscard]] std::string reasons() const;
};

/// Subject and period of the rows that emit_section() writes.
struct WaterSubject {
  Level level = Level::point;
  std::string_view id;
  EvaluationPeriod period;
  bool lake = false;
  std::optional<int> target;  ///< class to be reached
};

/// Judges means and emits class and exceeding. Where no item has enough values the class of the few is told as incomplete; it says
/// nothing about a target. Gives the verdict of what is complete.
Result<assess::SectionVerdict> emit_class(const WaterRules& rules, const WaterSubject& subject,
                                          const WaterMeans& means, Sink& sink);
/// Judges means and emits class, exceeding, status, trophic state and items. Gives the verdict.
Result<assess::SectionVerdict> emit_section(const Context& context, const WaterRules& rules,
                                            const WaterSubject& subject, const WaterMeans& means, Sink& sink);

/// The values of the items that the class is judged from.
[[nodiscard]] std::vector<assess::SectionValue> section_values(const WaterRules& rules, const WaterMeans& means,
                                                               bool lake);
/// The means as those of one section, for indices.
[[nodiscard]] assess::SectionMeans section_means(const WaterRules& rules, const WaterMeans& means, bool lake);

/// The values of the items of the trophic index, in their units; none where the lake lacks one.
[[nodiscard]] std::vector<std::optional<Decimal>> trophic_values(const assess::TrophicRules& rules,
                                                                 const Context& context, const WaterMeans& means);

[[nodiscard]] Grade water_class_grade(int value, std::optional<int> target);
[[nodiscard]] Grade water_status_grade(const standards::RuleRow& row);

/// The values of an item in a period: `item` is that of the standard, null for those it does not have.
[[nodiscard]] const SampleSeries* water_series(const Context& context, const PointValues& values,
                                               const EvaluationPeriod& period, const standards::WaterItem* item,
                                               std::string_view key);

/// The mean of an item of a point over a month, and how it follows from the values when somebody asks.
struct MonthOfWater {
  WaterMeans::Item mean;
  const SampleSeries* series = nullptr;  ///< null when the point has no values of the item
  Derived derived;  ///< with as many digits as are stored; of the few days when there is no mean but a partial one
};
/// Hears of every value that takes part, and gives it as a number of the derivation.
using TakeSample = std::function<Derived(const SampleSeries&, const Sample&, std::string_view unit)>;
[[nodiscard]] MonthOfWater month_of_water(const Context& context, const WaterRules& rules,
                                          const PointValues& values, const registry::PointView& view,
                                          std::size_t item, const EvaluationPeriod& month,
                                          Derivation* derivation = nullptr, const TakeSample& take = {});

/// Where means of sections are said.
inline constexpr const char* kWaterMeanClause = "环办〔2011〕22号; 环办监测函〔2020〕82号";
/// Digits of a mean as it is stored for what is built on it.
inline constexpr std::uint8_t kStoredMeanDigits = 10;
/// Digits of the mean of an item that the standard of sections does not round.
inline constexpr std::uint8_t kJudgedDigits = 9;
/// The mean of numbers of an item: arithmetic, of pH through its ions.
[[nodiscard]] Derived derived_mean(Derivation& derivation, std::span<const Derived> of, bool through_ions,
                                   std::uint8_t decimals, std::string clause);

/// Means of the automatic items of a point over a day or an hour; what has fewer values than are due is only told.
[[nodiscard]] WaterMeans automatic_means(const Context& context, const WaterRules& rules,
                                         const PointValues& values, const EvaluationPeriod& period, bool lake);
/// Judges the months of a point 月评价.
Status judge_water(const Context& context, const PointValues& values, Sink& sink);
/// The class of the single analyses of an automatic station, as it is published. Source: GB 3838-2002 table 1 by the items that reproduce
/// the publication.
Status judge_water_hour(const Context& context, const PointValues& values, Sink& sink);
/// Quarters, years, lakes, rivers, basins, districts, cities.
Status summarise_water(const Context& context, const Summary& summary, Sink& sink);
/// TLI(j) of each item, then their weighted sum. Source: 环办〔2011〕22号 二(二)2.
/// `derived`: the means, by place in water_items(); `figure` becomes what the index follows from.
[[nodiscard]] std::vector<SheetStep> trophic_steps(const WaterRules& water, const Context& context,
                                                   const WaterMeans& means, Instant at,
                                                   std::span<const Derived> derived, Derivation& derivation,
                                                   Derived& figure);
/// How each item shows the water to be black and odorous 黑臭, and the worst of them. `derived`, `result` as above.
[[nodiscard]] std::vector<SheetStep> black_odorous_steps(const Context& context, const WaterMeans& means,
                                                         const Figure& figure, std::span<const Derived> derived,
                                                         Derivation& derivation, Derived& result);
/// The calculation behind a figure.
Result<Sheet> water_calculation(const Context& context, const SheetRequest& request);

}  // namespace mj::evaluation
