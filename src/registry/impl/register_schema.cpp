#include "mj/registry/register_schema.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include <fmt/format.h>

#include "mj/registry/element.hpp"
#include "special_columns.hpp"

namespace mj::registry {
namespace {

constexpr AttributeType kTypes[] = {AttributeType::text,      AttributeType::decimal, AttributeType::integer,
                                    AttributeType::flag,      AttributeType::word,    AttributeType::day,
                                    AttributeType::reference, AttributeType::list,    AttributeType::longitude,
                                    AttributeType::latitude,  AttributeType::geometry};
constexpr Action kActions[] = {Action::add, Action::change, Action::move, Action::stop, Action::resume};

/// A table of the file; a key that nobody asks for is an error.
class SchemaTable {
 public:
  SchemaTable(const std::filesystem::path& file, const toml::table& table) : file_(file), table_(table) {}

  [[nodiscard]] Error fault(std::string_view what) const { return fault(table_, what); }
  [[nodiscard]] Error fault(const toml::node& node, std::string_view what) const {
    return {ErrorCode::invalid_input, fmt::format("{}:{}: {}", file_.string(), node.source().begin.line, what)};
  }
  [[nodiscard]] const toml::node* find(std::string_view key) {
    asked_.insert(key);
    return table_.get(key);
  }
  Result<std::string> text(std::string_view key) {
    const toml::node* node = find(key);
    const auto value = node == nullptr ? std::nullopt : node->value<std::string>();
    if (!value || value->empty()) return fault(fmt::format("{} must be a text in quotes", key));
    return *value;
  }
  Result<std::string> text_if_given(std::string_view key) {
    if (!table_.contains(key)) return std::string();
    return text(key);
  }
  Result<bool> flag_if_given(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    const auto value = node->value<bool>();
    if (!value) return fault(*node, fmt::format("{} must be true or false", key));
    return *value;
  }
  Result<double> number(std::string_view key) {
    const toml::node* node = find(key);
    const auto value = node == nullptr ? std::nullopt : node->value<double>();
    if (!value || !(*value >= 0)) return fault(fmt::format("{} must be a number, not negative", key));
    return *value;
  }
  Result<const toml::array*> list(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return static_cast<const toml::array*>(nullptr);
    if (!node->is_array()) return fault(*node, fmt::format("{} must be a list", key));
    return node->as_array();
  }
  [[nodiscard]] Status nothing_left() const {
    for (const auto& [key, node] : table_) {
      if (!asked_.contains(key.str())) return fault(node, fmt::format("unknown key \"{}\"", key.str()));
    }
    return {};
  }

 private:
  const std::filesystem::path& file_;
  const toml::table& table_;
  std::set<std::string_view> asked_;
};

Result<std::vector<WordTitle>> read_words(SchemaTable& keys) {
  std::vector<WordTitle> words;
  MJ_TRY(const toml::array* list, keys.list("words"));
  if (list == nullptr) return words;
  for (const toml::node& node : *list) {
    const toml::array* three = node.as_array();
    if (three == nullptr || three->size() != 3) return keys.fault(node, "a word is written as [id, zh, en]");
    const auto id = (*three)[0].value<std::string>();
    const auto zh = (*three)[1].value<std::string>();
    const auto en = (*three)[2].value<std::string>();
    if (!id || !zh || !en) return keys.fault(node, "a word is written as [id, zh, en], three texts");
    words.push_back({*id, {*zh, *en}});
  }
  return words;
}

Result<AttributeSchema> read_attribute(const std::filesystem::path& file, const toml::table& table) {
  SchemaTable keys(file, table);
  AttributeSchema attribute;
  MJ_TRY(attribute.key, keys.text("key"));
  MJ_TRY(attribute.title.zh, keys.text("zh"));
  MJ_TRY(attribute.title.en, keys.text("en"));
  MJ_TRY(const std::string type, keys.text("type"));
  const auto* found =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](AttributeType each) { return name(each) == type; });
  if (found == std::end(kTypes)) return keys.fault(fmt::format("there is no type \"{}\"", type));
  attribute.type = *found;
  MJ_TRY(attribute.words, read_words(keys));
  MJ_TRY(attribute.kind, keys.text_if_given("of"));
  MJ_TRY(attribute.unit, keys.text_if_given("unit"));
  MJ_TRY(attribute.required, keys.flag_if_given("required"));
  MJ_TRY(attribute.unique, keys.flag_if_given("unique"));
  if ((attribute.type == AttributeType::word) == attribute.words.empty()) {
    return keys.fault(fmt::format("{}: an enum, and nothing else, has words", attribute.key));
  }
  if ((attribute.type == AttributeType::reference) == attribute.kind.empty()) {
    return keys.fault(fmt::format("{}: a reference, and nothing else, has \"of\"", attribute.key));
  }
  MJ_CHECK(keys.nothing_left());
  return attribute;
}

