#include "traits.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace mj::hj212 {
namespace {

struct TraitWords {
  std::string_view name;
  std::array<std::string_view, kMaxVariants> variants;
};

/// In the order of the enumerators of Trait and of the variants in traits.hpp.
constexpr std::array<TraitWords, kTraitCount> kWords{{
    {"crc", {"hj", "modbus", "modbus-le", "wrong", "absent"}},
    {"crc-case", {"upper", "lower"}},
    {"version", {"0", "1", "2", "other", "no-flag"}},
    {"qn", {"17-digits", "epoch-ms", "missing", "in-area", "other"}},
    {"header-order", {"standard", "flag-behind", "other"}},
    {"line-end", {"crlf", "lf", "none", "decorated"}},
    {"text", {"utf-8", "gbk"}},
    {"data-time", {"14-digits", "fraction", "missing", "other"}},
    {"codes", {"2005", "2017", "mixed"}},
    {"mn", {"24-hex", "14-characters", "surface-water", "empty", "other"}},
    {"heartbeat", {"9015", "9021", "empty-2011", "8011"}},
    {"encryption", {"clear", "cipher"}},
}};

using VariantCounts = std::array<std::uint64_t, kMaxVariants>;

const VariantCounts& of(const TraitCounts& counts, Trait trait) {
  return counts.seen[static_cast<std::size_t>(trait)];
}

template <typename Variant>
std::uint64_t of(const TraitCounts& counts, Trait trait, Variant variant) {
  return of(counts, trait)[static_cast<std::size_t>(variant)];
}

std::uint64_t sum(const VariantCounts& seen) {
  return std::accumulate(seen.begin(), seen.end(), std::uint64_t{0});
}

/// The most frequent variant; the first of equals.
std::size_t prevailing(const VariantCounts& seen) {
  return static_cast<std::size_t>(std::max_element(seen.begin(), seen.end()) - seen.begin());
}

CrcRule crc_of(const TraitCounts& counts) {
  // A wrong CRC says nothing about the algorithm, so it does not compete with those that fit.
  VariantCounts fitting = of(counts, Trait::crc);
  fitting[static_cast<std::size_t>(CrcVariant::wrong)] = 0;
  if (sum(fitting) == 0) return CrcRule::hj;
  switch (static_cast<CrcVariant>(prevailing(fitting))) {
    case CrcVariant::modbus: return CrcRule::modbus;
    case CrcVariant::modbus_le: return CrcRule::modbus_le;
    case CrcVariant::absent: return CrcRule::off;
    case CrcVariant::hj:
    case CrcVariant::wrong: break;
  }
  return CrcRule::hj;
}

/// By the same signs as dialect_of(), docs/formats/hj212-framing.md §5, over all frames instead of one.
void guess_dialect(const TraitCounts& counts, ProfileGuess& guess) {
  const VariantCounts& versions = of(counts, Trait::version);
  if (sum(versions) == 0) return;
  switch (static_cast<VersionVariant>(prevailing(versions))) {
    case VersionVariant::v1: guess.dialect = Dialect::v2017; return;
    case VersionVariant::v2:
      guess.surface_water = 2 * of(counts, Trait::mn, MnVariant::surface_water) > sum(of(counts, Trait::mn));
      guess.dialect = guess.surface_water ? Dialect::v2017 : Dialect::v2025;
      return;
    case VersionVariant::other: return;
    case VersionVariant::v0:
    case VersionVariant::no_flag: break;
  }
  const std::uint64_t current = of(counts, Trait::codes, CodesVariant::current);
  const std::uint64_t old =
      of(counts, Trait::codes, CodesVariant::old) + of(counts, Trait::codes, CodesVariant::mixed);
  const bool numbered = of(counts, Trait::qn, QnVariant::missing) * 2 < sum(of(counts, Trait::qn));
  if (old > current || (old == current && !numbered) || of(counts, Trait::qn, QnVariant::in_area) > 0) {
    guess.dialect = Dialect::v2005;
  } else if (current > 0 && numbered) {
    guess.dialect = Dialect::v2017;
  } else if (!numbered || of(counts, Trait::version, VersionVariant::v0) > 0 ||
             of(counts, Trait::mn, MnVariant::characters_14) > 0) {
    guess.dialect = Dialect::v2005;
  }
}

}  // namespace

std::string_view name(Trait trait) {
  const auto index = static_cast<std::size_t>(trait);
  return index < kWords.size() ? kWords[index].name : std::string_view();
}

std::string_view variant_name(Trait trait, std::size_t variant) {
  const auto index = static_cast<std::size_t>(trait);
  return index < kWords.size() && variant < kMaxVariants ? kWords[index].variants[variant] : std::string_view();
}

void TraitCounts::add(const TraitCounts& other) {
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    for (std::size_t variant = 0; variant < kMaxVariants; ++variant)
      seen[trait][variant] += other.seen[trait][variant];
  }
}

ProfileGuess guess_profile(const TraitCounts& counts) {
  ProfileGuess guess;
  guess.frames = sum(of(counts, Trait::line_end));
  guess.crc = crc_of(counts);
  guess_dialect(counts, guess);
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    const VariantCounts& seen = counts.seen[trait];
    const std::uint64_t all = sum(seen);
    if (all == 0) continue;
    const std::size_t variant = prevailing(seen);
    guess.grounds.push_back({static_cast<Trait>(trait), variant, seen[variant], all});
  }
  return guess;
}

}  // namespace mj::hj212
