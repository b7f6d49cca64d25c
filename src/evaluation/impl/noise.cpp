// Days of noise points: levels, function zones. A day of noise begins with the day (06:00) and ends with its night.
#include "noise.hpp"
#include "derivation.hpp"

#include "elements.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

constexpr std::int64_t kNoiseHourMs = 3'600'000;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::string_view kZones = "GB 3096-2008";
constexpr std::string_view kAutomatic = "HJ 906-2017";

/// How much of a day has to be there. Source: HJ 906-2017 (UNVERIFIED).
struct NoiseValidity {
  int hour_minutes = 0;
  int day_hours = 0;
  int night_hours = 0;
  static Result<NoiseValidity> load(const standards::StandardSet& standards) {
    NoiseValidity rules;
    MJ_TRY(const auto numbers, assess::Parameters::of_edition(standards, kAutomatic));
    MJ_TRY(rules.hour_minutes, numbers.integer("hour_min_minutes"));
    MJ_TRY(rules.day_hours, numbers.integer("day_min_hours"));
    MJ_TRY(rules.night_hours, numbers.integer("night_min_hours"));
    return rules;
  }
};

/// One part of a day: its usable hours.
struct NoisePart {
  assess::Levels levels;
  int hours = 0;
  Inputs inputs;
};

/// Takes whole hours of samples that have enough minutes.
class NoiseHours {
 public:
  NoiseHours(const SampleSeries& series, const NoiseValidity& rules) : series_(series), rules_(rules) {}

  void add(NoisePart& part, Instant hour) const {
    const auto samples = series_.within(hour, hour.plus_ms(kNoiseHourMs));
    std::int64_t minute = -1;
    int minutes = 0;
    for (const Sample& sample : samples) {
      if (!sample.usable) continue;
      const std::int64_t now = sample.at_ms / kMinuteMs;
      minutes += now == minute ? 0 : 1;
      minute = now;
    }
    const bool whole = series_.period == telemetry::Period::hour ? minutes > 0 : minutes >= rules_.hour_minutes;
    if (!whole) return;
    ++part.hours;
    for (const Sample& sample : samples) {
      if (!sample.usable) continue;
      part.levels.add(sample.value);
      part.inputs.add(sample.at_ms, sample.value, sample.entry);
    }
  }

 private:
  const SampleSeries& series_;
  const NoiseValidity& rules_;
};

/// The series that levels are taken from: hours of the device first, then finer ones. Data: records of a meter (HJ 212-2017
/// tables C.26, C.27).
const SampleSeries* noise_series(const Context& context, const PointValues& values) {
  if (const SampleSeries* found = item_series(context, values, "noise_limits", "leq", {"Avg", "Data", "Rtd"}))
    return found;
  return item_series(context, values, "noise_limits", "level", {"Rtd", "Avg"});
}

const standards::RuleRow* zone_limits(const standards::StandardSet& standards, Instant at, std::string_view zone) {
  for (const auto* row : assess::rows_in_force(standards, "noise_limits", at, kZones)) {
    if (!zone.empty() && row->text("zone") == zone) return row;
  }
  return nullptr;
}

class NoiseDay {
 public:
  NoiseDay(const Context& context, const PointValues& values, const SampleSeries& series,
           const assess::NoiseTimes& times, const NoiseValidity& validity, Sink& sink)
      : context_(context), values_(values), series_(series), times_(times), validity_(validity), sink_(sink) {}

