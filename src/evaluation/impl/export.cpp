#include "mj/evaluation/export.hpp"

#include "mj/workbook/sheet.hpp"

namespace mj::evaluation {
namespace {

void add(workbook::Sheet& sheet, std::vector<std::string> cells) {
  sheet.rows.push_back({sheet.rows.size() + 2, std::move(cells)});
}

std::string decimal_text(const std::optional<Decimal>& value) { return value ? to_text(*value) : std::string(); }

std::string entry_text(const Inputs& inputs, std::uint64_t entry) {
  return inputs.count == 0 || inputs.first_entry == Inputs::kNoEntry ? std::string() : std::to_string(entry);
}

std::string yes_no(bool value) { return value ? "yes" : "no"; }

std::string compliant_text(const std::optional<Grade>& grade) {
  return grade && grade->compliant ? yes_no(*grade->compliant) : std::string();
}

std::string verification_text(const Figure& figure) {
  return figure.standard.empty() ? std::string() : std::string(standards::name(figure.verification));
}

std::string title_of(const Evaluator& evaluator, std::string_view indicator) {
  for (const Indicator& each : evaluator.indicators) {
    if (each.id == indicator) return each.title.zh;
  }
  return std::string(indicator);
}

workbook::Sheet ranking_sheet(const Roster& roster, const Evaluator& evaluator, const Ranking& ranking) {
  workbook::Sheet sheet;
  sheet.name = "results";
  sheet.columns = {"rank",         "id",        "name",     "region",      "level",      "period",
                   "at",           "indicator", "title",    "value",       "unit",       "grade",
                   "complies",     "change",    "primary",  "complete",    "reason",     "standard",
                   "verification", "values",    "expected", "first_entry", "last_entry", "run"};
  const std::string title = title_of(evaluator, ranking.indicator);
  for (const Figure& figure : ranking.figures) {
    const Subject subject = roster.subject(figure.level, figure.subject);
    add(sheet, {figure.rank ? std::to_string(*figure.rank) : "",
                figure.subject,
                subject.name.zh,
                subject.region,
                std::string(name(figure.level)),
                std::string(name(figure.period.kind)),
                figure.period.label(),
                figure.indicator,
                title,
                decimal_text(figure.value),
                ranking.unit,
                figure.grade ? figure.grade->name.zh : "",
                compliant_text(figure.grade),
                decimal_text(figure.change),
                figure.primary,
                yes_no(figure.complete),
                figure.reason,
                figure.standard,
                verification_text(figure),
                std::to_string(figure.inputs.count),
                figure.inputs.expected == 0 ? "" : std::to_string(figure.inputs.expected),
                entry_text(figure.inputs, figure.inputs.first_entry),
                entry_text(figure.inputs, figure.inputs.last_entry),
                figure.run == 0 ? "" : std::to_string(figure.run)});
  }
  return sheet;
}

workbook::Sheet about_ranking(const Evaluator& evaluator, const Ranking& ranking) {
  workbook::Sheet sheet;
  sheet.name = "about";
  sheet.columns = {"说明", "what", "text"};
  add(sheet, {"要素", "element", evaluator.element + " " + evaluator.title.zh});
  add(sheet, {"指标", "indicator", ranking.indicator + " " + title_of(evaluator, ranking.indicator)});
  add(sheet, {"单位", "unit", ranking.unit});
  add(sheet, {"时段", "period", std::string(name(ranking.period.kind)) + " " + ranking.period.label()});
  add(sheet, {"对象层级", "level", std::string(name(ranking.level))});
  add(sheet, {"名次：1 为最好，并列者名次相同", "rank: 1 is the best; equal figures share it", ""});
  add(sheet, {"变化：与上年同期之差", "change: against the same period of the year before", ""});
  if (!ranking.run) return sheet;
  add(sheet, {"评价运行", "run", std::to_string(ranking.run->id)});
  if (ranking.run->ended_at) add(sheet, {"完成时间", "made at", to_iso(*ranking.run->ended_at)});
  add(sheet, {"存证日志位置", "entries of the evidence log", std::to_string(ranking.run->position)});
  add(sheet, {"标准摘要", "digest of the standards", ranking.run->standards});
  add(sheet, {"登记摘要", "digest of the register", ranking.run->roster});
  return sheet;
}

/// Rows of one kind of a calculation sheet, all with the same columns.
struct Part {
  std::string name;
  std::vector<std::vector<std::string>> rows;
};
const std::vector<std::string>& part_columns() {
  static const std::vector<std::string> kColumns{"title",        "title_en", "at",   "formula", "value",
                                                 "unit",         "flag",     "used", "reason",  "clause",
                                                 "verification", "entry",    "prove"};
  return kColumns;
}

std::vector<Part> parts_of(const Roster& roster, std::string_view element, const Sheet& sheet) {
  const Figure& figure = sheet.figure;
  Part result{"figure", {}};
  const Subject subject = roster.subject(figure.level, figure.subject);
  result.rows.push_back({fmt::format("{} {}", subject.name.zh, figure.indicator),
                         fmt::format("{} {} {}", element, figure.subject, figure.indicator), figure.period.label(),
                         "", decimal_text(figure.value), sheet.unit, "", yes_no(figure.complete), figure.reason,
                         figure.standard, verification_text(figure), "", sheet.prove});
  if (figure.grade)
    result.rows.push_back({"等级", "grade", figure.period.label(), "", figure.grade->name.zh, "", "",
                           yes_no(figure.complete), "", figure.standard, verification_text(figure), "", ""});
  Part steps{"steps", {}};
  for (const SheetStep& step : sheet.steps) {
    steps.rows.push_back(
        {step.title.zh, step.title.en, "", step.formula, step.result, step.unit, "", "", "", step.clause,
         step.verification ? std::string(standards::name(*step.verification)) : std::string(), "", ""});
  }
  Part inputs{"inputs", {}};
  for (const SheetInput& input : sheet.inputs) {
    const std::string from = input.subject.empty() ? "" : input.subject + " " + input.indicator;
    inputs.rows.push_back({input.label, from, input.at, "", input.text, input.unit, input.flag, yes_no(input.used),
                           input.reason, "", "", input.entry ? std::to_string(*input.entry) : "", input.prove});
  }
  return {std::move(result), std::move(steps), std::move(inputs)};
}

}  // namespace

std::optional<FileFormat> parse_file_format(std::string_view word) {
  if (word == "csv") return FileFormat::csv;
  if (word == "xlsx") return FileFormat::xlsx;
  return std::nullopt;
}

Result<std::string> export_ranking(const Roster& roster, const Evaluator& evaluator, const Ranking& ranking,
                                   FileFormat format) {
  const std::array sheets{ranking_sheet(roster, evaluator, ranking), about_ranking(evaluator, ranking)};
  if (format == FileFormat::csv) return workbook::write_csv(sheets.front());
  return workbook::write_xlsx(sheets);
}

Result<std::string> export_sheet(const Roster& roster, std::string_view element, const Sheet& sheet,
                                 FileFormat format) {
  std::vector<workbook::Sheet> sheets;
  workbook::Sheet all;
  all.columns = part_columns();
  all.columns.insert(all.columns.begin(), "part");
  for (Part& part : parts_of(roster, element, sheet)) {
    workbook::Sheet one;
    one.name = part.name;
    one.columns = part_columns();
    for (std::vector<std::string>& row : part.rows) {
      std::vector<std::string> with_part{part.name};
      with_part.insert(with_part.end(), row.begin(), row.end());
      add(all, std::move(with_part));
      add(one, std::move(row));
    }
    sheets.push_back(std::move(one));
  }
  if (format == FileFormat::csv) return workbook::write_csv(all);
  return workbook::write_xlsx(sheets);
}

}  // namespace mj::evaluation
