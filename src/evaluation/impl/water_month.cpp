// Months of surface-water points: values → means of days → means of months → class.
#include "water_items.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;
using assess::ItemMean;

/// The values of an item of a point.
struct ItemSource {
  const SampleSeries* series = nullptr;
  std::string unit;  ///< of the limits
  bool through_ions = false;
};

/// Means of a month of one item. An automatic station gives means of days that have enough values; samples taken by hand
/// count one by one.
class MonthOfItem {
 public:
  /// `derivation` and `take`: who wants to know how the mean follows from the values; null: nobody.
  MonthOfItem(const Context& context, const WaterRules& rules, const ItemSource& source, bool by_hand,
              Derivation* derivation = nullptr, const TakeSample* take = nullptr)
      : context_(context),
        rules_(rules),
        source_(source),
        by_hand_(by_hand),
        derivation_(derivation),
        take_(take) {}

  /// How the last mean() follows from its values.
  [[nodiscard]] const Derived& derived() const { return derived_; }

  WaterMeans::Item mean(const EvaluationPeriod& month) {
    WaterMeans::Item item;
    const auto samples = source_.series->within(month.begin, month.end());
    if (by_hand_ || source_.series->period == telemetry::Period::instant) {
      ItemMean mean(source_.through_ions);
      taken_.assign(1, {});
      for (const Sample& sample : samples) take(sample, mean, item, 0);
      if (mean.count() > 0) item.mean = mean.mean();
      if (derivation_ != nullptr) derived_ = derive(taken_.front());
      if (mean.count() == 0 && !samples.empty()) item.reason = "no usable value";
      return item;
    }
    const int days = (day_number(month.end()) - day_number(month.begin));
    std::vector<ItemMean> of_day(static_cast<std::size_t>(days), ItemMean(source_.through_ions));
    taken_.assign(derivation_ == nullptr ? 0 : static_cast<std::size_t>(days), {});
    for (const Sample& sample : samples) {
      const auto day = day_number(Instant::from_ms(sample.at_ms)) - day_number(month.begin);
      take(sample, of_day[static_cast<std::size_t>(day)], item, static_cast<std::size_t>(day));
    }
    return of_days(of_day, days, samples.empty(), std::move(item));
  }

 private:
  [[nodiscard]] Derived derive(std::span<const Derived> of) const {
    return derived_mean(*derivation_, of, source_.through_ions, kStoredMeanDigits, kWaterMeanClause);
  }

  void take(const Sample& sample, ItemMean& mean, WaterMeans::Item& item, std::size_t day) {
    if (!sample.usable) return;
    const auto value = in_unit(context_.standards, sample.value, source_.series->unit, source_.unit);
    if (!value || !mean.add(*value)) return;
    item.inputs.add(sample.at_ms, sample.value, sample.entry);
    if (derivation_ != nullptr) taken_[day].push_back((*take_)(*source_.series, sample, source_.unit));
  }

  WaterMeans::Item of_days(const std::vector<ItemMean>& of_day, int days, bool silent, WaterMeans::Item item) {
    // A station that sends daily means owes one value a day; one that sends more often than the programme owes what it sends.
    std::int64_t due = source_.series->period == telemetry::Period::day ? 1 : rules_.due_a_day;
    for (const ItemMean& day : of_day) due = std::max(due, day.count());
    ItemMean mean(source_.through_ions);
    std::vector<Derived> derived;
    for (std::size_t day = 0; day < of_day.size(); ++day) {
      if (Exact::compare(Exact::of(of_day[day].count(), due), rules_.day_share).value_or(-1) < 0) continue;
      mean.add_mean(of_day[day].mean());
      if (derivation_ != nullptr) derived.push_back(derived_day(day));
    }
    if (derivation_ != nullptr) derived_ = derive(derived);
    item.inputs.expected = static_cast<std::uint32_t>(due * days);
    if (Exact::compare(Exact::of(mean.count(), days), rules_.month_share).value_or(-1) >= 0) {
      item.mean = mean.mean();
      return item;
    }
    if (silent) return item;
    item.reason = fmt::format("{} of {} days", mean.count(), days);
    ItemMean few(source_.through_ions);
    derived.clear();
    for (std::size_t day = 0; day < of_day.size(); ++day) {
      if (of_day[day].count() == 0) continue;
      few.add_mean(of_day[day].mean());
      if (derivation_ != nullptr) derived.push_back(derived_day(day));
    }
    if (few.count() > 0) item.partial = few.mean();
    if (derivation_ != nullptr) derived_ = derive(derived);
    return item;
  }

  [[nodiscard]] Derived derived_day(std::size_t day) const {
    return source_.through_ions      ? derivation_->ph_mean(taken_[day], kWaterMeanClause)
           : taken_[day].size() == 1 ? taken_[day].front()
                                     : derivation_->long_mean(taken_[day]);
  }

  const Context& context_;
  const WaterRules& rules_;
  const ItemSource& source_;
  bool by_hand_;
  Derivation* derivation_;
  const TakeSample* take_;
  std::vector<std::vector<Derived>> taken_;  ///< by day; those of one day are all that there are
  Derived derived_;
};

