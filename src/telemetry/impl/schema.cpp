#include "schema.hpp"

namespace mj::telemetry {
namespace {

/// A store of another layout is not migrated but derived again from the log.
constexpr std::int64_t kLayout = 4;

std::string tables() {
  return fmt::format(R"sql(
BEGIN TRANSACTION;
CREATE TABLE layout(version BIGINT);
INSERT INTO layout VALUES ({1});
CREATE TABLE ledger(class VARCHAR, n UBIGINT);
-- Dictionaries: who spoke under which command; which factor and key; how a number was written. The number of what was not detected is
-- the detection limit.
CREATE TABLE stream(id UINTEGER, device VARCHAR, st VARCHAR, cn VARCHAR);
CREATE TABLE series(id UINTEGER, stream UINTEGER, factor VARCHAR, kind VARCHAR);
CREATE TABLE form(id UINTEGER, decimals UTINYINT, kept_text BOOLEAN, revision UINTEGER, flag VARCHAR, below BOOLEAN);
CREATE TABLE recent({0});
CREATE TABLE settled({0});
CREATE TABLE superseded({0});
-- Texts that number and decimals do not give back.
CREATE TABLE kept_text(series UINTEGER, at_ms BIGINT, revision UINTEGER, text VARCHAR);
CREATE TABLE frame(entry UBIGINT, received_ms BIGINT, stream UINTEGER, data_ms BIGINT, bytes UINTEGER, disposition UTINYINT,
                   reason UTINYINT, observations UINTEGER);
-- Files of other departments: manifests, and every import entry (a part has a file).
CREATE TABLE import_file(entry UBIGINT, source VARCHAR, file VARCHAR, sha256 VARCHAR, layout VARCHAR, layout_sha256 VARCHAR,
                         period VARCHAR, name VARCHAR, reason VARCHAR, bytes UBIGINT);
CREATE TABLE import_entry(entry UBIGINT, received_ms BIGINT, disposition UTINYINT, reason UTINYINT, file UBIGINT, part UINTEGER,
                          start UBIGINT, bytes UINTEGER, next_line UBIGINT, rows UINTEGER, unreadable UINTEGER, "values" UINTEGER,
                          observations UINTEGER);
-- What rejected and quarantined frames said of themselves.
CREATE TABLE stranger(entry UBIGINT, device VARCHAR, st VARCHAR, cn VARCHAR);
CREATE VIEW observation AS SELECT * FROM settled UNION ALL SELECT * FROM recent;
COMMIT;
)sql",
                     kObservationColumns, kLayout);
}

}  // namespace

std::string select_observations(std::string_view table, std::string_view extra) {
  return fmt::format(
      "SELECT o.series, o.at_ms, CASE WHEN f.below THEN NULL ELSE o.value END, f.decimals, f.flag, k.text, "
      "f.revision, o.entry{} FROM {} o JOIN form f "
      "ON f.id = o.form "
      "LEFT JOIN kept_text k ON f.kept_text AND k.series = o.series AND k.at_ms = o.at_ms AND k.revision = "
      "f.revision",
      extra, table);
}

Result<std::string> and_detected(duck::Connection& connection) {
  MJ_TRY(duck::Rows rows, connection.query("SELECT id FROM form WHERE below ORDER BY id"));
  std::string ids;
  while (rows.next()) ids += fmt::format("{}{}", ids.empty() ? "" : ",", rows.get<std::uint32_t>(0));
  return ids.empty() ? ids : fmt::format(" AND form NOT IN ({})", ids);
}

Status create_schema(duck::Connection& connection) {
  MJ_TRY(duck::Rows present, connection.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'layout'"));
  if (!present.next()) return Error(ErrorCode::internal, "DuckDB does not list its tables");
  if (present.get<std::int64_t>(0) == 0) return connection.run(tables());
  MJ_TRY(duck::Rows layout, connection.query("SELECT version FROM layout"));
  if (!layout.next() || layout.get<std::int64_t>(0) != kLayout) {
    return Error(ErrorCode::damaged, "the telemetry store was written by a version with another layout");
  }
  return {};
}

}  // namespace mj::telemetry
