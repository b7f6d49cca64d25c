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
///     result/<element>/<level>/<subject>/<indicator>/<from>/<to>     an evaluated figure of a period [from, to)
///     statistic/<element>/<subject>/<factor>/<statistic>/<question>/<from>/<to>   a statistic of the values in [from, to)
///     appraisal/<scheme>/<subject>/<indicator>/<from>/<to>           a score or amount of a scheme for a period [from, to)
///
/// Bytes of a part that are no printable ASCII, and its `/` and `%`, are written %XX: the device of an imported series is
/// <source>/<station>, in a name "cnemc%2F1001A".
struct FigureId {
  enum class Kind { value, mean, aqi, water_class, result, statistic, appraisal };
  Kind kind = Kind::value;
  std::string subject;  ///< device of the series, point id, or what a result is about; as it is, without %XX
  std::string st;
  std::string cn;
  std::string factor;
  std::string value_kind;  ///< Rtd, Avg …
  Instant at;              ///< or from
  Instant to;              ///< of what is of a time from … to
  // Of what was made of other figures only.
  std::string element = {};    ///< air, surface_water …; of an appraisal the scheme
  std::string level = {};      ///< results: day, month, quarter, year …
  std::string indicator = {};  ///< AQI, w01018 …; of a statistic which one
  std::string question = {};   ///< statistics: what else the question says, in its one spelling

  /// Errors: invalid_input naming the part that does not fit.
  [[nodiscard]] static Result<FigureId> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  /// Whether it was made by evaluation, statistics or appraisal: its steps are those of calculation sheets.
  [[nodiscard]] bool made() const {
    return kind == Kind::result || kind == Kind::statistic || kind == Kind::appraisal;
  }
  /// "<MN>/<ST>/<CN>/<factor>/<kind>" as it stands in the names of values and means.
  [[nodiscard]] std::string series() const;
};

}  // namespace mj::bundle
