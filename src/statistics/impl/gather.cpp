#include "gather.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_set>

#include "availability.hpp"
#include "intervals.hpp"
#include "mj/standards/non_detect.hpp"
#include "units.hpp"

namespace mj::statistics {
namespace {

using telemetry::Period;
using telemetry::ScanGroup;
using telemetry::ScanSeries;

__extension__ using Wide = __int128;

/// Digits after the point with which the mean of several points at one time is kept.
constexpr std::uint8_t kMeanDecimals = 9;

/// The sum of the points of a subject at one time.
struct MeanAt {
  Wide sum = 0;  ///< in units of 10^-kMeanDecimals
  std::int64_t count = 0;
};

/// What was left out, for the notes.
struct Counts {
  std::uint64_t used = 0;
  std::uint64_t no_number = 0;
  std::uint64_t flagged = 0;
  std::uint64_t twice = 0;
  std::uint64_t too_long = 0;
  std::uint64_t not_detected = 0;
  std::uint64_t converted = 0;
  std::uint64_t not_convertible = 0;
};

/// One gathering: takes the groups of a scan and fills the cells.
class Gathering {
 public:
  Gathering(const Sources& sources, const TableQuery& query, const GatherNeeds& needs, const Patience& patience,
            const Focus* focus, Gathered& out)
      : sources_(sources),
        query_(query),
        needs_(needs),
        patience_(patience),
        focus_(focus),
        out_(out),
        non_detects_(sources.standards, query.selection.element),
        intervals_(out.membership.members.size(), query.selection.factors.size()),
        means_(query.selection.combine == Combine::mean ? out.series.size() : 0) {}

  Intervals& intervals() { return intervals_; }

  Status take(const ScanGroup& group, const std::vector<std::size_t>& members) {
    if (patience_.stop.stop_requested()) return Error(ErrorCode::unavailable, "the question was cancelled");
    if (patience_.deadline && std::chrono::steady_clock::now() > *patience_.deadline)
      return Error(ErrorCode::unavailable,
                   "the answer takes too long; ask for a shorter time, fewer factors or a region");
    const std::size_t member = members[group.group];
    const Member& point = out_.membership.members[member];
    for (std::size_t factor = 0; factor < query_.selection.factors.size(); ++factor) {
      std::vector<const ScanSeries*> series;
      for (const ScanSeries& one : group.series) {
        if (sources_.standards.canonical(one.key->factor) == query_.selection.factors[factor])
          series.push_back(&one);
      }
      // The reporter named first in the register counts where two report for the same time.
      const auto place = [&point](const ScanSeries* one) {
        return std::find(point.reporters.begin(), point.reporters.end(), one->key->device) -
               point.reporters.begin();
      };
      std::sort(series.begin(), series.end(), [&](const ScanSeries* a, const ScanSeries* b) {
        return std::pair(place(a), a->id.raw()) < std::pair(place(b), b->id.raw());
      });
      std::unordered_set<std::int64_t> seen;
      Judge judge = judge_of(factor, &point.point);
      for (const ScanSeries* one : series) {
        MJ_CHECK(take_series(*one, member, factor, judge, series.size() > 1 ? &seen : nullptr));
      }
      keep(judge);
    }
    return {};
  }

  /// After the scan: the means of the points become the values.
  Status finish() {
    for (std::size_t i = 0; i < means_.size(); ++i) {
      std::map<std::int64_t, MeanAt> ordered(means_[i].begin(), means_[i].end());
      means_[i].clear();
      const std::size_t factor = i % out_.units.size();
      Judge judge = judge_of(factor, nullptr);
      for (const auto& [at, mean] : ordered) {
        Cell& cell = cell_of(out_.series[i], at);
        const auto value = mean_of(mean);
        if (!value || !cell.sample.add(*value)) {
          ++counts_.too_long;
          continue;
        }
        judge_cell(judge, cell, at, *value);
      }
      keep(judge);
    }
    return {};
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] const Judge::Used& limits() const { return limits_; }
  /// The clauses by which what was not detected came in.
  [[nodiscard]] const std::set<std::string>& non_detect_clauses() const { return non_detect_clauses_; }

