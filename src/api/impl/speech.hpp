#pragma once

#include <optional>
#include <string_view>

#include "mj/api/server.hpp"

namespace mj::api {

/// How a device is spoken to, and by whose word.
struct Speech {
  hj212::Dialect dialect = hj212::Dialect::unknown;
  bool surface_water = false;
  std::string_view source;  ///< "profile", "detected", "none"

  /// The edition whose tables explain what is said; that of 2017 while nothing is known.
  [[nodiscard]] hj212::Dialect tables() const {
    return dialect == hj212::Dialect::unknown ? hj212::Dialect::v2017 : dialect;
  }
};

/// `guess` may be null: nothing was received.
[[nodiscard]] Speech speech_of(const hj212::Profile& profile, const hj212::ProfileGuess* guess);
/// Of a device by its number, whatever is known of it.
[[nodiscard]] Speech speech_of(const Services& services, std::string_view mn);

/// The command that the host sends to a device; of another edition when its own does not have it; null when none has.
[[nodiscard]] const hj212::Command* host_command(const hj212::Protocol& protocol, std::string_view cn,
                                                 std::string_view st, const Speech& speech);

}  // namespace mj::api
