#include "table_file.hpp"

#include <zstd.h>

#include <cstdio>

namespace mj::app {
namespace {

struct CloseTable {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

class TableFile {
 public:
  TableFile(std::string name, std::FILE* file)
      : name_(std::move(name)), file_(file), stream_(ZSTD_createDStream(), ZSTD_freeDStream), raw_(1U << 18U) {
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 31);
  }

  Result<std::size_t> read(std::span<char> into) {
    if (!looked_) {
      looked_ = true;
      MJ_CHECK(refill());
      // The magic numbers of a frame and of a skippable one.
      const auto* head = reinterpret_cast<const unsigned char*>(raw_.data());
      compressed_ =
          size_ >= 4 && ((head[0] == 0x28 && head[1] == 0xB5 && head[2] == 0x2F && head[3] == 0xFD) ||
                         ((head[0] & 0xF0U) == 0x50 && head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18));
    }
    return compressed_ ? decompress(into) : copy(into);
  }

 private:
  Status refill() {
    size_ = std::fread(raw_.data(), 1, raw_.size(), file_.get());
    at_ = 0;
    if (std::ferror(file_.get()) != 0)
      return Error(ErrorCode::unavailable, fmt::format("cannot read {}: {}", name_, std::strerror(errno)));
    return {};
  }

  Result<std::size_t> copy(std::span<char> into) {
    if (at_ == size_) MJ_CHECK(refill());
    const std::size_t count = std::min(into.size(), size_ - at_);
    std::memcpy(into.data(), raw_.data() + at_, count);
    at_ += count;
    return count;
  }

  Result<std::size_t> decompress(std::span<char> into) {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos == 0) {
      if (at_ == size_) {
        MJ_CHECK(refill());
        if (size_ == 0) {
          if (inside_) return Error(ErrorCode::invalid_input, fmt::format("{} ends inside a zstd frame", name_));
          return std::size_t{0};
        }
      }
      ZSTD_inBuffer in{raw_.data(), size_, at_};
      const std::size_t left = ZSTD_decompressStream(stream_.get(), &out, &in);
      at_ = in.pos;
      if (ZSTD_isError(left) != 0U)
        return Error(ErrorCode::invalid_input, fmt::format("{}: {}", name_, ZSTD_getErrorName(left)));
      inside_ = left != 0;
    }
    return out.pos;
  }

  std::string name_;
  std::unique_ptr<std::FILE, CloseTable> file_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
  std::vector<char> raw_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  bool looked_ = false;
  bool compressed_ = false;
  bool inside_ = false;
};

}  // namespace

Result<assess::ByteSource> open_table(const std::string& file) {
  std::FILE* opened = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
  if (opened == nullptr)
    return Error(ErrorCode::not_found, fmt::format("cannot open {}: {}", file, std::strerror(errno)));
  auto table = std::make_shared<TableFile>(file == "-" ? "standard input" : file, opened);
  return assess::ByteSource([table](std::span<char> into) { return table->read(into); });
}

assess::ByteSink standard_output() {
  return [](std::string_view text) -> Status {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      return Error(ErrorCode::unavailable, fmt::format("cannot write the result: {}", std::strerror(errno)));
    return {};
  };
}

}  // namespace mj::app
