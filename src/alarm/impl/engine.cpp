#include "mj/alarm/engine.hpp"

namespace mj::alarm {

std::optional<Decimal> threshold(const Limit& limit, Direction direction) {
  return direction == Direction::above ? limit.upper : limit.lower;
}

Outcome judge(const Limit& limit, Direction direction, CheckState& state, const Sample& sample) {
  const auto figure = threshold(limit, direction);
  if (!figure || (state.last_at && sample.at <= *state.last_at)) return {};
  if (!limit.validity.contains(sample.at)) {
    if (!state.open) return {};
    state.last_at = sample.at;
    state.open = false;
    return {Verdict::cleared, false};
  }
  state.last_at = sample.at;
  const int side = direction == Direction::above ? 1 : -1;
  const bool beyond = compare(sample.value, *figure) * side > 0;
  if (!state.open) {
    state.open = beyond;
    return {beyond ? Verdict::raised : Verdict::fine, beyond};
  }
  const Decimal clear = (direction == Direction::above ? limit.clear_upper : limit.clear_lower).value_or(*figure);
  if (!beyond && compare(sample.value, clear) * side <= 0) {
    state.open = false;
    return {Verdict::cleared, false};
  }
  return {Verdict::lasting, beyond};
}

bool late_beyond(const Limit& limit, Direction direction, const CheckState& state, const Sample& sample) {
  const auto figure = threshold(limit, direction);
  if (!figure || !state.last_at || sample.at > *state.last_at || !limit.validity.contains(sample.at)) return false;
  const int side = direction == Direction::above ? 1 : -1;
  return compare(sample.value, *figure) * side > 0;
}

}  // namespace mj::alarm
