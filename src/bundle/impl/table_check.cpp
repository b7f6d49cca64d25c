#include "derivation.hpp"

namespace mj::bundle {
namespace {

/// First and last day of the data that lead to a step; days are digits YYYYMMDD.
struct Days {
  std::string first;
  std::string last;
  bool unknown = false;  ///< a leaf without data time is among them

  void add(const Days& other) {
    unknown = unknown || other.unknown;
    if (other.first.empty()) return;
    if (first.empty() || other.first < first) first = other.first;
    if (last.empty() || other.last > last) last = other.last;
  }
};

Days days_of(const Step& leaf, Leaves& leaves) {
  Days days;
  if (const auto time = leaves.data_time(leaf)) {
    days.first = days.last = time->substr(0, 8);
  } else {
    days.unknown = true;
  }
  return days;
}

/// "2026-03-01" → "20260301".
std::string digits_of(std::string_view day) {
  std::string digits(day);
  std::erase(digits, '-');
  return digits;
}

/// `end`: digits of the day on which an evaluated figure's period ends (exclusive), empty for other figures. A period in which a table
/// came into force may be judged by it.
Status check_validity(const Table& table, const Days& days, std::size_t step, const std::string& end) {
  const auto refuse = [&](std::string_view why) {
    return Error(ErrorCode::damaged, fmt::format("step {}, table {}: {}", step, table.id, why));
  };
  if (days.unknown || days.first.empty()) return refuse("the time of the data is not known");
  const std::string from = digits_of(table.valid_from);
  if (!end.empty()) {
    const std::string to = table.valid_to.empty() ? days.first : digits_of(table.valid_to);
    if (to < days.first || (from > days.last && from >= end))
      return refuse(fmt::format("it was never in force from {} to the end of the figure's period", days.first));
    return {};
  }
  if (days.first < from)
    return refuse(
        fmt::format("the data of {} are older than the table, valid from {}", days.first, table.valid_from));
  if (!table.valid_to.empty() && days.last > digits_of(table.valid_to))
    return refuse(fmt::format("the data of {} are newer than the table, valid to {}", days.last, table.valid_to));
  return {};
}

}  // namespace

Status check_tables(const Document& document, Leaves& leaves) {
  const bool of_a_period = document.figure_id && document.figure_id->made();
  const std::string end = of_a_period ? to_compact(document.figure_id->to).substr(0, 8) : std::string();
  std::vector<Days> by_step;
  by_step.reserve(document.steps.size());
  for (std::size_t i = 0; i < document.steps.size(); ++i) {
    const Step& step = document.steps[i];
    Days days;
    if (step.is_leaf()) {
      days = days_of(step, leaves);
    } else {
      for (const std::uint32_t input : step.inputs) days.add(by_step[input]);
    }
    if (step.op == Op::interpolate || step.op == Op::grade || step.op == Op::classify || step.op == Op::below)
      MJ_CHECK(check_validity(document.tables[step.table], days, i, end));
    for (const std::uint32_t input : step.inputs) {
      const Step& operand = document.steps[input];
      if (operand.op == Op::limit) {
        MJ_CHECK(check_validity(document.tables[operand.table], days, i, end));
      }
    }
    by_step.push_back(std::move(days));
  }
  return {};
}

}  // namespace mj::bundle
