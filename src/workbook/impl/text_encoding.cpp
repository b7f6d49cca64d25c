#include "text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <cerrno>

#include "mj/kernel/text.hpp"

namespace mj::workbook {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t line_of(std::string_view bytes, std::size_t at) {
  return 1 + static_cast<std::size_t>(
                 std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

Result<std::string> from_gb18030(std::string_view bytes) {
  const iconv_t conversion = ::iconv_open("UTF-8", "GB18030");
  if (conversion == reinterpret_cast<iconv_t>(-1))  // NOLINT(performance-no-int-to-ptr) as iconv.h says
    return Error(ErrorCode::unavailable, "this system cannot read GBK: the table of iconv is missing");
  std::string text;
  std::string input(bytes);
  char* in = input.data();
  std::size_t in_left = input.size();
  char buffer[1U << 16U];
  bool good = true;
  while (in_left > 0 && good) {
    char* out = buffer;
    std::size_t out_left = sizeof buffer;
    good = ::iconv(conversion, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1) || errno == E2BIG;
    text.append(buffer, sizeof buffer - out_left);
  }
  ::iconv_close(conversion);
  if (!good) {
    return Error(ErrorCode::invalid_input, fmt::format("line {}: the text is neither UTF-8 nor GBK",
                                                       line_of(bytes, bytes.size() - in_left)));
  }
  return text;
}

}  // namespace

Result<std::string> decode_text(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return Error(ErrorCode::invalid_input, "line 1: the file is UTF-16; save it as CSV UTF-8 or as XLSX");
  if (const std::size_t zero = bytes.find('\0'); zero != std::string_view::npos) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("line {}: a zero byte; this is neither CSV nor XLSX", line_of(bytes, zero)));
  }
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  if (is_utf8(bytes)) return std::string(bytes);
  return from_gb18030(bytes);
}

}  // namespace mj::workbook
