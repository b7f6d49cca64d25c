#include <array>

#include "mj/appraisal/appraise.hpp"
#include "mj/workbook/sheet.hpp"

namespace mj::appraisal {
namespace {

std::string cell(const std::optional<Decimal>& value) { return value ? to_text(*value) : std::string(); }

void add(workbook::Sheet& sheet, std::vector<std::string> cells) {
  sheet.rows.push_back({sheet.rows.size() + 2, std::move(cells)});
}

workbook::Sheet score_sheet(const Scheme& scheme, const Appraisal& appraisal) {
  workbook::Sheet sheet;
  sheet.name = "result";
  sheet.columns = {"id",        "名称",          "name",     "period", fmt::format("总分 total ({})", scheme.unit),
                   "排名 rank", "完整 complete", "否决 veto"};
  for (const Indicator& indicator : scheme.indicators) {
    const ValueRule* figure = indicator.figure.empty() ? nullptr : scheme.value(indicator.figure);
    const std::string unit =
        figure == nullptr || figure->unit.empty() ? std::string() : fmt::format(" ({})", figure->unit);
    sheet.columns.push_back(indicator.title.zh + unit);
    sheet.columns.push_back(fmt::format("{} 得分 points", indicator.title.zh));
  }
  for (const AppraisedRow& row : appraisal.rows) {
    std::vector<std::string> cells{row.subject.id,
                                   row.subject.name.zh,
                                   row.subject.name.en,
                                   appraisal.period.label(),
                                   cell(row.total),
                                   row.rank ? std::to_string(*row.rank) : std::string(),
                                   row.complete ? "yes" : "no",
                                   row.veto.zh};
    for (const AppraisedItem& item : row.items) {
      cells.push_back(cell(item.figure));
      cells.push_back(cell(item.points));
    }
    add(sheet, std::move(cells));
  }
  return sheet;
}

workbook::Sheet payment_sheet(const Scheme& scheme, const Appraisal& appraisal) {
  workbook::Sheet sheet;
  sheet.name = "result";
  sheet.columns = {"subject",         "对象",
                   "period",          "支付方 payer",
                   "接收方 receiver", fmt::format("金额 amount ({})", scheme.unit),
                   "原因 reason"};
  for (const AppraisedPayment& payment : appraisal.payments)
    add(sheet, {payment.subject.id, payment.subject.name.zh, appraisal.period.label(), payment.payer.name.zh,
                payment.receiver.name.zh, cell(payment.amount), payment.reason.zh});
  return sheet;
}

workbook::Sheet result_sheet(const Scheme& scheme, const Appraisal& appraisal) {
  return scheme.kind == SchemeKind::score ? score_sheet(scheme, appraisal) : payment_sheet(scheme, appraisal);
}

workbook::Sheet steps_sheet(const Appraisal& appraisal) {
  workbook::Sheet sheet;
  sheet.name = "steps";
  sheet.columns = {"subject", "item", "步骤", "step", "figure"};
  for (const AppraisedRow& row : appraisal.rows) {
    for (const AppraisedItem& item : row.items) {
      for (const Step& step : item.steps)
        add(sheet, {row.subject.id, item.id, step.text.zh, step.text.en, step.lineage});
    }
  }
  for (const AppraisedPayment& payment : appraisal.payments) {
    for (const Step& step : payment.steps)
      add(sheet, {payment.subject.id, "payment", step.text.zh, step.text.en, step.lineage});
  }
  return sheet;
}

workbook::Sheet notes_sheet(const Scheme& scheme, const Appraisal& appraisal) {
  workbook::Sheet sheet;
  sheet.name = "notes";
  sheet.columns = {"说明", "note", "count"};
  add(sheet, {scheme.title.zh, scheme.title.en, ""});
  add(sheet, {"依据：" + scheme.document, "document: " + scheme.document, ""});
  add(sheet, {"来源：" + scheme.source, "source: " + scheme.source, ""});
  for (const statistics::Note& note : appraisal.notes)
    add(sheet, {note.text.zh, note.text.en, note.count ? std::to_string(*note.count) : std::string()});
  return sheet;
}

}  // namespace

std::string to_csv(const Scheme& scheme, const Appraisal& appraisal) {
  return workbook::write_csv(result_sheet(scheme, appraisal));
}

Result<std::string> to_xlsx(const Scheme& scheme, const Appraisal& appraisal) {
  const std::array sheets{result_sheet(scheme, appraisal), steps_sheet(appraisal), notes_sheet(scheme, appraisal)};
  return workbook::write_xlsx(sheets);
}

}  // namespace mj::appraisal
