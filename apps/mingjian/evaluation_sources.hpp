#pragma once

#include "mj/evaluation/engine.hpp"
#include "mj/registry/book.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::app {

/// Values, standards and the points of the register, as the evaluation works on them. All of them outlive the engine.
[[nodiscard]] evaluation::Sources evaluation_sources(const telemetry::Store& values,
                                                     const standards::StandardSet& standards,
                                                     const registry::Book& book);

}  // namespace mj::app