  Status emit(const EvaluationPeriod& day, const registry::PointView& view) {
    day_ = NoisePart{};
    night_ = NoisePart{};
    // A survey by hand measures minutes of a point of the grid or a road, not days (HJ 640-2012).
    const bool survey = attribute(view, "method") == "manual" && (view.sort == "area" || view.sort == "road");
    const NoiseValidity validity = survey ? NoiseValidity{1, 1, 1} : validity_;
    const NoiseHours hours(series_, validity);
    for (int hour = times_.day_begin; hour < times_.day_begin + 24; ++hour)
      hours.add(times_.is_day(hour % 24) ? day_ : night_, day.begin.plus_ms(hour * kNoiseHourMs));
    if (day_.hours + night_.hours == 0) return {};
    const auto* limits = zone_limits(context_.standards, day.begin, view.noise_class);
    if (Explanation* to = sink_.explains(day)) explain(*to, hours, day, validity);
    const bool day_whole = day_.hours >= validity.day_hours;
    const bool night_whole = night_.hours >= validity.night_hours;
    const auto ld = level_of(day_);
    const auto ln = level_of(night_);
    MJ_CHECK(emit_part(day, kNoiseDay, ld, day_, day_whole, limits, "day"));
    MJ_CHECK(emit_part(day, kNoiseNight, ln, night_, night_whole, limits, "night"));
    return emit_whole(day, ld, ln, day_whole && night_whole);
  }

 private:
  /// The hours that count, and how the levels are made of them.
  void explain(Explanation& to, const NoiseHours& hours, const EvaluationPeriod& day,
               const NoiseValidity& validity) {
    Derivation derivation(to.operations, to.tables, day);
    std::map<std::size_t, std::array<std::vector<Derived>, 2>> levels_of;  ///< by indicator: of day and night
    for (int hour = times_.day_begin; hour < times_.day_begin + 24; ++hour) {
      const bool by_day = times_.is_day(hour % 24);
      const Instant begin = day.begin.plus_ms(hour * kNoiseHourMs);
      NoisePart one;
      hours.add(one, begin);
      SheetInput input;
      input.label = by_day ? "昼间小时 Leq" : "夜间小时 Leq";
      input.at = to_iso(begin);
      input.unit = "dB(A)";
      input.used = one.hours > 0;
      if (input.used) {
        input.text = fmt::format("{:.4f}", one.levels.equivalent());
        input.entry = one.inputs.first_entry;
        if (one.inputs.count > 1)
          input.flag = fmt::format("{} values, entries {}–{}", one.inputs.count, one.inputs.first_entry,
                                   one.inputs.last_entry);
      } else {
        input.reason = fmt::format("fewer than {} minutes", validity.hour_minutes);
      }
      const auto samples = series_.within(begin, begin.plus_ms(kNoiseHourMs));
      const auto only =
          std::find_if(samples.begin(), samples.end(), [](const Sample& each) { return each.usable; });
      if (input.used && one.inputs.count == 1) input.value = sample_input(series_, *only, "").value;
      const auto put = [&](std::size_t indicator) {
        to.inputs.emplace_back(indicator, input);
        if (!input.used) return;
        // The values of an hour of several are not listed: there is nothing that operations could begin with.
        levels_of[indicator][by_day ? 0 : 1].push_back(
            input.value ? derivation.sample(to.inputs.size() - 1, series_, *only) : std::nullopt);
      };
      put(by_day ? kNoiseDay : kNoiseNight);
      put(by_day ? kNoiseDayOver : kNoiseNightOver);
      for (const std::size_t whole :
           {kNoiseDayNight, kNoiseLeq, kNoiseL10, kNoiseL50, kNoiseL90, kNoiseMax, kNoiseMin})
        put(whole);
    }
    derive(to, derivation, levels_of, day.begin);
    const auto energy = [&](std::size_t indicator, const assess::Levels& levels) {
      if (levels.count() == 0) return;
      SheetStep step = step_of({"等效声级（能量平均）", "Equivalent level (mean of energy)"},
                               fmt::format("10·lg(Σ 10^(0.1·L) / {})", levels.count()),
                               fmt::format("{:.4f}", levels.equivalent()), "dB(A)");
      step.clause = "GB 3096-2008 §3.2";
      to.steps.emplace_back(indicator, std::move(step));
    };
    assess::Levels all = day_.levels;
    all.add(night_.levels);
    for (const auto& [indicator, levels] :
         {std::pair(kNoiseDay, &day_.levels), std::pair(kNoiseNight, &night_.levels), std::pair(kNoiseLeq, &all),
          std::pair(kNoiseDayOver, &day_.levels), std::pair(kNoiseNightOver, &night_.levels)})
      energy(indicator, *levels);
    if (day_.levels.count() > 0 && night_.levels.count() > 0)
      to.steps.emplace_back(
          kNoiseDayNight,
          step_of({"昼夜等效声级", "Day-night level"},
                  fmt::format("10·lg(({0}·10^(0.1·{2:.4f}) + {1}·10^(0.1·({3:.4f} + {4}))) / 24)",
                              times_.day_hours(), 24 - times_.day_hours(), day_.levels.equivalent(),
                              night_.levels.equivalent(), times_.penalty),
                  fmt::format("{:.4f}", assess::day_night_level(day_.levels.equivalent(),
                                                                night_.levels.equivalent(), times_.day_hours(),
                                                                24 - times_.day_hours(), times_.penalty)),
                  "dB(A)"));
    constexpr std::array<std::pair<std::size_t, int>, 5> kShares{
        {{kNoiseL10, 10}, {kNoiseL50, 50}, {kNoiseL90, 90}, {kNoiseMax, 0}, {kNoiseMin, 100}}};
    for (const auto& [indicator, percent] : kShares)
      to.steps.emplace_back(indicator, step_of({"累计百分声级", "Level exceeded for a share of the time"},
                                               fmt::format("{} % of {} values", percent, all.count()),
                                               to_text(all.exceeded(percent)), "dB(A)"));
  }

