#pragma once

#include "mj/hj212/conformance.hpp"

namespace mj::hj212 {

// Variants of the traits, in the order of their names in traits.cpp.
enum class CrcVariant : std::size_t { hj, modbus, modbus_le, wrong, absent };
enum class CrcCaseVariant : std::size_t { upper, lower };
enum class VersionVariant : std::size_t { v0, v1, v2, other, no_flag };
enum class QnVariant : std::size_t { digits_17, epoch_ms, missing, in_area, other };
enum class HeaderOrderVariant : std::size_t { standard, flag_behind, other };
enum class LineEndVariant : std::size_t { crlf, lf, none, decorated };
enum class TextVariant : std::size_t { utf8, gbk };
enum class DataTimeVariant : std::size_t { digits_14, fraction, missing, other };
enum class CodesVariant : std::size_t { old, current, mixed };
enum class MnVariant : std::size_t { hex_24, characters_14, surface_water, empty, other };
enum class HeartbeatVariant : std::size_t { cn_9015, cn_9021, empty_2011, login_8011 };
enum class EncryptionVariant : std::size_t { clear, cipher };

template <typename Variant>
void count(TraitCounts& counts, Trait trait, Variant variant) {
  ++counts.seen[static_cast<std::size_t>(trait)][static_cast<std::size_t>(variant)];
}

}  // namespace mj::hj212
