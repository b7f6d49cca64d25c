#include "mj/hj212/framer.hpp"

#include <algorithm>
#include <utility>

#include "clear_text.hpp"
#include "crc_remarks.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kFrameOverhead = 16;  // head with sequence number, CRC and line end
constexpr unsigned kMaxContestedTries = 8;
constexpr std::size_t kCompactAt = 64 * 1024;
constexpr std::size_t kPlainHead = 6;  // head without sequence number

bool is_enciphered(std::string_view segment) {
  const std::size_t area = segment.substr(0, kMaxHeader).find("=&&");
  return area != std::string_view::npos && looks_enciphered(segment.substr(area + 3));
}

/// Notes what is unusual about a CRC and a tail.
void note_tail(Piece& piece, const Tail& tail) {
  switch (tail.line_end) {
    case LineEnd::crlf: break;
    case LineEnd::lf:
    case LineEnd::cr: note(piece.deviations, Deviation::line_end_lf); break;
    case LineEnd::decorated: note(piece.deviations, Deviation::line_end_decorated); break;
    case LineEnd::next_head:
    case LineEnd::stream_end:
    case LineEnd::none: note(piece.deviations, Deviation::line_end_missing); break;
  }
  if (tail.digits > 0 && tail.digits < 4) note(piece.deviations, Deviation::crc_short);
  note_crc(piece.deviations, piece.crc);
  if (piece.crc.match == CrcMatch::absent || piece.crc.match == CrcMatch::none) {
    piece.error.kind = piece.crc.match == CrcMatch::absent ? Fault::Kind::crc_missing : Fault::Kind::crc_wrong;
    set_crc(piece.error, piece.crc);
  }
}

}  // namespace

void Framer::push(BytesView bytes) {
  finished_ = false;
  starved_ = false;
  // What was returned is dropped when it is the larger part, so that every byte is moved at most once on average.
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  } else if (begin_ >= kCompactAt || begin_ > buffer_.size() / 2) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(as_text(bytes));
}

void Framer::reset() {
  buffer_.clear();
  begin_ = 0;
  stream_at_ = 0;
  finished_ = starved_ = false;
  stage_ = Stage::start;
  scanned_ = 0;
  fault_ = {};
  contested_until_ = 0;
  contested_tries_ = 0;
}

std::optional<Piece> Framer::next() {
  if (begin_ == buffer_.size()) return std::nullopt;
  if (finished_) starved_ = false;
  while (!starved_) {
    std::optional<Piece> piece;
    switch (stage_) {
      case Stage::start: piece = start(); break;
      case Stage::by_length: piece = cut_by_length(); break;
      case Stage::by_tail: piece = cut_by_tail(); break;
      case Stage::junk: piece = cut_junk(); break;
    }
    if (piece) return piece;
  }
  return std::nullopt;
}

std::optional<Piece> Framer::start() {
  const std::string_view bytes = view();
  const Head head = read_head(bytes);
  if (head.seen == Seen::undecided && !finished_) return starve();
  if (head.seen != Seen::yes) {
    reject({.kind = head.seen == Seen::no ? Fault::Kind::no_head : Fault::Kind::head_incomplete}, 1);
  } else if (head.length > limits_.max_segment) {
    reject({.kind = Fault::Kind::length_too_large, .declared = head.length, .limit_or_seen = limits_.max_segment},
           2);
  } else {
    stage_ = Stage::by_length;
    length_ = head.length;
    data_ = head.data;
    scanned_ = head.data;
    inner_head_ = 0;
  }
  return std::nullopt;
}