 private:
  Judge judge_of(std::size_t factor, const registry::PointView* point) const {
    const Selection& selection = query_.selection;
    return {query_.threshold,
            LimitFinder(sources_.standards, {selection.element, selection.factors[factor], out_.units[factor],
                                             out_.period, query_.threshold.grade, point})};
  }
  void keep(const Judge& judge) {
    for (const auto& [source, count] : judge.used()) limits_[source] += count;
  }
  void judge_cell(Judge& judge, Cell& cell, std::int64_t at, Decimal value) const {
    if (!needs_.judged) return;
    const auto exceeds = judge.exceeds(Instant::from_ms(at), value);
    if (!exceeds) return;
    ++cell.judged;
    cell.exceeded += *exceeds ? 1 : 0;
  }
  Cell& cell_of(CellSeries& series, std::int64_t at) const {
    const Span bucket = bucket_of(query_.selection.bucket, Instant::from_ms(at));
    return series.cells.try_emplace(bucket.begin.ms(), Cell{Sample(needs_.sample)}).first->second;
  }

  static std::optional<Decimal> mean_of(const MeanAt& mean) {
    if (mean.sum > std::numeric_limits<std::int64_t>::max() || mean.sum < std::numeric_limits<std::int64_t>::min())
      return std::nullopt;
    // Half to even on the last of nine digits, far beyond what is published.
    Wide quotient = mean.sum / mean.count;
    const Wide rest = mean.sum % mean.count;
    const Wide twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > mean.count || (twice == mean.count && quotient % 2 != 0)) quotient += mean.sum < 0 ? -1 : 1;
    return Decimal{static_cast<std::int64_t>(quotient), kMeanDecimals};
  }

  bool in_window(std::int64_t at) const {
    return focus_ == nullptr || !focus_->window ||
           (at >= focus_->window->begin.ms() && at < focus_->window->end.ms());
  }

  /// Whether a value with this form is a measurement, by the table of device flags.
  bool is_measurement(const ScanSeries& series, std::size_t i) {
    const std::size_t form = series.form[i];
    if (form >= measurement_.size()) measurement_.resize(form + 1, 2);
    std::uint8_t& known = measurement_[form];
    if (known == 2) known = sources_.standards.flag(series.forms[form].flag).measurement ? 1 : 0;
    return known == 1;
  }

  Status take_series(const ScanSeries& series, std::size_t member, std::size_t factor, Judge& judge,
                     std::unordered_set<std::int64_t>* seen) {
    if (needs_.expected) intervals_.learn(member, factor, series);
    if (focus_ != nullptr && out_.membership.members[member].subject != focus_->subject) return {};
    const std::size_t place = out_.membership.members[member].subject * out_.units.size() + factor;
    CellSeries& cells = out_.series[place];
    const std::string unit = unit_sent(sources_.standards, out_.membership.members[member].point,
                                       series.key->device, query_.selection.factors[factor]);
    const bool convert = unit != out_.units[factor];
    Cell* cell = nullptr;
    std::int64_t bucket_end = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < series.size(); ++i) {
      const std::int64_t at = series.at_ms[i];
      if (!in_window(at)) continue;
      if (seen != nullptr && !seen->insert(at).second) {
        ++counts_.twice;
        continue;
      }
      if (!series.has_number(i)) {
        ++counts_.no_number;
        continue;
      }
      if (!is_measurement(series, i)) {
        ++counts_.flagged;
        continue;
      }
      Decimal value = series.decimal(i);
      const standards::RuleRow* rule = nullptr;
      if (series.below_detection(i)) {
        rule = non_detects_.at(series.at(i));
        if (rule == nullptr) {
          ++counts_.no_number;
          continue;
        }
        value = standards::counted(*rule, value);
        ++counts_.not_detected;
        non_detect_clauses_.insert(fmt::format("{}: {}", rule->clause, rule->text("value")));
      }
      if (convert) {
        const auto converted = sources_.standards.convert(value, unit, out_.units[factor]);
        if (!converted) {
          ++counts_.not_convertible;
          continue;
        }
        ++counts_.converted;
        value = *converted;
      }
      if (cell == nullptr || at >= bucket_end) {
        cell = &cell_of(cells, at);
        bucket_end = bucket_of(query_.selection.bucket, Instant::from_ms(at)).end.ms();
      }
      MJ_TRY(const bool counts, add(place, cells, *cell, at, value, judge));
      if (counts && focus_ != nullptr && focus_->use)
        MJ_CHECK(focus_->use(
            {member, series.key, series.at(i), series.entry[i], series.decimal(i), rule, unit, series.flag(i)}));
    }
    return {};
  }

