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

}  // namespace

Status judge_air_hour(const Context& context, const PointValues& values, Sink& sink) {
  const EvaluationPeriod hour = EvaluationPeriod::of(PeriodKind::hour, values.from);
  const AirHourLaw* law = AirLaw::of(context).hour(hour.begin);
  if (law == nullptr) return {};
  std::array<Decimal, assess::kMostAqiItems> by_item{};
  unsigned present = 0;
  Inputs all;
  std::vector<Row> rows;
  std::string missing;
  Row row;
  row.level = Level::point;
  row.subject = values.point->id();
  row.period = hour;
  row.standard = law->table.standard().edition.id;
  row.verification = law->verification;
  for (std::size_t i = 0; i < law->items.size(); ++i) {
    const AirItem& item = law->items[i];
    const SampleSeries* series = values.find(item.item->factor, telemetry::Period::hour);
    std::optional<Decimal> value;
    row.inputs = {};
    row.inputs.expected = 1;
    if (series != nullptr) {
      for (const Sample& sample : series->within(hour.begin, hour.end())) {
        if (!sample.usable || sample.value.mantissa < 0) continue;
        value = series->unit == item.item->unit
                    ? std::optional(sample.value)
                    : context.standards.convert(sample.value, series->unit, item.item->unit);
        if (value) row.inputs.add(sample.at_ms, sample.value, sample.entry);
      }
    }
    all.add(row.inputs);
    if (!value) {
      missing += (missing.empty() ? "" : "+") + item.item->pollutant;
      continue;
    }
    by_item[i] = *value;
    present |= 1U << i;
    row.indicator = AirIndicator::pollutant + item.place;
    row.value = round_gb8170(*value, item.item->decimals);
    rows.push_back(row);
  }
  if (present == 0) return {};
  const assess::AqiVerdict verdict = law->table.evaluate(by_item, present);
  std::size_t next = 0;
  for (std::size_t i = 0; i < law->items.size(); ++i) {
    if ((present >> i & 1U) == 0) continue;
    Row& of = rows[next++];
    if (const Grade* grade = law->grades.of(verdict.iaqi[i])) of.grade = sink.grade(*grade);
    MJ_CHECK(sink.emit(of));
  }
  row.indicator = AirIndicator::aqi;
  row.value = verdict.level > 0 ? std::optional(Decimal{verdict.aqi, 0}) : std::nullopt;
  row.grade = verdict.level > 0 ? sink.grade(*law->grades.of(verdict.aqi)) : std::uint16_t{0};
  const std::string primary = primary_text(law->items, verdict.primary);
  row.primary = primary;
  row.complete = missing.empty();
  const std::string reason = missing.empty() ? "" : missing + ": —";
  row.reason = reason;
  row.inputs = all;
  return sink.emit(row);
}

Status group_air_hour(const Context& context, Level level, const EvaluationPeriod& hour,
                      std::span<const Figure> points, Sink& sink) {
  const AirHourLaw* law = AirLaw::of(context).hour(hour.begin);
  const AirDayLaw* day = AirLaw::of(context).day(hour.begin);
  if (law == nullptr || day == nullptr) return {};
  for (const auto& [id, group] : groups_of_hour(context, level, hour, points)) {
    std::array<Decimal, assess::kMostAqiItems> by_item{};
    unsigned present = 0;
    std::string missing;
    std::vector<Row> rows;
    Row row;
    row.level = level;
    row.subject = id;
    row.period = hour;
    row.standard = law->table.standard().edition.id;
    // How many sites make an hour of a city no text says; the share of the day is taken.
    row.verification = std::max(law->verification, standards::Verification::unverified);
    Inputs all;
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
      by_item[i] = *mean;
      present |= 1U << i;
      row.indicator = AirIndicator::pollutant + item.place;
      row.value = mean;
      row.inputs = group.inputs[item.place];
      row.inputs.expected = static_cast<std::uint32_t>(group.sites);
      all.add(row.inputs);
      rows.push_back(row);
    }
    if (present == 0) continue;
    const assess::AqiVerdict verdict = law->table.evaluate(by_item, present);
    std::size_t next = 0;
    for (std::size_t i = 0; i < law->items.size(); ++i) {
      if ((present >> i & 1U) == 0) continue;
      Row& of = rows[next++];
      if (const Grade* grade = law->grades.of(verdict.iaqi[i])) of.grade = sink.grade(*grade);
      MJ_CHECK(sink.emit(of));
    }
    row.indicator = AirIndicator::aqi;
    row.value = verdict.level > 0 ? std::optional(Decimal{verdict.aqi, 0}) : std::nullopt;
    row.grade = verdict.level > 0 ? sink.grade(*law->grades.of(verdict.aqi)) : std::uint16_t{0};
    const std::string primary = primary_text(law->items, verdict.primary);
    row.primary = primary;
    row.complete = missing.empty();
    row.reason = missing;
    row.inputs = all;
    MJ_CHECK(sink.emit(row));
  }
  return {};
}

}  // namespace mj::evaluation
