#include "watch.hpp"

#include "digest.hpp"

namespace mj::alarm {
namespace {

/// Part of the basis: a change of what judge() or the reading of entries does begins the book anew.
constexpr std::string_view kEngineVersion = "alarm engine 1";

/// The unit a point sends a factor in; empty when nothing says.
std::string unit_of(const registry::Point& point, const Limit& limit, const standards::StandardSet& standards) {
  const standards::Factor* factor = standards.factor(limit.factor);
  for (const std::string& code : {limit.factor, factor == nullptr ? std::string() : factor->code_2005}) {
    if (const auto own = point.units.find(code); !code.empty() && own != point.units.end()) return own->second;
  }
  return factor == nullptr ? std::string() : factor->unit;
}

void add_checks(DeviceWatch& watch, DeviceWatch::Factor& factor, const Limit& limit) {
  for (const telemetry::Period period : limit.periods) {
    for (const std::string& kind : limit.kinds) {
      for (const Direction direction : {Direction::above, Direction::below}) {
        if (!threshold(limit, direction)) continue;
        factor.checks.push_back(watch.checks.size());
        Check check;
        check.limit = &limit;
        check.direction = direction;
        check.kind = kind;
        check.period = period;
        watch.checks.push_back(std::move(check));
      }
    }
  }
}

std::size_t factor_index(DeviceWatch& watch, const std::string& code, const standards::StandardSet& standards) {
  const auto [found, added] = watch.factor_by_code.emplace(code, watch.factors.size());
  if (added) {
    watch.factors.push_back({code, {}, {}});
    const standards::Factor* factor = standards.factor(code);
    if (factor != nullptr && !factor->code_2005.empty())
      watch.factor_by_code.emplace(factor->code_2005, found->second);
  }
  return found->second;
}

}  // namespace

const DeviceWatch::Factor* DeviceWatch::find(std::string_view code) const {
  const auto found = factor_by_code.find(std::string(code));  // codes fit the small-string buffer
  return found == factor_by_code.end() ? nullptr : &factors[found->second];
}

Result<WatchList> WatchList::make(const registry::Network& network, const LimitSet& limits,
                                  const standards::StandardSet& standards) {
  WatchList list;
  std::string basis = fmt::format("{}\n{}\n{}\n", kEngineVersion, limits.digest(), standards.digest());
  for (const registry::Point& point : network.points()) {
    if (point.device.empty()) continue;
    DeviceWatch watch;
    watch.point = point.id;
    watch.device = point.device;
    for (const Limit& limit : limits.limits()) {
      if (!limit.covers(point)) continue;
      if (standards.canonical(limit.factor) != limit.factor) {
        return Error(ErrorCode::invalid_input, fmt::format("limit {}: write {} instead of {}", limit.id,
                                                           standards.canonical(limit.factor), limit.factor));
      }
      const std::string unit = unit_of(point, limit, standards);
      if (!unit.empty() && !standards.convert(Decimal{1, 0}, unit, limit.unit)) {
        return Error(ErrorCode::invalid_input,
                     fmt::format("limit {} is in \"{}\", but point {} sends {} in \"{}\"", limit.id, limit.unit,
                                 point.id, limit.factor, unit));
      }
      DeviceWatch::Factor& factor = watch.factors[factor_index(watch, limit.factor, standards)];
      factor.unit = unit;
      add_checks(watch, factor, limit);
    }
    if (watch.checks.empty()) continue;
    basis += fmt::format("{}\n{}\n{}\n", point.id, point.device, static_cast<int>(point.profile.crc));
    for (const auto& [factor, unit] : point.units) basis += fmt::format("{}={}\n", factor, unit);
    list.by_device_.emplace(point.device, list.devices_.size());
    list.devices_.push_back(std::move(watch));
  }
  list.basis_ = sha256_hex(basis);
  return list;
}

DeviceWatch* WatchList::find(std::string_view device) {
  const auto found = by_device_.find(device);
  return found == by_device_.end() ? nullptr : &devices_[found->second];
}

Check* WatchList::find(std::string_view device, std::string_view rule, Direction direction,
                       std::string_view factor, std::string_view kind, telemetry::Period period) {
  DeviceWatch* watch = find(device);
  if (watch == nullptr) return nullptr;
  const DeviceWatch::Factor* known = watch->find(factor);
  if (known == nullptr) return nullptr;
  for (const std::size_t index : known->checks) {
    Check& check = watch->checks[index];
    if (check.limit->id == rule && check.direction == direction && check.kind == kind && check.period == period)
      return &check;
  }
  return nullptr;
}

void WatchList::reset() {
  for (DeviceWatch& watch : devices_) {
    watch.dirty = false;
    for (Check& check : watch.checks) {
      check.state = {};
      check.alarm.reset();
      check.dirty = false;
    }
  }
}

}  // namespace mj::alarm
