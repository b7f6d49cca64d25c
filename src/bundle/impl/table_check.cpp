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

/// A figure of a period in which a table came into force is judged by the table of its last day.
Status check_validity(const Table& table, Days days, std::size_t step, bool of_a_period) {
  const auto refuse = [&](std::string_view why) {
    return Error(ErrorCode::damaged, fmt::format("step {}, table {}: {}", step, table.id, why));
  };
  if (days.unknown || days.first.empty()) return refuse("the time of the data is not known");
  if (of_a_period) days.first = days.last;
  if (!table.valid_from.empty() && days.first < digits_of(table.valid_from))
    return refuse(
        fmt::format("the data of {} are older than the table, valid from {}", days.first, table.valid_from));
  if (!table.valid_to.empty() && days.last > digits_of(table.valid_to))
    return refuse(fmt::format("the data of {} are newer than the table, valid to {}", days.last, table.valid_to));
  return {};
}

}  // namespace

Status check_tables(const Document& document, Leaves& leaves) {
  const bool of_a_period = document.figure_id && document.figure_id->kind == FigureId::Kind::result;
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
      MJ_CHECK(check_validity(document.tables[step.table], days, i, of_a_period));
    for (const std::uint32_t input : step.inputs) {
      const Step& operand = document.steps[input];
      if (operand.op == Op::limit) {
        MJ_CHECK(check_validity(document.tables[operand.table], days, i, of_a_period));
      }
    }
    by_step.push_back(std::move(days));
  }
  return {};
}

}  // namespace mj::bundle
