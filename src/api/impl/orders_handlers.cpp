#include <fmt/format.h>

#include "frame_parts.hpp"
#include "handlers.hpp"
#include "json_body.hpp"
#include "mj/hj212/compose.hpp"
#include "orders_json.hpp"

namespace mj::api {
namespace {

constexpr std::int64_t kMaxLifeSeconds = 31'536'000;

/// The parameters of the body, in their order. Errors: invalid_input naming what is wrong.
Result<std::vector<hj212::Parameter>> parameters_of(const JsonBody& body) {
  std::vector<hj212::Parameter> parameters;
  const Json* list = body.find("parameters");
  if (list == nullptr) return parameters;
  if (!list->is_array()) return wrong_member("parameters", R"(must be a list of {"name": …, "value": …})");
  for (const Json& item : *list) {
    const auto text = [&item](const char* member) -> const Json* {
      if (!item.is_object()) return nullptr;
      const auto found = item.find(member);
      return found != item.end() && found->is_string() ? &*found : nullptr;
    };
    const Json* name = text("name");
    const Json* value = text("value");
    if (name == nullptr || value == nullptr || item.size() != 2)
      return wrong_member("parameters", R"(each must be {"name": …, "value": …}, both texts)");
    parameters.emplace_back(name->get<std::string>(), value->get<std::string>());
  }
  return parameters;
}

/// What a draft and an order have in common.
Result<devices::OrderRequest> draft_of(const JsonBody& body, const devices::DeviceRecord& record) {
  devices::OrderRequest request;
  request.device = record.mn;
  MJ_TRY(request.cn, body.text("cn"));
  MJ_TRY(auto st, body.text_if_given("st"));
  request.st = std::move(st).value_or("");
  MJ_TRY(request.parameters, parameters_of(body));
  return request;
}

Result<devices::OrderId> order_id_of(const Call& call) {
  const auto id = parse_whole(call.at("id"));
  if (!id) return Error(ErrorCode::not_found, fmt::format("there is no order \"{}\"", call.at("id")));
  return devices::OrderId(*id);
}

Result<Answer> orders_answer(const Services& services, const Call& call, std::optional<std::string> device) {
  devices::OrderQuery query;
  query.device = std::move(device);
  MJ_TRY(query.open, call.query.flag_if_given("open"));
  MJ_TRY(query.before, call.query.whole_if_given("before"));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  query.limit = static_cast<std::size_t>(limit);
  MJ_TRY(const auto orders, services.devices.orders(query));
  Json rows = Json::array();
  for (const devices::Order& order : orders) rows.push_back(order_json(services, order));
  return json_answer(to_text(rows));
}

}  // namespace

Result<Answer> list_orders(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"open", "before", "limit"}));
  return orders_answer(context.services, call, std::nullopt);
}

Result<Answer> list_device_orders(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"open", "before", "limit"}));
  MJ_TRY(auto record, device_of(context.services, call));
  return orders_answer(context.services, call, std::move(record.mn));
}

Result<Answer> get_order(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const devices::OrderId id, order_id_of(call));
  MJ_TRY(const devices::Order order, context.services.devices.order(id));
  return json_answer(to_text(order_detail_json(context.services, order)));
}

Result<Answer> place_order(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"cn", "st", "parameters", "name", "reason", "expires_in_s"}));
  MJ_TRY(devices::OrderRequest request, draft_of(body, record));
  MJ_TRY(request.name, body.text("name"));
  MJ_TRY(request.reason, body.text("reason"));
  MJ_TRY(const auto life, body.whole_if_given("expires_in_s", 1, kMaxLifeSeconds));
  const Instant now = services.clock();
  request.expires_at = now.plus_ms(life ? *life * 1000 : services.devices.rules().order_life_ms);
  MJ_TRY(const devices::Order order, services.devices.place_order(services.log, request, now));
  Answer answer = json_answer(to_text(order_json(services, order)));
  answer.status = 201;
  answer.headers.push_back({"Location", fmt::format("/api/orders/{}", order.id.raw())});
  return answer;
}

Result<Answer> preview_order(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const auto record, device_of(services, call));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"cn", "st", "parameters"}));
  MJ_TRY(devices::OrderRequest request, draft_of(body, record));
  // The book checks a preview like an order; who and why are asked for only when it is placed.
  request.name = "preview";
  request.reason = "preview";
  const Instant now = services.clock();
  request.expires_at = now.plus_ms(services.devices.rules().order_life_ms);
  MJ_TRY(const std::string frame, services.devices.preview(request, now));
  return json_answer(to_text(preview_json(services, record.mn, frame)));
}

Result<Answer> cancel_order(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const devices::OrderId id, order_id_of(call));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"name", "reason"}));
  MJ_TRY(const std::string name, body.text("name"));
  MJ_TRY(const std::string reason, body.text("reason"));
  const auto order = services.devices.cancel_order(services.log, id, name, reason, services.clock());
  if (!order) {
    if (order.error().code() == ErrorCode::conflict)
      return error_answer(409, "already_ended", order.error().text());
    return order.error();
  }
  return json_answer(to_text(order_json(services, *order)));
}

}  // namespace mj::api
