#include "http.hpp"

#include "json.hpp"

namespace mj::api {

Answer json_answer(std::string json) {
  Answer answer;
  answer.content_type = "application/json";
  answer.body = std::move(json);
  answer.headers.push_back({"Cache-Control", "no-store"});
  return answer;
}

Answer error_answer(int status, std::string_view code, std::string_view text) {
  Answer answer = json_answer(to_text(Json{{"error", {{"code", code}, {"text", text}}}}));
  answer.status = status;
  return answer;
}

Answer error_answer(const Error& error) {
  return error_answer(http_status(error.code()), name(error.code()), error.text());
}

const std::vector<Header>& security_headers() {
  // Element Plus and ECharts set style attributes; the map and the export buttons use data: and blob: images.
  static const std::vector<Header> headers = {
      {"Content-Security-Policy",
       "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
       "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
       "form-action 'self'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
  };
  return headers;
}

}  // namespace mj::api
