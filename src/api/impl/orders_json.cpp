#include "orders_json.hpp"

#include <fmt/format.h>

#include "device_words.hpp"
#include "speech.hpp"

namespace mj::api {
namespace {

using devices::OrderState;

/// `ReturnCode` or null. The final states of an execution carry an ExeRtn, all others a QnRtn.
Json code_json(const hj212::Protocol& protocol, const std::optional<int>& code, bool of_execution,
               const Speech& speech) {
  if (!code) return nullptr;
  const std::string digits = std::to_string(*code);
  const hj212::CodeWord* word = of_execution
                                    ? protocol.execution_return(speech.tables(), digits, speech.surface_water)
                                    : protocol.request_return(speech.tables(), digits, speech.surface_water);
  return Json{{"value", *code}, {"name", word == nullptr ? name_json(digits, digits) : name_json(word->name)}};
}

bool ends_execution(OrderState state) {
  return state == OrderState::done || state == OrderState::no_data || state == OrderState::failed;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json step_json(const hj212::Protocol& protocol, const devices::RecordedStep& recorded, const Speech& speech) {
  const devices::Step& step = recorded.step;
  const bool of_execution = step.what == "result" || ends_execution(step.state);
  return Json{{"at", to_json(recorded.at)},
              {"entry", recorded.entry},
              {"state", devices::name(step.state)},
              {"what", step.what},
              {"qn", text_or_null(step.qn)},
              {"attempt", step.attempt},
              {"code", code_json(protocol, step.code, of_execution, speech)},
              {"frame", recorded.frame_entry ? Json(*recorded.frame_entry) : Json(nullptr)},
              {"note", step.note}};
}

Json order_json(const Services& services, const devices::Order& order, const Speech& speech) {
  const devices::OrderRequest& request = order.request;
  const hj212::Command* command = host_command(services.protocol, request.cn, request.st, speech);
  Json parameters = Json::array();
  for (const auto& [name, value] : request.parameters) parameters.push_back({{"name", name}, {"value", value}});
  return Json{{"id", order.id.raw()},
              {"device", request.device},
              {"point", point_ref_json(services.network, request.device)},
              {"cn", request.cn},
              {"command", command == nullptr ? name_json(request.cn, request.cn) : name_json(command->name)},
              {"st", request.st},
              {"parameters", std::move(parameters)},
              {"name", request.name},
              {"reason", request.reason},
              {"cause", request.cause ? Json(*request.cause) : Json(nullptr)},
              {"placed_at", to_json(order.placed_at)},
              {"expires_at", to_json(request.expires_at)},
              {"state", devices::name(order.state)},
              {"open", !devices::is_final(order.state)},
              {"qn", text_or_null(order.qn)},
              {"attempts", order.attempts},
              {"code", code_json(services.protocol, order.code, ends_execution(order.state), speech)},
              {"data_frames", order.data_frames},
              {"changed_at", to_json(order.changed_at)}};
}

}  // namespace

Json point_ref_json(const registry::Network& network, std::string_view mn) {
  const registry::Point* point = mn.empty() ? nullptr : network.find_device(mn);
  if (point == nullptr) return nullptr;
  return Json{{"id", point->id}, {"name", name_json(point->name.zh, point->name.en)}};
}

Json order_json(const Services& services, const devices::Order& order) {
  return order_json(services, order, speech_of(services, order.request.device));
}

Json order_detail_json(const Services& services, const devices::Order& order) {
  const Speech speech = speech_of(services, order.request.device);
  Json steps = Json::array();
  for (const auto& recorded : order.steps) steps.push_back(step_json(services.protocol, recorded, speech));
  return Json{{"order", order_json(services, order, speech)}, {"steps", std::move(steps)}};
}

}  // namespace mj::api
