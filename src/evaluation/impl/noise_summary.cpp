// Longer periods of noise points; compliance of function zones; grades of districts and cities by grid and roads.
#include "group_rates.hpp"
#include "noise.hpp"

namespace mj::evaluation {
namespace {

constexpr std::array kNoiseLevels{Level::district, Level::city};
constexpr std::string_view kZoneStandard = "GB 3096-2008";

/// Levels of the days of a point in a period; only complete ones count.
struct NoiseStretch {
  assess::Levels day;
  assess::Levels night;
  Inputs day_inputs;
  Inputs night_inputs;
};

class NoiseSummary {
 public:
  NoiseSummary(const Context& context, const Summary& summary, Sink& sink, assess::NoiseTimes times)
      : context_(context), summary_(summary), sink_(sink), times_(times) {}

  Status read() {
    return summary_.rows(
        PeriodKind::day, summary_.years.front().begin, summary_.years.back().end(),
        [this](const PointRow& row) -> Status {
          if (!row.value || !row.complete) return {};
          if (row.indicator != kNoiseDay && row.indicator != kNoiseNight) return {};
          for (const PeriodKind kind : {PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
            const auto period = EvaluationPeriod::of(kind, row.period.begin);
            if (summary_.wanted && !summary_.wanted(period)) continue;
            NoiseStretch& stretch = stretches_[period][row.point];
            const bool day = row.indicator == kNoiseDay;
            (day ? stretch.day : stretch.night).add(*row.value);
            (day ? stretch.day_inputs : stretch.night_inputs).add(row.inputs);
          }
          return {};
        });
  }

  Status write() {
    for (const auto& [period, points] : stretches_) {
      MJ_CHECK(write_points(period, points));
      for (const Level level : kNoiseLevels) {
        for (const std::string_view sort : {"area", "road"}) MJ_CHECK(write_grades(period, points, level, sort));
      }
    }
    return {};
  }

 private:
  using Points = std::map<std::size_t, NoiseStretch>;

  Status write_points(const EvaluationPeriod& period, const Points& points) {
    for (const auto& [place, stretch] : points) {
      Row row = row_of(Level::point, context_.roster.points()[place].id(), period, kNoiseDay);
      row.standard = kZoneStandard;
      const auto put = [&](std::size_t indicator, double level, const Inputs& inputs) -> Status {
        row.indicator = indicator;
        row.value = assess::level_text(level, times_.decimals);
        row.inputs = inputs;
        return sink_.emit(row);
      };
      const bool day = stretch.day.count() > 0;
      const bool night = stretch.night.count() > 0;
      if (day) MJ_CHECK(put(kNoiseDay, stretch.day.equivalent(), stretch.day_inputs));
      if (night) MJ_CHECK(put(kNoiseNight, stretch.night.equivalent(), stretch.night_inputs));
      if (!day || !night) continue;
      Inputs both = stretch.day_inputs;
      both.add(stretch.night_inputs);
      MJ_CHECK(put(kNoiseDayNight,
                   assess::day_night_level(stretch.day.equivalent(), stretch.night.equivalent(),
                                           times_.day_hours(), 24 - times_.day_hours(), times_.penalty),
                   both));
    }
    return {};
  }

  /// Grades of a city by the mean of its grid or, weighted by their length, of its roads. Source: HJ 640-2012.
  Status write_grades(const EvaluationPeriod& period, const Points& points, Level level, std::string_view sort) {
    struct Group {
      std::array<std::vector<assess::NoisePart>, 2> parts;  ///< day, night
      std::array<Inputs, 2> inputs;
      bool lengths = true;
    };
    std::map<std::string, Group> groups;
    for (const auto& [place, stretch] : points) {
      const registry::PointView* view = view_of(context_.roster.points()[place], period);
      if (view == nullptr || view->sort != sort) continue;
      const std::string_view name = context_.roster.group_of(*view, level);
      if (name.empty()) continue;
      Group& group = groups[std::string(name)];
      const auto length = sort == "road" ? parse_decimal(attribute(*view, "length_km")) : std::nullopt;
      if (sort == "road" && (!length || length->mantissa <= 0)) group.lengths = false;
      for (const bool day : {true, false}) {
        const assess::Levels& levels = day ? stretch.day : stretch.night;
        if (levels.count() == 0) continue;
        group.parts[day ? 0 : 1].push_back(
            {assess::level_text(levels.equivalent(), times_.decimals), length.value_or(Decimal{1, 0})});
        group.inputs[day ? 0 : 1].add(day ? stretch.day_inputs : stretch.night_inputs);
      }
    }
    for (auto& [name, group] : groups) {
      for (const bool day : {true, false}) MJ_CHECK(write_grade(period, level, sort, name, day, group));
    }
    return {};
  }

  template <typename Group>
  Status write_grade(const EvaluationPeriod& period, Level level, std::string_view sort, const std::string& name,
                     bool day, Group& group) {
    auto& parts = group.parts[day ? 0 : 1];
    if (parts.empty()) return {};
    const bool road = sort == "road";
    if (!group.lengths) {
      for (auto& part : parts) part.length = Decimal{1, 0};
    }
    Row row = row_of(level, name, period,
                     road  ? (day ? kNoiseRoadDay : kNoiseRoadNight)
                     : day ? kNoiseRegionalDay
                           : kNoiseRegionalNight);
    row.inputs = group.inputs[day ? 0 : 1];
    row.value = assess::noise_mean(parts).round(times_.decimals);
    if (!group.lengths) {
      row.complete = false;
      row.reason = "not weighted: the register lacks the length of a road";
    }
    if (!row.value) return sink_.emit(row);
    const auto* grade = assess::noise_grade(context_.standards, period.begin, road ? "road" : "regional",
                                            day ? "day" : "night", *row.value);
    if (grade != nullptr) {
      row.grade = sink_.grade(Grade{std::string(grade->text("level")),
                                    {std::string(grade->text("name_zh")), std::string(grade->text("name_en"))},
                                    "",
                                    {}});
      row.standard = grade->edition;
      row.verification = grade->verification;
    }
    return sink_.emit(row);
  }

  const Context& context_;
  const Summary& summary_;
  Sink& sink_;
  assess::NoiseTimes times_;
  std::map<EvaluationPeriod, Points> stretches_;
};

}  // namespace

Status summarise_noise(const Context& context, const Summary& summary, Sink& sink) {
  if (summary.years.empty()) return {};
  MJ_TRY(const auto times, assess::NoiseTimes::load(context.standards));
  NoiseSummary noise(context, summary, sink, times);
  MJ_CHECK(noise.read());
  MJ_CHECK(noise.write());
  const std::vector<PeriodKind> longer{PeriodKind::month, PeriodKind::quarter, PeriodKind::year};
  MJ_CHECK(emit_rates(context, summary, {kNoiseDayOver, kNoiseDayRate, PeriodKind::day, longer, true, is_zero},
                      kNoiseLevels, sink));
  return emit_rates(context, summary, {kNoiseNightOver, kNoiseNightRate, PeriodKind::day, longer, true, is_zero},
                    kNoiseLevels, sink);
}

}  // namespace mj::evaluation
