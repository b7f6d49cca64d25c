// What screens ask: rankings, subjects, trends, compliance, sheets.
#include "asked_sheet.hpp"
#include "engine_impl.hpp"
#include "mj/assess/air_year.hpp"
#include "mj/assess/exact.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

std::optional<Decimal> difference(const std::optional<Decimal>& now, const std::optional<Decimal>& before) {
  if (!now || !before) return std::nullopt;
  return (Exact(*now) - Exact(*before)).round(std::max(now->decimals, before->decimals));
}

}  // namespace

Result<const Indicator*> indicator_of(const Evaluator& evaluator, std::string_view id, PeriodKind kind) {
  std::string known;
  for (const Indicator& indicator : evaluator.indicators) {
    const bool has =
        std::find(indicator.periods.begin(), indicator.periods.end(), kind) != indicator.periods.end();
    if (has && (id.empty() || indicator.id == id)) return &indicator;
    if (has) known += (known.empty() ? "" : ", ") + indicator.id;
  }
  return Error(ErrorCode::not_found, fmt::format("{} has no indicator {} of a {}; there are {}", evaluator.element,
                                                 id.empty() ? std::string_view("at all") : id, name(kind),
                                                 known.empty() ? "none" : known));
}

void rank(std::vector<Figure>& figures, const Indicator& indicator, const std::vector<Figure>& year_before) {
  std::map<std::string_view, const Figure*> before;
  for (const Figure& figure : year_before) before.emplace(figure.subject, &figure);
  std::vector<std::optional<Decimal>> values;
  for (Figure& figure : figures) {
    std::optional<Decimal> value = figure.value;
    if (value && indicator.better == Better::high) value->mantissa = -value->mantissa;
    values.push_back(indicator.better == Better::none ? std::nullopt : value);
    const auto found = before.find(figure.subject);
    if (found != before.end()) figure.change = difference(figure.value, found->second->value);
  }
  const std::vector<std::optional<int>> places = assess::ranks(values);
  for (std::size_t i = 0; i < figures.size(); ++i) figures[i].rank = places[i];
}

Result<EvaluationPeriod> Engine::Impl::period_of(const Evaluator& evaluator, PeriodKind kind,
                                                 std::optional<EvaluationPeriod> period,
                                                 std::string_view indicator) const {
  if (period) return *period;
  const bool on_demand = kind == PeriodKind::hour && evaluator.judge_hour;
  if (on_demand) {
    std::optional<Instant> newest;
    const auto points = roster(evaluator.element);
    for (const telemetry::Latest& latest : sources.values.latest_all()) {
      if (telemetry::period_of(latest.key.cn) != telemetry::Period::hour) continue;
      if (points->find_reporter(latest.key.device) == nullptr) continue;
      newest = newest ? std::max(*newest, latest.observation.at) : latest.observation.at;
    }
    if (newest) return EvaluationPeriod::of(kind, *newest);
  } else {
    MJ_TRY(const ResultStore::Extent extent, results->extent(evaluator.element, kind, indicator));
    if (extent.newest) return EvaluationPeriod::of(kind, *extent.newest);
  }
  return Error(ErrorCode::not_found,
               fmt::format("there are no results of {} of a {} yet", evaluator.element, name(kind)));
}

namespace {

/// Rows of one hour as figures; they are not stored, so their grades have numbers of their own.
class HourFigures {
 public:
  HourFigures(const Evaluator& evaluator, const EvaluationPeriod& hour)
      : sink_([this, &evaluator, hour](const Row& row) -> Status { return keep(evaluator, hour, row); },
              [this](const Grade& grade) { return number_of(grade); }) {}
  HourFigures(const HourFigures&) = delete;
  HourFigures& operator=(const HourFigures&) = delete;

  [[nodiscard]] Sink& sink() { return sink_; }
  [[nodiscard]] std::vector<Figure>& all() { return figures_; }

 private:
  Status keep(const Evaluator& evaluator, const EvaluationPeriod& hour, const Row& row) {
    if (row.period != hour) return {};
    figures_.push_back(figure_of(row, evaluator.indicators, grades_));
    return {};
  }
  std::uint16_t number_of(const Grade& grade) {
    const auto known = std::find(grades_.begin(), grades_.end(), grade);
    const auto place = known - grades_.begin();
    if (known == grades_.end()) grades_.push_back(grade);
    return static_cast<std::uint16_t>(place + 1);
  }

  std::vector<Figure> figures_;
  std::vector<Grade> grades_;
  Sink sink_;
};

}  // namespace

