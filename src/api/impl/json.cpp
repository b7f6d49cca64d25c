#include "json.hpp"

namespace mj::api {

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json to_json(Instant instant) { return to_iso(instant); }

Json to_json(const std::optional<Instant>& instant) { return instant ? to_json(*instant) : Json(nullptr); }

Json name_json(std::string_view zh, std::string_view en) { return Json{{"zh", zh}, {"en", en.empty() ? zh : en}}; }

Json name_json(const standards::Text& text) { return name_json(text.zh, text.en); }

Json to_json(const Decimal& decimal) { return Json{{"text", to_text(decimal)}, {"number", to_double(decimal)}}; }

Json figure_json(std::string_view text, const std::optional<double>& number) {
  if (!number) return nullptr;
  return Json{{"text", text}, {"number", *number}};
}

}  // namespace mj::api
