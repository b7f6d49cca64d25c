// Calculation sheets of days: of a point from its hours, of a group from its sites.
#include "air_sheet.hpp"
#include "air_subjects.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;
using telemetry::Period;

constexpr std::int64_t kSheetHourMs = 3'600'000;

}  // namespace

Status AirSheet::point_day() {
  const AirDayLaw* law = law_.day(figure_.period.begin);
  const AirItem* item = law == nullptr ? nullptr : law->item_at(place_);
  if (item == nullptr) return Error(ErrorCode::not_found, "no edition was in force");
  const Instant begin = figure_.period.begin;
  return request_.values(figure_.subject, begin, figure_.period.end(), [&](const PointValues& values) -> Status {
    const std::string device = only_device(*values.point);
    const SampleSeries* hours = values.find(item->item->factor, Period::hour);
    const SampleSeries* days = values.find(item->item->factor, Period::day);
    if (hours == nullptr && days != nullptr) {
      for (const Sample& sample : days->within(begin, figure_.period.end())) {
        sheet_.inputs.push_back(input_of(*item->item, *days, sample, ""));
        sheet_.inputs.back().at = figure_.period.label();
        figure_derived_ = derivation_.round(last_value(*days, sample, item->item->unit), item->item->decimals);
        break;
      }
      step({"日值（来源方计算）", "Value of the day, as the source computed it"}, shown(figure_.value),
           shown(figure_.value), item->item->unit, law->standard, law->verification(item->value), figure_derived_);
      return {};
    }
    if (hours == nullptr) return {};
    const auto within = hours->within(begin, figure_.period.end());
    std::array<const Sample*, 24> by_hour{};
    for (const Sample& sample : within) {
      const std::int64_t hour = (sample.at_ms - begin.ms()) / kSheetHourMs;
      if (hour >= 0 && hour < 24) by_hour[static_cast<std::size_t>(hour)] = &sample;
    }
    DerivedHours derived;
    for (std::size_t hour = 0; hour < by_hour.size(); ++hour) {
      if (by_hour[hour] != nullptr) {
        sheet_.inputs.push_back(input_of(*item->item, *hours, *by_hour[hour], device));
        if (sheet_.inputs.back().used) derived[hour] = last_value(*hours, *by_hour[hour], item->item->unit);
        continue;
      }
      SheetInput missing;
      missing.label = item->item->pollutant;
      missing.at =
          EvaluationPeriod{PeriodKind::hour, begin.plus_ms(static_cast<std::int64_t>(hour) * kSheetHourMs)}
              .label();
      missing.unit = hours->unit;
      missing.used = false;
      missing.reason = "—";
      sheet_.inputs.push_back(std::move(missing));
    }
    day_steps(*law, *item, hours_of(context_.standards, *item->item, *hours, within, begin).values, derived);
    return {};
  });
}

void AirSheet::day_steps(const AirDayLaw& law, const AirItem& item, const assess::DayHours& hours,
                         const DerivedHours& derived) {
  const standards::AqiItem& of = *item.item;
  assess::ExactSum sum;
  std::vector<Derived> counted;
  for (std::size_t hour = 0; hour < hours.size(); ++hour) {
    if (hours[hour] && !sum.add(*hours[hour])) return;
    if (hours[hour]) counted.push_back(derived[hour]);
  }
  const auto count = sum.count();
  if (item.value == AirValue::max_8h) {
    figure_derived_ = window_steps(law, of, hours, derived);
  } else if (item.value == AirValue::max_1h) {
    figure_derived_ = derivation_.round(derivation_.greatest(counted), of.decimals);
    step({"日最大1小时平均", "Maximum hour of the day"},
         fmt::format("n = {} ≥ {}", count, law.rules.day_min_hours), shown(figure_.value), of.unit,
         law.aqi_standard, of.verification, figure_derived_);
  } else {
    step({"有效小时数", "Valid hours"}, fmt::format("{} ≥ {}", count, law.rules.day_min_hours),
         count >= law.rules.day_min_hours ? "✓" : "✗", "h", law.standard, law.verification(item.value));
    if (count == 0) return;
    step({"24小时平均", "24 h mean"}, fmt::format("{} / {}", long_text(sum.sum(), 0), count),
         long_text(sum.mean(), of.decimals), of.unit, law.standard, law.verification(item.value));
    figure_derived_ = derivation_.mean(counted, of.decimals, law.standard);
    step({"修约（四舍六入五成双）", "Rounding (half to even)"}, long_text(sum.mean(), of.decimals),
         shown(figure_.value), of.unit, "GB/T 8170-2008 §3.2", std::nullopt, figure_derived_);
  }
  if (figure_.value) index_step(law.table.standard(), of, *figure_.value, std::nullopt);
}

