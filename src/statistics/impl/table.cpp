#include "mj/statistics/table.hpp"

#include <algorithm>
#include <span>

#include "cell_figure.hpp"

namespace mj::statistics {
namespace {

using Kind = Statistic::Kind;

/// Rates have two digits; means and what is like them one more than the data; extremes and sums those of the data.
constexpr std::uint8_t kRateDecimals = 2;
constexpr std::uint8_t kMostDecimals = 18;

Decimal whole(std::uint64_t count) { return {static_cast<std::int64_t>(count), 0}; }

std::vector<Column> columns_of(const Sources& sources, const TableQuery& query,
                               const std::vector<std::string>& units) {
  std::vector<Column> columns;
  for (std::size_t factor = 0; factor < query.selection.factors.size(); ++factor) {
    const std::string& code = query.selection.factors[factor];
    for (const Statistic& statistic : query.statistics) {
      const standards::Factor* known = sources.standards.factor(code);
      columns.push_back({code, known == nullptr ? standards::Text{code, code} : known->name, statistic,
                         unit_of(statistic, units[factor])});
    }
  }
  return columns;
}

}  // namespace

GatherNeeds needs_of(std::span<const Statistic> statistics) {
  GatherNeeds needs;
  for (const Statistic& statistic : statistics) {
    needs.sample.values = needs.sample.values || statistic.kind == Kind::percentile;
    needs.sample.spread = needs.sample.spread || statistic.kind == Kind::std;
    needs.sample.logs = needs.sample.logs || statistic.kind == Kind::geometric_mean;
    needs.sample.energies = needs.sample.energies || statistic.kind == Kind::energy_mean;
    needs.expected = needs.expected || statistic.kind == Kind::expected || statistic.kind == Kind::valid_rate;
    needs.judged = needs.judged || statistic.kind == Kind::exceed_count || statistic.kind == Kind::exceed_rate;
  }
  return needs;
}

Status check_threshold(const TableQuery& query, bool judged) {
  const Threshold& threshold = query.threshold;
  if (!judged) return {};
  if (!threshold.upper && !threshold.standard)
    return Error(ErrorCode::invalid_input,
                 "threshold: exceed_count and exceed_rate need a threshold or limit=standard");
  if (threshold.upper && threshold.standard)
    return Error(ErrorCode::invalid_input, "threshold: give either a threshold or limit=standard");
  if (!threshold.standard) return {};
  const std::string& element = query.selection.element;
  const int most = most_grade(element);
  if (threshold.grade <= most) return {};
  return Error(ErrorCode::invalid_input, most == 0 ? fmt::format("grade: limits of {} have none", element)
                                                   : fmt::format("grade: of {} must be 1 … {}", element, most));
}

std::uint8_t digits_of_means(const TableQuery& query, std::uint8_t of_data) {
  return query.decimals.value_or(static_cast<std::uint8_t>(std::min<int>(of_data + 1, kMostDecimals)));
}

std::string unit_of(const Statistic& statistic, const std::string& of_factor) {
  if (statistic.kind == Kind::exceed_rate || statistic.kind == Kind::valid_rate) return "%";
  return statistic.has_unit() ? of_factor : std::string();
}

std::optional<Decimal> figure_of(const Statistic& statistic, Cell& cell, Combine combine, std::uint8_t digits) {
  // Of means of points even an extreme is computed.
  const auto shown = [&](const std::optional<Decimal>& value) {
    return !value || combine == Combine::pool ? value : std::optional(round_gb8170(*value, digits));
  };
  switch (statistic.kind) {
    case Kind::mean: return cell.sample.mean(digits);
    case Kind::min: return shown(cell.sample.min());
    case Kind::max: return shown(cell.sample.max());
    case Kind::sum: return shown(cell.sample.sum());
    case Kind::count: return whole(cell.sample.count());
    case Kind::std: return cell.sample.standard_deviation(digits);
    case Kind::geometric_mean: return cell.sample.geometric_mean(digits);
    case Kind::energy_mean: return cell.sample.energy_mean(digits);
    case Kind::percentile: return cell.sample.percentile(statistic.percent, digits);
    case Kind::exceed_count: return cell.judged == 0 ? std::nullopt : std::optional(whole(cell.exceeded));
    case Kind::exceed_rate: return percentage(cell.exceeded, cell.judged, kRateDecimals);
    case Kind::expected: return cell.expected == 0 ? std::nullopt : std::optional(whole(cell.expected));
    case Kind::valid_rate: return percentage(cell.used, cell.expected, kRateDecimals);
  }
  return std::nullopt;
}

Result<Table> table(const Sources& sources, const TableQuery& query, const Patience& patience) {
  if (query.statistics.empty()) return Error(ErrorCode::invalid_input, "statistic: name at least one");
  const GatherNeeds needs = needs_of(query.statistics);
  MJ_CHECK(check_threshold(query, needs.judged));
  MJ_TRY(Gathered gathered, gather(sources, query, needs, patience));
  Table answer;
  answer.selection = query.selection;
  answer.selection.period = gathered.period;
  answer.selection.kind = gathered.kind;
  answer.columns = columns_of(sources, query, gathered.units);
  answer.notes = std::move(gathered.notes);
  answer.position = gathered.position;
  const std::size_t per_factor = query.statistics.size();
  for (std::size_t subject = 0; subject < gathered.membership.subjects.size(); ++subject) {
    std::map<std::int64_t, TableRow> rows;
    for (std::size_t factor = 0; factor < gathered.units.size(); ++factor) {
      CellSeries& series = gathered.at(subject, factor);
      for (auto& [begin, cell] : series.cells) {
        TableRow& row = rows[begin];
        row.cells.resize(answer.columns.size());
        row.used += cell.used;
        for (std::size_t i = 0; i < per_factor; ++i)
          row.cells[factor * per_factor + i] = figure_of(query.statistics[i], cell, query.selection.combine,
                                                         digits_of_means(query, series.decimals));
      }
    }
    for (auto& [begin, row] : rows) {
      row.subject = subject;
      row.at = query.selection.bucket == Bucket::all ? query.selection.from : Instant::from_ms(begin);
      answer.rows.push_back(std::move(row));
    }
  }
  answer.subjects = std::move(gathered.membership.subjects);
  return answer;
}

std::string label(const Table& table, const TableRow& row) { return label(table.selection.bucket, row.at); }

}  // namespace mj::statistics
