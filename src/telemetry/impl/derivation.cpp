#include "derivation.hpp"

#include "number.hpp"
#include "schema.hpp"

namespace mj::telemetry {
namespace {

std::string_view text_of(const std::array<char, 8>& text) {
  return {text.data(), static_cast<std::size_t>(std::find(text.begin(), text.end(), '\0') - text.begin())};
}

/// ST and CN are 2 and 4 characters in a valid header; a longer one is cut for the list, the evidence keeps it whole.
std::array<char, 8> short_text(std::string_view text) {
  std::array<char, 8> out{};
  std::copy_n(text.begin(), std::min(text.size(), out.size()), out.begin());
  return out;
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out.push_back('\'');
    out.push_back(c);
  }
  return out + "'";
}

}  // namespace

std::uint32_t DeviceTable::find(std::string_view mn) {
  look_up_.assign(mn);
  const auto [found, added] = ids_.try_emplace(look_up_, static_cast<std::uint32_t>(names_.size()));
  if (added) names_.push_back(look_up_);
  return found->second;
}

Result<std::unique_ptr<Derivation>> Derivation::begin(duck::Connection& connection, FrameReader& reader, FollowerState& state) {
  std::unique_ptr<Derivation> batch(new Derivation(connection, reader, state));
  MJ_TRY(batch->recent_, duck::Writer::open(connection, "recent", kObservationTypes));
  batch->series_before_ = state.series.size();
  batch->devices_before_ = state.devices.size();
  return batch;
}

Status Derivation::put(duck::Writer& writer, const Row& row) {
  writer.put(0, row.series.raw());
  writer.put(1, row.at_ms);
  writer.put(2, row.value);
  if (!row.has_value) writer.put_null(2);
  writer.put(3, row.decimals);
  writer.put_text(4, row.flag);
  writer.put_text(5, row.text);
  if (!row.has_text) writer.put_null(5);
  writer.put(6, row.revision);
  writer.put(7, row.entry);
  return writer.next_row();
}

void Derivation::note_newest(const Row& row, std::int64_t received_ms) {
  SeriesState& known = state_.series.state(row.series);
  known.newest_ms = row.at_ms;
  known.number = row.value;
  known.has_number = row.has_value;
  known.decimals = row.decimals;
  known.text.assign(row.text);
  known.flag.assign(row.flag);
  known.revision = row.revision;
  known.entry = row.entry;
  known.received_ms = received_ms;
  if (is_changed_.size() <= row.series.raw()) is_changed_.resize(state_.series.size() + 64);
  if (!is_changed_[row.series.raw()]) {
    is_changed_[row.series.raw()] = true;
    changed_.push_back(row.series);
  }
}

Status Derivation::add(const evidence::StoredEntry& stored, bool released) {
  const evidence_format::Entry& entry = stored.entry;
  if (!released) ++state_.counts.position;
  if (entry.type != evidence_format::EntryType::frame && entry.type != evidence_format::EntryType::junk) {
    ++state_.counts.decisions;
    return {};
  }
  const FrameReading reading = reader_.read(entry);

  Frame frame;
  frame.entry = stored.index.raw();
  frame.received_ms = entry.received_at.ms();
  frame.device = state_.devices.find(reading.device);
  frame.st = short_text(reading.st);
  frame.cn = short_text(reading.cn);
  frame.has_data_time = reading.data_time.has_value();
  frame.data_ms = reading.data_time.value_or(Instant()).ms();
  frame.bytes = static_cast<std::uint32_t>(entry.payload.size());
  frame.disposition = reading.disposition;
  frame.reason = reading.reason;
  frame.values = static_cast<std::uint32_t>(reading.values->size());

  if (reading.disposition == Disposition::stored && frame.values > 0) {
    SeriesTable::Stream& stream = state_.series.stream(reading.device, reading.st, reading.cn);
    Row row;
    row.at_ms = frame.data_ms;
    row.entry = frame.entry;
    std::size_t position = 0;
    for (const FrameValue& value : *reading.values) {
      row.series = stream.find(state_.series, position++, value.factor, value.kind);
      const StoredNumber number = read_number(value.text);
      row.has_value = number.number.has_value();
      row.value = number.number.value_or(0);
      row.decimals = number.decimals;
      row.flag.assign(value.flag);
      row.has_text = number.keep_text;
      row.text.assign(number.keep_text ? value.text : std::string_view());
      if (row.at_ms > state_.series.state(row.series).newest_ms) {
        MJ_CHECK(put(*recent_, row));
        note_newest(row, frame.received_ms);
        ++frame.observations;
      } else {
        late_.push_back(Late{row, frames_.size()});
      }
    }
  }
  if (released) {
    released_.push_back(frame.entry);
    --state_.counts.quarantined;
  }
  frames_.push_back(frame);
  return {};
}

