#include "import_reading.hpp"

#include "mj/kernel/bytes.hpp"

namespace mj::telemetry {
namespace {

/// Files whose parts come mixed; beyond them the oldest is read again when it is needed.
constexpr std::size_t kMaxFiles = 32;

}  // namespace

ImportReader::File ImportReader::make(std::string_view payload) {
  File file;
  auto manifest = dataset::parse_manifest(payload);
  if (!manifest || manifest->layout.kind != dataset::Kind::values) return file;
  auto reader = dataset::Reader::make(manifest->layout);
  if (!reader) return file;
  file.manifest = *std::move(manifest);
  file.reader = *std::move(reader);
  file.usable = true;
  return file;
}

Result<ImportReader::File*> ImportReader::file(std::uint64_t entry) {
  const auto known = files_.find(entry);
  if (known != files_.end()) return &known->second;
  File made;
  MJ_TRY(const evidence::ReadBatch batch, log_->read(evidence::EntryIndex(entry), 1, 1));
  if (!batch.entries.empty() && batch.entries.front().entry.type == evidence_format::EntryType::import)
    made = make(as_text(batch.entries.front().entry.payload));
  if (files_.size() >= kMaxFiles) files_.erase(files_.begin());
  return &files_.insert_or_assign(entry, std::move(made)).first->second;
}

Result<ImportReading> ImportReader::read(const evidence::StoredEntry& stored) {
  ImportReading reading;
  const std::string_view payload = as_text(stored.entry.payload);
  if (dataset::is_manifest(payload)) {
    MJ_TRY(const File* found, file(stored.index.raw()));
    if (!found->usable) {
      reading.reason = Reason::import_unreadable;
    } else {
      reading.manifest = &found->manifest;
    }
    return reading;
  }
  const auto part = dataset::parse_part(payload);
  if (!part) {
    reading.reason = Reason::import_unreadable;
    return reading;
  }
  if (part->file >= stored.index.raw()) {
    reading.reason = Reason::import_file_unknown;
    return reading;
  }
  MJ_TRY(File * found, file(part->file));
  if (!found->usable || part->offset > found->manifest.bytes ||
      part->bytes.size() > found->manifest.bytes - part->offset) {
    reading.reason = Reason::import_file_unknown;
    return reading;
  }
  reading.manifest = &found->manifest;
  reading.part = *part;
  reading.reader = &*found->reader;
  return reading;
}

}  // namespace mj::telemetry
