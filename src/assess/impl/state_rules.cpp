#include <toml++/toml.h>

#include <algorithm>

#include "mj/assess/point_state.hpp"

namespace mj::assess {
namespace {

Error at(const std::filesystem::path& file, const toml::node& node, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", file.string(), node.source().begin.line, what));
}

Result<StateRules::ForElement> read_element(const std::filesystem::path& file, const toml::table& table) {
  StateRules::ForElement rules;
  const auto stale = table["stale_minutes"].value<std::int64_t>();
  const auto window = table["window_minutes"].value<std::int64_t>();
  constexpr std::int64_t kMostMinutes = 366LL * 24 * 60;
  if (!stale || *stale <= 0 || *stale > kMostMinutes || !window || *window < 0 || *window > kMostMinutes) {
    return at(file, table, "stale_minutes and window_minutes must be whole numbers of minutes, at most a year");
  }
  rules.stale_ms = *stale * 60'000;
  rules.window_ms = *window * 60'000;
  const toml::array* values = table["values"].as_array();
  if (values == nullptr || values->empty())
    return at(file, table, "values is needed: [{ period = \"hour\", kind = \"Avg\" }]");
  for (const toml::node& node : *values) {
    const toml::table* value = node.as_table();
    if (value == nullptr) return at(file, node, "a value is { period = \"hour\", kind = \"Avg\" }");
    const auto period = telemetry::parse_period((*value)["period"].value_or(std::string()));
    const std::string kind = (*value)["kind"].value_or(std::string());
    if (!period || kind.empty())
      return at(file, node, "period must be instant, minute, hour or day, and kind not empty");
    rules.sources.push_back({*period, kind});
  }
  if (const toml::node* figures = table.get("figures")) {
    const toml::array* codes = figures->as_array();
    for (std::size_t i = 0; codes != nullptr && i < codes->size(); ++i)
      rules.figures.push_back((*codes)[i].value_or(std::string()));
    if (codes == nullptr || std::find(rules.figures.begin(), rules.figures.end(), "") != rules.figures.end())
      return at(file, *figures, "figures holds codes of factors: [\"Leq\"]");
  }
  return rules;
}

}  // namespace

Result<StateRules> StateRules::load(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return Error(ErrorCode::not_found, fmt::format("there is no file {}", file.string()));
  StateRules rules;
  try {
    const toml::table document = toml::parse_file(file.string());
    for (const auto& [key, node] : document) {
      const auto element = registry::parse_element(key.str());
      const toml::table* table = node.as_table();
      if (!element || table == nullptr)
        return at(file, node, fmt::format("[{}] is none of the elements {}", key.str(), registry::kElementWords));
      MJ_TRY(auto read, read_element(file, *table));
      rules.elements.emplace(*element, std::move(read));
    }
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), failure.source().begin.line, failure.description()));
  }
  for (const registry::ElementWord& known : registry::kElements) {
    if (!rules.elements.contains(known.element))
      return Error(ErrorCode::invalid_input, fmt::format("{}: [{}] is missing", file.string(), known.word));
  }
  return rules;
}

}  // namespace mj::assess
