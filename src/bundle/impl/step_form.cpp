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
constexpr Spelling kOps[] = {{Op::field, "field"},   {Op::time, "time"}, {Op::scale, "scale"},
                             {Op::round, "round"},   {Op::mean, "mean"}, {Op::interpolate, "interpolate"},
                             {Op::max, "max"},       {Op::main, "main"}, {Op::grade, "grade"},
                             {Op::classify, "class"}};

bool takes_one_input(Op op) {
  return op == Op::scale || op == Op::round || op == Op::interpolate || op == Op::grade || op == Op::classify;
}
bool takes_inputs(Op op) { return op == Op::mean || op == Op::max || op == Op::main; }
bool takes_table(Op op) { return op == Op::interpolate || op == Op::grade || op == Op::classify; }

Table::Kind kind_for(Op op) {
  if (op == Op::interpolate) return Table::Kind::breakpoints;
  return op == Op::grade ? Table::Kind::grades : Table::Kind::classes;
}

Result<std::optional<hj212::Sm4Key>> read_key(const Members& members) {
  if (!members.has("key")) return std::optional<hj212::Sm4Key>();
  MJ_TRY(const std::string digits, members.text("key"));
  const auto bytes = from_hex(digits);
  if (!bytes || bytes->size() != 16 || to_hex(*bytes) != digits)
    return members.refuse("\"key\" must be 32 lower-case hexadecimal digits");
  return hj212::parse_sm4_key(as_text(*bytes));
}

Status read_members(Op op, Members& members) {
  switch (op) {
    case Op::field: return members.only({"op", "result", "entry", "name", "group"}, {"key"});
    case Op::time: return members.only({"op", "result", "entry"}, {"key"});
    case Op::scale: return members.only({"op", "result", "input", "by"});
    case Op::round: return members.only({"op", "result", "input", "decimals"});
    case Op::mean: return members.only({"op", "result", "inputs", "decimals"});
    case Op::interpolate:
    case Op::grade:
    case Op::classify: return members.only({"op", "result", "input", "table"});
    case Op::max: return members.only({"op", "result", "inputs"}, {"least"});
    case Op::main: return members.only({"op", "result", "inputs", "above"});
  }
  return {};
}

Result<std::vector<std::uint32_t>> read_inputs(const Members& members, Op op, std::size_t number) {
  const auto earlier = [&](std::uint64_t input) { return input < number; };
  std::vector<std::uint32_t> inputs;
  if (takes_one_input(op)) {
    MJ_TRY(const std::uint64_t input, members.integer("input", std::numeric_limits<std::uint32_t>::max()));
    if (!earlier(input)) return members.refuse("\"input\" is no earlier step");
    inputs.push_back(static_cast<std::uint32_t>(input));
  } else if (takes_inputs(op)) {
    MJ_TRY(const json::array_t* const list, members.array("inputs"));
    if (list->empty()) return members.refuse("\"inputs\" is empty");
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
  MJ_CHECK(read_members(step.op, members));
  MJ_TRY(step.result, members.text("result"));
  MJ_TRY(step.inputs, read_inputs(members, step.op, number));
  if (step.op == Op::field || step.op == Op::time) {
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
  if (step.op == Op::round || step.op == Op::mean) {
    MJ_TRY(const std::uint64_t decimals, members.integer("decimals", kMaxDecimals));
    step.decimals = static_cast<std::uint8_t>(decimals);
  }
  for (const char* const member : {"by", "above", "least"}) {
    if (!members.has(member)) continue;
    MJ_CHECK(members.number(member));
    MJ_TRY(step.number, members.text(member));
  }
  if (takes_table(step.op)) {
    if (before.tables.empty()) return members.refuse("there are no tables");
    MJ_TRY(const std::uint64_t table, members.integer("table", before.tables.size() - 1));
    step.table = static_cast<std::uint32_t>(table);
    if (before.tables[table].kind != kind_for(step.op)) return members.refuse("the table is of another kind");
  }
  for (const std::uint32_t input : step.inputs) {
    if (step.op == Op::main && before.steps[input].op != Op::interpolate)
      return members.refuse("an input is no step of \"interpolate\"");
  }
  return step;
}

json write_step(const Step& step) {
  json value = {{"op", name(step.op)}, {"result", step.result}};
  if (takes_one_input(step.op)) value["input"] = step.inputs.front();
  if (takes_inputs(step.op)) value["inputs"] = step.inputs;
  if (takes_table(step.op)) value["table"] = step.table;
  if (step.op == Op::round || step.op == Op::mean) value["decimals"] = step.decimals;
  if (step.op == Op::scale) value["by"] = step.number;
  if (step.op == Op::main) value["above"] = step.number;
  if (step.op == Op::max && !step.number.empty()) value["least"] = step.number;
  if (step.op == Op::field || step.op == Op::time) {
    value["entry"] = step.entry;
    if (step.key) value["key"] = to_hex(std::as_bytes(std::span(step.key->bytes)));
  }
  if (step.op == Op::field) {
    value["name"] = step.name;
    value["group"] = step.group;
  }
  return value;
}

}  // namespace mj::bundle
