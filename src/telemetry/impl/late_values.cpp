// Late, repeated and corrected values: compared with what is stored under their keys.
#include "derivation.hpp"
#include "schema.hpp"

namespace mj::telemetry {

Status Derivation::settle_late() {
  MJ_CHECK(recent_->close());
  recent_.reset();
  if (late_.empty()) return {};
  std::int64_t first = late_.front().row.at_ms;
  std::int64_t last = first;
  for (const Late& late : late_) {
    first = std::min(first, late.row.at_ms);
    last = std::max(last, late.row.at_ms);
  }
  // The time range lets DuckDB skip most of what is stored.
  const std::string range = fmt::format("at_ms BETWEEN {} AND {}", first, last);
  MJ_TRY(LateValues values, read_late(range));
  apply_late(values);
  return write_late(values, range);
}

Result<Derivation::LateValues> Derivation::read_late(const std::string& range) {
  LateValues values;
  for (const Late& late : late_) values.try_emplace(LateKey(late.row.series.raw(), late.row.at_ms));
  MJ_CHECK(connection_.run("CREATE OR REPLACE TEMP TABLE late(series UINTEGER, at_ms BIGINT)"));
  MJ_TRY(auto keys, duck::Writer::open(connection_, "late", {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT}));
  for (const auto& [key, unused] : values) {
    keys->put(0, key.first);
    keys->put(1, key.second);
    MJ_CHECK(keys->next_row());
  }
  MJ_CHECK(keys->close());
  MJ_TRY(duck::Rows rows,
         connection_.query(fmt::format("SELECT o.series, o.at_ms, o.value, o.form, o.entry FROM "
                                       "(SELECT * FROM observation WHERE {}) o JOIN late USING (series, at_ms)",
                                       range)));
  bool any_text = false;
  while (rows.next()) {
    ObservationRow row;
    row.series = SeriesId(rows.get<std::uint32_t>(0));
    row.at_ms = rows.get<std::int64_t>(1);
    row.has_value = !rows.is_null(2);
    row.value = row.has_value ? rows.get<double>(2) : 0;
    row.form = FormId(rows.get<std::uint32_t>(3));
    row.entry = rows.get<std::uint64_t>(4);
    any_text = any_text || state_.forms.form(row.form).kept_text;
    Versions& versions = values[LateKey(row.series.raw(), row.at_ms)];
    versions.rows.push_back(std::move(row));
    versions.stored = 1;
  }
  if (!any_text) return values;
  // Texts of this very batch are not in the table yet.
  const auto give = [&](std::uint32_t series, std::int64_t at_ms, std::uint32_t revision, std::string_view text) {
    const auto found = values.find(LateKey(series, at_ms));
    if (found == values.end() || found->second.rows.empty()) return;
    ObservationRow& row = found->second.rows.front();
    if (state_.forms.form(row.form).revision == revision) row.text = text;
  };
  MJ_TRY(duck::Rows texts,
         connection_.query(
             "SELECT k.series, k.at_ms, k.revision, k.text FROM kept_text k JOIN late USING (series, at_ms)"));
  while (texts.next())
    give(texts.get<std::uint32_t>(0), texts.get<std::int64_t>(1), texts.get<std::uint32_t>(2), texts.text(3));
  for (const ObservationRow& row : kept_texts_)
    give(row.series.raw(), row.at_ms, state_.forms.form(row.form).revision, row.text);
  return values;
}

void Derivation::apply_late(LateValues& values) {
  for (Late& late : late_) {
    Versions& versions = values[LateKey(late.row.series.raw(), late.row.at_ms)];
    if (!versions.rows.empty()) {
      const ObservationRow& current = versions.rows.back();
      Form form = state_.forms.form(late.row.form);
      form.revision = state_.forms.form(current.form).revision;
      const bool same = current.has_value == late.row.has_value && current.value == late.row.value &&
                        current.text == late.row.text && state_.forms.form(current.form) == form;
      if (same) continue;
      ++form.revision;
      late.row.form = state_.forms.find(form);
    }
    Frame& frame = frames_[late.frame];
    ++frame.observations;
    keep_text(late.row);
    if (late.row.at_ms >= state_.series.state(late.row.series).newest_ms) note_newest(late.row, frame.received_ms);
    versions.rows.push_back(late.row);
  }
}

Status Derivation::write_late(const LateValues& values, const std::string& range) {
  MJ_CHECK(connection_.run("DELETE FROM late"));
  MJ_TRY(auto superseded, duck::Writer::open(connection_, "superseded", kObservationTypes));
  MJ_TRY(auto replaced, duck::Writer::open(connection_, "late", {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT}));
  bool any_replaced = false;
  for (const auto& [key, versions] : values) {
    if (versions.rows.size() <= versions.stored) continue;
    if (versions.stored == 1) {
      any_replaced = true;
      replaced->put(0, key.first);
      replaced->put(1, key.second);
      MJ_CHECK(replaced->next_row());
    }
    for (std::size_t i = 0; i + 1 < versions.rows.size(); ++i) MJ_CHECK(put(*superseded, versions.rows[i]));
  }
  MJ_CHECK(replaced->close());
  MJ_CHECK(superseded->close());
  if (any_replaced) {
    for (const char* table : {"recent", "settled"}) {
      MJ_CHECK(connection_.run(fmt::format(
          "DELETE FROM {0} USING late WHERE {0}.series = late.series AND {0}.at_ms = late.at_ms AND {0}.{1}",
          table, range)));
    }
  }
  MJ_TRY(auto current, duck::Writer::open(connection_, "recent", kObservationTypes));
  for (const auto& [key, versions] : values) {
    if (versions.rows.size() > versions.stored) MJ_CHECK(put(*current, versions.rows.back()));
  }
  MJ_CHECK(current->close());
  return connection_.run("DROP TABLE late");
}

}  // namespace mj::telemetry
