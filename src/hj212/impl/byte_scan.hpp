#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace mj::hj212 {

/// Bytes of a text looked at together.
inline constexpr std::size_t kScanBlock = 64;

/// One bit for each of the 64 bytes at `block` that is one of `Bytes`.
template <char... Bytes>
[[nodiscard]] inline std::uint64_t match_any(const char* block) {
#if defined(__SSE2__)
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kScanBlock; i += 16) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    __m128i found = _mm_setzero_si128();
    ((found = _mm_or_si128(found, _mm_cmpeq_epi8(part, _mm_set1_epi8(Bytes)))), ...);
    bits |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << i;
  }
  return bits;
#else
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kScanBlock; ++i)
    bits |= static_cast<std::uint64_t>(((block[i] == Bytes) || ...)) << i;
  return bits;
#endif
}

/// The places of `Bytes` in a text, in order.
template <char... Bytes>
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) { load(); }

  /// The next place, or the size of the text when there is none.
  [[nodiscard]] std::size_t next() {
    while (bits_ == 0) {
      block_ += kScanBlock;
      if (block_ >= text_.size()) return text_.size();
      load();
    }
    const auto at = block_ + static_cast<std::size_t>(std::countr_zero(bits_));
    bits_ &= bits_ - 1;
    return at;
  }
  /// Leaves out the places before `from`; only forward.
  void skip_to(std::size_t from) {
    if (from >= block_ + kScanBlock) {
      block_ = from / kScanBlock * kScanBlock;
      bits_ = 0;
      if (block_ >= text_.size()) return;
      load();
    }
    if (from > block_) bits_ &= ~std::uint64_t{0} << (from - block_);
  }

 private:
  void load() {
    const std::size_t left = text_.size() - block_;
    if (left >= kScanBlock) {
      bits_ = match_any<Bytes...>(text_.data() + block_);
      return;
    }
    char rest[kScanBlock] = {};  // none of the bytes searched is zero
    if (left > 0) std::memcpy(rest, text_.data() + block_, left);
    bits_ = match_any<Bytes...>(rest);
  }

  std::string_view text_;
  std::size_t block_ = 0;
  std::uint64_t bits_ = 0;
};

/// What kinds of bytes a text has, in one walk over it.
struct ByteKinds {
  bool ascii = true;    ///< none above 0x7F
  bool blanks = false;  ///< some of 0x20 and below: blanks or control characters
};
[[nodiscard]] inline ByteKinds byte_kinds(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::size_t i = 0;
  for (; i + sizeof high <= text.size(); i += sizeof high) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    high |= word;
    low |= (word - kOnes * 0x21) & ~word;
  }
  ByteKinds kinds{.ascii = (high & kHighs) == 0, .blanks = (low & kHighs) != 0};
  for (; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    kinds.ascii = kinds.ascii && byte < 0x80;
    kinds.blanks = kinds.blanks || byte <= 0x20;
  }
  return kinds;
}

/// A word of up to eight bytes as a number, without a call: words of that size are equal when it is.
[[nodiscard]] inline std::uint64_t packed(std::string_view word) {
  const std::size_t size = word.size();
  const char* begin = word.data();
  std::uint64_t bits = 0;
  if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, begin, sizeof first);
    std::memcpy(&last, begin + size - sizeof last, sizeof last);
    bits = first | std::uint64_t{last} << 32U;
  } else {
    for (std::size_t i = 0; i < size; ++i) bits |= std::uint64_t{static_cast<std::uint8_t>(begin[i])} << (8 * i);
  }
  return bits ^ std::uint64_t{size} << 59U;
}

/// A place for a packed word in a table whose size is a power of two from 2 on: the upper bits of the product, as only they
/// depend on all characters.
[[nodiscard]] inline std::size_t hash_place(std::uint64_t word, std::size_t size) {
  return static_cast<std::size_t>((word * 0x9E3779B97F4A7C15U) >> (64 - std::countr_zero(size)));
}

}  // namespace mj::hj212
