#pragma once

#include <optional>
#include <string_view>

#include "http.hpp"

namespace mj::api {

/// True for 127.0.0.1, localhost and [::1], each with or without a port: the names under which a browser on this machine
/// reaches the server. Any other name points here by DNS rebinding.
[[nodiscard]] bool is_local_host(std::string_view host);

/// While there is no login, the only protection is that the request comes from a page this server delivered. Answers with the
/// refusal: 403 for a foreign Host, and for a POST from a foreign Origin; 415 for a POST that is not JSON (a plain HTML form
/// cannot send JSON). None when the request may pass.
[[nodiscard]] std::optional<Answer> refuse_foreign(const Request& request);

}  // namespace mj::api
