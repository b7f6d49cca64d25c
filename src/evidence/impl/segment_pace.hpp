#pragma once

#include <cstdint>
#include <functional>

#include "mj/kernel/result.hpp"

namespace mj::evidence {

/// Called with the bytes done since the last call, to hold a rate; an error ends the work.
using Pace = std::function<Status(std::uint64_t bytes)>;

}  // namespace mj::evidence
