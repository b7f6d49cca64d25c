// Calculation sheets of surface water: values → mean → class; months → quarters and years; sections → groups → index.
#include "mj/assess/basin.hpp"
#include "sheet_parts.hpp"
#include "water_index_sheet.hpp"
#include "water_items.hpp"
#include "water_shares_sheet.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

class WaterCalculation {
 public:
  WaterCalculation(const Context& context, const SheetRequest& request, WaterRules rules)
      : context_(context),
        request_(request),
        rules_(std::move(rules)),
        derivation_(sheet_.operations, sheet_.tables, request.figure.period) {
    sheet_.figure = request.figure;
  }

  Result<Sheet> make() {
    const std::string_view indicator = request_.figure.indicator;
    const bool unrounded = indicator.starts_with("mean.");
    const auto item = water_item(unrounded ? indicator.substr(5) : indicator);
    const bool group = request_.figure.level != Level::point && request_.figure.level != Level::lake;
    if (item) {
      MJ_CHECK(add_mean(*item));
    } else if (group && (indicator == "cwqi" || indicator == "cwqi_change")) {
      WaterIndexSheet index(context_, request_, rules_, sheet_, derivation_);
      MJ_TRY(figure_derived_, index.write());
    } else if (group) {
      WaterSharesSheet shares(context_, request_, rules_, sheet_, derivation_);
      MJ_TRY(figure_derived_, shares.write());
    } else if (indicator == "tli") {
      MJ_TRY(const DerivedMeans means,
             stored_means(request_, request_.figure.level, request_.figure.subject, period(), sheet_));
      sheet_.steps = trophic_steps(rules_, context_, means.means, judged_at(period()), means.derived, derivation_,
                                   figure_derived_);
    } else if (indicator == "black_odorous") {
      MJ_TRY(const DerivedMeans means,
             stored_means(request_, request_.figure.level, request_.figure.subject, period(), sheet_));
      sheet_.steps =
          black_odorous_steps(context_, means.means, request_.figure, means.derived, derivation_, figure_derived_);
    } else {
      MJ_CHECK(add_class());
    }
    conclude(sheet_, derivation_, figure_derived_);
    if (indicator == "status") name_the_figure_of_a_status(group);
    return std::move(sheet_);
  }

 private:
  [[nodiscard]] const EvaluationPeriod& period() const { return request_.figure.period; }

  /// A status is the name of a class or of shares: what is proved is these.
  void name_the_figure_of_a_status(bool group) {
    const Figure& of = request_.figure;
    if (group) {
      sheet_.unproved = {
          "水质状况是断面比例的名称，没有自己的数值：证明见good_share、bad_share",
          "A status is a name for shares and no figure of its own: the proofs are those of good_share "
          "and bad_share"};
      return;
    }
    sheet_.prove = proof_name("surface_water", of.level, of.subject, "class", of.period);
    sheet_.steps.push_back(step_of({"水质状况是水质类别的名称：其证明即水质类别（class）的证明",
                                    "A status is a name of the class: its proof is that of the class"},
                                   "", of.grade ? of.grade->name.zh : "", ""));
  }

  [[nodiscard]] bool lake_of(std::string_view point) const {
    if (request_.figure.level == Level::lake) return true;
    const RosterPoint* known = context_.roster.find(point);
    const registry::PointView* view = known == nullptr ? nullptr : view_of(*known, period());
    return view != nullptr && view->lake;
  }

