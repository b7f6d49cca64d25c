#pragma once

#include <optional>
#include <string_view>

#include "http.hpp"

namespace mj::api {

/// While there is no login, the only protection is that the request comes from a page this server delivered. Answers with the
/// refusal: 403 for a foreign Host, and for a POST from a foreign Origin; 415 for a POST that is not JSON (a plain HTML form
/// cannot send JSON), or, where a file is taken, of a type that a form can send. None when the request may pass.
[[nodiscard]] std::optional<Answer> refuse_foreign(const Request& request);

/// Whether the body of a POST to this path is a file: it may be large and of another type than JSON.
[[nodiscard]] bool takes_file(std::string_view path);

}  // namespace mj::api
