#include "mj/devices/order.hpp"

#include "order_json.hpp"

namespace mj::devices {
namespace {

constexpr int kVersion = 1;

/// By number.
constexpr std::array<std::string_view, 11> kStates{"queued",    "sent",    "accepted",   "done",
                                                   "no_data",   "refused", "failed",     "timed_out",
                                                   "cancelled", "expired", "interrupted"};

/// The JSON object when it is one of `kind` and of our version.
std::optional<Json> read(BytesView payload, std::string_view kind) {
  // Cheaper than parsing what another room wrote.
  if (as_text(payload).find(kind) == std::string_view::npos) return std::nullopt;
  Json json = Json::parse(as_text(payload), nullptr, false);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  if (text_of(json, "kind") != kind || number_of<int>(json, "version") != kVersion) return std::nullopt;
  return json;
}

/// Text that is not UTF-8 keeps what is readable: an event must not be lost for it.
std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string_view name(OrderState state) {
  const auto number = static_cast<std::size_t>(state);
  return number < kStates.size() ? kStates[number] : std::string_view("unknown");
}

std::optional<OrderState> parse_order_state(std::string_view word) {
  for (std::size_t number = 0; number < kStates.size(); ++number) {
    if (kStates[number] == word) return static_cast<OrderState>(number);
  }
  return std::nullopt;
}

Result<std::string> encode(const OrderRequest& request) {
  try {
    Json json{{"kind", kOrderKind}, {"version", kVersion}, {"device", request.device}, {"cn", request.cn}};
    if (!request.st.empty()) json["st"] = request.st;
    json["parameters"] = parameters_to_json(request.parameters);
    json["name"] = request.name;
    json["reason"] = request.reason;
    if (request.cause) json["cause"] = *request.cause;
    if (request.connection) json["connection"] = *request.connection;
    json["expires_at"] = to_iso(request.expires_at);
    return json.dump();
  } catch (const Json::exception&) {
    return Error(ErrorCode::invalid_input, "the order holds text that is not UTF-8");
  }
}

std::string encode_cancel(OrderId order, std::string_view name, std::string_view reason) {
  return dump(Json{
      {"kind", kCancelKind}, {"version", kVersion}, {"order", order.raw()}, {"name", name}, {"reason", reason}});
}

std::string encode(const Step& step) {
  Json json{{"kind", kStepKind},
            {"version", kVersion},
            {"order", step.order.raw()},
            {"state", name(step.state)},
            {"what", step.what}};
  if (!step.qn.empty()) json["qn"] = step.qn;
  if (step.attempt != 0) json["attempt"] = step.attempt;
  if (step.code) json["code"] = *step.code;
  if (step.entry) json["entry"] = *step.entry;
  if (step.frame_before) json["frame_before"] = true;
  if (!step.note.empty()) json["note"] = step.note;
  return dump(json);
}

std::optional<OrderRequest> decode_order(BytesView payload) {
  const auto json = read(payload, kOrderKind);
  if (!json) return std::nullopt;
  const auto device = text_of(*json, "device"), cn = text_of(*json, "cn"), who = text_of(*json, "name"),
             why = text_of(*json, "reason"), expires = text_of(*json, "expires_at");
  const auto expires_at = expires ? parse_iso(*expires) : std::nullopt;
  const auto list = json->find("parameters");
  auto parameters = list != json->end() ? parameters_from_json(*list) : std::nullopt;
  if (!device || !cn || !who || !why || !expires_at || !parameters) return std::nullopt;
  OrderRequest request;
  request.device = *device;
  request.cn = *cn;
  request.name = *who;
  request.reason = *why;
  request.expires_at = *expires_at;
  request.parameters = *std::move(parameters);
  request.st = text_of(*json, "st").value_or("");
  request.cause = number_of<std::uint64_t>(*json, "cause");
  request.connection = number_of<std::uint64_t>(*json, "connection");
  return request;
}

std::optional<Cancel> decode_cancel(BytesView payload) {
  const auto json = read(payload, kCancelKind);
  if (!json) return std::nullopt;
  const auto order = number_of<std::uint64_t>(*json, "order");
  const auto who = text_of(*json, "name"), why = text_of(*json, "reason");
  if (!order || !who || !why) return std::nullopt;
  return Cancel{OrderId(*order), std::string(*who), std::string(*why)};
}

std::optional<Step> decode_step(BytesView payload) {
  const auto json = read(payload, kStepKind);
  if (!json) return std::nullopt;
  const auto order = number_of<std::uint64_t>(*json, "order");
  const auto state = parse_order_state(text_of(*json, "state").value_or(""));
  const auto what = text_of(*json, "what");
  if (!order || !state || !what) return std::nullopt;
  Step step;
  step.order = OrderId(*order);
  step.state = *state;
  step.what = *what;
  step.qn = text_of(*json, "qn").value_or("");
  step.attempt = number_of<int>(*json, "attempt").value_or(0);
  step.code = number_of<int>(*json, "code");
  step.entry = number_of<std::uint64_t>(*json, "entry");
  const auto before = json->find("frame_before");
  step.frame_before = before != json->end() && before->is_boolean() && before->get<bool>();
  step.note = text_of(*json, "note").value_or("");
  return step;
}

}  // namespace mj::devices
