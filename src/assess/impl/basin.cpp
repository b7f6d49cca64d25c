#include "mj/assess/basin.hpp"

namespace mj::assess {
namespace {

SectionVerdict as_one_section(const SectionRules& rules, std::span<const BasinSection> sections) {
  SectionMeans means;
  for (const BasinSection& section : sections) {
    for (const SectionValue& value : section.values) means.add(*value.item, value.value, value.below_detection);
  }
  return judge_section(rules, means.values());
}

std::vector<BasinVerdict::Pollutant> most_frequent(const SectionRules& rules,
                                                   std::span<const BasinSection> sections, std::int64_t judged) {
  std::map<std::string, std::int64_t> worse;
  for (const BasinSection& section : sections) {
    for (const std::size_t place : section.verdict.worse) ++worse[section.verdict.parts[place].item->item];
  }
  std::vector<std::pair<std::string, std::int64_t>> ranked(worse.begin(), worse.end());
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  ranked.resize(std::min(ranked.size(), rules.main_pollutants));
  std::vector<BasinVerdict::Pollutant> main;
  for (const auto& [item, count] : ranked)
    main.push_back({item, Exact::of(count * 100, judged).round(rules.share_decimals)});
  return main;
}

}  // namespace

BasinVerdict judge_basin(const SectionRules& rules, std::span<const BasinSection> sections) {
  BasinVerdict verdict;
  for (const BasinSection& section : sections) {
    ++verdict.counts[static_cast<std::size_t>(section.verdict.value)];
    verdict.verification = std::max(verdict.verification, section.verdict.verification);
  }
  verdict.judged = static_cast<std::int64_t>(sections.size()) - verdict.counts[0];
  const std::int64_t good = verdict.counts[1] + verdict.counts[2] + verdict.counts[3];
  verdict.good_share = Exact::of(good * 100, verdict.judged).round(rules.share_decimals);
  verdict.bad_share = Exact::of(verdict.counts[6] * 100, verdict.judged).round(rules.share_decimals);
  verdict.by_means = verdict.judged < static_cast<std::int64_t>(rules.few_sections);
  if (verdict.by_means) {
    verdict.mean = as_one_section(rules, sections);
    verdict.status = status_of_section(rules, verdict.mean.value);
    for (const std::size_t place : verdict.mean.main)
      verdict.main.push_back({verdict.mean.parts[place].item->item, verdict.mean.parts[place].exceed});
  } else {
    verdict.status = status_of_basin(rules, good, verdict.counts[6], verdict.judged);
    verdict.main = most_frequent(rules, sections, verdict.judged);
  }
  if (verdict.status != nullptr)
    verdict.verification = std::max(verdict.verification, verdict.status->verification);
  return verdict;
}

std::string exceed_text(const SectionVerdict& verdict, std::span<const std::size_t> places) {
  std::string text;
  for (const std::size_t place : places) {
    const ItemVerdict& part = verdict.parts[place];
    if (!text.empty()) text += '+';
    text += part.item->item;
    if (part.exceed) text += fmt::format("({})", to_text(*part.exceed));
  }
  return text;
}

std::string main_text(const BasinVerdict& verdict) {
  std::string text;
  for (const BasinVerdict::Pollutant& pollutant : verdict.main) {
    if (!text.empty()) text += '+';
    text += pollutant.item;
    if (pollutant.figure) text += fmt::format("({}{})", to_text(*pollutant.figure), verdict.by_means ? "" : "%");
  }
  return text;
}

}  // namespace mj::assess
