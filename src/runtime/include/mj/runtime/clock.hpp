#pragma once

#include <functional>

#include "mj/kernel/instant.hpp"

namespace mj::runtime {

/// The wall clock as a value, so that tests and simulations can bring their own. May step back.
using Clock = std::function<Instant()>;

[[nodiscard]] Clock system_clock();

/// Milliseconds of a clock that never steps back; only differences mean something.
[[nodiscard]] std::int64_t steady_ms();

}  // namespace mj::runtime
