#include "mj/assess/aqi_table.hpp"

#include "mj/assess/aqi.hpp"

namespace mj::assess {
namespace {

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
  std::array<std::int64_t, 19> powers{};
  std::int64_t power = 1;
  for (auto& slot : powers) {
    slot = power;
    if (power <= 100'000'000'000'000'000) power *= 10;
  }
  return powers;
}();

/// The value as a whole number of 10^-decimals, GB/T 8170 where digits are lost.
std::int64_t scaled(Decimal value, std::uint8_t decimals) {
  if (value.decimals == decimals) return value.mantissa;
  if (value.decimals > decimals) return round_gb8170(value, decimals).mantissa;
  const std::int64_t factor = kPowersOfTen[static_cast<std::size_t>(decimals - value.decimals)];
  std::int64_t result = 0;
  return __builtin_mul_overflow(value.mantissa, factor, &result) ? std::numeric_limits<std::int64_t>::max()
                                                                 : result;
}

}  // namespace

AqiTable::AqiTable(const standards::AqiStandard& standard, AqiReport report)
    : standard_(&standard), items_(report == AqiReport::hourly ? &standard.hourly : &standard.daily) {
  for (const standards::AqiItem& item : *items_) {
    Column column;
    column.decimals = item.decimals;
    const std::int64_t top = scaled(item.breakpoints.back().concentration, item.decimals);
    column.index.reserve(static_cast<std::size_t>(top) + 1);
    const auto at = [&](std::int64_t units) {
      return static_cast<std::int16_t>(iaqi(item, Decimal{units, item.decimals}).value_or(AqiVerdict::kNone));
    };
    for (std::int64_t units = 0; units <= top; ++units) column.index.push_back(at(units));
    column.above = at(top + 1);
    columns_.push_back(std::move(column));
  }
  for (const standards::AqiCategory& category : standard.categories) {
    for (int index = category.lo; index <= category.hi; ++index)
      level_[static_cast<std::size_t>(index)] = static_cast<std::uint8_t>(category.level);
  }
  if (standard.publish_incomplete_above) publish_incomplete_above_ = *standard.publish_incomplete_above;
}

AqiVerdict AqiTable::evaluate(std::span<const Decimal> values, unsigned present, unsigned exempt) const {
  AqiVerdict verdict;
  verdict.iaqi.fill(AqiVerdict::kNone);
  int greatest = -1;
  bool complete = true;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    int index = AqiVerdict::kNone;
    if ((present >> i & 1U) != 0) {
      const Column& column = columns_[i];
      const std::int64_t units = scaled(values[i], column.decimals);
      if (values[i].mantissa >= 0) {
        index = units < static_cast<std::int64_t>(column.index.size())
                    ? column.index[static_cast<std::size_t>(units)]
                    : column.above;
      }
    }
    verdict.iaqi[i] = static_cast<std::int16_t>(index);
    complete = complete && (index >= 0 || (exempt >> i & 1U) != 0);
    greatest = std::max(greatest, index);
  }
  if (greatest < 0 || (!complete && greatest <= publish_incomplete_above_)) return verdict;
  verdict.aqi = static_cast<std::int16_t>(std::max(greatest, standard_->index_min));
  verdict.level = level_[static_cast<std::size_t>(verdict.aqi)];
  if (verdict.aqi > standard_->primary_above) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (verdict.iaqi[i] == greatest) verdict.primary = static_cast<std::uint8_t>(verdict.primary | 1U << i);
    }
  }
  return verdict;
}

const standards::AqiCategory* AqiTable::category(int level) const {
  for (const standards::AqiCategory& category : standard_->categories) {
    if (category.level == level) return &category;
  }
  return nullptr;
}

}  // namespace mj::assess
