#include <iconv.h>
#include <cstddef>
#include <cstdint>

#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none. Source: Unicode table 3-7.
std::size_t utf8_sequence(std::string_view text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const auto follows = [&at](std::size_t i, unsigned low, unsigned high) { return at(i) >= low && at(i) <= high; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

/// One iconv conversion; a system without the GBK table has none.
class GbkReader {
 public:
  GbkReader() : conversion_(::iconv_open("UTF-8", "GBK")) {}
  ~GbkReader() {
    if (usable()) ::iconv_close(conversion_);
  }
  GbkReader(const GbkReader&) = delete;
  GbkReader& operator=(const GbkReader&) = delete;

  [[nodiscard]] bool usable() const { return conversion_ != reinterpret_cast<iconv_t>(-1); }

  /// Appends the UTF-8 form of one character that takes exactly `bytes`; false when it is no GBK character.
  bool append(std::string_view bytes, std::string& text) {
    char input[2] = {bytes[0], bytes.size() > 1 ? bytes[1] : '\0'};
    char output[8];
    char* in = input;
    char* out = output;
    std::size_t in_left = bytes.size();
    std::size_t out_left = sizeof output;
    ::iconv(conversion_, nullptr, nullptr, nullptr, nullptr);
    if (::iconv(conversion_, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1) || in_left != 0)
      return false;
    text.append(output, sizeof output - out_left);
    return true;
  }

 private:
  iconv_t conversion_;
};

}  // namespace

Utf8Text to_utf8(std::string_view bytes) {
  Utf8Text result;
  if (is_utf8(bytes)) {
    result.text = bytes;
    return result;
  }
  result.recoded = true;
  GbkReader gbk;
  while (!bytes.empty()) {
    if (static_cast<std::uint8_t>(bytes.front()) < 0x80) {
      result.text += bytes.front();
      bytes.remove_prefix(1);
    } else if (bytes.size() > 1 && gbk.usable() && gbk.append(bytes.substr(0, 2), result.text)) {
      bytes.remove_prefix(2);
    } else {
      result.text += kReplacement;
      bytes.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace mj::hj212
