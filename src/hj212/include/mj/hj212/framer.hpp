#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/crc.hpp"
#include "mj/hj212/deviation.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::hj212 {

/// Limits that keep one peer from holding memory or starving the frames behind a lying length.
struct FramerLimits {
  /// Longest data segment accepted, bytes (HJ 212-2017 §6.3.1 says 1024; the field sends more).
  std::size_t max_segment = 8192;
};

/// Why a stretch is no frame, or what is wrong with its CRC. Numbers, and text only on demand: cutting allocates nothing.
struct Fault {
  enum class Kind : std::uint8_t {
    none,
    no_head,           ///< no `##` and four digits
    head_incomplete,   ///< the stream ended within a head
    length_too_large,  ///< declared above the limit
    incomplete,        ///< fewer bytes than declared when the stream ended or stood still
    no_end,            ///< the declared length does not lead to the end of a frame
    crc_missing,
    crc_wrong
  };
  Kind kind = Kind::none;
  std::size_t declared = 0;       ///< length that the head declares
  std::size_t limit_or_seen = 0;  ///< length_too_large: the limit; incomplete: bytes received
  std::size_t other_size = 0;     ///< size by the next `&&` + CRC, which did not fit; 0: there was none
  std::uint16_t hj = 0;           ///< CRC that HJ 212 prescribes for it
  std::array<char, 4> given{};    ///< CRC received
  std::uint8_t given_size = 0;

  [[nodiscard]] bool empty() const { return kind == Kind::none; }
  /// In English; empty when there is none.
  [[nodiscard]] std::string text() const;
};

/// A stretch of the received bytes that belongs together: a frame 通讯包, or bytes that are no frame.
struct Piece {
  std::uint64_t at = 0;      ///< offset of the first byte in the stream
  std::string_view bytes;    ///< exactly as received, with head, tail and line end; valid until the next push()
  bool framed = false;       ///< the structure of a frame was found (its CRC may still be wrong)
  std::string_view segment;  ///< data segment 数据段, between the length and the CRC; empty when not framed
  CrcCheck crc;              ///< what was given and which algorithm it fits
  Fault error;               ///< why it is not a frame, or what is wrong with its CRC; empty when nothing is
  Deviations deviations;     ///< tolerated departures of the framing from the standard
  std::size_t declared = 0;  ///< length as declared; differs from the segment's with Deviation::length_wrong
};

/// The deviations of a piece's framing as text ("length 103, actual 101"), in the order of the enumerators.
[[nodiscard]] std::vector<std::string> remarks(const Piece& piece);

/// Cuts a byte stream into frames by the rules of the field: by length, with resynchronisation, sticky and half
/// packets, lying lengths, missing line ends. Never recurses, never looks at a byte more than a bounded number of
/// times, and loses nothing: the pieces returned are the stream, in order, without gaps. What is returned depends on
/// the bytes only, not on how they were divided among the calls of push().
/// Source: HJ 212-2017 §6.3.1; tolerances: docs/formats/hj212-framing.md.
class Framer {
 public:
  explicit Framer(FramerLimits limits = {}) : limits_(limits) {}

  /// Adds received bytes. Invalidates earlier pieces. After finish() the stream goes on with these bytes; take all
  /// pieces that next() has before, or the old bytes count as the beginning of the new ones.
  void push(BytesView bytes);

  /// The next complete piece, or none when more bytes are needed. Junk before a frame is one piece of its own.
  [[nodiscard]] std::optional<Piece> next();

  /// The stream ended or stood still too long: what is buffered will not be completed. Afterwards next() gives the
  /// remaining pieces until the buffer is empty.
  void finish() { finished_ = true; }

  /// Forgets everything and begins at offset 0 again; keeps its memory.
  void reset();

  /// Bytes received and not yet returned; non-zero means a piece is incomplete.
  [[nodiscard]] std::size_t pending() const { return buffer_.size() - begin_; }

 private:
  /// What is known about the bytes from begin_ on.
  enum class Stage : std::uint8_t {
    start,      ///< nothing yet
    by_length,  ///< a head was read; its data segment is awaited
    by_tail,    ///< the length did not fit; the next `&&` + CRC + line end is searched
    junk        ///< no frame; the next head is searched
  };

  [[nodiscard]] std::string_view view() const { return std::string_view(buffer_).substr(begin_); }
  /// Each returns a piece, or none: then either the stage has changed or `starved_` says that more bytes are needed.
  std::optional<Piece> start();
  std::optional<Piece> cut_by_length();
  std::optional<Piece> cut_before_head(std::size_t head_at);
  std::optional<Piece> cut_by_tail();
  std::optional<Piece> cut_junk();
  void reject(const Fault& fault, std::size_t scan_from);
  std::optional<Piece> starve();
  [[nodiscard]] bool may_contain_frames(std::size_t end);
  [[nodiscard]] bool holds_frame(std::size_t end) const;
  [[nodiscard]] Piece framed_piece(std::size_t segment_size, std::size_t piece_size, const CrcCheck& crc) const;
  const Piece& take(const Piece& piece);

  FramerLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;        ///< first byte not yet returned
  std::uint64_t stream_at_ = 0;  ///< stream offset of buffer_[begin_]
  bool finished_ = false;
  bool starved_ = false;

  Stage stage_ = Stage::start;
  std::size_t scanned_ = 0;     ///< bytes after begin_ that need no second look in this stage
  std::size_t length_ = 0;      ///< declared length of the frame at begin_
  std::size_t data_ = 0;        ///< offset of its data segment
  std::size_t inner_head_ = 0;  ///< where another head was seen inside its declared segment; 0 when none was
  Fault fault_;                 ///< why the bytes at begin_ are junk

  // Heads that overlap could make the same bytes enter a CRC again and again; only the first few are tried.
  std::uint64_t contested_until_ = 0;  ///< stream offset up to which frames were tried in vain
  unsigned contested_tries_ = 0;
};

}  // namespace mj::hj212
