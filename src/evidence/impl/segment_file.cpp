#include "segment_file.hpp"

#include "retire_marker.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kPieceBytes = 1U << 20U;

struct CheckedHeader {
  SegmentHeader header;
  std::uint64_t bytes = 0;
};

/// `beginning` holds the first bytes of the segment, as many as a header can have.
Result<CheckedHeader> check_header(BytesView beginning, std::uint32_t number, const Origins& origins) {
  const auto damaged = [number](std::string_view why) {
    return Error(ErrorCode::damaged, fmt::format("segment {:06} at byte 0: {}", number, why));
  };
  std::size_t length = 0;
  auto header = decode_segment_header(beginning, length);
  if (!header) return damaged(header.error().text());
  if (header->number != number) return damaged(fmt::format("the file holds segment {:06}", header->number));
  if (const auto origin = origins.at(header->first_entry); origin && header->origin != *origin) {
    return damaged(fmt::format("it belongs to the log \"{}\", not \"{}\"", header->origin, *origin));
  }
  return CheckedHeader{std::move(*header), length};
}

bool is_missing(const Error& error) { return error.code() == ErrorCode::not_found; }

}  // namespace

Result<SegmentFile> open_segment(const Layout& layout, std::uint32_t number, const Origins& origins,
                                 storage::File::Mode mode) {
  auto opened = storage::File::open(layout.segment(number), mode);
  if (!opened) {
    return Error(is_missing(opened.error()) ? ErrorCode::damaged : opened.error().code(), opened.error().text());
  }
  std::array<std::byte, kMaxSegmentHeaderBytes> bytes;
  MJ_TRY(const std::size_t got, opened->read_at(0, bytes));
  MJ_TRY(CheckedHeader header, check_header(BytesView(bytes.data(), got), number, origins));
  return SegmentFile{std::move(*opened), std::move(header.header), header.bytes};
}

Result<SegmentBytes> SegmentBytes::open(const Layout& layout, std::uint32_t number) {
  auto raw = storage::File::open(layout.segment(number), storage::File::Mode::read);
  if (raw) return SegmentBytes(std::move(*raw));
  if (!is_missing(raw.error())) return raw.error();
  auto compressed = CompressedFile::open(layout.compressed_segment(number), number);
  if (compressed) return SegmentBytes(std::move(*compressed));
  return compressed.error();
}

Result<std::uint64_t> SegmentBytes::size() const {
  if (const auto* compressed = std::get_if<CompressedFile>(&file_)) return compressed->size();
  return std::get<storage::File>(file_).size();
}

Result<std::uint64_t> SegmentBytes::stored_bytes() const {
  if (const auto* compressed = std::get_if<CompressedFile>(&file_)) return compressed->stored_bytes();
  return std::get<storage::File>(file_).size();
}

const std::filesystem::path& SegmentBytes::path() const {
  return std::visit([](const auto& file) -> const std::filesystem::path& { return file.path(); }, file_);
}

Result<std::size_t> SegmentBytes::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  return std::visit([&](const auto& file) { return file.read_at(offset, out); }, file_);
}

Status SegmentBytes::check_stored_bytes() const {
  if (const auto* compressed = std::get_if<CompressedFile>(&file_)) return compressed->check_stored_bytes();
  return {};
}

Result<StoredSegment> open_stored_segment(const Layout& layout, std::uint32_t number, const Origins& origins) {
  auto bytes = SegmentBytes::open(layout, number);
  if (!bytes && is_missing(bytes.error())) {
    const auto retired = read_retired(layout, number);
    if (retired) return Error(ErrorCode::not_found, retired->text());
    if (!is_missing(retired.error())) return retired.error();
    return Error(ErrorCode::damaged, fmt::format("segment {:06} is missing", number));
  }
  if (!bytes) return bytes.error();
  std::array<std::byte, kMaxSegmentHeaderBytes> beginning;
  MJ_TRY(const std::size_t got, bytes->read_at(0, beginning));
  MJ_TRY(CheckedHeader header, check_header(BytesView(beginning.data(), got), number, origins));
  return StoredSegment{std::move(*bytes), std::move(header.header), header.bytes};
}

Result<SegmentSummary> summarise_segment(const Layout& layout, std::uint32_t number, const Origins& origins) {
  auto opened = open_stored_segment(layout, number, origins);
  if (opened) {
    MJ_TRY(const std::uint64_t bytes, opened->bytes.size());
    MJ_TRY(const std::uint64_t stored, opened->bytes.stored_bytes());
    const SegmentForm form = opened->bytes.compressed() ? SegmentForm::compressed : SegmentForm::raw;
    return SegmentSummary{std::move(opened->header), form, bytes, stored};
  }
  if (!is_missing(opened.error())) return opened.error();
  MJ_TRY(RetiredSegment retired, read_retired(layout, number));
  if (const auto origin = origins.at(retired.header.first_entry); origin && retired.header.origin != *origin) {
    return Error(ErrorCode::damaged,
                 fmt::format("segment {:06}: what was retired belongs to the log \"{}\", not \"{}\"", number,
                             retired.header.origin, *origin));
  }
  return SegmentSummary{std::move(retired.header), SegmentForm::retired, retired.bytes, 0};
}

Status for_each_piece(const SegmentBytes& bytes, std::uint64_t size,
                      const std::function<Status(std::uint64_t offset, BytesView piece)>& visit) {
  Bytes buffer(kPieceBytes);
  for (std::uint64_t at = 0; at < size;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at));
    MJ_TRY(const std::size_t got, bytes.read_at(at, std::span(buffer).first(wanted)));
    if (got == 0) return Error(ErrorCode::damaged, fmt::format("the file ends at byte {}, not {}", at, size));
    MJ_CHECK(visit(at, BytesView(buffer).first(got)));
    at += got;
  }
  return {};
}

}  // namespace mj::evidence
