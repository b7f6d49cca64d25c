#include "derivation.hpp"

#include "number.hpp"
#include "schema.hpp"

namespace mj::telemetry {

Result<std::unique_ptr<Derivation>> Derivation::begin(duck::Connection& connection, FrameReader& reader,
                                                      ImportReader& imports, FollowerState& state) {
  std::unique_ptr<Derivation> batch(new Derivation(connection, reader, imports, state));
  MJ_TRY(batch->recent_, duck::Writer::open(connection, "recent", kObservationTypes));
  batch->streams_before_ = state.series.stream_count();
  batch->series_before_ = state.series.size();
  batch->forms_before_ = state.forms.size();
  return batch;
}

Status Derivation::put(duck::Writer& writer, const ObservationRow& row) {
  writer.put(0, row.series.raw());
  writer.put(1, row.at_ms);
  writer.put(2, row.value);
  if (!row.has_value) writer.put_null(2);
  writer.put(3, row.form.raw());
  writer.put(4, row.entry);
  return writer.next_row();
}

void Derivation::note_newest(const ObservationRow& row, std::int64_t received_ms) {
  SeriesState& known = state_.series.state(row.series);
  known.newest_ms = row.at_ms;
  known.received_ms = received_ms;
  known.number = row.value;
  known.has_number = row.has_value;
  known.form = row.form;
  known.entry = row.entry;
  known.text.assign(row.text);
  if (is_changed_.size() <= row.series.raw()) is_changed_.resize(state_.series.size() + 64);
  if (!is_changed_[row.series.raw()]) {
    is_changed_[row.series.raw()] = true;
    changed_.push_back(row.series);
  }
}

void Derivation::keep_text(const ObservationRow& row) {
  if (state_.forms.form(row.form).kept_text) kept_texts_.push_back(row);
}

Status Derivation::add_value(SeriesTable::Stream& stream, std::size_t position, const FrameValue& value,
                             Frame& frame) {
  const StoredNumber number = read_number(value.text);
  row_.series = stream.find(state_.series, position, value.factor, value.kind);
  row_.has_value = number.number.has_value();
  row_.value = number.number.value_or(0);
  row_.text.assign(number.keep_text ? value.text : std::string_view());
  form_.decimals = number.decimals;
  form_.kept_text = number.keep_text;
  form_.revision = 0;
  form_.flag.assign(value.flag);
  form_.below_detection = number.below_detection;
  row_.form = state_.forms.find(form_);
  if (row_.at_ms <= state_.series.state(row_.series).newest_ms) {
    late_.push_back(Late{row_, frames_.size()});
    return {};
  }
  MJ_CHECK(put(*recent_, row_));
  keep_text(row_);
  note_newest(row_, frame.received_ms);
  ++frame.observations;
  return {};
}

Status Derivation::add(const evidence::StoredEntry& stored, bool released) {
  const evidence_format::Entry& entry = stored.entry;
  if (!released) ++state_.counts.position;
  if (entry.type == evidence_format::EntryType::import) return add_import(stored);
  if (entry.type != evidence_format::EntryType::frame && entry.type != evidence_format::EntryType::junk) {
    ++state_.counts.decisions;
    return {};
  }
  const FrameReading reading = reader_.read(stored);
  Frame frame;
  frame.entry = stored.index.raw();
  frame.received_ms = entry.received_at.ms();
  frame.has_data_time = reading.data_time.has_value();
  frame.data_ms = reading.data_time.value_or(Instant()).ms();
  frame.bytes = static_cast<std::uint32_t>(entry.payload.size());
  frame.disposition = reading.disposition;
  frame.reason = reading.reason;
  frame.values = static_cast<std::uint32_t>(reading.values->size());
  frame.known = reading.disposition == Disposition::stored;
  if (frame.known) {
    SeriesTable::Stream& stream = state_.series.stream(reading.device, reading.st, reading.cn);
    frame.stream = stream.id();
    row_.at_ms = frame.data_ms;
    row_.entry = frame.entry;
    std::size_t position = 0;
    for (const FrameValue& value : *reading.values) MJ_CHECK(add_value(stream, position++, value, frame));
  } else {
    frame.stranger = static_cast<std::uint32_t>(strangers_.size());
    strangers_.push_back(Stranger{std::string(reading.device), std::string(reading.st), std::string(reading.cn)});
  }
  if (released) {
    released_.push_back(frame.entry);
    --state_.counts.quarantined;
  }
  frames_.push_back(frame);
  return {};
}

void Derivation::count(const Frame& frame) {
  Counts& counts = state_.counts;
  switch (frame.disposition) {
    case Disposition::stored: ++counts.stored; break;
    case Disposition::duplicate: ++counts.duplicate; break;
    case Disposition::quarantined: ++counts.quarantined; break;
    case Disposition::rejected: ++counts.rejected[std::string(name(frame.reason))]; break;
    case Disposition::pending: break;
  }
  counts.stored_values += frame.observations;
}

Status Derivation::finish() {
  MJ_CHECK(settle_late());
  MJ_CHECK(write_frames());
  MJ_CHECK(write_imports());
  MJ_CHECK(write_dictionaries());
  return write_counts();
}

std::vector<FrameLine> Derivation::newest_frames(std::size_t limit) const {
  std::vector<FrameLine> lines;
  const std::size_t first = frames_.size() > limit ? frames_.size() - limit : 0;
  for (std::size_t i = first; i < frames_.size(); ++i) {
    const Frame& frame = frames_[i];
    if (frame.import) continue;
    FrameLine line;
    line.entry = frame.entry;
    line.received_at = Instant::from_ms(frame.received_ms);
    if (frame.known) {
      const SeriesTable::Stream& stream = state_.series.stream(frame.stream);
      line.device = stream.device();
      line.st = stream.st();
      line.cn = stream.cn();
    } else {
      const Stranger& stranger = strangers_[frame.stranger];
      line.device = stranger.device;
      line.st = stranger.st;
      line.cn = stranger.cn;
    }
    if (frame.has_data_time) line.data_time = Instant::from_ms(frame.data_ms);
    line.bytes = frame.bytes;
    line.disposition = frame.disposition;
    line.reason = name(frame.reason);
    line.observations = frame.observations;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace mj::telemetry
