#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "byte_scan.hpp"
#include "mj/hj212/protocol.hpp"
#include "scan.hpp"

namespace mj::hj212 {

/// A rule as a key leads to it.
struct KeyRule {
  std::uint64_t key = 0;  ///< packed name of the key
  std::string_view name;  ///< of the key, without the factor's part
  const FieldRule* rule = nullptr;
  std::uint64_t bit = 0;    ///< of the rule among those of its command; 0 beyond the 64th
  bool is_flag = false;     ///< `*-Flag`
  bool any_number = false;  ///< a number of any width, without range: the commonest type of all
};

/// What a type `N` without range accepts: a sign, digits, a point and digits. The same as ValueType::accepts().
[[nodiscard]] inline bool is_any_number(std::string_view value) {
  const char* at = value.data();
  const char* const end = at + value.size();
  if (at != end && (*at == '-' || *at == '+')) ++at;
  const char* const whole = at;
  while (at != end && is_digit(*at)) ++at;
  if (at == whole) return false;
  if (at == end) return true;
  if (*at != '.') return false;
  const char* const decimals = ++at;
  while (at != end && is_digit(*at)) ++at;
  return at == end && at != decimals;
}

/// The rules of one command, found by their keys without a look at every rule. Says what Command::rule() says.
class CommandIndex {
 public:
  explicit CommandIndex(const Command& command);

  /// The rule of a key of any factor, if rules of this command look at the key alone. Null: ask Command::rule().
  [[nodiscard]] const KeyRule* of_factor(std::string_view key, std::uint64_t packed_key) const {
    return of_factor_.find(key, packed_key);
  }
  /// The rule of a name without factor; null: ask Command::rule().
  [[nodiscard]] const KeyRule* bare(std::string_view key, std::uint64_t packed_key) const {
    return bare_.find(key, packed_key);
  }
  /// Whether a look at the bits tells that no required field is absent.
  [[nodiscard]] bool all_required(std::uint64_t seen) const { return bits_suffice_ && (required_ & ~seen) == 0; }
  [[nodiscard]] static std::uint64_t bit_of(const Command& command, const FieldRule* rule);

 private:
  /// Open addressing, a power of two in size, at most half full; an empty place has no rule.
  class Table {
   public:
    void make(const std::vector<KeyRule>& rules);
    [[nodiscard]] const KeyRule* find(std::string_view key, std::uint64_t packed_key) const {
      for (std::size_t at = hash_place(packed_key, rules_.size());; at = (at + 1) & (rules_.size() - 1)) {
        const KeyRule& rule = rules_[at];
        if (rule.rule == nullptr) return nullptr;
        // Up to eight characters the packed name is the name.
        if (rule.key == packed_key && rule.name.size() == key.size() && (key.size() <= 8 || rule.name == key))
          return &rule;
      }
    }

   private:
    std::vector<KeyRule> rules_ = std::vector<KeyRule>(2);
  };

  Table of_factor_, bare_;
  std::uint64_t required_ = 0;
  bool bits_suffice_ = true;
};

}  // namespace mj::hj212
