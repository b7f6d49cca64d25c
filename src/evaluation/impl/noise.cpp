// Days of noise points: levels, function zones. A day of noise begins with the day (06:00) and ends with its night.
#include "noise.hpp"

#include "elements.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "noise_day.hpp"

namespace mj::evaluation {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::string_view kZones = "GB 3096-2008";
constexpr std::string_view kAutomatic = "HJ 906-2017";

/// The series that levels are taken from: hours of the device first, then finer ones. Data: records of a meter (HJ 212-2017
/// tables C.26, C.27).
const SampleSeries* noise_series(const Context& context, const PointValues& values, const Span& span) {
  if (const SampleSeries* found =
          item_series(context, values, span, "noise_limits", "leq", {"Avg", "Data", "Rtd"}))
    return found;
  return item_series(context, values, span, "noise_limits", "level", {"Rtd", "Avg"});
}

const standards::RuleRow* zone_limits(const standards::StandardSet& standards, Instant at, std::string_view zone) {
  for (const auto* row : assess::rows_in_force(standards, "noise_limits", at, kZones)) {
    if (!zone.empty() && row->text("zone") == zone) return row;
  }
  return nullptr;
}

class NoiseDay {
 public:
  NoiseDay(const Context& context, const PointValues& values, const assess::NoiseTimes& times,
           const NoiseValidity& validity, Sink& sink)
      : context_(context), values_(values), times_(times), validity_(validity), sink_(sink) {}

  Status emit(const EvaluationPeriod& day, const registry::PointView& view) {
    day_ = NoisePart{};
    night_ = NoisePart{};
    // A survey by hand measures minutes of a point of the grid or a road, not days (HJ 640-2012).
    const bool survey = attribute(view, "method") == "manual" && (view.sort == "area" || view.sort == "road");
    const NoiseValidity validity = survey ? NoiseValidity{1, 1, 1} : validity_;
    const Instant begin = day.begin.plus_ms(times_.day_begin * kNoiseHourMs);
    series_ = noise_series(context_, values_, {begin, begin.plus_ms(24 * kNoiseHourMs)});
    if (series_ == nullptr) return {};
    const NoiseHours hours(*series_, validity);
    for (int hour = times_.day_begin; hour < times_.day_begin + 24; ++hour)
      hours.add(times_.is_day(hour % 24) ? day_ : night_, day.begin.plus_ms(hour * kNoiseHourMs));
    if (day_.hours + night_.hours == 0) return {};
    const auto* limits = zone_limits(context_.standards, day.begin, view.noise_class);
    if (Explanation* to = sink_.explains(day))
      explain_noise_day(*to, hours, {day, context_.standards, times_, limits});
    const bool day_whole = day_.hours >= validity.day_hours;
    const bool night_whole = night_.hours >= validity.night_hours;
    const auto ld = level_of(day_);
    const auto ln = level_of(night_);
    MJ_CHECK(emit_part(day, kNoiseDay, ld, day_, day_whole, limits, "day"));
    MJ_CHECK(emit_part(day, kNoiseNight, ln, night_, night_whole, limits, "night"));
    return emit_whole(day, ld, ln, day_whole && night_whole);
  }

 private:
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
    if (series_->period == telemetry::Period::hour) return {};
    for (const auto& [indicator, percent] : kNoiseShares)
      MJ_CHECK(put(indicator, round_gb8170(all.exceeded(percent), times_.decimals)));
    return {};
  }

  const Context& context_;
  const PointValues& values_;
  const SampleSeries* series_ = nullptr;  ///< of the day that is judged
  const assess::NoiseTimes& times_;
  const NoiseValidity& validity_;
  Sink& sink_;
  NoisePart day_;
  NoisePart night_;
};

Status judge_noise(const Context& context, const PointValues& values, Sink& sink) {
  MJ_TRY(const auto times, assess::NoiseTimes::load(context.standards));
  MJ_TRY(const auto validity, NoiseValidity::load(context.standards));
  NoiseDay judge(context, values, times, validity, sink);
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

Result<NoiseValidity> NoiseValidity::load(const standards::StandardSet& standards) {
  NoiseValidity rules;
  MJ_TRY(const auto numbers, assess::Parameters::of_edition(standards, kAutomatic));
  MJ_TRY(rules.hour_minutes, numbers.integer("hour_min_minutes"));
  MJ_TRY(rules.day_hours, numbers.integer("day_min_hours"));
  MJ_TRY(rules.night_hours, numbers.integer("night_min_hours"));
  return rules;
}

std::span<const Sample> NoiseHours::whole(Instant hour) const {
  const auto samples = series_.within(hour, hour.plus_ms(kNoiseHourMs));
  std::int64_t minute = -1;
  int minutes = 0;
  for (const Sample& sample : samples) {
    if (!sample.usable) continue;
    const std::int64_t now = sample.at_ms / kMinuteMs;
    minutes += now == minute ? 0 : 1;
    minute = now;
  }
  const bool enough = series_.period == telemetry::Period::hour ? minutes > 0 : minutes >= rules_.hour_minutes;
  return enough ? samples : std::span<const Sample>();
}

void NoiseHours::add(NoisePart& part, Instant hour) const {
  const auto samples = whole(hour);
  if (samples.empty()) return;
  ++part.hours;
  for (const Sample& sample : samples) {
    if (!sample.usable) continue;
    part.levels.add(sample.value);
    part.inputs.add(sample.at_ms, sample.value, sample.entry);
  }
}

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
  evaluator.compliance_bound = [](const Context& context, const Figure& figure) -> std::optional<ComplianceBound> {
    const auto place = context.roster.place(figure.subject);
    const auto* view = place ? view_of(context.roster.points()[*place], figure.period) : nullptr;
    const auto* limits =
        view == nullptr ? nullptr : zone_limits(context.standards, figure.period.begin, view->noise_class);
    return limits == nullptr ? std::nullopt : std::optional(ComplianceBound{limits->decimal("day")});
  };
  evaluator.reads = noise_reads;
  evaluator.judge = judge_noise;
  evaluator.sheet = noise_sheet;
  evaluator.summarise = summarise_noise;
  return evaluator;
}

}  // namespace mj::evaluation
