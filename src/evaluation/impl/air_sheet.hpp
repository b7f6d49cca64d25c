#pragma once

#include "air_rules.hpp"
#include "mj/assess/exact.hpp"
#include "mj/evaluation/derivation.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {

inline constexpr std::string_view kAirSystem = "22";  ///< ST: ambient air 空气质量监测 (HJ 212-2017 table 5)
inline constexpr std::string_view kAirHourCommand = "2061";  ///< CN: hourly values

/// Writes the calculation of one figure of ambient air down, step by step. Used once.
class AirSheet {
 public:
  AirSheet(const Context& context, const SheetRequest& request)
      : context_(context),
        law_(AirLaw::of(context)),
        request_(request),
        figure_(request.figure),
        derivation_(sheet_.operations, sheet_.tables, figure_.period) {
    sheet_.figure = request.figure;
  }
  Result<Sheet> make();

 private:
  void step(standards::Text title, std::string formula, std::string result, std::string unit, std::string clause,
            std::optional<standards::Verification> verification = std::nullopt, const Derived& shows = {});
  /// An index of one pollutant.
  struct Part {
    std::string pollutant;
    int index = 0;
    Derived derived;
  };
  /// The linear interpolation of one concentration, with its break points.
  std::optional<Part> index_step(const standards::AqiStandard& standard, const standards::AqiItem& item,
                                 Decimal concentration, const Derived& derived);
  void greatest_step(const std::vector<Part>& parts, const standards::AqiStandard& standard,
                     std::string_view edition, standards::Verification verification);
  /// The input pushed last, as a number of the derivation, multiplied by `scale`.
  Derived last_value(const SampleSeries& series, const Sample& sample, std::string_view unit);
  Derived last_figure();
  /// The device that alone stands for the point; empty when several do or a file does.
  std::string only_device(const RosterPoint& point) const;
  SheetInput input_of(const standards::AqiItem& item, const SampleSeries& series, const Sample& sample,
                      const std::string& device) const;
  Status hour(bool whole);
  Status group_hour(bool whole);
  Status day_index();
  Status point_day();
  using DerivedHours = std::array<Derived, 24>;
  void day_steps(const AirDayLaw& law, const AirItem& item, const assess::DayHours& hours,
                 const DerivedHours& derived);
  Derived window_steps(const AirDayLaw& law, const standards::AqiItem& of, const assess::DayHours& hours,
                       const DerivedHours& derived);
  Status group_day();
  Status longer(std::size_t indicator, bool pollutant);
  Status statistic(const assess::AirYearRules& rules, std::size_t place, bool percentile, Instant last_day);
  Status from_pollutants(const assess::AirYearRules& rules, bool composite, Instant last_day);
  Status day_counts(const assess::AirYearRules& rules, std::size_t indicator);

  const Context& context_;
  const AirLaw& law_;
  const SheetRequest& request_;
  const Figure& figure_;
  Sheet sheet_;
  Derivation derivation_;
  Derived figure_derived_;
  std::size_t place_ = 0;
};

/// A fraction with so many digits more that its rounding can be followed.
[[nodiscard]] std::string long_text(const assess::Exact& value, std::uint8_t decimals);

}  // namespace mj::evaluation
