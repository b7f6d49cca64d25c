#include "mj/bundle/figure.hpp"

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/text.hpp"

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

bool is_plain(char c) { return c > ' ' && c < '\x7F' && c != '/' && c != '%'; }

std::string escaped(std::string_view part) {
  std::string text;
  for (const char c : part) {
    if (is_plain(c)) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

/// The part that is spelled so; none for another than its one spelling.
std::optional<std::string> unescaped(std::string_view text) {
  std::string part;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      part += text[i];
      continue;
    }
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    part += static_cast<char>(byte->front());
    i += 2;
  }
  if (part.empty() || !is_utf8(part) || escaped(part) != text) return std::nullopt;
  return part;
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
constexpr Form kForms[] = {
    {FigureId::Kind::value, "value", 7, "value/<MN>/<ST>/<CN>/<factor>/<kind>/<time>"},
    {FigureId::Kind::mean, "mean", 8, "mean/<MN>/<ST>/<CN>/<factor>/<kind>/<from>/<to>"},
    {FigureId::Kind::aqi, "aqi", 3, "aqi/<point>/<time>"},
    {FigureId::Kind::water_class, "water-class", 3, "water-class/<point>/<time>"},
    {FigureId::Kind::result, "result", 7, "result/<element>/<level>/<subject>/<indicator>/<from>/<to>"},
    {FigureId::Kind::statistic, "statistic", 8,
     "statistic/<element>/<subject>/<factor>/<statistic>/<question>/<from>/<to>"},
    {FigureId::Kind::appraisal, "appraisal", 6, "appraisal/<scheme>/<subject>/<indicator>/<from>/<to>"}};

}  // namespace

Result<FigureId> FigureId::parse(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  const auto* const form =
      std::find_if(std::begin(kForms), std::end(kForms), [&](const Form& f) { return f.word == parts.front(); });
  if (form == std::end(kForms))
    return refuse(text,
                  "it begins with none of value/, mean/, aqi/, water-class/, result/, statistic/, appraisal/");
  if (parts.size() != form->parts) {
    const bool of_file = parts.size() > form->parts && (form->kind == Kind::value || form->kind == Kind::mean);
    return refuse(text, fmt::format("the form is {}{}", form->shape,
                                    of_file ? "; the / within a device <source>/<station> is written %2F" : ""));
  }
  std::vector<std::string> words;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto word = unescaped(parts[i]);
    if (!word)
      return refuse(text, fmt::format("part {} is empty or not spelled as it must be (%2F for /)", i + 1));
    words.push_back(*std::move(word));
  }
  FigureId id;
  id.kind = form->kind;
  const std::size_t time = words.size() - (id.kind == Kind::mean || id.made() ? 2 : 1);
  if (id.kind == Kind::result) {
    id.element = words[0];
    id.level = words[1];
    id.subject = words[2];
    id.indicator = words[3];
  } else if (id.kind == Kind::statistic) {
    id.element = words[0];
    id.subject = words[1];
    id.factor = words[2];
    id.indicator = words[3];
    id.question = words[4];
  } else if (id.kind == Kind::appraisal) {
    id.element = words[0];
    id.subject = words[1];
    id.indicator = words[2];
  } else {
    id.subject = words[0];
  }
  if (id.kind == Kind::value || id.kind == Kind::mean) {
    id.st = words[1];
    id.cn = words[2];
    id.factor = words[3];
    id.value_kind = words[4];
  }
  const auto at = parse_time(words[time]);
  if (!at) return refuse(text, "the time is not YYYYMMDDhhmmss");
  id.at = *at;
  if (time + 1 < words.size()) {
    const auto to = parse_time(words[time + 1]);
    if (!to) return refuse(text, "the end is not YYYYMMDDhhmmss");
    if (*to <= id.at) return refuse(text, "the end is not behind the beginning");
    id.to = *to;
  }
  return id;
}

std::string FigureId::series() const {
  return fmt::format("{}/{}/{}/{}/{}", escaped(subject), escaped(st), escaped(cn), escaped(factor),
                     escaped(value_kind));
}

std::string FigureId::text() const {
  switch (kind) {
    case Kind::value: return fmt::format("value/{}/{}", series(), time_text(at));
    case Kind::mean: return fmt::format("mean/{}/{}/{}", series(), time_text(at), time_text(to));
    case Kind::aqi: return fmt::format("aqi/{}/{}", escaped(subject), time_text(at));
    case Kind::water_class: return fmt::format("water-class/{}/{}", escaped(subject), time_text(at));
    case Kind::result:
      return fmt::format("result/{}/{}/{}/{}/{}/{}", escaped(element), escaped(level), escaped(subject),
                         escaped(indicator), time_text(at), time_text(to));
    case Kind::statistic:
      return fmt::format("statistic/{}/{}/{}/{}/{}/{}/{}", escaped(element), escaped(subject), escaped(factor),
                         escaped(indicator), escaped(question), time_text(at), time_text(to));
    case Kind::appraisal:
      return fmt::format("appraisal/{}/{}/{}/{}/{}", escaped(element), escaped(subject), escaped(indicator),
                         time_text(at), time_text(to));
  }
  return {};
}

}  // namespace mj::bundle
