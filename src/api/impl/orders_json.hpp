#pragma once

#include "json.hpp"
#include "mj/api/server.hpp"

namespace mj::api {

/// `PointRef` of the point that a device reports for, or null.
[[nodiscard]] Json point_ref_json(const registry::Network& network, std::string_view mn);

/// `Order`.
[[nodiscard]] Json order_json(const Services& services, const devices::Order& order);
/// `OrderDetail`.
[[nodiscard]] Json order_detail_json(const Services& services, const devices::Order& order);

}  // namespace mj::api
