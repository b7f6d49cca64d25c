// Calculation sheets: one for a screen, or many for a proof.
#include <deque>

#include "asked_sheet.hpp"
#include "engine_impl.hpp"
#include "mj/evaluation/derivation.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

constexpr std::size_t kMostValueBlocks = 96;   // of values: a city's sites over a month each
constexpr std::size_t kMostFigures = 400'000;  // of results: a city's sites over a year each
constexpr int kDeepest = 8;                    // year → months → days → sites → hours, and some to spare

/// The values of a point over a time, kept: series of PointValues that own what they show.
struct ValueBlock {
  struct Series {
    std::string factor;
    std::string kind;
    std::string unit;
    telemetry::Period period = telemetry::Period::instant;
    std::vector<Sample> samples;
    std::vector<SampleOrigin> origins;
  };
  std::vector<Series> series;
  std::deque<telemetry::SeriesKey> keys;  ///< of the origins; they do not move
  std::vector<std::string> flags;
  std::vector<NonDetect> limits;

  void keep(const PointValues& values) {
    std::map<const telemetry::SeriesKey*, const telemetry::SeriesKey*> kept;
    for (const SampleSeries& each : values.series) {
      Series copy{std::string(each.factor),
                  std::string(each.kind),
                  std::string(each.unit),
                  each.period,
                  {each.samples.begin(), each.samples.end()},
                  {each.origins.begin(), each.origins.end()}};
      for (SampleOrigin& origin : copy.origins) {
        const telemetry::SeriesKey*& key = kept[origin.key];
        if (key == nullptr) key = &keys.emplace_back(*origin.key);
        origin.key = key;
      }
      flags.assign(each.flags.begin(), each.flags.end());
      limits.assign(each.limits.begin(), each.limits.end());
      series.push_back(std::move(copy));
    }
  }

  /// What a reading of [from, to) alone would have given.
  Status show(const RosterPoint& point, Instant from, Instant to, std::int64_t reach_ms,
              const std::function<Status(const PointValues&)>& use) const {
    std::vector<SampleSeries> shown;
    for (const Series& each : series) {
      SampleSeries one{each.factor, each.kind, each.period, each.unit, each.samples, flags, limits, each.origins};
      one.samples = one.within(from, to.plus_ms(reach_ms));
      if (!one.samples.empty()) shown.push_back(one);
    }
    return shown.empty() ? Status() : use(PointValues{&point, from, to, shown});
  }
};

/// A screen lists the first values only; operations that speak of the others go with them.
void show_first(Sheet& sheet) {
  const std::size_t all = sheet.inputs.size();
  sheet.inputs.resize(kMostShownValues);
  sheet.operations.clear();
  sheet.tables.clear();
  sheet.result.reset();
  for (SheetStep& step : sheet.steps) step.operation.reset();
  sheet.steps.insert(sheet.steps.begin(),
                     step_of({"数据较多，只列出前若干个", "Many values: only the first ones are listed"},
                             fmt::format("{} / {}", kMostShownValues, all), std::to_string(all), ""));
}

}  // namespace

struct Sheets::Impl {
  using Platform = Engine::Impl;
  const Platform& engine;
  const Evaluator& evaluator;
  std::shared_ptr<const Roster> roster;
  Context context;
  std::map<std::tuple<std::string, Instant, Instant>, ValueBlock, std::less<>> blocks = {};
  std::map<std::tuple<Level, std::string, PeriodKind, Instant, Instant>, std::vector<Figure>> figures = {};
  std::size_t kept_figures = 0;

