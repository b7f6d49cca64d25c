#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// What turns a reading into a dose rate 剂量率换算: where it was taken, factors of the instrument, its response to cosmic rays.
struct GammaTerms {
  std::string place =
      "field";       ///< "field", "road", "single_storey", "multi_storey": share of cosmic rays that gets in
  Decimal k1{1, 0};  ///< calibration factor
  Decimal k2{1, 0};  ///< efficiency factor of the check source
  Decimal cosmic;    ///< response to cosmic rays, nGy/h; 0: the reading is net already
};
/// k1·k2·reading − k3·cosmic in nGy/h. Errors: invalid_input for an unknown place or a k2 out of its range. Source:
/// HJ 1157-2021 (UNVERIFIED).
[[nodiscard]] Result<Exact> net_dose_rate(const standards::StandardSet& standards, Decimal reading,
                                          const GammaTerms& terms);

/// Natural background of a region 天然本底 in nGy/h, without cosmic rays.
struct GammaBackground {
  Decimal low;
  Decimal high;
  std::string edition;
  standards::Verification verification = standards::Verification::unverified;
  const standards::RuleRow* row = nullptr;  ///< where it was taken from
};
/// That of a region (code of a province, or "nation") for the place; none when no table has it.
[[nodiscard]] std::optional<GammaBackground> gamma_background(const standards::StandardSet& standards, Instant at,
                                                              std::string_view region, std::string_view place);

/// Summary of dose rates against the background 环境γ辐射水平统计. There is no limit: what is beyond the range is counted,
/// and how much of it fell in rain, which washes radon daughters down.
class GammaSummary {
 public:
  explicit GammaSummary(std::optional<GammaBackground> background) : background_(std::move(background)) {}
  /// Errors: invalid_input when the value has too many digits.
  Status add(Decimal rate, bool rain);

  [[nodiscard]] std::size_t count() const { return rates_.size(); }
  [[nodiscard]] Exact mean() const;
  [[nodiscard]] std::optional<Decimal> least() const;
  [[nodiscard]] std::optional<Decimal> greatest() const;
  [[nodiscard]] std::optional<double> deviation() const;  ///< of the sample; none with one value
  [[nodiscard]] const std::optional<GammaBackground>& background() const { return background_; }
  [[nodiscard]] std::size_t above() const { return above_; }
  [[nodiscard]] std::size_t above_in_rain() const { return above_in_rain_; }
  [[nodiscard]] std::size_t below() const { return below_; }

 private:
  std::optional<GammaBackground> background_;
  std::vector<Decimal> rates_;
  std::size_t above_ = 0;
  std::size_t above_in_rain_ = 0;
  std::size_t below_ = 0;
};

/// A figure with so many significant digits, half to even 有效数字. Errors: none when lost. Source: GB/T 8170-2008 §3.
[[nodiscard]] std::optional<Decimal> with_digits(const Exact& value, int digits);

}  // namespace mj::assess
