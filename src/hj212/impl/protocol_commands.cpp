#include <toml++/toml.h>

#include <initializer_list>

#include "protocol_table.hpp"

namespace mj::hj212 {
namespace {

/// Reads one TOML table and keeps the first thing that is wrong with it; after that the values mean nothing.
class Entry {
 public:
  Entry(const std::string& file, const toml::table& table) : file_(file), table_(table) {}

  void only(std::initializer_list<std::string_view> keys) {
    for (const auto& [key, node] : table_) {
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
        fail(node, fmt::format("\"{}\" is no key here", key.str()));
    }
  }
  std::string text(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return {};
    if (!node->is_string()) fail(*node, fmt::format("{} must be a text", key));
    return node->value_or(std::string());
  }
  std::string required(std::string_view key) {
    std::string value = text(key);
    if (value.empty()) fail(table_, fmt::format("{} is missing", key));
    return value;
  }
  std::optional<double> number(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_number()) fail(*node, fmt::format("{} must be a number", key));
    return node->value<double>();
  }
  bool yes(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return false;
    if (!node->is_boolean()) fail(*node, fmt::format("{} must be true or false", key));
    return node->value_or(false);
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> values;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return values;
    const toml::array* array = node->as_array();
    if (array == nullptr) fail(*node, fmt::format("{} must be a list", key));
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      if (!(*array)[i].is_string()) fail((*array)[i], fmt::format("{} must be a list of texts", key));
      values.push_back((*array)[i].value_or(std::string()));
    }
    return values;
  }
  template <typename Word>
  Word word(std::string_view key, std::initializer_list<std::pair<std::string_view, Word>> words) {
    const std::string value = required(key);
    for (const auto& [spelling, meaning] : words) {
      if (spelling == value) return meaning;
    }
    fail(key, fmt::format("\"{}\" is not a word of {}", value, key));
    return words.begin()->second;
  }
  void fail(const toml::node& node, std::string_view what) {
    if (!error_) error_.emplace(table_error(file_, node.source().begin.line, what));
  }
  void fail(std::string_view key, std::string_view what) {
    const toml::node* node = table_.get(key);
    fail(node == nullptr ? static_cast<const toml::node&>(table_) : *node, what);
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::size_t line() const { return table_.source().begin.line; }
  [[nodiscard]] const toml::table& table() const { return table_; }

 private:
  const std::string& file_;
  const toml::table& table_;
  std::optional<Error> error_;
};

using FieldRules = std::map<std::string, FieldRule, std::less<>>;

void read_rule(Entry& entry, FieldRule& rule) {
  if (const std::string type = entry.text("type"); !type.empty()) {
    const auto parsed = ValueType::parse(type);
    if (!parsed) entry.fail("type", fmt::format("\"{}\" is no type such as C6, N5.2, N14, N, any", type));
    rule.type = parsed.value_or(ValueType{});
  }
  if (const auto min = entry.number("min")) rule.min = min;
  if (const auto max = entry.number("max")) rule.max = max;
  if (rule.min && rule.max && *rule.min > *rule.max) entry.fail("min", "min is above max");
  if (auto allowed = entry.texts("one_of"); !allowed.empty()) rule.one_of = std::move(allowed);
  if (auto unit = entry.text("unit"); !unit.empty()) rule.unit = std::move(unit);
  if (auto zh = entry.text("zh"); !zh.empty()) rule.name.zh = std::move(zh);
  if (auto en = entry.text("en"); !en.empty()) rule.name.en = std::move(en);
}

Result<FieldRules> read_field_rules(const std::string& file, const toml::table& document) {
  FieldRules rules;
  const toml::table* all = document["field"].as_table();
  if (all == nullptr) return rules;
  for (const auto& [key, node] : *all) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return table_error(file, node.source().begin.line, "a field must be a table");
    Entry entry(file, *table);
    entry.only({"type", "min", "max", "one_of", "unit", "zh", "en"});
    FieldRule rule;
    rule.key = key.str();
    for (const char* needed : {"type", "zh", "en"}) static_cast<void>(entry.required(needed));
    read_rule(entry, rule);
    if (entry.error()) return *entry.error();
    rules.emplace(rule.key, std::move(rule));
  }
  return rules;
}

