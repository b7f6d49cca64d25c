#pragma once

#include "json.hpp"
#include "mj/hj212/protocol.hpp"

namespace mj::api {

/// `Command`.
[[nodiscard]] Json command_json(const hj212::Command& command);

}  // namespace mj::api
