#pragma once

#include <string>

#include "mj/devices/rules.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/registry/network.hpp"

namespace mj::devices {

/// Digest of all that the book is derived with beside the log: another one means that it has to be derived again.
[[nodiscard]] std::string basis_of(const registry::Network& network, const hj212::Protocol& protocol,
                                   const Rules& rules);

}  // namespace mj::devices
