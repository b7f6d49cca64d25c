#include "water_groups.hpp"

#include "sheet_writer.hpp"

namespace mj::assess {

void WaterGroups::add(const std::string& group, const std::string& period, const SectionRules& rules,
                      std::vector<SectionValue> values) {
  Group& into = groups_[{group, period}];
  if (!into.rules) into.rules = rules;
  SectionVerdict verdict = judge_section(rules, values);
  into.sections.push_back({std::move(values), std::move(verdict)});
}

Status WaterGroups::write(const SheetRun& run) const {
  SheetWriter writer(run.output, run.format,
                     {"group", "time", "sections", "I", "II", "III", "IV", "V", "worse_V", "good_share",
                      "bad_share", "judged_by", "status", "main", "standard", "verification"});
  for (const auto& [key, group] : groups_) {
    const BasinVerdict verdict = judge_basin(*group.rules, group.sections);
    writer.text(key.first).text(key.second).integer(verdict.judged);
    for (std::size_t i = 1; i < verdict.counts.size(); ++i) writer.integer(verdict.counts[i]);
    writer.decimal(verdict.good_share).decimal(verdict.bad_share).text(verdict.by_means ? "means" : "shares");
    writer.text_or_none(verdict.status == nullptr ? "" : verdict.status->text("name_zh"));
    writer.text_or_none(main_text(verdict));
    writer.text(group.rules->standard->edition.id).text(standards::name(verdict.verification));
    MJ_CHECK(writer.end_row());
  }
  return writer.finish();
}

}  // namespace mj::assess
