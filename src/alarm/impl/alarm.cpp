#include "mj/alarm/alarm.hpp"

namespace mj::alarm {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::notice: return "notice";
    case Severity::warning: return "warning";
    case Severity::serious: return "serious";
  }
  return "warning";
}

std::optional<Severity> parse_severity(std::string_view word) {
  for (const Severity severity : {Severity::notice, Severity::warning, Severity::serious}) {
    if (word == name(severity)) return severity;
  }
  return std::nullopt;
}

std::string_view name(Direction direction) { return direction == Direction::above ? "above" : "below"; }

std::string_view name(Change change) {
  switch (change) {
    case Change::raised: return "raised";
    case Change::updated: return "updated";
    case Change::cleared: return "cleared";
    case Change::acknowledged: return "acknowledged";
  }
  return "updated";
}

}  // namespace mj::alarm
