#include "figure_tables.hpp"

#include <limits>

namespace mj::statistics {

using evaluation::SheetTable;
using Kind = Statistic::Kind;

namespace {

standards::Validity ever() { return {Instant::from_ms(std::numeric_limits<std::int64_t>::min()), std::nullopt}; }

}  // namespace

SheetTable limit_table(const LimitInForce& limit, const FigureQuestion& question, const std::string& unit) {
  SheetTable table;
  table.kind = SheetTable::Kind::classes;
  table.factor = question.selection.factors.front();
  table.unit = unit;
  table.edition = limit.edition;
  table.clause = limit.clause.empty() ? limit.edition : limit.clause;
  if (!limit.chosen.en.empty()) table.clause += ", " + limit.chosen.en;
  table.validity = limit.validity;
  table.verification = limit.verification;
  table.better = !limit.lower   ? SheetTable::Better::lower
                 : !limit.upper ? SheetTable::Better::higher
                                : SheetTable::Better::within;
  table.rows.push_back(
      {limit.lower ? limit.lower : limit.upper, limit.lower && limit.upper ? limit.upper : std::nullopt, "1"});
  table.id = fmt::format("{}/limit/{}/{}", limit.edition, table.factor,
                         to_text(limit.upper ? *limit.upper : *limit.lower));
  return table;
}

SheetTable expected_table(const FigureQuestion& question, std::uint64_t count) {
  SheetTable table;
  table.id = fmt::format("mingjian/expected/{}", count);
  table.edition = "mingjian statistics";
  table.clause =
      fmt::format("expected values: {} to {} at the intervals at which the points measure",
                  to_compact(question.time.begin), to_compact(std::min(question.time.end, question.now)));
  table.validity = ever();
  table.verification = standards::Verification::inferred;
  table.rows.push_back({Decimal{static_cast<std::int64_t>(count), 0}, std::nullopt, ""});
  return table;
}

std::string formula_of(const Statistic& statistic) {
  switch (statistic.kind) {
    case Kind::mean: return "Σx / n";
    case Kind::sum: return "Σx";
    case Kind::std: return "√(Σ(x − x̄)² / (n − 1))";
    case Kind::geometric_mean: return "exp(Σ ln x / n)";
    case Kind::energy_mean: return "10·lg(Σ 10^(0.1·L) / n)";
    case Kind::percentile: return fmt::format("k = 1 + (n − 1) × {} %", to_text(statistic.percent));
    case Kind::exceed_rate:
    case Kind::valid_rate: return "100 × m / n";
    default: return {};
  }
}

}  // namespace mj::statistics
