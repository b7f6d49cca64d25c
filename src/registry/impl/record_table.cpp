#include "mj/registry/record_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mj/kernel/text.hpp"
#include "mj/workbook/sheet.hpp"
#include "row_check.hpp"
#include "table_rows.hpp"

namespace mj::registry {
namespace {

constexpr std::size_t kMaxFaultsTold = 200;

bool is_json(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

/// The faults of reading and those of the plan, together in order of the rows.
void join(TableRows& read, Plan& plan) {
  std::size_t unread = 0;
  std::size_t last = 0;
  for (const RowFault& fault : read.faults) {
    if (fault.row != last) ++unread;
    last = fault.row;
  }
  plan.rows += unread;
  plan.faulty_rows += unread;
  plan.faults.insert(plan.faults.end(), std::make_move_iterator(read.faults.begin()),
                     std::make_move_iterator(read.faults.end()));
  std::sort(plan.faults.begin(), plan.faults.end(), [](const RowFault& a, const RowFault& b) {
    return std::tie(a.row, a.column, a.text) < std::tie(b.row, b.column, b.text);
  });
  if (plan.faults.size() > kMaxFaultsTold) plan.faults.resize(kMaxFaultsTold);
}

std::string heading(const AttributeSchema& attribute, TableTitles titles) {
  switch (titles) {
    case TableTitles::key: return attribute.key;
    case TableTitles::zh: return attribute.title.zh;
    case TableTitles::en: return attribute.title.en;
  }
  return attribute.key;
}

std::string heading(Special column, TableTitles titles) {
  return titles == TableTitles::zh ? title(column).zh : title(column).en;
}

/// Words are written by their title in the language of the headings.
std::string cell_text(const AttributeSchema& attribute, const std::string& value, TableTitles titles) {
  const WordTitle* word = attribute.word(value);
  if (word == nullptr || titles == TableTitles::key) return value;
  return titles == TableTitles::zh ? word->title.zh : word->title.en;
}

}  // namespace

LocalName title(Special column) {
  switch (column) {
    case Special::id: return {"编号", "id"};
    case Special::action: return {"操作", "action"};
    case Special::effective: return {"生效日期", "effective"};
    case Special::approval: return {"批准文号", "approval"};
    case Special::approval_authority: return {"批准机关", "approval_authority"};
    case Special::approval_date: return {"批准日期", "approval_date"};
    case Special::state: return {"状态", "state"};
    case Special::valid_from: return {"有效期起", "valid_from"};
    case Special::valid_to: return {"有效期止", "valid_to"};
    case Special::entry: return {"存证条目", "entry"};
  }
  return {};
}

std::optional<Special> special_column(std::string_view written) {
  for (const Special column : kSpecials) {
    const LocalName both = title(column);
    if (written == both.zh || written == both.en) return column;
  }
  return std::nullopt;
}

Result<ImportReport> import_records(Book& book, evidence::Log& log, const RecordImport& wanted, Instant now) {
  const KindSchema* kind = book.schema().find(wanted.kind);
  if (kind == nullptr) return Error(ErrorCode::not_found, fmt::format("there is no kind \"{}\"", wanted.kind));
  if (!wanted.dry_run) {
    if (const auto name = clean_text(wanted.author.name, kMaxNameCharacters, "name"); !name) return name.error();
    if (const auto reason = clean_text(wanted.author.reason, kMaxReasonCharacters, "reason"); !reason) {
      return reason.error();
    }
  }
  std::optional<Approval> approval;
  if (wanted.approval) {
    MJ_TRY(approval, clean_approval(*wanted.approval));
  }
  TableRows read;
  if (is_json(wanted.bytes)) {
    const auto id_of_name = [&](const std::string& name) -> std::optional<std::string> {
      RecordFilter filter;
      filter.equal["name"] = name;
      const auto found = book.records(kind->id, {wanted.effective, {}}, filter);
      return found.size() == 1 ? std::optional(found.front().id) : std::nullopt;
    };
    MJ_TRY(read, read_geojson_rows(*kind, wanted.bytes, wanted.effective, id_of_name));
  } else {
    MJ_TRY(read, read_sheet_rows(*kind, wanted.bytes, wanted.effective));
  }
  ImportReport report;
  report.dry_run = wanted.dry_run;
  const bool readable = read.faults.empty() || wanted.skip_bad;
  if (wanted.dry_run || !readable) {
    report.plan = book.plan(read.changes, approval);
    join(read, report.plan);
    return report;
  }
  report.plan = book.plan(read.changes, approval);
  if (report.plan.faults.empty() || wanted.skip_bad) {
    MJ_TRY(Applied applied, book.apply(log, read.changes, approval, wanted.author, now,
                                       wanted.skip_bad ? Faulty::skip : Faulty::refuse_all));
    report.plan = std::move(applied.plan);
    report.entries = std::move(applied.entries);
  }
  join(read, report.plan);
  return report;
}

Result<std::string> export_records(const KindSchema& kind, const std::vector<Record>& records, TableFormat format,
                                   TableTitles titles) {
  workbook::Sheet sheet;
  sheet.name = titles == TableTitles::en ? kind.title.en : kind.title.zh;
  sheet.columns.push_back(heading(Special::id, titles));
  std::vector<const AttributeSchema*> attributes;
  for (const AttributeSchema& attribute : kind.attributes) {
    if (attribute.type == AttributeType::geometry) continue;
    attributes.push_back(&attribute);
    sheet.columns.push_back(heading(attribute, titles));
  }
  for (const Special column : {Special::state, Special::valid_from, Special::valid_to, Special::entry}) {
    sheet.columns.push_back(heading(column, titles));
  }
  for (const Record& record : records) {
    workbook::Row row;
    row.cells.push_back(record.id);
    for (const AttributeSchema* attribute : attributes) {
      row.cells.push_back(cell_text(*attribute, record.get(attribute->key), titles));
    }
    row.cells.emplace_back(name(record.state));
    row.cells.push_back(to_text(record.valid_from));
    row.cells.push_back(record.valid_to ? to_text(*record.valid_to) : std::string());
    row.cells.push_back(fmt::format("{}", record.entry));
    sheet.rows.push_back(std::move(row));
  }
  if (format == TableFormat::csv) return workbook::write_csv(sheet);
  return workbook::write_xlsx(std::span(&sheet, 1));
}

}  // namespace mj::registry
