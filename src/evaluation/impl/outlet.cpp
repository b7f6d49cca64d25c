// Outlets: a day against the limits of the standard that the register names.
#include "outlet.hpp"

#include <deque>

#include "mj/assess/rules_in_force.hpp"
#include "outlet_sheet.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

std::string_view trimmed_part(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<PeriodKind> all_outlet_periods() { return {PeriodKind::day, PeriodKind::month, PeriodKind::year}; }

assess::OutletTerms outlet_terms(std::string_view text) {
  constexpr std::string_view kWide = "；";
  assess::OutletTerms terms;
  const std::array<std::string*, 4> parts{&terms.standard, &terms.category, &terms.unit_type, &terms.condition};
  for (std::string* part : parts) {
    const std::size_t narrow = std::min(text.find(';'), text.size());
    const std::size_t wide = std::min(text.find(kWide), text.size());
    const std::size_t end = std::min(narrow, wide);
    *part = trimmed_part(text.substr(0, end));
    text.remove_prefix(end == text.size() ? end : end + (wide < narrow ? kWide.size() : 1));
  }
  return terms;
}

/// What is said of a day while its items are judged.
struct OutletDay::Judged {
  std::optional<Decimal> greatest;  ///< exceed multiple; 0 when nothing is beyond its limit
  std::string exceeding;
  int hours_above = 0;
  bool any = false;
  Inputs inputs;
  standards::Verification verification = standards::Verification::verified;
  std::string reason;
  std::string edition;
  std::deque<OutletSheet> sheets;  ///< empty while nobody asks
};

OutletDay::OutletDay(const Context& context, const PointValues& values, const registry::PointView& view,
                     const EvaluationPeriod& day)
    : context_(context), values_(values), day_(day), terms_(outlet_terms(attribute(view, "standard"))) {}

Row OutletDay::row(std::size_t indicator) const {
  return row_of(Level::point, values_.point->id(), day_, indicator);
}

bool OutletDay::compare_with(const assess::OutletLimit& limit, const Exact& figure, OutletVerdict& verdict) {
  constexpr Decimal kLeast{1, kOutletMultipleDigits};
  const bool below = limit.low && Exact::compare(figure, *limit.low).value_or(0) < 0;
  if (!below && (!limit.high || Exact::compare(figure, *limit.high).value_or(0) <= 0)) return false;
  // Beyond a range, or a limit of 0, there is no multiple.
  auto multiple = limit.low || limit.high->mantissa <= 0
                      ? std::optional(kLeast)
                      : ((figure - *limit.high) / *limit.high).round(kOutletMultipleDigits);
  if (!multiple || multiple->mantissa == 0) multiple = kLeast;
  if (compare(*multiple, verdict.worst) > 0) verdict.worst = *multiple;
  return true;
}

std::optional<OutletItem> OutletDay::item_of(std::string_view item, std::string_view table) const {
  using telemetry::Period;
  OutletItem of;
  of.item = item;
  of.gas = table == kStackLimits;
  const auto series_of = [&](std::string_view in, std::string_view name, Period period, std::string_view kind) {
    const SampleSeries* found = nullptr;
    for (const std::string& factor : factors_of(context_.factors, in, name)) {
      if (found == nullptr) found = values_.find(factor, period, kind);
    }
    return found;
  };
  if (!of.gas) {
    of.series = item_series(context_, values_, span_of(day_), table, item, {"Avg"});
  } else {
    // Limits of stacks are limits of hourly means; the mean of a day stands in only where there are no hours.
    for (const Period period : {Period::hour, Period::day}) {
      if (of.series == nullptr) of.series = series_of(table, item, period, "ZsAvg");
      if (of.series != nullptr) break;
      of.series = series_of(table, item, period, "Avg");
      if (of.series == nullptr) continue;
      of.reference = assess::reference_oxygen(context_.standards, day_.begin, terms_.standard, terms_.unit_type);
      of.oxygen = series_of("outlet_terms", "o2", period, "Avg");
      break;
    }
  }
  if (of.series == nullptr) return std::nullopt;
  const auto limit = assess::outlet_limit(context_.standards, day_.begin, terms_, item);
  if (!limit || limit->row == nullptr) return std::nullopt;
  of.limit = *limit;
  return of;
}

std::vector<OutletFigure> OutletDay::stack_hours(const OutletItem& item) const {
  std::vector<OutletFigure> hours;
  const auto samples = item.series->within(day_.begin, day_.end());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!samples[i].usable) continue;
    const auto value = in_unit(context_.standards, samples[i].value, item.series->unit, "mg/m³");
    if (!value) continue;
    if (item.reference == nullptr) {
      hours.push_back({i, nullptr, *value});
      continue;
    }
    if (item.oxygen == nullptr) continue;
    const Instant at = Instant::from_ms(samples[i].at_ms);
    const auto found = item.oxygen->within(at, at.plus_ms(1));
    if (found.empty() || !found.front().usable) continue;
    const auto exact = assess::at_reference_oxygen(context_.standards, *value, found.front().value,
                                                   item.reference->decimal("oxygen"));
    if (exact && *exact) hours.push_back({i, &found.front(), **exact});
  }
  return hours;
}

