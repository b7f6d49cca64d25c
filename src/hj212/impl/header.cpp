#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "fields.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

enum class Name { qn, st, cn, pw, mn, flag, pnum, pno, rf, cp, unknown };

constexpr std::size_t kLookBack = 16;

// Longer names first: a glued name is recognised by its end ("5Flag").
constexpr std::array<std::pair<std::string_view, Name>, 10> kNames{{{"Flag", Name::flag},
                                                                    {"PNUM", Name::pnum},
                                                                    {"PNO", Name::pno},
                                                                    {"QN", Name::qn},
                                                                    {"ST", Name::st},
                                                                    {"CN", Name::cn},
                                                                    {"PW", Name::pw},
                                                                    {"MN", Name::mn},
                                                                    {"RF", Name::rf},
                                                                    {"CP", Name::cp}}};

/// The text between two equals signs, divided into the value of the field before and the name of the next.
struct Division {
  std::string_view value;
  Name name = Name::unknown;
  bool is_name = false;  ///< false: no name at the end, the equals sign belongs to the value
};

Division divide(std::string_view text) {
  // Names are short: looking back further would only find a separator inside a value.
  const std::size_t limit = text.size() - std::min(text.size(), kLookBack);
  std::size_t begin = text.size();
  while (begin > limit && !is_separator(text[begin - 1])) --begin;
  const bool separated = begin > 0 && is_separator(text[begin - 1]);
  const std::string_view word = trim(text.substr(begin));
  for (const auto& [spelling, name] : kNames) {
    if (same_name(word, spelling)) return {text.substr(0, begin), name, true};
  }
  if (separated) return {text.substr(0, begin), Name::unknown, true};
  // "Flag=5CP=", "QN=20180101000000000ST=32": a separator is missing, the name is glued to the value before it.
  for (const auto& [spelling, name] : kNames) {
    if (word.size() > spelling.size() && same_name(word.substr(word.size() - spelling.size()), spelling)) {
      const auto name_at = static_cast<std::size_t>(word.data() - text.data()) + word.size() - spelling.size();
      return {text.substr(0, name_at), name, true};
    }
  }
  return {};
}

std::string_view value_of(std::string_view text) {
  text = trim(text);
  while (!text.empty() && is_separator(text.back())) text = trim(text.substr(0, text.size() - 1));
  return text;
}

std::optional<Flag> read_flag(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > 255) return std::nullopt;
  return Flag{static_cast<std::uint8_t>(value)};
}

/// The first of several fields of one name counts.
void set(std::optional<std::string_view>& field, std::string_view value) {
  if (!field) field = value;
}

void assign(Header& header, Name name, std::string_view value) {
  switch (name) {
    case Name::qn: return set(header.qn, value);
    case Name::st: return set(header.st, value);
    case Name::cn: return set(header.cn, value);
    case Name::pw: return set(header.pw, value);
    case Name::mn: return set(header.mn, value);
    case Name::pnum: return set(header.pnum, value);
    case Name::pno: return set(header.pno, value);
    case Name::rf: return set(header.rf, value);
    case Name::flag:
      if (!header.flag) header.flag = read_flag(value);
      return;
    case Name::cp:
    case Name::unknown: return;
  }
}

/// A data area and the header fields behind it.
struct Area {
  std::string_view cp;
  std::string_view behind;
  bool marked = true;  ///< begins with `&&` (or a single `&`)
};

/// `text` is what follows `CP=`. The area ends at the last `&&`: ciphertext may contain others.
Area read_area(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  const std::size_t open = text.starts_with("&&") ? 2 : text.starts_with('&') ? 1 : 0;
  Area area;
  area.marked = open > 0;
  text.remove_prefix(open);
  area.cp = text;
  if (const std::size_t close = text.rfind("&&"); close != std::string_view::npos) {
    area.cp = text.substr(0, close);
    area.behind = text.substr(close + 2);
  } else if (text.ends_with('&')) {
    area.cp = text.substr(0, text.size() - 1);
  }
  // "CP=&&&&QN=…&&", a reply of the 2005 generation with the empty area in front.
  if (area.cp.starts_with("&&QN=")) area.cp.remove_prefix(2);
  return area;
}

void read_fields_into(std::string_view text, Header& header, std::string& error) {
  Name current = Name::unknown;
  std::size_t begin = 0;  // of the text not yet assigned
  std::size_t from = 0;   // where the next equals sign is searched
  while (true) {
    const std::size_t equals = text.find('=', from);
    if (equals == std::string_view::npos) break;
    const Division part = divide(text.substr(begin, equals - begin));
    from = equals + 1;
    if (!part.is_name) continue;
    assign(header, current, value_of(part.value));
    current = part.name;
    begin = from;
    if (current != Name::cp || header.cp) continue;
    const Area area = read_area(text.substr(begin));
    header.cp = area.cp;
    if (!area.marked) error = "data area without &&";
    text = area.behind;
    begin = from = 0;
    current = Name::unknown;
  }
  assign(header, current, value_of(text.substr(begin)));
}

void complain(std::string& error, std::string text) {
  if (!error.empty()) error += "; ";
  error += text;
}

}  // namespace

HeaderReading read_header(std::string_view segment) {
  HeaderReading reading;
  Header& header = reading.header;
  read_fields_into(segment, header, reading.error);
  if (!header.cn) {
    complain(reading.error, "CN is missing");
  } else if (header.cn->size() != 4 || header.cn->find_first_not_of("0123456789") != std::string_view::npos) {
    complain(reading.error, fmt::format("CN of {} characters is not four digits", header.cn->size()));
  }
  if (!header.cp) complain(reading.error, "CP is missing");
  return reading;
}

void read_fields(std::string_view cp, std::vector<Field>& fields) {
  fields.clear();
  for_each_field(cp, [&fields](const Field& field) { fields.push_back(field); });
}

std::optional<Instant> read_data_time(std::string_view value) { return parse_compact(trim(value)); }

}  // namespace mj::hj212
