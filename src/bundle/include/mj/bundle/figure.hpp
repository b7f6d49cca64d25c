#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::bundle {

/// The name of a published figure, as screens, the API and the command line give it 数据编号.
///
///     value/<MN>/<ST>/<CN>/<factor>/<kind>/<YYYYMMDDhhmmss>          one value of a series, Beijing time
///     mean/<MN>/<ST>/<CN>/<factor>/<kind>/<from>/<to>                arithmetic mean of the values in [from, to)
///     aqi/<point>/<YYYYMMDDhhmmss>                                   hourly air quality index of a point
///     water-class/<point>/<YYYYMMDDhhmmss>                           water quality class of a point
struct FigureId {
  enum class Kind { value, mean, aqi, water_class };
  Kind kind = Kind::value;
  std::string subject;  ///< MN or point id
  std::string st;
  std::string cn;
  std::string factor;
  std::string value_kind;  ///< Rtd, Avg …
  Instant at;              ///< or from
  Instant to;              ///< mean only

  /// Errors: invalid_input naming the part that does not fit.
  [[nodiscard]] static Result<FigureId> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

}  // namespace mj::bundle
