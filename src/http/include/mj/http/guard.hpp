#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mj/http/message.hpp"

namespace mj::http {

/// True for 127.0.0.1, localhost and [::1], each with or without a port: the names under which a browser on this machine
/// reaches a server. Any other name points here by DNS rebinding.
[[nodiscard]] bool is_local_host(std::string_view host);

/// Why a request does not come from a page that a server without a login delivered on this machine: a foreign Host, or a POST
/// from a foreign Origin. None when it may pass.
[[nodiscard]] std::optional<std::string> foreign(const Request& request);

}  // namespace mj::http