/// Days or hours of a point between two moments.
Status judge_automatic(const Context& context, const PointValues& values, PeriodKind kind, Sink& sink) {
  std::optional<WaterRules> rules;
  for (auto period = EvaluationPeriod::of(kind, values.from); period.begin < values.to; period = period.next()) {
    const registry::PointView* view = view_of(*values.point, period);
    if (view == nullptr || attribute(*view, "method") == "manual") continue;
    if (!any_value(values, span_of(period))) continue;
    if (!rules || !rules->holds(judged_at(period))) {
      auto loaded = WaterRules::load(context.standards, judged_at(period));
      if (!loaded) continue;
      rules = *std::move(loaded);
      if (kind == PeriodKind::hour) rules->shares = standards::Verification::verified;  // one analysis needs none
    }
    const WaterSubject subject{Level::point, values.point->id(), period, view->lake,
                               assess::parse_class(view->target_class)};
    const WaterMeans means = automatic_means(context, *rules, values, period, view->lake);
    MJ_TRY([[maybe_unused]] const auto verdict, emit_class(*rules, subject, means, sink));
  }
  return {};
}

}  // namespace

const SampleSeries* water_series(const Context& context, const PointValues& values, const EvaluationPeriod& period,
                                 const standards::WaterItem* item, std::string_view key) {
  if (item != nullptr && !item->factor.empty()) {
    if (const SampleSeries* found = factor_series(values, span_of(period), item->factor)) return found;
  }
  if (const SampleSeries* found = item_series(context, values, span_of(period), "trophic_items", key))
    return found;
  return item_series(context, values, span_of(period), "black_odorous", key);
}

Derived derived_mean(Derivation& derivation, std::span<const Derived> of, bool through_ions, std::uint8_t decimals,
                     std::string clause) {
  return through_ions ? derivation.ph_mean(of, std::move(clause))
                      : derivation.mean(of, decimals, std::move(clause));
}

MonthOfWater month_of_water(const Context& context, const WaterRules& rules, const PointValues& values,
                            const registry::PointView& view, std::size_t item, const EvaluationPeriod& month,
                            Derivation* derivation, const TakeSample& take) {
  const WaterItemTitle& title = water_items()[item];
  const standards::WaterItem* known = rules.item(title.key, view.lake);
  const ItemSource source{water_series(context, values, month, known, title.key),
                          known == nullptr ? std::string(title.unit) : known->unit,
                          known != nullptr && known->rule == standards::WaterRule::range};
  MonthOfWater result;
  result.series = source.series;
  if (source.series == nullptr) return result;
  MonthOfItem of(context, rules, source, attribute(view, "method") == "manual", derivation, &take);
  result.mean = of.mean(month);
  result.derived = of.derived();
  return result;
}

WaterMeans automatic_means(const Context& context, const WaterRules& rules, const PointValues& values,
                           const EvaluationPeriod& period, bool lake) {
  WaterMeans means;
  std::int64_t most = 1;
  std::vector<std::int64_t> counts(means.items.size(), 0);
  for (std::size_t i = 0; i < means.items.size(); ++i) {
    const standards::WaterItem* item = rules.item(water_items()[i].key, lake);
    if (item == nullptr || !item->automatic) continue;
    const SampleSeries* series = water_series(context, values, period, item, water_items()[i].key);
    if (series == nullptr || series->period == telemetry::Period::instant) continue;
    const ValuesOfItem of_item =
        values_of_item(context, *series, item->unit, period, item->rule == standards::WaterRule::range);
    counts[i] = of_item.inputs.count;
    if (series->period != telemetry::Period::day)
      most = std::max<std::int64_t>({most, counts[i], rules.due_a_day});
    means.items[i].inputs = of_item.inputs;
    means.items[i].partial = of_item.mean;
  }
  const std::int64_t due = period.kind == PeriodKind::hour ? 1 : most;
  for (std::size_t i = 0; i < means.items.size(); ++i) {
    WaterMeans::Item& item = means.items[i];
    if (counts[i] == 0) continue;
    if (Exact::compare(Exact::of(counts[i], due), rules.day_share).value_or(-1) >= 0) {
      item.mean = item.partial;
    } else {
      item.reason = fmt::format("{} of {} values", counts[i], due);
    }
  }
  return means;
}

Status judge_water_hour(const Context& context, const PointValues& values, Sink& sink) {
  return judge_automatic(context, values, PeriodKind::hour, sink);
}

Status judge_water(const Context& context, const PointValues& values, Sink& sink) {
  MJ_CHECK(judge_automatic(context, values, PeriodKind::day, sink));
  std::optional<WaterRules> rules;
  for (auto month = EvaluationPeriod::of(PeriodKind::month, values.from); month.begin < values.to;
       month = month.next()) {
    const registry::PointView* view = view_of(*values.point, month);
    if (view == nullptr || !any_value(values, span_of(month))) continue;
    if (!rules || !rules->holds(judged_at(month))) {
      auto loaded = WaterRules::load(context.standards, judged_at(month));
      if (!loaded) continue;  // before the first standard nothing is judged
      rules = *std::move(loaded);
    }
    WaterMeans means;
    for (std::size_t i = 0; i < water_items().size(); ++i)
      means.items[i] = month_of_water(context, *rules, values, *view, i, month).mean;
    const WaterSubject subject{Level::point, values.point->id(), month, view->lake,
                               assess::parse_class(view->target_class)};
    MJ_TRY([[maybe_unused]] const auto verdict, emit_section(context, *rules, subject, means, sink));
  }
  return {};
}

}  // namespace mj::evaluation
