#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"
#include "mj/registry/day.hpp"
#include "mj/registry/network.hpp"

namespace mj::coverage {

/// A table of a rule file; a key that nobody asks for is an error. All faults name file and line.
class RuleTable {
 public:
  RuleTable(const std::filesystem::path& file, const toml::table& table) : file_(file), table_(table) {}

  [[nodiscard]] Error fault(const toml::node& node, std::string_view what) const;
  [[nodiscard]] Error fault(std::string_view what) const { return fault(table_, what); }
  [[nodiscard]] const toml::node* find(std::string_view key);
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  [[nodiscard]] Result<std::string> text(std::string_view key);
  [[nodiscard]] Result<std::string> text_or(std::string_view key, std::string_view other);
  /// A text or a list of texts.
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view key);
  /// `{ zh = "…", en = "…" }`.
  [[nodiscard]] Result<registry::LocalName> name(std::string_view key);
  [[nodiscard]] Result<int> count(std::string_view key);
  [[nodiscard]] Result<double> number(std::string_view key);
  [[nodiscard]] Result<registry::Day> day(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] Status nothing_left() const;

 private:
  const std::filesystem::path& file_;
  const toml::table& table_;
  std::set<std::string, std::less<>> asked_;
};

/// Texts of a node: one, or a list of them. Errors: none when it is something else.
[[nodiscard]] std::optional<std::vector<std::string>> texts_of(const toml::node& node);

}  // namespace mj::coverage
