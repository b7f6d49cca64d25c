#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/assess/section.hpp"
#include "mj/assess/section_means.hpp"

namespace mj::assess {

/// A section of a river, basin or district with its verdict.
struct BasinSection {
  std::vector<SectionValue> values;
  SectionVerdict verdict;
};

/// How a group of sections stands 河流、流域（水系）、行政区水质评价.
struct BasinVerdict {
  std::array<std::int64_t, 7> counts{};  ///< by class; [0] could not be judged, [6] 劣Ⅴ
  std::int64_t judged = 0;
  std::optional<Decimal> good_share;  ///< classes I–III in %
  std::optional<Decimal> bad_share;   ///< 劣Ⅴ in %
  bool by_means = false;  ///< fewer sections than shares make sense of: judged as one section by their means
  SectionVerdict mean;    ///< only by means
  const standards::RuleRow* status = nullptr;
  /// Main pollutants: by means with exceed multiple, otherwise with the share of sections in % that exceed.
  struct Pollutant {
    std::string item;
    std::optional<Decimal> figure;
  };
  std::vector<Pollutant> main;
  standards::Verification verification = standards::Verification::verified;
};

/// Source: 环办〔2011〕22号 二(一)2.
[[nodiscard]] BasinVerdict judge_basin(const SectionRules& rules, std::span<const BasinSection> sections);

/// "TP(0.5)+NH3N(0.2)+DO": items of a verdict with their exceed multiples.
[[nodiscard]] std::string exceed_text(const SectionVerdict& verdict, std::span<const std::size_t> places);
/// "TP(25.0%)+COD(10.0%)" or, by means, as of a section.
[[nodiscard]] std::string main_text(const BasinVerdict& verdict);

}  // namespace mj::assess
