#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <set>
#include <string>

#include "mj/kernel/result.hpp"

namespace mj::simulator {

template <typename T>
constexpr std::string_view kKindOfValue = "a text in quotes";
template <>
inline constexpr std::string_view kKindOfValue<double> = "a number";
template <>
inline constexpr std::string_view kKindOfValue<bool> = "true or false";
template <>
inline constexpr std::string_view kKindOfValue<std::int64_t> = "a whole number";

/// One table of a TOML file being read: every key must be of the expected kind, and a key nobody asked for is an error,
/// since a misspelled one would silently be left out. Errors name file and line.
class TomlKeys {
 public:
  TomlKeys(const std::filesystem::path& file, const toml::table& table) : file_(file), table_(table) {}

  /// Leaves `value` as it is when the key is absent.
  template <typename T>
  Status read(std::string_view key, T& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value<T>();
    if (!found) return fault(*node, fmt::format("{} must be {}", key, kKindOfValue<T>));
    value = *found;
    return {};
  }
  /// A whole number within bounds.
  template <typename T>
  Status read_whole(std::string_view key, T& value, std::int64_t min, std::int64_t max) {
    std::int64_t found = static_cast<std::int64_t>(value);
    MJ_CHECK(read(key, found));
    if (found < min || found > max) {
      return fault(*table_.get(key), fmt::format("{} must be {} to {}", key, min, max));
    }
    value = static_cast<T>(found);
    return {};
  }
  /// A word of a small vocabulary.
  template <typename T, typename Parse>
  Status read_word(std::string_view key, Parse parse, T& value) {
    std::string word;
    MJ_CHECK(read(key, word));
    if (word.empty()) return {};
    const auto parsed = parse(word);
    if (!parsed) return fault(*table_.get(key), fmt::format("{} \"{}\" is not known", key, word));
    value = *parsed;
    return {};
  }
  /// Words of a list.
  Status read_list(std::string_view key, std::vector<std::string>& words) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr) return fault(*node, fmt::format("{} must be a list", key));
    for (const toml::node& each : *list) {
      const auto word = each.value<std::string>();
      if (!word) return fault(each, fmt::format("{} holds texts in quotes", key));
      words.push_back(*word);
    }
    return {};
  }
  /// Calls `each` with every table of a list.
  template <typename Each>
  Status read_tables(std::string_view key, Each each) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr) return fault(*node, fmt::format("{} must be a list of tables", key));
    for (const toml::node& entry : *list) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) return fault(entry, fmt::format("{} must be a list of tables", key));
      MJ_CHECK(each(*table));
    }
    return {};
  }

  [[nodiscard]] const toml::node* find(std::string_view key) {
    asked_.insert(key);
    return table_.get(key);
  }
  [[nodiscard]] Status nothing_left() const {
    for (const auto& [key, node] : table_) {
      if (!asked_.contains(key.str())) return fault(node, fmt::format("unknown key \"{}\"", key.str()));
    }
    return {};
  }
  [[nodiscard]] Error fault(const toml::node& where, std::string_view what) const {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file_.string(), where.source().begin.line, what));
  }
  [[nodiscard]] const toml::table& table() const { return table_; }

 private:
  const std::filesystem::path& file_;
  const toml::table& table_;
  std::set<std::string_view> asked_;
};

}  // namespace mj::simulator
