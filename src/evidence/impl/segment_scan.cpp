#include "segment_scan.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kSearchWindow = 1U << 20U;

/// Reads forward through a file in large steps.
class Window {
 public:
  Window(const SegmentBytes& source, std::uint64_t size) : source_(source), size_(size) {}

  /// The `length` bytes at `offset`, fewer at the end of the file. Valid until the next call.
  Result<BytesView> at(std::uint64_t offset, std::size_t length) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(length, size_ - offset));
    if (offset < start_ || offset + wanted > start_ + filled_) {
      const auto step =
          static_cast<std::size_t>(std::min<std::uint64_t>(std::max(length, kReadStep), size_ - offset));
      if (buffer_.size() < step) buffer_.resize(step);
      start_ = offset;
      MJ_TRY(filled_, source_.read_at(offset, std::span(buffer_).first(step)));
    }
    const std::size_t skip = static_cast<std::size_t>(offset - start_);
    return BytesView(buffer_).subspan(skip, std::min(wanted, filled_ - skip));
  }

 private:
  static constexpr std::size_t kReadStep = 256U << 10U;
  const SegmentBytes& source_;
  std::uint64_t size_;  ///< bytes behind it are not ours to see: a writer may be at work
  Bytes buffer_;
  std::uint64_t start_ = 0;
  std::size_t filled_ = 0;
};

Error damaged_at(const StoredSegment& segment, std::uint64_t offset, std::string_view what) {
  return Error(ErrorCode::damaged,
               fmt::format("segment {:06} at byte {}: {}", segment.header.number, offset, what));
}

/// Offset of a batch header of this segment numbered `least` or later, at or behind `from`.
Result<std::optional<std::uint64_t>> find_later_batch(const StoredSegment& segment, std::uint64_t from,
                                                      std::uint64_t size, std::uint64_t least) {
  Bytes window(kSearchWindow);
  while (from + kBatchHeaderBytes <= size) {
    MJ_TRY(const std::size_t got, segment.bytes.read_at(from, window));
    const BytesView bytes(window.data(), std::min<std::uint64_t>(got, size - from));
    if (bytes.size() < kBatchHeaderBytes) break;
    const std::size_t last = bytes.size() - kBatchHeaderBytes;
    for (std::size_t at = 0; at <= last; ++at) {
      const void* hit = std::memchr(bytes.data() + at, 'M', last - at + 1);
      if (hit == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const std::byte*>(hit) - bytes.data());
      const auto header = decode_batch_header(bytes.subspan(at), segment.header.seed);
      if (header && header->segment == segment.header.number && header->number >= least) {
        return std::optional<std::uint64_t>(from + at);
      }
    }
    from += last + 1;
  }
  return std::optional<std::uint64_t>();
}

}  // namespace

Result<SegmentEnd> scan_segment(const StoredSegment& segment, const BatchVisitor& visit) {
  SegmentEnd end;
  end.offset = segment.header_bytes;
  end.next_entry = segment.header.first_entry;
  MJ_TRY(end.size, segment.bytes.size());

  Window window(segment.bytes, end.size);
  while (end.offset < end.size) {
    MJ_TRY(const BytesView head, window.at(end.offset, kBatchHeaderBytes));
    const auto header = decode_batch_header(head, segment.header.seed);
    if (header && (header->segment != segment.header.number || header->number != end.next_batch ||
                   header->first_entry != end.next_entry || header->entries == 0)) {
      // Its check is right, so it was written whole, but not here.
      return damaged_at(segment, end.offset, "a batch stands where another one was written");
    }
    bool whole = header.has_value() && header->body_bytes <= kMaxBatchBodyBytes &&
                 end.offset + kBatchHeaderBytes + header->body_bytes <= end.size;
    BytesView body;
    if (whole) {
      MJ_TRY(body, window.at(end.offset + kBatchHeaderBytes, header->body_bytes));
      whole = body.size() == header->body_bytes && body_check(body, segment.header.seed) == header->body_check;
    }
    if (!whole) {
      MJ_TRY(const auto later, find_later_batch(segment, end.offset + 1, end.size, end.next_batch + 1));
      if (later) {
        return damaged_at(segment, end.offset,
                          fmt::format("batch {} (entries from {} on) was changed after it had been committed: "
                                      "a later batch follows at byte {}",
                                      end.next_batch, end.next_entry, *later));
      }
      break;
    }
    MJ_CHECK(visit(ScannedBatch{*header, end.offset, body}));
    end.offset += kBatchHeaderBytes + body.size();
    end.next_entry += header->entries;
    ++end.next_batch;
  }
  return end;
}

}  // namespace mj::evidence
