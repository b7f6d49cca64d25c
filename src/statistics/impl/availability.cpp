#include "availability.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "mj/statistics/table.hpp"
#include "units.hpp"

namespace mj::statistics {

using telemetry::Period;

std::vector<Available> available(const Sources& sources, const std::vector<Member>& members) {
  std::unordered_map<std::string, std::size_t> owners;
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const std::string& reporter : members[i].reporters) owners.emplace(reporter, i);
  }
  std::vector<Available> found;
  for (const telemetry::Latest& latest : sources.store.latest_all()) {
    const auto owner = owners.find(latest.key.device);
    if (owner == owners.end()) continue;
    found.push_back({owner->second, std::string(sources.standards.canonical(latest.key.factor)), latest.key.factor,
                     latest.key.kind, telemetry::period_of(latest.key.cn), latest.observation.at});
  }
  return found;
}

namespace {

std::string_view usual_kind(Period period) { return period == Period::instant ? "Rtd" : "Avg"; }

bool wanted(const Selection& selection, const Available& one) {
  return std::find(selection.factors.begin(), selection.factors.end(), one.factor) != selection.factors.end();
}

}  // namespace

std::string choose_kind(const std::vector<Available>& series, const Selection& selection, Period period) {
  std::map<std::string_view, std::set<std::size_t>> members;
  for (const Available& one : series) {
    if (wanted(selection, one) && one.period == period) members[one.kind].insert(one.member);
  }
  std::string_view chosen = usual_kind(period);
  if (members.contains(chosen)) return std::string(chosen);
  std::size_t most = 0;
  for (const auto& [kind, senders] : members) {
    if (senders.size() <= most) continue;
    most = senders.size();
    chosen = kind;
  }
  return std::string(chosen);
}

Period choose_period(const std::vector<Available>& series, const Selection& selection) {
  const auto usual = [&](const Available& one) {
    return wanted(selection, one) && one.kind == usual_kind(one.period);
  };
  const bool any_usual = std::any_of(series.begin(), series.end(), usual);
  std::map<Period, std::set<std::size_t>> members;
  for (const Available& one : series) {
    const bool counts = !selection.kind.empty() ? wanted(selection, one) && one.kind == selection.kind
                        : any_usual             ? usual(one)
                                                : wanted(selection, one);
    if (counts) members[one.period].insert(one.member);
  }
  constexpr std::array kPreferred{Period::hour, Period::day, Period::minute, Period::instant};
  Period chosen = Period::hour;
  std::size_t most = 0;
  for (const Period period : kPreferred) {
    if (period == Period::day && selection.bucket == Bucket::hour) continue;
    const std::size_t count = members[period].size();
    if (count > most) {
      most = count;
      chosen = period;
    }
  }
  return chosen;
}

std::vector<ElementChoice> catalogue(const Sources& sources, Instant now) {
  std::vector<ElementChoice> elements;
  const registry::KindSchema* kind = sources.book.schema().find("point");
  const registry::AttributeSchema* words = kind == nullptr ? nullptr : kind->find("element");
  if (words == nullptr) return elements;
  std::map<std::string, std::vector<Member>> members;
  for (const registry::PointView& point : sources.book.points(registry::Day::of(now))->points())
    members[point.element].push_back({point, 0, point.reporters});
  for (const registry::WordTitle& word : words->words) {
    struct Found {
      std::set<Period> periods;
      std::set<std::size_t> members;
      Instant newest = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
    };
    std::map<std::string, Found> factors;
    for (const Available& one : available(sources, members[word.id])) {
      Found& found = factors[one.factor];
      found.periods.insert(one.period);
      found.members.insert(one.member);
      found.newest = std::max(found.newest, one.newest);
    }
    if (factors.empty()) continue;
    ElementChoice element{word.id, word.title, {}};
    for (const auto& [code, found] : factors) {
      const standards::Factor* factor = sources.standards.factor(code);
      element.factors.push_back({code,
                                 factor == nullptr ? standards::Text{code, code} : factor->name,
                                 usual_unit(sources.standards, word.id, code),
                                 {found.periods.begin(), found.periods.end()},
                                 found.members.size(),
                                 found.newest});
    }
    elements.push_back(std::move(element));
  }
  return elements;
}

}  // namespace mj::statistics
