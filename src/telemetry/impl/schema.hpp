#pragma once

#include <string>
#include <string_view>

#include "mj/duck/duck.hpp"
#include "mj/kernel/result.hpp"

namespace mj::telemetry {

/// Columns of recent, settled and superseded: series, at_ms, value, form, entry. Only numbers: a text column costs DuckDB
/// more per row than everything else together.
inline const std::vector<duckdb_type> kObservationTypes = {
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UBIGINT};
inline constexpr const char* kObservationColumns =
    "series UINTEGER, at_ms BIGINT, value DOUBLE, form UINTEGER, entry UBIGINT";

/// Columns of frame: entry, received_ms, stream (null for strangers), data_ms (null when there is none), bytes, disposition, reason,
/// observations.
inline const std::vector<duckdb_type> kFrameTypes = {
    DUCKDB_TYPE_UBIGINT,  DUCKDB_TYPE_BIGINT,   DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT,
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_UINTEGER};

/// Columns of import_entry: entry, received_ms, disposition, reason, file (null for what is no part), part, start, bytes, next_line,
/// rows, unreadable, values, observations.
inline const std::vector<duckdb_type> kImportTypes = {
    DUCKDB_TYPE_UBIGINT,  DUCKDB_TYPE_BIGINT,   DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_UBIGINT,
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UBIGINT,  DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UBIGINT,  DUCKDB_TYPE_UINTEGER,
    DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UINTEGER};

/// SELECT that reads a table of observations in words: series, at_ms, value, decimals, flag, text, revision, entry (in the order that
/// observation_from() expects), then `extra`. What was not detected has no value here, only its text. Its rows are named `o`.
[[nodiscard]] std::string select_observations(std::string_view table, std::string_view extra = "");

/// " AND form NOT IN (…)": rows whose value is a detection limit are left out; empty when there are none.
[[nodiscard]] Result<std::string> and_detected(duck::Connection& connection);

/// Creates the tables of a new store. Errors: damaged when the store has another layout; it is then derived anew.
Status create_schema(duck::Connection& connection);

}  // namespace mj::telemetry
