#pragma once

#include <optional>
#include <vector>

#include "cells.hpp"

namespace mj::coverage {

/// Everything that a reader has to know before believing the figures.
[[nodiscard]] std::vector<registry::LocalName> siting_assumptions(const Siting& siting, const Ground& ground,
                                                                  std::optional<double> grid_step,
                                                                  std::size_t without_place);

}  // namespace mj::coverage
