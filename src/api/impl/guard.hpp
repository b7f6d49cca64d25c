#pragma once

#include <optional>

#include "http.hpp"

namespace mj::api {

/// While there is no login, the only protection is that the request comes from a page this server delivered. Answers with the
/// refusal: 403 for a foreign Host, and for a POST from a foreign Origin; 415 for a POST that is not JSON (a plain HTML form
/// cannot send JSON). None when the request may pass.
[[nodiscard]] std::optional<Answer> refuse_foreign(const Request& request);

}  // namespace mj::api