void OutletDay::judge_item(std::string_view item, std::string_view table, Judged& judged) const {
  const auto of = item_of(item, table);
  if (!of) return;
  const auto& limit = of->limit;
  OutletVerdict verdict;
  if (of->gas) {
    const auto samples = of->series->within(day_.begin, day_.end());
    verdict.hours = stack_hours(*of);
    if (verdict.hours.empty()) return;
    for (const OutletFigure& hour : verdict.hours) {
      const Sample& sample = samples[hour.place];
      judged.inputs.add(sample.at_ms, sample.value, sample.entry);
      verdict.above += compare_with(limit, hour.value, verdict) ? 1 : 0;
    }
  } else {
    const ValuesOfItem values = values_of_item(context_, *of->series, limit.row->text("unit"), day_, item == "pH");
    const auto mean = values.mean ? values.mean->round(kOutletJudgedDigits) : std::nullopt;
    if (!mean) return;
    judged.verification = std::max(judged.verification, values.verification);
    judged.inputs.add(values.inputs);
    verdict.mean = *mean;
    verdict.above = compare_with(limit, *mean, verdict) ? 1 : 0;
  }
  for (OutletSheet& sheet : judged.sheets) sheet.add(*of, verdict, terms_);
  judged.any = true;
  judged.edition = limit.row->edition;
  judged.verification = std::max(judged.verification, limit.row->verification);
  if (limit.strictest) judged.reason = "the strictest of several rows counts";
  if (of->gas && of->series->period == telemetry::Period::hour)
    judged.hours_above = std::max(judged.hours_above, verdict.above);
  if (!judged.greatest || compare(verdict.worst, *judged.greatest) > 0) judged.greatest = verdict.worst;
  if (verdict.above > 0)
    judged.exceeding += fmt::format("{}{}({})", judged.exceeding.empty() ? "" : "+", item, to_text(verdict.worst));
}

Status OutletDay::emit_compliance(Sink& sink) {
  if (terms_.standard.empty()) return {};
  Judged judged;
  if (Explanation* to = sink.explains(day_)) {
    judged.sheets.emplace_back(*to, kOutletExceed, context_, day_);
    judged.sheets.emplace_back(*to, kOutletHours, context_, day_);
  }
  for (const std::string_view table : {kEffluentLimits, kStackLimits}) {
    std::vector<std::string_view> seen;
    for (const auto* limit : assess::rows_in_force(context_.standards, table, day_.begin, terms_.standard)) {
      const std::string_view item = limit->text("item");
      if (limit->text("category") != terms_.category || std::find(seen.begin(), seen.end(), item) != seen.end())
        continue;
      seen.push_back(item);
      judge_item(item, table, judged);
    }
  }
  if (!judged.any) return {};
  for (OutletSheet& sheet : judged.sheets) sheet.conclude();
  Row made = row(kOutletExceed);
  made.value = judged.greatest;
  made.grade = sink.grade(compliance_grade(judged.exceeding.empty()));
  made.primary = judged.exceeding;
  made.standard = judged.edition;
  made.verification = judged.verification;
  made.inputs = judged.inputs;
  made.reason = judged.reason;
  MJ_CHECK(sink.emit(made));
  if (judged.hours_above == 0) return {};
  made.indicator = kOutletHours;
  made.grade = 0;
  made.value = Decimal{judged.hours_above, 0};
  return sink.emit(made);
}

}  // namespace mj::evaluation
