#include "profile_json.hpp"

#include <nlohmann/json.hpp>

namespace mj::registry {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kProfileKind = "device.profile";
constexpr std::string_view kKeyKind = "device.key";
constexpr int kVersion = 1;
constexpr int kMostSeconds = 99;
constexpr int kMostResends = 99;

bool is(const Json& json, std::string_view kind) {
  return json.at("kind").get<std::string>() == kind && json.at("version").get<int>() == kVersion;
}

}  // namespace

Status check_profile(const hj212::Profile& profile) {
  const auto refuse = [](std::string text) { return Error(ErrorCode::invalid_input, std::move(text)); };
  if (profile.password_rule != hj212::PasswordRule::off && profile.password.empty()) {
    return refuse("a password rule needs a password");
  }
  if (profile.password.find_first_of(";,=&\r\n") != std::string::npos) {
    return refuse("the password must not contain ; , = & or line ends");
  }
  if (profile.over_time_s < 1 || profile.over_time_s > kMostSeconds) {
    return refuse(fmt::format("over_time of {} s is not between 1 and {}", profile.over_time_s, kMostSeconds));
  }
  if (profile.recount < 0 || profile.recount > kMostResends) {
    return refuse(fmt::format("recount of {} is not between 0 and {}", profile.recount, kMostResends));
  }
  return {};
}

std::string encode(const ProfileDecision& decision) {
  const hj212::Profile& profile = decision.profile;
  const Json json{{"kind", kProfileKind},
                  {"version", kVersion},
                  {"device", decision.device},
                  {"profile",
                   {{"dialect", profile.dialect ? Json(hj212::name(*profile.dialect)) : Json()},
                    {"surface_water", profile.surface_water},
                    {"crc", hj212::name(profile.crc)},
                    {"password", decision.sealed_password},
                    {"password_rule", hj212::name(profile.password_rule)},
                    {"encryption", hj212::name(profile.encryption)},
                    {"over_time", profile.over_time_s},
                    {"recount", profile.recount}}},
                  {"name", decision.name},
                  {"reason", decision.reason}};
  return json.dump();
}

std::string encode(const KeyDecision& decision) {
  const Json json{{"kind", kKeyKind},          {"version", kVersion},
                  {"device", decision.device}, {"created", decision.created},
                  {"key", decision.sealed},    {"name", decision.name},
                  {"reason", decision.reason}};
  return json.dump();
}

std::optional<ProfileDecision> decode_profile(BytesView payload) {
  try {
    const Json json = Json::parse(as_text(payload));
    if (!is(json, kProfileKind)) return std::nullopt;
    const Json& given = json.at("profile");
    ProfileDecision decision;
    decision.device = json.at("device").get<std::string>();
    hj212::Profile& profile = decision.profile;
    if (!given.at("dialect").is_null()) {
      profile.dialect = hj212::parse_dialect(given.at("dialect").get<std::string>());
      if (!profile.dialect) return std::nullopt;
    }
    const auto crc = hj212::parse_crc_rule(given.at("crc").get<std::string>());
    const auto rule = hj212::parse_password_rule(given.at("password_rule").get<std::string>());
    const auto encryption = hj212::parse_encryption(given.at("encryption").get<std::string>());
    if (!crc || !rule || !encryption) return std::nullopt;
    profile.crc = *crc;
    profile.password_rule = *rule;
    profile.encryption = *encryption;
    profile.surface_water = given.at("surface_water").get<bool>();
    profile.over_time_s = given.at("over_time").get<int>();
    profile.recount = given.at("recount").get<int>();
    decision.sealed_password = given.at("password").get<std::string>();
    decision.name = json.at("name").get<std::string>();
    decision.reason = json.at("reason").get<std::string>();
    return decision;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::optional<KeyDecision> decode_key(BytesView payload) {
  try {
    const Json json = Json::parse(as_text(payload));
    if (!is(json, kKeyKind)) return std::nullopt;
    KeyDecision decision;
    decision.device = json.at("device").get<std::string>();
    decision.created = json.at("created").get<std::string>();
    decision.sealed = json.at("key").get<std::string>();
    decision.name = json.at("name").get<std::string>();
    decision.reason = json.at("reason").get<std::string>();
    return decision;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace mj::registry
