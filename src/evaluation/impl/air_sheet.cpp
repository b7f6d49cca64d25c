// The calculation sheets of ambient air: which one, the index, hours.
#include "air_sheet.hpp"

#include <fmt/ranges.h>

#include "air_subjects.hpp"
#include "mj/assess/aqi.hpp"

namespace mj::evaluation {
namespace {

using telemetry::Period;

}  // namespace

std::string long_text(const assess::Exact& value, std::uint8_t decimals) {
  const auto longer = value.round(static_cast<std::uint8_t>(decimals + 4));
  return longer ? to_text(*longer) : "—";
}

Result<Sheet> AirSheet::make() {
  const auto& indicators = find_evaluator("air")->indicators;
  const auto found = std::find_if(indicators.begin(), indicators.end(),
                                  [&](const Indicator& each) { return each.id == figure_.indicator; });
  if (found == indicators.end())
    return Error(ErrorCode::not_found, fmt::format("air has no indicator {}", figure_.indicator));
  const auto indicator = static_cast<std::size_t>(found - indicators.begin());
  const bool pollutant = indicator >= AirIndicator::pollutant && indicator < AirIndicator::pollutant + kAirItems;
  place_ = pollutant ? indicator - AirIndicator::pollutant : 0;
  switch (figure_.period.kind) {
    case PeriodKind::hour:
      if (figure_.level == Level::point) {
        MJ_CHECK(hour(indicator == AirIndicator::aqi));
      } else {
        MJ_CHECK(group_hour(indicator == AirIndicator::aqi));
      }
      break;
    case PeriodKind::day:
      if (indicator == AirIndicator::aqi) {
        MJ_CHECK(day_index());
      } else if (figure_.level == Level::point) {
        MJ_CHECK(point_day());
      } else {
        MJ_CHECK(group_day());
      }
      break;
    default: MJ_CHECK(longer(indicator, pollutant)); break;
  }
  conclude(sheet_, derivation_, figure_derived_);
  return std::move(sheet_);
}

void AirSheet::step(standards::Text title, std::string formula, std::string result, std::string unit,
                    std::string clause, std::optional<standards::Verification> verification,
                    const Derived& shows) {
  sheet_.steps.push_back({std::move(title), std::move(formula), std::move(result), std::move(unit),
                          std::move(clause), verification, operation_of(shows)});
}

Derived AirSheet::last_value(const SampleSeries& series, const Sample& sample, std::string_view unit) {
  const auto by = context_.standards.convert(Decimal{1, 0}, series.unit, unit);
  return by ? derivation_.sample(sheet_.inputs.size() - 1, series, sample, *by) : std::nullopt;
}

Derived AirSheet::last_figure() {
  return Derivation::input(sheet_.inputs.size() - 1, sheet_.inputs.back().figure);
}

std::optional<AirSheet::Part> AirSheet::index_step(const standards::AqiStandard& standard,
                                                   const standards::AqiItem& item, Decimal concentration,
                                                   const Derived& derived) {
  const Decimal rounded = round_gb8170(concentration, item.decimals);
  const standards::Breakpoint* low = nullptr;
  const standards::Breakpoint* high = nullptr;
  for (const standards::Breakpoint& point : item.breakpoints) {
    if (compare(point.concentration, rounded) <= 0) low = &point;
    if (high == nullptr && compare(point.concentration, rounded) >= 0) high = &point;
  }
  const auto value = assess::iaqi(item, rounded);
  std::string formula =
      fmt::format("{}: {} > {}", item.pollutant, to_text(rounded), to_text(item.breakpoints.back().concentration));
  if (low != nullptr && high != nullptr && low != high) {
    formula =
        fmt::format("⌈({} − {}) / ({} − {}) × ({} − {}) + {}⌉", to_text(rounded), to_text(low->concentration),
                    to_text(high->concentration), to_text(low->concentration), high->iaqi, low->iaqi, low->iaqi);
  } else if (low != nullptr && low == high) {
    formula = fmt::format("{} = {}", to_text(rounded), to_text(low->concentration));
  }
  step({item.pollutant + " 分指数（" + item.column + "）",
        item.pollutant + ", individual index (" + item.column + ")"},
       std::move(formula), value ? std::to_string(*value) : "—", "", item.clause, item.verification);
  if (!value) return std::nullopt;
  const Derived index = derivation_.interpolate(derived, aqi_table(standard.edition, item));
  sheet_.steps.back().operation = operation_of(index);
  return Part{item.pollutant, *value, index};
}

void AirSheet::greatest_step(const std::vector<Part>& parts, const standards::AqiStandard& standard,
                             std::string_view edition, standards::Verification verification) {
  std::vector<std::string> list;
  std::vector<Derived> indices;
  for (const Part& part : parts) {
    list.push_back(fmt::format("{} {}", part.pollutant, part.index));
    indices.push_back(part.derived);
  }
  const std::string least = standard.index_min > 0 ? std::to_string(standard.index_min) : std::string();
  figure_derived_ = derivation_.greatest(indices, least, std::string(edition));
  step({"空气质量指数（最大分指数）", "Air quality index (the greatest individual index)"},
       fmt::format("max({})", fmt::join(list, ", ")), shown(figure_.value), "", std::string(edition), verification,
       figure_derived_);
  if (figure_.grade)
    step({"级别", "Category"}, shown(figure_.value), figure_.grade->name.zh, "", std::string(edition),
         verification);
  if (!figure_.primary.empty())
    step({"首要污染物", "Primary pollutants"}, shown(figure_.value) + " > 50", figure_.primary, "",
         std::string(edition), verification);
}

std::string AirSheet::only_device(const RosterPoint& point) const {
  const std::vector<std::string> reporters = point.reporters();
  return reporters.size() == 1 && !telemetry::is_imported(reporters.front()) ? reporters.front() : std::string();
}

SheetInput AirSheet::input_of(const standards::AqiItem& item, const SampleSeries& series, const Sample& sample,
                              const std::string& device) const {
  SheetInput input = sample_input(series, sample, item.pollutant);
  input.at = EvaluationPeriod{PeriodKind::hour, Instant::from_ms(sample.at_ms)}.label();
  input.used = sample.usable && sample.value.mantissa >= 0;
  if (!sample.usable) input.reason = "flag " + input.flag;
  if (sample.value.mantissa < 0) input.reason = "< 0";
  if (!device.empty())
    input.prove = fmt::format("value/{}/{}/{}/{}/{}/{}", device, kAirSystem, kAirHourCommand, series.factor,
                              series.kind, to_compact(Instant::from_ms(sample.at_ms)));
  return input;
}

Status AirSheet::hour(bool whole) {
  const AirHourLaw* law = law_.hour(figure_.period.begin);
  if (law == nullptr) return Error(ErrorCode::not_found, "no edition was in force");
  std::vector<Part> parts;
  MJ_CHECK(request_.values(
      figure_.subject, figure_.period.begin, figure_.period.end(), [&](const PointValues& values) -> Status {
        const std::string device = only_device(*values.point);
        for (const AirItem& item : law->items) {
          if (!whole && item.place != place_) continue;
          const SampleSeries* series = values.find(item.item->factor, Period::hour);
          if (series == nullptr) continue;
          for (const Sample& sample : series->within(figure_.period.begin, figure_.period.end())) {
            sheet_.inputs.push_back(input_of(*item.item, *series, sample, device));
            if (!sheet_.inputs.back().used) continue;
            const auto value = context_.standards.convert(sample.value, series->unit, item.item->unit);
            if (!value) continue;
            figure_derived_ = derivation_.round(last_value(*series, sample, item.item->unit), item.item->decimals);
            const auto index = index_step(law->table.standard(), *item.item, *value, figure_derived_);
            if (index) parts.push_back(*index);
          }
        }
        return {};
      }));
  const std::string& edition = law->table.standard().edition.id;
  if (whole) {
    greatest_step(parts, law->table.standard(), edition, law->verification);
  } else {
    step({"1小时平均浓度", "Mean of the hour"}, shown(figure_.value), shown(figure_.value), "", edition,
         law->verification, figure_derived_);
  }
  return {};
}

Status AirSheet::group_hour(bool whole) {
  const AirHourLaw* law = law_.hour(figure_.period.begin);
  if (law == nullptr) return Error(ErrorCode::not_found, "no edition was in force");
  std::vector<assess::ExactSum> sums(law->items.size());
  std::vector<std::vector<Derived>> sites(law->items.size());
  for (const RosterPoint& point : context_.roster.points()) {
    const registry::PointView* view = point.at(figure_.period.begin);
    if (view == nullptr || !counts_for_group(*view) ||
        context_.roster.group_of(*view, figure_.level) != figure_.subject)
      continue;
    MJ_CHECK(request_.values(
        point.id(), figure_.period.begin, figure_.period.end(), [&](const PointValues& values) -> Status {
          for (std::size_t i = 0; i < law->items.size(); ++i) {
            const AirItem& item = law->items[i];
            const SampleSeries* series =
                whole || item.place == place_ ? values.find(item.item->factor, Period::hour) : nullptr;
            if (series == nullptr) continue;
            for (const Sample& sample : series->within(figure_.period.begin, figure_.period.end())) {
              SheetInput input = input_of(*item.item, *series, sample, only_device(point));
              input.label += " " + view->name.zh;
              const auto value = context_.standards.convert(sample.value, series->unit, item.item->unit);
              const bool counts = input.used && value && sums[i].add(round_gb8170(*value, item.item->decimals));
              sheet_.inputs.push_back(std::move(input));
              if (counts)
                sites[i].push_back(
                    derivation_.round(last_value(*series, sample, item.item->unit), item.item->decimals));
            }
          }
          return {};
        }));
  }
  const std::string& edition = law->table.standard().edition.id;
  std::vector<Part> parts;
  for (std::size_t i = 0; i < law->items.size(); ++i) {
    if (sums[i].count() == 0) continue;
    const standards::AqiItem& item = *law->items[i].item;
    const auto mean = sums[i].mean().round(item.decimals);
    step({item.pollutant + " 各点位算术平均", item.pollutant + ", mean of the sites"},
         fmt::format("{} / {}", long_text(sums[i].sum(), 0), sums[i].count()), shown(mean), item.unit, edition,
         standards::Verification::unverified);
    figure_derived_ = derivation_.mean(sites[i], item.decimals, edition);
    sheet_.steps.back().operation = operation_of(figure_derived_);
    const auto index = mean ? index_step(law->table.standard(), item, *mean, figure_derived_) : std::nullopt;
    if (index) parts.push_back(*index);
  }
  if (whole) greatest_step(parts, law->table.standard(), edition, law->verification);
  return {};
}

Status AirSheet::day_index() {
  const AirDayLaw* law = law_.day(figure_.period.begin);
  if (law == nullptr) return Error(ErrorCode::not_found, "no edition was in force");
  MJ_TRY(const auto figures, request_.results(figure_.level, figure_.subject, "", PeriodKind::day,
                                              figure_.period.begin, figure_.period.end()));
  std::vector<Part> parts;
  for (const AirItem& item : law->items) {
    const std::string& id = find_evaluator("air")->indicators[AirIndicator::pollutant + item.place].id;
    for (const Figure& figure : figures) {
      if (figure.indicator != id) continue;
      sheet_.inputs.push_back(figure_input(figure, item.item->pollutant, item.item->unit));
      if (!figure.value) continue;
      const auto index = index_step(law->table.standard(), *item.item, *figure.value, last_figure());
      if (index) parts.push_back(*index);
    }
  }
  greatest_step(parts, law->table.standard(), law->aqi_standard, law->aqi_verification);
  return {};
}

Result<Sheet> air_sheet(const Context& context, const SheetRequest& request) {
  return AirSheet(context, request).make();
}

}  // namespace mj::evaluation
