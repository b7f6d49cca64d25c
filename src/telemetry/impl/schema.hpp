#pragma once

#include "duck.hpp"
#include "mj/kernel/result.hpp"

namespace mj::telemetry {

/// Columns of recent, settled and superseded; Writer types in the same order.
inline const std::vector<duckdb_type> kObservationTypes = {
    DUCKDB_TYPE_UINTEGER,  // series
    DUCKDB_TYPE_BIGINT,    // at_ms
    DUCKDB_TYPE_DOUBLE,    // value
    DUCKDB_TYPE_UTINYINT,  // decimals
    DUCKDB_TYPE_VARCHAR,   // flag
    DUCKDB_TYPE_VARCHAR,   // text, null where value and decimals give it back
    DUCKDB_TYPE_UINTEGER,  // revision
    DUCKDB_TYPE_UBIGINT,   // entry
};

inline const std::vector<duckdb_type> kFrameTypes = {
    DUCKDB_TYPE_UBIGINT,   // entry
    DUCKDB_TYPE_BIGINT,    // received_ms
    DUCKDB_TYPE_UINTEGER,  // device
    DUCKDB_TYPE_VARCHAR,   // st
    DUCKDB_TYPE_VARCHAR,   // cn
    DUCKDB_TYPE_BIGINT,    // data_ms, null when there is none
    DUCKDB_TYPE_UINTEGER,  // bytes
    DUCKDB_TYPE_UTINYINT,  // disposition
    DUCKDB_TYPE_VARCHAR,   // reason
    DUCKDB_TYPE_UINTEGER,  // observations
};

/// Creates the tables of a new store. Errors: damaged when the store has another layout; it is then derived anew.
Status create_schema(duck::Connection& connection);

}  // namespace mj::telemetry
