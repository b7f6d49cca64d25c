#pragma once

#include <string>
#include <string_view>

#include "mj/registry/point_set.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::statistics {

/// The unit in which figures of a factor are given: that of the standards of the element (air: the index, surface water:
/// the classes), else that of the table of factors. Imported values are stored in it.
[[nodiscard]] std::string usual_unit(const standards::StandardSet& standards, std::string_view element,
                                     std::string_view factor);

/// The unit in which a reporter of a point sends a factor: imported values in the usual one, devices as the register says
/// ("a34004=µg/m³,…"), else as the table of factors does.
[[nodiscard]] std::string unit_sent(const standards::StandardSet& standards, const registry::PointView& point,
                                    std::string_view reporter, std::string_view factor);

}  // namespace mj::statistics
