#pragma once

#include <vector>

#include "context.hpp"
#include "http.hpp"

namespace mj::api {

/// Every operation of api/openapi/mingjian.yaml with its handler. `context` outlives the routes.
[[nodiscard]] std::vector<Route> routes(Context& context);

}  // namespace mj::api
