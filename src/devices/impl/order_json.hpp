#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace mj::devices {

using Json = nlohmann::ordered_json;

// Kinds of entries that the room reads and writes, docs/formats/decisions.md.
inline constexpr std::string_view kOrderKind = "device.order";
inline constexpr std::string_view kCancelKind = "device.cancel";
inline constexpr std::string_view kStepKind = "device.step";

/// A member that is text; none when it is absent or something else. A view into `json`.
[[nodiscard]] inline std::optional<std::string_view> text_of(const Json& json, std::string_view member) {
  if (!json.is_object()) return std::nullopt;
  const auto found = json.find(member);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return std::string_view(found->get_ref<const std::string&>());
}

/// A member that is a whole number which fits; none otherwise.
template <std::integral Number>
[[nodiscard]] std::optional<Number> number_of(const Json& json, std::string_view member) {
  if (!json.is_object()) return std::nullopt;
  const auto found = json.find(member);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  const bool is_unsigned = found->is_number_unsigned();
  if (is_unsigned ? !std::in_range<Number>(found->get<std::uint64_t>())
                  : !std::in_range<Number>(found->get<std::int64_t>()))
    return std::nullopt;
  return static_cast<Number>(is_unsigned ? found->get<std::uint64_t>()
                                         : static_cast<std::uint64_t>(found->get<std::int64_t>()));
}

/// Parameters as they stand in an order and in the database.
[[nodiscard]] inline Json parameters_to_json(const std::vector<std::pair<std::string, std::string>>& parameters) {
  Json list = Json::array();
  for (const auto& [key, value] : parameters) list.push_back({{"name", key}, {"value", value}});
  return list;
}
/// Errors: none when it is not such a list.
[[nodiscard]] inline std::optional<std::vector<std::pair<std::string, std::string>>> parameters_from_json(
    const Json& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const Json& parameter : list) {
    const auto key = text_of(parameter, "name");
    const auto value = text_of(parameter, "value");
    if (!key || !value) return std::nullopt;
    parameters.emplace_back(*key, *value);
  }
  return parameters;
}

}  // namespace mj::devices