  /// What the figures of a day follow from.
  void derive(Explanation& to, Derivation& derivation,
              std::map<std::size_t, std::array<std::vector<Derived>, 2>>& levels_of, Instant at) const {
    constexpr const char* kClause = "GB 3096-2008 §3.2";
    const auto limits = zone_limits(context_.standards, at, values_.point->newest().noise_class);
    for (const bool by_day : {true, false}) {
      const auto& levels = levels_of[by_day ? kNoiseDay : kNoiseNight][by_day ? 0 : 1];
      conclude(to, by_day ? kNoiseDay : kNoiseNight, derivation.level(levels, times_.decimals, kClause));
      const std::size_t over = by_day ? kNoiseDayOver : kNoiseNightOver;
      if (limits == nullptr) continue;
      const char* column = by_day ? "day" : "night";
      const Derived level = derivation.level(levels_of[over][by_day ? 0 : 1], times_.decimals, kClause);
      const Derived excess = derivation.difference(
          level, derivation.limit(parameter_table(*limits, fmt::format("zone/{}/{}", limits->text("zone"), column),
                                                  limits->decimal(column))));
      conclude(to, over, derivation.greatest(std::span(&excess, 1), "0", std::string(kZones)));
    }
    auto all = levels_of[kNoiseLeq];
    all[0].insert(all[0].end(), all[1].begin(), all[1].end());
    conclude(to, kNoiseLeq, derivation.level(all[0], times_.decimals, kClause));
    for (const auto& [indicator, greatest] : {std::pair(kNoiseMax, true), std::pair(kNoiseMin, false)}) {
      auto parts = levels_of[indicator];
      parts[0].insert(parts[0].end(), parts[1].begin(), parts[1].end());
      conclude(to, indicator, greatest ? derivation.greatest(parts[0]) : derivation.least(parts[0]));
    }
    constexpr std::uint8_t kLong = 12;
    const auto& whole = levels_of[kNoiseDayNight];
    const Derived by_day = derivation.level(whole[0], kLong, kClause);
    const Derived by_night = derivation.level(whole[1], kLong, kClause);
    for (const standards::RuleRow& row : context_.standards.rules("parameters")) {
      if (row.edition != kZones || row.text("name") != "night_penalty" || !by_day || !by_night) continue;
      const Derived louder = derivation.sum(
          std::array{by_night, derivation.limit(parameter_table(row, "night_penalty", row.decimal("value")))});
      // Each stands as often as it has hours.
      std::vector<Derived> hours(static_cast<std::size_t>(times_.day_hours()), by_day);
      hours.insert(hours.end(), static_cast<std::size_t>(24 - times_.day_hours()), louder);
      conclude(to, kNoiseDayNight, derivation.level(hours, times_.decimals, "GB 3096-2008"));
    }
  }

