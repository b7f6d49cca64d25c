#include "command_index.hpp"

#include <algorithm>
#include <bit>

namespace mj::hj212 {
namespace {

constexpr std::size_t kMaxBits = 64;
constexpr std::string_view kAnyFactor = "*-";

bool takes_any_number(const FieldRule& rule) {
  return rule.type.form == ValueType::Form::number && rule.type.length == 0 && rule.one_of.empty() && !rule.min &&
         !rule.max;
}

}  // namespace

CommandIndex::CommandIndex(const Command& command) {
  std::vector<KeyRule> of_factor;
  std::vector<KeyRule> bare;
  bool by_key_alone = true;
  for (const FieldRule& rule : command.fields) {
    const std::string_view key = rule.key;
    const bool is_bare = key.find('-') == std::string_view::npos;
    const std::string_view name = is_bare ? key : key.substr(std::min(key.size(), kAnyFactor.size()));
    by_key_alone &= is_bare || (key.starts_with(kAnyFactor) && !key.ends_with('*'));
    (is_bare ? bare : of_factor)
        .push_back({.key = packed(name),
                    .name = name,
                    .rule = &rule,
                    .bit = bit_of(command, &rule),
                    .is_flag = key == "*-Flag",
                    .any_number = takes_any_number(rule)});
    if (!rule.required) continue;
    required_ |= bit_of(command, &rule);
    bits_suffice_ &= bit_of(command, &rule) != 0;
  }
  // With one rule that looks at the factor too, or at the beginning of keys, the order of the rules decides.
  if (by_key_alone) of_factor_.make(of_factor);
  bare_.make(bare);
}

std::uint64_t CommandIndex::bit_of(const Command& command, const FieldRule* rule) {
  const auto index = static_cast<std::size_t>(rule - command.fields.data());
  return index < kMaxBits ? std::uint64_t{1} << index : 0;
}

void CommandIndex::Table::make(const std::vector<KeyRule>& rules) {
  rules_.assign(std::bit_ceil(rules.size() * 2 + 2), {});
  for (const KeyRule& rule : rules) {
    // Of two rules for one key the first counts.
    if (find(rule.name, rule.key) != nullptr) continue;
    std::size_t at = hash_place(rule.key, rules_.size());
    while (rules_[at].rule != nullptr) at = (at + 1) & (rules_.size() - 1);
    rules_[at] = rule;
  }
}

}  // namespace mj::hj212
