#include "compressed_file.hpp"

#include <xxhash.h>
#include <zstd.h>

namespace mj::evidence {
namespace {

constexpr std::size_t kKeptFrames = 4;
constexpr std::size_t kCheckStep = 1U << 20U;

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
struct FreeHash {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

/// Reads exactly `bytes`. Errors: damaged when the file ends before.
Status read_whole(const storage::File& file, std::uint64_t offset, std::span<std::byte> bytes) {
  MJ_TRY(const std::size_t got, file.read_at(offset, bytes));
  if (got != bytes.size()) return Error(ErrorCode::damaged, fmt::format("the file ends at byte {}", offset + got));
  return {};
}

}  // namespace

Result<CompressedFile> CompressedFile::open(const std::filesystem::path& path, std::uint32_t number) {
  MJ_TRY(storage::File opened, storage::File::open(path, storage::File::Mode::read));
  CompressedFile made(std::move(opened));
  const auto damaged = [&](std::string_view why) {
    return Error(ErrorCode::damaged, fmt::format("compressed segment {:06}: {}", number, why));
  };
  MJ_TRY(made.stored_bytes_, made.file_.size());
  if (made.stored_bytes_ < kIdentityBytes + seek_table_bytes(2)) return damaged("the file is cut short");

  std::array<std::byte, kSeekTableFooterBytes> footer;
  MJ_CHECK(read_whole(made.file_, made.stored_bytes_ - footer.size(), footer));
  const auto count = decode_seek_table_footer(footer);
  if (!count) return damaged(count.error().text());
  const std::uint64_t table_bytes = seek_table_bytes(*count);
  if (*count < 2 || table_bytes > made.stored_bytes_ - kIdentityBytes)
    return damaged("the seek table is too long");
  Bytes table(table_bytes);
  MJ_CHECK(read_whole(made.file_, made.stored_bytes_ - table_bytes, table));
  auto frames = decode_seek_table(table);
  if (!frames) return damaged(frames.error().text());

  const CompressedFrame last = frames->back();
  frames->pop_back();
  made.frames_ = std::move(*frames);
  std::uint64_t start = 0;
  std::uint64_t place = 0;
  for (const CompressedFrame& frame : made.frames_) {
    if (frame.bytes == 0 || frame.bytes > kMostFrameBytes || frame.stored == 0) {
      return damaged("the seek table has a frame of an impossible size");
    }
    made.starts_.push_back(start);
    made.places_.push_back(place);
    start += frame.bytes;
    place += frame.stored;
  }
  made.starts_.push_back(start);
  made.places_.push_back(place);
  if (last.stored != kIdentityBytes || last.bytes != 0 || last.check != frame_check({}) ||
      place + kIdentityBytes + table_bytes != made.stored_bytes_) {
    return damaged("the seek table does not account for the bytes of the file");
  }
  std::array<std::byte, kIdentityBytes> identity;
  MJ_CHECK(read_whole(made.file_, place, identity));
  auto decoded = decode_compressed_identity(identity);
  if (!decoded) return damaged(decoded.error().text());
  made.identity_ = *decoded;
  if (made.identity_.segment != number) {
    return damaged(fmt::format("the file holds segment {:06}", made.identity_.segment));
  }
  if (made.identity_.bytes != start)
    return damaged("the seek table does not account for the bytes of the segment");
  return made;
}

Status CompressedFile::decompress(std::size_t frame, std::span<std::byte> out) const {
  const auto damaged = [&](std::string_view why) {
    return Error(ErrorCode::damaged,
                 fmt::format("compressed segment {:06} at byte {}, frame {} (bytes of the segment from {} on): {}",
                             identity_.segment, places_[frame], frame, starts_[frame], why));
  };
  Bytes stored(frames_[frame].stored);
  if (Status read = read_whole(file_, places_[frame], stored); !read) {
    return read.error().code() == ErrorCode::damaged ? damaged(read.error().text()) : read.error();
  }
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  if (context == nullptr) return Error(ErrorCode::unavailable, "no memory to decompress a segment");
  const std::size_t got = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), stored.data(), stored.size());
  if (ZSTD_isError(got) != 0) return damaged(ZSTD_getErrorName(got));
  if (got != out.size()) return damaged("it holds fewer bytes than the seek table says");
  if (frame_check(out) != frames_[frame].check) return damaged("its check is wrong");
  return {};
}

Result<std::shared_ptr<const Bytes>> CompressedFile::frame(std::size_t frame) const {
  {
    const std::lock_guard lock(cache_->mutex);
    auto& kept = cache_->frames;
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const Cached& c) { return c.frame == frame; });
    if (found != kept.end()) {
      kept.splice(kept.begin(), kept, found);
      return kept.front().bytes;
    }
  }
  auto bytes = std::make_shared<Bytes>(frames_[frame].bytes);
  MJ_CHECK(decompress(frame, *bytes));
  const std::lock_guard lock(cache_->mutex);
  cache_->frames.push_front(Cached{frame, bytes});
  if (cache_->frames.size() > kKeptFrames) cache_->frames.pop_back();
  return std::shared_ptr<const Bytes>(std::move(bytes));
}

Result<std::size_t> CompressedFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  std::size_t done = 0;
  while (done < out.size() && offset + done < size()) {
    const std::uint64_t at = offset + done;
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), at);
    const auto index = static_cast<std::size_t>(next - starts_.begin()) - 1;
    const std::size_t skip = static_cast<std::size_t>(at - starts_[index]);
    const std::size_t take = std::min<std::size_t>(frames_[index].bytes - skip, out.size() - done);
    if (take == frames_[index].bytes) {
      // A whole frame is wanted: whoever reads on will not come back to it.
      MJ_CHECK(decompress(index, out.subspan(done, take)));
    } else {
      MJ_TRY(const std::shared_ptr<const Bytes> bytes, frame(index));
      std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(skip), take,
                  out.begin() + static_cast<std::ptrdiff_t>(done));
    }
    done += take;
  }
  return done;
}

Status CompressedFile::check_stored_bytes() const {
  const std::unique_ptr<XXH3_state_t, FreeHash> state(XXH3_createState());
  if (state == nullptr) return Error(ErrorCode::unavailable, "no memory to check a segment");
  XXH3_128bits_reset(state.get());
  Bytes buffer(kCheckStep);
  for (std::uint64_t at = 0; at < places_.back();) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), places_.back() - at));
    MJ_CHECK(read_whole(file_, at, std::span(buffer).first(step)));
    XXH3_128bits_update(state.get(), buffer.data(), step);
    at += step;
  }
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
  if (std::memcmp(canonical.digest, identity_.stored_check.data(), identity_.stored_check.size()) != 0) {
    return Error(ErrorCode::damaged,
                 fmt::format("compressed segment {:06}: its stored bytes are not those that were written",
                             identity_.segment));
  }
  return {};
}

}  // namespace mj::evidence
