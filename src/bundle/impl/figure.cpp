#include "mj/bundle/figure.hpp"

namespace mj::bundle {
namespace {

Error refuse(std::string_view text, std::string_view why) {
  return Error(ErrorCode::invalid_input, fmt::format("\"{}\" names no figure: {}", text.substr(0, 200), why));
}

/// 14 digits, or 17 that do not end in 000: one spelling of one moment.
std::optional<Instant> parse_time(std::string_view digits) {
  const auto at = parse_compact(digits);
  if (!at || (digits.size() != 14 && digits.size() != 17)) return std::nullopt;
  if (digits.size() == 17 && digits.ends_with("000")) return std::nullopt;
  return at;
}

std::string time_text(Instant at) { return at.ms() % 1000 == 0 ? to_compact(at) : to_compact_ms(at); }

bool is_part(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

struct Form {
  FigureId::Kind kind;
  std::string_view word;
  std::size_t parts;
  std::string_view shape;
};
constexpr Form kForms[] = {{FigureId::Kind::value, "value", 7, "value/<MN>/<ST>/<CN>/<factor>/<kind>/<time>"},
                           {FigureId::Kind::mean, "mean", 8, "mean/<MN>/<ST>/<CN>/<factor>/<kind>/<from>/<to>"},
                           {FigureId::Kind::aqi, "aqi", 3, "aqi/<point>/<time>"},
                           {FigureId::Kind::water_class, "water-class", 3, "water-class/<point>/<time>"}};

}  // namespace

Result<FigureId> FigureId::parse(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  const auto* const form =
      std::find_if(std::begin(kForms), std::end(kForms), [&](const Form& f) { return f.word == parts.front(); });
  if (form == std::end(kForms)) return refuse(text, "it begins with none of value/, mean/, aqi/, water-class/");
  if (parts.size() > form->parts && (form->kind == Kind::value || form->kind == Kind::mean)) {
    return refuse(
        text, fmt::format("the form is {}; a value of an imported file (<source>/<station>) has no packet to be "
                          "read from: prove the entry it came in (mingjian evidence proof)",
                          form->shape));
  }
  if (parts.size() != form->parts) return refuse(text, fmt::format("the form is {}", form->shape));
  if (const auto odd = std::find_if_not(parts.begin(), parts.end(), is_part); odd != parts.end())
    return refuse(text, fmt::format("part {} is empty or not printable", odd - parts.begin() + 1));
  FigureId id;
  id.kind = form->kind;
  id.subject = parts[1];
  const bool of_series = id.kind == Kind::value || id.kind == Kind::mean;
  if (of_series) {
    id.st = parts[2];
    id.cn = parts[3];
    id.factor = parts[4];
    id.value_kind = parts[5];
  }
  const auto at = parse_time(parts[of_series ? 6 : 2]);
  if (!at) return refuse(text, "the time is not YYYYMMDDhhmmss");
  id.at = *at;
  if (id.kind == Kind::mean) {
    const auto to = parse_time(parts[7]);
    if (!to) return refuse(text, "the end is not YYYYMMDDhhmmss");
    if (*to <= id.at) return refuse(text, "the end is not behind the beginning");
    id.to = *to;
  }
  return id;
}

std::string FigureId::text() const {
  switch (kind) {
    case Kind::value:
      return fmt::format("value/{}/{}/{}/{}/{}/{}", subject, st, cn, factor, value_kind, time_text(at));
    case Kind::mean:
      return fmt::format("mean/{}/{}/{}/{}/{}/{}/{}", subject, st, cn, factor, value_kind, time_text(at),
                         time_text(to));
    case Kind::aqi: return fmt::format("aqi/{}/{}", subject, time_text(at));
    case Kind::water_class: return fmt::format("water-class/{}/{}", subject, time_text(at));
  }
  return {};
}

}  // namespace mj::bundle