  /// Days and hours of automatic stations are judged by what is not stored: their values are read again. What is derived is rounded
  /// as it is judged.
  Result<DerivedMeans> means_of_values(bool lake) {
    DerivedMeans all;
    WaterMeans& means = all.means;
    MJ_CHECK(request_.values(
        request_.figure.subject, period().begin, period().end(), [&](const PointValues& values) -> Status {
          means = automatic_means(context_, rules_, values, period(), lake).with_partial();
          for (std::size_t i = 0; i < means.items.size(); ++i) {
            if (!means.items[i].mean) continue;
            const standards::WaterItem* item = rules_.item(water_items()[i].key, lake);
            const SampleSeries* series = water_series(context_, values, period(), item, water_items()[i].key);
            const auto samples = series->within(period().begin, period().end());
            std::vector<Derived> counted;
            for (const Sample& sample : samples) {
              const Derived value = add_sample(i, *series, sample, item->unit);
              if (sample.usable && in_unit(context_.standards, sample.value, series->unit, item->unit))
                counted.push_back(value);
            }
            all.derived[i] = derived_mean(derivation_, counted, item->rule == standards::WaterRule::range,
                                          item->decimals.value_or(kJudgedDigits), kWaterMeanClause);
            for (SheetStep& step : non_detect_steps(*series, samples)) sheet_.steps.push_back(std::move(step));
            sheet_.steps.push_back(step_of(
                {std::string(water_items()[i].key) + " 均值", std::string(water_items()[i].key) + ", mean"},
                fmt::format("n = {}", means.items[i].inputs.count), long_text(means.items[i].mean), item->unit));
            sheet_.steps.back().operation = operation_of(all.derived[i]);
          }
          return {};
        }));
    return all;
  }

  /// A value as input, and as a number of the derivation in the unit of the limits.
  Derived add_sample(std::size_t item, const SampleSeries& series, const Sample& sample, std::string_view unit) {
    sheet_.inputs.push_back(sample_input(series, sample, std::string(water_items()[item].key)));
    if (!sample.usable) return std::nullopt;
    const auto by = in_unit(context_.standards, Decimal{1, 0}, series.unit, unit);
    return by ? derivation_.sample(sheet_.inputs.size() - 1, series, sample, *by) : std::nullopt;
  }

  Status add_class() {
    const bool lake = lake_of(request_.figure.subject);
    const bool automatic = period().kind == PeriodKind::day || period().kind == PeriodKind::hour;
    MJ_TRY(DerivedMeans means,
           automatic ? means_of_values(lake)
                     : stored_means(request_, request_.figure.level, request_.figure.subject, period(), sheet_));
    // The class of too few days: their means are not stored.
    if (const Figure& figure = request_.figure;
        !automatic && !figure.complete && figure.value && section_class(means.means, lake) == 0) {
      MJ_CHECK(add_partial_means(means));
    }
    const auto values = section_values(rules_, means.means, lake);
    const auto verdict = assess::judge_section(rules_.sections, values);
    std::vector<Derived> classes;
    std::vector<Derived> multiples;
    for (const assess::ItemVerdict& part : verdict.parts) {
      const standards::Edition& edition = rules_.sections.standard->edition;
      const Derived judged = derivation_.round(means.derived[*water_item(part.item->item)],
                                               part.item->decimals.value_or(kJudgedDigits));
      const Derived of_item = derivation_.classify(judged, class_table(edition, *part.item));
      if (part.takes_part) classes.push_back(of_item);
      if (part.takes_part && part.exceed) {
        const auto reference = static_cast<std::size_t>(rules_.sections.reference_class);
        const Derived limit = derivation_.limit(parameter_table(
            edition, fmt::format("class/{}/{}", part.item->item, assess::class_name(static_cast<int>(reference))),
            part.item->limits[reference - 1], part.item->clause, part.item->verification));
        multiples.push_back(derivation_.ratio(derivation_.difference(judged, limit), limit,
                                              rules_.sections.exceed_decimals, kShareClause));
      }
      SheetStep step;
      step.title = {fmt::format("{}：修约后比较{}限值", part.item->item, lake ? "湖库" : "河流"),
                    fmt::format("{}: rounded, then compared", part.item->item)};
      const char* sign = part.item->rule == standards::WaterRule::at_least ? "≥" : "≤";
      std::string limits;
      for (std::size_t i = 0; i < part.item->limits.size(); ++i)
        limits += fmt::format("{}{} {} {}", i == 0 ? "" : ", ", assess::class_name(static_cast<int>(i) + 1), sign,
                              part.item->rule == standards::WaterRule::range
                                  ? to_text(part.item->limits[i]) + "–" + to_text(part.item->high[i])
                                  : to_text(part.item->limits[i]));
      step.formula = fmt::format("{}{}{} : {}", to_text(part.judged), part.item->unit.empty() ? "" : " ",
                                 part.item->unit, limits);
      step.result = assess::class_name(part.value);
      if (part.exceed)
        step.result += fmt::format(" (({} − S)/S = {})", to_text(part.judged), to_text(*part.exceed));
      if (!part.takes_part) step.result += " (for reference)";
      step.clause = part.item->clause;
      step.verification = part.item->verification;
      step.operation = operation_of(of_item);
      sheet_.steps.push_back(std::move(step));
    }
    const Derived worst = derivation_.greatest(classes, {}, rules_.sections.standard->edition.id + " §5.1");
    if (request_.figure.indicator == "class") figure_derived_ = worst;
    if (request_.figure.indicator == "exceed") figure_derived_ = derivation_.greatest(multiples);
    SheetStep step;
    step.title = {"断面类别取最差项目", "The worst item decides"};
    step.formula = "max";
    step.result = assess::class_name(verdict.value);
    step.clause = rules_.sections.standard->edition.id + " §5.1";
    step.operation = operation_of(worst);
    sheet_.steps.push_back(std::move(step));
    return {};
  }

