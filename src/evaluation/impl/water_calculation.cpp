// Calculation sheets of surface water: values → mean → class; months → quarters and years; sections → groups → index.
#include "mj/assess/basin.hpp"
#include "mj/assess/cwqi.hpp"
#include "sheet_parts.hpp"
#include "water_items.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

std::string text_of(const std::optional<Decimal>& value) { return value ? to_text(*value) : std::string(); }

class WaterCalculation {
 public:
  WaterCalculation(const Context& context, const SheetRequest& request, WaterRules rules)
      : context_(context), request_(request), rules_(std::move(rules)) {
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
      MJ_CHECK(add_index());
    } else if (group) {
      MJ_CHECK(add_shares());
    } else if (indicator == "tli") {
      MJ_TRY(const WaterMeans means, means_of(request_.figure.level, request_.figure.subject, period(), true));
      sheet_.steps = trophic_steps(rules_, context_, means);
    } else if (indicator == "black_odorous") {
      MJ_TRY(const WaterMeans means, means_of(request_.figure.level, request_.figure.subject, period(), true));
      sheet_.steps = black_odorous_steps(context_, means, request_.figure);
    } else {
      MJ_CHECK(add_class());
    }
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

  /// The unrounded means of a point or lake in the period, as stored.
  Result<WaterMeans> means_of(Level level, std::string_view subject, const EvaluationPeriod& when, bool list) {
    WaterMeans means;
    for (std::size_t i = 0; i < water_items().size(); ++i) {
      const std::string indicator = "mean." + std::string(water_items()[i].key);
      MJ_TRY(const auto figures, request_.results(level, subject, indicator, when.kind, when.begin, when.end()));
      if (figures.empty() || !figures.front().value) continue;
      means.items[i].mean = *figures.front().value;
      if (!list) continue;
      sheet_.inputs.push_back(
          figure_input(figures.front(), std::string(water_items()[i].key), std::string(water_items()[i].unit)));
    }
    return means;
  }

  /// Days and hours of automatic stations are judged by what is not stored: their values are read again.
  Result<WaterMeans> means_of_values(bool lake) {
    WaterMeans means;
    MJ_CHECK(request_.values(
        request_.figure.subject, period().begin, period().end(), [&](const PointValues& values) -> Status {
          means = automatic_means(context_, rules_, values, period(), lake).with_partial();
          for (std::size_t i = 0; i < means.items.size(); ++i) {
            if (!means.items[i].mean) continue;
            const standards::WaterItem* item = rules_.item(water_items()[i].key, lake);
            const SampleSeries* series = water_series(context_, values, item, water_items()[i].key);
            const auto samples = series->within(period().begin, period().end());
            for (const Sample& sample : samples)
              sheet_.inputs.push_back(sample_input(*series, sample, std::string(water_items()[i].key)));
            for (SheetStep& step : non_detect_steps(*series, samples)) sheet_.steps.push_back(std::move(step));
            sheet_.steps.push_back(step_of(
                {std::string(water_items()[i].key) + " 均值", std::string(water_items()[i].key) + ", mean"},
                fmt::format("n = {}", means.items[i].inputs.count), long_text(means.items[i].mean), item->unit));
          }
          return {};
        }));
    return means;
  }

  Status add_class() {
    const bool lake = lake_of(request_.figure.subject);
    const bool automatic = period().kind == PeriodKind::day || period().kind == PeriodKind::hour;
    MJ_TRY(const WaterMeans means, automatic
                                       ? means_of_values(lake)
                                       : means_of(request_.figure.level, request_.figure.subject, period(), true));
    const auto values = section_values(rules_, means, lake);
    const auto verdict = assess::judge_section(rules_.sections, values);
    for (const assess::ItemVerdict& part : verdict.parts) {
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
      step.formula = fmt::format("{} : {}", to_text(part.judged), limits);
      step.result = assess::class_name(part.value);
      if (part.exceed)
        step.result += fmt::format(" (({} − S)/S = {})", to_text(part.judged), to_text(*part.exceed));
      if (!part.takes_part) step.result += " (for reference)";
      step.unit = part.item->unit;
      step.clause = part.item->clause;
      step.verification = part.item->verification;
      sheet_.steps.push_back(std::move(step));
    }
    SheetStep step;
    step.title = {"断面类别取最差项目", "The worst item decides"};
    step.formula = "max";
    step.result = assess::class_name(verdict.value);
    step.clause = rules_.sections.standard->edition.id + " §5.1";
    sheet_.steps.push_back(std::move(step));
    return {};
  }

