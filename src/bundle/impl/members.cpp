#include "members.hpp"

namespace mj::bundle {
namespace {

Error refusal(std::string_view where, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}: {}", where, what));
}

}  // namespace

Members::Members(const nlohmann::json& object, std::string where) : object_(object), where_(std::move(where)) {}

Error Members::refuse(std::string_view what) const { return refusal(where_, what); }

Status Members::only(std::span<const std::string_view> required, std::span<const std::string_view> optional) {
  if (!object_.is_object()) return refuse("an object is expected");
  for (const std::string_view name : required) {
    if (!has(name)) return refuse(fmt::format("the member \"{}\" is missing", name));
  }
  const auto& members = object_.get_ref<const nlohmann::json::object_t&>();
  for (const auto& [name, value] : members) {
    const auto is = [&given = name](std::string_view known) { return given == known; };
    if (std::none_of(required.begin(), required.end(), is) && std::none_of(optional.begin(), optional.end(), is))
      return refuse(fmt::format("the member \"{}\" is unknown", name));
  }
  return {};
}

bool Members::has(std::string_view name) const { return object_.contains(name); }

const nlohmann::json& Members::at(std::string_view name) const { return *object_.find(name); }

Result<std::string> Members::text(std::string_view name) const {
  const nlohmann::json& value = at(name);
  if (!value.is_string()) return refuse(fmt::format("\"{}\" must be a text", name));
  return value.get_ref<const std::string&>();
}

Result<std::uint64_t> Members::integer(std::string_view name, std::uint64_t most) const {
  const nlohmann::json& value = at(name);
  if (!value.is_number_unsigned()) return refuse(fmt::format("\"{}\" must be a whole number", name));
  const auto number = value.get<std::uint64_t>();
  if (number > most) return refuse(fmt::format("\"{}\" is {}, at most {} is allowed", name, number, most));
  return number;
}

Result<Decimal> Members::number(std::string_view name) const {
  MJ_TRY(const std::string digits, text(name));
  const auto value = parse_decimal(digits);
  if (!value) return refuse(fmt::format("\"{}\" must be a decimal number in a text", name));
  return *value;
}

Result<const nlohmann::json::array_t*> Members::array(std::string_view name) const {
  const nlohmann::json& value = at(name);
  if (!value.is_array()) return refuse(fmt::format("\"{}\" must be an array", name));
  return value.get_ptr<const nlohmann::json::array_t*>();
}

Result<std::uint64_t> integer_of(const nlohmann::json& value, std::string_view where) {
  if (!value.is_number_unsigned()) return refusal(where, "a whole number is expected");
  return value.get<std::uint64_t>();
}

Result<Bytes> base64_of(const nlohmann::json& value, std::string_view where) {
  if (!value.is_string()) return refusal(where, "a text in Base64 is expected");
  auto bytes = from_base64(value.get_ref<const std::string&>());
  if (!bytes) return refusal(where, "this is not canonical Base64");
  return *std::move(bytes);
}

}  // namespace mj::bundle
