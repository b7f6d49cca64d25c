#include "guard.hpp"

#include "mj/http/guard.hpp"

namespace mj::api {

std::optional<Answer> refuse_foreign(const Request& request) {
  if (const auto why = http::foreign(request)) return error_answer(403, "forbidden", *why);
  if (request.method != Method::post) return std::nullopt;
  const std::string type = media_type(request.content_type);
  if (takes_file(request.path())) {
    // Any type but those that a form of another site could send without asking first (Fetch standard, CORS-safelisted).
    for (const std::string_view simple :
         {"", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"}) {
      if (type == simple) {
        return error_answer(415, "unsupported_media_type",
                            "a file must be sent as Content-Type: application/octet-stream");
      }
    }
  } else if (type != "application/json") {
    return error_answer(415, "unsupported_media_type", "the body must be sent as Content-Type: application/json");
  }
  return std::nullopt;
}

bool takes_file(std::string_view path) {
  return path == "/api/intake/files" || path == "/api/intake/recognise" ||
         (path.starts_with("/api/register/") && path.ends_with("/import"));
}

}  // namespace mj::api