  Status add_mean(std::size_t item) {
    const std::string key(water_items()[item].key);
    sheet_.unit = water_items()[item].unit;
    if (period().kind == PeriodKind::month && request_.figure.level == Level::point) {
      MJ_CHECK(add_values(item));
    } else if (request_.figure.level == Level::lake) {
      for (const RosterPoint& point : context_.roster.points()) {
        const registry::PointView* view = view_of(point, period());
        if (view != nullptr && view->lake_id == request_.figure.subject)
          MJ_CHECK(add_months(point.id(), "mean." + key, period().kind));
      }
    } else {
      MJ_CHECK(add_months(request_.figure.subject, "mean." + key, PeriodKind::month));
    }
    SheetStep mean;
    mean.title = {key == "pH" ? "均值（经氢离子浓度）" : "算术均值",
                  key == "pH" ? "Mean through the hydrogen ions" : "Arithmetic mean"};
    mean.formula = key == "pH" ? "−lg(Σ 10^−pH / n)" : "Σ x / n";
    mean.unit = sheet_.unit;
    mean.clause = "环办〔2011〕22号; 环办监测函〔2020〕82号";
    mean.verification = rules_.shares;
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
    round.verification = standards::Verification::verified;
    sheet_.steps.push_back(std::move(round));
    return {};
  }

  Status add_months(std::string_view subject, const std::string& indicator, PeriodKind kind) {
    MJ_TRY(const auto figures,
           request_.results(Level::point, subject, indicator, kind, period().begin, period().end()));
    for (const Figure& figure : figures) {
      sheet_.inputs.push_back(figure_input(figure, fmt::format("{} {}", subject, indicator), sheet_.unit));
    }
    return {};
  }

  Status add_values(std::size_t item) {
    return request_.values(
        request_.figure.subject, period().begin, period().end(), [&](const PointValues& values) -> Status {
          const WaterItemTitle& title = water_items()[item];
          const SampleSeries* series =
              water_series(context_, values, rules_.item(title.key, lake_of(request_.figure.subject)), title.key);
          if (series == nullptr) return {};
          const auto samples = series->within(period().begin, period().end());
          for (const Sample& sample : samples)
            sheet_.inputs.push_back(sample_input(*series, sample, std::string(title.key)));
          for (SheetStep& step : non_detect_steps(*series, samples)) sheet_.steps.push_back(std::move(step));
          return {};
        });
  }

  std::vector<const RosterPoint*> members(const EvaluationPeriod& when) const {
    std::vector<const RosterPoint*> found;
    for (const RosterPoint& point : context_.roster.points()) {
      const registry::PointView* view = view_of(point, when);
      if (view != nullptr && context_.roster.group_of(*view, request_.figure.level) == request_.figure.subject)
        found.push_back(&point);
    }
    return found;
  }

  Status add_shares() {
    std::array<std::int64_t, 7> counts{};
    std::int64_t judged = 0;
    for (const RosterPoint* point : members(period())) {
      MJ_TRY(const auto figures,
             request_.results(Level::point, point->id(), "class", period().kind, period().begin, period().end()));
      for (const Figure& figure : figures) {
        SheetInput input = figure_input(figure, point->newest().name.zh, "");
        if (figure.grade) input.text = figure.grade->name.zh;
        sheet_.inputs.push_back(std::move(input));
        if (!figure.value) continue;
        ++judged;
        ++counts[static_cast<std::size_t>(
            std::clamp<std::int64_t>(round_gb8170(*figure.value, 0).mantissa, 0, 6))];
      }
    }
    for (std::size_t i = 1; i < counts.size(); ++i) {
      SheetStep step;
      const std::string name(assess::class_name(static_cast<int>(i)));
      step.title = {name + "类断面比例", "Share of class " + name};
      step.formula = fmt::format("{} / {} × 100", counts[i], judged);
      step.result = text_of(Exact::of(counts[i] * 100, judged).round(rules_.sections.share_decimals));
      step.unit = "%";
      step.clause = "环办〔2011〕22号 二(一)2";
      sheet_.steps.push_back(std::move(step));
    }
    if (judged < static_cast<std::int64_t>(rules_.sections.few_sections)) {
      SheetStep step;
      step.title = {fmt::format("断面少于{}个：按均值评价", rules_.sections.few_sections),
                    fmt::format("Fewer than {} sections: judged by their means", rules_.sections.few_sections)};
      step.clause = "环办〔2011〕22号 二(一)2";
      sheet_.steps.push_back(std::move(step));
    }
    return {};
  }

