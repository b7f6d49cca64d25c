#include "mj/appraisal/platform_figures.hpp"

#include <algorithm>

#include "mj/statistics/figure.hpp"

namespace mj::appraisal {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;
using registry::LocalName;

LocalName no_values(const EvaluationPeriod& period) {
  return {period.label() + " 没有有效数据", "no valid values in " + period.label()};
}

registry::Day last_day(const EvaluationPeriod& period) { return registry::Day::of(period.end().plus_ms(-1)); }

/// The figure of a row as a question of its own.
statistics::FigureQuestion name_of(const statistics::TableQuery& query, const statistics::Table& table,
                                   const statistics::TableRow& row) {
  statistics::FigureQuestion question;
  question.selection = table.selection;
  question.subject = table.subjects[row.subject].id;
  question.statistic = query.statistics.front();
  question.threshold = query.threshold;
  question.decimals = row.cells[0]->decimals;
  question.time = {query.selection.from, query.selection.to};
  question.now = query.now;
  return question;
}

Result<std::map<std::string, FoundFigure>> statistics_figures(const Platform& platform,
                                                              const StatisticsFigure& rule,
                                                              std::optional<std::uint8_t> decimals,
                                                              const Scheme& scheme,
                                                              const EvaluationPeriod& period) {
  statistics::TableQuery query;
  query.selection.element = rule.element;
  query.selection.factors = {rule.factor};
  query.selection.bucket = statistics::Bucket::all;
  query.selection.group = scheme.level;
  query.selection.combine = rule.combine;
  query.selection.from = period.begin;
  query.selection.to = period.end();
  query.statistics = {rule.statistic};
  if (rule.least_valid) query.statistics.push_back({statistics::Statistic::Kind::valid_rate, {}});
  query.threshold = rule.threshold;
  query.decimals = decimals;
  query.now = platform.now;
  MJ_TRY(const statistics::Table table, statistics::table(platform.statistics, query, platform.patience));
  std::map<std::string, FoundFigure> found;
  for (const statistics::Subject& subject : table.subjects) {
    FoundFigure figure;
    figure.reason = no_values(period);
    figure.lineage = fmt::format("statistics/{}/{}/{}/{}/{}", rule.element, rule.factor, rule.statistic.id(),
                                 subject.id, period.label());
    found.emplace(subject.id, std::move(figure));
  }
  for (const statistics::TableRow& row : table.rows) {
    FoundFigure& figure = found.at(table.subjects[row.subject].id);
    if (rule.least_valid && (!row.cells[1] || compare(*row.cells[1], *rule.least_valid) < 0)) {
      const std::string rate = row.cells[1] ? to_text(*row.cells[1]) : "—";
      figure.reason = {fmt::format("{} 有效率 {} % 低于 {} %", period.label(), rate, to_text(*rule.least_valid)),
                       fmt::format("{}: rate of valid values {} % is below {} %", period.label(), rate,
                                   to_text(*rule.least_valid))};
      continue;
    }
    figure.value = row.cells[0];
    if (!figure.value) continue;
    // Of a time without any value, and of too many values, there is no proof.
    if (row.used == 0 || row.used > statistics::kMostProvedValues) continue;
    figure.figure = figure.value;
    figure.prove = name_of(query, table, row).name();
  }
  return found;
}

std::optional<evaluation::Level> level_of(statistics::Group group) {
  return evaluation::parse_level(statistics::name(group));
}

Result<std::map<std::string, FoundFigure>> evaluation_figures(const Platform& platform,
                                                              const EvaluationFigure& rule, const Scheme& scheme,
                                                              const EvaluationPeriod& period) {
  const auto level = level_of(scheme.level);
  if (!level) return Error(ErrorCode::invalid_input, "evaluation knows no such level");
  evaluation::FigureQuery query;
  query.element = rule.element;
  query.level = level;
  query.indicator = rule.indicator;
  query.kind = period.kind;
  query.from = period.begin;
  query.to = period.end();
  MJ_TRY(const auto figures, platform.evaluation.results().figures(query));
  std::map<std::string, FoundFigure> found;
  for (const evaluation::Figure& one : figures) {
    FoundFigure figure;
    figure.lineage =
        fmt::format("evaluation/{}/{}/{}/{}", rule.element, rule.indicator, one.subject, period.label());
    if (one.value) {
      figure.figure = one.value;
      figure.prove = evaluation::proof_name(rule.element, *level, one.subject, one.indicator, period);
    }
    if (!one.complete && !rule.incomplete) {
      const std::string why = one.reason.empty() ? "—" : one.reason;
      figure.reason = {fmt::format("{} 数据不完整：{}", period.label(), why),
                       fmt::format("{} is not complete: {}", period.label(), why)};
    } else if (!rule.grade) {
      figure.value = one.value;
      if (!one.value) figure.reason = no_values(period);
    } else if (one.grade) {
      const auto word = rule.words.find(one.grade->id);
      if (word != rule.words.end()) figure.value = word->second;
      figure.shown = one.grade->name.zh;
      if (!figure.value)
        figure.reason = {"方案未列等级 " + one.grade->id, "the scheme does not list the grade " + one.grade->id};
    } else {
      figure.reason = no_values(period);
    }
    found.insert_or_assign(one.subject, std::move(figure));
  }
  return found;
}

std::string kind_of(statistics::Group level) {
  switch (level) {
    case statistics::Group::point: return "point";
    case statistics::Group::river: return "river";
    case statistics::Group::basin: return "basin";
    default: return "region";
  }
}

std::map<std::string, FoundFigure> register_figures(const registry::Book& book, const RegisterFigure& rule,
                                                    const Scheme& scheme, const EvaluationPeriod& period,
                                                    const std::vector<std::string>& subjects) {
  std::map<std::string, FoundFigure> found;
  for (const std::string& id : subjects) {
    const auto record = book.record(kind_of(scheme.level), id, registry::AsOf{last_day(period), {}});
    const std::string text = record ? record->get(rule.attribute) : std::string();
    FoundFigure figure;
    figure.lineage = fmt::format("register/{}/{}/{}", kind_of(scheme.level), id, rule.attribute);
    if (rule.words.empty()) {
      figure.value = parse_decimal(text);
    } else if (const auto word = rule.words.find(text); word != rule.words.end()) {
      figure.value = word->second;
      figure.shown = text;
    }
    if (!figure.value)
      figure.reason = {"登记册没有 " + rule.attribute, "the register has no usable " + rule.attribute};
    found.emplace(id, std::move(figure));
  }
  return found;
}

/// Why a result cannot be proved; of other figures that is known where they are looked up.
Result<standards::Text> obstacle_to(const Platform& platform, std::string_view name) {
  const auto parts = statistics::parts_of_name(name);
  if (!parts || parts->size() != 7 || parts->front() != "result") return standards::Text{};
  const auto begin = parse_compact((*parts)[5]);
  const auto end = parse_compact((*parts)[6]);
  for (const PeriodKind kind : {PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
    if (!begin || EvaluationPeriod::of(kind, *begin).end() != end) continue;
    MJ_TRY(const evaluation::Sheet sheet,
           platform.evaluation.sheet((*parts)[1], (*parts)[3], (*parts)[4], EvaluationPeriod::of(kind, *begin)));
    return sheet.unproved;
  }
  return standards::Text{};
}

/// Whether a region lies in a jurisdiction, by their codes (GB/T 2260).
bool lies_in(std::string_view region, std::string_view jurisdiction) {
  while (jurisdiction.ends_with("00")) jurisdiction.remove_suffix(2);
  return region.starts_with(jurisdiction);
}

/// Leaves out subjects for which the scheme was not made.
void keep_jurisdiction(const registry::Book& book, const Scheme& scheme, registry::Day day,
                       std::map<std::string, FoundFigure>& found) {
  using statistics::Group;
  if (scheme.jurisdiction == "nation" || scheme.level == Group::river || scheme.level == Group::basin) return;
  std::erase_if(found, [&](const auto& one) {
    if (scheme.level != Group::point) return !lies_in(one.first, scheme.jurisdiction);
    const auto record = book.record("point", one.first, registry::AsOf{day, {}});
    return !record || !lies_in(record->get("region"), scheme.jurisdiction);
  });
}

std::optional<Party> region_party(const registry::Book& book, const std::string& id, registry::Day day) {
  if (id.empty()) return std::nullopt;
  const auto record = book.record("region", id, registry::AsOf{day, {}});
  return Party{"district", id, record ? record->name() : LocalName{id, id}};
}

AppraisedSubject named_subject(const registry::Book& book, const Scheme& scheme, const std::string& id,
                               registry::Day day) {
  const auto record = book.record(kind_of(scheme.level), id, registry::AsOf{day, {}});
  AppraisedSubject subject;
  subject.party = {std::string(statistics::name(scheme.level)), id, record ? record->name() : LocalName{id, id}};
  if (!record || scheme.level != statistics::Group::point) return subject;
  subject.region = region_party(book, record->get("region"), day);
  subject.upstream = region_party(book, record->get("upstream_region"), day);
  subject.downstream = region_party(book, record->get("downstream_region"), day);
  return subject;
}

}  // namespace

std::optional<EvaluationPeriod> period_of(When when, const EvaluationPeriod& period) {
  switch (when) {
    case When::period: return period;
    case When::year_before: return period.year_before();
    case When::period_before: return EvaluationPeriod::of(period.kind, period.begin.plus_ms(-1));
    case When::last_year: {
      const EvaluationPeriod year = EvaluationPeriod::of(PeriodKind::year, period.begin);
      return EvaluationPeriod::of(PeriodKind::year, year.begin.plus_ms(-1));
    }
  }
  return std::nullopt;
}

FigureSources platform_figures(const Platform& platform) {
  FigureSources sources;
  sources.figures = [&platform](
                        const ValueRule& rule, const Scheme& scheme, const EvaluationPeriod& period,
                        const std::vector<std::string>& subjects) -> Result<std::map<std::string, FoundFigure>> {
    if (const auto* figure = std::get_if<RegisterFigure>(&rule.rule))
      return register_figures(platform.statistics.book, *figure, scheme, period, subjects);
    const auto* statistic = std::get_if<StatisticsFigure>(&rule.rule);
    const auto* result = std::get_if<EvaluationFigure>(&rule.rule);
    const auto time = period_of(statistic != nullptr ? statistic->when : result->when, period);
    if (!time) return std::map<std::string, FoundFigure>();
    auto found = statistic != nullptr ? statistics_figures(platform, *statistic, rule.decimals, scheme, *time)
                                      : evaluation_figures(platform, *result, scheme, *time);
    if (found) keep_jurisdiction(platform.statistics.book, scheme, last_day(period), *found);
    return found;
  };
  sources.obstacle = [&platform](std::string_view name) { return obstacle_to(platform, name); };
  sources.subject = [&platform](const Scheme& scheme, const std::string& id, const EvaluationPeriod& period) {
    return named_subject(platform.statistics.book, scheme, id, last_day(period));
  };
  return sources;
}

}  // namespace mj::appraisal
