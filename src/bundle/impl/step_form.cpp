#include "step_form.hpp"

#include <limits>

#include "members.hpp"

namespace mj::bundle {
namespace {

using nlohmann::json;

struct Spelling {
  Op op;
  std::string_view word;
};
constexpr Spelling kOps[] = {{Op::field, "field"},
                             {Op::cell, "cell"},
                             {Op::time, "time"},
                             {Op::scale, "scale"},
                             {Op::round, "round"},
                             {Op::mean, "mean"},
                             {Op::interpolate, "interpolate"},
                             {Op::max, "max"},
                             {Op::main, "main"},
                             {Op::grade, "grade"},
                             {Op::classify, "class"},
                             {Op::below, "below"},
                             {Op::limit, "limit"},
                             {Op::sum, "sum"},
                             {Op::difference, "difference"},
                             {Op::product, "product"},
                             {Op::ratio, "ratio"},
                             {Op::percentile, "percentile"},
                             {Op::count, "count"},
                             {Op::min, "min"},
                             {Op::level, "level"},
                             {Op::ln, "ln"},
                             {Op::lg, "lg"}};

constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

/// What a step is given besides `op`, `result` and `clause`.
struct Form {
  bool one_input = false;  ///< `input`
  std::size_t least = 0;   ///< `inputs`: so many at least; 0 = none
  std::size_t most = 0;    ///< and so many at most
  bool decimals = false;
  std::string_view number;  ///< `by`, `above`, `least`
  std::optional<Table::Kind> table;
};
constexpr Form inputs_form(bool decimals, std::string_view number = {}, std::size_t least = 1,
                           std::size_t most = kNoBound) {
  return {false, least, most, decimals, number, std::nullopt};
}
constexpr Form table_form(Table::Kind kind) { return {true, 0, 0, false, {}, kind}; }

constexpr Form form_of(Op op) {
  switch (op) {
    case Op::field:
    case Op::cell:
    case Op::time: return {};
    case Op::scale: return {true, 0, 0, false, "by", std::nullopt};
    case Op::round:
    case Op::ln:
    case Op::lg: return {true, 0, 0, true, {}, std::nullopt};
    case Op::interpolate: return table_form(Table::Kind::breakpoints);
    case Op::grade: return table_form(Table::Kind::grades);
    case Op::classify: return table_form(Table::Kind::classes);
    case Op::below: return table_form(Table::Kind::parameter);
    case Op::limit: return {false, 0, 0, false, {}, Table::Kind::parameter};
    case Op::max: return inputs_form(false, "least");
    case Op::main:
    case Op::count: return inputs_form(false, "above");
    case Op::min: return inputs_form(false);
    case Op::mean:
    case Op::sum:
    case Op::level: return inputs_form(true);
    case Op::product: return inputs_form(true, {}, 1, kMaxProductInputs);
    case Op::difference:
    case Op::ratio: return inputs_form(true, {}, 2, 2);
    case Op::percentile: return inputs_form(true, "by");
  }
  return {};
}

Result<std::optional<hj212::Sm4Key>> read_key(const Members& members) {
  if (!members.has("key")) return std::optional<hj212::Sm4Key>();
  MJ_TRY(const std::string digits, members.text("key"));
  const auto bytes = from_hex(digits);
  if (!bytes || bytes->size() != 16 || to_hex(*bytes) != digits)
    return members.refuse("\"key\" must be 32 lower-case hexadecimal digits");
  return hj212::parse_sm4_key(as_text(*bytes));
}

Status read_members(Op op, const Form& form, Members& members) {
  switch (op) {
    case Op::field: return members.only({"op", "result", "entry", "name", "group"}, {"key", "clause"});
    case Op::cell: return members.only({"op", "result", "entry", "line", "column"}, {"clause"});
    case Op::time: return members.only({"op", "result", "entry"}, {"key", "clause"});
    case Op::max: return members.only({"op", "result", "inputs"}, {"least", "clause"});
    default: break;
  }
  std::vector<std::string_view> names{"op", "result"};
  if (form.one_input) names.emplace_back("input");
  if (form.least > 0) names.emplace_back("inputs");
  if (form.decimals) names.emplace_back("decimals");
  if (!form.number.empty()) names.push_back(form.number);
  if (form.table) names.emplace_back("table");
  constexpr std::string_view kOptional[] = {"clause"};
  return members.only(names, kOptional);
}

Result<std::string> read_clause(const Members& members) {
  if (!members.has("clause")) return std::string();
  MJ_TRY(std::string clause, members.text("clause"));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; };
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto characters = static_cast<std::size_t>(std::count_if(clause.begin(), clause.end(), begins));
  if (characters == 0 || characters > kMaxClauseCharacters ||
      std::any_of(clause.begin(), clause.end(), is_control))
    return members.refuse("\"clause\" must have 1 to 200 printable characters");
  return clause;
}

Result<std::vector<std::uint32_t>> read_inputs(const Members& members, const Form& form, std::size_t number) {
  const auto earlier = [&](std::uint64_t input) { return input < number; };
  std::vector<std::uint32_t> inputs;
  if (form.one_input) {
    MJ_TRY(const std::uint64_t input, members.integer("input", std::numeric_limits<std::uint32_t>::max()));
    if (!earlier(input)) return members.refuse("\"input\" is no earlier step");
    inputs.push_back(static_cast<std::uint32_t>(input));
  } else if (form.least > 0) {
    MJ_TRY(const json::array_t* const list, members.array("inputs"));
    if (list->size() < form.least) return members.refuse("\"inputs\" is empty or too short");
    if (list->size() > form.most) return members.refuse("\"inputs\" is too long");
    inputs.reserve(list->size());
    for (const json& value : *list) {
      MJ_TRY(const std::uint64_t input, integer_of(value, "inputs"));
      if (!earlier(input)) return members.refuse("\"inputs\" names a step that is not earlier");
      inputs.push_back(static_cast<std::uint32_t>(input));
    }
  }
  return inputs;
}

}  // namespace

