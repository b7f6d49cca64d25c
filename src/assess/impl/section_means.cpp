#include "mj/assess/section_means.hpp"

#include <cmath>

namespace mj::assess {
namespace {

constexpr std::uint8_t kMeanDigits = 9;  // of a mean that does not end; more than any item is judged with
constexpr std::uint8_t kPartDigits = 12;
constexpr std::uint8_t kPhDigits = 6;

Decimal half_of(Decimal value) { return {value.mantissa * 5, static_cast<std::uint8_t>(value.decimals + 1)}; }

bool through_ions(const standards::WaterItem& item) { return item.rule == standards::WaterRule::range; }

}  // namespace

bool ItemMean::add(Decimal value) {
  if (!sum_.add(value)) return false;
  if (through_ions_) hydrogen_ += std::pow(10.0, -to_double(value));
  return true;
}

bool ItemMean::add_mean(const Exact& mean) {
  auto kept = mean.round(kPartDigits);
  if (!kept) kept = mean.round(kMeanDigits);
  if (!kept || !add(*kept)) return false;
  exact_ = exact_ + mean;
  of_means_ = true;
  return true;
}

Exact ItemMean::mean() const {
  if (through_ions_ && count() > 0) {
    const double ph = -std::log10(hydrogen_ / static_cast<double>(count()));
    return Decimal{std::llround(ph * 1e6), kPhDigits};
  }
  return of_means_ && !exact_.lost() ? exact_ / Exact::of(count(), 1) : sum_.mean();
}

ItemMean& SectionMeans::at(const standards::WaterItem& item) {
  // Items lie in the table of their standard, so the order of their addresses is that of the table.
  const auto place = std::lower_bound(
      items_.begin(), items_.end(), &item,
      [](const Item& known, const standards::WaterItem* wanted) { return std::less<>()(known.item, wanted); });
  if (place != items_.end() && place->item == &item) return place->values;
  return items_.insert(place, Item{&item, ItemMean(through_ions(item))})->values;
}

bool SectionMeans::add(const standards::WaterItem& item, Decimal value, bool below_detection) {
  return at(item).add(below_detection ? half_of(value) : value);
}

bool SectionMeans::add_mean(const standards::WaterItem& item, const Exact& mean) {
  return at(item).add_mean(mean);
}

bool SectionMeans::add(const SectionMeans& part) {
  for (const Item& item : part.items_) {
    if (item.values.count() > 0 && !add_mean(*item.item, item.values.mean())) return false;
  }
  return true;
}

const ItemMean* SectionMeans::find(const standards::WaterItem& item) const {
  for (const Item& known : items_) {
    if (known.item == &item && known.values.count() > 0) return &known.values;
  }
  return nullptr;
}

std::vector<SectionValue> SectionMeans::values() const {
  std::vector<SectionValue> values;
  for (const Item& known : items_) {
    if (known.values.count() == 0) continue;
    if (const auto mean = judged_mean(*known.item, known.values.mean()))
      values.push_back({known.item, *mean, false});
  }
  return values;
}

std::optional<Decimal> judged_mean(const standards::WaterItem& item, const Exact& mean) {
  if (through_ions(item)) return mean.round(kPhDigits);
  return mean.round(item.decimals.value_or(kMeanDigits));
}

}  // namespace mj::assess