  Status values(std::string_view point, Instant from, Instant to,
                const std::function<Status(const PointValues&)>& use) {
    const auto place = roster->place(point);
    if (!place) return Error(ErrorCode::not_found, fmt::format("there is no point {}", point));
    // A month at once: its days and hours are asked for one by one.
    const auto month = EvaluationPeriod::of(PeriodKind::month, from);
    const bool within = to <= month.end();
    const Instant begin = within ? month.begin : from;
    const Instant end = within ? month.end() : to;
    auto found = blocks.find(std::tuple(std::string(point), begin, end));
    if (found == blocks.end()) {
      if (blocks.size() >= kMostValueBlocks) blocks.clear();
      found = blocks.try_emplace(std::tuple(std::string(point), begin, end)).first;
      const std::size_t only = *place;
      MJ_CHECK(engine.values_of(evaluator, *roster, std::span(&only, 1), begin, end,
                                [&](const PointValues& read) -> Status {
                                  found->second.keep(read);
                                  return {};
                                },
                                {}));
    }
    return found->second.show(roster->points()[*place], from, to, evaluator.reach_ms, use);
  }

  Result<std::vector<Figure>> results(Level level, std::string_view subject, std::string_view indicator,
                                      PeriodKind kind, Instant from, Instant to) {
    // A year at once, all indicators: sheets of one period after the other are asked for.
    const auto first = EvaluationPeriod::of(PeriodKind::year, from);
    const auto last = EvaluationPeriod::of(PeriodKind::year, to.plus_ms(-1));
    const auto key = std::tuple(level, std::string(subject), kind, first.begin, last.end());
    auto found = figures.find(key);
    if (found == figures.end()) {
      if (kept_figures > kMostFigures) {
        figures.clear();
        kept_figures = 0;
      }
      FigureQuery query;
      query.element = evaluator.element;
      query.level = level;
      query.subject = subject;
      query.kind = kind;
      query.from = first.begin;
      query.to = last.end();
      MJ_TRY(auto read, engine.results->figures(query));
      kept_figures += read.size();
      found = figures.emplace(key, std::move(read)).first;
    }
    std::vector<Figure> wanted;
    for (const Figure& figure : found->second) {
      if (figure.period.begin < from || figure.period.begin >= to) continue;
      if (indicator.empty() || figure.indicator == indicator) wanted.push_back(figure);
    }
    return wanted;
  }

  Result<Figure> figure(Level level, std::string_view subject, const Indicator& indicator,
                        const EvaluationPeriod& period) {
    std::vector<Figure> found;
    if (period.kind == PeriodKind::hour) {
      FigureQuery query;
      query.level = level;
      query.subject = subject;
      query.indicator = indicator.id;
      query.kind = period.kind;
      query.from = period.begin;
      query.to = period.end();
      MJ_TRY(found, engine.figures(evaluator, std::move(query)));
    } else {
      MJ_TRY(found, results(level, subject, indicator.id, period.kind, period.begin, period.end()));
    }
    if (found.empty())
      return Error(ErrorCode::not_found, fmt::format("{} has no {} of {}", subject, indicator.id, period.label()));
    return std::move(found.front());
  }

  Result<Sheet> change(Level level, std::string_view subject, std::string_view indicator,
                       const EvaluationPeriod& period) {
    MJ_TRY(const Indicator* chosen, indicator_of(evaluator, indicator, period.kind));
    const auto earlier = period.kind == PeriodKind::hour ? std::nullopt : period.year_before();
    if (!earlier)
      return Error(ErrorCode::not_found, fmt::format("{} has no year before to compare with", period.label()));
    MJ_TRY(Figure now, figure(level, subject, *chosen, period));
    MJ_TRY(Figure before, figure(level, subject, *chosen, *earlier));
    return change_sheet(std::move(now), std::move(before), chosen->unit);
  }

  Result<Sheet> compliance(Level level, std::string_view subject, const EvaluationPeriod& period) {
    MJ_TRY(const auto units, results(level, subject, evaluator.compliance_indicator, evaluator.compliance_period,
                                     period.begin, period.end()));
    return compliance_sheet(evaluator, context, level, subject, period, units);
  }

