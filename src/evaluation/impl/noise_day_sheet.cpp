// The calculation sheet of a noise day: from the values of its hours to the figure.
#include "mj/assess/rules_in_force.hpp"
#include "noise_day.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

constexpr const char* kDecibel = "dB(A)";
constexpr const char* kLevelClause = "GB 3096-2008 §3.2";
constexpr const char* kRoundClause = "GB/T 8170-2008 §3.2";
constexpr std::uint8_t kLevelDigits = 6;  // levels count with so many decimals, assess::Levels
constexpr std::uint8_t kLongLevel = 12;
constexpr std::uint8_t kPlaceDigits = 15;

std::string four_digits(double level) { return fmt::format("{:.4f}", level); }

/// Of n levels in descending order the one at a share of them; in ascending order its place is 1 + (n − 1)·p for one p. So many
/// digits of p hit the place so nearly that rounding to the digits of the levels gives the level that stands there.
Derived derive_exceeded(Derivation& derivation, std::span<const Derived> of, int percent) {
  if (of.empty()) return std::nullopt;
  const std::size_t down = std::max<std::size_t>((of.size() * static_cast<std::size_t>(percent) + 99) / 100, 1);
  std::string clause = fmt::format("GB 3096-2008 §3: {} % of the time, level {} of {} from the greatest on",
                                   percent, down, of.size());
  if (down == 1) return derivation.greatest(of, {}, std::move(clause));
  if (down == of.size()) return derivation.least(of);
  std::uint8_t decimals = 0;
  for (const Derived& each : of) {
    if (!each) return std::nullopt;
    decimals = std::max(decimals, each->value.decimals);
  }
  const auto place =
      assess::Exact::of(static_cast<std::int64_t>(of.size() - down), static_cast<std::int64_t>(of.size() - 1))
          .round(kPlaceDigits);
  return derivation.percentile(of, {place->mantissa, kPlaceDigits - 2}, decimals, std::move(clause));
}

/// Writes the sheet of one figure.
class NoiseDaySheet {
 public:
  NoiseDaySheet(Explanation& to, const NoiseHours& hours, const NoiseDayTerms& terms)
      : to_(to), hours_(hours), terms_(terms), derivation_(to.operations, to.tables, terms.day) {}

  void write() {
    const bool day_only = to_.wanted == kNoiseDay || to_.wanted == kNoiseDayOver;
    const bool night_only = to_.wanted == kNoiseNight || to_.wanted == kNoiseNightOver;
    const int first = terms_.times.day_begin;
    for (int hour = first; hour < first + 24; ++hour) {
      const bool by_day = terms_.times.is_day(hour % 24);
      if (by_day ? !night_only : !day_only) list(by_day, terms_.day.begin.plus_ms(hour * kNoiseHourMs));
    }
    Derived figure;
    if (day_only || night_only) {
      figure = part(day_only);
    } else if (to_.wanted == kNoiseDayNight) {
      figure = day_night();
    } else {
      figure = whole();
    }
    conclude(to_, to_.wanted, derivation_, figure);
  }

 private:
  struct Part {
    assess::Levels levels;
    std::vector<Derived> derived;
  };

  /// The values of an hour, or why it does not count.
  void list(bool by_day, Instant hour) {
    const SampleSeries& series = hours_.series();
    const bool of_hours = series.period == telemetry::Period::hour;
    auto samples = hours_.whole(hour);
    const bool counts = !samples.empty();
    if (of_hours) samples = series.within(hour, hour.plus_ms(kNoiseHourMs));
    const std::string label = fmt::format("{}{}", by_day ? "昼间" : "夜间", of_hours ? "小时 Leq" : " Leq");
    if (samples.empty()) {
      SheetInput missing;
      missing.label = label;
      missing.at = to_iso(hour);
      missing.unit = kDecibel;
      missing.used = false;
      missing.reason = fmt::format("fewer than {} minutes", hours_.rules().hour_minutes);
      to_.inputs.emplace_back(to_.wanted, std::move(missing));
      return;
    }
    Part& part = parts_[by_day ? 0 : 1];
    for (const Sample& sample : samples) {
      if (counts && sample.usable) part.levels.add(sample.value);
      if (to_.inputs.size() >= kMostListedValues) {
        part.derived.push_back(derivation_.missing(Gap::many));
        continue;
      }
      to_.inputs.emplace_back(to_.wanted, sample_input(series, sample, label));
      if (!counts || !sample.usable) continue;
      Derived level = derivation_.sample(to_.inputs.size() - 1, series, sample);
      if (level && level->value.decimals > kLevelDigits) level = derivation_.round(level, kLevelDigits);
      part.derived.push_back(level);
    }
  }

  void step(SheetStep made, const char* clause = "", const Derived& operation = std::nullopt) {
    if (*clause != '\0') made.clause = clause;
    made.operation = operation_of(operation);
    to_.steps.emplace_back(to_.wanted, std::move(made));
  }

  /// The equivalent level of values, rounded.
  Derived equivalent(const assess::Levels& levels, std::span<const Derived> derived) {
    const double exact = levels.equivalent();
    const Decimal rounded = assess::level_text(exact, terms_.times.decimals);
    const Derived level = derivation_.level(derived, terms_.times.decimals, kLevelClause);
    step(step_of({"等效声级（能量平均）", "Equivalent level (mean of energy)"},
                 fmt::format("10·lg(Σ 10^(0.1·L) / {})", levels.count()), four_digits(exact), kDecibel),
         kLevelClause);
    step(step_of({"修约", "Rounded"}, four_digits(exact), to_text(rounded), kDecibel), kRoundClause, level);
    return level;
  }