  Status add_mean(std::size_t item) {
    const std::string key(water_items()[item].key);
    sheet_.unit = water_items()[item].unit;
    const standards::WaterItem* known = rules_.item(key, lake_of(request_.figure.subject));
    const bool ions = known != nullptr && known->rule == standards::WaterRule::range;
    Derived stored;
    if (period().kind == PeriodKind::month && request_.figure.level == Level::point) {
      MJ_TRY(stored, add_values(item));
    } else if (request_.figure.level == Level::lake) {
      std::vector<Derived> points;
      for (const RosterPoint& point : context_.roster.points()) {
        const registry::PointView* view = view_of(point, period());
        if (view == nullptr || view->lake_id != request_.figure.subject) continue;
        MJ_TRY(const std::vector<Derived> months, add_months(point.id(), "mean." + key));
        if (months.empty() || static_cast<int>(months.size()) < least_months()) continue;
        points.push_back(months.size() == 1 ? months.front()
                         : ions             ? derivation_.ph_mean(months, kWaterMeanClause)
                                            : derivation_.long_mean(months));
      }
      stored = derived_mean(derivation_, points, ions, kStoredMeanDigits, kWaterMeanClause);
    } else {
      MJ_TRY(const std::vector<Derived> months, add_months(request_.figure.subject, "mean." + key));
      stored = derived_mean(derivation_, months, ions, kStoredMeanDigits, kWaterMeanClause);
    }
    figure_derived_ = stored;
    SheetStep mean;
    mean.title = {key == "pH" ? "均值（经氢离子浓度）" : "算术均值",
                  key == "pH" ? "Mean through the hydrogen ions" : "Arithmetic mean"};
    mean.formula = key == "pH" ? "−lg(Σ 10^−pH / n)" : "Σ x / n";
    mean.unit = sheet_.unit;
    mean.clause = kWaterMeanClause;
    mean.verification = rules_.shares;
    mean.operation = operation_of(stored);
    MJ_TRY(const auto unrounded, request_.results(request_.figure.level, request_.figure.subject, "mean." + key,
                                                  period().kind, period().begin, period().end()));
    if (!unrounded.empty()) mean.result = text_or_empty(unrounded.front().value);
    sheet_.steps.push_back(mean);
    if (request_.figure.indicator != key || !request_.figure.value) return {};
    SheetStep round;
    round.title = {"修约", "Rounded"};
    round.formula = fmt::format("{} → {}", mean.result, text_or_empty(request_.figure.value));
    round.result = text_or_empty(request_.figure.value);
    round.unit = sheet_.unit;
    round.clause = "GB/T 8170-2008 §3.2";
    figure_derived_ = derivation_.round(stored, request_.figure.value->decimals);
    round.operation = operation_of(figure_derived_);
    round.verification = standards::Verification::verified;
    sheet_.steps.push_back(std::move(round));
    return {};
  }

