#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/deviation.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::hj212 {

/// Habits by which a dialect is known 方言特征. Each frame shows one variant of each that applies to it.
enum class Trait : std::uint8_t {
  crc,
  crc_case,
  version,
  qn,
  header_order,
  line_end,
  text,
  data_time,
  codes,
  mn,
  heartbeat,
  encryption,
  count_  // NOLINT(readability-identifier-naming): ends the list, is none of it
};
inline constexpr std::size_t kTraitCount = static_cast<std::size_t>(Trait::count_);
inline constexpr std::size_t kMaxVariants = 6;
[[nodiscard]] std::string_view name(Trait trait);
/// Name of a variant ("hj", "modbus-le", "epoch-ms", "gbk" …); empty beyond the last.
[[nodiscard]] std::string_view variant_name(Trait trait, std::size_t variant);

/// How often each variant was seen.
struct TraitCounts {
  std::array<std::array<std::uint64_t, kMaxVariants>, kTraitCount> seen{};
  void add(const TraitCounts& other);
  bool operator==(const TraitCounts&) const = default;
};

/// What the frames of a device say about how it speaks, with the counts that speak for it.
struct ProfileGuess {
  Dialect dialect = Dialect::unknown;
  bool surface_water = false;
  CrcRule crc = CrcRule::hj;
  std::uint64_t frames = 0;  ///< number of frames looked at
  struct Ground {
    Trait trait = Trait::crc;
    std::size_t variant = 0;
    std::uint64_t seen = 0;
    std::uint64_t of = 0;
  };
  std::vector<Ground> grounds;  ///< the prevailing variant of every trait that was seen
};
[[nodiscard]] ProfileGuess guess_profile(const TraitCounts& counts);

/// Looks at what was just read: adds to the counts and returns the deviations from the standard of the frame's own
/// dialect. `received_at` is compared with the QN. Tables are `protocol`'s. Never fails, allocates nothing for a frame that
/// conforms. Source of each deviation: standards/hj/212-2017/deviations.csv.
[[nodiscard]] Deviations examine(FrameReader& reader, const FrameReading& reading, const Protocol& protocol,
                                 Instant received_at, std::int64_t clock_tolerance_ms, TraitCounts& counts);

}  // namespace mj::hj212
