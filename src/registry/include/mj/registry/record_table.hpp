#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"

namespace mj::registry {

/// A table handed over to add and change records of one kind 批量导入.
struct RecordImport {
  std::string kind;
  std::string bytes;                 ///< CSV (UTF-8 or GBK), XLSX or GeoJSON, recognised by its bytes
  Day effective;                     ///< for rows that name no day
  std::optional<Approval> approval;  ///< of rows that name none
  Author author;                     ///< not looked at in a dry run
  bool dry_run = true;
  bool skip_bad = false;  ///< record the good rows although others are faulty
};

/// What an import did, or would do.
struct ImportReport {
  Plan plan;  ///< faults of reading the file are among its faults, the rows they are in among its rows
  bool dry_run = true;
  std::vector<std::uint64_t> entries;  ///< decisions written; none in a dry run, or when rows were faulty
};

/// Columns of a table: `id`, `action`, `effective`, `approval`, `approval_authority`, `approval_date` (编号, 操作, 生效日期, 批准文号,
/// 批准机关, 批准日期), attributes by key or title. An empty cell leaves an attribute as it is; `<clear>` or `<清空>` makes it
/// unknown. A row that changes something and has no approval, neither its own nor that of the whole table, is faulty. Errors:
/// not_found for an unknown kind; invalid_input when the file cannot be read, has a column that means nothing, the approval of
/// the whole table says half, or the author is missing; unavailable. Faulty rows are no error: the report names them.
[[nodiscard]] Result<ImportReport> import_records(Book& book, evidence::Log& log, const RecordImport& wanted,
                                                  Instant now);

enum class TableFormat { csv, xlsx };
/// What heads the columns.
enum class TableTitles { key, zh, en };

/// Records as a table that import_records() reads again; without geometries. Errors: unavailable.
[[nodiscard]] Result<std::string> export_records(const KindSchema& kind, const std::vector<Record>& records,
                                                 TableFormat format, TableTitles titles);

}  // namespace mj::registry
