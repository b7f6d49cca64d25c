// Groups of sites and longer periods, made of the days of points.
#include "air_period_judge.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

class AirSummary {
 public:
  AirSummary(const Context& context, const Summary& summary, Sink& sink)
      : context_(context), law_(AirLaw::of(context)), summary_(summary), sink_(sink), judge_(context, sink) {}

  Status year(const EvaluationPeriod& period) {
    const AirYearDays year(law_, period);
    std::vector<AirSubjectYear> points;
    points.reserve(context_.roster.points().size());
    for (const RosterPoint& point : context_.roster.points()) {
      points.emplace_back(year.days);
      points.back().id = point.id();
    }
    std::vector<std::pair<Level, std::vector<AirGroup>>> groups;
    for (const Level level : {Level::district, Level::city}) groups.emplace_back(level, make_groups(year, level));
    MJ_CHECK(read(year, points, groups));
    for (const AirSubjectYear& point : points) {
      if (point.any) MJ_CHECK(periods(year, point));
    }
    for (auto& [level, list] : groups) {
      for (const AirGroup& group : list) {
        AirSubjectYear subject(year.days);
        subject.id = group.id;
        subject.level = level;
        MJ_CHECK(group_days(year, group, subject));
        if (subject.any) MJ_CHECK(periods(year, subject));
      }
    }
    return {};
  }

 private:
  /// Which group a point belongs to on each day; groups that are not wanted at all cost nothing.
  std::vector<AirGroup> make_groups(const AirYearDays& year, Level level) {
    std::vector<AirGroup> groups;
    std::unordered_map<std::string_view, std::size_t> by_id;
    auto& membership = membership_[level];
    membership.assign(context_.roster.points().size(), {});
    for (std::size_t p = 0; p < context_.roster.points().size(); ++p) {
      const RosterPoint& point = context_.roster.points()[p];
      const registry::PointView* known = nullptr;
      std::int32_t group = -1;
      auto& of = membership[p];
      of.assign(year.days, -1);
      for (std::size_t day = 0; day < year.days; ++day) {
        const registry::PointView* view = point.at(year.day(day).begin);
        if (view != known) {
          known = view;
          group = -1;
          const std::string_view id = view == nullptr || !counts_for_group(*view)
                                          ? std::string_view()
                                          : context_.roster.group_of(*view, level);
          if (!id.empty()) {
            const auto [found, added] = by_id.try_emplace(id, groups.size());
            if (added) {
              groups.push_back(AirGroup{std::string(id), std::vector<std::uint16_t>(year.days, 0),
                                        std::vector<AirGroupDay>(year.days)});
            }
            group = static_cast<std::int32_t>(found->second);
          }
        }
        of[day] = group;
        if (group >= 0) ++groups[static_cast<std::size_t>(group)].sites[day];
      }
    }
    return groups;
  }

  Status read(const AirYearDays& year, std::vector<AirSubjectYear>& points,
              std::vector<std::pair<Level, std::vector<AirGroup>>>& groups) {
    return summary_.rows(PeriodKind::day, year.period.begin, year.period.end(),
                         [&](const PointRow& row) -> Status {
                           AirSubjectYear& point = points[row.point];
                           const std::size_t day = year.number(row.period.begin);
                           if (!row.value || year.laws[day] == nullptr) return {};
                           const std::size_t month = year.months[day];
                           point.any = true;
                           if (row.indicator == AirIndicator::aqi) {
                             point.index[day] = static_cast<std::int16_t>(row.value->mantissa);
                             add_day(point.inputs[month][kAirItems], row.inputs);
                             return {};
                           }
                           const std::size_t place = row.indicator - AirIndicator::pollutant;
                           if (place >= kAirItems) return {};
                           point.values[day][place] = static_cast<std::int32_t>(row.value->mantissa);
                           add_day(point.inputs[month][place], row.inputs);
                           for (auto& [level, list] : groups) {
                             const std::int32_t group = membership_[level][row.point][day];
                             if (group < 0) continue;
                             AirGroupDay& of = list[static_cast<std::size_t>(group)].days[day];
                             of.sum[place] += row.value->mantissa;
                             ++of.count[place];
                             add_day(of.inputs[place], row.inputs);
                           }
                           return {};
                         });
  }