  /// False when it has too many digits.
  Result<bool> add(std::size_t place, CellSeries& cells, Cell& cell, std::int64_t at, Decimal value,
                   Judge& judge) {
    if (!means_.empty()) {
      Wide scaled = value.mantissa;
      for (std::uint8_t digit = value.decimals; digit < kMeanDecimals; ++digit) scaled *= 10;
      if (value.decimals > kMeanDecimals) {
        ++counts_.too_long;
        return false;
      }
      MeanAt& mean = means_[place][at];
      mean.sum += scaled;
      ++mean.count;
    } else {
      if (!cell.sample.add(value)) {
        ++counts_.too_long;
        return false;
      }
      judge_cell(judge, cell, at, value);
    }
    cells.decimals = std::max(cells.decimals, value.decimals);
    ++cell.used;
    ++counts_.used;
    if ((needs_.sample.values || !means_.empty()) && counts_.used > patience_.most_kept_values)
      return Error(
          ErrorCode::invalid_input,
          fmt::format("the question is about more than {} values, and percentiles or means of points have "
                      "to hold them all; ask for a shorter time or fewer factors",
                      patience_.most_kept_values));
    return true;
  }

  const Sources& sources_;
  const TableQuery& query_;
  const GatherNeeds& needs_;
  const Patience& patience_;
  const Focus* focus_;
  Gathered& out_;
  standards::NonDetectRules non_detects_;
  std::set<std::string> non_detect_clauses_;
  Intervals intervals_;
  std::vector<std::unordered_map<std::int64_t, MeanAt>> means_;
  std::vector<std::uint8_t> measurement_;  ///< by form: 0 no, 1 yes, 2 not yet known
  Counts counts_;
  Judge::Used limits_;
};

Status check_question(const TableQuery& query) {
  const Selection& selection = query.selection;
  if (selection.to <= selection.from) return Error(ErrorCode::invalid_input, "to: must be later than from");
  if (selection.factors.empty()) return Error(ErrorCode::invalid_input, "factor: name at least one");
  return {};
}

/// A code is known to a table of factors, or somebody sends it.
Status check_factors(const Selection& selection, const standards::StandardSet& standards,
                     const std::vector<Available>& series) {
  for (const std::string& factor : selection.factors) {
    const auto sent = [&](const Available& one) { return one.factor == factor; };
    if (standards.factor(factor) == nullptr && std::none_of(series.begin(), series.end(), sent))
      return Error(ErrorCode::invalid_input, fmt::format("factor: no table of factors has \"{}\"", factor));
  }
  return {};
}

Status check_size(const TableQuery& query, const Gathered& gathered, const Patience& patience) {
  const std::size_t subjects = std::max<std::size_t>(gathered.membership.subjects.size(), 1);
  const std::size_t buckets = count_buckets(query.selection.bucket, query.selection.from, query.selection.to,
                                            patience.most_rows / subjects + 1);
  if (buckets * subjects > patience.most_rows)
    return Error(
        ErrorCode::invalid_input,
        fmt::format("{} subjects × more than {} buckets of a {} are more than {} rows; choose a larger "
                    "bucket, a shorter time or a region",
                    subjects, patience.most_rows / subjects, name(query.selection.bucket), patience.most_rows));
  return {};
}

void add_notes(const Gathering& gathering, const GatherNeeds& needs, bool threshold, std::vector<Note>& notes) {
  const Counts& counts = gathering.counts();
  const auto note = [&notes](std::uint64_t count, std::string zh, std::string en) {
    if (count > 0) notes.push_back({{std::move(zh), std::move(en)}, count});
  };
  notes.push_back({{"参与统计的有效数据", "valid values used"}, counts.used});
  note(counts.flagged, "按数据标记不属于测量值，未计入", "left out: by their flag no measurements");
  note(counts.no_number, "不是数值，未计入", "left out: no numbers");
  note(counts.twice, "同一时间有两个来源，只计登记在前的",
       "left out: another reporter, named first, has the same time");
  note(counts.too_long, "位数过多，未计入", "left out: too many digits");
  if (counts.not_detected > 0) {
    const std::string clauses = fmt::format("{}", fmt::join(gathering.non_detect_clauses(), "; "));
    note(counts.not_detected, "未检出，按检出限的一部分计入（" + clauses + "）",
         "not detected: a part of the detection limit counts (" + clauses + ")");
  }
  note(counts.converted, "由上报单位换算", "converted from the unit of the device");
  note(counts.not_convertible, "单位无法换算，未计入", "left out: their unit cannot be converted");
  if (!needs.judged || threshold) return;
  for (const auto& [words, count] : gathering.limits()) note(count, words.first, words.second);
}

}  // namespace

