#include "rule_reader.hpp"

#include <algorithm>
#include <array>

namespace mj::coverage {
namespace {

using registry::AttributeSchema;
using registry::AttributeType;
using registry::KindSchema;

constexpr std::array<std::string_view, 4> kVerifications = {"VERIFIED", "THIRD_PARTY", "INFERRED", "UNVERIFIED"};

Result<std::string> verification_of(RuleTable& table, std::string_view other) {
  MJ_TRY(std::string word, table.text_or("verification", other));
  if (std::ranges::find(kVerifications, word) == kVerifications.end())
    return table.fault("verification must be VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED");
  return word;
}

Result<const KindSchema*> kind_of(RuleTable& table, const registry::RegisterSchema& schema,
                                  std::string_view kind) {
  const KindSchema* found = schema.find(kind);
  if (found == nullptr) return table.fault(fmt::format("the register has no kind \"{}\"", kind));
  return found;
}

Result<const AttributeSchema*> attribute_of(RuleTable& table, const KindSchema& kind, std::string_view key) {
  const AttributeSchema* found = kind.find(key);
  if (found == nullptr) return table.fault(fmt::format("{} has no attribute \"{}\"", kind.id, key));
  return found;
}

bool is_figure(const AttributeSchema& attribute) {
  return attribute.type == AttributeType::decimal || attribute.type == AttributeType::integer;
}

/// Words that the attribute can have.
Result<std::vector<std::string>> read_words(RuleTable& table, const AttributeSchema& attribute,
                                            const toml::node& node) {
  auto words = texts_of(node);
  if (!words)
    return table.fault(
        node, fmt::format("{} must be a word, a list of words, true, \"*\" or {{ at_least = … }}", attribute.key));
  for (const std::string& word : *words) {
    if (attribute.type == AttributeType::word && attribute.word(word) == nullptr && word != "*")
      return table.fault(node, fmt::format("{} has no word \"{}\"", attribute.key, word));
  }
  return *std::move(words);
}

Result<Condition> read_condition(RuleTable& table, const AttributeSchema& attribute, const toml::node& node) {
  Condition condition;
  condition.attribute = attribute.key;
  if (const toml::table* bounds = node.as_table()) {
    RuleTable keys(table.file(), *bounds);
    if (const toml::node* words = keys.find("not")) {
      MJ_TRY(condition.none_of, read_words(table, attribute, *words));
    } else if (!is_figure(attribute) || bounds->empty()) {
      return table.fault(node,
                         fmt::format("{} is no figure that can be at_least or below something", attribute.key));
    }
    if (keys.has("at_least")) {
      MJ_TRY(condition.at_least, keys.number("at_least"));
    }
    if (keys.has("below")) {
      MJ_TRY(condition.below, keys.number("below"));
    }
    MJ_CHECK(keys.nothing_left());
    return condition;
  }
  if (const auto flag = node.value_exact<bool>()) {
    condition.any_of = {*flag ? "true" : "false"};
    if (attribute.type != AttributeType::flag)
      return table.fault(node, fmt::format("{} is no flag", attribute.key));
    return condition;
  }
  MJ_TRY(auto words, read_words(table, attribute, node));
  condition.known = words.size() == 1 && words.front() == "*";
  if (!condition.known) condition.any_of = std::move(words);
  return condition;
}

Result<std::vector<Condition>> read_conditions(RuleTable& table, std::string_view key, const KindSchema& kind) {
  std::vector<Condition> conditions;
  const toml::node* node = table.find(key);
  if (node == nullptr) return conditions;
  const toml::table* wanted = node->as_table();
  if (wanted == nullptr) return table.fault(*node, fmt::format("{} must be {{ attribute = … }}", key));
  for (const auto& [attribute, value] : *wanted) {
    MJ_TRY(const AttributeSchema* found, attribute_of(table, kind, attribute.str()));
    MJ_TRY(Condition condition, read_condition(table, *found, value));
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

Status read_steps(RuleTable& table, const KindSchema& kind, Rule& rule) {
  for (const std::string_view key : {"bands", "densities"}) {
    const toml::node* node = table.find(key);
    if (node == nullptr) continue;
    const toml::array* list = node->as_array();
    if (list == nullptr) return table.fault(*node, fmt::format("{} must be a list of tables", key));
    for (const toml::node& item : *list) {
      if (!item.is_table()) return table.fault(item, fmt::format("{} must be a list of tables", key));
      RuleTable step(table.file(), *item.as_table());
      MJ_TRY(const std::string attribute, step.text("attribute"));
      MJ_TRY(const AttributeSchema* found, attribute_of(step, kind, attribute));
      if (!is_figure(*found)) return step.fault(fmt::format("{} is no figure", attribute));
      MJ_TRY(const double from, step.number("from"));
      if (key == "bands") {
        MJ_TRY(const int at_least, step.count("at_least"));
        rule.bands.push_back({attribute, from, at_least});
      } else {
        MJ_TRY(const double each, step.number("each"));
        if (each <= 0) return step.fault("each must be above 0");
        rule.densities.push_back({attribute, from, each});
      }
      MJ_CHECK(step.nothing_left());
    }
  }
  return {};
}

Status read_levels(RuleTable& table, const KindSchema& region, Rule& rule) {
  MJ_TRY(rule.levels, table.texts("level"));
  const AttributeSchema* level = region.find("level");
  for (const std::string& word : rule.levels) {
    if (level == nullptr || level->word(word) == nullptr)
      return table.fault(fmt::format("regions have no level \"{}\"", word));
  }
  return {};
}

Status read_record_rule(RuleTable& table, const registry::RegisterSchema& schema, Rule& rule) {
  MJ_TRY(rule.record, table.text("record"));
  MJ_TRY(const KindSchema* kind, kind_of(table, schema, rule.record));
  MJ_TRY(rule.where, read_conditions(table, "where", *kind));
  if (table.has("expected")) {
    MJ_TRY(rule.expected, table.count("expected"));
  }
  if (rule.record != "point") {
    MJ_TRY(rule.by, table.text("by"));
    MJ_TRY(const KindSchema* point, kind_of(table, schema, "point"));
    MJ_TRY(const AttributeSchema* by, attribute_of(table, *point, rule.by));
    if (by->type != AttributeType::reference || by->kind != rule.record)
      return table.fault(fmt::format("the attribute {} of points does not name a {}", rule.by, rule.record));
  }
  return read_steps(table, *kind, rule);
}

Status read_boundary_rule(RuleTable& table, const registry::RegisterSchema& schema, Rule& rule) {
  rule.record = "river";
  MJ_TRY(const KindSchema* river, kind_of(table, schema, rule.record));
  MJ_TRY(const KindSchema* region, kind_of(table, schema, "region"));
  MJ_CHECK(read_levels(table, *region, rule));
  MJ_TRY(rule.where, read_conditions(table, "where", *river));
  MJ_TRY(const std::string border, table.text("border"));
  if (border != "inner" && border != "outer") return table.fault("border must be \"inner\" or \"outer\"");
  rule.border = border == "inner" ? Border::inner : Border::outer;
  MJ_TRY(rule.near_km, table.number("near_km"));
  MJ_TRY(rule.merge_km, table.number("merge_km"));
  return {};
}

Status read_kind(RuleTable& table, const registry::RegisterSchema& schema, Rule& rule) {
  MJ_TRY(const std::string word, table.text("kind"));
  constexpr RuleKind kKinds[] = {RuleKind::per_region, RuleKind::per_record, RuleKind::total, RuleKind::boundary};
  const auto* found = std::ranges::find(kKinds, word, [](RuleKind kind) { return name(kind); });
  if (found == std::end(kKinds)) return table.fault(fmt::format("there is no kind of rule \"{}\"", word));
  rule.kind = *found;
  switch (rule.kind) {
    case RuleKind::per_region: {
      MJ_TRY(const KindSchema* region, kind_of(table, schema, "region"));
      MJ_CHECK(read_levels(table, *region, rule));
      return read_steps(table, *region, rule);
    }
    case RuleKind::per_record: return read_record_rule(table, schema, rule);
    case RuleKind::boundary: return read_boundary_rule(table, schema, rule);
    case RuleKind::total:
      if (table.has("new_since")) {
        MJ_TRY(rule.new_since, table.day("new_since"));
      }
  }
  return {};
}

}  // namespace

Result<FileHead> read_head(RuleTable table) {
  FileHead head;
  MJ_TRY(head.document, table.name("title"));
  MJ_TRY(head.verification, verification_of(table, "UNVERIFIED"));
  MJ_TRY(head.valid_from, table.day("valid_from"));
  MJ_TRY(head.within, table.text_or("within", ""));
  MJ_CHECK(table.nothing_left());
  return head;
}

Result<Rule> read_rule(RuleTable table, const FileHead& head, const registry::RegisterSchema& schema) {
  Rule rule;
  rule.document = head.document;
  rule.file = table.file().filename().string();
  MJ_TRY(rule.id, table.text("id"));
  MJ_TRY(rule.title, table.name("title"));
  MJ_TRY(rule.counts, table.name("counts"));
  MJ_TRY(rule.clause, table.text("clause"));
  MJ_TRY(rule.quote, table.text_or("quote", ""));
  MJ_TRY(rule.verification, verification_of(table, head.verification));
  MJ_TRY(const std::string basis, table.text_or("basis", name(Basis::document)));
  if (basis != name(Basis::document) && basis != name(Basis::operator_rule))
    return table.fault("basis must be \"document\" or \"operator\"");
  rule.basis = basis == name(Basis::document) ? Basis::document : Basis::operator_rule;
  if (rule.basis == Basis::document && rule.quote.empty())
    return table.fault("a rule that rests on a document quotes its words");
  rule.valid_from = head.valid_from;
  if (table.has("valid_from")) {
    MJ_TRY(rule.valid_from, table.day("valid_from"));
  }
  if (table.has("valid_to")) {
    MJ_TRY(rule.valid_to, table.day("valid_to"));
    if (*rule.valid_to < rule.valid_from) return table.fault("valid_to is before valid_from");
  }
  MJ_TRY(rule.within, table.text_or("within", head.within));
  MJ_TRY(rule.at_least, table.count("at_least"));
  MJ_TRY(const registry::KindSchema* point, kind_of(table, schema, "point"));
  MJ_TRY(rule.points, read_conditions(table, "points", *point));
  for (const Condition& condition : rule.points) {
    if (condition.attribute == "element" && condition.any_of.size() == 1) rule.element = condition.any_of.front();
  }
  if (rule.element.empty()) {  // points of several elements: the rule says under which it is listed
    MJ_TRY(rule.element, table.text("element"));
  }
  const AttributeSchema* element = point->find("element");
  if (element == nullptr || element->word(rule.element) == nullptr)
    return table.fault(fmt::format("there is no element \"{}\"", rule.element));
  MJ_CHECK(read_kind(table, schema, rule));
  MJ_CHECK(table.nothing_left());
  return rule;
}

}  // namespace mj::coverage
