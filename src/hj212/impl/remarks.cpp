#include <fmt/format.h>
#include <iterator>

#include "mj/hj212/framer.hpp"

namespace mj::hj212 {
namespace {

std::string text_of(const Piece& piece, Deviation deviation) {
  switch (deviation) {
    case Deviation::length_wrong: return fmt::format("length {}, actual {}", piece.declared, piece.segment.size());
    case Deviation::sequence_number: return "sequence number before the length";
    case Deviation::line_end_missing: return "line end missing";
    case Deviation::line_end_lf:
      return piece.bytes.ends_with('\r') ? "line end is CR only" : "line end is LF only";
    case Deviation::line_end_decorated: return "bytes between CRC and line end";
    case Deviation::crc_short: return fmt::format("CRC of {} characters", piece.crc.given.size());
    case Deviation::crc_lower_case: return "CRC in lower case";
    case Deviation::area_not_closed: return "data area not closed by &&";
    case Deviation::field_after_area: return "header fields after the data area";
    default: return {};  // the others are no deviations of framing, or stand in the error
  }
}

}  // namespace

std::string Fault::text() const {
  const std::string_view crc(given.data(), given_size);
  std::string text;
  switch (kind) {
    case Kind::none: return {};
    case Kind::no_head: return "no frame";
    case Kind::head_incomplete: return "incomplete head of a frame";
    case Kind::length_too_large: return fmt::format("length {} is above the limit of {}", declared, limit_or_seen);
    case Kind::crc_missing: return fmt::format("CRC missing, HJ 212 gives {:04X}", hj);
    case Kind::crc_wrong: return fmt::format("CRC {} is wrong, HJ 212 gives {:04X}", crc, hj);
    case Kind::incomplete:
      text = fmt::format("incomplete: length {}, {} bytes received", declared, limit_or_seen);
      break;
    case Kind::no_end: text = fmt::format("length {} does not lead to the end of a frame", declared); break;
  }
  if (other_size > 0) {
    fmt::format_to(std::back_inserter(text), "; the next && + CRC makes it {} with CRC {}, HJ 212 gives {:04X}",
                   other_size, crc, hj);
  }
  return text;
}

std::vector<std::string> remarks(const Piece& piece) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kDeviationCount; ++i) {
    if (!piece.deviations.test(i)) continue;
    if (std::string text = text_of(piece, static_cast<Deviation>(i)); !text.empty())
      texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace mj::hj212
