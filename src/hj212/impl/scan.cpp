#include "scan.hpp"

#include <algorithm>

namespace mj::hj212 {
namespace {

constexpr std::size_t kHeadSize = 6;       // "##" + 4 digits, HJ 212-2017 §6.3.1 table 2
constexpr std::size_t kMaxTrailer = 64;    // longest header field tolerated behind the data area
constexpr std::size_t kMaxDecoration = 4;  // longest run of '*' or blanks tolerated before the line end

/// Value of four digits; the caller has checked them.
std::size_t four_digits(std::string_view digits) {
  std::size_t value = 0;
  for (const char c : digits.substr(0, 4)) value = value * 10 + static_cast<std::size_t>(c - '0');
  return value;
}

/// Whether `bytes` begins with `##` and four digits.
Seen begins_with_head(std::string_view bytes) {
  for (std::size_t i = 0; i < kHeadSize; ++i) {
    if (i == bytes.size()) return Seen::undecided;
    if (i < 2 ? bytes[i] != '#' : !is_digit(bytes[i])) return Seen::no;
  }
  return Seen::yes;
}

/// Decides what follows the CRC; `digits` of it were read.
Tail read_line_end(std::string_view bytes, std::size_t digits, bool ended) {
  const auto tail = [digits](LineEnd line_end, std::size_t size) {
    return Tail{Seen::yes, digits, digits + size, line_end};
  };
  constexpr Tail undecided{Seen::undecided, 0, 0, LineEnd::none};
  std::string_view rest = bytes.substr(digits);

  std::size_t decoration = 0;
  while (decoration < rest.size() && decoration < kMaxDecoration &&
         (rest[decoration] == '*' || rest[decoration] == ' ')) {
    ++decoration;
  }
  if (decoration == rest.size()) {
    if (!ended) return undecided;
    return decoration == 0 ? tail(LineEnd::stream_end, 0) : tail(LineEnd::none, 0);
  }
  const char c = rest[decoration];
  if (c == '\n') return tail(decoration == 0 ? LineEnd::lf : LineEnd::decorated, decoration + 1);
  if (c == '\r') {
    if (decoration + 1 == rest.size() && !ended) return undecided;
    const bool with_lf = decoration + 1 < rest.size() && rest[decoration + 1] == '\n';
    if (decoration > 0) return tail(LineEnd::decorated, decoration + (with_lf ? 2 : 1));
    return with_lf ? tail(LineEnd::crlf, 2) : tail(LineEnd::cr, 1);
  }
  if (decoration == 0 && c == '#') {
    const Seen head = begins_with_head(rest);
    if (head == Seen::undecided && !ended) return undecided;
    if (head == Seen::yes) return tail(LineEnd::next_head, 0);
  }
  return tail(LineEnd::none, 0);
}

}  // namespace

Head read_head(std::string_view bytes) {
  Head head;
  head.seen = begins_with_head(bytes);
  if (head.seen != Seen::yes) return head;
  head.length = four_digits(bytes.substr(2));
  head.data = kHeadSize;
  // A data segment begins with a field name, so four more digits can only be the length after a sequence number.
  std::size_t more = 0;
  while (more < 4 && kHeadSize + more < bytes.size() && is_digit(bytes[kHeadSize + more])) ++more;
  if (more == 4) {
    head.length = four_digits(bytes.substr(kHeadSize));
    head.data = kHeadSize + 4;
  } else if (kHeadSize + more == bytes.size()) {
    head.seen = Seen::undecided;
  }
  return head;
}

HeadPlace find_head(std::string_view bytes, std::size_t from) {
  while (from < bytes.size()) {
    const std::size_t at = bytes.find('#', from);
    if (at == std::string_view::npos) break;
    const Seen seen = begins_with_head(bytes.substr(at));
    if (seen != Seen::no) return {at, seen == Seen::yes};
    from = at + 1;
  }
  return {bytes.size(), false};
}

Tail read_tail(std::string_view bytes, bool ended) {
  std::size_t digits = 0;
  while (digits < 4 && digits < bytes.size() && is_hex(bytes[digits])) ++digits;
  if (digits == bytes.size() && digits < 4 && !ended) return Tail{Seen::undecided, 0, 0, LineEnd::none};
  Tail tail = read_line_end(bytes, digits, ended);
  if (tail.seen == Seen::yes && digits < 4 && tail.line_end == LineEnd::none) tail.seen = Seen::no;
  return tail;
}

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

}  // namespace mj::hj212
