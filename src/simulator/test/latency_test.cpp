#include "mj/simulator/latency.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace mj::simulator {
namespace {

// Expected values: the exact order statistic of the sorted sample.
TEST(Latency, a_quantile_is_at_most_one_sixty_fourth_above_the_exact_one_and_never_below) {
  rc::check([](std::vector<std::uint32_t> raw) {
    RC_PRE(!raw.empty());
    LatencyHistogram histogram;
    for (const std::uint32_t each : raw) histogram.add(each);
    std::sort(raw.begin(), raw.end());
    for (const double quantile : {0.0, 0.5, 0.9, 0.99, 1.0}) {
      const auto rank = std::max<std::size_t>(
          1, static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(raw.size()))));
      const std::uint64_t exact = raw[rank - 1];
      RC_ASSERT(histogram.quantile_us(quantile) >= exact);
      RC_ASSERT(histogram.quantile_us(quantile) <= exact + exact / 64 + 1);
    }
    RC_ASSERT(histogram.max_us() == raw.back());
    RC_ASSERT(histogram.count() == raw.size());
  });
}

TEST(Latency, merging_two_histograms_is_the_histogram_of_both_samples) {
  rc::check([](const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    LatencyHistogram first, second, both;
    for (const auto each : a) first.add(each), both.add(each);
    for (const auto each : b) second.add(each), both.add(each);
    first.merge(second);
    for (const double quantile : {0.1, 0.5, 0.99})
      RC_ASSERT(first.quantile_us(quantile) == both.quantile_us(quantile));
    RC_ASSERT(first.mean_us() == both.mean_us());
  });
}

TEST(Latency, an_empty_histogram_answers_zero_and_a_huge_latency_stays_the_maximum) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.quantile_us(0.99), 0U);
  histogram.add(1'000'000'000'000);
  EXPECT_EQ(histogram.quantile_us(0.5), 1'000'000'000'000U);
}

}  // namespace
}  // namespace mj::simulator
