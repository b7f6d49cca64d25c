#pragma once

#include "context.hpp"
#include "json.hpp"

namespace mj::api {

/// `Ledger`.
[[nodiscard]] Json ledger_json(const telemetry::Ledger& ledger);
/// `System`.
[[nodiscard]] Json system_json(Context& context);
/// `SystemPulse`.
[[nodiscard]] Json pulse_json(const Context& context);

}  // namespace mj::api