  Result<assess::CwqiDistrict> district(const assess::CwqiRules& rules, const EvaluationPeriod& when) {
    assess::CwqiDistrict district;
    for (const RosterPoint* point : members(when)) {
      MJ_TRY(const WaterMeans means, means_of(Level::point, point->id(), when, true));
      const registry::PointView* view = view_of(*point, when);
      district.add(rules, rules_.sections, section_means(rules_, means, view->lake),
                   view->lake ? standards::WaterBody::lake : standards::WaterBody::river,
                   assess::parse_class(view->target_class));
    }
    MJ_CHECK(district.finish(rules));
    return district;
  }

  void add_district(const assess::CwqiRules& rules, const assess::CwqiDistrict& district,
                    const std::string& when) {
    const auto step = [&](standards::Text title, std::string formula, const Exact& result, std::uint8_t digits) {
      SheetStep made;
      made.title = std::move(title);
      made.formula = std::move(formula);
      made.result = text_of(result.round(digits));
      made.clause = "环办监测〔2017〕51号 四";
      made.verification = rules.verification;
      sheet_.steps.push_back(std::move(made));
    };
    constexpr std::uint8_t kDigits = 6;
    for (const bool lakes : {false, true}) {
      const auto& kind = lakes ? district.lakes() : district.rivers();
      for (const auto& item : kind.means.items()) {
        if (!item.item->basic) continue;
        const Exact mean = item.values.mean();
        const std::string c = text_of(mean.round(kDigits));
        const std::string limit = to_text(rules.limit(*item.item, mean));
        const std::string formula =
            item.item->rule == standards::WaterRule::at_most    ? fmt::format("{} / {}", c, limit)
            : item.item->rule == standards::WaterRule::at_least ? fmt::format("{} / {}", limit, c)
                                                                : fmt::format("({0} − 7) / ({1} − 7)", c, limit);
        step({fmt::format("{} {} {}（{}个断面）", when, lakes ? "湖库" : "河流", item.item->item,
                          item.values.count()),
              fmt::format("{} {} {} ({} sections)", when, lakes ? "lakes" : "rivers", item.item->item,
                          item.values.count())},
             formula, assess::cwqi_single(rules, *item.item, mean), kDigits);
      }
      if (kind.index)
        step({when + (lakes ? " 湖库指数" : " 河流指数"), when + (lakes ? " index of lakes" : " index of rivers")},
             "Σ", *kind.index, rules.index_decimals);
    }
    if (district.index())
      step({when + " 城市水质指数", when + " city water quality index"},
           fmt::format("(CWQI河流 × {} + CWQI湖库 × {}) / {}", district.rivers().sections,
                       district.lakes().sections, district.rivers().sections + district.lakes().sections),
           *district.index(), rules.index_decimals);
  }

  Status add_index() {
    MJ_TRY(const auto rules, assess::CwqiRules::load(context_.standards, period().begin));
    MJ_TRY(const auto report, district(rules, period()));
    add_district(rules, report, period().label());
    if (request_.figure.indicator != "cwqi_change") return {};
    const auto before = period().year_before();
    if (!before) return {};
    MJ_TRY(const auto base, district(rules, *before));
    add_district(rules, base, before->label());
    SheetStep step;
    step.title = {"变化程度", "Change"};
    step.formula = "(CWQI − CWQI₀) / CWQI₀ × 100";
    step.result = text_of(assess::cwqi_change(rules, base.index(), report.index()));
    step.unit = "%";
    step.clause = "环办监测〔2017〕51号 五";
    step.verification = rules.verification;
    sheet_.steps.push_back(std::move(step));
    return {};
  }

  const Context& context_;
  const SheetRequest& request_;
  WaterRules rules_;
  Sheet sheet_;
};

}  // namespace

Result<Sheet> water_calculation(const Context& context, const SheetRequest& request) {
  MJ_TRY(WaterRules rules, WaterRules::load(context.standards, request.figure.period.begin));
  return WaterCalculation(context, request, std::move(rules)).make();
}

}  // namespace mj::evaluation
