#include "derivation.hpp"

#include "arithmetic.hpp"

namespace mj::bundle {
namespace {

Error refuse(std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); }

Result<Decimal> number_of(std::string_view text) {
  const auto value = parse_decimal(text);
  if (!value) return refuse(fmt::format("\"{}\" is no number", text.substr(0, 40)));
  return *value;
}

Result<Decimal> input_of(const Document& document, const Step& step, std::size_t which = 0) {
  return number_of(document.steps[step.inputs[which]].result);
}

Result<std::string> written(const std::optional<Decimal>& value) {
  if (!value) return refuse("the result does not exist or has too many digits");
  return to_text(*value);
}

Result<std::string> read_field(const Step& step, const Packet& packet) {
  const auto value = packet.field(step.name, step.group);
  if (!value) return refuse(fmt::format("the packet has no field {} in group {}", step.name, step.group));
  if (value->empty() || !std::all_of(value->begin(), value->end(), [](char c) { return c >= ' ' && c < '\x7F'; }))
    return refuse(fmt::format("the field {} is empty or not printable", step.name));
  return std::string(*value);
}

/// Place of the greatest input; the first of equal ones.
Result<std::size_t> greatest(const Document& document, const Step& step) {
  std::size_t best = 0;
  MJ_TRY(Decimal most, input_of(document, step));
  for (std::size_t i = 1; i < step.inputs.size(); ++i) {
    MJ_TRY(const Decimal value, input_of(document, step, i));
    if (compare(value, most) > 0) {
      most = value;
      best = i;
    }
  }
  return best;
}

Result<std::string> interpolate(const Document& document, const Step& step) {
  const Table& table = document.tables[step.table];
  MJ_TRY(const Decimal value, input_of(document, step));
  if (compare(value, *table.rows.back().low) >= 0) return table.rows.back().text;
  return written(interpolated(value, table));
}

Result<std::string> take_max(const Document& document, const Step& step) {
  MJ_TRY(const std::size_t best, greatest(document, step));
  const std::string& text = document.steps[step.inputs[best]].result;
  if (!step.number.empty()) {
    MJ_TRY(const Decimal most, number_of(text));
    MJ_TRY(const Decimal least, number_of(step.number));
    if (compare(least, most) > 0) return step.number;
  }
  return text;
}

Result<std::string> main_factors(const Document& document, const Step& step) {
  MJ_TRY(const std::size_t best, greatest(document, step));
  MJ_TRY(const Decimal most, input_of(document, step, best));
  MJ_TRY(const Decimal above, number_of(step.number));
  std::string factors;
  if (compare(most, above) <= 0) return factors;
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    MJ_TRY(const Decimal value, input_of(document, step, i));
    if (compare(value, most) != 0) continue;
    if (!factors.empty()) factors += '+';
    factors += document.tables[document.steps[step.inputs[i]].table].factor;
  }
  return factors;
}

Result<std::string> grade(const Document& document, const Step& step) {
  MJ_TRY(const Decimal value, input_of(document, step));
  for (const TableRow& row : document.tables[step.table].rows) {
    if (!row.low || compare(value, *row.low) <= 0) return row.text;
  }
  return refuse("the value is above every grade");
}

bool keeps(const Table& table, const TableRow& row, Decimal value) {
  if (!row.low) return false;
  switch (table.better) {
    case Table::Better::lower: return compare(value, *row.low) <= 0;
    case Table::Better::higher: return compare(value, *row.low) >= 0;
    case Table::Better::within: return compare(value, *row.low) >= 0 && compare(value, *row.high) <= 0;
  }
  return false;
}

Result<std::string> classify(const Document& document, const Step& step) {
  const Table& table = document.tables[step.table];
  MJ_TRY(const Decimal value, input_of(document, step));
  for (const TableRow& row : table.rows) {
    if (keeps(table, row, value)) return row.text;
  }
  return std::to_string(table.rows.back().index.mantissa + 1);
}

Result<std::vector<Decimal>> inputs_of(const Document& document, const Step& step) {
  std::vector<Decimal> values;
  values.reserve(step.inputs.size());
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    MJ_TRY(const Decimal value, input_of(document, step, i));
    values.push_back(value);
  }
  return values;
}

