#include "mj/http/query.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "mj/http/message.hpp"

namespace mj::http {

Error wrong_parameter(std::string_view name, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("parameter {}: {}", name, what));
}

std::optional<std::uint64_t> parse_whole(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || digits.front() == '-' || error != std::errc() || end != digits.data() + digits.size())
    return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

Result<Query> Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals));
    if (!name) return Error(ErrorCode::invalid_input, "the query holds a name with a broken percent escape");
    const auto value =
        percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!value) return wrong_parameter(*name, "the value holds a broken percent escape");
    if (!query.values_.emplace(*name, *value).second) return wrong_parameter(*name, "given twice");
  }
  return query;
}

Status Query::only(std::initializer_list<std::string_view> known) const {
  for (const auto& [name, value] : values_) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (known.size() == 0) return wrong_parameter(name, "unknown; this request takes no parameters");
    return wrong_parameter(name, fmt::format("unknown; known are {}", fmt::join(known, ", ")));
  }
  return {};
}

std::optional<std::string> Query::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Result<std::string> Query::text(std::string_view name) const {
  auto value = find(name);
  if (!value || value->empty()) return wrong_parameter(name, "missing");
  return *std::move(value);
}

Result<std::uint64_t> Query::whole(std::string_view name, std::uint64_t least, std::uint64_t most,
                                   std::uint64_t otherwise) const {
  const auto value = find(name);
  if (!value) return otherwise;
  const auto number = parse_whole(*value);
  if (!number || *number < least || *number > most) {
    return wrong_parameter(name,
                           fmt::format("must be a whole number from {} to {}, not \"{}\"", least, most, *value));
  }
  return *number;
}

Result<std::optional<std::uint64_t>> Query::whole_if_given(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<std::uint64_t>();
  const auto number = parse_whole(*value);
  if (!number) return wrong_parameter(name, fmt::format("must be a whole number from 0, not \"{}\"", *value));
  return number;
}

Result<std::optional<bool>> Query::flag_if_given(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<bool>();
  if (*value != "true" && *value != "false") {
    return wrong_parameter(name, fmt::format("must be true or false, not \"{}\"", *value));
  }
  return std::optional<bool>(*value == "true");
}

Result<Instant> Query::time(std::string_view name) const {
  MJ_TRY(std::string value, text(name));
  // Forms encode a blank as `+`; at this place of a time it can be nothing else, later it is the sign of the zone.
  if (value.size() > 10 && value[10] == '+') value[10] = ' ';
  const auto instant = parse_iso(value);
  if (!instant) {
    return wrong_parameter(name,
                           fmt::format("must be a time such as 2026-03-01T14:00:00+08:00, not \"{}\"", value));
  }
  return *instant;
}

}  // namespace mj::http
