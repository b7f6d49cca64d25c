#include "compressed_writer.hpp"

#include <xxhash.h>
#include <zstd.h>

#include "segment_file.hpp"

namespace mj::evidence {
namespace {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

Status compare(const storage::File& raw, const CompressedFile& compressed, const Pace& pace) {
  MJ_CHECK(compressed.check_stored_bytes());
  MJ_TRY(const std::uint64_t size, raw.size());
  Bytes expected(kMostFrameBytes);
  Bytes got(kMostFrameBytes);
  bool same = compressed.size() == size;
  for (std::uint64_t at = 0; same && at < size;) {
    MJ_TRY(const std::size_t there, raw.read_at(at, expected));
    MJ_TRY(const std::size_t here, compressed.read_at(at, std::span(got).first(there)));
    same = here == there && there > 0 && std::memcmp(expected.data(), got.data(), there) == 0;
    at += there;
    if (pace) MJ_CHECK(pace(there));
  }
  if (same) return {};
  return Error(ErrorCode::damaged,
               fmt::format("what is read back is not what {} holds: is the disk failing?", raw.path().string()));
}

}  // namespace

Status write_compressed(const storage::File& raw, std::uint32_t number, int level, storage::File& out,
                        const Pace& pace, const Faults& faults) {
  const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  const std::unique_ptr<XXH3_state_t, FreeState> check(XXH3_createState());
  if (context == nullptr || check == nullptr) {
    return Error(ErrorCode::unavailable, "no memory to compress a segment");
  }
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  XXH3_128bits_reset(check.get());
  std::vector<CompressedFrame> frames;
  Bytes plain(kFrameBytes);
  Bytes packed(ZSTD_compressBound(kFrameBytes));
  std::uint64_t at = 0;
  std::uint64_t place = 0;
  for (;;) {
    MJ_TRY(const std::size_t got, raw.read_at(at, plain));
    if (got == 0) break;
    const BytesView bytes(plain.data(), got);
    const std::size_t made =
        ZSTD_compress2(context.get(), packed.data(), packed.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(made) != 0) {
      return Error(ErrorCode::unavailable, fmt::format("cannot compress: {}", ZSTD_getErrorName(made)));
    }
    MJ_CHECK(faults.write_at(out, place, BytesView(packed).first(made)));
    XXH3_128bits_update(check.get(), packed.data(), made);
    frames.push_back(
        CompressedFrame{static_cast<std::uint32_t>(made), static_cast<std::uint32_t>(got), frame_check(bytes)});
    at += got;
    place += made;
    if (pace) MJ_CHECK(pace(got));
  }
  CompressedIdentity identity{number, at, {}};
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(check.get()));
  std::memcpy(identity.stored_check.data(), canonical.digest, identity.stored_check.size());
  Bytes end = encode(identity);
  frames.push_back(CompressedFrame{static_cast<std::uint32_t>(end.size()), 0, frame_check({})});
  const Bytes table = encode_seek_table(frames);
  end.insert(end.end(), table.begin(), table.end());
  return faults.write_at(out, place, end);
}

Result<Compressed> compress_segment(const Layout& layout, std::uint32_t number, int level, const Pace& pace,
                                    const Faults& faults) {
  const std::filesystem::path path = layout.compressed_segment(number);
  std::filesystem::path temporary = path;
  temporary += ".new";
  MJ_TRY(const storage::File raw, storage::File::open(layout.segment(number), storage::File::Mode::read));
  Result<Compressed> made = [&]() -> Result<Compressed> {
    {
      MJ_TRY(storage::File out, storage::File::open(temporary, storage::File::Mode::create));
      MJ_CHECK(out.truncate(0));
      MJ_CHECK(write_compressed(raw, number, level, out, pace, faults));
      MJ_CHECK(faults.sync_file(out));
    }
    MJ_TRY(const CompressedFile compressed, CompressedFile::open(temporary, number));
    MJ_CHECK(compare(raw, compressed, pace));
    return Compressed{compressed.size(), compressed.stored_bytes()};
  }();
  std::error_code failure;
  if (!made) {
    std::filesystem::remove(temporary, failure);
    return made.error().context(fmt::format("compressing segment {:06}", number));
  }
  std::filesystem::rename(temporary, path, failure);
  if (failure) {
    return Error(ErrorCode::unavailable, fmt::format("cannot name {}: {}", path.string(), failure.message()));
  }
  MJ_CHECK(storage::sync_directory(layout.segments()));
  std::filesystem::remove(layout.segment(number), failure);
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot remove {}: {}", layout.segment(number).string(), failure.message()));
  }
  MJ_CHECK(storage::sync_directory(layout.segments()));
  return made;
}

}  // namespace mj::evidence
