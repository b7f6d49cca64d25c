// The rows a batch adds beside its values: frames, dictionaries, counts.
#include "derivation.hpp"
#include "schema.hpp"

namespace mj::telemetry {

Status Derivation::write_frames() {
  if (!released_.empty()) {
    const std::string list = fmt::format("({})", fmt::join(released_, ","));
    MJ_CHECK(connection_.run("DELETE FROM frame WHERE entry IN " + list));
    MJ_CHECK(connection_.run("DELETE FROM stranger WHERE entry IN " + list));
  }
  MJ_TRY(auto writer, duck::Writer::open(connection_, "frame", kFrameTypes));
  for (Frame& frame : frames_) {
    if (frame.disposition == Disposition::stored && frame.values > 0 && frame.observations == 0)
      frame.disposition = Disposition::duplicate;
    count(frame);
    if (frame.import) continue;
    writer->put(0, frame.entry);
    writer->put(1, frame.received_ms);
    writer->put(2, frame.stream.raw());
    if (!frame.known) writer->put_null(2);
    writer->put(3, frame.data_ms);
    if (!frame.has_data_time) writer->put_null(3);
    writer->put(4, frame.bytes);
    writer->put(5, static_cast<std::uint8_t>(frame.disposition));
    writer->put(6, static_cast<std::uint8_t>(frame.reason));
    writer->put(7, frame.observations);
    MJ_CHECK(writer->next_row());
  }
  MJ_CHECK(writer->close());
  if (strangers_.empty()) return {};
  MJ_TRY(auto strangers,
         duck::Writer::open(connection_, "stranger",
                            {DUCKDB_TYPE_UBIGINT, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR}));
  for (const Frame& frame : frames_) {
    if (frame.known || frame.import) continue;
    const Stranger& stranger = strangers_[frame.stranger];
    strangers->put(0, frame.entry);
    strangers->put_text(1, stranger.device);
    strangers->put_text(2, stranger.st);
    strangers->put_text(3, stranger.cn);
    MJ_CHECK(strangers->next_row());
  }
  return strangers->close();
}

Status Derivation::write_dictionaries() {
  if (state_.series.stream_count() > streams_before_) {
    MJ_TRY(auto writer, duck::Writer::open(connection_, "stream",
                                           {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR,
                                            DUCKDB_TYPE_VARCHAR}));
    for (std::size_t i = streams_before_; i < state_.series.stream_count(); ++i) {
      const SeriesTable::Stream& stream = state_.series.stream(StreamId(static_cast<std::uint32_t>(i)));
      writer->put(0, stream.id().raw());
      writer->put_text(1, stream.device());
      writer->put_text(2, stream.st());
      writer->put_text(3, stream.cn());
      MJ_CHECK(writer->next_row());
    }
    MJ_CHECK(writer->close());
  }
  if (state_.series.size() > series_before_) {
    MJ_TRY(auto writer, duck::Writer::open(connection_, "series",
                                           {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR,
                                            DUCKDB_TYPE_VARCHAR}));
    for (std::size_t i = series_before_; i < state_.series.size(); ++i) {
      const SeriesId id(static_cast<std::uint32_t>(i));
      const SeriesKey key = state_.series.key(id);
      writer->put(0, id.raw());
      writer->put(1, state_.series.stream_of(id).raw());
      writer->put_text(2, key.factor);
      writer->put_text(3, key.kind);
      MJ_CHECK(writer->next_row());
    }
    MJ_CHECK(writer->close());
  }
  if (state_.forms.size() > forms_before_) {
    MJ_TRY(auto writer, duck::Writer::open(connection_, "form",
                                           {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_BOOLEAN,
                                            DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BOOLEAN}));
    for (std::size_t i = forms_before_; i < state_.forms.size(); ++i) {
      const FormId id(static_cast<std::uint32_t>(i));
      const Form& form = state_.forms.form(id);
      writer->put(0, id.raw());
      writer->put(1, form.decimals);
      writer->put(2, form.kept_text);
      writer->put(3, form.revision);
      writer->put_text(4, form.flag);
      writer->put(5, form.below_detection);
      MJ_CHECK(writer->next_row());
    }
    MJ_CHECK(writer->close());
  }
  if (kept_texts_.empty()) return {};
  MJ_TRY(auto writer, duck::Writer::open(
                          connection_, "kept_text",
                          {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR}));
  for (const ObservationRow& row : kept_texts_) {
    writer->put(0, row.series.raw());
    writer->put(1, row.at_ms);
    writer->put(2, state_.forms.form(row.form).revision);
    writer->put_text(3, row.text);
    MJ_CHECK(writer->next_row());
  }
  return writer->close();
}

Status Derivation::write_counts() {
  const Counts& counts = state_.counts;
  std::string values = fmt::format(
      "('position', {}), ('stored', {}), ('stored_values', {}), ('duplicate', {}), ('quarantined', {}), "
      "('decisions', {})",
      counts.position, counts.stored, counts.stored_values, counts.duplicate, counts.quarantined,
      counts.decisions);
  for (const auto& [reason, n] : counts.rejected) values += fmt::format(", ('rejected:{}', {})", reason, n);
  MJ_CHECK(connection_.run("DELETE FROM ledger"));
  return connection_.run("INSERT INTO ledger VALUES " + values);
}

}  // namespace mj::telemetry
