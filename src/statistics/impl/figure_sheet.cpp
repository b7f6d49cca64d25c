// The calculation sheet of one figure: its values are listed by the code that gathers them.
#include <algorithm>

#include "cell_figure.hpp"
#include "figure_derivation.hpp"
#include "figure_kinds.hpp"
#include "units.hpp"

namespace mj::statistics {
namespace {

TableQuery query_of(const FigureQuestion& question) {
  TableQuery query;
  query.selection = question.selection;
  query.selection.bucket = Bucket::all;
  query.selection.subject.clear();
  query.statistics = {question.statistic};
  query.threshold = question.threshold;
  query.decimals = question.decimals;
  query.now = question.now;
  return query;
}

Result<std::size_t> place_of(const Membership& membership, Group group, std::string_view id) {
  for (std::size_t i = 0; i < membership.subjects.size(); ++i) {
    if (membership.subjects[i].id == id) return i;
  }
  return Error(ErrorCode::not_found, fmt::format("there is no {} \"{}\" in this question", name(group), id));
}

Error no_row(std::string_view subject, Instant at) {
  return Error(ErrorCode::not_found,
               fmt::format("{} has no row of {}", subject.empty() ? "the answer" : subject, to_iso(at)));
}

standards::Text text_of(const registry::LocalName& name) { return {name.zh, name.en}; }

}  // namespace

Result<FigureQuestion> figure_question(const Sources& sources, const TableQuery& query, std::string_view subject,
                                       Instant at, const Patience& patience) {
  if (query.selection.factors.size() != 1 || query.statistics.size() != 1)
    return Error(ErrorCode::invalid_input, "a figure has one factor and one statistic");
  const GatherNeeds needs = needs_of(query.statistics);
  MJ_CHECK(check_threshold(query, needs.judged));
  MJ_TRY(const Membership membership, members_of(sources, query.selection));
  Focus focus;
  MJ_TRY(focus.subject, place_of(membership, query.selection.group, subject));
  MJ_TRY(Gathered gathered, gather(sources, query, needs, patience, &focus));
  const CellSeries& series = gathered.at(focus.subject, 0);
  const Span bucket = bucket_of(query.selection.bucket, at);
  if (!series.cells.contains(bucket.begin.ms())) return no_row(subject, at);
  FigureQuestion question;
  question.selection = query.selection;
  question.selection.period = gathered.period;
  question.selection.kind = gathered.kind;
  question.selection.bucket = Bucket::all;
  question.subject = subject;
  question.statistic = query.statistics.front();
  question.threshold = query.threshold;
  question.decimals = digits_of_means(query, series.decimals);
  question.time = {std::max(bucket.begin, query.selection.from), std::min(bucket.end, query.selection.to)};
  question.now = query.now;
  return question;
}

Result<FigureSheet> figure_sheet(const Sources& sources, const FigureQuestion& question,
                                 const Patience& patience) {
  const TableQuery query = query_of(question);
  const GatherNeeds needs = needs_of(query.statistics);
  MJ_CHECK(check_threshold(query, needs.judged));
  MJ_TRY(const Membership membership, members_of(sources, query.selection));
  FigureSheet answer;
  answer.question = question;
  Focus focus;
  MJ_TRY(focus.subject, place_of(membership, query.selection.group, question.subject));
  answer.subject = membership.subjects[focus.subject];
  focus.window = question.time;
  const std::string& factor = query.selection.factors.front();
  const standards::Factor* known = sources.standards.factor(factor);
  answer.factor_name = known == nullptr ? standards::Text{factor, factor} : known->name;
  FigureDerivation derivation(sources, question, membership, answer.sheet);
  focus.use = [&](const UsedValue& value) -> Status {
    derivation.take(value);
    return {};
  };
  MJ_TRY(Gathered gathered, gather(sources, query, needs, patience, &focus));
  CellSeries& series = gathered.at(focus.subject, 0);
  if (series.cells.empty()) return no_row(question.subject, question.time.begin);
  Cell& cell = series.cells.begin()->second;
  evaluation::Sheet& sheet = answer.sheet;
  sheet.figure.subject = question.subject;
  sheet.figure.indicator = question.statistic.id();
  sheet.figure.period = evaluation::EvaluationPeriod::of(evaluation::PeriodKind::day, question.time.begin);
  sheet.figure.value = figure_of(question.statistic, cell, query.selection.combine, question.decimals);
  sheet.unit = unit_of(question.statistic, gathered.units.front());
  derivation.finish(cell, text_of(question.statistic.title()));
  if (sheet.result && sheet.unproved.zh.empty()) sheet.prove = question.name();
  return answer;
}

}  // namespace mj::statistics
