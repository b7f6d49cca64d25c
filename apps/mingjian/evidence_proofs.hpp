#pragma once

#include "commands.hpp"

namespace mj::app {

/// `mingjian evidence proof|consistency|check-proof|self-test`.
void add_evidence_proofs(CLI::App& evidence, Run& run);

}  // namespace mj::app