std::optional<Piece> Framer::cut_by_length() {
  const std::string_view bytes = view();
  const std::size_t end = data_ + length_;

  // Another head inside the declared segment, right after a CRC that fits: the length lies, and waiting for the rest
  // would starve the frames behind. Only the first inner head is examined, so the work stays linear.
  if (inner_head_ == 0 && scanned_ < end) {
    const HeadPlace head = find_head(bytes.substr(0, std::min(bytes.size(), end + 5)), scanned_);
    if (head.complete && head.at < end) {
      inner_head_ = head.at;
      if (auto piece = cut_before_head(head.at)) return piece;
    } else if (!head.complete && head.at < end && !finished_) {
      scanned_ = head.at;
      return starve();
    } else {
      scanned_ = end;
    }
  }

  if (bytes.size() < end) {
    if (!finished_) return starve();
    // The end counts like a head that follows: a frame cut before a head reads the same when its bytes stand alone.
    if (inner_head_ == 0) {
      if (auto piece = cut_before_head(bytes.size())) return piece;
    }
    fault_ = {.kind = Fault::Kind::incomplete, .declared = length_, .limit_or_seen = bytes.size() - data_};
    stage_ = Stage::by_tail;
    scanned_ = data_;
    return std::nullopt;
  }

  const std::string_view segment = bytes.substr(data_, length_);
  const Ending ending = ending_of(segment);
  const bool ends_in_line_end = segment.ends_with('\n') || segment.ends_with('\r');
  if (ending != Ending::open || (!ends_in_line_end && inner_head_ == 0)) {
    const Tail tail = read_tail(bytes.substr(end), finished_);
    if (tail.seen == Seen::undecided) return starve();
    // A closed segment with a line end is a frame even if its CRC is wrong. Anything less needs a CRC that fits, and
    // so does a segment with another head inside: otherwise a stray head could swallow the good frame behind it. Bytes in
    // cipher may spell a head by chance, and their CRC is that of the clear text; there it is enough that the inner head
    // leads to no frame.
    const bool ended = tail.line_end != LineEnd::none;
    const bool closed = ending != Ending::open;
    const bool cipher = inner_head_ != 0 && closed && tail.digits == 4 && tail.line_end == LineEnd::crlf &&
                        is_enciphered(segment) && !holds_frame(end + tail.size);
    const bool certain = closed && ended && (inner_head_ == 0 || cipher || may_contain_frames(end));
    const bool possible = inner_head_ == 0 && tail.digits == 4 && (ended || closed);
    if (tail.seen == Seen::yes && (certain || possible)) {
      const CrcCheck crc = check_crc(segment, bytes.substr(end, tail.digits));
      const bool fits = crc.match == CrcMatch::hj || (closed && crc.match != CrcMatch::none && tail.digits > 0);
      if (fits || (certain && (inner_head_ == 0 || cipher))) {
        Piece piece = framed_piece(length_, end + tail.size, crc);
        if (ending == Ending::fields_after) note(piece.deviations, Deviation::field_after_area);
        if (ending == Ending::open) note(piece.deviations, Deviation::area_not_closed);
        note_tail(piece, tail);
        return take(piece);
      }
    }
  }
  fault_ = {.kind = Fault::Kind::no_end, .declared = length_};
  stage_ = Stage::by_tail;
  scanned_ = data_;
  return std::nullopt;
}

/// Whether the stretch up to `end`, in which another head was seen, may still be one frame (a log text with `##` and
/// digits, say): not when the inner frame would end at the same place, nor after too many overlapping attempts.
bool Framer::may_contain_frames(std::size_t end) {
  const Head inner = read_head(view().substr(inner_head_));
  if (inner.seen == Seen::yes && inner_head_ + inner.data + inner.length == end) return false;
  if (stream_at_ >= contested_until_) contested_tries_ = 0;
  if (contested_tries_ == kMaxContestedTries) return false;
  ++contested_tries_;
  contested_until_ = std::max(contested_until_, stream_at_ + end);
  return true;
}

/// Whether the inner head begins a frame that ends within the first `end` bytes; its CRC is not asked.
bool Framer::holds_frame(std::size_t end) const {
  const std::string_view inner = view().substr(inner_head_, end - inner_head_);
  const Head head = read_head(inner);
  if (head.seen != Seen::yes || head.data + head.length > inner.size()) return false;
  const Tail tail = read_tail(inner.substr(head.data + head.length), true);
  return ending_of(inner.substr(head.data, head.length)) != Ending::open && tail.seen == Seen::yes &&
         tail.line_end != LineEnd::none;
}

