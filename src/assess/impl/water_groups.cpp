#include "water_groups.hpp"

#include <fmt/ranges.h>

#include "sheet_writer.hpp"

namespace mj::assess {

std::string exceed_text(const SectionVerdict& verdict, const std::vector<std::size_t>& places) {
  std::string text;
  for (const std::size_t place : places) {
    const ItemVerdict& part = verdict.parts[place];
    if (!text.empty()) text += '+';
    text += part.item->item;
    if (part.exceed) text += fmt::format("({})", to_text(*part.exceed));
  }
  return text;
}

void WaterGroups::add(const std::string& group, const std::string& period, const SectionRules& rules,
                      std::vector<SectionValue> values, standards::WaterBody /*body*/) {
  Group& into = groups_[{group, period}];
  if (!into.rules) into.rules = rules;
  for (const SectionValue& value : values) into.sums[value.item].add(value.value);
  into.verdicts.push_back(judge_section(rules, values));
}

SectionVerdict WaterGroups::as_one(const Group& group) {
  std::vector<SectionValue> means;
  for (const auto& [item, sum] : group.sums) {
    constexpr std::uint8_t kDigits = 9;
    if (const auto mean = sum.mean().round(item->decimals.value_or(kDigits)))
      means.push_back({item, *mean, false});
  }
  return judge_section(*group.rules, means);
}

std::string WaterGroups::main_pollutants(const Group& group, std::int64_t judged) {
  std::map<std::string, std::int64_t> worse;
  for (const SectionVerdict& verdict : group.verdicts) {
    for (const std::size_t place : verdict.worse) ++worse[verdict.parts[place].item->item];
  }
  std::vector<std::pair<std::string, std::int64_t>> ranked(worse.begin(), worse.end());
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(ranked.size(), group.rules->main_pollutants); ++i) {
    const auto share = Exact::of(ranked[i].second * 100, judged).round(group.rules->share_decimals);
    if (!text.empty()) text += '+';
    text += fmt::format("{}({}%)", ranked[i].first, share ? to_text(*share) : "");
  }
  return text;
}

Status WaterGroups::write(const SheetRun& run) const {
  SheetWriter writer(run.output, run.format,
                     {"group", "time", "sections", "I", "II", "III", "IV", "V", "worse_V", "good_share",
                      "bad_share", "judged_by", "status", "main", "standard", "verification"});
  for (const auto& [key, group] : groups_) {
    std::array<std::int64_t, 7> counts{};
    auto weakest = standards::Verification::verified;
    for (const SectionVerdict& verdict : group.verdicts) {
      ++counts[static_cast<std::size_t>(verdict.value)];
      weakest = std::max(weakest, verdict.verification);
    }
    const auto judged = static_cast<std::int64_t>(group.verdicts.size()) - counts[0];
    const std::int64_t good = counts[1] + counts[2] + counts[3];
    writer.text(key.first).text(key.second).integer(judged);
    for (std::size_t i = 1; i < counts.size(); ++i) writer.integer(counts[i]);
    writer.decimal(Exact::of(good * 100, judged).round(group.rules->share_decimals));
    writer.decimal(Exact::of(counts[6] * 100, judged).round(group.rules->share_decimals));
    const bool few = judged < static_cast<std::int64_t>(group.rules->few_sections);
    const SectionVerdict one = few ? as_one(group) : SectionVerdict{};
    const standards::RuleRow* status =
        few ? status_of_section(*group.rules, one.value) : status_of_basin(*group.rules, good, counts[6], judged);
    if (status != nullptr) weakest = std::max(weakest, status->verification);
    writer.text(few ? "means" : "shares").text_or_none(status == nullptr ? "" : status->text("name_zh"));
    writer.text_or_none(few ? exceed_text(one, one.main) : main_pollutants(group, judged));
    writer.text(group.rules->standard->edition.id).text(standards::name(weakest));
    MJ_CHECK(writer.end_row());
  }
  return writer.finish();
}

}  // namespace mj::assess
