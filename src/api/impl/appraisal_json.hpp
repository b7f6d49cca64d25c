#pragma once

#include "json.hpp"
#include "mj/appraisal/appraise.hpp"

namespace mj::api {

/// `AppraisalScheme`.
[[nodiscard]] Json appraisal_scheme_json(const appraisal::Scheme& scheme);
/// `Appraisal`.
[[nodiscard]] Json appraisal_json(const appraisal::Scheme& scheme, const appraisal::Appraisal& appraisal,
                                  Instant made_at);

}  // namespace mj::api
