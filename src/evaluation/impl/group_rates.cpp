#include "group_rates.hpp"

#include "mj/assess/exact.hpp"

namespace mj::evaluation {
namespace {

constexpr std::uint8_t kRateDigits = 1;

struct Count {
  std::int64_t all = 0;
  std::int64_t good = 0;
  Inputs inputs;
  standards::Verification verification = standards::Verification::verified;
  std::string standard;

  void add(const PointRow& row, bool is_good) {
    ++all;
    good += is_good ? 1 : 0;
    inputs.add(row.inputs);
    verification = std::max(verification, row.verification);
    if (standard.empty()) standard = row.standard;
  }
};

using Key = std::tuple<EvaluationPeriod, Level, std::string>;

}  // namespace

Status emit_rates(const Context& context, const Summary& summary, const RateRule& rule,
                  std::span<const Level> levels, Sink& sink) {
  if (summary.years.empty()) return {};
  std::map<Key, Count> counts;
  MJ_CHECK(summary.rows(
      rule.of, summary.years.front().begin, summary.years.back().end(), [&](const PointRow& row) -> Status {
        if (row.indicator != rule.from || !row.value || !row.complete) return {};
        const RosterPoint& point = context.roster.points()[row.point];
        const registry::PointView* view = view_of(point, row.period);
        if (view == nullptr) return {};
        const bool good = rule.good(row);
        for (const PeriodKind kind : rule.over) {
          const EvaluationPeriod period = EvaluationPeriod::of(kind, row.period.begin);
          if (summary.wanted && !summary.wanted(period)) continue;
          if (rule.points && kind != rule.of) counts[{period, Level::point, point.id()}].add(row, good);
          for (const Level level : levels) {
            if (const std::string_view group = context.roster.group_of(*view, level); !group.empty())
              counts[{period, level, std::string(group)}].add(row, good);
          }
        }
        return {};
      }));
  for (const auto& [key, count] : counts) {
    Row row = row_of(std::get<1>(key), std::get<2>(key), std::get<0>(key), rule.into);
    row.value = assess::Exact::of(count.good * 100, count.all).round(kRateDigits);
    row.inputs = count.inputs;
    row.verification = count.verification;
    row.standard = count.standard;
    MJ_CHECK(sink.emit(row));
  }
  return {};
}

bool is_zero(const PointRow& row) { return row.value && row.value->mantissa == 0; }

}  // namespace mj::evaluation
