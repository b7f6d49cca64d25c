#include "table_reader.hpp"

namespace mj::appraisal {

Error TableReader::wrong(std::string_view key, std::string_view what) const {
  const toml::node* node = table_.get(key);
  const auto line = (node == nullptr ? static_cast<const toml::node&>(table_) : *node).source().begin.line;
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}: {}", place_, line, key, what));
}

const toml::node* TableReader::take(std::string_view key) {
  asked_.emplace(key);
  return table_.get(key);
}

Result<std::string> TableReader::text(std::string_view key) {
  const toml::node* node = take(key);
  const auto value = node == nullptr ? std::nullopt : node->value_exact<std::string>();
  if (!value || value->empty()) return wrong(key, "a text is needed");
  return *value;
}

Result<std::string> TableReader::text_or(std::string_view key, std::string otherwise) {
  if (take(key) == nullptr) return otherwise;
  return text(key);
}

Result<bool> TableReader::flag(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return false;
  const auto value = node->value_exact<bool>();
  if (!value) return wrong(key, "must be true or false");
  return *value;
}

Result<standards::Text> TableReader::words(std::string_view key) {
  const toml::node* node = take(key);
  const toml::table* table = node == nullptr ? nullptr : node->as_table();
  if (table == nullptr) return wrong(key, "{ zh = \"…\", en = \"…\" } is needed");
  TableReader inner(*table, place_);
  standards::Text words;
  MJ_TRY(words.zh, inner.text("zh"));
  MJ_TRY(words.en, inner.text_or("en", words.zh));
  MJ_CHECK(inner.finish());
  return words;
}

Result<std::optional<Decimal>> TableReader::decimal(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::optional<Decimal>();
  const auto text = node->value_exact<std::string>();
  const auto value = text ? parse_decimal(*text) : std::nullopt;
  if (!value) return wrong(key, "must be a decimal in quotes, e.g. \"0.60\"");
  return value;
}

Result<std::optional<std::int64_t>> TableReader::whole(std::string_view key, std::int64_t least,
                                                       std::int64_t most) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::optional<std::int64_t>();
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < least || *value > most)
    return wrong(key, fmt::format("must be a whole number from {} to {}", least, most));
  return value;
}

Result<std::map<std::string, Decimal>> TableReader::decimals(std::string_view key) {
  std::map<std::string, Decimal> values;
  const toml::node* node = take(key);
  if (node == nullptr) return values;
  const toml::table* table = node->as_table();
  if (table == nullptr) return wrong(key, "must be a table of decimals in quotes");
  for (const auto& [name, value] : *table) {
    const auto text = value.value_exact<std::string>();
    const auto decimal = text ? parse_decimal(*text) : std::nullopt;
    if (!decimal) return wrong(key, fmt::format("{}: must be a decimal in quotes", name.str()));
    values.emplace(name.str(), *decimal);
  }
  return values;
}

Result<std::vector<std::string>> TableReader::texts(std::string_view key) {
  std::vector<std::string> values;
  const toml::node* node = take(key);
  if (node == nullptr) return values;
  const toml::array* array = node->as_array();
  if (array == nullptr) return wrong(key, "must be a list of texts");
  for (const toml::node& item : *array) {
    const auto value = item.value_exact<std::string>();
    if (!value) return wrong(key, "must be a list of texts");
    values.push_back(*value);
  }
  return values;
}

Result<std::vector<const toml::table*>> TableReader::tables(std::string_view key) {
  std::vector<const toml::table*> values;
  const toml::node* node = take(key);
  if (node == nullptr) return values;
  const toml::array* array = node->as_array();
  if (array == nullptr) return wrong(key, fmt::format("must be [[{}]]", key));
  for (const toml::node& item : *array) {
    if (item.as_table() == nullptr) return wrong(key, "must be a list of tables");
    values.push_back(item.as_table());
  }
  return values;
}

Result<const toml::table*> TableReader::table(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return static_cast<const toml::table*>(nullptr);
  if (node->as_table() == nullptr) return wrong(key, "must be a table");
  return node->as_table();
}

Status TableReader::finish() const {
  for (const auto& [key, node] : table_) {
    if (!asked_.contains(key.str())) return wrong(key.str(), "there is no such key here");
  }
  return {};
}

}  // namespace mj::appraisal