Result<Gathered> gather(const Sources& sources, const TableQuery& query, const GatherNeeds& needs,
                        const Patience& patience, const Focus* focus) {
  const Selection& selection = query.selection;
  MJ_CHECK(check_question(query));
  Gathered out;
  MJ_TRY(out.membership, members_of(sources, selection));
  MJ_CHECK(check_size(query, out, patience));
  const std::vector<Available> series = available(sources, out.membership.members);
  MJ_CHECK(check_factors(selection, sources.standards, series));
  out.period = selection.period.value_or(choose_period(series, selection));
  out.kind = selection.kind.empty() ? choose_kind(series, selection, out.period) : selection.kind;
  for (const std::string& factor : selection.factors)
    out.units.push_back(usual_unit(sources.standards, selection.element, factor));
  out.series.resize(out.membership.subjects.size() * selection.factors.size());
  Gathering gathering(sources, query, needs, patience, focus, out);

  telemetry::ScanQuery scan{{}, {}, {out.kind}, {out.period}, selection.from, selection.to};
  if (focus != nullptr && focus->window && !needs.expected) {
    scan.from = focus->window->begin;
    scan.to = focus->window->end;
  }
  std::vector<std::size_t> members;  // group → member
  std::set<std::string> codes;
  std::set<std::size_t> with_values;
  for (const Available& one : series) {
    const auto factor = std::find(selection.factors.begin(), selection.factors.end(), one.factor);
    if (factor == selection.factors.end() || one.period != out.period || one.kind != out.kind) continue;
    gathering.intervals().has(one.member, static_cast<std::size_t>(factor - selection.factors.begin()));
    codes.insert(one.code);
    with_values.insert(one.member);
  }
  for (std::size_t member = 0; member < out.membership.members.size(); ++member) {
    const Member& point = out.membership.members[member];
    for (std::size_t factor = 0; factor < selection.factors.size(); ++factor) {
      const auto& listed = point.point.factors;
      if (std::find(listed.begin(), listed.end(), selection.factors[factor]) != listed.end())
        gathering.intervals().has(member, factor);
    }
    if (!with_values.contains(member)) continue;
    // What is expected of a point may follow from how often the others measure.
    if (focus != nullptr && !needs.expected && point.subject != focus->subject) continue;
    scan.groups.push_back(point.reporters);
    members.push_back(member);
  }
  scan.factors.assign(codes.begin(), codes.end());
  if (!scan.groups.empty()) {
    MJ_TRY(const telemetry::ScanSummary summary,
           sources.store.scan(
               scan, [&](const ScanGroup& group) { return gathering.take(group, members); }, patience.progress));
    out.position = summary.position;
  } else {
    out.position = sources.store.position();
  }
  MJ_CHECK(gathering.finish());
  out.notes = out.membership.notes;
  add_notes(gathering, needs, query.threshold.upper.has_value(), out.notes);
  if (needs.expected) {
    Selection expected = selection;
    if (focus != nullptr && focus->window) {
      expected.from = focus->window->begin;
      expected.to = focus->window->end;
    }
    const std::size_t assumed = gathering.intervals().fill(out, expected, query.now, needs.sample);
    if (out.period == Period::instant)
      out.notes.push_back(
          {{"瞬时值没有固定间隔，不计应测数", "instants have no interval; none are expected"}, {}});
    if (assumed > 0)
      out.notes.push_back({{"没有数据的点位按同类点位的常见间隔计应测数",
                            "points without values: expected at the interval of the others"},
                           assumed});
  }
  return out;
}

}  // namespace mj::statistics
