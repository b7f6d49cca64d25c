#include <iconv.h>
#include <cstddef>
#include <cstdint>

#include "mj/hj212/message.hpp"
#include "mj/kernel/text.hpp"

namespace mj::hj212 {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

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