  /// Why the figure of a sheet cannot be proved; empty when nothing is in its way. Of each sort of input one is looked at.
  Result<standards::Text> obstacle(const Sheet& sheet, Sheets& sheets, int depth) {
    if (!sheet.result) return sheet.unproved;
    if (depth == 0) return standards::Text{"计算层次过多", "It is made of too many levels of figures"};
    std::vector<const SheetInput*> needed;
    for (const SheetOperation& operation : sheet.operations) {
      for (const SheetOperand& operand : operation.operands) {
        if (!operand.computed) needed.push_back(&sheet.inputs[operand.place]);
      }
    }
    if (!sheet.result->computed) needed.push_back(&sheet.inputs[sheet.result->place]);
    std::set<std::tuple<Level, std::string, PeriodKind>> seen;
    for (const SheetInput* input : needed) {
      if (!input->period || !seen.emplace(input->level, input->indicator, *input->period).second) continue;
      const auto period = EvaluationPeriod::parse(*input->period, input->at);
      if (!period) return words(Gap::not_written);
      MJ_TRY(const Sheet of_input, sheets.sheet(input->level, input->subject, input->indicator, *period));
      MJ_TRY(standards::Text text, obstacle(of_input, sheets, depth - 1));
      if (text.zh.empty()) continue;
      text.zh = fmt::format("{} {} {}：{}", input->subject, input->indicator, input->at, text.zh);
      text.en = fmt::format("{} {} {}: {}", input->subject, input->indicator, input->at, text.en);
      return text;
    }
    return standards::Text{};
  }
};

Sheets::Sheets(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Sheets::~Sheets() = default;

Result<Sheet> Sheets::sheet(Level level, std::string_view subject, std::string_view indicator,
                            const EvaluationPeriod& period) {
  const Evaluator& evaluator = impl_->evaluator;
  if (indicator == kComplianceRate) return impl_->compliance(level, subject, period);
  if (indicator.ends_with(kChangeSuffix))
    return impl_->change(level, subject, indicator.substr(0, indicator.size() - kChangeSuffix.size()), period);
  MJ_TRY(const Indicator* chosen, indicator_of(evaluator, indicator, period.kind));
  if (!evaluator.sheet)
    return Error(ErrorCode::not_found, fmt::format("{} has no calculation sheets", evaluator.element));
  SheetRequest request;
  MJ_TRY(request.figure, impl_->figure(level, subject, *chosen, period));
  request.values = [this](std::string_view point, Instant from, Instant to,
                          const std::function<Status(const PointValues&)>& use) {
    return impl_->values(point, from, to, use);
  };
  request.results = [this](Level of, std::string_view id, std::string_view word, PeriodKind kind, Instant from,
                           Instant to) { return impl_->results(of, id, word, kind, from, to); };
  MJ_TRY(Sheet sheet, evaluator.sheet(impl_->context, request));
  sheet.unit = chosen->unit;
  return sheet;
}

Result<standards::Text> Sheets::obstacle(const Sheet& sheet) { return impl_->obstacle(sheet, *this, kDeepest); }

Result<std::unique_ptr<Sheets>> Engine::sheets(std::string_view element) const {
  MJ_TRY(const Evaluator* evaluator, evaluator_of(element));
  auto points = impl_->roster(element);
  MJ_TRY(Context context, impl_->context_of(*evaluator, *points));
  return std::make_unique<Sheets>(
      std::make_unique<Sheets::Impl>(Sheets::Impl{*impl_, *evaluator, std::move(points), std::move(context)}));
}

Result<Sheet> Engine::sheet(std::string_view element, std::string_view id, std::string_view indicator,
                            const EvaluationPeriod& period) const {
  MJ_TRY(const Level level, level_of(element, id));
  MJ_TRY(const auto sheets, this->sheets(element));
  MJ_TRY(Sheet sheet, sheets->sheet(level, id, indicator, period));
  MJ_TRY(sheet.unproved, sheets->obstacle(sheet));
  if (sheet.prove.empty() && sheet.unproved.zh.empty())
    sheet.prove = proof_name(element, level, id, sheet.figure.indicator, period);
  for (SheetInput& input : sheet.inputs) {
    if (input.prove.empty() && input.value) input.prove = proof_name(input.value->series, input.value->at);
  }
  const auto values = std::count_if(sheet.inputs.begin(), sheet.inputs.end(),
                                    [](const SheetInput& input) { return input.value.has_value(); });
  if (static_cast<std::size_t>(values) > kMostShownValues) show_first(sheet);
  return sheet;
}

}  // namespace mj::evaluation
