#include "outlet_sheet.hpp"

#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

constexpr std::string_view kStackUnit = "mg/m³";
constexpr std::string_view kStackMethod = "HJ 75-2017";
constexpr Decimal kZero{0, 0};

/// A row that counts because the register, or the method, names its edition: it is shown as in force on the day even when the
/// edition itself was not yet or no more.
SheetTable named_table(const standards::RuleRow& row, std::string_view name, Decimal value, Instant at) {
  SheetTable table = parameter_table(row, name, value);
  if (table.validity.contains(at)) return table;
  table.validity = {Instant::from_ms(std::numeric_limits<std::int64_t>::min()), std::nullopt};
  table.clause += " (as named for the outlet, also outside of its validity)";
  return table;
}

/// Oxygen content of the air in vol % by the method; null when the standards do not say it.
const standards::RuleRow* air_oxygen(const standards::StandardSet& standards) {
  for (const standards::RuleRow& row : standards.rules("parameters")) {
    if (row.edition == kStackMethod && row.text("name") == "air_oxygen") return &row;
  }
  return nullptr;
}

std::string bounds_of(const assess::OutletLimit& limit) {
  return fmt::format("{}{}", limit.low ? to_text(*limit.low) + "–" : std::string("≤ "),
                     limit.high ? to_text(*limit.high) : std::string());
}

}  // namespace

OutletSheet::OutletSheet(Explanation& to, std::size_t indicator, const Context& context,
                         const EvaluationPeriod& day)
    : to_(to), indicator_(indicator), context_(context), day_(day), derivation_(to.operations, to.tables, day) {}

void OutletSheet::put(SheetStep step, const Derived& result) {
  step.operation = operation_of(result);
  to_.steps.emplace_back(indicator_, std::move(step));
}

void OutletSheet::add(const OutletItem& item, const OutletVerdict& verdict, const assess::OutletTerms& terms) {
  figures_.clear();
  if (item.gas) {
    add_hours(item, verdict);
  } else if (indicator_ == kOutletHours) {
    return;  // waste water has no hours
  } else {
    add_mean(item, verdict);
  }
  compare(item, verdict, terms);
}

void OutletSheet::add_mean(const OutletItem& item, const OutletVerdict& verdict) {
  const bool ions = item.item == "pH";
  const std::string unit(item.limit.row->text("unit"));
  const std::string label(item.item);
  const auto samples = item.series->within(day_.begin, day_.end());
  const std::size_t first = to_.inputs.size();
  explain_values(to_, indicator_, *item.series, samples, label);
  const auto by = in_unit(context_.standards, Decimal{1, 0}, item.series->unit, unit);
  if (by) {
    const auto values = derived_values(derivation_, first, *item.series, samples, *by);
    figures_.push_back(ions ? derivation_.ph_mean(values, "环办监测函〔2020〕82号")
                            : derivation_.mean(values, kOutletJudgedDigits, "HJ 356-2019"));
  }
  put(step_of({label + " 日均值", label + ", mean of the day"}, ions ? "−lg(Σ 10^−pH / n)" : "Σ x / n",
              long_text(verdict.mean), unit),
      figures_.empty() ? Derived() : figures_.front());
}

void OutletSheet::add_hours(const OutletItem& item, const OutletVerdict& verdict) {
  const std::string label(item.item);
  const auto samples = item.series->within(day_.begin, day_.end());
  const std::size_t first = to_.inputs.size();
  explain_values(to_, indicator_, *item.series, samples, label);
  const auto by = in_unit(context_.standards, Decimal{1, 0}, item.series->unit, kStackUnit);
  const standards::RuleRow* air = air_oxygen(context_.standards);
  Derived of_air;
  Derived part;  // of the air beyond the reference, in vol %
  const Instant at = day_.end().plus_ms(-1);
  const bool listed = samples.size() <= kMostListedValues;
  if (!listed) figures_.push_back(derivation_.missing(Gap::many));
  for (std::size_t i = 0, hour = 0; listed && i < samples.size(); ++i) {
    if (hour == verdict.hours.size() || verdict.hours[hour].place != i) {
      SheetInput& input = to_.inputs[first + i].second;
      if (input.used) input.reason = "no oxygen of this time that it could be converted by";
      input.used = false;
      continue;
    }
    const Sample* oxygen = verdict.hours[hour++].oxygen;
    Derived figure = derivation_.sample(first + i, *item.series, samples[i], by.value_or(Decimal{1, 0}));
    if (oxygen != nullptr && air != nullptr) {
      to_.inputs.emplace_back(indicator_, sample_input(*item.oxygen, *oxygen, "O₂"));
      const Derived measured = derivation_.sample(to_.inputs.size() - 1, *item.oxygen, *oxygen);
      if (!part) {
        of_air = derivation_.limit(named_table(*air, "air_oxygen", air->decimal("value"), at));
        part = derivation_.difference(
            derivation_.product_for(figure, {of_air}),
            derivation_.limit(named_table(*item.reference,
                                          fmt::format("reference_oxygen/{}", item.reference->text("unit_type")),
                                          item.reference->decimal("oxygen"), at)));
      }
      figure = derivation_.long_ratio(derivation_.product(std::array{figure, part}),
                                      derivation_.difference(of_air, measured));
    }
    figures_.push_back(figure);
  }
  if (item.reference != nullptr)
    put(step_of({label + " 折算到基准含氧量", label + ", at reference oxygen"},
                fmt::format("C × (21 − {}) / (21 − O₂)", item.reference->text("oxygen")), "",
                std::string(item.limit.row->text("unit")), item.reference),
        figures_.empty() ? Derived() : figures_.back());
}

