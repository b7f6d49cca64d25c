#include "entry_reader.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kOpenSegments = 16;
constexpr std::size_t kLocationsAtOnce = 16384;

/// One entry's bytes inside ReadBatch::bytes, which moves while it grows.
struct Piece {
  std::uint64_t index;
  std::size_t at;
  std::size_t size;
};

}  // namespace

Result<EntryReader::Segment> EntryReader::segment(std::uint32_t number) const {
  const std::lock_guard lock(mutex_);
  // One whose file was compressed or retired since holds disk space and shows what is no longer there.
  const auto gone = [](const Segment& s) { return !std::filesystem::exists(s->bytes.path()); };
  const auto found =
      std::find_if(open_.begin(), open_.end(), [&](const Segment& s) { return s->header.number == number; });
  if (found != open_.end() && !gone(*found)) {
    open_.splice(open_.begin(), open_, found);
    return open_.front();
  }
  open_.remove_if(gone);
  MJ_TRY(StoredSegment opened, open_stored_segment(layout_, number, origins_));
  open_.push_front(std::make_shared<const StoredSegment>(std::move(opened)));
  if (open_.size() > kOpenSegments) open_.pop_back();
  return open_.front();
}

Result<ReadBatch> EntryReader::read(const TreeFiles& tree, std::uint64_t size, std::uint64_t first,
                                    std::size_t max_entries, std::size_t max_bytes) const {
  ReadBatch result;
  if (first >= size || max_entries == 0) return result;
  const std::uint64_t last = first + std::min<std::uint64_t>(max_entries, size - first);
  std::vector<Piece> pieces;
  std::uint64_t next = first;
  while (next < last && (pieces.empty() || result.bytes.size() < max_bytes)) {
    // One more location than entries, where there is one: it bounds the bytes of the last entry.
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(last - next, kLocationsAtOnce));
    const std::size_t known = count + (next + count < size ? 1 : 0);
    MJ_TRY(const std::vector<Location> places, tree.locations(next, known));
    const Location start = places.front();

    // As many as stand in this segment and fit.
    const std::size_t room = max_bytes > result.bytes.size() ? max_bytes - result.bytes.size() : 0;
    std::size_t take = 1;
    while (take < count && places[take].segment == start.segment && places[take].offset - start.offset < room)
      ++take;
    std::uint64_t stop = places[take - 1].offset + kEntryPrefixBytes + evidence_format::kMaxEntryBytes;
    if (take < known && places[take].segment == start.segment) stop = std::min(stop, places[take].offset);
    const auto out_of_order = [](Location a, Location b) { return b.offset <= a.offset; };
    if (stop <= start.offset ||
        std::adjacent_find(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(take), out_of_order) !=
            places.begin() + static_cast<std::ptrdiff_t>(take)) {
      return Error(ErrorCode::damaged, fmt::format("tree/offsets is out of order near entry {}", next));
    }

    const auto found = segment(start.segment);
    if (!found) {
      // What stands before a retired segment can still be read.
      if (found.error().code() == ErrorCode::not_found && !pieces.empty()) break;
      return found.error().context(fmt::format("entry {}", next));
    }
    const Segment& opened = *found;
    const std::size_t base = result.bytes.size();
    result.bytes.resize(base + (stop - start.offset));
    MJ_TRY(const std::size_t got, opened->bytes.read_at(start.offset, std::span(result.bytes).subspan(base)));
    for (std::size_t i = 0; i < take; ++i, ++next) {
      const std::size_t at = places[i].offset - start.offset;
      BytesView rest = at < got ? BytesView(result.bytes).subspan(base + at, got - at) : BytesView();
      auto entry = take_entry(rest, opened->header.seed, next);
      if (!entry) {
        return entry.error().context(
            fmt::format("segment {:06} at byte {}, entry {}", start.segment, places[i].offset, next));
      }
      pieces.push_back(Piece{next, base + at + kEntryPrefixBytes, entry->size()});
    }
    result.bytes.resize(pieces.back().at + pieces.back().size);
  }
  result.entries.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    auto entry = evidence_format::decode(BytesView(result.bytes).subspan(piece.at, piece.size));
    if (!entry) return entry.error().context(fmt::format("entry {}", piece.index));
    result.entries.push_back(StoredEntry{EntryIndex(piece.index), *entry});
  }
  return result;
}

}  // namespace mj::evidence
