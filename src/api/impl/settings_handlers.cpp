#include <fmt/format.h>

#include "handlers.hpp"
#include "json_body.hpp"

namespace mj::api {
namespace {

constexpr std::size_t kMaxPassword = 64;
constexpr std::int64_t kMaxOverTime = 3600;
constexpr std::int64_t kMaxRecount = 100;

/// A member that is one of a list of words; `parse` reads it. Errors: another word.
template <typename Word, typename Parse>
Status read_word(const JsonBody& body, const char* member, const char* known, const Parse& parse, Word& word) {
  MJ_TRY(const auto text, body.text_if_given(member));
  if (!text) return {};
  const auto parsed = parse(*text);
  if (!parsed) return wrong_member(member, fmt::format("must be one of {}, not \"{}\"", known, *text));
  word = *parsed;
  return {};
}

/// What the body changes of the profile. Errors: invalid_input naming the member.
Status read_profile(const JsonBody& body, hj212::Profile& profile) {
  if (const Json* dialect = body.find("dialect"); dialect != nullptr && dialect->is_null()) {
    profile.dialect.reset();
  } else {
    MJ_CHECK(read_word(body, "dialect", "2005, 2017, 2025 or null", hj212::parse_dialect, profile.dialect));
  }
  MJ_TRY(const auto surface_water, body.flag_if_given("surface_water"));
  profile.surface_water = surface_water.value_or(profile.surface_water);
  MJ_CHECK(read_word(body, "crc", "hj, modbus, modbus-le, off", hj212::parse_crc_rule, profile.crc));
  MJ_TRY(const auto password, body.text_if_given("password"));
  if (password && password->size() > kMaxPassword)
    return wrong_member("password", fmt::format("must have at most {} bytes", kMaxPassword));
  profile.password = password.value_or(profile.password);
  MJ_CHECK(
      read_word(body, "password_rule", "off, report, reject", hj212::parse_password_rule, profile.password_rule));
  MJ_CHECK(read_word(body, "encryption", "off, accepted, required", hj212::parse_encryption, profile.encryption));
  MJ_TRY(const auto over_time, body.whole_if_given("over_time_s", 1, kMaxOverTime));
  profile.over_time_s = static_cast<int>(over_time.value_or(profile.over_time_s));
  MJ_TRY(const auto recount, body.whole_if_given("recount", 0, kMaxRecount));
  profile.recount = static_cast<int>(recount.value_or(profile.recount));
  return {};
}

Result<registry::Author> author_of(const JsonBody& body) {
  registry::Author author;
  MJ_TRY(author.name, body.text("name"));
  MJ_TRY(author.reason, body.text("reason"));
  return author;
}

}  // namespace

Result<Answer> change_profile(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"dialect", "surface_water", "crc", "password", "password_rule", "encryption", "over_time_s",
                      "recount", "name", "reason"}));
  MJ_TRY(const registry::Author author, author_of(body));
  hj212::Profile profile = services.device_register.settings().now(record.mn).profile;
  MJ_CHECK(read_profile(body, profile));
  MJ_TRY([[maybe_unused]] const std::uint64_t entry,
         services.device_register.change_profile(services.log, record.mn, profile, author, services.clock()));
  return detail_answer(context, record);
}

Result<Answer> add_key(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"key", "created", "name", "reason"}));
  MJ_TRY(const registry::Author author, author_of(body));
  MJ_TRY(const std::string text, body.text("key"));
  const auto key = hj212::parse_sm4_key(text);
  if (!key) return wrong_member("key", "must have exactly 16 characters");
  MJ_TRY(const auto created_text, body.text_if_given("created"));
  Instant created = services.clock();
  if (created_text) {
    const auto given = parse_iso(*created_text);
    if (!given) {
      return wrong_member(
          "created", fmt::format("must be a time such as 2026-03-01T14:00:00+08:00, not \"{}\"", *created_text));
    }
    created = *given;
  }
  MJ_TRY([[maybe_unused]] const std::uint64_t entry,
         services.device_register.add_key(services.log, record.mn, *key, to_compact_ms(created), author,
                                          services.clock()));
  return detail_answer(context, record);
}

}  // namespace mj::api
