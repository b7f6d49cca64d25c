#include "mj/telemetry/store.hpp"
#include "number.hpp"
#include "schema.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

std::string id_list(const std::vector<SeriesId>& ids) {
  std::string list;
  for (const SeriesId id : ids) list += fmt::format("{}{}", list.empty() ? "" : ",", id.raw());
  return list;
}

std::string range_of(const SeriesQuery& query, const std::vector<SeriesId>& ids) {
  return fmt::format("o.series IN ({}) AND o.at_ms >= {} AND o.at_ms < {}", id_list(ids), query.from.ms(),
                     query.to.ms());
}

FrameLine frame_from(const duck::Rows& rows) {
  FrameLine line;
  line.entry = rows.get<std::uint64_t>(0);
  line.received_at = Instant::from_ms(rows.get<std::int64_t>(1));
  line.device = rows.text(2);
  line.st = rows.text(3);
  line.cn = rows.text(4);
  if (!rows.is_null(5)) line.data_time = Instant::from_ms(rows.get<std::int64_t>(5));
  line.bytes = rows.get<std::uint32_t>(6);
  line.disposition = static_cast<Disposition>(rows.get<std::uint8_t>(7));
  line.reason = name(static_cast<Reason>(rows.get<std::uint8_t>(8)));
  line.observations = rows.get<std::uint32_t>(9);
  return line;
}

constexpr const char* kFrameColumns =
    "SELECT f.entry, f.received_ms, coalesce(s.device, x.device), coalesce(s.st, x.st), coalesce(s.cn, x.cn), "
    "f.data_ms, f.bytes, "
    "f.disposition, f.reason, f.observations FROM frame f LEFT JOIN stream s ON s.id = f.stream LEFT JOIN "
    "stranger x ON x.entry = f.entry";

}  // namespace

Observation observation_from(const duck::Rows& rows, std::size_t first) {
  Observation observation;
  observation.series = SeriesId(rows.get<std::uint32_t>(first));
  observation.at = Instant::from_ms(rows.get<std::int64_t>(first + 1));
  if (!rows.is_null(first + 2)) observation.number = rows.get<double>(first + 2);
  if (!rows.is_null(first + 5)) {
    observation.text = rows.text(first + 5);
  } else if (observation.number) {
    observation.text = number_text(*observation.number, rows.get<std::uint8_t>(first + 3));
  }
  observation.flag = rows.text(first + 4);
  observation.revision = rows.get<std::uint32_t>(first + 6);
  observation.entry = rows.get<std::uint64_t>(first + 7);
  return observation;
}

std::vector<SeriesId> Store::Impl::series_for(const SeriesQuery& query) const {
  const std::lock_guard lock(published_mutex);
  std::vector<SeriesId> ids;
  const auto found = series_of_device.find(query.device);
  if (found == series_of_device.end()) return ids;
  for (const SeriesId id : found->second) {
    const SeriesKey& key = keys[id.raw()];
    if (key.factor == query.factor && key.kind == query.kind &&
        (!query.period || period_of(key.cn) == *query.period))
      ids.push_back(id);
  }
  return ids;
}

SeriesKey Store::Impl::key_of(SeriesId id) const {
  const std::lock_guard lock(published_mutex);
  return keys[id.raw()];
}

Result<SeriesRows> Store::read(const SeriesQuery& query) const {
  SeriesRows result;
  const std::vector<SeriesId> ids = impl_->series_for(query);
  if (ids.empty() || query.to <= query.from) return result;
  return impl_->with_reader([&](duck::Connection& connection) -> Result<SeriesRows> {
    const std::string range = range_of(query, ids);
    MJ_TRY(duck::Rows counted,
           connection.query(fmt::format("SELECT count(*) FROM observation o WHERE {}", range)));
    const std::int64_t count = counted.next() ? counted.get<std::int64_t>(0) : 0;
    if (count <= static_cast<std::int64_t>(query.max_points)) {
      MJ_TRY(duck::Rows rows, connection.query(fmt::format("{} WHERE {} ORDER BY o.at_ms",
                                                           select_observations("observation"), range)));
      while (rows.next()) result.observations.push_back(observation_from(rows, 0));
      return result;
    }
    const auto buckets = static_cast<std::int64_t>(std::max<std::size_t>(query.max_points / 2, 1));
    result.bucket_ms = std::max<std::int64_t>((query.to.ms_since(query.from) + buckets - 1) / buckets, 1);
    MJ_TRY(const std::string detected, and_detected(connection));
    MJ_TRY(duck::Rows rows,
           connection.query(fmt::format(
               "SELECT (o.at_ms - {0}) // {1} AS bucket, min(value), avg(value), max(value), count(value) "
               "FROM observation o WHERE {2} AND value IS NOT NULL{3} GROUP BY bucket ORDER BY bucket",
               query.from.ms(), result.bucket_ms, range, detected)));
    while (rows.next()) {
      result.buckets.push_back(Bucket{query.from.plus_ms(rows.get<std::int64_t>(0) * result.bucket_ms),
                                      rows.get<double>(1), rows.get<double>(2), rows.get<double>(3),
                                      static_cast<std::uint64_t>(rows.get<std::int64_t>(4))});
    }
    return result;
  });
}

