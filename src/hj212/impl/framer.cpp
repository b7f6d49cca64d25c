#include "mj/hj212/framer.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "scan.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kFrameOverhead = 16;  // head with sequence number, CRC and line end
constexpr std::size_t kMaxHeader = 512;     // fields before the data area, with room to spare
constexpr std::size_t kMaxTrailer = 64;     // longest header field tolerated behind the data area
constexpr unsigned kMaxContestedTries = 8;
constexpr std::size_t kCompactAt = 64 * 1024;

/// What the end of a stretch cut by length says about the length.
enum class Ending { closed, fields_after, open };

/// A data segment ends with the `&&` of its data area; some vendors put `;Flag=…` behind it, some write a single `&`.
Ending ending_of(std::string_view segment) {
  if (segment.ends_with("&&")) return Ending::closed;
  if (segment.ends_with('&') && segment.substr(0, kMaxHeader).find("=&") != std::string_view::npos) {
    return Ending::closed;
  }
  const std::string_view end = segment.substr(segment.size() - std::min(segment.size(), kMaxTrailer));
  const std::size_t close = end.rfind("&&");
  if (close == std::string_view::npos) return Ending::open;
  const std::string_view trailer = end.substr(close + 2);
  const bool separated = trailer.front() == ';' || trailer.front() == ',' || trailer.front() == ' ';
  const bool printable = std::all_of(trailer.begin(), trailer.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return separated && printable && trailer.find('=') != std::string_view::npos ? Ending::fields_after
                                                                               : Ending::open;
}

void add(std::string& list, std::string_view text) {
  if (!list.empty()) list += "; ";
  list += text;
}

std::string_view text_of(LineEnd line_end) {
  switch (line_end) {
    case LineEnd::crlf: return "";
    case LineEnd::lf: return "line end is LF only";
    case LineEnd::cr: return "line end is CR only";
    case LineEnd::decorated: return "bytes between CRC and line end";
    case LineEnd::next_head:
    case LineEnd::stream_end:
    case LineEnd::none: return "line end missing";
  }
  return "";
}

/// Notes what is unusual about a CRC and a tail; a standard one costs nothing.
void note(Piece& piece, const Tail& tail) {
  if (tail.line_end != LineEnd::crlf) add(piece.deviation, text_of(tail.line_end));
  if (tail.digits > 0 && tail.digits < 4) add(piece.deviation, fmt::format("CRC of {} characters", tail.digits));
  if (piece.crc.match == CrcMatch::absent) {
    piece.error = fmt::format("CRC missing, HJ 212 gives {:04X}", piece.crc.hj);
  } else if (piece.crc.match == CrcMatch::none) {
    piece.error = fmt::format("CRC {} is wrong, HJ 212 gives {:04X}", piece.crc.given, piece.crc.hj);
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
    reject(head.seen == Seen::no ? "no frame" : "incomplete head of a frame", 1);
  } else if (head.length > limits_.max_segment) {
    reject(fmt::format("length {} is above the limit of {}", head.length, limits_.max_segment), 2);
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
    reason_ = fmt::format("incomplete: length {}, {} bytes received", length_, bytes.size() - data_);
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
    // so does a segment with another head inside: otherwise a stray head could swallow the good frame behind it.
    const bool ended = tail.line_end != LineEnd::none;
    const bool closed = ending != Ending::open;
    const bool certain = closed && ended && (inner_head_ == 0 || may_contain_frames(end));
    const bool possible = inner_head_ == 0 && tail.digits == 4 && (ended || closed);
    if (tail.seen == Seen::yes && (certain || possible)) {
      CrcCheck crc = check_crc(segment, bytes.substr(end, tail.digits));
      const bool fits = crc.match == CrcMatch::hj || (closed && crc.match != CrcMatch::none && tail.digits > 0);
      if (fits || (certain && inner_head_ == 0)) {
        Piece piece = framed_piece(length_, end + tail.size, std::move(crc));
        if (data_ > 6) add(piece.deviation, "sequence number before the length");
        if (ending == Ending::fields_after) add(piece.deviation, "header fields after the data area");
        if (ending == Ending::open) add(piece.deviation, "data area not closed by &&");
        note(piece, tail);
        return take(std::move(piece));
      }
    }
  }
  reason_ = fmt::format("length {} does not lead to the end of a frame", length_);
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

std::optional<Piece> Framer::cut_before_head(std::size_t head_at) {
  const std::string_view bytes = view();
  std::size_t crc_end = head_at;
  if (crc_end > data_ && bytes[crc_end - 1] == '\n') --crc_end;
  if (crc_end > data_ && bytes[crc_end - 1] == '\r') --crc_end;
  if (crc_end < data_ + 6 || !bytes.substr(0, crc_end - 4).ends_with("&&")) return std::nullopt;
  const std::string_view given = bytes.substr(crc_end - 4, 4);
  if (!std::all_of(given.begin(), given.end(), is_hex)) return std::nullopt;
  const std::size_t size = crc_end - 4 - data_;
  CrcCheck crc = check_crc(bytes.substr(data_, size), given);
  if (crc.match != CrcMatch::hj) return std::nullopt;
  Piece piece = framed_piece(size, head_at, std::move(crc));
  piece.deviation = fmt::format("length {}, actual {}", length_, size);
  note(piece, read_tail(bytes.substr(crc_end - 4), true));
  return take(std::move(piece));
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
          CrcCheck crc = check_crc(bytes.substr(data_, size), bytes.substr(at + 2, tail.digits));
          if (crc.match == CrcMatch::hj || counts_line_end) {
            Piece piece = framed_piece(size, at + 2 + tail.size, std::move(crc));
            piece.deviation = fmt::format("length {}, actual {}", length_, size);
            note(piece, tail);
            return take(std::move(piece));
          }
          reason_ += fmt::format("; the next && + CRC makes it {} with CRC {}, HJ 212 gives {:04X}", size,
                                 crc.given, crc.hj);
          break;
        }
      }
    }
    ++at;
  }
  reject(std::move(reason_), 2);
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
  piece.error = std::exchange(reason_, {});
  return take(std::move(piece));
}

void Framer::reject(std::string reason, std::size_t scan_from) {
  stage_ = Stage::junk;
  scanned_ = scan_from;
  reason_ = std::move(reason);
}

std::optional<Piece> Framer::starve() {
  starved_ = true;
  return std::nullopt;
}

Piece Framer::framed_piece(std::size_t segment_size, std::size_t piece_size, CrcCheck crc) const {
  Piece piece;
  piece.at = stream_at_;
  piece.bytes = view().substr(0, piece_size);
  piece.framed = true;
  piece.segment = view().substr(data_, segment_size);
  piece.crc = std::move(crc);
  return piece;
}

Piece Framer::take(Piece piece) {
  begin_ += piece.bytes.size();
  stream_at_ += piece.bytes.size();
  stage_ = Stage::start;
  scanned_ = 0;
  return piece;
}

}  // namespace mj::hj212
