#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "fields.hpp"

namespace mj::hj212 {

/// In the order of the standard, HJ 212-2017 §6.3.2.
enum class HeaderName { qn, st, cn, pw, mn, flag, pnum, pno, rf, cp, unknown };

inline constexpr std::size_t kLookBack = 16;

// Longer names first: a glued name is recognised by its end ("5Flag").
inline constexpr std::array<std::pair<std::string_view, HeaderName>, 10> kHeaderNames{{{"Flag", HeaderName::flag},
                                                                                       {"PNUM", HeaderName::pnum},
                                                                                       {"PNO", HeaderName::pno},
                                                                                       {"QN", HeaderName::qn},
                                                                                       {"ST", HeaderName::st},
                                                                                       {"CN", HeaderName::cn},
                                                                                       {"PW", HeaderName::pw},
                                                                                       {"MN", HeaderName::mn},
                                                                                       {"RF", HeaderName::rf},
                                                                                       {"CP", HeaderName::cp}}};

/// The text between two equals signs, divided into the value of the field before and the name of the next.
struct HeaderDivision {
  std::string_view value;
  HeaderName name = HeaderName::unknown;
  bool is_name = false;  ///< false: no name at the end, the equals sign belongs to the value
};

inline HeaderDivision divide_header(std::string_view text) {
  // Names are short: looking back further would only find a separator inside a value.
  const std::size_t limit = text.size() - std::min(text.size(), kLookBack);
  std::size_t begin = text.size();
  while (begin > limit && !is_separator(text[begin - 1])) --begin;
  const bool separated = begin > 0 && is_separator(text[begin - 1]);
  const std::string_view word = trim(text.substr(begin));
  for (const auto& [spelling, name] : kHeaderNames) {
    if (same_name(word, spelling)) return {text.substr(0, begin), name, true};
  }
  if (separated) return {text.substr(0, begin), HeaderName::unknown, true};
  // "Flag=5CP=", "QN=20180101000000000ST=32": a separator is missing, the name is glued to the value before it.
  for (const auto& [spelling, name] : kHeaderNames) {
    if (word.size() > spelling.size() && same_name(word.substr(word.size() - spelling.size()), spelling)) {
      const auto name_at = static_cast<std::size_t>(word.data() - text.data()) + word.size() - spelling.size();
      return {text.substr(0, name_at), name, true};
    }
  }
  return {};
}

/// A data area and the header fields behind it.
struct HeaderArea {
  std::string_view cp;
  std::string_view behind;
  bool marked = true;   ///< begins with `&&` (or a single `&`)
  bool regular = true;  ///< begins and ends with `&&`
};

/// `text` is what follows `CP=`. The area ends at the last `&&`: ciphertext may contain others.
inline HeaderArea read_header_area(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  const std::size_t open = text.starts_with("&&") ? 2 : text.starts_with('&') ? 1 : 0;
  HeaderArea area;
  area.marked = open > 0;
  area.regular = open == 2;
  text.remove_prefix(open);
  area.cp = text;
  if (const std::size_t close = text.rfind("&&"); close != std::string_view::npos) {
    area.cp = text.substr(0, close);
    area.behind = text.substr(close + 2);
  } else {
    area.regular = false;
    if (text.ends_with('&')) area.cp = text.substr(0, text.size() - 1);
  }
  // "CP=&&&&QN=…&&", a reply of the 2005 generation with the empty area in front.
  if (area.cp.starts_with("&&QN=")) {
    area.cp.remove_prefix(2);
    area.regular = false;
  }
  return area;
}

/// A field of the header as it stands there.
struct HeaderField {
  HeaderName name = HeaderName::unknown;
  std::string_view spelled;  ///< the name with the blanks around it; empty for what stands before the first name
  std::string_view value;    ///< up to the next name, separators and blanks included; of CP: its data area
  bool behind_area = false;
  bool area_marked = true;   ///< of CP: begins with `&&` or `&`
  bool area_regular = true;  ///< of CP: begins with `&&` and ends with `&&`
};

/// Calls `visit(HeaderField)` for every field, in order, with all tolerances of docs/formats/hj212-framing.md §3.
template <typename Visit>
void walk_header(std::string_view text, Visit visit) {
  HeaderField current;
  bool in_field = false;
  bool had_area = false;
  std::size_t begin = 0;  // of the text not yet assigned
  std::size_t from = 0;   // where the next equals sign is searched
  while (true) {
    const std::size_t equals = text.find('=', from);
    if (equals == std::string_view::npos) break;
    const HeaderDivision part = divide_header(text.substr(begin, equals - begin));
    from = equals + 1;
    if (!part.is_name) continue;
    current.value = part.value;
    if (in_field || !part.value.empty()) visit(current);
    current.name = part.name;
    current.spelled = text.substr(begin + part.value.size(), equals - begin - part.value.size());
    in_field = true;
    begin = from;
    if (current.name != HeaderName::cp || had_area) continue;
    const HeaderArea area = read_header_area(text.substr(begin));
    current.value = area.cp;
    current.area_marked = area.marked;
    current.area_regular = area.regular;
    visit(current);
    current = HeaderField{};
    current.behind_area = true;
    had_area = true;
    in_field = false;
    text = area.behind;
    begin = from = 0;
  }
  current.value = text.substr(begin);
  if (in_field || !current.value.empty()) visit(current);
}

}  // namespace mj::hj212
