#include "routes.hpp"

#include "handlers.hpp"

namespace mj::api {

std::vector<Route> routes(Context& context) {
  using Operation = Result<Answer> (*)(Context&, const Call&);
  const auto route = [&context](std::string_view operation, Method method, std::string_view path, Operation run) {
    return Route{operation, method, path, [&context, run](const Call& call) { return run(context, call); }};
  };
  return {
      route("getOverview", Method::get, "/api/overview", get_overview),
      route("listPoints", Method::get, "/api/points", list_points),
      route("getPoint", Method::get, "/api/points/{id}", get_point),
      route("getSeries", Method::get, "/api/points/{id}/series", get_series),
      route("listPointFrames", Method::get, "/api/points/{id}/frames", list_point_frames),
      route("listFrames", Method::get, "/api/frames", list_frames),
      route("getFrame", Method::get, "/api/frames/{entry}", get_frame),
      route("getProof", Method::get, "/api/frames/{entry}/proof", get_proof),
      route("listAlarms", Method::get, "/api/alarms", list_alarms),
      route("acknowledgeAlarm", Method::post, "/api/alarms/{id}/acknowledge", acknowledge_alarm),
      route("listDevices", Method::get, "/api/devices", list_devices),
      route("getDevice", Method::get, "/api/devices/{mn}", get_device),
      route("listDeviceOrders", Method::get, "/api/devices/{mn}/orders", list_device_orders),
      route("placeOrder", Method::post, "/api/devices/{mn}/orders", place_order),
      route("previewOrder", Method::post, "/api/devices/{mn}/orders/preview", preview_order),
      route("listParameters", Method::get, "/api/devices/{mn}/parameters", list_parameters),
      route("listParameterHistory", Method::get, "/api/devices/{mn}/parameters/history", list_parameter_history),
      route("getCompleteness", Method::get, "/api/devices/{mn}/completeness", get_completeness),
      route("listDeviations", Method::get, "/api/devices/{mn}/deviations", list_deviations),
      route("listDeviceEvents", Method::get, "/api/devices/{mn}/events", list_device_events),
      route("changeProfile", Method::post, "/api/devices/{mn}/profile", change_profile),
      route("addKey", Method::post, "/api/devices/{mn}/key", add_key),
      route("listOrders", Method::get, "/api/orders", list_orders),
      route("getOrder", Method::get, "/api/orders/{id}", get_order),
      route("cancelOrder", Method::post, "/api/orders/{id}/cancel", cancel_order),
      route("listCommands", Method::get, "/api/commands", list_commands),
      route("listConnections", Method::get, "/api/connections", list_connections),
      route("getConformance", Method::get, "/api/conformance", get_conformance),
      route("getSystem", Method::get, "/api/system", get_system),
      route("listFactors", Method::get, "/api/factors", list_factors),
      route("streamEvents", Method::get, "/api/events", stream_events),
      route("getContract", Method::get, "/api/openapi.yaml", get_contract),
      route("getDocs", Method::get, "/api/docs", get_docs),
  };
}

}  // namespace mj::api
