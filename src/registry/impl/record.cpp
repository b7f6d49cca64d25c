#include "mj/registry/record.hpp"

#include "items.hpp"
#include "mj/kernel/decimal.hpp"

namespace mj::registry {

std::string_view name(RecordState state) {
  switch (state) {
    case RecordState::active: return "active";
    case RecordState::planned: return "planned";
    case RecordState::stopped: return "stopped";
  }
  return "active";
}

std::optional<RecordState> parse_state(std::string_view word) {
  for (const RecordState state : {RecordState::active, RecordState::planned, RecordState::stopped}) {
    if (word == name(state)) return state;
  }
  return std::nullopt;
}

const std::string& Record::get(std::string_view key) const {
  static const std::string nothing;
  const auto found = attributes.find(key);
  return found == attributes.end() ? nothing : found->second;
}

std::optional<double> Record::number(std::string_view key) const {
  const auto value = parse_decimal(get(key));
  if (!value) return std::nullopt;
  return to_double(*value);
}

std::vector<std::string> items_of(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    items.emplace_back(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return items;
}

std::vector<std::string> Record::list(std::string_view key) const { return items_of(get(key)); }

LocalName Record::name() const {
  const std::string& zh = get("name");
  const std::string& en = get("name_en");
  LocalName both;
  both.zh = !zh.empty() ? zh : (!en.empty() ? en : id);
  both.en = !en.empty() ? en : both.zh;
  return both;
}

}  // namespace mj::registry