  [[nodiscard]] static std::optional<double> level_of(const NoisePart& part) {
    if (part.levels.count() == 0) return std::nullopt;
    return part.levels.equivalent();
  }

  Row row(const EvaluationPeriod& day, std::size_t indicator) const {
    Row made = row_of(Level::point, values_.point->id(), day, indicator);
    made.standard = kZones;
    return made;
  }

  Status emit_part(const EvaluationPeriod& day, std::size_t indicator, const std::optional<double>& level,
                   const NoisePart& part, bool whole, const standards::RuleRow* limits, const char* column) {
    if (!level) return {};
    Row made = row(day, indicator);
    made.value = assess::level_text(*level, times_.decimals);
    made.complete = whole;
    const std::string reason = fmt::format("{} whole hours", part.hours);
    if (!whole) made.reason = reason;
    made.inputs = part.inputs;
    if (limits != nullptr) {
      made.verification = limits->verification;
      // Too few hours prove neither.
      if (whole) made.grade = sink_.grade(compliance_grade(compare(*made.value, limits->decimal(column)) <= 0));
    }
    if (Explanation* to = sink_.explains(day)) {
      for (const std::size_t shared : {indicator, indicator == kNoiseDay ? +kNoiseDayOver : +kNoiseNightOver}) {
        to->steps.emplace_back(
            shared, step_of({"修约", "Rounded"}, fmt::format("{:.4f}", *level), shown(made.value), "dB(A)"));
        to->steps.back().second.clause = "GB/T 8170-2008 §3.2";
        if (limits != nullptr)
          to->steps.emplace_back(
              shared, step_of({"与功能区限值比较", "Against the limit of the zone"},
                              fmt::format("{} : {}", shown(made.value), limits->text(column)),
                              compare(*made.value, limits->decimal(column)) <= 0 ? "✓" : "✗", "dB(A)", limits));
      }
    }
    MJ_CHECK(sink_.emit(made));
    if (limits == nullptr || !whole) return {};
    Row excess = made;
    excess.indicator = indicator == kNoiseDay ? kNoiseDayOver : kNoiseNightOver;
    const auto over = (assess::Exact(*made.value) - limits->decimal(column)).round(times_.decimals);
    excess.grade = 0;
    excess.value = over && over->mantissa > 0 ? *over : Decimal{0, times_.decimals};
    return sink_.emit(excess);
  }

  Status emit_whole(const EvaluationPeriod& day, const std::optional<double>& ld, const std::optional<double>& ln,
                    bool whole) {
    assess::Levels all = day_.levels;
    all.add(night_.levels);
    Row made = row(day, kNoiseLeq);
    made.inputs = day_.inputs;
    made.inputs.add(night_.inputs);
    made.complete = whole;
    const std::string reason = fmt::format("{} whole hours of day, {} of night", day_.hours, night_.hours);
    if (!whole) made.reason = reason;
    const auto put = [&](std::size_t indicator, Decimal value) -> Status {
      made.indicator = indicator;
      made.value = value;
      return sink_.emit(made);
    };
    MJ_CHECK(put(kNoiseLeq, assess::level_text(all.equivalent(), times_.decimals)));
    if (ld && ln) {
      MJ_CHECK(
          put(kNoiseDayNight, assess::level_text(assess::day_night_level(*ld, *ln, times_.day_hours(),
                                                                         24 - times_.day_hours(), times_.penalty),
                                                 times_.decimals)));
    }
    // Shares of time are told by levels of a minute or less only.
    if (series_.period == telemetry::Period::hour) return {};
    constexpr std::array<std::pair<std::size_t, int>, 5> kShares{
        {{kNoiseL10, 10}, {kNoiseL50, 50}, {kNoiseL90, 90}, {kNoiseMax, 0}, {kNoiseMin, 100}}};
    for (const auto& [indicator, percent] : kShares)
      MJ_CHECK(put(indicator, round_gb8170(all.exceeded(percent), times_.decimals)));
    return {};
  }

