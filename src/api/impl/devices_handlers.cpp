#include <algorithm>

#include <fmt/format.h>

#include "devices_json.hpp"
#include "handlers.hpp"

namespace mj::api {
namespace {

constexpr std::uint64_t kDefaultDevices = 500;
constexpr std::uint64_t kMaxDevices = 20'000;
constexpr std::uint64_t kFirstYear = 1990;
constexpr std::uint64_t kLastYear = 2200;

/// ASCII letters small; other characters have no case that a search should fold.
std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

/// Whether the device has the text (in small letters) in its number, vendor, or the names of its point.
bool mentions(const Services& services, const devices::DeviceRecord& record, std::string_view text) {
  const auto has = [text](std::string_view where) { return lower(where).find(text) != std::string::npos; };
  if (has(record.mn) || has(record.vendor)) return true;
  const registry::Point* point = record.mn.empty() ? nullptr : services.network.find_device(record.mn);
  return point != nullptr && (has(point->id) || has(point->name.zh) || has(point->name.en));
}

Result<std::size_t> limit_of(const Call& call) {
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  return static_cast<std::size_t>(limit);
}

template <typename Rows, typename ToJson>
Answer rows_answer(const Rows& rows, const ToJson& to_row) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(to_row(row));
  return json_answer(to_text(list));
}

}  // namespace

Result<devices::DeviceRecord> device_of(const Services& services, const Call& call) {
  const std::string& given = call.at("mn");
  auto record = services.devices.find(given == "-" ? std::string_view() : std::string_view(given));
  if (!record) return Error(ErrorCode::not_found, fmt::format("there is no device \"{}\"", given));
  return *std::move(record);
}

Result<Answer> detail_answer(Context& context, const devices::DeviceRecord& record) {
  const Services& services = context.services;
  MJ_TRY(const auto deviations, services.devices.deviations(record.mn));
  MJ_TRY(const Share yesterday, context.yesterday.of(record.mn));
  return json_answer(to_text(device_detail_json(services, record, deviations, yesterday)));
}

Result<Answer> list_devices(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"q", "online", "limit"}));
  const Services& services = context.services;
  const std::string text = lower(call.query.find("q").value_or(""));
  MJ_TRY(const auto online, call.query.flag_if_given("online"));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxDevices, kDefaultDevices));

  const LinksView links(services);
  const registry::SettingsView settings = services.device_register.settings();
  auto records = services.devices.list();
  std::erase_if(records, [&](const devices::DeviceRecord& record) {
    return (online && *online != (links.of(record.mn) != nullptr)) ||
           (!text.empty() && !mentions(services, record, text));
  });
  const std::size_t total = records.size();
  records.resize(std::min<std::size_t>(total, limit));
  std::vector<std::string> mns;
  for (const devices::DeviceRecord& record : records) mns.push_back(record.mn);
  const auto yesterday = context.yesterday.of_each(mns);
  Json rows = Json::array();
  for (const devices::DeviceRecord& record : records) {
    const auto share = yesterday.find(record.mn);
    rows.push_back(device_summary_json(services, settings, links, record,
                                       share == yesterday.end() ? Share{} : share->second));
  }
  return json_answer(to_text(Json{{"total", total}, {"devices", std::move(rows)}}));
}

Result<Answer> get_device(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const auto record, device_of(context.services, call));
  return detail_answer(context, record);
}

Result<Answer> list_parameters(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(auto readings, services.devices.parameters(record.mn));
  std::sort(readings.begin(), readings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.instrument, a.name) < std::tie(b.instrument, b.name);
  });
  return rows_answer(readings, [&](const auto& reading) { return parameter_json(services, reading); });
}

Result<Answer> list_parameter_history(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"instrument", "parameter", "limit"}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const std::string parameter, call.query.text("parameter"));
  MJ_TRY(const std::size_t limit, limit_of(call));
  MJ_TRY(const auto readings,
         services.devices.history(record.mn, call.query.find("instrument").value_or(""), parameter, limit));
  return rows_answer(readings, [&](const auto& reading) { return parameter_json(services, reading); });
}

Result<Answer> get_completeness(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"year"}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  const Instant now = services.clock();
  const auto this_year = static_cast<std::uint64_t>(to_beijing(now).year);
  MJ_TRY(const std::uint64_t year, call.query.whole("year", kFirstYear, kLastYear, this_year));
  const auto number = static_cast<int>(year);
  const auto from = from_beijing({.year = number});
  const auto to = from_beijing({.year = number + 1});
  if (!from || !to) return Error(ErrorCode::internal, fmt::format("the year {} has no beginning", number));
  MJ_TRY(const auto days, services.store.completeness(record.mn, *from, *to, now));
  return json_answer(to_text(completeness_json(record.mn, number, days)));
}

Result<Answer> list_deviations(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const auto counts, services.devices.deviations(record.mn));
  return rows_answer(counts, [&](const auto& count) { return deviation_json(services.protocol, count); });
}

Result<Answer> list_device_events(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"limit"}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const std::size_t limit, limit_of(call));
  MJ_TRY(const auto events, services.devices.events(record.mn, limit));
  return rows_answer(events, [&](const auto& event) { return device_event_json(services, event); });
}

Result<Answer> list_connections(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  const LinksView links(services);
  return rows_answer(links.links(), [&](const auto& link) { return connection_json(services.network, link); });
}

}  // namespace mj::api
