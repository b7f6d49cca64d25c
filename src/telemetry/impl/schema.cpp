#include "schema.hpp"

namespace mj::telemetry {
namespace {

/// A store of another layout is not migrated but derived again from the log.
constexpr std::int64_t kLayout = 1;

constexpr const char* kTables = R"sql(
BEGIN TRANSACTION;
CREATE TABLE layout(version BIGINT);
INSERT INTO layout VALUES (1);
CREATE TABLE ledger(class VARCHAR, n UBIGINT);
CREATE TABLE device(id UINTEGER, mn VARCHAR);
CREATE TABLE series(id UINTEGER, device VARCHAR, st VARCHAR, cn VARCHAR, factor VARCHAR, kind VARCHAR);
CREATE TABLE recent(series UINTEGER, at_ms BIGINT, value DOUBLE, decimals UTINYINT, flag VARCHAR, text VARCHAR,
                    revision UINTEGER, entry UBIGINT);
CREATE TABLE settled(series UINTEGER, at_ms BIGINT, value DOUBLE, decimals UTINYINT, flag VARCHAR, text VARCHAR,
                     revision UINTEGER, entry UBIGINT);
CREATE TABLE superseded(series UINTEGER, at_ms BIGINT, value DOUBLE, decimals UTINYINT, flag VARCHAR, text VARCHAR,
                        revision UINTEGER, entry UBIGINT);
CREATE TABLE frame(entry UBIGINT, received_ms BIGINT, device UINTEGER, st VARCHAR, cn VARCHAR, data_ms BIGINT,
                   bytes UINTEGER, disposition UTINYINT, reason VARCHAR, observations UINTEGER);
CREATE VIEW observation AS SELECT * FROM settled UNION ALL SELECT * FROM recent;
COMMIT;
)sql";

}  // namespace

Status create_schema(duck::Connection& connection) {
  MJ_TRY(duck::Rows present, connection.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'layout'"));
  if (!present.next()) return Error(ErrorCode::internal, "DuckDB does not list its tables");
  if (present.get<std::int64_t>(0) == 0) return connection.run(kTables);
  MJ_TRY(duck::Rows layout, connection.query("SELECT version FROM layout"));
  if (!layout.next() || layout.get<std::int64_t>(0) != kLayout) {
    return Error(ErrorCode::damaged, "the telemetry store was written by a version with another layout");
  }
  return {};
}

}  // namespace mj::telemetry
