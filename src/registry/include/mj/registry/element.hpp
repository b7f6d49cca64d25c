#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace mj::registry {

/// Environmental element 环境要素. The one list: the words of `point.element` in rules/register.toml, which also gives their
/// names; a register with another word is refused.
enum class Element {
  air,
  precipitation,
  surface_water,
  groundwater,
  drinking_source,
  soil,
  noise,
  radiation,
  ecology,
  source,
};

/// All elements with their words, in the order in which people list them.
struct ElementWord {
  Element element;
  std::string_view word;
};
inline constexpr std::array<ElementWord, 10> kElements{{
    {Element::air, "air"},
    {Element::precipitation, "precipitation"},
    {Element::surface_water, "surface_water"},
    {Element::groundwater, "groundwater"},
    {Element::drinking_source, "drinking_source"},
    {Element::soil, "soil"},
    {Element::noise, "noise"},
    {Element::radiation, "radiation"},
    {Element::ecology, "ecology"},
    {Element::source, "source"},
}};
/// "air, precipitation, …", for texts that say which words there are.
inline constexpr std::string_view kElementWords =
    "air, precipitation, surface_water, groundwater, drinking_source, soil, noise, radiation, ecology, source";

/// "air", "surface_water" …
[[nodiscard]] std::string_view name(Element element);
/// Errors: none for another word.
[[nodiscard]] std::optional<Element> parse_element(std::string_view word);

}  // namespace mj::registry
