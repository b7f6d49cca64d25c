#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/standards/source.hpp"

namespace mj::api {

/// Keeps the order of the contract, so that an answer reads like its schema.
using Json = nlohmann::ordered_json;

/// One line; bytes that are no UTF-8 (a device may send anything as its number) become U+FFFD.
[[nodiscard]] std::string to_text(const Json& json);

/// A `Time` of the contract.
[[nodiscard]] Json to_json(Instant instant);
/// A `Time`, or null.
[[nodiscard]] Json to_json(const std::optional<Instant>& instant);

/// A `Name`; the English one falls back to the Chinese.
[[nodiscard]] Json name_json(std::string_view zh, std::string_view en);
/// The same of a text kept in both languages.
[[nodiscard]] Json name_json(const standards::Text& text);

/// A `Decimal`: the text is the figure, the number is for drawing.
[[nodiscard]] Json to_json(const Decimal& decimal);
/// A `Decimal` of a figure kept as received; null when it is no number.
[[nodiscard]] Json figure_json(std::string_view text, const std::optional<double>& number);

}  // namespace mj::api
