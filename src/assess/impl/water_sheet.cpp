#include <fmt/ranges.h>

#include "mj/assess/sheet.hpp"
#include "sheet_writer.hpp"
#include "water_groups.hpp"
#include "water_rows.hpp"

namespace mj::assess {
namespace {

/// Writes verdicts of sections.
class SectionWriter {
 public:
  SectionWriter(const SheetRun& run, const WaterSheet& sheet, const WaterRows& rows)
      : rows_(rows),
        means_(sheet.period != WaterPeriod::row),
        writer_(run.output, run.format, header(rows, means_)) {}

  Status write(std::string_view section, std::string_view time, standards::WaterBody body, std::int64_t samples,
               const SectionRules* rules, const SectionVerdict& verdict, std::optional<int> target) {
    writer_.text(section).text_or_none(time).text(body == standards::WaterBody::lake ? "lake" : "river");
    if (means_) writer_.integer(samples);
    writer_.text_or_none(class_name(verdict.value));
    const standards::RuleRow* status = rules == nullptr ? nullptr : status_of_section(*rules, verdict.value);
    writer_.text_or_none(status == nullptr ? "" : status->text("name_zh"));
    writer_.text_or_none(fmt::format("{}", fmt::join(verdict.deciding, "+")));
    for (const WaterColumn& column : rows_.columns()) {
      const auto part = std::find_if(verdict.parts.begin(), verdict.parts.end(),
                                     [&](const ItemVerdict& p) { return p.item->item == column.item; });
      writer_.text_or_none(part == verdict.parts.end() ? "" : class_name(part->value));
    }
    writer_.text_or_none(exceed_text(verdict, verdict.worse)).text_or_none(exceed_text(verdict, verdict.main));
    if (rows_.has_target()) {
      writer_.text_or_none(class_name(target.value_or(0)));
      writer_.yes_no(target && verdict.value > 0 ? std::optional(verdict.value <= *target) : std::nullopt);
    }
    std::string unsuitable;
    for (const ItemVerdict& part : verdict.parts) {
      if (part.unsuitable) unsuitable += (unsuitable.empty() ? "" : "+") + part.item->item;
    }
    writer_.text_or_none(unsuitable);
    writer_.text_or_none(rules == nullptr ? "" : rules->standard->edition.id);
    writer_.text_or_none(verdict.parts.empty() ? "" : standards::name(verdict.verification));
    return writer_.end_row();
  }
  Status finish() { return writer_.finish(); }

 private:
  static std::vector<std::string> header(const WaterRows& rows, bool means) {
    std::vector<std::string> columns{"section", "time", "kind"};
    if (means) columns.emplace_back("samples");
    for (const char* name : {"class", "status", "deciding"}) columns.emplace_back(name);
    for (const WaterColumn& column : rows.columns()) columns.push_back("class_" + column_name(column.item));
    columns.emplace_back("exceed");
    columns.emplace_back("main");
    if (rows.has_target()) {
      columns.emplace_back("target");
      columns.emplace_back("compliant");
    }
    for (const char* name : {"unsuitable", "standard", "verification"}) columns.emplace_back(name);
    return columns;
  }

  const WaterRows& rows_;
  bool means_;
  SheetWriter writer_;
};

/// What was gathered of a section in a period.
struct Gathered {
  SectionMeans means;
  std::int64_t samples = 0;
  standards::WaterBody body = standards::WaterBody::river;
  std::optional<int> target;
  std::string group;
  Instant first;
};

using ByPeriod = std::map<std::pair<std::string, std::string>, Gathered>;

Result<ByPeriod> gather(SheetReader& reader, const WaterRows& rows, WaterPeriod period) {
  ByPeriod all;
  WaterRow row;
  while (true) {
    MJ_TRY(const bool more, rows.next(reader, row));
    if (!more) return all;
    if (!row.time) continue;
    const auto [place, fresh] =
        all.try_emplace({std::string(row.section), period_label(*row.time, period)},
                        Gathered{{}, 0, row.body, row.target, std::string(row.group), *row.time});
    Gathered& gathered = place->second;
    if (!fresh && gathered.body != row.body)
      return Error(ErrorCode::invalid_input,
                   fmt::format("row {}: section {} is both river and lake", reader.row(), row.section));
    ++gathered.samples;
    if (!add_row(gathered.means, row, rows.columns()))
      return Error(ErrorCode::invalid_input,
                   fmt::format("row {}: a value of section {} has more than 12 digits after the point",
                               reader.row(), row.section));
    gathered.first = std::min(gathered.first, *row.time);
  }
}

}  // namespace

Result<std::size_t> water_sheet(const SheetRun& run, const WaterSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const WaterRows rows, WaterRows::open(reader, run.standards, run.standard, sheet.group_by));
  if (sheet.period == WaterPeriod::row && sheet.group_by.empty()) {
    SectionWriter writer(run, sheet, rows);
    std::optional<SectionRules> rules;
    WaterRow row;
    std::vector<SectionValue> values;
    while (true) {
      MJ_TRY(const bool more, rows.next(reader, row));
      if (!more) break;
      if (row.time &&
          (!rules || (run.standard.empty() && !rules->standard->edition.validity.contains(*row.time)))) {
        MJ_TRY(rules, SectionRules::load(run.standards, *row.time, run.standard));
      }
      values.clear();
      for (std::size_t i = 0; i < rows.columns().size(); ++i) {
        const standards::WaterItem* item = rows.columns()[i].of(row.body);
        if (item != nullptr && row.values[i])
          values.push_back({item, row.values[i]->value, row.values[i]->below_detection});
      }
      const SectionVerdict verdict =
          row.time ? judge_section(*rules, values, row.oxygen_saturated) : SectionVerdict{};
      MJ_CHECK(writer.write(row.section, reader.cell(*reader.find("time")), row.body, 1,
                            row.time ? &*rules : nullptr, verdict, row.target));
    }
    MJ_CHECK(writer.finish());
    return reader.row();
  }
  MJ_TRY(const ByPeriod gathered, gather(reader, rows, sheet.period));
  if (!sheet.group_by.empty()) {
    WaterGroups groups;
    for (const auto& [key, section] : gathered) {
      MJ_TRY(const SectionRules rules, SectionRules::load(run.standards, section.first, run.standard));
      groups.add(section.group, key.second, rules, section.means.values());
    }
    MJ_CHECK(groups.write(run));
    return reader.row();
  }
  SectionWriter writer(run, sheet, rows);
  for (const auto& [key, section] : gathered) {
    MJ_TRY(const SectionRules rules, SectionRules::load(run.standards, section.first, run.standard));
    const auto values = section.means.values();
    MJ_CHECK(writer.write(key.first, key.second, section.body, section.samples, &rules,
                          judge_section(rules, values), section.target));
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess
