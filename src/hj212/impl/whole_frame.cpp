#include "whole_frame.hpp"

#include "crc_remarks.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kHead = 6;  // HJ 212-2017 §6.3.1 table 2
constexpr std::size_t kTail = 6;

}  // namespace

bool cut_whole(BytesView bytes, Piece& piece) {
  const std::string_view text = as_text(bytes);
  if (text.size() < kHead + kTail + 2 || !text.ends_with("\r\n")) return false;
  const Head head = read_head(text);
  if (head.seen != Seen::yes || head.data != kHead || head.length != text.size() - kHead - kTail) return false;
  const std::string_view segment = text.substr(kHead, head.length);
  const std::string_view given = text.substr(kHead + head.length, 4);
  for (const char c : given) {
    if (!is_hex(c)) return false;
  }
  if (!segment.ends_with("&&") || find_head(segment, 0).complete) return false;
  piece = {};
  piece.bytes = text;
  piece.framed = true;
  piece.segment = segment;
  piece.crc = check_crc(segment, given);
  piece.declared = head.length;
  note_crc(piece.deviations, piece.crc);
  if (piece.crc.match == CrcMatch::none) {
    piece.error.kind = Fault::Kind::crc_wrong;
    set_crc(piece.error, piece.crc);
  }
  return true;
}

}  // namespace mj::hj212
