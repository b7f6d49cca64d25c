#include "json_body.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace mj::api {

Error wrong_member(std::string_view member, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}: {}", member, what));
}

Result<JsonBody> JsonBody::parse(std::string_view text) {
  JsonBody body;
  body.json_ = Json::parse(text, nullptr, false);
  if (!body.json_.is_object()) {
    return Error(ErrorCode::invalid_input,
                 R"(the body must be a JSON object: {"name": "who", "reason": "why", …})");
  }
  return body;
}

Status JsonBody::only(std::initializer_list<std::string_view> known) const {
  for (const auto& [member, value] : json_.items()) {
    if (std::find(known.begin(), known.end(), member) != known.end()) continue;
    return wrong_member(member, fmt::format("unknown; known are {}", fmt::join(known, ", ")));
  }
  return {};
}

const Json* JsonBody::find(const char* member) const {
  const auto found = json_.find(member);
  return found == json_.end() ? nullptr : &*found;
}

Result<std::string> JsonBody::text(const char* member) const {
  const Json* value = find(member);
  if (value == nullptr || !value->is_string()) return wrong_member(member, "must be given as a text");
  auto text = value->get<std::string>();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return wrong_member(member, "must not be empty");
  return text;
}

Result<std::optional<std::string>> JsonBody::text_if_given(const char* member) const {
  const Json* value = find(member);
  if (value == nullptr) return std::optional<std::string>();
  if (!value->is_string()) return wrong_member(member, "must be a text");
  return std::optional<std::string>(value->get<std::string>());
}

Result<std::optional<std::int64_t>> JsonBody::whole_if_given(const char* member, std::int64_t least,
                                                             std::int64_t most) const {
  const Json* value = find(member);
  if (value == nullptr) return std::optional<std::int64_t>();
  // A number beyond 2^63 is kept as unsigned; read as signed it could fall within the bounds.
  const bool readable = value->is_number_integer() &&
                        !(value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX});
  if (!readable || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
    return wrong_member(member, fmt::format("must be a whole number from {} to {}", least, most));
  }
  return std::optional<std::int64_t>(value->get<std::int64_t>());
}

Result<std::optional<bool>> JsonBody::flag_if_given(const char* member) const {
  const Json* value = find(member);
  if (value == nullptr) return std::optional<bool>();
  if (!value->is_boolean()) return wrong_member(member, "must be true or false");
  return std::optional<bool>(value->get<bool>());
}

}  // namespace mj::api
