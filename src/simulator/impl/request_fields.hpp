#pragma once

#include <charconv>

#include "durations.hpp"
#include "field_device.hpp"

namespace mj::simulator {

using Fields = std::vector<hj212::Field>;

constexpr int kConditionWrong = 3;                ///< ExeRtn: condition of the request wrong, HJ 212-2017 table 6
constexpr std::int64_t kOldestMs = 400 * kDayMs;  ///< older records are not kept

/// The value of a field of a request; none when it is absent.
[[nodiscard]] inline std::optional<std::string_view> value_of(const Fields& fields, std::string_view key,
                                                              std::string_view factor = {}) {
  for (const hj212::Field& field : fields) {
    if (field.key == key && field.factor == factor) return field.value;
  }
  return std::nullopt;
}

[[nodiscard]] inline std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

[[nodiscard]] inline Plan failed(int code) {
  Plan plan;
  plan.execution_return = code;
  return plan;
}

[[nodiscard]] inline Plan answered(std::string area) {
  Plan plan;
  plan.response = std::move(area);
  return plan;
}

}  // namespace mj::simulator
