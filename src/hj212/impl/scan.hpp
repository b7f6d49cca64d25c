#pragma once

#include <cstddef>
#include <string_view>

namespace mj::hj212 {

/// What a look at some bytes can tell: yes, no, or not before more bytes arrive.
enum class Seen { no, yes, undecided };

/// `##` and four digits 包头与数据段长度, with the vendors' variant of a four-digit sequence number before the length.
struct Head {
  Seen seen = Seen::no;
  std::size_t length = 0;  ///< declared length of the data segment, bytes
  std::size_t data = 0;    ///< offset of the data segment: 6, or 10 with a sequence number
};

/// Reads a head at the first byte of `bytes`.
[[nodiscard]] Head read_head(std::string_view bytes);

/// Where the next `##` + four digits begins, or (`complete` false) the first byte from which it is still undecided.
struct HeadPlace {
  std::size_t at = 0;
  bool complete = false;
};
[[nodiscard]] HeadPlace find_head(std::string_view bytes, std::size_t from);

/// How a frame ends after its CRC.
enum class LineEnd {
  crlf,        ///< as the standard says
  lf,          ///< LF only
  cr,          ///< CR only
  decorated,   ///< `**` or blanks before the line end
  next_head,   ///< none, the next frame follows at once
  stream_end,  ///< none, nothing follows
  none         ///< none, something else follows
};

/// CRC and tail 包尾 after a data segment.
struct Tail {
  Seen seen = Seen::no;
  std::size_t digits = 0;  ///< characters of the CRC, 0…4; fewer than 4 only before a line end, a head or the end
  std::size_t size = 0;    ///< CRC and line end, bytes
  LineEnd line_end = LineEnd::none;
};

/// Reads CRC and line end at the first byte of `bytes`; `ended` says that no more bytes will come.
[[nodiscard]] Tail read_tail(std::string_view bytes, bool ended);

inline constexpr std::size_t kMaxHeader = 512;  ///< fields before the data area, with room to spare

/// What the end of a stretch cut by length says about the length.
enum class Ending { closed, fields_after, open };

/// A data segment ends with the `&&` of its data area; some vendors put `;Flag=…` behind it, some write a single `&`.
[[nodiscard]] Ending ending_of(std::string_view segment);

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

}  // namespace mj::hj212
