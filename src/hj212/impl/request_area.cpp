#include <fmt/format.h>
#include <algorithm>
#include <optional>

#include "fields.hpp"
#include "mj/hj212/compose.hpp"

namespace mj::hj212 {
namespace {

/// A parameter name as a field: `w01018-SN` has factor and key.
Field field_of(std::string_view name) {
  const std::size_t dash = name.find('-');
  if (dash == std::string_view::npos || dash == 0) return {.factor = {}, .key = name, .value = {}};
  return {.factor = name.substr(0, dash), .key = name.substr(dash + 1), .value = {}};
}

/// Separators, `=`, `&&` and control characters would change the frame around them; only a log text `//…//` 日志 may hold
/// separators, since it ends at its own mark. Source: HJ 212-2017 §6.3.3, table B.8.
bool is_safe(std::string_view value) {
  if (value.find("&&") != std::string_view::npos || value.starts_with('&') || value.ends_with('&')) return false;
  const bool control =
      std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (control || value != trim(value)) return false;
  if (value.starts_with("//")) return value.size() >= 4 && end_of_text(value, 0) == value.size();
  return value.find_first_of(";,=") == std::string_view::npos;
}

/// The separator that the example of the command prints between two neighbours; none when they do not stand side by
/// side there.
std::optional<char> printed_separator(std::string_view example, const Field& before, const Field& after) {
  std::optional<char> separator;
  std::optional<Field> last;
  for_each_field(example, [&](const Field& field) {
    if (last && !separator && last->key == before.key && field.key == after.key &&
        last->factor.empty() == before.factor.empty() &&
        (last->factor == field.factor) == (before.factor == after.factor)) {
      const char* end = last->value.data() + last->value.size();
      while (end < example.data() + example.size() && !is_separator(*end)) ++end;
      if (end < example.data() + example.size()) separator = *end;
    }
    last = field;
  });
  return separator;
}

char separator_between(const Command& command, const Field& before, const Field& after) {
  if (const auto printed = printed_separator(command.example, before, after)) return *printed;
  return !before.factor.empty() && before.factor == after.factor ? ',' : ';';
}

Error refused(const Command& command, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("command {}: {}", command.cn, what));
}

}  // namespace

Result<std::string> request_area(const Command& command, const std::vector<Parameter>& parameters) {
  std::string area;
  std::optional<Field> before;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, value] = parameters[i];
    const Field field = field_of(name);
    const FieldRule* rule = command.rule(field.factor, field.key);
    if (rule == nullptr) return refused(command, fmt::format("there is no parameter {}", name));
    // Of any factor: once each. A key spelt out: once, unless the table lets it come again (CTime).
    const bool again = std::any_of(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&name](const Parameter& other) { return other.first == name; });
    if (again && (!rule->repeatable || !field.factor.empty()))
      return refused(command, fmt::format("parameter {} stands twice", name));
    if (!rule->accepts(value)) {
      return refused(command,
                     fmt::format("parameter {} must be {}, not \"{}\"", name, rule->expectation(), value));
    }
    if (!is_safe(value))
      return refused(command, fmt::format("parameter {} holds characters that a value cannot have", name));
    if (field.factor.find_first_of(";,=& ") != std::string_view::npos || field.factor.starts_with('#'))
      return refused(command, fmt::format("parameter {} is no name", name));
    if (before) area += separator_between(command, *before, field);
    area.append(name).append("=").append(value);
    before = field;
  }
  for (const FieldRule& rule : command.fields) {
    if (!rule.required) continue;
    const bool there = std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
      const Field field = field_of(parameter.first);
      return command.rule(field.factor, field.key) == &rule;
    });
    if (!there) return refused(command, fmt::format("parameter {} is missing", rule.key));
  }
  return area;
}

}  // namespace mj::hj212
