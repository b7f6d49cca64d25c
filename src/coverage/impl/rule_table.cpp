#include "rule_table.hpp"

namespace mj::coverage {

Error RuleTable::fault(const toml::node& node, std::string_view what) const {
  return {ErrorCode::invalid_input, fmt::format("{}:{}: {}", file_.string(), node.source().begin.line, what)};
}

const toml::node* RuleTable::find(std::string_view key) {
  asked_.emplace(key);
  return table_.get(key);
}

Result<std::string> RuleTable::text(std::string_view key) {
  const toml::node* node = find(key);
  const auto value = node == nullptr ? std::nullopt : node->value<std::string>();
  if (!value || value->empty()) return fault(fmt::format("{} must be a text in quotes", key));
  return *value;
}

Result<std::string> RuleTable::text_or(std::string_view key, std::string_view other) {
  if (!has(key)) return std::string(other);
  return text(key);
}

std::optional<std::vector<std::string>> texts_of(const toml::node& node) {
  if (const auto one = node.value<std::string>()) return std::vector<std::string>{*one};
  const toml::array* list = node.as_array();
  if (list == nullptr || list->empty()) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& item : *list) {
    const auto value = item.value<std::string>();
    if (!value) return std::nullopt;
    texts.push_back(*value);
  }
  return texts;
}

Result<std::vector<std::string>> RuleTable::texts(std::string_view key) {
  const toml::node* node = find(key);
  auto values = node == nullptr ? std::nullopt : texts_of(*node);
  if (!values) return fault(fmt::format("{} must be a text or a list of texts", key));
  return *std::move(values);
}

Result<registry::LocalName> RuleTable::name(std::string_view key) {
  const toml::node* node = find(key);
  const toml::table* both = node == nullptr ? nullptr : node->as_table();
  const auto part = [both](std::string_view language) {
    return both == nullptr || !both->contains(language) ? std::nullopt : both->get(language)->value<std::string>();
  };
  const auto zh = part("zh");
  const auto en = part("en");
  if (!zh || !en || both->size() != 2) return fault(fmt::format("{} must be {{ zh = \"…\", en = \"…\" }}", key));
  return registry::LocalName{*zh, *en};
}

Result<int> RuleTable::count(std::string_view key) {
  const toml::node* node = find(key);
  const auto value = node == nullptr ? std::nullopt : node->value_exact<std::int64_t>();
  if (!value || *value < 0 || *value > 1'000'000) return fault(fmt::format("{} must be a whole number", key));
  return static_cast<int>(*value);
}

Result<double> RuleTable::number(std::string_view key) {
  const toml::node* node = find(key);
  const auto value = node == nullptr ? std::nullopt : node->value<double>();
  if (!value || !(*value >= 0)) return fault(fmt::format("{} must be a number, not negative", key));
  return *value;
}

Result<registry::Day> RuleTable::day(std::string_view key) {
  MJ_TRY(const std::string written, text(key));
  const auto day = registry::parse_day(written);
  if (!day) return fault(fmt::format("{} must be a day such as \"2026-03-01\"", key));
  return *day;
}

Status RuleTable::nothing_left() const {
  for (const auto& [key, node] : table_) {
    if (!asked_.contains(key.str())) return fault(node, fmt::format("unknown key \"{}\"", key.str()));
  }
  return {};
}

}  // namespace mj::coverage
