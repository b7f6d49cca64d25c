#pragma once

#include "json.hpp"
#include "mj/api/server.hpp"

namespace mj::api {

/// `Alarm`.
[[nodiscard]] Json alarm_json(const Services& services, const alarm::Alarm& alarm);

}  // namespace mj::api