std::string_view name(Op op) {
  return std::find_if(std::begin(kOps), std::end(kOps), [op](const Spelling& s) { return s.op == op; })->word;
}

Result<Step> read_step(const json& value, std::size_t number, const Document& before) {
  Members members(value, fmt::format("step {}", number));
  if (!value.is_object() || !members.has("op")) return members.refuse("an object with \"op\" is expected");
  MJ_TRY(const std::string word, members.text("op"));
  const auto* const spelling =
      std::find_if(std::begin(kOps), std::end(kOps), [&](const Spelling& s) { return s.word == word; });
  if (spelling == std::end(kOps)) return members.refuse("\"op\" is no known step");
  Step step;
  step.op = spelling->op;
  const Form form = form_of(step.op);
  MJ_CHECK(read_members(step.op, form, members));
  MJ_TRY(step.result, members.text("result"));
  MJ_TRY(step.clause, read_clause(members));
  MJ_TRY(step.inputs, read_inputs(members, form, number));
  if (step.is_leaf()) {
    MJ_TRY(step.entry, members.integer("entry", std::numeric_limits<std::uint64_t>::max()));
    if (!before.place_of(step.entry)) return members.refuse("\"entry\" is not among the entries");
    MJ_TRY(step.key, read_key(members));
  }
  if (step.op == Op::field) {
    MJ_TRY(step.name, members.text("name"));
    MJ_TRY(const std::uint64_t group, members.integer("group", std::numeric_limits<std::uint64_t>::max()));
    // A packet has at most 4096 fields, so a greater group is as absent as this one.
    step.group = static_cast<std::uint32_t>(std::min<std::uint64_t>(group, 1U << 20U));
  }
  if (step.op == Op::cell) {
    MJ_TRY(step.line, members.integer("line", std::numeric_limits<std::uint64_t>::max()));
    MJ_TRY(step.name, members.text("column"));
    if (step.line == 0 || step.name.empty()) return members.refuse("\"line\" is 0 or \"column\" empty");
  }
  if (form.decimals) {
    MJ_TRY(const std::uint64_t decimals, members.integer("decimals", kMaxDecimals));
    step.decimals = static_cast<std::uint8_t>(decimals);
  }
  if (!form.number.empty() && members.has(form.number)) {
    MJ_TRY(const Decimal given, members.number(form.number));
    MJ_TRY(step.number, members.text(form.number));
    if (step.op == Op::percentile && (given.mantissa <= 0 || compare(given, Decimal{1, 0}) >= 0))
      return members.refuse("\"by\" is not between 0 and 1");
  }
  if (form.table) {
    if (before.tables.empty()) return members.refuse("there are no tables");
    MJ_TRY(const std::uint64_t table, members.integer("table", before.tables.size() - 1));
    step.table = static_cast<std::uint32_t>(table);
    if (before.tables[table].kind != *form.table) return members.refuse("the table is of another kind");
  }
  for (const std::uint32_t input : step.inputs) {
    if (step.op == Op::main && before.steps[input].op != Op::interpolate)
      return members.refuse("an input is no step of \"interpolate\"");
  }
  return step;
}

json write_step(const Step& step) {
  const Form form = form_of(step.op);
  json value = {{"op", name(step.op)}, {"result", step.result}};
  if (!step.clause.empty()) value["clause"] = step.clause;
  if (form.one_input) value["input"] = step.inputs.front();
  if (form.least > 0) value["inputs"] = step.inputs;
  if (form.table) value["table"] = step.table;
  if (form.decimals) value["decimals"] = step.decimals;
  if (!form.number.empty() && !step.number.empty()) value[std::string(form.number)] = step.number;
  if (step.is_leaf()) {
    value["entry"] = step.entry;
    if (step.key) value["key"] = to_hex(std::as_bytes(std::span(step.key->bytes)));
  }
  if (step.op == Op::field) {
    value["name"] = step.name;
    value["group"] = step.group;
  }
  if (step.op == Op::cell) {
    value["line"] = step.line;
    value["column"] = step.name;
  }
  return value;
}

}  // namespace mj::bundle
