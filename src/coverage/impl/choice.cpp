#include "choice.hpp"

#include <algorithm>

namespace mj::coverage {
namespace {

/// Scores within this of each other are equal: sums of many small weights.
constexpr double kEqual = 1e-9;

/// How often each cell is covered by what was chosen so far, and what that is worth.
class Occupied {
 public:
  explicit Occupied(const Problem& problem) : problem_(problem), times_(problem.ground.cells.size(), 0) {}

  [[nodiscard]] double gain(std::size_t site) const {
    double gain = 0;
    for (const std::uint32_t cell : problem_.reach[site]) {
      if (problem_.covered[cell] != 0) continue;
      const double weight = problem_.ground.cells[cell].weight;
      gain += times_[cell] == 0 ? weight : -problem_.penalty * weight;
    }
    return gain;
  }
  void take(std::size_t site) {
    for (const std::uint32_t cell : problem_.reach[site]) ++times_[cell];
  }
  void give_back(std::size_t site) {
    for (const std::uint32_t cell : problem_.reach[site]) --times_[cell];
  }
  [[nodiscard]] double newly_covered() const {
    double sum = 0;
    for (std::size_t cell = 0; cell < times_.size(); ++cell) {
      if (times_[cell] != 0 && problem_.covered[cell] == 0) sum += problem_.ground.cells[cell].weight;
    }
    return sum;
  }

 private:
  const Problem& problem_;
  std::vector<std::uint16_t> times_;
};

struct Search {
  const Problem& problem;
  Occupied occupied;
  std::size_t k;
  Choice best;
  std::vector<std::size_t> sites;

  void go(std::size_t next, double score) {
    if (score > best.score + kEqual) {
      best.score = score;
      best.sites = sites;
    }
    if (sites.size() == k) return;
    for (std::size_t site = next; site < problem.reach.size(); ++site) {
      const double gain = occupied.gain(site);
      occupied.take(site);
      sites.push_back(site);
      go(site + 1, score + gain);
      sites.pop_back();
      occupied.give_back(site);
    }
  }
};

}  // namespace

Choice Problem::value(std::vector<std::size_t> sites) const {
  Occupied occupied(*this);
  Choice choice;
  for (const std::size_t site : sites) {
    choice.score += occupied.gain(site);
    occupied.take(site);
  }
  choice.covered = occupied.newly_covered();
  choice.sites = std::move(sites);
  return choice;
}

Choice choose_greedily(const Problem& problem, std::size_t k) {
  Occupied occupied(problem);
  std::vector<std::size_t> sites;
  std::vector<bool> taken(problem.reach.size(), false);
  while (sites.size() < k) {
    std::optional<std::size_t> best;
    double most = kEqual;
    for (std::size_t site = 0; site < problem.reach.size(); ++site) {
      if (taken[site]) continue;
      const double gain = occupied.gain(site);
      if (gain > most + kEqual) {
        most = gain;
        best = site;
      }
    }
    if (!best) break;
    occupied.take(*best);
    taken[*best] = true;
    sites.push_back(*best);
  }
  return problem.value(std::move(sites));
}

Choice choose_exactly(const Problem& problem, std::size_t k) {
  Search search{problem, Occupied(problem), k, {}, {}};
  search.go(0, 0);
  // In the order in which they add most.
  Choice best = search.best;
  Problem chosen{problem.ground, {}, problem.covered, problem.penalty};
  for (const std::size_t site : best.sites) chosen.reach.push_back(problem.reach[site]);
  std::vector<std::size_t> ordered;
  for (const std::size_t index : choose_greedily(chosen, best.sites.size()).sites)
    ordered.push_back(best.sites[index]);
  for (const std::size_t site : best.sites) {
    if (std::ranges::find(ordered, site) == ordered.end()) ordered.push_back(site);
  }
  return problem.value(std::move(ordered));
}

double choices(std::size_t n, std::size_t k) {
  double count = 1;
  for (std::size_t i = 0; i < k && i < n; ++i) count *= static_cast<double>(n - i) / static_cast<double>(i + 1);
  return count;
}

}  // namespace mj::coverage
