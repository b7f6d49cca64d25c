// Hours of points and, by the mean of their concentrations, of districts and cities 实时报.
#include "air_rules.hpp"
#include "air_subjects.hpp"
#include "mj/assess/exact.hpp"

namespace mj::evaluation {
namespace {

/// What the sites of a group say in an hour.
struct GroupHour {
  std::size_t sites = 0;
  std::array<assess::ExactSum, kAirItems> sums;
  std::array<Inputs, kAirItems> inputs;
};

/// The concentrations of the points, added up by group.
std::map<std::string, GroupHour> groups_of_hour(const Context& context, Level level, const EvaluationPeriod& hour,
                                                std::span<const Figure> points) {
  std::map<std::string, GroupHour> groups;
  std::unordered_map<std::string_view, GroupHour*> of_point;
  for (const RosterPoint& point : context.roster.points()) {
    const registry::PointView* view = point.at(hour.begin);
    if (view == nullptr || !counts_for_group(*view)) continue;
    const std::string_view id = context.roster.group_of(*view, level);
    if (id.empty()) continue;
    GroupHour& group = groups[std::string(id)];
    ++group.sites;
    of_point.emplace(point.id(), &group);
  }
  const auto& indicators = find_evaluator("air")->indicators;
  for (const Figure& figure : points) {
    const auto group = of_point.find(figure.subject);
    if (group == of_point.end() || !figure.value) continue;
    for (std::size_t place = 0; place < kAirItems; ++place) {
      if (indicators[AirIndicator::pollutant + place].id != figure.indicator) continue;
      if (group->second->sums[place].add(*figure.value)) group->second->inputs[place].add(figure.inputs);
    }
  }
  return groups;
}

/// The pollutants of one subject's hour and the index of them.
struct HourRows {
  Row row;  ///< subject, period and standard, the same for every figure
  std::array<Decimal, assess::kMostAqiItems> by_item{};
  unsigned present = 0;
  std::vector<Row> rows;
  Inputs all;

  HourRows(const AirHourLaw& law, Level level, std::string_view subject, const EvaluationPeriod& hour) {
    row.level = level;
    row.subject = subject;
    row.period = hour;
    row.standard = law.table.standard().edition.id;
    row.verification = law.verification;
  }
  /// `exact` gives the index, `shown` is its rounded value.
  void add(std::size_t i, const AirItem& item, Decimal exact, std::optional<Decimal> shown, const Inputs& inputs) {
    by_item[i] = exact;
    present |= 1U << i;
    row.indicator = AirIndicator::pollutant + item.place;
    row.value = shown;
    row.inputs = inputs;
    rows.push_back(row);
  }
  /// Nothing when there is no pollutant. `reason`: what is missing; empty when nothing is.
  Status emit(const AirHourLaw& law, std::string_view reason, Sink& sink) {
    if (present == 0) return {};
    const assess::AqiVerdict verdict = law.table.evaluate(by_item, present);
    std::size_t next = 0;
    for (std::size_t i = 0; i < law.items.size(); ++i) {
      if ((present >> i & 1U) == 0) continue;
      Row& of = rows[next++];
      if (const Grade* grade = law.grades.of(verdict.iaqi[i])) of.grade = sink.grade(*grade);
      MJ_CHECK(sink.emit(of));
    }
    row.indicator = AirIndicator::aqi;
    row.value = verdict.level > 0 ? std::optional(Decimal{verdict.aqi, 0}) : std::nullopt;
    row.grade = verdict.level > 0 ? sink.grade(*law.grades.of(verdict.aqi)) : std::uint16_t{0};
    const std::string primary = primary_text(law.items, verdict.primary);
    row.primary = primary;
    row.complete = reason.empty();
    row.reason = reason;
    row.inputs = all;
    return sink.emit(row);
  }
};

}  // namespace

Status judge_air_hour(const Context& context, const PointValues& values, Sink& sink) {
  const EvaluationPeriod hour = EvaluationPeriod::of(PeriodKind::hour, values.from);
  const AirHourLaw* law = AirLaw::of(context).hour(hour.begin);
  if (law == nullptr) return {};
  HourRows figures(*law, Level::point, values.point->id(), hour);
  std::string missing;
  for (std::size_t i = 0; i < law->items.size(); ++i) {
    const AirItem& item = law->items[i];
    const SampleSeries* series = values.find(item.item->factor, telemetry::Period::hour);
    std::optional<Decimal> value;
    Inputs inputs;
    inputs.expected = 1;
    if (series != nullptr) {
      for (const Sample& sample : series->within(hour.begin, hour.end())) {
        if (!sample.usable || sample.value.mantissa < 0) continue;
        value = series->unit == item.item->unit
                    ? std::optional(sample.value)
                    : context.standards.convert(sample.value, series->unit, item.item->unit);
        if (value) inputs.add(sample.at_ms, sample.value, sample.entry);
      }
    }
    figures.all.add(inputs);
    if (value) {
      figures.add(i, item, *value, round_gb8170(*value, item.item->decimals), inputs);
    } else {
      missing += (missing.empty() ? "" : "+") + item.item->pollutant;
    }
  }
  return figures.emit(*law, missing.empty() ? "" : missing + ": —", sink);
}

Status group_air_hour(const Context& context, Level level, const EvaluationPeriod& hour,
                      std::span<const Figure> points, Sink& sink) {
  const AirHourLaw* law = AirLaw::of(context).hour(hour.begin);
  const AirDayLaw* day = AirLaw::of(context).day(hour.begin);
  if (law == nullptr || day == nullptr) return {};
  for (const auto& [id, group] : groups_of_hour(context, level, hour, points)) {
    HourRows figures(*law, level, id, hour);
    // How many sites make an hour of a city no text says; the share of the day is taken.
    figures.row.verification = std::max(law->verification, standards::Verification::unverified);
    std::string missing;
    for (std::size_t i = 0; i < law->items.size(); ++i) {
      const AirItem& item = law->items[i];
      const assess::ExactSum& sum = group.sums[item.place];
      const auto count = static_cast<std::size_t>(sum.count());
      const auto mean = count > 0 && day->enough_sites(count, group.sites) ? sum.mean().round(item.item->decimals)
                                                                           : std::nullopt;
      if (!mean) {
        missing +=
            fmt::format("{}{} {}/{}", missing.empty() ? "" : "; ", item.item->pollutant, count, group.sites);
        continue;
      }
      Inputs inputs = group.inputs[item.place];
      inputs.expected = static_cast<std::uint32_t>(group.sites);
      figures.all.add(inputs);
      figures.add(i, item, *mean, mean, inputs);
    }
    MJ_CHECK(figures.emit(*law, missing, sink));
  }
  return {};
}

}  // namespace mj::evaluation
