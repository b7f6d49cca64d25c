#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cells.hpp"

namespace mj::coverage {

/// Sites chosen among candidates, by index, in the order of choice.
struct Choice {
  std::vector<std::size_t> sites;
  double score = 0;    ///< newly covered − penalty × what chosen sites cover more than once
  double covered = 0;  ///< newly covered
};

/// What there is to choose from: which cells each candidate reaches, which are covered already.
struct Problem {
  const Ground& ground;
  std::vector<std::vector<std::uint32_t>> reach;  ///< by candidate
  std::vector<std::uint8_t> covered;              ///< by cell
  double penalty = 0;                             ///< for a unit covered once more

  /// What this choice is worth.
  [[nodiscard]] Choice value(std::vector<std::size_t> sites) const;
};

/// One after the other, each time what adds most; ends when nothing adds anything.
[[nodiscard]] Choice choose_greedily(const Problem& problem, std::size_t k);
/// The best of all choices of at most k; of equal ones the first.
[[nodiscard]] Choice choose_exactly(const Problem& problem, std::size_t k);
/// How many choices of k among n there are.
[[nodiscard]] double choices(std::size_t n, std::size_t k);

}  // namespace mj::coverage