Status no_title_twice(SchemaTable& keys, const KindSchema& kind) {
  std::set<std::string, std::less<>> seen;
  for (const Special column : kSpecials) seen.insert({title(column).zh, title(column).en});
  for (const AttributeSchema& attribute : kind.attributes) {
    // The key may be its own title, but no other attribute's.
    const std::set<std::string, std::less<>> own{attribute.key, attribute.title.zh, attribute.title.en};
    for (const std::string& title : own) {
      if (!seen.insert(title).second) return keys.fault(fmt::format("{}: \"{}\" appears twice", kind.id, title));
    }
  }
  return {};
}

Result<KindSchema> read_kind(const std::filesystem::path& file, const toml::table& table) {
  SchemaTable keys(file, table);
  KindSchema kind;
  MJ_TRY(kind.id, keys.text("id"));
  MJ_TRY(kind.title.zh, keys.text("zh"));
  MJ_TRY(kind.title.en, keys.text("en"));
  MJ_TRY(const toml::array* attributes, keys.list("attributes"));
  for (std::size_t i = 0; attributes != nullptr && i < attributes->size(); ++i) {
    const toml::table* each = (*attributes)[i].as_table();
    if (each == nullptr) return keys.fault((*attributes)[i], "an attribute is written as { key = … }");
    MJ_TRY(AttributeSchema attribute, read_attribute(file, *each));
    kind.attributes.push_back(std::move(attribute));
  }
  MJ_CHECK(no_title_twice(keys, kind));
  MJ_CHECK(keys.nothing_left());
  return kind;
}

/// Said in so many words even when nothing needs one: a register that asks nobody is no accident.
Result<std::set<Action>> read_approved(SchemaTable& keys) {
  MJ_TRY(const toml::array* list, keys.list("approved"));
  if (list == nullptr) return keys.fault("approved must list the acts that need an approval");
  std::set<Action> actions;
  for (const toml::node& node : *list) {
    const auto action = parse_action(node.value_or(std::string()));
    if (!action) return keys.fault(node, "approved holds add, change, move, stop, resume");
    actions.insert(*action);
  }
  return actions;
}

Result<DuplicateRule> read_duplicate(const std::filesystem::path& file, const toml::table& table) {
  SchemaTable keys(file, table);
  DuplicateRule rule;
  MJ_TRY(rule.element, keys.text("element"));
  MJ_TRY(rule.distance_m, keys.number("distance_m"));
  MJ_TRY(rule.owner_distance_m, keys.number("owner_distance_m"));
  MJ_CHECK(keys.nothing_left());
  return rule;
}

/// A point of an element that the program does not know would never come to life, without a word.
Status elements_known(SchemaTable& keys, const std::vector<KindSchema>& kinds,
                      const std::vector<DuplicateRule>& duplicates) {
  const auto known = [&keys](std::string_view word) -> Status {
    if (parse_element(word)) return {};
    return keys.fault(fmt::format("element \"{}\" is not one of {}", word, kElementWords));
  };
  for (const KindSchema& kind : kinds) {
    const AttributeSchema* element = kind.id == "point" ? kind.find("element") : nullptr;
    if (element == nullptr) continue;
    for (const WordTitle& word : element->words) MJ_CHECK(known(word.id));
  }
  for (const DuplicateRule& rule : duplicates) MJ_CHECK(known(rule.element));
  return {};
}

template <typename T>
Status read_tables(SchemaTable& keys, std::string_view key, const std::filesystem::path& file,
                   Result<T> (*read)(const std::filesystem::path&, const toml::table&), std::vector<T>& into) {
  MJ_TRY(const toml::array* list, keys.list(key));
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const toml::table* each = (*list)[i].as_table();
    if (each == nullptr) return keys.fault((*list)[i], fmt::format("{} must be written as [[{}]]", key, key));
    MJ_TRY(T value, read(file, *each));
    into.push_back(std::move(value));
  }
  return {};
}

}  // namespace

std::string_view name(AttributeType type) {
  switch (type) {
    case AttributeType::text: return "text";
    case AttributeType::decimal: return "decimal";
    case AttributeType::integer: return "integer";
    case AttributeType::flag: return "flag";
    case AttributeType::word: return "enum";
    case AttributeType::day: return "date";
    case AttributeType::reference: return "reference";
    case AttributeType::list: return "list";
    case AttributeType::longitude: return "longitude";
    case AttributeType::latitude: return "latitude";
    case AttributeType::geometry: return "geometry";
  }
  return "text";
}