Result<std::vector<FrameLine>> Store::frames(const FrameQuery& query) const {
  std::string sql = kFrameColumns;
  std::vector<duck::Param> params;
  std::string joiner = " WHERE ";
  const auto add = [&](const std::string& condition, duck::Param value) {
    params.push_back(std::move(value));
    sql += fmt::format("{}{} ${}", joiner, condition, params.size());
    joiner = " AND ";
  };
  if (query.device) add("coalesce(s.device, x.device) =", std::string_view(*query.device));
  if (query.disposition) add("f.disposition =", static_cast<std::int64_t>(*query.disposition));
  if (query.before) add("f.entry <", *query.before);
  sql += fmt::format(" ORDER BY f.entry DESC LIMIT {}", query.limit);
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<FrameLine>> {
    std::vector<FrameLine> lines;
    MJ_TRY(duck::Rows rows, connection.query(sql, params));
    while (rows.next()) lines.push_back(frame_from(rows));
    return lines;
  });
}

Result<std::optional<FrameLine>> Store::frame(std::uint64_t entry) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::optional<FrameLine>> {
    MJ_TRY(duck::Rows rows,
           connection.query(std::string(kFrameColumns) + " WHERE f.entry = $1", {duck::Param(entry)}));
    if (!rows.next()) return std::optional<FrameLine>();
    return std::optional<FrameLine>(frame_from(rows));
  });
}

Result<std::vector<Store::FromFrame>> Store::observations_of(std::uint64_t entry) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<FromFrame>> {
    std::vector<FromFrame> values;
    MJ_TRY(
        duck::Rows rows,
        connection.query(
            fmt::format(
                "SELECT * FROM ({} WHERE o.entry = $1 UNION ALL {} WHERE o.entry = $1) ORDER BY series, revision",
                select_observations("observation", ", true AS current"),
                select_observations("superseded", ", false")),
            {duck::Param(entry)}));
    while (rows.next()) {
      FromFrame value;
      value.observation = observation_from(rows, 0);
      value.key = impl_->key_of(value.observation.series);
      value.current = rows.get<bool>(8);
      values.push_back(std::move(value));
    }
    return values;
  });
}

Result<std::vector<Observation>> Store::revisions(const SeriesKey& key, Instant at) const {
  SeriesQuery query;
  query.device = key.device;
  query.factor = key.factor;
  query.kind = key.kind;
  std::optional<SeriesId> id;
  for (const SeriesId candidate : impl_->series_for(query)) {
    if (impl_->key_of(candidate) == key) id = candidate;
  }
  if (!id) return std::vector<Observation>();
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<Observation>> {
    std::vector<Observation> values;
    MJ_TRY(duck::Rows rows,
           connection.query(fmt::format("SELECT * FROM ({0} WHERE o.series = {2} AND o.at_ms = {3} UNION ALL "
                                        "{1} WHERE o.series = {2} AND o.at_ms = {3}) ORDER BY revision",
                                        select_observations("observation"), select_observations("superseded"),
                                        id->raw(), at.ms())));
    while (rows.next()) values.push_back(observation_from(rows, 0));
    return values;
  });
}

Result<std::uint64_t> Store::export_series(const SeriesQuery& query, std::string_view point, std::string_view unit,
                                           ExportFormat format, const std::filesystem::path& file) const {
  const std::vector<SeriesId> ids = impl_->series_for(query);
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::uint64_t> {
    MJ_CHECK(connection.run(
        "CREATE OR REPLACE TEMP TABLE series_export(point VARCHAR, device VARCHAR, factor VARCHAR, kind VARCHAR, "
        "period VARCHAR, \"at\" VARCHAR, at_ms BIGINT, value DOUBLE, text VARCHAR, unit VARCHAR, flag VARCHAR, "
        "revision UINTEGER, entry UBIGINT)"));
    std::uint64_t count = 0;
    if (!ids.empty()) {
      MJ_TRY(duck::Rows rows,
             connection.query(fmt::format("{} WHERE {} ORDER BY o.at_ms, o.series",
                                          select_observations("observation"), range_of(query, ids))));
      MJ_TRY(auto writer,
             duck::Writer::open(connection, "series_export",
                                {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR,
                                 DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BIGINT,
                                 DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR,
                                 DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UBIGINT}));
      while (rows.next()) {
        const Observation value = observation_from(rows, 0);
        const SeriesKey key = impl_->key_of(value.series);
        writer->put_text(0, point);
        writer->put_text(1, key.device);
        writer->put_text(2, key.factor);
        writer->put_text(3, key.kind);
        writer->put_text(4, name(period_of(key.cn)));
        writer->put_text(5, to_iso(value.at));
        writer->put(6, value.at.ms());
        writer->put(7, value.number.value_or(0));
        if (!value.number) writer->put_null(7);
        writer->put_text(8, value.text);
        writer->put_text(9, unit);
        writer->put_text(10, value.flag);
        writer->put(11, value.revision);
        writer->put(12, value.entry);
        MJ_CHECK(writer->next_row());
        ++count;
      }
      MJ_CHECK(writer->close());
    }
    std::string path = file.string();
    for (std::size_t i = 0; (i = path.find('\'', i)) != std::string::npos; i += 2) path.insert(i, 1, '\'');
    MJ_CHECK(connection.run(
        fmt::format("COPY (SELECT * FROM series_export ORDER BY at_ms, device, factor, kind) TO '{}' ({})", path,
                    format == ExportFormat::csv ? "FORMAT csv, HEADER" : "FORMAT parquet")));
    MJ_CHECK(connection.run("DROP TABLE series_export"));
    return count;
  });
}

}  // namespace mj::telemetry
