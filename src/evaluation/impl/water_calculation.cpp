// Calculation sheets of surface water: values → mean → class; months → quarters and years; sections → groups → index.
#include "mj/assess/basin.hpp"
#include "sheet_parts.hpp"
#include "water_index_sheet.hpp"
#include "water_items.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

std::string text_of(const std::optional<Decimal>& value) { return value ? to_text(*value) : std::string(); }

constexpr std::uint8_t kJudgedDigits = 9;  // of items that the standard of sections does not round
constexpr const char* kShareClause = "环办〔2011〕22号 二(一)2";

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
      MJ_CHECK(add_shares());
    } else if (indicator == "tli") {
      MJ_TRY(const DerivedMeans means,
             stored_means(request_, request_.figure.level, request_.figure.subject, period(), sheet_));
      sheet_.steps = trophic_steps(rules_, context_, means.means, period().begin, means.derived, derivation_,
                                   figure_derived_);
    } else if (indicator == "black_odorous") {
      MJ_TRY(const DerivedMeans means,
             stored_means(request_, request_.figure.level, request_.figure.subject, period(), sheet_));
      sheet_.steps = black_odorous_steps(context_, means.means, request_.figure);
    } else {
      MJ_CHECK(add_class());
    }
    conclude(sheet_, derivation_, figure_derived_);
    return std::move(sheet_);
  }

 private:
  [[nodiscard]] const EvaluationPeriod& period() const { return request_.figure.period; }

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
            const SampleSeries* series = water_series(context_, values, item, water_items()[i].key);
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
    MJ_TRY(const DerivedMeans means,
           automatic ? means_of_values(lake)
                     : stored_means(request_, request_.figure.level, request_.figure.subject, period(), sheet_));
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
    if (classes.empty() && !request_.figure.complete) derivation_.missing(Gap::incomplete);
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
    if (!unrounded.empty()) mean.result = text_of(unrounded.front().value);
    sheet_.steps.push_back(mean);
    if (request_.figure.indicator != key || !request_.figure.value) return {};
    SheetStep round;
    round.title = {"修约", "Rounded"};
    round.formula = fmt::format("{} → {}", mean.result, text_of(request_.figure.value));
    round.result = text_of(request_.figure.value);
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
    Derived mean;
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
          mean = month.derived;
          if (month.series == nullptr) return {};
          const auto samples = month.series->within(period().begin, period().end());
          for (const Sample& sample : samples) {
            if (taken.contains(sample.at_ms)) continue;
            sheet_.inputs.push_back(sample_input(*month.series, sample, std::string(water_items()[item].key)));
          }
          for (SheetStep& step : non_detect_steps(*month.series, samples)) sheet_.steps.push_back(std::move(step));
          return {};
        }));
    return mean;
  }

  /// Whether a group counts a section: one of which an item of the class has enough values. Others have a class for the reader only.
  Result<bool> judged(std::string_view point, bool lake) {
    MJ_TRY(const auto figures,
           request_.results(Level::point, point, "", period().kind, period().begin, period().end()));
    return std::any_of(figures.begin(), figures.end(), [&](const Figure& figure) {
      if (!figure.indicator.starts_with("mean.") || !figure.value) return false;
      const standards::WaterItem* item = rules_.item(std::string_view(figure.indicator).substr(5), lake);
      return item != nullptr && item->basic;
    });
  }

  Status add_shares() {
    std::array<std::int64_t, 7> counts{};
    std::int64_t all = 0;
    std::vector<Derived> classes;
    std::map<int, std::vector<Derived>> by_target;
    for (const RosterPoint* point : members_of(context_, request_.figure, period())) {
      const registry::PointView* view = view_of(*point, period());
      MJ_TRY(const bool counted, judged(point->id(), view->lake));
      MJ_TRY(const auto figures,
             request_.results(Level::point, point->id(), "class", period().kind, period().begin, period().end()));
      for (const Figure& figure : figures) {
        SheetInput input = figure_input(figure, point->newest().name.zh, "");
        if (figure.grade) input.text = figure.grade->name.zh;
        input.used = input.used && counted;
        sheet_.inputs.push_back(std::move(input));
        if (!figure.value || !counted) continue;
        ++all;
        ++counts[static_cast<std::size_t>(
            std::clamp<std::int64_t>(round_gb8170(*figure.value, 0).mantissa, 0, 6))];
        classes.push_back(Derivation::input(sheet_.inputs.size() - 1, figure.value));
        if (const auto target = assess::parse_class(view->target_class))
          by_target[*target].push_back(classes.back());
      }
    }
    const Derived total = derivation_.count_all(classes);
    const std::string_view indicator = request_.figure.indicator;
    for (std::size_t i = 1; i < counts.size(); ++i) {
      SheetStep step;
      const std::string name(assess::class_name(static_cast<int>(i)));
      step.title = {name + "类断面比例", "Share of class " + name};
      step.formula = fmt::format("{} / {} × 100", counts[i], all);
      step.result = text_of(Exact::of(counts[i] * 100, all).round(rules_.sections.share_decimals));
      step.unit = "%";
      step.clause = kShareClause;
      if (indicator == fmt::format("share_{}", i) || (i == 6 && indicator == "bad_share")) {
        figure_derived_ =
            share(derivation_.difference(derivation_.count(classes, {static_cast<std::int64_t>(i), 0}),
                                         derivation_.count(classes, {static_cast<std::int64_t>(i) - 1, 0})),
                  total);
        step.operation = operation_of(figure_derived_);
      }
      sheet_.steps.push_back(std::move(step));
    }
    if (indicator == "good_share") {
      figure_derived_ = share(derivation_.count(classes, {3, 0}), total);
      add_share({"Ⅰ～Ⅲ类断面比例", "Share of classes I–III"}, counts[1] + counts[2] + counts[3], all);
    }
    if (indicator == "target_rate" && !by_target.empty()) add_target_rate(by_target);
    if (all < static_cast<std::int64_t>(rules_.sections.few_sections)) {
      SheetStep step;
      step.title = {fmt::format("断面少于{}个：按均值评价", rules_.sections.few_sections),
                    fmt::format("Fewer than {} sections: judged by their means", rules_.sections.few_sections)};
      step.clause = kShareClause;
      sheet_.steps.push_back(std::move(step));
    }
    return {};
  }

  Derived share(const Derived& part, const Derived& all) {
    return derivation_.ratio(derivation_.scale(part, {100, 0}), all, rules_.sections.share_decimals, kShareClause);
  }

  void add_share(standards::Text title, std::int64_t part, std::int64_t all) {
    SheetStep step;
    step.title = std::move(title);
    step.formula = fmt::format("{} / {} × 100", part, all);
    step.result = text_of(Exact::of(part * 100, all).round(rules_.sections.share_decimals));
    step.unit = "%";
    step.clause = kShareClause;
    step.operation = operation_of(figure_derived_);
    sheet_.steps.push_back(std::move(step));
  }

  void add_target_rate(const std::map<int, std::vector<Derived>>& by_target) {
    std::vector<Derived> reached;
    std::vector<Derived> all;
    std::int64_t reached_count = 0;
    for (const auto& [target, classes] : by_target) {
      reached.push_back(derivation_.count(classes, {target, 0}));
      if (reached.back()) reached_count += reached.back()->value.mantissa;
      all.insert(all.end(), classes.begin(), classes.end());
    }
    figure_derived_ = share(derivation_.sum(reached), derivation_.count_all(all));
    add_share({"达到目标类别的断面比例", "Share of sections at their target"}, reached_count,
              static_cast<std::int64_t>(all.size()));
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
  MJ_TRY(WaterRules rules, WaterRules::load(context.standards, request.figure.period.begin));
  return WaterCalculation(context, request, std::move(rules)).make();
}

}  // namespace mj::evaluation
