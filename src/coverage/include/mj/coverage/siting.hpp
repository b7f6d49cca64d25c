#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mj/coverage/inventory.hpp"

namespace mj::coverage {

/// A site that is possible 候选点位.
struct Candidate {
  std::string id;
  geometry::Place place;
};

enum class Weight { area, population };
enum class SitingMethod { automatic, greedy, exact };

inline constexpr int kMaxSites = 30;
inline constexpr std::size_t kMaxCandidates = 1000;
inline constexpr double kAutomaticChoices = 20'000;  ///< `automatic` tries them all up to here
inline constexpr double kMostChoices = 2'000'000;    ///< more are refused

/// Where to build next.
struct SitingRequest {
  std::string element;
  std::string factor;  ///< only points that measure it cover; empty: any point of the element
  std::string region;  ///< empty: all districts with an outline
  int k = 1;
  double radius_km = 10;
  Weight weight = Weight::area;
  SitingMethod method = SitingMethod::automatic;
  double overlap_penalty =
      0.1;  ///< 0…1: how much a unit that several chosen points reach counts against a choice, each time again
  bool count_planned = true;
  std::vector<Candidate> candidates;  ///< empty: a grid
  std::optional<double> grid_km;      ///< how far apart the places of the grid are; none: half the radius
  std::optional<double>
      decay_km;  ///< over which correlation falls to 1/e (Redundancy::decay_km); for what is expected only
  std::optional<registry::Day> decay_until;  ///< last day of the values that decay_km was fitted to
};

struct Cover {
  double covered = 0;  ///< km² or persons
  double share = 0;
  int points = 0;
};

struct Nearest {
  std::string id;
  double distance_km = 0;
};

struct SitingStep {
  Candidate site;
  std::string region;
  double gain = 0;        ///< newly covered
  double share = 0;       ///< covered by then
  double redundancy = 0;  ///< share of what it reaches that was covered already
  std::optional<double> expected_correlation;
  std::optional<Nearest> nearest;  ///< point or chosen site before it
};

struct ExistingPoint {
  std::string id;
  geometry::Place place;
  bool planned = false;
  bool approximate = false;  ///< where it stands is not published
};

/// What k more sites add 优化布点结果.
struct Siting {
  SitingRequest request;  ///< candidates as looked at
  bool exact = false;     ///< every choice was tried
  double total = 0;       ///< what could be covered
  Cover before;
  Cover after;
  std::vector<SitingStep> steps;
  std::optional<double>
      exact_covered;  ///< what the best of all choices covers; none when there are too many to try
  std::size_t cells = 0;
  double cell_km = 0;
  std::vector<ExistingPoint> existing;
  std::vector<registry::LocalName> assumptions;
};

/// Chooses sites one after the other, each time the one that adds most (which reaches at least 1 − 1/e of the best without
/// penalty), or tries every choice. Fewer than k when nothing adds any more.
/// Errors: invalid_input (what is out of range, too many choices for `exact`, no outline, no population); not_found (region).
[[nodiscard]] Result<Siting> plan_sites(const Inventory& inventory, SitingRequest request);

}  // namespace mj::coverage
