#pragma once

#include <vector>

#include "mj/kernel/decimal.hpp"

namespace mj::acoustics {

/// 倍频程、三分之一倍频程.
enum class BandWidth { octave, third };

/// A band of the base-ten series.
struct Band {
  Decimal nominal;    ///< as it is called: 31.5
  double centre = 0;  ///< 1000·10^(n/10) Hz
  double lower = 0;   ///< edges, a factor of 10^(1/20) (octave 10^(3/20)) away
  double upper = 0;
};

/// Bands in ascending order whose edges lie within `from`…`to` Hz. Source: IEC 61260-1:2014 §5.2–5.6, annex E; GB/T 3241-2010.
[[nodiscard]] std::vector<Band> bands(BandWidth width, double from, double to);

}  // namespace mj::acoustics
