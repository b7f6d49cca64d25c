#include "mj/assess/gamma.hpp"

#include <cmath>

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {

Result<Exact> net_dose_rate(const standards::StandardSet& standards, Decimal reading, const GammaTerms& terms) {
  constexpr std::string_view kEdition = "HJ 1157-2021";
  MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, kEdition));
  const auto k3 = numbers.decimal("k3_" + terms.place);
  if (!k3)
    return Error(ErrorCode::invalid_input,
                 fmt::format("\"{}\" is none of field, road, single_storey, multi_storey", terms.place));
  MJ_TRY(const Decimal low, numbers.decimal("k2_low"));
  MJ_TRY(const Decimal high, numbers.decimal("k2_high"));
  if (compare(terms.k2, low) < 0 || compare(terms.k2, high) > 0)
    return Error(ErrorCode::invalid_input, fmt::format("k2 {} is beyond {} … {}: the instrument must be checked",
                                                       to_text(terms.k2), to_text(low), to_text(high)));
  const Exact net = Exact(terms.k1) * terms.k2 * reading - Exact(*k3) * terms.cosmic;
  if (net.lost()) return Error(ErrorCode::invalid_input, "the figures have too many digits");
  return net;
}

std::optional<GammaBackground> gamma_background(const standards::StandardSet& standards, Instant at,
                                                std::string_view region, std::string_view place) {
  const std::string_view kind = place == "field" || place == "road" ? place : "indoor";
  for (const auto* row : rows_in_force(standards, "gamma_background", at)) {
    if (row->text("region") == region && row->text("place") == kind)
      return GammaBackground{row->decimal("low"), row->decimal("high"), row->edition, row->verification, row};
  }
  return std::nullopt;
}

Status GammaSummary::add(Decimal rate, bool rain) {
  if (rate.decimals > 12) return Error(ErrorCode::invalid_input, "the dose rate has more than 12 decimals");
  rates_.push_back(rate);
  if (!background_) return {};
  if (compare(rate, background_->low) < 0) ++below_;
  if (compare(rate, background_->high) > 0) {
    ++above_;
    above_in_rain_ += rain ? 1 : 0;
  }
  return {};
}

Exact GammaSummary::mean() const {
  ExactSum sum;
  for (const Decimal& rate : rates_) {
    if (!sum.add(rate)) return Exact::of(0, 0);
  }
  return sum.mean();
}

std::optional<Decimal> GammaSummary::least() const {
  if (rates_.empty()) return std::nullopt;
  return *std::min_element(rates_.begin(), rates_.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
}

std::optional<Decimal> GammaSummary::greatest() const {
  if (rates_.empty()) return std::nullopt;
  return *std::max_element(rates_.begin(), rates_.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
}

std::optional<double> GammaSummary::deviation() const {
  if (rates_.size() < 2) return std::nullopt;
  const double centre = mean().approximately();
  double squares = 0;
  for (const Decimal& rate : rates_) squares += std::pow(to_double(rate) - centre, 2);
  return std::sqrt(squares / static_cast<double>(rates_.size() - 1));
}

std::optional<Decimal> with_digits(const Exact& value, int digits) {
  if (value.lost()) return std::nullopt;
  const double size = std::abs(value.approximately());
  if (size == 0) return value.round(0);
  // Rounding may carry into another digit (99.96 → 100): then one decimal less is left.
  for (int decimals = digits - 1 - static_cast<int>(std::floor(std::log10(size)));; --decimals) {
    std::optional<Decimal> rounded;
    if (decimals >= 0) {
      rounded = value.round(static_cast<std::uint8_t>(std::min(decimals, 18)));
    } else {
      Exact unit = Decimal{1, 0};
      for (int i = 0; i > decimals; --i) unit = unit * Decimal{10, 0};
      rounded = (value / unit).round(0);
      if (rounded) rounded = (Exact(*rounded) * unit).round(0);
    }
    if (!rounded || std::abs(to_double(*rounded)) < std::pow(10.0, digits - decimals)) return rounded;
  }
}

}  // namespace mj::assess
