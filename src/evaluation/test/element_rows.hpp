#pragma once

#include <deque>
#include <map>

#include "mj/evaluation/evaluator.hpp"
#include "scene.hpp"

namespace mj::evaluation::test {

/// Values of one series of a point, as the engine would hand them over.
struct GivenSeries {
  std::string factor;
  std::string kind = "Avg";
  telemetry::Period period = telemetry::Period::hour;
  std::string unit;
  std::vector<std::pair<std::string, std::string>>
      values;  ///< time, value; a value with a trailing ! is not usable
};

/// Runs the functions of an evaluator on values given by the test, without store and log; keeps every row.
class ElementRows {
 public:
  ElementRows(const Evaluator& evaluator, std::vector<registry::PointView> points)
      : evaluator_(evaluator),
        roster_(Roster::from_points(std::move(points))),
        factors_(shipped_standards()),
        context_{shipped_standards(), factors_, roster_} {}

  void give(const std::string& point, GivenSeries series) { given_[point].push_back(std::move(series)); }

  /// Judges [from, to) of all points, then makes what is made of them. Fails the test on an error.
  void evaluate(std::string_view from, std::string_view to) {
    Sink sink([this](const Row& row) { return keep(row); }, [this](const Grade& grade) { return intern(grade); });
    for (const auto& [id, all] : given_) {
      judging_ = *roster_.place(id);
      from_ = time(from);
      to_ = time(to);
      const Status judged = with_values(id, time(from), time(to), [&](const PointValues& values) {
        return evaluator_.judge(context_, values, sink);
      });
      EXPECT_TRUE(judged) << judged.error().text();
    }
    judging_ = std::nullopt;
    std::vector<EvaluationPeriod> years;
    for (auto year = EvaluationPeriod::of(PeriodKind::year, time(from)); year.begin < time(to); year = year.next())
      years.push_back(year);
    if (!evaluator_.summarise) return;
    const Summary summary{
        years, {}, [this](PeriodKind kind, Instant begin, Instant end, const auto& visit) -> Status {
          for (const auto& [place, figure, row] : judged_) {
            if (row.period.kind != kind || row.period.begin < begin || row.period.begin >= end) continue;
            if (auto status = visit(row); !status) return status;
          }
          return {};
        }};
    const Status summarised = evaluator_.summarise(context_, summary, sink);
    EXPECT_TRUE(summarised) << summarised.error().text();
  }

  /// Judges the hours of [from, to) as when somebody asks for them.
  void evaluate_hours(std::string_view from, std::string_view to) {
    Sink sink([this](const Row& row) { return keep(row); }, [this](const Grade& grade) { return intern(grade); });
    for (const auto& [id, all] : given_) {
      const Status judged = with_values(id, time(from), time(to), [&](const PointValues& values) {
        return evaluator_.judge_hour(context_, values, sink);
      });
      EXPECT_TRUE(judged) << judged.error().text();
    }
  }

  /// "value grade primary | reason" of a figure; "none" when there is no row.
  std::string text(Level level, const std::string& subject, const std::string& period,
                   const std::string& indicator) const {
    const Figure* figure = find(level, subject, period, indicator);
    if (figure == nullptr) return "none";
    std::string text = figure->value ? to_text(*figure->value) : "-";
    if (figure->grade) {
      text += " " + figure->grade->id;
      if (figure->grade->compliant) text += *figure->grade->compliant ? " yes" : " no";
    }
    if (!figure->primary.empty()) text += " " + figure->primary;
    if (!figure->complete) text += " incomplete";
    if (!figure->reason.empty()) text += " | " + figure->reason;
    return text;
  }

  const Figure* find(Level level, const std::string& subject, const std::string& period,
                     const std::string& indicator) const {
    for (const Figure& figure : figures_) {
      if (figure.level == level && figure.subject == subject && figure.period.label() == period &&
          figure.indicator == indicator)
        return &figure;
    }
    return nullptr;
  }

  Result<Sheet> sheet(Level level, const std::string& subject, const std::string& period,
                      const std::string& indicator) const {
    SheetRequest request;
    const Figure* figure = find(level, subject, period, indicator);
    if (figure == nullptr) return Error(ErrorCode::not_found, "no such figure");
    request.figure = *figure;
    request.values = [this](std::string_view point, Instant from, Instant to, const auto& use) {
      return with_values(std::string(point), from, to, use);
    };
    request.results = [this](Level of, std::string_view id, std::string_view which, PeriodKind kind, Instant from,
                             Instant to) -> Result<std::vector<Figure>> {
      std::vector<Figure> found;
      for (const Figure& each : figures_) {
        if (each.level == of && each.subject == id && (which.empty() || each.indicator == which) &&
            each.period.kind == kind && each.period.begin >= from && each.period.begin < to)
          found.push_back(each);
      }
      return found;
    };
    return evaluator_.sheet(context_, request);
  }

 private:
  Status with_values(const std::string& point, Instant from, Instant to,
                     const std::function<Status(const PointValues&)>& use) const {
    static const std::vector<std::string> kFlags{""};
    const auto given = given_.find(point);
    if (given == given_.end()) return {};
    std::deque<std::vector<Sample>> samples;
    std::vector<SampleSeries> series;
    for (const GivenSeries& each : given->second) {
      std::vector<Sample>& into = samples.emplace_back();
      std::uint64_t entry = 0;
      for (const auto& [at, value] : each.values) {
        const bool usable = !value.ends_with('!');
        into.push_back({time(at).ms(), parse_decimal(usable ? value : value.substr(0, value.size() - 1)).value(),
                        entry++, usable, 0});
      }
      SampleSeries made;
      made.factor = each.factor;
      made.kind = each.kind;
      made.period = each.period;
      made.unit = each.unit;
      made.samples = into;
      made.flags = kFlags;
      series.push_back(made);
    }
    return use(PointValues{roster_.find(point), from, to, series});
  }

  Status keep(const Row& row) {
    if (judging_ && (row.period.begin < from_ || row.period.begin >= to_)) return {};
    const Figure figure = figure_of(row, evaluator_.indicators, grades_);
    EXPECT_EQ(find(row.level, figure.subject, row.period.label(), figure.indicator), nullptr)
        << figure.subject << " " << row.period.label() << " " << figure.indicator << " was emitted twice";
    figures_.push_back(figure);
    if (!judging_) return {};
    const Figure& kept = figures_.back();
    PointRow point;
    point.point = *judging_;
    point.indicator = row.indicator;
    point.period = row.period;
    point.value = row.value;
    point.grade = row.grade;
    point.primary = kept.primary;
    point.complete = row.complete;
    point.verification = row.verification;
    point.standard = kept.standard;
    point.inputs = row.inputs;
    judged_.push_back({*judging_, &kept, point});
    return {};
  }

  std::uint16_t intern(const Grade& grade) {
    const auto found = std::find(grades_.begin(), grades_.end(), grade);
    if (found != grades_.end()) return static_cast<std::uint16_t>(found - grades_.begin() + 1);
    grades_.push_back(grade);
    return static_cast<std::uint16_t>(grades_.size());
  }

  struct JudgedRow {
    std::size_t place;
    const Figure* figure;  ///< holds the texts
    PointRow row;
  };

  const Evaluator& evaluator_;
  Roster roster_;
  ItemFactors factors_;
  Context context_;
  std::map<std::string, std::vector<GivenSeries>> given_;
  std::optional<std::size_t> judging_;
  Instant from_;
  Instant to_;
  std::vector<Grade> grades_;
  std::deque<Figure> figures_;  ///< do not move
  std::vector<JudgedRow> judged_;
};

}  // namespace mj::evaluation::test
