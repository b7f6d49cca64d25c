#pragma once

#include <cstddef>
#include <string_view>

#include "mj/hj212/message.hpp"

namespace mj::hj212 {

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
[[nodiscard]] constexpr bool is_separator(char c) { return c == ';' || c == ','; }

[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

[[nodiscard]] constexpr bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

/// End of a log text `//…//` that begins at `open`, or npos: the `//` that a separator or the end of the area follows.
[[nodiscard]] inline std::size_t end_of_text(std::string_view area, std::size_t open) {
  for (std::size_t at = area.find("//", open + 2); at != std::string_view::npos; at = area.find("//", at + 1)) {
    std::size_t after = at + 2;
    while (after < area.size() && is_blank(area[after])) ++after;
    if (after == area.size() || is_separator(area[after])) return after;
  }
  return std::string_view::npos;
}

/// Calls `visit(Field)` for every field of a data area, in order. Source: HJ 212-2017 §6.3.3.
template <typename Visit>
void for_each_field(std::string_view area, Visit visit) {
  bool may_close = true;  // once no `//` closes a text, none further on does: keeps the walk linear
  std::size_t begin = 0;
  while (begin < area.size()) {
    std::size_t equals = std::string_view::npos;
    std::size_t end = begin;
    while (end < area.size() && !is_separator(area[end])) {
      if (area[end] == '=' && equals == std::string_view::npos) {
        equals = end;
        std::size_t value = end + 1;
        while (value < area.size() && area[value] == ' ') ++value;
        if (may_close && area.substr(value).starts_with("//")) {
          const std::size_t close = end_of_text(area, value);
          may_close = close != std::string_view::npos;
          if (may_close) {
            end = close;
            break;
          }
        }
      }
      ++end;
    }
    Field field;
    const std::size_t name_end = equals == std::string_view::npos ? end : equals;
    const std::string_view name = trim(area.substr(begin, name_end - begin));
    if (equals != std::string_view::npos) field.value = trim(area.substr(equals + 1, end - equals - 1));
    const std::size_t dash = name.find('-');
    if (dash == std::string_view::npos || dash == 0) {
      field.key = name;
    } else {
      field.factor = trim(name.substr(0, dash));
      field.key = trim(name.substr(dash + 1));
    }
    if (!name.empty() || !field.value.empty()) visit(field);
    begin = end + 1;
  }
}

}  // namespace mj::hj212
