#include "plain_bytes.hpp"

#include <zstd.h>

#include <memory>

namespace mj::intake {

bool is_zstd(std::string_view bytes) { return bytes.starts_with("\x28\xB5\x2F\xFD"); }

Result<std::string> decompress(std::string_view bytes, std::uint64_t most, bool whole) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  if (!context) return Error(ErrorCode::unavailable, "no memory for decompression");
  constexpr int kLongWindow = 27;  // zstd --long
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kLongWindow);
  std::string plain;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::string piece(ZSTD_DStreamOutSize(), '\0');
  std::size_t left = 1;
  while (in.pos < in.size || left != 0) {
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left) != 0) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("the compression is damaged: {}", ZSTD_getErrorName(left)));
    }
    plain.append(piece.data(), out.pos);
    if (plain.size() > most) {
      if (whole) return Error(ErrorCode::invalid_input, fmt::format("the file is larger than {} bytes", most));
      plain.resize(most);
      return plain;
    }
    if (out.pos == 0 && in.pos == in.size && left != 0) {
      if (!whole) return plain;
      return Error(ErrorCode::invalid_input, "the compressed file ends too early");
    }
  }
  return plain;
}

}  // namespace mj::intake
