#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mj/hj212/crc.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::hj212 {

/// Limits that keep one peer from holding memory or starving the frames behind a lying length.
struct FramerLimits {
  std::size_t max_segment = 8192;  ///< longest data segment accepted, bytes (HJ 212-2017 §6.3.1 says 1024; the field sends more)
};

/// A stretch of the received bytes that belongs together: a frame 通讯包, or bytes that are no frame.
struct Piece {
  std::uint64_t at = 0;        ///< offset of the first byte in the stream
  std::string_view bytes;      ///< exactly as received, head, tail and line end included; valid until the next push()/compaction
  bool framed = false;         ///< the structure of a frame was found (its CRC may still be wrong)
  std::string_view segment;    ///< data segment 数据段, between the length and the CRC; empty when not framed
  CrcCheck crc;                ///< what was given and which algorithm it fits
  std::string error;           ///< why it is not a frame, or what is wrong with it; empty when nothing is
  std::string deviation;       ///< tolerated departure from the standard ("length 103, actual 101"); empty when none
};

/// Cuts a byte stream into frames by the rules of the field: by length, with resynchronisation, sticky and half
/// packets, lying lengths, missing line ends. Never recurses, never looks at a byte more than a bounded number of
/// times, and loses nothing: the pieces returned are the stream, in order, without gaps.
/// Source: HJ 212-2017 §6.3.1; tolerances: docs/formats/hj212-framing.md.
class Framer {
 public:
  explicit Framer(FramerLimits limits = {}) : limits_(limits) {}

  /// Adds received bytes. Invalidates earlier pieces.
  void push(BytesView bytes);

  /// The next complete piece, or none when more bytes are needed. Junk before a frame is one piece of its own.
  [[nodiscard]] std::optional<Piece> next();

  /// The stream ended or stood still too long: what is buffered will not be completed. Afterwards next() gives the
  /// remaining pieces until the buffer is empty.
  void finish() { finished_ = true; }

  /// Bytes received and not yet returned; non-zero means a piece is incomplete.
  [[nodiscard]] std::size_t pending() const { return buffer_.size() - begin_; }

 private:
  FramerLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;        ///< first byte not yet returned
  std::size_t scanned_ = 0;      ///< junk before this needs no second look
  std::uint64_t stream_at_ = 0;  ///< stream offset of buffer_[begin_]
  bool finished_ = false;
};

}  // namespace mj::hj212