std::string_view name(Action action) {
  switch (action) {
    case Action::add: return "add";
    case Action::change: return "change";
    case Action::move: return "move";
    case Action::stop: return "stop";
    case Action::resume: return "resume";
  }
  return "change";
}

LocalName title(Action action) {
  switch (action) {
    case Action::add: return {"新增", "Added"};
    case Action::change: return {"变更", "Changed"};
    case Action::move: return {"迁移", "Moved"};
    case Action::stop: return {"停用", "Stopped"};
    case Action::resume: return {"恢复", "Resumed"};
  }
  return {"变更", "Changed"};
}

std::optional<Action> parse_action(std::string_view word) {
  for (const Action action : kActions) {
    if (word == name(action) || word == title(action).zh) return action;
  }
  return std::nullopt;
}

const WordTitle* AttributeSchema::word(std::string_view id) const {
  const auto found =
      std::find_if(words.begin(), words.end(), [id](const WordTitle& word) { return word.id == id; });
  return found == words.end() ? nullptr : &*found;
}

const AttributeSchema* KindSchema::find(std::string_view key) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [key](const AttributeSchema& each) { return each.key == key; });
  return found == attributes.end() ? nullptr : &*found;
}

const AttributeSchema* KindSchema::find_titled(std::string_view wanted) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [wanted](const AttributeSchema& each) {
    return each.key == wanted || each.title.zh == wanted || each.title.en == wanted;
  });
  return found == attributes.end() ? nullptr : &*found;
}

const AttributeSchema* KindSchema::first(AttributeType type) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [type](const AttributeSchema& each) { return each.type == type; });
  return found == attributes.end() ? nullptr : &*found;
}

Result<RegisterSchema> RegisterSchema::load(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    return Error(ErrorCode::not_found, fmt::format("there is no file {}", file.string()));
  }
  RegisterSchema schema;
  try {
    const toml::table document = toml::parse_file(file.string());
    SchemaTable keys(file, document);
    MJ_TRY(schema.approved_actions_, read_approved(keys));
    MJ_CHECK(read_tables(keys, "kind", file, read_kind, schema.kinds_));
    MJ_CHECK(read_tables(keys, "duplicate", file, read_duplicate, schema.duplicates_));
    MJ_CHECK(elements_known(keys, schema.kinds_, schema.duplicates_));
    MJ_TRY(schema.border_tolerance_km_, keys.number("border_tolerance_km"));
    MJ_TRY(const std::string adopted, keys.text("adopted_from"));
    const auto day = parse_day(adopted);
    if (!day) return keys.fault("adopted_from must be a day, \"2000-01-01\"");
    schema.adopted_from_ = *day;
    MJ_TRY(const toml::array* bounds, keys.list("bounds"));
    if (bounds == nullptr || bounds->size() != schema.bounds_.size()) {
      return keys.fault("bounds must be [west, south, east, north]");
    }
    for (std::size_t i = 0; i < bounds->size(); ++i) {
      const auto degrees = (*bounds)[i].value<double>();
      if (!degrees) return keys.fault("bounds must be four numbers");
      schema.bounds_.at(i) = *degrees;
    }
    MJ_CHECK(keys.nothing_left());
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), failure.source().begin.line, failure.description()));
  }
  std::set<std::string, std::less<>> ids;
  for (const KindSchema& kind : schema.kinds_) {
    if (!ids.insert(kind.id).second) {
      return Error(ErrorCode::invalid_input, fmt::format("{}: kind {} appears twice", file.string(), kind.id));
    }
  }
  for (const KindSchema& kind : schema.kinds_) {
    for (const AttributeSchema& attribute : kind.attributes) {
      if (attribute.type != AttributeType::reference || ids.contains(attribute.kind)) continue;
      return Error(ErrorCode::invalid_input, fmt::format("{}: {}.{} refers to the unknown kind {}", file.string(),
                                                         kind.id, attribute.key, attribute.kind));
    }
  }
  return schema;
}

const KindSchema* RegisterSchema::find(std::string_view kind) const {
  const auto found =
      std::find_if(kinds_.begin(), kinds_.end(), [kind](const KindSchema& each) { return each.id == kind; });
  return found == kinds_.end() ? nullptr : &*found;
}

const DuplicateRule* RegisterSchema::duplicate_rule(std::string_view element) const {
  const auto found = std::find_if(duplicates_.begin(), duplicates_.end(),
                                  [element](const DuplicateRule& each) { return each.element == element; });
  return found == duplicates_.end() ? nullptr : &*found;
}

}  // namespace mj::registry
