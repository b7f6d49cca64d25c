#pragma once

#include <array>
#include <cstdint>

namespace mj::simulator {

/// Distribution of latencies from 1 µs to 2 h with a relative error of at most 1/64, in fixed memory: every power of
/// two is divided into 64 equal buckets. Longer ones share the last bucket, whose quantile is the maximum.
class LatencyHistogram {
 public:
  void add(std::uint64_t microseconds);
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max_us() const { return max_; }
  [[nodiscard]] double mean_us() const;
  /// Smallest latency that at least the share `quantile` (0…1) of all did not exceed, rounded up to the end of its
  /// bucket and never above max_us(). 0 when empty.
  [[nodiscard]] std::uint64_t quantile_us(double quantile) const;

 private:
  static constexpr unsigned kSubBits = 6;
  static constexpr std::uint64_t kSub = 1U << kSubBits;
  static constexpr unsigned kPowers = 27;
  [[nodiscard]] static std::size_t bucket_of(std::uint64_t microseconds);
  [[nodiscard]] static std::uint64_t bucket_end(std::size_t bucket);

  std::array<std::uint64_t, (kPowers + 1) * kSub> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace mj::simulator
