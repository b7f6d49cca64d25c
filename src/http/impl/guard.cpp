#include "mj/http/guard.hpp"

namespace mj::http {

bool is_local_host(std::string_view host) {
  std::string_view name = host;
  if (const std::size_t colon = host.rfind(':');
      colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return false;
    name = host.substr(0, colon);
  }
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower == "127.0.0.1" || lower == "localhost" || lower == "[::1]";
}

std::optional<std::string> foreign(const Request& request) {
  if (!is_local_host(request.host)) {
    return fmt::format("this server answers only to 127.0.0.1, localhost and [::1], not to \"{}\"", request.host);
  }
  if (request.method == Method::post && !request.origin.empty() && request.origin != "http://" + request.host) {
    return fmt::format("a page of {} may not change anything here", request.origin);
  }
  return std::nullopt;
}

}  // namespace mj::http
