#include <zstd.h>

#include <bit>

#include "csv_file.hpp"
#include "mj/workbook/sheet.hpp"
#include "text_encoding.hpp"
#include "xlsx_file.hpp"

namespace mj::workbook {
namespace {

bool is_zstd(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  return bytes.starts_with("\x28\xB5\x2F\xFD") ||
         ((static_cast<unsigned char>(bytes[0]) & 0xF0U) == 0x50U && bytes.substr(1, 3) == "\x2A\x4D\x18");
}

Error too_large(std::size_t max_bytes) {
  return {ErrorCode::invalid_input, fmt::format("the file is too large: more than {} bytes", max_bytes)};
}

Result<std::string> decompress(std::string_view bytes, std::size_t max_bytes) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  // A window larger than what may come out serves nobody.
  const int window = std::clamp(static_cast<int>(std::bit_width(max_bytes)), 27, 31);
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, window);
  std::string text;
  std::vector<char> buffer(ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::size_t left = 0;
  bool full = false;
  while (in.pos < in.size || full) {
    ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
    left = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(left) != 0U)
      return Error(ErrorCode::invalid_input,
                   fmt::format("the zstd frame is damaged: {}", ZSTD_getErrorName(left)));
    if (text.size() + out.pos > max_bytes) return too_large(max_bytes);
    text.append(buffer.data(), out.pos);
    full = out.pos == out.size && left != 0;
  }
  if (left != 0) return Error(ErrorCode::invalid_input, "the file ends inside a zstd frame");
  return text;
}

}  // namespace

Result<Sheet> read(std::string_view bytes, std::size_t max_bytes) {
  std::string unpacked;
  if (is_zstd(bytes)) {
    MJ_TRY(unpacked, decompress(bytes, max_bytes));
    bytes = unpacked;
  }
  if (bytes.size() > max_bytes) return too_large(max_bytes);
  if (bytes.starts_with("PK\x03\x04")) return read_xlsx(bytes, max_bytes);
  if (bytes.starts_with("\xD0\xCF\x11\xE0"))
    return Error(ErrorCode::invalid_input, "this is a workbook of the old format (.xls); save it as XLSX or CSV");
  MJ_TRY(const std::string text, decode_text(bytes));
  return read_csv(text);
}

}  // namespace mj::workbook