  /// Months that a mean of the period needs.
  [[nodiscard]] int least_months() const {
    return period().kind == PeriodKind::year      ? rules_.year_months
           : period().kind == PeriodKind::quarter ? rules_.quarter_months
                                                  : 1;
  }

  Result<std::vector<Derived>> add_months(std::string_view subject, const std::string& indicator) {
    MJ_TRY(const auto figures,
           request_.results(Level::point, subject, indicator, PeriodKind::month, period().begin, period().end()));
    std::vector<Derived> months;
    for (const Figure& figure : figures) {
      sheet_.inputs.push_back(figure_input(figure, fmt::format("{} {}", subject, indicator), sheet_.unit));
      if (figure.value) months.push_back(Derivation::input(sheet_.inputs.size() - 1, figure.value));
    }
    return months;
  }

  /// The values of a month, and the mean that the code that judges makes of them.
  Result<Derived> add_values(std::size_t item) {
    MJ_TRY(const MonthOfWater month, month_of_values(item));
    return month.derived;
  }

  /// The same with what is known of the mean; its series is not kept.
  Result<MonthOfWater> month_of_values(std::size_t item) {
    MonthOfWater found;
    MJ_CHECK(request_.values(
        request_.figure.subject, period().begin, period().end(), [&](const PointValues& values) -> Status {
          const registry::PointView* view = view_of(*values.point, period());
          if (view == nullptr) return {};
          std::set<std::int64_t> taken;
          const MonthOfWater month =
              month_of_water(context_, rules_, values, *view, item, period(), &derivation_,
                             [&](const SampleSeries& series, const Sample& sample, std::string_view unit) {
                               taken.insert(sample.at_ms);
                               return add_sample(item, series, sample, unit);
                             });
          found.mean = month.mean;
          found.derived = month.derived;
          if (month.series == nullptr) return {};
          const auto samples = month.series->within(period().begin, period().end());
          for (const Sample& sample : samples) {
            if (taken.contains(sample.at_ms)) continue;
            sheet_.inputs.push_back(sample_input(*month.series, sample, std::string(water_items()[item].key)));
          }
          for (SheetStep& step : non_detect_steps(*month.series, samples)) sheet_.steps.push_back(std::move(step));
          return {};
        }));
    return found;
  }

  [[nodiscard]] int section_class(const WaterMeans& means, bool lake) const {
    return assess::judge_section(rules_.sections, section_values(rules_, means, lake)).value;
  }

  /// Means of a month from the few days that there are, of the items that have no stored one.
  Status add_partial_means(DerivedMeans& means) {
    SheetStep told =
        step_of({"有效天数不足：由现有各天得出的类别仅供参考，不参加统计",
                 "Too few days: the class of the days there are is for the reader, it counts nowhere"},
                "", "", "");
    told.clause = kWaterMeanClause;
    told.verification = rules_.shares;
    for (std::size_t i = 0; i < means.means.items.size(); ++i) {
      if (means.means.items[i].mean) continue;
      MJ_TRY(const MonthOfWater month, month_of_values(i));
      if (!month.mean.partial) continue;
      means.means.items[i].mean = month.mean.partial;
      means.derived[i] = month.derived;
      const std::string key(water_items()[i].key);
      sheet_.steps.push_back(step_of({key + " 均值", key + ", mean"}, month.mean.reason,
                                     long_text(month.mean.partial), std::string(water_items()[i].unit)));
      sheet_.steps.back().operation = operation_of(month.derived);
    }
    sheet_.steps.push_back(std::move(told));
    return {};
  }

  const Context& context_;
  const SheetRequest& request_;
  WaterRules rules_;
  Sheet sheet_;
  Derivation derivation_;
  Derived figure_derived_;
};

}  // namespace

Result<Sheet> water_calculation(const Context& context, const SheetRequest& request) {
  MJ_TRY(WaterRules rules, WaterRules::load(context.standards, judged_at(request.figure.period)));
  return WaterCalculation(context, request, std::move(rules)).make();
}

}  // namespace mj::evaluation
