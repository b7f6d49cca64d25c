#include "maintenance_growth.hpp"

#include "segment_scan.hpp"

namespace mj::evidence {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600'000;
/// Growth is that of the last days: seasons and new stations show, one noisy hour does not.
constexpr std::int64_t kWindowMs = 7 * kDayMs;
/// Less than this says nothing about a day.
constexpr std::int64_t kShortestSpanMs = 10LL * 60'000;
/// Files under tree/: a hash of 32 bytes in each of two trees, the levels above (1/255), and a place.
constexpr double kTreeBytesAnEntry = 2 * 32 * (1 + 1.0 / 255) + 8;

Result<std::optional<Instant>> first_receipt(const StoredSegment& segment) {
  Bytes bytes(kBatchHeaderBytes + kEntryPrefixBytes + evidence_format::kMaxEntryBytes);
  MJ_TRY(const std::size_t got, segment.bytes.read_at(segment.header_bytes, bytes));
  if (got <= kBatchHeaderBytes) return std::optional<Instant>();
  BytesView rest = BytesView(bytes).first(got).subspan(kBatchHeaderBytes);
  const auto encoded = take_entry(rest, segment.header.seed, segment.header.first_entry);
  // A batch that is being written just now, or damage: that is for others to tell.
  if (!encoded) return std::optional<Instant>();
  const auto entry = evidence_format::decode(*encoded);
  if (!entry) return std::optional<Instant>();
  return std::optional(entry->received_at);
}

Result<SegmentFacts> facts_of(const Layout& layout, std::uint32_t number) {
  MJ_TRY(SegmentSummary summary, summarise_segment(layout, number, {}));
  SegmentFacts facts;
  facts.form = summary.form;
  facts.first_entry = summary.header.first_entry;
  facts.bytes = summary.bytes;
  facts.stored_bytes = summary.stored_bytes;
  if (summary.form == SegmentForm::retired) return facts;
  const auto segment = open_stored_segment(layout, number, {});
  if (!segment) return segment.error();
  MJ_TRY(facts.begins, first_receipt(*segment));
  return facts;
}

std::uint64_t file_bytes(const std::filesystem::path& file) {
  std::error_code failure;
  const std::uint64_t bytes = std::filesystem::file_size(file, failure);
  return failure ? 0 : bytes;
}

std::uint64_t bytes_in(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(directory, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    bytes += file_bytes(entry->path());
  }
  return bytes;
}

}  // namespace

Status refresh_facts(const Layout& layout, std::vector<SegmentFacts>& facts) {
  MJ_TRY(const SegmentNames names, list_segments(layout));
  facts.resize(names.count);
  Status all;
  for (std::uint32_t number = 0; number < names.count; ++number) {
    SegmentFacts& known = facts[number];
    if (known.sealed && !known.damaged && known.form == names.forms[number]) continue;
    auto now = facts_of(layout, number);
    if (!now) {
      if (now.error().code() != ErrorCode::damaged) return now.error();
      if (all) all = now.error();
      now = SegmentFacts();
      now->form = names.forms[number];
      now->damaged = true;
      now->stored_bytes = file_bytes(names.forms[number] == SegmentForm::raw ? layout.segment(number)
                                                                             : layout.compressed_segment(number));
    }
    known = *now;
    known.sealed = number + 1 < names.count;
  }
  return all;
}

bool may_be_compressed(const std::vector<SegmentFacts>& facts, std::uint32_t number, std::uint64_t signed_size) {
  const SegmentFacts& segment = facts[number];
  const SegmentFacts& next = facts[number + 1];
  return segment.form == SegmentForm::raw && segment.sealed && !segment.damaged && !next.damaged &&
         next.first_entry <= signed_size;
}

void fill_growth(const Layout& layout, const std::vector<SegmentFacts>& facts, std::uint64_t entries, Instant now,
                 MaintenanceState& state) {
  state.segments = facts.size();
  state.raw_bytes = state.compressed_segments = state.retired_segments = 0;
  std::uint64_t stored = 0;
  std::uint64_t packed_from = 0;
  std::uint64_t packed_to = 0;
  for (const SegmentFacts& segment : facts) {
    state.raw_bytes += segment.bytes;
    stored += segment.stored_bytes;
    if (segment.form == SegmentForm::retired) ++state.retired_segments;
    if (segment.form != SegmentForm::compressed) continue;
    ++state.compressed_segments;
    packed_from += segment.bytes;
    packed_to += segment.stored_bytes;
  }
  state.stored_bytes = stored + bytes_in(layout.tree());
  std::error_code failure;
  const auto space = std::filesystem::space(layout.root, failure);
  state.free_bytes = failure ? 0 : space.available;

  state.bytes_per_day = 0;
  state.full_at.reset();
  // From the first segment that began within the window, or the newest one that began before it.
  const SegmentFacts* start = nullptr;
  std::uint64_t bytes = 0;
  for (auto segment = facts.rbegin(); segment != facts.rend(); ++segment) {
    if (start != nullptr && (!segment->begins || now.ms_since(*segment->begins) > kWindowMs)) break;
    bytes += segment->bytes;
    if (segment->begins) start = &*segment;
  }
  if (start == nullptr || now.ms_since(*start->begins) < kShortestSpanMs) return;
  const double days = static_cast<double>(now.ms_since(*start->begins)) / kDayMs;
  const double kept = packed_from > 0 ? static_cast<double>(packed_to) / static_cast<double>(packed_from) : 1;
  const double grown = static_cast<double>(bytes) * kept +
                       static_cast<double>(entries - std::min(entries, start->first_entry)) * kTreeBytesAnEntry;
  state.bytes_per_day = grown / days;
  const double days_left = static_cast<double>(state.free_bytes) / state.bytes_per_day;
  constexpr double kFarthestDays = 100 * 365.25;
  if (days_left < kFarthestDays) state.full_at = now.plus_ms(static_cast<std::int64_t>(days_left * kDayMs));
}

}  // namespace mj::evidence
