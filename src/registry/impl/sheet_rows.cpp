#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mj/workbook/sheet.hpp"
#include "table_rows.hpp"

namespace mj::registry {
namespace {

/// What a column of the table means.
struct Column {
  std::optional<Special> special;
  const AttributeSchema* attribute = nullptr;
};

Result<std::vector<Column>> columns_of(const KindSchema& kind, const std::vector<std::string>& titles) {
  std::vector<Column> columns;
  std::set<std::string, std::less<>> seen;
  bool has_id = false;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    Column column;
    column.special = special_column(titles[i]);
    if (!column.special) column.attribute = kind.find_titled(titles[i]);
    // A column without a title and without content comes with many spreadsheets.
    if (!column.special && column.attribute == nullptr && !titles[i].empty()) {
      std::string known;
      for (const AttributeSchema& each : kind.attributes) known += fmt::format(", {} {}", each.key, each.title.zh);
      return Error(
          ErrorCode::invalid_input,
          fmt::format(
              "column {}: \"{}\" is nothing that is known of a {}; columns are id 编号, action 操作, "
              "effective 生效日期, approval 批准文号, approval_authority 批准机关, approval_date 批准日期{}",
              i + 1, titles[i], kind.id, known));
    }
    has_id = has_id || column.special == Special::id;
    const std::string meaning = column.attribute != nullptr ? column.attribute->key
                                : column.special            ? std::string(title(*column.special).en)
                                                            : std::string();
    if (!meaning.empty() && !seen.insert(meaning).second) {
      return Error(ErrorCode::invalid_input, fmt::format("column {}: \"{}\" appears twice", i + 1, titles[i]));
    }
    columns.push_back(column);
  }
  if (!has_id) return Error(ErrorCode::invalid_input, "the table has no column id (编号)");
  return columns;
}

bool is_clear(std::string_view cell) { return cell == "<clear>" || cell == "<清空>"; }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Status take_approval(Special column, std::string_view written, Change& change) {
  Approval approval = change.approval.value_or(Approval{});
  if (column == Special::approval) {
    approval.document = written;
  } else if (column == Special::approval_authority) {
    approval.authority = written;
  } else if (column == Special::approval_date) {
    approval.date = parse_day(written);
    if (!approval.date) {
      return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is no day; write 2026-03-01", written));
    }
  } else {
    return {};
  }
  change.approval = std::move(approval);
  return {};
}

Result<TableRows> read_sheet_rows(const KindSchema& kind, std::string_view bytes, Day effective) {
  MJ_TRY(const workbook::Sheet sheet, workbook::read(bytes));
  MJ_TRY(const auto columns, columns_of(kind, sheet.columns));
  TableRows read;
  for (const workbook::Row& row : sheet.rows) {
    if (std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) { return trimmed(cell).empty(); }))
      continue;
    Change change;
    change.kind = kind.id;
    change.effective = effective;
    change.row = ++read.rows;
    change.line = row.line;
    bool good = true;
    const auto fault = [&](std::string_view column, std::string text) {
      read.faults.push_back({change.row, change.line, std::string(column), std::move(text)});
      good = false;
    };
    for (std::size_t i = 0; i < columns.size() && i < row.cells.size(); ++i) {
      const std::string_view cell = trimmed(row.cells[i]);
      if (cell.empty()) continue;
      if (const AttributeSchema* attribute = columns[i].attribute; attribute != nullptr) {
        if (is_clear(cell)) {
          change.clear.push_back(attribute->key);
        } else {
          change.set.emplace(attribute->key, cell);
        }
        continue;
      }
      if (!columns[i].special) {
        fault({}, fmt::format("column {} has a value but no title", i + 1));
        continue;
      }
      if (columns[i].special == Special::id) change.id = cell;
      if (columns[i].special == Special::action) {
        change.action = parse_action(cell);
        if (!change.action) {
          fault("action",
                fmt::format("\"{}\" is none of add 新增, change 变更, move 迁移, stop 停用, resume 恢复", cell));
        }
      }
      if (columns[i].special == Special::effective) {
        const auto day = parse_day(cell);
        if (day) {
          change.effective = *day;
        } else {
          fault("effective", fmt::format("\"{}\" is no day; write 2026-03-01", cell));
        }
      }
      if (const Status taken = take_approval(*columns[i].special, cell, change); !taken) {
        fault(title(*columns[i].special).en, taken.error().text());
      }
    }
    if (change.id.empty()) fault("id", "there is no id");
    if (good) read.changes.push_back(std::move(change));
  }
  return read;
}

}  // namespace mj::registry
