#include "mj/devices/gaps.hpp"

#include <map>
#include <set>

namespace mj::devices {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return -floor_div(-a, b); }

/// Numbers of intervals in a gap, both included; empty when first > last.
struct Run {
  std::int64_t first = 0;
  std::int64_t last = -1;
  [[nodiscard]] bool empty() const { return first > last; }
};

/// The intervals of a gap that a range of starts covers.
Run covered(const Gap& gap, Instant first, Instant last) {
  return {
      std::max<std::int64_t>(0, ceil_div(first.ms_since(gap.first), gap.interval_ms)),
      std::min(static_cast<std::int64_t>(gap.missing) - 1, floor_div(last.ms_since(gap.first), gap.interval_ms))};
}

/// The intervals of a gap that may be asked for now, newest run first.
std::vector<Run> askable(const Gap& gap, const std::vector<const PastPull*>& past, const Rules::Pull& rules,
                         Instant now) {
  const Run allowed =
      covered(gap, now.plus_ms(-rules.days_back * kDayMs), now.plus_ms(-rules.settle_ms - gap.interval_ms));
  // Where the number of pulls that cover an interval changes.
  struct Change {
    int attempts = 0;
    int blocking = 0;
  };
  std::map<std::int64_t, Change> changes;
  for (const PastPull* pull : past) {
    const Run run = covered(gap, pull->first, pull->last);
    if (run.empty()) continue;
    const bool blocking = pull->open || now.ms_since(pull->placed_at) < rules.repeat_ms;
    for (const auto& [at, sign] : {std::pair(run.first, 1), std::pair(run.last + 1, -1)}) {
      changes[at].attempts += sign;
      changes[at].blocking += blocking ? sign : 0;
    }
  }
  std::vector<Run> runs;
  Change state;
  std::int64_t begin = allowed.first;
  const auto close = [&](std::int64_t end) {
    const Run run{std::max(begin, allowed.first), std::min(end, allowed.last)};
    if (state.blocking > 0 || state.attempts >= rules.max_attempts || run.empty()) return;
    if (!runs.empty() && runs.back().last + 1 == run.first) {
      runs.back().last = run.last;
    } else {
      runs.push_back(run);
    }
  };
  for (const auto& [at, change] : changes) {
    close(at - 1);
    begin = at;
    state.attempts += change.attempts;
    state.blocking += change.blocking;
  }
  close(allowed.last);
  std::reverse(runs.begin(), runs.end());
  return runs;
}

OrderRequest pull_request(const Gap& gap, Run run, const Rules::Pull& rules, Instant now) {
  const std::string begin = to_compact(gap.first.plus_ms(run.first * gap.interval_ms));
  const std::string end = to_compact(gap.first.plus_ms(run.last * gap.interval_ms));
  OrderRequest request;
  request.device = gap.device;
  request.cn = gap.cn;
  request.st = gap.st;
  request.parameters = {{"BeginTime", begin}, {"EndTime", end}};
  request.name = "system";
  request.reason =
      fmt::format("missing data: {} intervals of {} from {} to {}", run.last - run.first + 1, gap.cn, begin, end);
  // A pull that waits longer would stand in the way of the next one.
  request.expires_at = now.plus_ms(rules.repeat_ms);
  return request;
}

}  // namespace

std::vector<Gap> find_gaps(const telemetry::MissingIntervals& missing, const Rules::Pull& rules) {
  std::vector<Gap> gaps;
  if (missing.interval_ms <= 0) return gaps;
  std::vector<Instant> starts = missing.starts;
  std::sort(starts.begin(), starts.end(), std::greater<>());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  const auto most =
      static_cast<std::uint64_t>(std::max<std::int64_t>(1, rules.max_range_ms / missing.interval_ms));
  for (const Instant start : starts) {
    if (!gaps.empty() && gaps.back().first.ms_since(start) == missing.interval_ms && gaps.back().missing < most) {
      gaps.back().first = start;
      ++gaps.back().missing;
    } else {
      gaps.push_back({missing.device, missing.st, missing.cn, start, start, 1, missing.interval_ms});
    }
  }
  return gaps;
}

std::vector<OrderRequest> plan_pulls(const std::vector<Gap>& gaps, const std::vector<PastPull>& past,
                                     const std::vector<std::string>& online, const Rules::Pull& rules,
                                     Instant now) {
  std::vector<OrderRequest> requests;
  if (!rules.enabled) return requests;
  const std::set<std::string_view> reachable(online.begin(), online.end());
  std::map<std::string_view, int> open;
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const PastPull*>> pulls;
  for (const PastPull& pull : past) {
    if (pull.open) ++open[pull.device];
    pulls[{pull.device, pull.cn}].push_back(&pull);
  }
  std::vector<const Gap*> newest;
  for (const Gap& gap : gaps) {
    if (reachable.contains(gap.device) && gap.interval_ms > 0 && gap.missing > 0) newest.push_back(&gap);
  }
  std::sort(newest.begin(), newest.end(), [](const Gap* a, const Gap* b) {
    return std::tie(b->last, a->device, a->cn, a->st) < std::tie(a->last, b->device, b->cn, b->st);
  });
  for (const Gap* gap : newest) {
    int& running = open[gap->device];
    if (running >= rules.max_open_per_device) continue;
    for (const Run run : askable(*gap, pulls[{gap->device, gap->cn}], rules, now)) {
      if (std::cmp_greater_equal(requests.size(), rules.max_orders_per_round)) return requests;
      if (running >= rules.max_open_per_device) break;
      requests.push_back(pull_request(*gap, run, rules, now));
      ++running;
    }
  }
  return requests;
}

}  // namespace mj::devices
