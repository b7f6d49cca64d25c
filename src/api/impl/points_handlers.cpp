#include "alarms_json.hpp"
#include "frames_json.hpp"
#include "handlers.hpp"
#include "points_json.hpp"
#include "series_words.hpp"
#include "system_json.hpp"

namespace mj::api {
namespace {

constexpr std::size_t kOverviewAlarms = 10;
constexpr std::size_t kOverviewFrames = 20;
constexpr std::uint64_t kMaxPoints = 20'000;
constexpr std::uint64_t kMinPoints = 10;
constexpr std::uint64_t kDefaultPoints = 2'000;

/// The series of a point that carries what was asked for; the one with the newest value when a device has had several.
std::optional<telemetry::SeriesKey> find_series(const Services& services, const registry::Point& point,
                                                std::string_view factor, std::string_view kind,
                                                telemetry::Period period) {
  std::optional<telemetry::SeriesKey> found;
  Instant newest;
  for (const telemetry::Latest& latest : services.store.latest(point.device)) {
    const telemetry::SeriesKey& key = latest.key;
    if (services.standards.canonical(key.factor) != services.standards.canonical(factor) || key.kind != kind ||
        telemetry::period_of(key.cn) != period) {
      continue;
    }
    if (found && latest.observation.at <= newest) continue;
    found = key;
    newest = latest.observation.at;
  }
  return found;
}

}  // namespace

Result<const registry::Point*> point_of(const Services& services, const Call& call) {
  const registry::Point* point = services.network.find(call.at("id"));
  if (point == nullptr) return Error(ErrorCode::not_found, fmt::format("there is no point \"{}\"", call.at("id")));
  return point;
}

Result<Answer> get_overview(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  alarm::AlarmQuery alarm_query;
  alarm_query.limit = kOverviewAlarms;
  MJ_TRY(const auto alarms, services.alarms.list(alarm_query));
  telemetry::FrameQuery frame_query;
  frame_query.limit = kOverviewFrames;
  MJ_TRY(const auto frames, newest_frames(services, std::move(frame_query)));
  Json alarm_rows = Json::array();
  for (const auto& alarm : alarms) alarm_rows.push_back(alarm_json(services, alarm));
  Json frame_rows = Json::array();
  for (const auto& line : frames) frame_rows.push_back(frame_line_json(services, line));
  // The points are text already, shared with the other browsers: put together by hand instead of being parsed again.
  return json_answer(fmt::format(R"({{"now":{},"ledger":{},"points":{},"alarms":{},"frames":{}}})",
                                 to_text(to_json(services.clock())),
                                 to_text(ledger_json(services.store.ledger(services.log.size()))),
                                 context.points.read()->array, to_text(alarm_rows), to_text(frame_rows)));
}

Result<Answer> list_points(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  return json_answer(context.points.read()->array);
}

Result<Answer> get_point(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const registry::Point* point, point_of(context.services, call));
  const auto latest = context.services.store.latest(point->device);
  return json_answer(fmt::format(R"({{"point":{},"latest":{}}})", context.points.summary(*point),
                                 to_text(latest_json(context.services, *point, latest))));
}

Result<Answer> get_series(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_TRY(const registry::Point* point, point_of(services, call));
  MJ_CHECK(call.query.only({"factor", "kind", "period", "from", "to", "max_points"}));
  MJ_TRY(const std::string factor, call.query.text("factor"));
  MJ_TRY(const std::string kind, call.query.text("kind"));
  MJ_TRY(const std::string period_name, call.query.text("period"));
  const auto period = telemetry::parse_period(period_name);
  if (!period)
    return wrong_parameter("period", fmt::format("must be instant, minute, hour or day, not \"{}\"", period_name));
  MJ_TRY(const Instant from, call.query.time("from"));
  MJ_TRY(const Instant to, call.query.time("to"));
  if (to <= from) return wrong_parameter("to", "must be later than from");
  MJ_TRY(const std::uint64_t max_points, call.query.whole("max_points", kMinPoints, kMaxPoints, kDefaultPoints));

  SeriesAnswer answer;
  answer.period = *period;
  answer.from = from;
  answer.to = to;
  answer.key = find_series(services, *point, factor, kind, *period)
                   .value_or(telemetry::SeriesKey{point->device, {}, {}, factor, kind});
  telemetry::SeriesQuery query{
      point->device, answer.key.factor, answer.key.kind, *period, from, to, static_cast<std::size_t>(max_points)};
  MJ_TRY(answer.rows, services.store.read(query));
  return json_answer(to_text(series_json(services, *point, answer)));
}

Result<Answer> list_factors(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  Json rows = Json::array();
  for (const standards::Factor& factor : context.services.standards.factors()) {
    rows.push_back(to_json(context.services.standards, factor));
  }
  return json_answer(to_text(rows));
}

}  // namespace mj::api
