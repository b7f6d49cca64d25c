// The name of a figure of statistics: its question in one spelling.
#include <algorithm>
#include <array>

#include "figure_kinds.hpp"
#include "mj/evaluation/result.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::statistics {
namespace {

using evaluation::proof_part;

constexpr std::string_view kWord = "statistic";
constexpr std::size_t kParts = 8;

Error refuse(std::string_view name, std::string_view why) {
  return Error(ErrorCode::invalid_input,
               fmt::format("\"{}\" names no figure of statistics: {}", name.substr(0, 200), why));
}

/// What separates within the question is written %XX.
std::string inner(std::string_view text) {
  std::string part;
  for (const char c : text) {
    if (c == '%' || c == ';' || c == ',') {
      part += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      part += c;
    }
  }
  return part;
}

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
  return part;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string time_text(Instant at) { return at.ms() % 1000 == 0 ? to_compact(at) : to_compact_ms(at); }

bool is_all(Group group) { return group == Group::all; }

/// "point:air-1", "all", "city:" for what belongs to none.
std::string subject_text(const FigureQuestion& of) {
  const std::string group(name(of.selection.group));
  return is_all(of.selection.group) ? group : group + ":" + of.subject;
}

std::string question_text(const FigureQuestion& of) {
  const Selection& selection = of.selection;
  std::string text =
      fmt::format("{};{};{};{}", telemetry::name(selection.period.value_or(telemetry::Period::hour)),
                  inner(selection.kind), name(selection.combine), of.decimals);
  if (judges(of.statistic)) {
    text += of.threshold.upper ? ";above:" + to_text(*of.threshold.upper)
                               : fmt::format(";limit:{}", of.threshold.grade);
  }
  if (!selection.region.empty()) text += ";region:" + inner(selection.region);
  for (std::size_t i = 0; i < selection.points.size(); ++i)
    text += (i == 0 ? ";points:" : ",") + inner(selection.points[i]);
  if (selection.from != of.time.begin || selection.to != of.time.end)
    text += fmt::format(";of:{},{}", time_text(selection.from), time_text(selection.to));
  if (expects(of.statistic) && of.now < selection.to) text += ";until:" + time_text(of.now);
  return text;
}

bool read_item(FigureQuestion& of, std::string_view key, std::string_view value) {
  if (key == "above") {
    of.threshold.upper = parse_decimal(value);
    return of.threshold.upper.has_value();
  }
  if (key == "limit") {
    of.threshold.standard = value.size() == 1 && value[0] >= '0' && value[0] <= '9';
    if (of.threshold.standard) of.threshold.grade = value[0] - '0';
    return of.threshold.standard;
  }
  if (key == "region") {
    const auto region = unescaped(value);
    of.selection.region = region.value_or("");
    return region.has_value();
  }
  if (key == "points") {
    for (const std::string_view each : split(value, ',')) {
      const auto point = unescaped(each);
      if (!point) return false;
      of.selection.points.push_back(*point);
    }
    return true;
  }
  if (key == "of") {
    const auto times = split(value, ',');
    const auto from = parse_compact(times.front());
    const auto to = parse_compact(times.back());
    if (times.size() != 2 || !from || !to) return false;
    of.selection.from = *from;
    of.selection.to = *to;
    return true;
  }
  const auto until = key == "until" ? parse_compact(value) : std::nullopt;
  of.now = until.value_or(of.now);
  return until.has_value();
}

bool read_question(FigureQuestion& of, std::string_view text) {
  const auto items = split(text, ';');
  if (items.size() < 4) return false;
  of.selection.period = telemetry::parse_period(items[0]);
  const auto kind = unescaped(items[1]);
  const auto combine = parse_combine(items[2]);
  const auto digits = parse_decimal(items[3]);
  if (!of.selection.period || !kind || !combine || !digits || digits->decimals != 0 || digits->mantissa < 0 ||
      digits->mantissa > 18)
    return false;
  of.selection.kind = *kind;
  of.selection.combine = *combine;
  of.decimals = static_cast<std::uint8_t>(digits->mantissa);
  return std::all_of(items.begin() + 4, items.end(), [&](std::string_view item) {
    const std::size_t colon = item.find(':');
    return colon != std::string_view::npos && read_item(of, item.substr(0, colon), item.substr(colon + 1));
  });
}

}  // namespace

bool judges(const Statistic& statistic) {
  return statistic.kind == Statistic::Kind::exceed_count || statistic.kind == Statistic::Kind::exceed_rate;
}

bool expects(const Statistic& statistic) {
  return statistic.kind == Statistic::Kind::expected || statistic.kind == Statistic::Kind::valid_rate;
}

std::optional<std::vector<std::string>> parts_of_name(std::string_view name) {
  std::vector<std::string> parts;
  for (const std::string_view each : split(name, '/')) {
    auto part = unescaped(each);
    if (!part || part->empty()) return std::nullopt;
    parts.push_back(*std::move(part));
  }
  return parts;
}

std::string FigureQuestion::name() const {
  return fmt::format("{}/{}/{}/{}/{}/{}/{}/{}", kWord, proof_part(selection.element),
                     proof_part(subject_text(*this)), proof_part(selection.factors.front()),
                     proof_part(statistic.id()), proof_part(question_text(*this)), time_text(time.begin),
                     time_text(time.end));
}

Result<FigureQuestion> FigureQuestion::parse(std::string_view name) {
  const auto parts = split(name, '/');
  if (parts.size() != kParts || parts[0] != kWord)
    return refuse(name, "the form is statistic/<element>/<subject>/<factor>/<statistic>/<question>/<from>/<to>");
  std::array<std::string, 5> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = unescaped(parts[i + 1]);
    if (!word || word->empty()) return refuse(name, fmt::format("part {} is empty or misspelled", i + 2));
    words.at(i) = *word;
  }
  FigureQuestion question;
  const auto from = parse_compact(parts[6]);
  const auto to = parse_compact(parts[7]);
  if (!from || !to || *to <= *from) return refuse(name, "its times are no time");
  question.time = {*from, *to};
  question.selection.from = *from;
  question.selection.to = *to;
  question.now = Instant::from_ms(std::numeric_limits<std::int64_t>::max());
  question.selection.element = words[0];
  const std::size_t colon = words[1].find(':');
  const auto group = parse_group(std::string_view(words[1]).substr(0, colon));
  if (!group) return refuse(name, fmt::format("there is no subject \"{}\"", words[1]));
  question.selection.group = *group;
  if (colon != std::string::npos) question.subject = words[1].substr(colon + 1);
  question.selection.factors = {words[2]};
  MJ_TRY(question.statistic, parse_statistic(words[3]));
  question.selection.bucket = Bucket::all;
  if (!read_question(question, words[4])) return refuse(name, fmt::format("\"{}\" is no question", words[4]));
  if (question.name() != name) return refuse(name, "it is not in its one spelling");
  return question;
}

}  // namespace mj::statistics