Result<std::vector<Figure>> Engine::Impl::hour_figures(const Evaluator& evaluator, const EvaluationPeriod& hour,
                                                       const FigureQuery& query) const {
  const auto points = roster(evaluator.element);
  MJ_TRY(const Context context, context_of(evaluator, *points));
  const Level level = query.level.value_or(Level::point);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < points->points().size(); ++i) {
    const RosterPoint& point = points->points()[i];
    const registry::PointView* view = point.at(hour.begin);
    const bool member = level == Level::point ? point.id() == query.subject
                                              : view != nullptr && points->group_of(*view, level) == query.subject;
    if (query.subject.empty() || member) places.push_back(i);
  }
  HourFigures of_points(evaluator, hour);
  MJ_CHECK(values_of(
      evaluator, *points, places, hour.begin, hour.end(),
      [&](const PointValues& values) { return evaluator.judge_hour(context, values, of_points.sink()); }, {}));
  HourFigures of_groups(evaluator, hour);
  if (level != Level::point)
    MJ_CHECK(evaluator.group_hour(context, level, hour, of_points.all(), of_groups.sink()));
  std::vector<Figure> figures = std::move(level == Level::point ? of_points.all() : of_groups.all());
  std::erase_if(figures, [&](const Figure& figure) {
    return (!query.indicator.empty() && figure.indicator != query.indicator) ||
           (!query.subject.empty() && figure.subject != query.subject);
  });
  return figures;
}

Result<std::vector<Figure>> Engine::Impl::figures(const Evaluator& evaluator, FigureQuery query) const {
  const bool on_demand = query.kind == PeriodKind::hour && evaluator.judge_hour;
  if (!on_demand) {
    query.element = evaluator.element;
    return results->figures(query);
  }
  const Level level = query.level.value_or(Level::point);
  const bool known = std::find(evaluator.levels.begin(), evaluator.levels.end(), level) != evaluator.levels.end();
  if (level != Level::point && (!evaluator.group_hour || !known))
    return Error(ErrorCode::not_found,
                 fmt::format("hours of {} are not evaluated for a {}", evaluator.element, name(level)));
  std::vector<Figure> all;
  const std::int64_t most_hours = level == Level::point ? 24 * 92 : 24 * 7;
  if (query.to->ms_since(*query.from) > most_hours * 3'600'000)
    return Error(ErrorCode::invalid_input, fmt::format("to: at most {} hours at a time", most_hours));
  // One scan over the range would be cheaper; hours are asked for one at a time or for one point.
  if (query.subject.empty()) return hour_figures(evaluator, {PeriodKind::hour, *query.from}, query);
  for (EvaluationPeriod hour{PeriodKind::hour, *query.from}; hour.begin < *query.to; hour = hour.next()) {
    MJ_TRY(std::vector<Figure> figures, hour_figures(evaluator, hour, query));
    std::move(figures.begin(), figures.end(), std::back_inserter(all));
  }
  return all;
}

Result<Ranking> Engine::ranking(std::string_view element, PeriodKind kind, std::optional<EvaluationPeriod> period,
                                Level level, std::string_view indicator) const {
  MJ_TRY(const Evaluator* evaluator, evaluator_of(element));
  MJ_TRY(const Indicator* chosen, indicator_of(*evaluator, indicator, kind));
  Ranking ranking;
  MJ_TRY(ranking.period, impl_->period_of(*evaluator, kind, period, chosen->id));
  ranking.level = level;
  ranking.indicator = chosen->id;
  ranking.unit = chosen->unit;
  const auto of = [&](const EvaluationPeriod& at) {
    FigureQuery query;
    query.level = level;
    query.indicator = chosen->id;
    query.kind = kind;
    query.from = at.begin;
    query.to = at.end();
    return impl_->figures(*evaluator, std::move(query));
  };
  MJ_TRY(ranking.figures, of(ranking.period));
  std::vector<Figure> before;
  if (const auto earlier = ranking.period.year_before(); earlier && kind != PeriodKind::hour) {
    MJ_TRY(before, of(*earlier));
  }
  rank(ranking.figures, *chosen, before);
  std::sort(ranking.figures.begin(), ranking.figures.end(), [](const Figure& a, const Figure& b) {
    constexpr int kLast = std::numeric_limits<int>::max();
    return std::pair(a.rank.value_or(kLast), std::string_view(a.subject)) <
           std::pair(b.rank.value_or(kLast), std::string_view(b.subject));
  });
  std::uint32_t newest = 0;
  for (const Figure& figure : ranking.figures) newest = std::max(newest, figure.run);
  if (newest > 0) {
    MJ_TRY(ranking.run, impl_->results->run(newest));
  }
  return ranking;
}