  /// The level of day or night, and by how much it is beyond the limit.
  Derived part(bool by_day) {
    const Part& part = parts_[by_day ? 0 : 1];
    if (part.levels.count() == 0) return std::nullopt;
    const Derived level = equivalent(part.levels, part.derived);
    const standards::RuleRow* limits = terms_.limits;
    if (limits == nullptr) return level;
    const char* column = by_day ? "day" : "night";
    const Decimal rounded = assess::level_text(part.levels.equivalent(), terms_.times.decimals);
    step(step_of({"与功能区限值比较", "Against the limit of the zone"},
                 fmt::format("{} : {}", to_text(rounded), limits->text(column)),
                 compare(rounded, limits->decimal(column)) <= 0 ? "✓" : "✗", kDecibel, limits));
    if (to_.wanted == kNoiseDay || to_.wanted == kNoiseNight) return level;
    const Derived excess = derivation_.difference(
        level, derivation_.limit(parameter_table(*limits, fmt::format("zone/{}/{}", limits->text("zone"), column),
                                                 limits->decimal(column))));
    const Derived over =
        derivation_.greatest(std::span(&excess, 1), to_text(Decimal{0, terms_.times.decimals}), limits->clause);
    step(step_of({"超标量，不小于0", "Excess, at least 0"},
                 fmt::format("max({} − {}, 0)", to_text(rounded), limits->text(column)),
                 over ? to_text(over->value) : "—", kDecibel, limits),
         "", over);
    return over;
  }

  Derived day_night() {
    const assess::NoiseTimes& times = terms_.times;
    const auto& [by_day, by_night] = parts_;
    if (by_day.levels.count() == 0 || by_night.levels.count() == 0) return std::nullopt;
    const double day = by_day.levels.equivalent();
    const double night = by_night.levels.equivalent();
    const int hours = times.day_hours();
    const Derived level = derive_day_night(derivation_, terms_.standards, times, by_day.derived, by_night.derived);
    step(step_of({"昼夜等效声级", "Day-night level"},
                 fmt::format("10·lg(({0}·10^(0.1·{2:.4f}) + {1}·10^(0.1·({3:.4f} + {4}))) / 24)", hours,
                             24 - hours, day, night, times.penalty),
                 four_digits(assess::day_night_level(day, night, hours, 24 - hours, times.penalty)), kDecibel),
         kLevelClause, level);
    return level;
  }

  /// Figures of day and night together.
  Derived whole() {
    assess::Levels all = parts_[0].levels;
    all.add(parts_[1].levels);
    std::vector<Derived> derived = std::move(parts_[0].derived);
    derived.insert(derived.end(), parts_[1].derived.begin(), parts_[1].derived.end());
    if (all.count() == 0) return std::nullopt;
    if (to_.wanted == kNoiseLeq) return equivalent(all, derived);
    for (const auto& [indicator, percent] : kNoiseShares) {
      if (to_.wanted != indicator) continue;
      const Decimal exact = all.exceeded(percent);
      const Derived level = derive_exceeded(derivation_, derived, percent);
      step(
          step_of({"累计百分声级", "Level exceeded for a share of the time"},
                  fmt::format("{} % of {} values", percent, all.count()), to_text(without_zeros(exact)), kDecibel),
          "GB 3096-2008 §3", level);
      // As it is told: with all its decimals, "58.0".
      const Derived rounded =
          derivation_.rounded_product(std::span(&level, 1), terms_.times.decimals, kRoundClause);
      step(step_of({"修约", "Rounded"}, to_text(without_zeros(exact)),
                   to_text(round_gb8170(exact, terms_.times.decimals)), kDecibel),
           kRoundClause, rounded);
      return rounded;
    }
    return std::nullopt;
  }

  Explanation& to_;
  const NoiseHours& hours_;
  const NoiseDayTerms& terms_;
  Derivation derivation_;
  std::array<Part, 2> parts_;  ///< day, night
};

}  // namespace

void explain_noise_day(Explanation& to, const NoiseHours& hours, const NoiseDayTerms& terms) {
  NoiseDaySheet(to, hours, terms).write();
}

Derived derive_day_night(Derivation& derivation, const standards::StandardSet& standards,
                         const assess::NoiseTimes& times, std::span<const Derived> by_day,
                         std::span<const Derived> by_night) {
  const Derived day = derivation.level(by_day, kLongLevel, kLevelClause);
  const Derived night = derivation.level(by_night, kLongLevel, kLevelClause);
  if (!day || !night) return std::nullopt;
  for (const standards::RuleRow& row : standards.rules("parameters")) {
    if (row.edition != "GB 3096-2008" || row.text("name") != "night_penalty") continue;
    const Derived louder = derivation.sum(
        std::array{night, derivation.limit(parameter_table(row, "night_penalty", row.decimal("value")))});
    // Each stands as often as it has hours.
    std::vector<Derived> hours(static_cast<std::size_t>(times.day_hours()), day);
    hours.insert(hours.end(), static_cast<std::size_t>(24 - times.day_hours()), louder);
    return derivation.level(hours, times.decimals, "GB 3096-2008 §3");
  }
  return std::nullopt;
}

}  // namespace mj::evaluation
