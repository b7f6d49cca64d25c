#pragma once

#include <functional>

#include "mj/outbox/outbox.hpp"

namespace mj::outbox {

/// Moments of relaying at which a process can die, for the tests that try it.
struct RelaySteps {
  std::size_t batch_bytes = 2U << 20;  ///< rows of about so many bytes are appended together
  std::function<void()> appended;      ///< a batch is durable in the log; the table does not know yet
  std::function<void()> noted;         ///< the table knows
};

[[nodiscard]] Result<Relayed> relay_with(soci::session& session, evidence::Log& log, const RelaySteps& steps);

}  // namespace mj::outbox
