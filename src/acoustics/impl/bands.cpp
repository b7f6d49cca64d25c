#include "mj/acoustics/bands.hpp"

#include <array>
#include <cmath>

namespace mj::acoustics {
namespace {

/// Preferred numbers R10 in hundredths, by which bands are called. Source: IEC 61260-1:2014 annex E; ISO 266.
constexpr std::array<std::int64_t, 10> kPreferred{100, 125, 160, 200, 250, 315, 400, 500, 630, 800};

Decimal nominal(int step) {
  Decimal value{kPreferred[static_cast<std::size_t>(step % 10)], 2};
  for (int decade = step / 10; decade > 0; --decade) {
    if (value.decimals > 0)
      --value.decimals;
    else
      value.mantissa *= 10;
  }
  while (value.decimals > 0 && value.mantissa % 10 == 0) {
    value.mantissa /= 10;
    --value.decimals;
  }
  return value;
}

}  // namespace

std::vector<Band> bands(BandWidth width, double from, double to) {
  const int spacing =
      width == BandWidth::third ? 1 : 3;  // 1000 Hz, step 30, is the centre of a band of either series
  const double half = std::pow(10.0, spacing / 20.0);
  std::vector<Band> found;
  for (int step = 0; step <= 60; step += spacing) {
    const double centre = std::pow(10.0, step / 10.0);
    const Band band{nominal(step), centre, centre / half, centre * half};
    if (band.lower >= from && band.upper <= to) found.push_back(band);
  }
  return found;
}

}  // namespace mj::acoustics
