#include "mj/assess/noise.hpp"

#include <cmath>

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

constexpr std::uint8_t kDigits = 6;
constexpr double kUnit = 1e6;

Decimal as_decimal(std::int64_t level) { return {level, kDigits}; }

}  // namespace

void Levels::add(Decimal level) {
  Decimal kept = round_gb8170(level, kDigits);
  for (; kept.decimals < kDigits; ++kept.decimals) kept.mantissa *= 10;
  levels_.push_back(kept.mantissa);
  sorted_ = false;
}

double Levels::equivalent() const {
  double energy = 0;
  for (const std::int64_t level : levels_) energy += std::pow(10.0, static_cast<double>(level) / kUnit * 0.1);
  return 10 * std::log10(energy / static_cast<double>(levels_.size()));
}

Decimal Levels::exceeded(int percent) {
  if (!sorted_) std::sort(levels_.begin(), levels_.end(), std::greater<>());
  sorted_ = true;
  const std::size_t place = (levels_.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return as_decimal(levels_[place == 0 ? 0 : place - 1]);
}

std::optional<double> Levels::deviation() const {
  if (levels_.size() < 2) return std::nullopt;
  double mean = 0;
  for (const std::int64_t level : levels_) mean += static_cast<double>(level) / kUnit;
  mean /= static_cast<double>(levels_.size());
  double squares = 0;
  for (const std::int64_t level : levels_) squares += std::pow(static_cast<double>(level) / kUnit - mean, 2);
  return std::sqrt(squares / static_cast<double>(levels_.size() - 1));
}

double day_night_level(double day, double night, int day_hours, int night_hours, double penalty) {
  const double energy =
      day_hours * std::pow(10.0, 0.1 * day) + night_hours * std::pow(10.0, 0.1 * (night + penalty));
  return 10 * std::log10(energy / (day_hours + night_hours));
}

Decimal level_text(double level, std::uint8_t decimals) {
  return round_gb8170(Decimal{std::llround(level * 1e9), 9}, decimals);
}

Result<NoiseTimes> NoiseTimes::load(const standards::StandardSet& standards) {
  constexpr std::string_view kEdition = "GB 3096-2008";  // the other noise standards refer to its day and night
  NoiseTimes times;
  MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, kEdition));
  MJ_TRY(times.day_begin, numbers.integer("day_begin"));
  MJ_TRY(times.night_begin, numbers.integer("night_begin"));
  MJ_TRY(const Decimal penalty, numbers.decimal("night_penalty"));
  MJ_TRY(const int decimals, numbers.integer("decimals"));
  times.penalty = to_double(penalty);
  times.decimals = static_cast<std::uint8_t>(decimals);
  return times;
}

Result<std::optional<Decimal>> without_background(const standards::StandardSet& standards, Instant at,
                                                  Decimal measured, Decimal background) {
  const auto rows = rows_in_force(standards, "noise_corrections", at);
  if (rows.empty()) return Error(ErrorCode::not_found, "no table of background corrections is in force");
  const Exact difference = Exact(measured) - background;
  const auto rounded = difference.round(0);
  if (!rounded) return Error(ErrorCode::invalid_input, "the levels have too many digits");
  Decimal lowest = rows.front()->decimal("difference_from");
  for (const auto* row : rows) {
    const Decimal from = row->decimal("difference_from");
    if (compare(from, lowest) < 0) lowest = from;
    if (compare(*rounded, from) < 0 || compare(*rounded, row->decimal("difference_to")) > 0) continue;
    return (Exact(measured) + row->decimal("correction")).round(measured.decimals);
  }
  if (compare(*rounded, lowest) < 0) return std::optional<Decimal>();
  return std::optional<Decimal>(measured);
}

const standards::RuleRow* noise_grade(const standards::StandardSet& standards, Instant at, std::string_view type,
                                      std::string_view period, Decimal mean) {
  for (const auto* row : rows_in_force(standards, "noise_grades", at)) {
    if (row->text("type") != type || row->text("period") != period) continue;
    const auto hi = row->number("hi");
    if (!hi || compare(mean, *hi) <= 0) return row;
  }
  return nullptr;
}

Exact noise_mean(std::span<const NoisePart> parts) {
  Exact sum;
  Exact length;
  for (const NoisePart& part : parts) {
    sum = sum + Exact(part.level) * part.length;
    length = length + part.length;
  }
  return sum / length;
}

}  // namespace mj::assess
