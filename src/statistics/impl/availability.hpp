#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "membership.hpp"

namespace mj::statistics {

/// A series that a member has in the store, whatever its times.
struct Available {
  std::size_t member = 0;  ///< place in Membership::members
  std::string factor;      ///< canonical
  std::string code;        ///< as received
  std::string kind;
  telemetry::Period period = telemetry::Period::instant;
  Instant newest;
};
[[nodiscard]] std::vector<Available> available(const Sources& sources, const std::vector<Member>& members);

/// The kind that is meant when none is named: means, of instants the value itself. Where nobody sends it the one that most members
/// have: levels of noise come as Data, DayData and NightData (HJ 212-2017 tables C.26 to C.28).
[[nodiscard]] std::string choose_kind(const std::vector<Available>& series, const Selection& selection,
                                      telemetry::Period period);

/// The period not above the bucket that most members have; equally many: hour before day, minute, instant. Hour when there is none.
/// The usual kinds count, others where there is no usual one.
[[nodiscard]] telemetry::Period choose_period(const std::vector<Available>& series, const Selection& selection);

}  // namespace mj::statistics
