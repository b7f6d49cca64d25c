#include "mj/statistics/analysis.hpp"

#include <algorithm>
#include <set>

namespace mj::statistics {
namespace {

constexpr double kYearMs = 365.2425 * 24 * 3'600'000;  ///< mean Gregorian year

/// The means of one series.
Result<Table> means_of(const Sources& sources, const SeriesName& series, const CorrelationQuery& query,
                       const Patience& patience) {
  TableQuery asked;
  asked.selection.element = series.element;
  asked.selection.factors = {series.factor};
  asked.selection.bucket = query.bucket;
  asked.selection.group = series.group;
  asked.selection.subject = series.group == Group::point ? std::string() : series.subject;
  if (series.group == Group::point) asked.selection.points = {series.subject};
  asked.selection.from = query.from;
  asked.selection.to = query.to;
  asked.statistics = {Statistic{Statistic::Kind::mean, {}}};
  asked.now = query.now;
  auto answer = table(sources, asked, patience);
  if (!answer) return answer.error().context(series.text);
  return answer;
}

/// Values of both in the same buckets.
std::vector<ScatterPoint> together(const CorrelatedSeries& a, const CorrelatedSeries& b) {
  std::vector<ScatterPoint> both;
  auto left = a.values.begin();
  auto right = b.values.begin();
  while (left != a.values.end() && right != b.values.end()) {
    if (left->first == right->first) {
      both.push_back({left->first, left->second, right->second});
      ++left;
      ++right;
    } else if (left->first < right->first) {
      ++left;
    } else {
      ++right;
    }
  }
  return both;
}

CorrelationPair compare(const std::vector<CorrelatedSeries>& series, std::size_t a, std::size_t b,
                        CorrelationMethod method, std::vector<ScatterPoint>& scatter) {
  scatter = together(series[a], series[b]);
  std::vector<double> left;
  std::vector<double> right;
  for (const ScatterPoint& point : scatter) {
    left.push_back(point.a);
    right.push_back(point.b);
  }
  return {a, b, scatter.size(), correlation(left, right, method)};
}

/// The sample of a subject and factor, with the buckets that have no value.
std::vector<std::pair<Instant, std::optional<Decimal>>> sample_of(const Table& table, std::size_t subject,
                                                                  std::size_t column, Bucket bucket) {
  std::vector<std::pair<Instant, std::optional<Decimal>>> sample;
  for (const TableRow& row : table.rows) {
    if (row.subject != subject) continue;
    // What lies between two values is shown as missing, not left out.
    while (!sample.empty() && bucket_of(bucket, sample.back().first).end < row.at)
      sample.emplace_back(bucket_of(bucket, sample.back().first).end, std::nullopt);
    sample.emplace_back(row.at, row.cells[column]);
  }
  return sample;
}

void test_trend(TrendRow& row, const TrendQuery& query) {
  std::vector<TimedValue> values;
  for (const auto& [at, value] : row.sample) {
    if (!value) continue;
    values.push_back({static_cast<double>(at.ms_since(row.sample.front().first)) / kYearMs, to_double(*value),
                      season_of(query.selection.bucket, at)});
  }
  if (values.size() > kMostTrendValues) {
    row.reason = {fmt::format("多于 {} 个时段，请选更长的时段", kMostTrendValues),
                  fmt::format("more than {} buckets; choose a larger one", kMostTrendValues)};
    return;
  }
  row.test = mann_kendall(values, query.seasonal);
  row.slope = sen_slope(values, query.confidence, query.seasonal);
  if (!row.test) {
    row.reason = query.seasonal ? registry::LocalName{"同一季节没有两个以上的值", "no season has two values"}
                                : registry::LocalName{"少于两个值", "fewer than two values"};
    return;
  }
  if (row.test->p <= 1 - query.confidence) row.rising = row.test->s > 0;
}

}  // namespace

Result<Trends> trends(const Sources& sources, const TrendQuery& query, const Patience& patience) {
  if (!query.statistic.has_unit())
    return Error(ErrorCode::invalid_input,
                 fmt::format("statistic: {} has no trend; choose one of the values themselves, e.g. mean",
                             query.statistic.id()));
  if (query.selection.bucket == Bucket::all)
    return Error(ErrorCode::invalid_input, "bucket: a trend needs more than one; choose month or year");
  if (query.seasonal && (query.selection.bucket == Bucket::day || query.selection.bucket == Bucket::year))
    return Error(ErrorCode::invalid_input, "seasonal: needs hours, months, seasons or quarters as buckets");
  MJ_TRY(const Table figures, table(sources, {query.selection, {query.statistic}, {}, {}, query.now}, patience));
  Trends answer;
  answer.notes = figures.notes;
  for (std::size_t subject = 0; subject < figures.subjects.size(); ++subject) {
    for (std::size_t column = 0; column < figures.columns.size(); ++column) {
      TrendRow row;
      row.subject = figures.subjects[subject];
      row.factor = figures.columns[column].factor;
      row.factor_name = figures.columns[column].factor_name;
      row.unit = figures.columns[column].unit;
      row.sample = sample_of(figures, subject, column, query.selection.bucket);
      test_trend(row, query);
      answer.rows.push_back(std::move(row));
    }
  }
  answer.notes.push_back(
      {{"未校正序列自相关；少于 10 个时段时正态近似较粗",
        "serial correlation is not corrected for; below 10 buckets the normal approximation is rough"},
       {}});
  return answer;
}

Result<SeriesName> parse_series(std::string_view text) {
  const auto wrong = [text] {
    return Error(ErrorCode::invalid_input,
                 fmt::format("\"{}\" is no series; write element:factor:kind/id, e.g. air:<code>:district/500103, "
                             "or element:factor:all",
                             text));
  };
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  if (second == std::string_view::npos) return wrong();
  SeriesName series{std::string(text),
                    std::string(text.substr(0, first)),
                    std::string(text.substr(first + 1, second - first - 1)),
                    Group::all,
                    {}};
  const std::string_view subject = text.substr(second + 1);
  const std::size_t slash = subject.find('/');
  const auto group = parse_group(subject.substr(0, slash));
  if (series.element.empty() || series.factor.empty() || !group) return wrong();
  if ((*group == Group::all) != (slash == std::string_view::npos)) return wrong();
  series.group = *group;
  if (slash != std::string_view::npos) series.subject = subject.substr(slash + 1);
  if (*group != Group::all && series.subject.empty()) return wrong();
  return series;
}

Result<Correlations> correlations(const Sources& sources, const CorrelationQuery& query,
                                  const Patience& patience) {
  std::vector<SeriesName> names = query.a;
  names.insert(names.end(), query.b.begin(), query.b.end());
  if (names.size() < 2) return Error(ErrorCode::invalid_input, "a: name at least two series, in a or in a and b");
  if (names.size() > kMostSeries)
    return Error(ErrorCode::invalid_input,
                 fmt::format("a: {} series are more than {}", names.size(), kMostSeries));
  if (query.bucket == Bucket::all)
    return Error(ErrorCode::invalid_input, "bucket: a correlation needs more than one; choose day or month");
  Correlations answer;
  std::uint64_t used = 0;
  for (const SeriesName& name : names) {
    MJ_TRY(const Table figures, means_of(sources, name, query, patience));
    CorrelatedSeries series{name, {}, figures.columns[0].factor_name, figures.columns[0].unit, {}};
    series.subject = figures.subjects.empty() ? Subject{name.group, name.subject, {name.subject, name.subject}}
                                              : figures.subjects[0];
    for (const TableRow& row : figures.rows) {
      used += row.used;
      if (row.cells[0]) series.values.emplace_back(row.at, to_double(*row.cells[0]));
    }
    answer.series.push_back(std::move(series));
  }
  const std::size_t from_a = query.a.size();
  for (std::size_t a = 0; a < from_a; ++a) {
    for (std::size_t b = query.b.empty() ? a + 1 : from_a; b < names.size(); ++b)
      answer.pairs.push_back(compare(answer.series, a, b, query.method, answer.scatter));
  }
  if (answer.pairs.size() != 1) answer.scatter.clear();
  answer.notes.push_back({{"参与统计的有效数据", "valid values used"}, used});
  answer.notes.push_back({{"样本为两者均有值的时段的平均值；相关不等于因果",
                           "the sample: means of the buckets in which both have values; correlation is not cause"},
                          {}});
  return answer;
}

}  // namespace mj::statistics