Status Derivation::settle_late() {
  MJ_CHECK(recent_->close());
  recent_.reset();
  if (late_.empty()) return {};

  // What is stored under the keys of the late values, in both tables; the time range lets DuckDB skip most of them.
  MJ_CHECK(connection_.run("CREATE OR REPLACE TEMP TABLE late(series UINTEGER, at_ms BIGINT)"));
  using Key = std::pair<std::uint32_t, std::int64_t>;
  struct Known {
    std::vector<Row> versions;  ///< oldest first; the last is current
    std::size_t stored = 0;     ///< how many of them are in the database
  };
  std::map<Key, Known> known;
  std::int64_t first = late_.front().row.at_ms;
  std::int64_t last = first;
  for (const Late& late : late_) {
    known.try_emplace(Key(late.row.series.raw(), late.row.at_ms));
    first = std::min(first, late.row.at_ms);
    last = std::max(last, late.row.at_ms);
  }
  MJ_TRY(auto keys, duck::Writer::open(connection_, "late", {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT}));
  for (const auto& [key, unused] : known) {
    keys->put(0, key.first);
    keys->put(1, key.second);
    MJ_CHECK(keys->next_row());
  }
  MJ_CHECK(keys->close());
  const std::string range = fmt::format("at_ms BETWEEN {} AND {}", first, last);
  MJ_TRY(duck::Rows rows, connection_.query(fmt::format(
                              "SELECT o.series, o.at_ms, o.value, o.decimals, o.flag, o.text, o.revision, o.entry FROM "
                              "(SELECT * FROM observation WHERE {}) o JOIN late USING (series, at_ms)",
                              range)));
  while (rows.next()) {
    Row row;
    row.series = SeriesId(rows.get<std::uint32_t>(0));
    row.at_ms = rows.get<std::int64_t>(1);
    row.has_value = !rows.is_null(2);
    row.value = row.has_value ? rows.get<double>(2) : 0;
    row.decimals = rows.get<std::uint8_t>(3);
    row.flag = rows.text(4);
    row.has_text = !rows.is_null(5);
    if (row.has_text) row.text = rows.text(5);
    row.revision = rows.get<std::uint32_t>(6);
    row.entry = rows.get<std::uint64_t>(7);
    Known& place = known[Key(row.series.raw(), row.at_ms)];
    place.versions.push_back(std::move(row));
    place.stored = 1;
  }

  for (Late& late : late_) {
    Known& place = known[Key(late.row.series.raw(), late.row.at_ms)];
    if (!place.versions.empty()) {
      if (place.versions.back().same_value(late.row)) continue;
      late.row.revision = place.versions.back().revision + 1;
    }
    ++frames_[late.frame].observations;
    if (late.row.at_ms >= state_.series.state(late.row.series).newest_ms) note_newest(late.row, frames_[late.frame].received_ms);
    place.versions.push_back(late.row);
  }

  MJ_CHECK(connection_.run("DELETE FROM late"));
  MJ_TRY(auto current, duck::Writer::open(connection_, "recent", kObservationTypes));
  MJ_TRY(auto superseded, duck::Writer::open(connection_, "superseded", kObservationTypes));
  MJ_TRY(auto replaced, duck::Writer::open(connection_, "late", {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT}));
  bool any_replaced = false;
  for (const auto& [key, place] : known) {
    if (place.versions.size() <= place.stored) continue;
    if (place.stored == 1) {
      any_replaced = true;
      replaced->put(0, key.first);
      replaced->put(1, key.second);
      MJ_CHECK(replaced->next_row());
    }
    for (std::size_t i = 0; i + 1 < place.versions.size(); ++i) MJ_CHECK(put(*superseded, place.versions[i]));
  }
  MJ_CHECK(replaced->close());
  MJ_CHECK(superseded->close());
  if (any_replaced) {
    for (const char* table : {"recent", "settled"}) {
      MJ_CHECK(connection_.run(fmt::format(
          "DELETE FROM {0} USING late WHERE {0}.series = late.series AND {0}.at_ms = late.at_ms AND {0}.{1}", table, range)));
    }
  }
  for (const auto& [key, place] : known) {
    if (place.versions.size() > place.stored) MJ_CHECK(put(*current, place.versions.back()));
  }
  MJ_CHECK(current->close());
  return connection_.run("DROP TABLE late");
}

