#include "alarms_json.hpp"

#include "series_words.hpp"

namespace mj::api {

Json alarm_json(const Services& services, const alarm::Alarm& alarm) {
  const registry::Point* point = services.network.find(alarm.point);
  Json acknowledged = nullptr;
  if (alarm.acknowledged) {
    acknowledged = Json{{"name", alarm.acknowledged->name},
                        {"reason", alarm.acknowledged->reason},
                        {"at", to_json(alarm.acknowledged->at)},
                        {"entry", alarm.acknowledged->entry}};
  }
  return Json{{"id", alarm.id.raw()},
              {"point",
               {{"id", alarm.point},
                {"name", point == nullptr ? name_json(alarm.point, alarm.point)
                                          : name_json(point->name.zh, point->name.en)}}},
              {"factor", factor_json(services.standards, alarm.factor, alarm.unit)},
              {"period", telemetry::name(alarm.period)},
              {"severity", alarm::name(alarm.severity)},
              {"rule",
               {{"id", alarm.rule},
                {"limit", to_json(alarm.limit)},
                {"direction", alarm::name(alarm.direction)},
                {"source", name_json(alarm.source)}}},
              {"opened_at", to_json(alarm.opened_at)},
              {"raised_at", to_json(alarm.raised_at)},
              {"last_value", to_json(alarm.last_value)},
              {"peak_value", to_json(alarm.peak_value)},
              {"peak_at", to_json(alarm.peak_at)},
              {"updates", alarm.updates},
              {"cleared_at", to_json(alarm.cleared_at)},
              {"state", alarm.open() ? "open" : "cleared"},
              {"acknowledged", std::move(acknowledged)},
              {"entry", alarm.entry}};
}

}  // namespace mj::api