  Status group_days(const AirYearDays& year, const AirGroup& group, AirSubjectYear& subject) {
    Row row;
    row.level = subject.level;
    row.subject = group.id;
    for (std::size_t d = 0; d < year.days; ++d) {
      const AirDayLaw* law = year.laws[d];
      if (law == nullptr || group.sites[d] == 0) continue;
      const AirGroupDay& day = group.days[d];
      row.period = year.day(d);
      const bool wanted = summary_.wanted(row.period);
      std::array<std::optional<Decimal>, kAirItems> values;
      std::array<std::string, kAirItems> reasons;
      Inputs all;
      bool any = false;
      for (const AirItem& item : law->items) {
        const std::size_t place = item.place;
        if (day.count[place] == 0) continue;
        any = true;
        if (law->enough_sites(day.count[place], group.sites[d])) {
          std::int64_t unit = day.count[place];
          for (std::uint8_t digit = 0; digit < item.item->decimals; ++digit) unit *= 10;
          values[place] = Exact::of(day.sum[place], unit).round(item.item->decimals);
        } else {
          reasons[place] = fmt::format("{}/{}", day.count[place], group.sites[d]);
        }
        if (values[place]) {
          subject.values[d][place] = static_cast<std::int32_t>(values[place]->mantissa);
          add_day(subject.inputs[year.months[d]][place], day.inputs[place]);
          subject.any = true;
        }
        all.add(day.inputs[place]);
      }
      if (!any) continue;
      const AirIndex index = index_of(*law, values);
      const bool has_index = index.verdict.level > 0;
      if (has_index) {
        subject.index[d] = index.verdict.aqi;
        add_day(subject.inputs[year.months[d]][kAirItems], all);
      }
      if (!wanted) continue;
      for (std::size_t i = 0; i < law->items.size(); ++i) {
        const std::size_t place = law->items[i].place;
        if (day.count[place] == 0) continue;
        row.indicator = AirIndicator::pollutant + place;
        row.value = values[place];
        const Grade* grade = row.value ? law->grades.of(index.verdict.iaqi[i]) : nullptr;
        row.grade = grade == nullptr ? std::uint16_t{0} : sink_.grade(*grade);
        row.primary = {};
        row.complete = row.value.has_value();
        row.reason = reasons[place];
        row.standard = law->standard;
        row.verification = std::max(law->verification(law->items[i].value), law->city_verification);
        row.inputs = day.inputs[place];
        row.inputs.expected = group.sites[d];
        MJ_CHECK(sink_.emit(row));
      }
      row.indicator = AirIndicator::aqi;
      row.value = has_index ? std::optional(Decimal{index.verdict.aqi, 0}) : std::nullopt;
      row.grade = has_index ? sink_.grade(*law->grades.of(index.verdict.aqi)) : std::uint16_t{0};
      const std::string primary = primary_text(law->items, index.verdict.primary);
      row.primary = primary;
      row.complete = index.missing.empty();
      const std::string reason = index.missing.empty() ? "" : index.missing + ": —";
      row.reason = reason;
      row.standard = law->aqi_standard;
      row.verification = std::max(
          {law->aqi_verification, law->mean_verification, law->ozone_verification, law->city_verification});
      row.inputs = all;
      MJ_CHECK(sink_.emit(row));
    }
    return {};
  }

  Status periods(const AirYearDays& year, const AirSubjectYear& subject) {
    for (const PeriodKind kind : {PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
      for (auto period = EvaluationPeriod::of(kind, year.period.begin); period.begin < year.period.end();
           period = period.next()) {
        if (summary_.wanted(period)) MJ_CHECK(judge_.judge(year, subject, period));
      }
    }
    return {};
  }

  const Context& context_;
  const AirLaw& law_;
  const Summary& summary_;
  Sink& sink_;
  AirPeriodJudge judge_;
  std::map<Level, std::vector<std::vector<std::int32_t>>> membership_;  ///< by point and day: place of the group
};

}  // namespace

Status summarise_air(const Context& context, const Summary& summary, Sink& sink) {
  AirSummary air(context, summary, sink);
  for (const EvaluationPeriod& year : summary.years) MJ_CHECK(air.year(year));
  return {};
}

}  // namespace mj::evaluation
