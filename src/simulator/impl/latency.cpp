#include "mj/simulator/latency.hpp"

#include <bit>
#include <cmath>

namespace mj::simulator {

std::size_t LatencyHistogram::bucket_of(std::uint64_t microseconds) {
  if (microseconds < kSub) return microseconds;  // below 64 µs every microsecond has its own bucket
  const auto power = static_cast<unsigned>(std::bit_width(microseconds)) - 1 - kSubBits;
  if (power >= kPowers) return (kPowers + 1) * kSub - 1;
  return (power + 1) * kSub + ((microseconds >> power) - kSub);
}

std::uint64_t LatencyHistogram::bucket_end(std::size_t bucket) {
  if (bucket < kSub) return bucket;
  const std::size_t power = bucket / kSub - 1;
  return ((bucket % kSub + kSub + 1) << power) - 1;
}

void LatencyHistogram::add(std::uint64_t microseconds) {
  ++buckets_[bucket_of(microseconds)];
  ++count_;
  sum_ += microseconds;
  max_ = std::max(max_, microseconds);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

double LatencyHistogram::mean_us() const {
  return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t LatencyHistogram::quantile_us(double quantile) const {
  if (count_ == 0) return 0;
  const double clipped = std::clamp(quantile, 0.0, 1.0);
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(clipped * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted && i + 1 < buckets_.size()) return std::min(bucket_end(i), max_);
  }
  return max_;
}

}  // namespace mj::simulator
