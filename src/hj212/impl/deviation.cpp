#include "mj/hj212/deviation.hpp"

#include <array>

namespace mj::hj212 {
namespace {

/// In the order of the enumerators.
constexpr std::array<std::string_view, kDeviationCount> kNames{
    "crc-modbus",        "crc-modbus-le",      "crc-wrong",
    "crc-absent",        "crc-lower-case",     "crc-short",
    "length-wrong",      "sequence-number",    "line-end-missing",
    "line-end-lf",       "line-end-decorated", "segment-too-long",
    "area-too-long",     "area-not-closed",    "field-after-area",
    "header-order",      "separator-missing",  "blank",
    "name-case",         "trailing-separator", "flag-missing",
    "qn-missing",        "qn-shape",           "qn-in-area",
    "mn-shape",          "password-shape",     "split-without-numbers",
    "numbers-in-area",   "data-time-missing",  "data-time-shape",
    "empty-value",       "repeated-key",       "flag-in-area",
    "foreign-text",      "command-unknown",    "command-removed",
    "system-unknown",    "factor-unknown",     "factor-old",
    "data-flag-unknown", "value-shape",        "field-missing",
    "field-unknown",     "reply-system",       "reply-wants-answer",
    "not-encrypted",     "clock-off"};

}  // namespace

std::string_view name(Deviation deviation) {
  const auto index = static_cast<std::size_t>(deviation);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

std::optional<Deviation> parse_deviation(std::string_view word) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == word) return static_cast<Deviation>(i);
  }
  return std::nullopt;
}

}  // namespace mj::hj212
