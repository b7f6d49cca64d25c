#include "segment_writer.hpp"

namespace mj::evidence {

Result<SegmentWriter> SegmentWriter::create(const Layout& layout, SegmentHeader header,
                                            std::uint64_t reserve_bytes, Faults faults) {
  const std::filesystem::path temporary = layout.new_segment(header.number);
  const std::filesystem::path path = layout.segment(header.number);
  const Bytes bytes = encode(header);
  {
    MJ_TRY(storage::File file, storage::File::open(temporary, storage::File::Mode::create));
    MJ_CHECK(file.truncate(0));
    MJ_CHECK(faults.write_at(file, 0, bytes));
    MJ_CHECK(faults.sync_file(file));
  }
  std::error_code failure;
  std::filesystem::rename(temporary, path, failure);
  if (failure)
    return Error(ErrorCode::unavailable, fmt::format("cannot name {}: {}", path.string(), failure.message()));
  MJ_CHECK(storage::sync_directory(layout.segments()));
  MJ_TRY(storage::File file, storage::File::open(path, storage::File::Mode::read_write));
  const SegmentEnd end{bytes.size(), bytes.size(), header.first_entry, 0};
  return SegmentWriter(SegmentFile{std::move(file), std::move(header), bytes.size()}, end, reserve_bytes,
                       std::move(faults));
}

SegmentWriter::SegmentWriter(SegmentFile segment, const SegmentEnd& end, std::uint64_t reserve_bytes,
                             Faults faults)
    : segment_(std::move(segment)),
      end_(end.offset),
      next_batch_(end.next_batch),
      reserved_(end.offset),
      reserve_bytes_(reserve_bytes),
      faults_(std::move(faults)) {}

Status SegmentWriter::write(Bytes& batch, std::uint64_t first_entry, std::uint32_t entries) {
  if (dirty_) MJ_CHECK(cut_back());
  const BytesView body = BytesView(batch).subspan(kBatchHeaderBytes);
  BatchHeader header;
  header.segment = segment_.header.number;
  header.number = next_batch_;
  header.first_entry = first_entry;
  header.entries = entries;
  header.body_bytes = static_cast<std::uint32_t>(body.size());
  header.body_check = body_check(body, segment_.header.seed);
  encode_into(header, segment_.header.seed, batch.data());

  reserve_ahead(batch.size());
  if (Status written = faults_.write_at(segment_.file, end_, batch); !written) {
    dirty_ = true;
    // Tried again before the next write when it fails now.
    if (Status cut = cut_back(); !cut) return written.error().context(cut.error().text());
    return written;
  }
  written_ = batch.size();
  return {};
}

Status SegmentWriter::sync() {
  MJ_CHECK(faults_.sync_file(segment_.file));
  end_ += written_;
  written_ = 0;
  ++next_batch_;
  return {};
}

Status SegmentWriter::cut_back() {
  MJ_CHECK(segment_.file.truncate(end_));
  MJ_TRY(const std::uint64_t size, segment_.file.size());
  if (size != end_) {
    return Error(ErrorCode::unavailable,
                 fmt::format("{} has {} bytes where {} are durable", segment_.file.path().string(), size, end_));
  }
  reserved_ = end_;  // truncation gives reserved space back
  dirty_ = false;
  return {};
}

void SegmentWriter::reserve_ahead(std::uint64_t needed) {
  if (reserve_bytes_ == 0 || end_ + needed <= reserved_) return;
  const std::uint64_t wanted = std::max(end_ + needed, reserved_ + reserve_bytes_);
  // Only makes syncs cheaper: when it fails, the write itself tells whether there is room.
  if (Status reserved = segment_.file.reserve(wanted); !reserved) return;
  reserved_ = wanted;
}

void SegmentWriter::release() {
  if (Status cut = cut_back(); !cut) return;  // nothing depends on it
}

}  // namespace mj::evidence
