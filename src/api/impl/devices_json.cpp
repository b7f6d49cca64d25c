#include "devices_json.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "device_words.hpp"
#include "orders_json.hpp"
#include "series_words.hpp"
#include "speech.hpp"

namespace mj::api {
namespace {

constexpr double kDayMs = 86'400'000;

Json guess_line_json(const hj212::ProfileGuess& guess) {
  return Json{{"dialect", hj212::name(guess.dialect)},
              {"surface_water", guess.surface_water},
              {"crc", hj212::name(guess.crc)},
              {"frames", guess.frames}};
}

/// The deviation that a habit is, if it is one: its rows name a frame.
std::optional<hj212::Deviation> deviation_of(const hj212::ProfileGuess::Ground& ground) {
  using hj212::Deviation;
  struct Row {
    hj212::Trait trait;
    std::string_view variant;
    Deviation deviation;
  };
  constexpr std::array kRows = {
      Row{hj212::Trait::crc, "modbus", Deviation::crc_modbus},
      Row{hj212::Trait::crc, "modbus-le", Deviation::crc_modbus_le},
      Row{hj212::Trait::crc, "wrong", Deviation::crc_wrong},
      Row{hj212::Trait::crc, "absent", Deviation::crc_absent},
      Row{hj212::Trait::crc_case, "lower", Deviation::crc_lower_case},
      Row{hj212::Trait::version, "no-flag", Deviation::flag_missing},
      Row{hj212::Trait::qn, "epoch-ms", Deviation::qn_shape},
      Row{hj212::Trait::qn, "missing", Deviation::qn_missing},
      Row{hj212::Trait::qn, "in-area", Deviation::qn_in_area},
      Row{hj212::Trait::header_order, "flag-behind", Deviation::field_after_area},
      Row{hj212::Trait::header_order, "other", Deviation::header_order},
      Row{hj212::Trait::line_end, "lf", Deviation::line_end_lf},
      Row{hj212::Trait::line_end, "none", Deviation::line_end_missing},
      Row{hj212::Trait::line_end, "decorated", Deviation::line_end_decorated},
      Row{hj212::Trait::text, "gbk", Deviation::foreign_text},
      Row{hj212::Trait::data_time, "missing", Deviation::data_time_missing},
      Row{hj212::Trait::data_time, "fraction", Deviation::data_time_shape},
  };
  const std::string_view variant = hj212::variant_name(ground.trait, ground.variant);
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) {
    return one.trait == ground.trait && one.variant == variant;
  });
  return row == kRows.end() ? std::nullopt : std::optional(row->deviation);
}

/// A frame that shows the habit: one that the deviations name, or the newest when all frames do.
Json example_json(const hj212::ProfileGuess::Ground& ground, const devices::DeviceRecord& record,
                  const std::vector<devices::DeviationCount>& deviations) {
  if (const auto deviation = deviation_of(ground)) {
    const auto row = std::find_if(deviations.begin(), deviations.end(),
                                  [&](const auto& count) { return count.deviation == *deviation; });
    if (row != deviations.end()) return row->last_entry;
  }
  if (ground.seen == ground.of && ground.of == record.frames && record.frames > 0) return record.last_entry;
  return nullptr;
}

Json guess_json(const devices::DeviceRecord& record, const std::vector<devices::DeviationCount>& deviations) {
  Json grounds = Json::array();
  for (const auto& ground : record.guess.grounds) {
    grounds.push_back({{"trait", hj212::name(ground.trait)},
                       {"variant", hj212::variant_name(ground.trait, ground.variant)},
                       {"seen", ground.seen},
                       {"of", ground.of},
                       {"text", ground_text_json(ground)},
                       {"entry", example_json(ground, record, deviations)}});
  }
  return Json{{"line", guess_line_json(record.guess)}, {"grounds", std::move(grounds)}};
}

/// `KeyAge` or null.
Json key_json(const Services& services, std::string_view mn) {
  const auto created = services.device_register.key_created(mn);
  if (!created) return nullptr;
  const double age = std::max(0.0, static_cast<double>(services.clock().ms_since(*created)) / kDayMs);
  const std::int64_t limit = services.devices.rules().key_days;
  return Json{{"created", to_json(*created)},
              {"age_days", age},
              {"limit_days", limit},
              {"due", age > static_cast<double>(limit)}};
}

Json settings_change_json(const registry::SettingsChange& change) {
  return Json{{"entry", change.entry},
              {"at", to_json(change.at)},
              {"kind", change.is_key ? "key" : "profile"},
              {"profile", change.is_key ? Json(nullptr) : profile_json(change.profile)},
              {"key_created", change.is_key ? to_json(parse_compact(change.key_created)) : Json(nullptr)},
              {"name", change.name},
              {"reason", change.reason}};
}

}  // namespace

Json share_json(const Share& share) {
  if (share.expected == 0) return nullptr;
  return Json{{"expected", share.expected},
              {"received", share.received},
              {"share", static_cast<double>(share.received) / static_cast<double>(share.expected)}};
}

Json link_json(const LinkFigures& link) {
  return Json{{"connection", link.connection},
              {"peer", link.peer},
              {"tls", link.tls},
              {"since", to_json(link.since)},
              {"last_byte_at", to_json(link.last_byte_at)},
              {"frames", link.frames},
              {"bytes", link.bytes},
              {"junk_bytes", link.junk_bytes}};
}

Json connection_json(const registry::Network& network, const LinkFigures& link) {
  Json devices = Json::array();
  for (const std::string& mn : link.devices)
    devices.push_back({{"mn", mn}, {"point", point_ref_json(network, mn)}});
  return Json{{"link", link_json(link)}, {"devices", std::move(devices)}};
}

