#include "mj/coverage/siting.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "choice.hpp"
#include "siting_words.hpp"

namespace mj::coverage {
namespace {

constexpr std::size_t kGridCandidates = 400;

Error bad(std::string text) { return {ErrorCode::invalid_input, std::move(text)}; }

Status check(const SitingRequest& request) {
  if (request.element.empty()) return bad("element is missing");
  if (request.k < 1 || request.k > kMaxSites) return bad(fmt::format("k must be 1 to {}", kMaxSites));
  if (!(request.radius_km >= 0.5 && request.radius_km <= 200)) return bad("radius_km must be 0.5 to 200");
  if (!(request.overlap_penalty >= 0 && request.overlap_penalty <= 1))
    return bad("overlap_penalty must be 0 to 1");
  if (request.grid_km && !request.candidates.empty()) return bad("either candidates or grid_km, not both");
  if (request.grid_km && !(*request.grid_km >= 0.1 && *request.grid_km <= 200))
    return bad("grid_km must be 0.1 to 200");
  if (request.candidates.size() > kMaxCandidates) return bad(fmt::format("at most {} candidates", kMaxCandidates));
  std::set<std::string_view> ids;
  for (const Candidate& candidate : request.candidates) {
    if (!ids.insert(candidate.id).second) return bad(fmt::format("two candidates are called {}", candidate.id));
    if (!(std::abs(candidate.place.lon) <= 180 && std::abs(candidate.place.lat) <= 90))
      return bad(fmt::format("candidate {} is not on Earth", candidate.id));
  }
  return {};
}

std::vector<ExistingPoint> existing_points(const Inventory& inventory, const SitingRequest& request,
                                           std::size_t& without_place) {
  std::vector<ExistingPoint> existing;
  for (const registry::PointView& point : inventory.points().points()) {
    if (point.element != request.element) continue;
    const bool planned = point.state == registry::RecordState::planned;
    if (planned && !request.count_planned) continue;
    if (!request.factor.empty() && std::ranges::find(point.factors, request.factor) == point.factors.end())
      continue;
    if (!point.lon || !point.lat) {
      ++without_place;
      continue;
    }
    existing.push_back({point.id, {*point.lon, *point.lat}, planned, point.approximate});
  }
  return existing;
}

class Steps {
 public:
  Steps(const Inventory& inventory, const Problem& problem, Siting& siting)
      : inventory_(inventory), problem_(problem), siting_(siting), covered_(problem.covered) {
    for (const ExistingPoint& point : siting.existing) stations_.push_back({point.id, point.place});
  }

  void add(std::size_t index) {
    SitingStep step;
    step.site = siting_.request.candidates[index];
    step.region = inventory_.district_at(step.site.place);
    double all = 0;
    for (const std::uint32_t cell : problem_.reach[index]) {
      const double weight = problem_.ground.cells[cell].weight;
      all += weight;
      if (covered_[cell] == 0) step.gain += weight;
      covered_[cell] = 1;
    }
    step.redundancy = all > 0 ? 1 - step.gain / all : 0;
    covered_by_now_ += step.gain;
    step.share = (siting_.before.covered + covered_by_now_) / siting_.total;
    for (const Candidate& station : stations_) {
      const double distance = geometry::distance_km(station.place, step.site.place);
      if (!step.nearest || distance < step.nearest->distance_km) step.nearest = Nearest{station.id, distance};
    }
    if (siting_.request.decay_km && step.nearest)
      step.expected_correlation = std::exp(-step.nearest->distance_km / *siting_.request.decay_km);
    stations_.push_back(step.site);
    siting_.steps.push_back(std::move(step));
  }

 private:
  const Inventory& inventory_;
  const Problem& problem_;
  Siting& siting_;
  std::vector<std::uint8_t> covered_;
  std::vector<Candidate> stations_;
  double covered_by_now_ = 0;
};

}  // namespace

Result<Siting> plan_sites(const Inventory& inventory, SitingRequest request) {
  MJ_CHECK(check(request));
  MJ_TRY(const Ground ground, divide(inventory, request.region, request.weight, request.radius_km));
  Siting siting;
  std::size_t without_place = 0;
  siting.existing = existing_points(inventory, request, without_place);
  std::optional<double> grid_step;
  if (request.candidates.empty()) {
    Grid grid = grid_candidates(inventory, ground, request.grid_km.value_or(request.radius_km / 2),
                                request.grid_km ? kMaxCandidates : kGridCandidates);
    request.candidates = std::move(grid.places);
    grid_step = grid.step_km;
  }
  siting.request = std::move(request);

  Problem problem{ground, {}, std::vector<std::uint8_t>(ground.cells.size(), 0), siting.request.overlap_penalty};
  std::erase_if(siting.existing, [&](const ExistingPoint& point) {
    const auto cells = reached(ground, point.place, siting.request.radius_km);
    for (const std::uint32_t cell : cells) problem.covered[cell] = 1;
    return cells.empty();  // too far away to matter
  });
  for (const Candidate& candidate : siting.request.candidates)
    problem.reach.push_back(reached(ground, candidate.place, siting.request.radius_km));
  for (std::size_t i = 0; i < ground.cells.size(); ++i)
    if (problem.covered[i] != 0) siting.before.covered += ground.cells[i].weight;
  siting.total = ground.total;
  siting.cells = ground.cells.size();
  siting.cell_km = ground.cell_km;
  siting.before.share = siting.before.covered / siting.total;
  siting.before.points = static_cast<int>(siting.existing.size());

  const auto k = std::min(static_cast<std::size_t>(siting.request.k), siting.request.candidates.size());
  const double count = choices(siting.request.candidates.size(), k);
  const SitingMethod method = siting.request.method;
  if (method == SitingMethod::exact && count > kMostChoices) {
    return bad(
        fmt::format("{} of {} candidates can be chosen in {:.3g} ways; at most {:.0f} are tried: take fewer "
                    "candidates or the method greedy",
                    k, siting.request.candidates.size(), count, kMostChoices));
  }
  Choice choice = choose_greedily(problem, k);
  if (method == SitingMethod::exact || count <= kAutomaticChoices) {
    Choice best = choose_exactly(problem, k);
    siting.exact_covered = siting.before.covered + best.covered;
    siting.exact = method != SitingMethod::greedy;
    if (siting.exact) choice = std::move(best);
  }
  Steps steps(inventory, problem, siting);
  for (const std::size_t site : choice.sites) steps.add(site);
  siting.after.covered = siting.before.covered + choice.covered;
  siting.after.share = siting.after.covered / siting.total;
  siting.after.points = siting.before.points + static_cast<int>(choice.sites.size());
  siting.assumptions = siting_assumptions(siting, ground, grid_step, without_place);
  return siting;
}

}  // namespace mj::coverage