Result<Level> Engine::level_of(std::string_view element, std::string_view id) const {
  MJ_TRY(const Evaluator* evaluator, evaluator_of(element));
  const auto roster = impl_->roster(evaluator->element);
  if (roster->find(id) != nullptr) return Level::point;
  MJ_TRY(const std::optional<Level> stored, impl_->results->level_of(element, id));
  if (stored) return *stored;
  // Hours of groups are not stored: there may be some before there is a day.
  for (std::size_t place = 0; place < roster->points().size(); ++place) {
    for (const auto& [level, group] : roster->groups_of(place)) {
      if (group == id) return level;
    }
  }
  return Error(ErrorCode::not_found,
               fmt::format("{} has no point, region, river, basin or lake {} with results", element, id));
}

Result<std::vector<Figure>> Engine::subject(std::string_view element, std::string_view id, PeriodKind kind,
                                            std::optional<EvaluationPeriod> period) const {
  MJ_TRY(const Evaluator* evaluator, evaluator_of(element));
  MJ_TRY(const Level level, level_of(element, id));
  MJ_TRY(const EvaluationPeriod at, impl_->period_of(*evaluator, kind, period, ""));
  std::vector<Figure> figures;
  for (const Indicator& indicator : evaluator->indicators) {
    if (std::find(indicator.periods.begin(), indicator.periods.end(), kind) == indicator.periods.end()) continue;
    auto all = ranking(element, kind, at, level, indicator.id);
    if (!all) return all.error();
    for (Figure& figure : all->figures) {
      if (figure.subject == id) figures.push_back(std::move(figure));
    }
  }
  return figures;
}

Result<std::vector<Figure>> Engine::trend(std::string_view element, std::string_view id,
                                          std::string_view indicator, PeriodKind kind, Instant from,
                                          Instant to) const {
  MJ_TRY(const Evaluator* evaluator, evaluator_of(element));
  MJ_TRY(const Level level, level_of(element, id));
  MJ_TRY(const Indicator* chosen, indicator_of(*evaluator, indicator, kind));
  FigureQuery query;
  query.level = level;
  query.subject = id;
  query.indicator = chosen->id;
  query.kind = kind;
  query.from = from;
  query.to = to;
  return impl_->figures(*evaluator, std::move(query));
}

Result<Engine::ComplianceList> Engine::compliance(std::string_view element, PeriodKind kind,
                                                  std::optional<EvaluationPeriod> period, Level level) const {
  MJ_TRY(const Evaluator* evaluator, evaluator_of(element));
  ComplianceList list;
  list.level = level;
  list.unit = evaluator->compliance_period;
  list.indicator = evaluator->compliance_indicator;
  if (list.indicator.empty())
    return Error(ErrorCode::not_found, fmt::format("{} has no graded indicator that is counted", element));
  MJ_TRY(list.period, impl_->period_of(*evaluator, kind, period, ""));
  FigureQuery query;
  query.element = evaluator->element;
  query.level = level;
  query.indicator = list.indicator;
  query.kind = list.unit;
  query.from = list.period.begin;
  query.to = list.period.end();
  MJ_TRY(const std::vector<Figure> figures, impl_->results->figures(query));
  std::map<std::string, Compliance> by_subject;
  for (const Figure& figure : figures) {
    Compliance& row =
        by_subject.try_emplace(figure.subject, Compliance{figure.subject, 0, 0, 0, {}, {}, {}}).first->second;
    ++row.days;
    if (!figure.grade) continue;
    if (figure.grade->compliant) ++row.graded;
    const auto known = std::find_if(row.grades.begin(), row.grades.end(),
                                    [&](const auto& each) { return each.first.id == figure.grade->id; });
    if (known == row.grades.end()) {
      row.grades.emplace_back(*figure.grade, 1);
    } else {
      ++known->second;
    }
    if (figure.grade->compliant.value_or(false)) ++row.compliant;
    if (figure.grade->compliant == std::optional(false)) row.exceed.push_back(figure);
  }
  for (auto& [subject, row] : by_subject) {
    row.rate = compliance_rate(row.compliant, row.graded);
    std::sort(row.grades.begin(), row.grades.end(),
              [](const auto& a, const auto& b) { return a.first.id < b.first.id; });
    list.rows.push_back(std::move(row));
  }
  std::sort(list.rows.begin(), list.rows.end(), [](const Compliance& a, const Compliance& b) {
    if (a.rate.has_value() != b.rate.has_value()) return a.rate.has_value();
    const int order = a.rate ? compare(*a.rate, *b.rate) : 0;
    return order != 0 ? order < 0 : a.subject < b.subject;
  });
  return list;
}

}  // namespace mj::evaluation
