#pragma once

#include <span>

#include "json.hpp"
#include "mj/api/server.hpp"
#include "mj/appraisal/figure.hpp"

namespace mj::api {

/// `AppraisalScheme`.
[[nodiscard]] Json appraisal_scheme_json(const appraisal::Scheme& scheme);
/// `Appraisal`.
[[nodiscard]] Json appraisal_json(const appraisal::Scheme& scheme, const appraisal::Appraisal& appraisal,
                                  Instant made_at);

/// `FigureSheet`.
[[nodiscard]] Json appraisal_sheet_json(const appraisal::FigureSheet& made, std::string_view period);

/// None where the server was started without.
[[nodiscard]] std::span<const appraisal::Scheme> schemes_of(const Services& services);

}  // namespace mj::api