Derived AirSheet::window_steps(const AirDayLaw& law, const standards::AqiItem& of, const assess::DayHours& hours,
                               const DerivedHours& derived) {
  int windows = 0;
  std::optional<Exact> greatest;
  std::string formula;
  std::vector<Derived> means;
  for (int end = law.rules.first_window; end <= 24; ++end) {
    assess::ExactSum sum;
    std::vector<Derived> window;
    for (int hour = end - 8; hour < end; ++hour) {
      const auto& value = hours[static_cast<std::size_t>(hour)];
      if (value && !sum.add(*value)) return std::nullopt;
      if (value) window.push_back(derived[static_cast<std::size_t>(hour)]);
    }
    if (sum.count() < law.rules.window_min_hours || sum.count() == 0) continue;
    ++windows;
    // The greatest of rounded means is the rounded greatest.
    means.push_back(derivation_.mean(window, of.decimals, law.standard));
    if (greatest && Exact::compare(sum.mean(), *greatest).value_or(0) <= 0) continue;
    greatest = sum.mean();
    formula = fmt::format("{:02}–{:02} h: {} / {}", end - 8, end, long_text(sum.sum(), 0), sum.count());
  }
  step({"有效8小时滑动平均个数", "Valid 8 h means"},
       fmt::format("{} ≥ {} ∨ max > {}", windows, law.rules.min_windows, to_text(law.ozone_limit)),
       figure_.value ? "✓" : "✗", "", law.standard, law.ozone_verification);
  if (!greatest) return std::nullopt;
  step({"日最大8小时平均", "Maximum 8 h mean of the day"}, formula, long_text(*greatest, of.decimals), of.unit,
       law.standard, law.ozone_verification);
  const Derived figure = derivation_.greatest(means, {}, law.standard);
  step({"修约（四舍六入五成双）", "Rounding (half to even)"}, long_text(*greatest, of.decimals),
       shown(figure_.value), of.unit, "GB/T 8170-2008 §3.2", std::nullopt, figure);
  return figure;
}

Status AirSheet::group_day() {
  const AirDayLaw* law = law_.day(figure_.period.begin);
  const AirItem* item = law == nullptr ? nullptr : law->item_at(place_);
  if (item == nullptr) return Error(ErrorCode::not_found, "no edition was in force");
  std::size_t sites = 0;
  assess::ExactSum sum;
  std::vector<Derived> values;
  for (const RosterPoint& point : context_.roster.points()) {
    const registry::PointView* view = point.at(figure_.period.begin);
    if (view == nullptr || context_.roster.group_of(*view, figure_.level) != figure_.subject) continue;
    if (!counts_for_group(*view)) continue;
    ++sites;
    MJ_TRY(const auto found, request_.results(Level::point, point.id(), figure_.indicator, PeriodKind::day,
                                              figure_.period.begin, figure_.period.end()));
    for (const Figure& figure : found) {
      sheet_.inputs.push_back(figure_input(figure, view->name.zh, item->item->unit));
      if (figure.value && !sum.add(*figure.value)) return {};
      if (figure.value) values.push_back(last_figure());
    }
  }
  const Decimal share =
      static_cast<int>(sites) < law->city_few_sites ? law->city_few_min_share : law->city_min_share;
  step({"有效点位比例", "Share of sites with a value"},
       fmt::format("{} / {} ≥ {}", sum.count(), sites, to_text(share)), figure_.value ? "✓" : "✗", "",
       law->standard, law->city_verification);
  if (sum.count() == 0) return {};
  step({"各点位算术平均", "Mean of the sites"}, fmt::format("{} / {}", long_text(sum.sum(), 0), sum.count()),
       long_text(sum.mean(), item->item->decimals), item->item->unit, law->standard, law->city_verification);
  figure_derived_ = derivation_.mean(values, item->item->decimals, law->standard);
  step({"修约（四舍六入五成双）", "Rounding (half to even)"}, long_text(sum.mean(), item->item->decimals),
       shown(figure_.value), item->item->unit, "GB/T 8170-2008 §3.2", std::nullopt, figure_derived_);
  if (figure_.value) index_step(law->table.standard(), *item->item, *figure_.value, std::nullopt);
  return {};
}

}  // namespace mj::evaluation
