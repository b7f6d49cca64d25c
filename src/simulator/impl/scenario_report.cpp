#include <nlohmann/json.hpp>

#include "mj/simulator/scenario_run.hpp"

namespace mj::simulator {

std::string to_json(const ScenarioReport& report) {
  using Json = nlohmann::ordered_json;
  const auto counts = [](const Counts& from) {
    Json object = Json::object();
    for (const auto& [key, count] : from) object[key] = count;
    return object;
  };
  Json withheld = Json::array();
  for (const WithheldRecord& each : report.withheld_records) {
    withheld.push_back(
        Json{{"mn", each.mn}, {"cn", each.cn}, {"data_time", to_compact(each.data_time)}, {"cause", each.cause}});
  }
  const Json json{{"devices", report.devices},
                  {"online", report.online},
                  {"connects", report.connects},
                  {"disconnects", report.disconnects},
                  {"refused_connects", report.refused_connects},
                  {"frames", report.frames},
                  {"bytes", report.bytes},
                  {"resent", report.resent},
                  {"answered", report.answered},
                  {"given_up", report.given_up},
                  {"strange", report.strange},
                  {"frames_by_cn", counts(report.frames_by_cn)},
                  {"requests_by_cn", counts(report.requests_by_cn)},
                  {"request_returns", counts(report.request_returns)},
                  {"execution_returns", counts(report.execution_returns)},
                  {"misbehaviour", counts(report.misbehaviour)},
                  {"records_requested", report.records_requested},
                  {"keys_changed", report.keys_changed},
                  {"mns_assigned", report.mns_assigned},
                  {"withheld", report.withheld},
                  {"withheld_records", withheld},
                  {"seconds", report.seconds}};
  return json.dump();
}

}  // namespace mj::simulator