Derived OutletSheet::limit_of(const OutletItem& item, const assess::OutletTerms& terms, std::string_view end,
                              const std::optional<Decimal>& value) {
  if (!value) return std::nullopt;
  std::string name = fmt::format("limit/{}", terms.category);
  for (const std::string_view part :
       {item.limit.row->text("unit_type"), std::string_view(item.item), item.limit.row->text("condition"), end}) {
    if (!part.empty()) name += fmt::format("/{}", part);
  }
  return derivation_.limit(named_table(*item.limit.row, name, *value, day_.end().plus_ms(-1)));
}

Derived OutletSheet::beyond(const Derived& greatest, const Derived& least, const Derived& high,
                            const Derived& low) {
  if (!low) return derivation_.difference(greatest, high);
  const Derived below = derivation_.difference(low, least);
  return high ? derivation_.greatest(std::array{derivation_.difference(greatest, high), below}) : below;
}

Derived OutletSheet::above_zero(std::span<const Derived> of) {
  return derivation_.difference(derivation_.count_all(of), derivation_.count(of, kZero));
}

void OutletSheet::compare(const OutletItem& item, const OutletVerdict& verdict, const assess::OutletTerms& terms) {
  const std::string label(item.item);
  const std::string unit(item.limit.row->text("unit"));
  const Derived high = limit_of(item, terms, "", item.limit.high);
  const Derived low = limit_of(item, terms, "low", item.limit.low);
  if (indicator_ == kOutletHours) {
    std::vector<Derived> excesses;
    for (const Derived& figure : figures_) excesses.push_back(beyond(figure, figure, high, low));
    const Derived hours = above_zero(excesses);
    parts_.push_back(hours);
    put(step_of({label + " 小时值与限值比较", label + ", hours against the limit"}, bounds_of(item.limit),
                std::to_string(verdict.above), "h", item.limit.row),
        hours);
    return;
  }
  const bool one = figures_.size() == 1;
  const Derived greatest = one ? figures_.front() : derivation_.greatest(figures_);
  const Derived least = one || !low ? greatest : derivation_.least(figures_);
  const Derived excess = beyond(greatest, least, high, low);
  Derived multiple;
  const bool proportional = !item.limit.low && item.limit.high && item.limit.high->mantissa > 0;
  if (proportional) multiple = derivation_.ratio(excess, high, kOutletMultipleDigits, item.limit.row->clause);
  // What is beyond is never told as 0.00, and beyond a range, or a limit of 0, there is no multiple: then it is 0.01.
  if (excess && (!multiple || (multiple->value.mantissa == 0 && excess->value.mantissa > 0)))
    multiple = derivation_.rounded_product(
        std::array{derivation_.scale(above_zero(std::array{excess}), Decimal{1, kOutletMultipleDigits})},
        kOutletMultipleDigits);
  parts_.push_back(multiple);
  if (item.gas) {
    put(step_of({label + " 小时值与限值比较", label + ", hours against the limit"}, bounds_of(item.limit),
                fmt::format("{} h above", verdict.above), unit, item.limit.row),
        excess);
  } else {
    put(step_of({label + " 与限值比较", label + " against its limit"},
                fmt::format("{} : {}", long_text(verdict.mean), bounds_of(item.limit)),
                verdict.above > 0 ? "✗" : "✓", unit, item.limit.row),
        excess);
  }
  if (verdict.above > 0)
    put(step_of({label + " 超标倍数", label + ", exceed multiple"},
                proportional ? "(C − S) / S" : "0.01: no multiple beyond a range or a limit of 0",
                to_text(verdict.worst), "", item.limit.row),
        multiple);
}

void OutletSheet::conclude() {
  const Derived figure =
      indicator_ == kOutletHours ? derivation_.greatest(parts_) : derivation_.greatest(parts_, "0.00");
  if (parts_.size() > 1)
    put(step_of({"取各项目最大值", "The greatest of the items"}, fmt::format("max of {}", parts_.size()),
                figure ? to_text(figure->value) : "", indicator_ == kOutletHours ? "h" : ""),
        figure);
  mj::evaluation::conclude(to_, indicator_, derivation_, figure);
}

}  // namespace mj::evaluation