/// `PolId?` may be absent, `*-Rtd+` may be repeated, `CTime?+` both; a table with `key` changes the rule for its command.
void read_field(Entry& command, const toml::node& node, const FieldRules& rules, const std::string& file,
                std::vector<FieldRule>& fields) {
  const toml::table* table = node.as_table();
  std::string key = table == nullptr ? node.value_or(std::string()) : (*table)["key"].value_or(std::string());
  const bool repeatable = key.ends_with('+');
  if (repeatable) key.pop_back();
  const bool optional = key.ends_with('?');
  if (optional) key.pop_back();
  const auto found = rules.find(key);
  if (found == rules.end()) return command.fail(node, fmt::format("\"{}\" is not defined under [field]", key));
  FieldRule rule = found->second;
  rule.required = !optional;
  rule.repeatable = repeatable;
  if (table != nullptr) {
    Entry entry(file, *table);
    entry.only({"key", "type", "min", "max", "one_of", "unit", "zh", "en"});
    read_rule(entry, rule);
    if (entry.error()) return command.fail(node, "the field is wrong: " + entry.error()->text());
  }
  for (const FieldRule& other : fields) {
    if (other.key == rule.key) return command.fail(node, fmt::format("{} stands there twice", key));
  }
  fields.push_back(std::move(rule));
}

Course read_course(Entry& entry, const Command& command) {
  const bool asked = command.sender == Sender::host &&
                     (command.kind == CommandKind::request || command.kind == CommandKind::notice);
  if (!asked) {
    if (!entry.text("course").empty()) entry.fail("course", "only requests and notices of the host have a course");
    return Course::none;
  }
  return entry.word<Course>("course", {{"execute", Course::execute},
                                       {"response", Course::response},
                                       {"history", Course::history},
                                       {"notice", Course::notice}});
}

Command read_command(Entry& entry, const Protocol::Source& source, const FieldRules& rules) {
  entry.only({"cn", "sender", "kind", "course", "systems", "zh", "en", "clause", "verification", "encrypted",
              "fields", "example"});
  Command command;
  command.dialect = source.dialect;
  command.surface_water = source.surface_water;
  command.cn = entry.required("cn");
  if (command.cn.size() != 4 || command.cn.find_first_not_of("0123456789") != std::string::npos)
    entry.fail("cn", fmt::format("cn \"{}\" is not four digits", command.cn));
  command.sender = entry.word<Sender>("sender", {{"host", Sender::host}, {"device", Sender::device}});
  command.kind = entry.word<CommandKind>("kind", {{"request", CommandKind::request},
                                                  {"upload", CommandKind::upload},
                                                  {"notice", CommandKind::notice},
                                                  {"reply", CommandKind::reply}});
  command.course = read_course(entry, command);
  command.systems = entry.texts("systems");
  command.name = {entry.required("zh"), entry.required("en")};
  command.clause = entry.required("clause");
  command.verification = entry.required("verification");
  if (!is_verification(command.verification))
    entry.fail("verification", fmt::format("\"{}\" is not a word of verification", command.verification));
  command.encrypted = entry.yes("encrypted");
  command.example = entry.text("example");
  if (const toml::node* fields = entry.table().get("fields"); fields == nullptr || fields->as_array() == nullptr) {
    entry.fail("fields", "fields must be a list; [] when the data area is empty");
  } else {
    for (const toml::node& field : *fields->as_array())
      read_field(entry, field, rules, source.name, command.fields);
  }
  return command;
}

}  // namespace

Result<std::vector<PlacedCommand>> read_commands(const Protocol::Source& source) {
  toml::table document;
  try {
    document = toml::parse(source.text, source.name);
  } catch (const toml::parse_error& failure) {
    return table_error(source.name, failure.source().begin.line, failure.description());
  }
  Entry root(source.name, document);
  root.only({"field", "command"});
  if (root.error()) return *root.error();
  MJ_TRY(const FieldRules rules, read_field_rules(source.name, document));
  std::vector<PlacedCommand> commands;
  const toml::array* all = document["command"].as_array();
  if (all == nullptr) return table_error(source.name, 1, "no [[command]]");
  for (const toml::node& node : *all) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return table_error(source.name, node.source().begin.line, "write [[command]]");
    Entry entry(source.name, *table);
    Command command = read_command(entry, source, rules);
    if (entry.error()) return *entry.error();
    commands.push_back({std::move(command), fmt::format("{}:{}", source.name, entry.line())});
  }
  return commands;
}

}  // namespace mj::hj212