  const Context& context_;
  const PointValues& values_;
  const SampleSeries& series_;
  const assess::NoiseTimes& times_;
  const NoiseValidity& validity_;
  Sink& sink_;
  NoisePart day_;
  NoisePart night_;
};

Status judge_noise(const Context& context, const PointValues& values, Sink& sink) {
  const SampleSeries* series = noise_series(context, values);
  if (series == nullptr) return {};
  MJ_TRY(const auto times, assess::NoiseTimes::load(context.standards));
  MJ_TRY(const auto validity, NoiseValidity::load(context.standards));
  NoiseDay judge(context, values, *series, times, validity, sink);
  for (auto day = EvaluationPeriod::of(PeriodKind::day, values.from); day.begin < values.to; day = day.next()) {
    if (const auto* view = view_of(*values.point, day)) MJ_CHECK(judge.emit(day, *view));
  }
  return {};
}

Reads noise_reads(const standards::StandardSet& standards) {
  Reads reads;
  reads.factors = factors_of_tables(standards, {"noise_limits"});
  return reads;
}

}  // namespace

Evaluator noise_evaluator() {
  using enum PeriodKind;
  const std::vector<PeriodKind> all{day, month, quarter, year};
  const std::vector<PeriodKind> longer{month, quarter, year};
  Evaluator evaluator;
  evaluator.element = "noise";
  evaluator.title = {"声环境", "Noise"};
  evaluator.indicators = {
      {"ld", {"昼间等效声级", "Daytime level"}, "dB(A)", all, Better::low},
      {"ln", {"夜间等效声级", "Night level"}, "dB(A)", all, Better::low},
      {"ldn", {"昼夜等效声级", "Day-night level"}, "dB(A)", all, Better::low},
      {"leq", {"24小时等效声级", "Level of 24 hours"}, "dB(A)", {day}, Better::low},
      {"l10", {"累计百分声级 L10", "L10"}, "dB(A)", {day}, Better::low},
      {"l50", {"累计百分声级 L50", "L50"}, "dB(A)", {day}, Better::low},
      {"l90", {"累计百分声级 L90", "L90"}, "dB(A)", {day}, Better::low},
      {"lmax", {"最大声级", "Greatest level"}, "dB(A)", {day}, Better::low},
      {"lmin", {"最小声级", "Least level"}, "dB(A)", {day}, Better::none},
      {"ld_over", {"昼间超标量", "Daytime excess"}, "dB(A)", {day}, Better::low},
      {"ln_over", {"夜间超标量", "Night excess"}, "dB(A)", {day}, Better::low},
      {"ld_rate", {"昼间达标率", "Daytime compliance"}, "%", longer, Better::high},
      {"ln_rate", {"夜间达标率", "Night compliance"}, "%", longer, Better::high},
      {"regional_day", {"区域声环境昼间平均声级", "Regional mean by day"}, "dB(A)", longer, Better::low},
      {"regional_night", {"区域声环境夜间平均声级", "Regional mean by night"}, "dB(A)", longer, Better::low},
      {"road_day", {"道路交通昼间平均声级", "Road traffic mean by day"}, "dB(A)", longer, Better::low},
      {"road_night", {"道路交通夜间平均声级", "Road traffic mean by night"}, "dB(A)", longer, Better::low},
  };
  evaluator.levels = {Level::point, Level::district, Level::city};
  evaluator.periods = all;
  evaluator.unit = day;
  evaluator.reach_ms = 8 * kNoiseHourMs;
  evaluator.compliance_indicator = "ld";
  evaluator.compliance_period = day;
  evaluator.reads = noise_reads;
  evaluator.judge = judge_noise;
  evaluator.sheet = noise_sheet;
  evaluator.summarise = summarise_noise;
  return evaluator;
}

}  // namespace mj::evaluation
