#pragma once

#include <string_view>

#include "mj/hj212/deviation.hpp"
#include "traits.hpp"

namespace mj::hj212 {

/// Notes what a header of another form than the standard's departs in: order, separators, blanks, names. Returns the variant
/// of its order. Source: HJ 212-2017 §6.3.2.
HeaderOrderVariant examine_header_form(std::string_view segment, Deviations& deviations);

}  // namespace mj::hj212
