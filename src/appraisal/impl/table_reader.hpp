#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/source.hpp"

namespace mj::appraisal {

/// Reads a table of TOML key by key and knows which keys nobody asked for: a silent typing error would change money.
/// Every error is invalid_input with place and key.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string place) : table_(table), place_(std::move(place)) {}

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] Error wrong(std::string_view key, std::string_view what) const;

  [[nodiscard]] Result<std::string> text(std::string_view key);
  [[nodiscard]] Result<std::string> text_or(std::string_view key, std::string otherwise);
  [[nodiscard]] Result<bool> flag(std::string_view key);  ///< false when it is absent
  /// `{ zh = "…", en = "…" }`; the English one may be missing.
  [[nodiscard]] Result<standards::Text> words(std::string_view key);
  /// Decimals stand in quotes, so that their digits are kept: "0.60".
  [[nodiscard]] Result<std::optional<Decimal>> decimal(std::string_view key);
  [[nodiscard]] Result<std::optional<std::int64_t>> whole(std::string_view key, std::int64_t least,
                                                          std::int64_t most);
  /// `{ "500101" = "1.5" }`.
  [[nodiscard]] Result<std::map<std::string, Decimal>> decimals(std::string_view key);
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view key);
  /// The tables of `[[key]]`; none when it is absent.
  [[nodiscard]] Result<std::vector<const toml::table*>> tables(std::string_view key);
  /// Null when it is absent.
  [[nodiscard]] Result<const toml::table*> table(std::string_view key);

  /// Errors: a key that nobody asked for.
  [[nodiscard]] Status finish() const;

 private:
  const toml::node* take(std::string_view key);
  const toml::table& table_;
  std::string place_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace mj::appraisal