std::optional<Piece> Framer::cut_before_head(std::size_t head_at) {
  const std::string_view bytes = view();
  std::size_t crc_end = head_at;
  if (crc_end > data_ && bytes[crc_end - 1] == '\n') --crc_end;
  if (crc_end > data_ && bytes[crc_end - 1] == '\r') --crc_end;
  if (crc_end < data_ + 6 || !bytes.substr(0, crc_end - 4).ends_with("&&")) return std::nullopt;
  const std::string_view given = bytes.substr(crc_end - 4, 4);
  if (!std::all_of(given.begin(), given.end(), is_hex)) return std::nullopt;
  const std::size_t size = crc_end - 4 - data_;
  const CrcCheck crc = check_crc(bytes.substr(data_, size), given);
  if (crc.match != CrcMatch::hj) return std::nullopt;
  Piece piece = framed_piece(size, head_at, crc);
  note_tail(piece, read_tail(bytes.substr(crc_end - 4), true));
  return take(piece);
}

std::optional<Piece> Framer::cut_by_tail() {
  const std::string_view bytes = view();
  const std::size_t limit = data_ + limits_.max_segment;
  std::size_t at = scanned_;
  while (true) {
    at = std::min(bytes.find_first_of("&#", at), bytes.size());
    if (at > limit) break;
    if (at + 1 >= bytes.size()) {
      if (finished_) break;
      scanned_ = at;
      return starve();
    }
    if (bytes[at] == '#') {
      const HeadPlace head = find_head(bytes.substr(0, std::min(bytes.size(), at + 6)), at);
      if (head.complete && head.at == at) break;
      if (!head.complete && head.at == at && !finished_) {
        scanned_ = at;
        return starve();
      }
    } else if (bytes[at + 1] == '&') {
      const std::size_t size = at + 2 - data_;
      const Tail tail = read_tail(bytes.substr(at + 2), finished_);
      if (tail.seen == Seen::undecided) {
        scanned_ = at;
        return starve();
      }
      if (tail.seen == Seen::yes && tail.line_end != LineEnd::none) {
        // Without a CRC only one lie is believable: a length that counts the line end.
        const bool counts_line_end = tail.digits == 0 && tail.size > 0 && length_ == size + tail.size;
        if (tail.digits >= 3 || counts_line_end) {
          const CrcCheck crc = check_crc(bytes.substr(data_, size), bytes.substr(at + 2, tail.digits));
          if (crc.match == CrcMatch::hj || counts_line_end) {
            Piece piece = framed_piece(size, at + 2 + tail.size, crc);
            note_tail(piece, tail);
            return take(piece);
          }
          fault_.other_size = size;
          set_crc(fault_, crc);
          break;
        }
      }
    }
    ++at;
  }
  reject(fault_, 2);
  return std::nullopt;
}

std::optional<Piece> Framer::cut_junk() {
  const std::string_view bytes = view();
  // Endless junk is handed out in stretches of bounded size, so that it is recorded and the buffer stays small.
  const std::size_t limit = limits_.max_segment + kFrameOverhead;
  const HeadPlace head = find_head(bytes.substr(0, std::min(bytes.size(), limit + 5)), scanned_);
  std::size_t size = head.at;
  if (size >= limit) {
    size = limit;
  } else if (!head.complete) {
    if (!finished_) {
      scanned_ = head.at;
      return starve();
    }
    size = bytes.size();
  }
  Piece piece;
  piece.at = stream_at_;
  piece.bytes = bytes.substr(0, size);
  piece.error = std::exchange(fault_, {});
  return take(piece);
}

void Framer::reject(const Fault& fault, std::size_t scan_from) {
  stage_ = Stage::junk;
  scanned_ = scan_from;
  fault_ = fault;
}

std::optional<Piece> Framer::starve() {
  starved_ = true;
  return std::nullopt;
}

Piece Framer::framed_piece(std::size_t segment_size, std::size_t piece_size, const CrcCheck& crc) const {
  Piece piece;
  piece.at = stream_at_;
  piece.bytes = view().substr(0, piece_size);
  piece.framed = true;
  piece.segment = view().substr(data_, segment_size);
  piece.crc = crc;
  piece.declared = length_;
  if (length_ != segment_size) note(piece.deviations, Deviation::length_wrong);
  if (data_ > kPlainHead) note(piece.deviations, Deviation::sequence_number);
  return piece;
}

const Piece& Framer::take(const Piece& piece) {
  begin_ += piece.bytes.size();
  stream_at_ += piece.bytes.size();
  stage_ = Stage::start;
  scanned_ = 0;
  return piece;
}

}  // namespace mj::hj212
