#include "guard.hpp"

#include "mj/http/guard.hpp"

namespace mj::api {

std::optional<Answer> refuse_foreign(const Request& request) {
  if (const auto why = http::foreign(request)) return error_answer(403, "forbidden", *why);
  if (request.method == Method::post && media_type(request.content_type) != "application/json") {
    return error_answer(415, "unsupported_media_type", "the body must be sent as Content-Type: application/json");
  }
  return std::nullopt;
}

}  // namespace mj::api
