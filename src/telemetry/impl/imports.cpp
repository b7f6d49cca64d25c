#include "mj/telemetry/imports.hpp"

#include "mj/telemetry/store.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

/// Counts over the parts of a file, each part once however often it stands in the log.
constexpr const char* kParts =
    "SELECT file, count(*) AS parts, sum(bytes) AS held, max(start + bytes) AS ends, max(part) AS last_part, "
    "max(next_line) AS next_line, sum(rows) AS rows, sum(unreadable) AS unreadable, sum(\"values\") AS "
    "\"values\", "
    "sum(observations) AS observations FROM (SELECT file, part, start, any_value(bytes) AS bytes, "
    "any_value(next_line) AS next_line, any_value(rows) AS rows, any_value(unreadable) AS unreadable, "
    "any_value(\"values\") AS \"values\", sum(observations) AS observations FROM import_entry WHERE file IS NOT "
    "NULL "
    "GROUP BY file, part, start) GROUP BY file";

std::uint64_t number_at(const duck::Rows& rows, std::size_t column) {
  return rows.is_null(column) ? 0 : static_cast<std::uint64_t>(rows.get<std::int64_t>(column));
}

ImportedFile file_from(const duck::Rows& rows) {
  ImportedFile file;
  file.entry = rows.get<std::uint64_t>(0);
  file.received_at = Instant::from_ms(rows.get<std::int64_t>(1));
  file.source = rows.text(2);
  file.file = rows.text(3);
  file.sha256 = rows.text(4);
  file.layout = rows.text(5);
  file.layout_sha256 = rows.text(6);
  file.period = rows.text(7);
  file.name = rows.text(8);
  file.reason = rows.text(9);
  file.bytes = number_at(rows, 10);
  file.parts = number_at(rows, 11);
  const std::uint64_t held = number_at(rows, 12);
  const std::uint64_t ends = number_at(rows, 13);
  // Parts are appended in order, so what is there is the beginning; anything else is handed over again from the start.
  if (file.parts > 0 && held == ends) {
    file.durable = ends;
    file.next_part = static_cast<std::uint32_t>(number_at(rows, 14)) + 1;
    file.next_line = number_at(rows, 15);
  }
  file.rows = number_at(rows, 16);
  file.unreadable = number_at(rows, 17);
  file.values = number_at(rows, 18);
  file.stored_values = number_at(rows, 19);
  return file;
}

}  // namespace

Result<std::vector<ImportedFile>> Store::imports(const ImportQuery& query) const {
  std::string sql = fmt::format(
      "SELECT f.entry, e.received_ms, f.source, f.file, f.sha256, f.layout, f.layout_sha256, f.period, f.name, "
      "f.reason, "
      "f.bytes::BIGINT, p.parts, p.held::BIGINT, p.ends::BIGINT, p.last_part::BIGINT, p.next_line::BIGINT, "
      "p.rows::BIGINT, "
      "p.unreadable::BIGINT, p.\"values\"::BIGINT, p.observations::BIGINT FROM import_file f JOIN import_entry e "
      "ON "
      "e.entry = f.entry LEFT JOIN ({}) p ON p.file = f.entry WHERE true",
      kParts);
  std::vector<duck::Param> params;
  const auto add = [&](std::string_view condition, duck::Param value) {
    params.push_back(std::move(value));
    sql += fmt::format(" AND {} ${}", condition, params.size());
  };
  if (query.entry) add("f.entry =", *query.entry);
  if (query.sha256) add("f.sha256 =", std::string_view(*query.sha256));
  if (query.before) add("f.entry <", *query.before);
  sql += fmt::format(" ORDER BY f.entry DESC LIMIT {}", query.limit);
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<ImportedFile>> {
    std::vector<ImportedFile> files;
    MJ_TRY(duck::Rows rows, connection.query(sql, params));
    while (rows.next()) files.push_back(file_from(rows));
    if (!query.entry || files.empty()) return files;
    MJ_TRY(duck::Rows entries, connection.query("SELECT entry FROM import_entry WHERE file = $1 ORDER BY entry",
                                                {duck::Param(*query.entry)}));
    while (entries.next()) files.front().part_entries.push_back(entries.get<std::uint64_t>(0));
    return files;
  });
}

}  // namespace mj::telemetry