Json profile_json(const hj212::Profile& profile) {
  return Json{{"dialect", profile.dialect ? Json(hj212::name(*profile.dialect)) : Json(nullptr)},
              {"surface_water", profile.surface_water},
              {"crc", hj212::name(profile.crc)},
              {"password_set", !profile.password.empty()},
              {"password_rule", hj212::name(profile.password_rule)},
              {"encryption", hj212::name(profile.encryption)},
              {"over_time_s", profile.over_time_s},
              {"recount", profile.recount}};
}

Json device_summary_json(const Services& services, const registry::SettingsView& settings, const LinksView& links,
                         const devices::DeviceRecord& record, const Share& yesterday) {
  const hj212::Profile& profile = settings.now(record.mn).profile;
  const Speech speech = speech_of(profile, record.frames == 0 ? nullptr : &record.guess);
  const LinkFigures* link = links.of(record.mn);
  return Json{{"mn", record.mn},
              {"registered", !record.mn.empty() && services.network.find_device(record.mn) != nullptr},
              {"point", point_ref_json(services.network, record.mn)},
              {"vendor", record.vendor},
              {"online", link != nullptr},
              {"link", link == nullptr ? Json(nullptr) : link_json(*link)},
              {"last_seen", record.frames == 0 ? Json(nullptr) : to_json(record.last_seen)},
              {"dialect",
               {{"name", hj212::name(speech.dialect)},
                {"surface_water", speech.surface_water},
                {"source", speech.source}}},
              {"guess", guess_line_json(record.guess)},
              {"profile", profile_json(profile)},
              {"frames", record.frames},
              {"bad_frames", record.bad_frames},
              {"deviating_frames", record.deviating_frames},
              {"deviations", record.deviations},
              {"completeness", share_json(yesterday)},
              {"open_orders", record.open_orders}};
}

Json device_detail_json(const Services& services, const devices::DeviceRecord& record,
                        const std::vector<devices::DeviationCount>& deviations, const Share& yesterday) {
  const bool seen = record.frames > 0;
  Json settings = Json::array();
  for (const auto& change : services.device_register.history(record.mn))
    settings.push_back(settings_change_json(change));
  return Json{{"device", device_summary_json(services, services.device_register.settings(), LinksView(services),
                                             record, yesterday)},
              {"first_seen", seen ? to_json(record.first_seen) : Json(nullptr)},
              {"first_entry", seen ? Json(record.first_entry) : Json(nullptr)},
              {"last_entry", seen ? Json(record.last_entry) : Json(nullptr)},
              {"peer", record.peer},
              {"connection", seen ? Json(record.connection) : Json(nullptr)},
              {"st", record.st},
              {"password_shape", record.password_shape},
              {"wrong_passwords", record.wrong_passwords},
              {"encrypted_frames", record.encrypted_frames},
              {"heartbeat_at", to_json(record.heartbeat_at)},
              {"guess", guess_json(record, deviations)},
              {"key", key_json(services, record.mn)},
              {"settings", std::move(settings)}};
}

Json deviation_kind_json(const hj212::Protocol& protocol, hj212::Deviation deviation) {
  const std::string_view code = hj212::name(deviation);
  const auto& words = protocol.deviations();
  const auto word = std::find_if(words.begin(), words.end(), [&](const auto& row) { return row.code == code; });
  if (word == words.end()) return Json{{"code", code}, {"name", name_json(code, code)}, {"clause", ""}};
  return Json{{"code", code}, {"name", name_json(word->name)}, {"clause", word->clause}};
}

Json deviation_json(const hj212::Protocol& protocol, const devices::DeviationCount& count) {
  return Json{{"kind", deviation_kind_json(protocol, count.deviation)},
              {"frames", count.frames},
              {"first_entry", count.first_entry},
              {"first_at", to_json(count.first_at)},
              {"last_entry", count.last_entry},
              {"last_at", to_json(count.last_at)}};
}

Json parameter_json(const Services& services, const devices::ParameterReading& reading) {
  const auto meaning = meaning_of_field(services.protocol, reading.name, reading.value);
  const std::string_view instrument = services.standards.canonical(reading.instrument);
  return Json{{"instrument", reading.instrument},
              {"instrument_name",
               reading.instrument.empty() ? Json(nullptr) : factor_name_json(services.standards, instrument)},
              {"name", reading.name},
              {"label", meaning ? name_json(meaning->name) : name_json(reading.name, reading.name)},
              {"unit", meaning ? meaning->unit : ""},
              {"value", reading.value},
              {"meaning", meaning && meaning->value ? name_json(*meaning->value) : Json(nullptr)},
              {"at", to_json(reading.at)},
              {"entry", reading.entry}};
}

Json device_event_json(const Services& services, const devices::DeviceEvent& event) {
  return Json{{"entry", event.entry},   {"at", to_json(event.at)},
              {"device", event.mn},     {"point", point_ref_json(services.network, event.mn)},
              {"kind", event.kind},     {"name", event_name_json(event.kind)},
              {"detail", event.detail}, {"peer", event.peer}};
}

Json completeness_json(std::string_view mn, int year, const std::vector<telemetry::DayCompleteness>& days) {
  Json rows = Json::array();
  for (const telemetry::DayCompleteness& day : days) {
    if (day.expected == 0) continue;
    rows.push_back({{"day", to_iso(day.day).substr(0, 10)},
                    {"cn", day.cn},
                    {"period", telemetry::name(telemetry::period_of(day.cn))},
                    {"series", day.series},
                    {"share", share_json({day.expected, day.received})}});
  }
  return Json{{"device", mn}, {"year", year}, {"days", std::move(rows)}};
}

}  // namespace mj::api
