#include "mj/registry/element.hpp"

#include <algorithm>

namespace mj::registry {

std::string_view name(Element element) {
  const auto found =
      std::find_if(kElements.begin(), kElements.end(), [&](const ElementWord& e) { return e.element == element; });
  return found == kElements.end() ? std::string_view() : found->word;
}

std::optional<Element> parse_element(std::string_view word) {
  for (const ElementWord& known : kElements) {
    if (known.word == word) return known.element;
  }
  return std::nullopt;
}

}  // namespace mj::registry
