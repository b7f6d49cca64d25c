#pragma once

#include <cstddef>
#include <string_view>

#include "byte_scan.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {

[[nodiscard]] constexpr bool is_blank(char c) {
  // Nearly every byte asked about is above them all.
  return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}
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

/// The field whose text is [begin, end) of an area, with the first dash of its name and its first equals sign (npos: none).
/// Places instead of views until the end, and always part of its caller: a view that went through memory in halves would be
/// waited for.
[[nodiscard, gnu::always_inline]] inline Field field_between(std::string_view area, std::size_t begin,
                                                             std::size_t dash, std::size_t equals,
                                                             std::size_t end) {
  const char* const text = area.data();
  const bool has_value = equals != std::string_view::npos;
  std::size_t name_end = has_value ? equals : end;
  while (begin < name_end && is_blank(text[begin])) ++begin;
  while (begin < name_end && is_blank(text[name_end - 1])) --name_end;
  std::size_t value = has_value ? equals + 1 : end;
  while (value < end && is_blank(text[value])) ++value;
  while (value < end && is_blank(text[end - 1])) --end;
  const bool has_factor = dash != std::string_view::npos && dash != begin;
  std::size_t key = has_factor ? dash + 1 : begin;
  std::size_t factor_end = has_factor ? dash : begin;
  while (begin < factor_end && is_blank(text[factor_end - 1])) --factor_end;
  while (key < name_end && is_blank(text[key])) ++key;
  return {{has_factor ? text + begin : nullptr, factor_end - begin},
          {text + key, name_end - key},
          {has_value ? text + value : nullptr, has_value ? end - value : 0}};
}

/// Calls `visit(Field)` for every field of a data area, in order. Source: HJ 212-2017 §6.3.3.
template <typename Visit>
void for_each_field(std::string_view area, Visit visit) {
  Places<'=', ';', ',', '-'> signs(area);
  bool may_close = true;  // once no `//` closes a text, none further on does: keeps the walk linear
  std::size_t begin = 0;
  std::size_t equals = std::string_view::npos;
  std::size_t dash = std::string_view::npos;
  while (begin < area.size()) {
    std::size_t end = signs.next();
    if (end < area.size() && area[end] == '-') {
      if (equals == std::string_view::npos && dash == std::string_view::npos) dash = end;
      continue;
    }
    if (end < area.size() && area[end] == '=') {
      if (equals != std::string_view::npos) continue;
      equals = end;
      std::size_t value = end + 1;
      while (value < area.size() && area[value] == ' ') ++value;
      if (!may_close || value >= area.size() || area[value] != '/' || !area.substr(value).starts_with("//"))
        continue;
      const std::size_t close = end_of_text(area, value);
      may_close = close != std::string_view::npos;
      if (!may_close) continue;
      end = close;
      signs.skip_to(end + 1);
    }
    const Field field = field_between(area, begin, dash, equals, end);
    if (!field.key.empty() || !field.value.empty() || !field.factor.empty()) visit(field);
    begin = end + 1;
    equals = std::string_view::npos;
    dash = std::string_view::npos;
  }
}

}  // namespace mj::hj212
