#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mj::statistics {

/// How two samples are compared 相关分析.
enum class CorrelationMethod {
  pearson,   ///< of the values
  spearman,  ///< of their ranks; equal values share the mean of their ranks
};
[[nodiscard]] std::string_view name(CorrelationMethod method);
/// Errors: none for another word.
[[nodiscard]] std::optional<CorrelationMethod> parse_correlation_method(std::string_view word);

struct Correlation {
  std::size_t n = 0;
  double r = 0;
  double p = 1;  ///< two-sided: t = r·√((n − 2)/(1 − r²)) with n − 2 degrees of freedom
};

/// None of fewer than three pairs, and where one of the samples never changes. `a` and `b` are equally long.
[[nodiscard]] std::optional<Correlation> correlation(std::span<const double> a, std::span<const double> b,
                                                     CorrelationMethod method);

}  // namespace mj::statistics