Status Derivation::write_frames() {
  if (!released_.empty()) {
    std::string list;
    for (const std::uint64_t entry : released_) list += fmt::format("{}{}", list.empty() ? "" : ",", entry);
    MJ_CHECK(connection_.run(fmt::format("DELETE FROM frame WHERE entry IN ({})", list)));
  }
  MJ_TRY(auto writer, duck::Writer::open(connection_, "frame", kFrameTypes));
  Counts& counts = state_.counts;
  for (Frame& frame : frames_) {
    if (frame.disposition == Disposition::stored && frame.values > 0 && frame.observations == 0) {
      frame.disposition = Disposition::duplicate;
    }
    switch (frame.disposition) {
      case Disposition::stored: ++counts.stored; break;
      case Disposition::duplicate: ++counts.duplicate; break;
      case Disposition::quarantined: ++counts.quarantined; break;
      case Disposition::rejected: {
        const auto found = counts.rejected.find(frame.reason);
        if (found == counts.rejected.end()) {
          counts.rejected.emplace(frame.reason, 1);
        } else {
          ++found->second;
        }
        break;
      }
      case Disposition::pending: break;
    }
    counts.stored_values += frame.observations;
    writer->put(0, frame.entry);
    writer->put(1, frame.received_ms);
    writer->put(2, frame.device);
    writer->put_text(3, text_of(frame.st));
    writer->put_text(4, text_of(frame.cn));
    writer->put(5, frame.data_ms);
    if (!frame.has_data_time) writer->put_null(5);
    writer->put(6, frame.bytes);
    writer->put(7, static_cast<std::uint8_t>(frame.disposition));
    writer->put_text(8, frame.reason);
    writer->put(9, frame.observations);
    MJ_CHECK(writer->next_row());
  }
  return writer->close();
}

Status Derivation::write_dictionaries() {
  if (state_.devices.size() > devices_before_) {
    MJ_TRY(auto writer, duck::Writer::open(connection_, "device", {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR}));
    for (std::size_t id = devices_before_; id < state_.devices.size(); ++id) {
      writer->put(0, static_cast<std::uint32_t>(id));
      writer->put_text(1, hj212::to_utf8(state_.devices.mn(static_cast<std::uint32_t>(id))).text);
      MJ_CHECK(writer->next_row());
    }
    MJ_CHECK(writer->close());
  }
  if (state_.series.size() > series_before_) {
    MJ_TRY(auto writer,
           duck::Writer::open(connection_, "series",
                              {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR,
                               DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR}));
    for (std::size_t i = series_before_; i < state_.series.size(); ++i) {
      const SeriesId id(static_cast<std::uint32_t>(i));
      const SeriesKey& key = state_.series.key(id);
      writer->put(0, id.raw());
      writer->put_text(1, key.device);
      writer->put_text(2, key.st);
      writer->put_text(3, key.cn);
      writer->put_text(4, key.factor);
      writer->put_text(5, key.kind);
      MJ_CHECK(writer->next_row());
    }
    MJ_CHECK(writer->close());
  }
  return {};
}

Status Derivation::write_counts() {
  const Counts& counts = state_.counts;
  std::string values = fmt::format("('position', {}), ('stored', {}), ('stored_values', {}), ('duplicate', {}), ('quarantined', {}), "
                                   "('decisions', {})",
                                   counts.position, counts.stored, counts.stored_values, counts.duplicate, counts.quarantined,
                                   counts.decisions);
  for (const auto& [reason, n] : counts.rejected) values += fmt::format(", ({}, {})", sql_text("rejected:" + reason), n);
  MJ_CHECK(connection_.run("DELETE FROM ledger"));
  return connection_.run("INSERT INTO ledger VALUES " + values);
}

Status Derivation::finish() {
  MJ_CHECK(settle_late());
  MJ_CHECK(write_frames());
  MJ_CHECK(write_dictionaries());
  return write_counts();
}

std::vector<FrameLine> Derivation::newest_frames(std::size_t limit) const {
  std::vector<FrameLine> lines;
  const std::size_t first = frames_.size() > limit ? frames_.size() - limit : 0;
  for (std::size_t i = first; i < frames_.size(); ++i) {
    const Frame& frame = frames_[i];
    FrameLine line;
    line.entry = frame.entry;
    line.received_at = Instant::from_ms(frame.received_ms);
    line.device = state_.devices.mn(frame.device);
    line.st = text_of(frame.st);
    line.cn = text_of(frame.cn);
    if (frame.has_data_time) line.data_time = Instant::from_ms(frame.data_ms);
    line.bytes = frame.bytes;
    line.disposition = frame.disposition;
    line.reason = frame.reason;
    line.observations = frame.observations;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace mj::telemetry
