// Entries of imports: their values go the same way as those of frames.
#include "derivation.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"
#include "schema.hpp"

namespace mj::telemetry {

Status Derivation::add_import(const evidence::StoredEntry& stored) {
  MJ_TRY(const ImportReading reading, import_reader_.read(stored));
  Frame frame;
  frame.entry = stored.index.raw();
  frame.received_ms = stored.entry.received_at.ms();
  frame.bytes = static_cast<std::uint32_t>(stored.entry.payload.size());
  frame.reason = reading.reason;
  frame.disposition = reading.reason == Reason::none ? Disposition::stored : Disposition::rejected;
  frame.import = imports_.size();
  Import import;
  if (reading.part) {
    MJ_CHECK(read_part(reading, frame, import));
  } else if (reading.manifest != nullptr) {
    import.manifest = *reading.manifest;
  }
  imports_.push_back(std::move(import));
  frames_.push_back(frame);
  return {};
}

Status Derivation::read_part(const ImportReading& reading, Frame& frame, Import& import) {
  const dataset::FilePart& part = *reading.part;
  const dataset::Layout& layout = reading.reader->layout();
  const std::string_view cn = dataset::command_of(layout.period);
  row_.entry = frame.entry;
  Status failed;
  std::string device;
  SeriesTable::Stream* stream = nullptr;
  const dataset::Tally tally = reading.reader->read(
      part.bytes, part.line,
      [&](const dataset::Row& row) {
        if (!failed) return;
        // Rows of one station stand together: most look-ups are one comparison.
        const bool same = stream != nullptr && device.size() == layout.source.size() + 1 + row.station.size() &&
                          std::string_view(device).substr(layout.source.size() + 1) == row.station;
        if (!same) {
          device.assign(layout.source).append("/").append(row.station);
          stream = &state_.series.stream(device, layout.st, cn);
        }
        row_.at_ms = row.at.ms();
        for (const dataset::Value& value : row.values) {
          const dataset::Column& column = layout.values[value.column];
          failed = add_value(*stream, value.column, {column.factor, column.kind, value.text, row.flag}, frame);
          if (!failed) return;
        }
      },
      {});
  MJ_CHECK(failed);
  frame.values = static_cast<std::uint32_t>(tally.values);
  import.file = part.file;
  import.part = part.part;
  import.start = part.offset;
  import.bytes = static_cast<std::uint32_t>(part.bytes.size());
  const auto ends = std::count(part.bytes.begin(), part.bytes.end(), '\n');
  import.next_line = part.line + static_cast<std::uint64_t>(ends);
  import.rows = static_cast<std::uint32_t>(tally.rows);
  import.unreadable = static_cast<std::uint32_t>(tally.faults);
  return {};
}

Status Derivation::write_imports() {
  if (imports_.empty()) return {};
  MJ_TRY(auto entries, duck::Writer::open(connection_, "import_entry", kImportTypes));
  for (const Frame& frame : frames_) {
    if (!frame.import) continue;
    const Import& import = imports_[*frame.import];
    entries->put(0, frame.entry);
    entries->put(1, frame.received_ms);
    entries->put(2, static_cast<std::uint8_t>(frame.disposition));
    entries->put(3, static_cast<std::uint8_t>(frame.reason));
    entries->put(4, import.file.value_or(0));
    if (!import.file) entries->put_null(4);
    entries->put(5, import.part);
    entries->put(6, import.start);
    entries->put(7, import.bytes);
    entries->put(8, import.next_line);
    entries->put(9, import.rows);
    entries->put(10, import.unreadable);
    entries->put(11, frame.values);
    entries->put(12, frame.observations);
    MJ_CHECK(entries->next_row());
  }
  MJ_CHECK(entries->close());
  std::vector<duckdb_type> types(10, DUCKDB_TYPE_VARCHAR);
  types.front() = types.back() = DUCKDB_TYPE_UBIGINT;
  MJ_TRY(auto files, duck::Writer::open(connection_, "import_file", types));
  for (const Frame& frame : frames_) {
    if (!frame.import || !imports_[*frame.import].manifest) continue;
    const dataset::FileManifest& manifest = *imports_[*frame.import].manifest;
    const std::string layout = dataset::to_json(manifest.layout);
    files->put(0, frame.entry);
    files->put_text(1, manifest.source);
    files->put_text(2, manifest.file);
    files->put_text(3, manifest.sha256);
    files->put_text(4, manifest.layout.id);
    files->put_text(5, to_hex(evidence_format::sha256(as_bytes(layout))));
    files->put_text(6, name(manifest.layout.period));
    files->put_text(7, manifest.name);
    files->put_text(8, manifest.reason);
    files->put(9, manifest.bytes);
    MJ_CHECK(files->next_row());
  }
  return files->close();
}

}  // namespace mj::telemetry