/// What is computed from numbers and written with the step's decimals.
Result<std::string> compute(const Document& document, const Step& step) {
  MJ_TRY(const std::vector<Decimal> values, inputs_of(document, step));
  switch (step.op) {
    case Op::mean: return written(mean(values, step.decimals));
    case Op::sum: return written(sum(values, step.decimals));
    case Op::difference: return written(difference(values[0], values[1], step.decimals));
    case Op::product: return written(product(values, step.decimals));
    case Op::ratio: return written(ratio(values[0], values[1], step.decimals));
    case Op::percentile: {
      MJ_TRY(const Decimal p, number_of(step.number));
      return written(percentile(values, p, step.decimals));
    }
    case Op::level: return written(mean_level(values, step.decimals));
    case Op::ln: return written(natural_logarithm(values[0], step.decimals));
    case Op::lg: return written(decimal_logarithm(values[0], step.decimals));
    default: return refuse("no such step");
  }
}

Result<std::string> below(const Document& document, const Step& step) {
  const std::string& text = document.steps[step.inputs.front()].result;
  const auto limit = detection_limit(text);
  if (!limit) return refuse(fmt::format("\"{}\" is no detection limit", text.substr(0, 40)));
  return written(scaled(*limit, *document.tables[step.table].rows.front().low));
}

Result<std::string> count(const Document& document, const Step& step) {
  MJ_TRY(const std::vector<Decimal> values, inputs_of(document, step));
  MJ_TRY(const Decimal above, number_of(step.number));
  return std::to_string(
      std::count_if(values.begin(), values.end(), [&](Decimal value) { return compare(value, above) <= 0; }));
}

Result<std::string> take_min(const Document& document, const Step& step) {
  MJ_TRY(const std::vector<Decimal> values, inputs_of(document, step));
  const auto least =
      std::min_element(values.begin(), values.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
  return document.steps[step.inputs[static_cast<std::size_t>(least - values.begin())]].result;
}

}  // namespace

Result<std::string> calculate(const Document& document, const Step& step) {
  switch (step.op) {
    case Op::field:
    case Op::cell:
    case Op::time: break;
    case Op::scale: {
      MJ_TRY(const Decimal value, input_of(document, step));
      MJ_TRY(const Decimal by, number_of(step.number));
      return written(scaled(value, by));
    }
    case Op::round: {
      MJ_TRY(const Decimal value, input_of(document, step));
      return to_text(round_gb8170(value, step.decimals));
    }
    case Op::interpolate: return interpolate(document, step);
    case Op::max: return take_max(document, step);
    case Op::main: return main_factors(document, step);
    case Op::grade: return grade(document, step);
    case Op::classify: return classify(document, step);
    case Op::below: return below(document, step);
    case Op::limit: return document.tables[step.table].rows.front().text;
    case Op::count: return count(document, step);
    case Op::min: return take_min(document, step);
    case Op::mean:
    case Op::sum:
    case Op::difference:
    case Op::product:
    case Op::ratio:
    case Op::percentile:
    case Op::level:
    case Op::ln:
    case Op::lg: return compute(document, step);
  }
  return refuse("no such step");
}

Result<std::string> evaluate(const Document& document, const Step& step, Leaves& leaves) {
  switch (step.op) {
    case Op::field: return read_field(step, leaves.packet(step.entry));
    case Op::cell: {
      MJ_TRY(Cell cell, leaves.cell(step));
      return std::move(cell.text);
    }
    case Op::time: {
      const auto time = leaves.packet(step.entry).data_time();
      if (!time) return refuse("the packet has no data time");
      return std::string(*time);
    }
    default: return calculate(document, step);
  }
}

Status check_derivation(const Document& document, Leaves& leaves) {
  for (std::size_t i = 0; i < document.steps.size(); ++i) {
    const Step& step = document.steps[i];
    const auto result = evaluate(document, step, leaves);
    if (!result) {
      return Error(ErrorCode::damaged, fmt::format("step {} ({}): {}", i, name(step.op), result.error().text()));
    }
    if (*result != step.result) {
      return Error(ErrorCode::damaged,
                   fmt::format("step {} ({}) gives \"{}\", the bundle says \"{}\"", i, name(step.op),
                               result->substr(0, 80), step.result.substr(0, 80)));
    }
  }
  return {};
}

}  // namespace mj::bundle
