#include "limit_finder.hpp"

#include <algorithm>
#include <limits>

namespace mj::statistics {
namespace {

using standards::StandardSet;

const Instant kForEver = Instant::from_ms(std::numeric_limits<std::int64_t>::max());

/// The first moment behind `at` at which an answer may change: an end of one of the validities.
void narrow(Instant& until, Instant at, const standards::Validity& validity) {
  if (validity.from > at) until = std::min(until, validity.from);
  if (validity.to && *validity.to > at) until = std::min(until, *validity.to);
}

/// Name of a pollutant in the tables of limits, from the tables of the index, which know its factor.
std::string pollutant_of(const StandardSet& standards, std::string_view factor) {
  for (const standards::AqiStandard& edition : standards.aqi_editions()) {
    for (const standards::AqiItem& item : edition.hourly) {
      if (item.factor == factor) return item.pollutant;
    }
  }
  return {};
}

std::string source_of(std::string_view edition, std::string_view clause, standards::Verification verification) {
  const std::string_view place = clause.empty() ? edition : clause;
  return fmt::format("{} ({})", place, standards::name(verification));
}

}  // namespace

LimitFinder::LimitFinder(const StandardSet& standards, std::string element, std::string factor, std::string unit,
                         telemetry::Period period, int grade, bool lake)
    : standards_(standards),
      element_(std::move(element)),
      factor_(std::move(factor)),
      unit_(std::move(unit)),
      period_(period),
      grade_(grade),
      lake_(lake) {}

LimitInForce LimitFinder::at(Instant at) const { return element_ == "air" ? air(at) : water(at); }

LimitInForce LimitFinder::air(Instant at) const {
  LimitInForce limit;
  limit.until = kForEver;
  const std::string pollutant = pollutant_of(standards_, factor_);
  const bool hourly = period_ == telemetry::Period::hour;
  if (pollutant.empty() || (!hourly && period_ != telemetry::Period::day)) return limit;
  for (const standards::RuleRow& row : standards_.rules("air_limits")) {
    if (row.text("pollutant") != pollutant || row.text("period") != (hourly ? "1h" : "24h") ||
        row.jurisdiction != "nation")
      continue;
    narrow(limit.until, at, row.validity);
    if (!row.validity.contains(at) || limit.upper) continue;
    const auto figure = row.number(grade_ == 1 ? "grade1" : "grade2");
    if (!figure) continue;
    limit.upper = standards_.convert(*figure, row.text("unit"), unit_);
    limit.source = source_of(row.edition, row.clause, row.verification);
    limit.verification = row.verification;
  }
  return limit;
}

LimitInForce LimitFinder::water(Instant at) const {
  LimitInForce limit;
  limit.until = kForEver;
  const auto place = static_cast<std::size_t>(std::clamp(grade_, 1, 5) - 1);
  for (const standards::WaterStandard& edition : standards_.water_editions())
    narrow(limit.until, at, edition.edition.validity);
  const standards::WaterStandard* water = standards_.water(at);
  if (water == nullptr) return limit;
  const auto body = lake_ ? standards::WaterBody::lake : standards::WaterBody::river;
  for (const standards::WaterItem& item : water->items) {
    if (item.factor != factor_ || (item.body && *item.body != body)) continue;
    const auto bound = [&](Decimal figure) { return standards_.convert(figure, item.unit, unit_); };
    if (item.rule != standards::WaterRule::at_least)
      limit.upper = bound(item.rule == standards::WaterRule::range ? item.high.at(place) : item.limits.at(place));
    if (item.rule != standards::WaterRule::at_most) limit.lower = bound(item.limits.at(place));
    limit.decimals = item.decimals;
    limit.source = source_of(water->edition.id, item.clause, item.verification);
    limit.verification = item.verification;
    break;
  }
  return limit;
}

std::optional<bool> Judge::exceeds(Instant at, Decimal value) {
  if (threshold_.upper) return compare(value, *threshold_.upper) > 0;
  if (!current_ || at >= current_->until || at < since_) {
    current_ = finder_.at(at);
    since_ = at;
    counter_ = &used_[current_->source];
  }
  ++*counter_;
  if (!current_->upper && !current_->lower) return std::nullopt;
  if (current_->decimals) value = round_gb8170(value, *current_->decimals);
  return (current_->upper && compare(value, *current_->upper) > 0) ||
         (current_->lower && compare(value, *current_->lower) < 0);
}

}  // namespace mj::statistics
