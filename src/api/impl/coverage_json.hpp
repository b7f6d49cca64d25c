#pragma once

#include "json.hpp"
#include "mj/coverage/assessment.hpp"
#include "mj/coverage/redundancy.hpp"
#include "mj/coverage/siting.hpp"

namespace mj::api {

/// `Coverage` of the contract.
[[nodiscard]] Json coverage_json(const coverage::Assessment& assessment);
/// `Siting`.
[[nodiscard]] Json siting_json(const coverage::Siting& siting);
/// `Redundancy`.
[[nodiscard]] Json redundancy_json(const coverage::Redundancy& redundancy);

}  // namespace mj::api
