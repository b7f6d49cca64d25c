#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <mutex>

#include "compressed_format.hpp"
#include "mj/storage/file.hpp"

namespace mj::evidence {

/// A compressed segment, read as if it were the raw one: only the frames that hold the bytes asked for are decompressed, and
/// the last few are kept.
/// Thread: any.
class CompressedFile {
 public:
  /// Reads the seek table. Errors: not_found; damaged when the file is not the compressed segment `number`; unavailable.
  [[nodiscard]] static Result<CompressedFile> open(const std::filesystem::path& path, std::uint32_t number);

  /// Bytes of the segment.
  [[nodiscard]] std::uint64_t size() const { return starts_.back(); }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }
  /// Bytes of the file.
  [[nodiscard]] std::uint64_t stored_bytes() const { return stored_bytes_; }
  /// Reads up to out.size() bytes of the segment; returns how many there were. Errors: damaged, unavailable.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) const;
  /// Compares every stored byte with the file's own check. Errors: damaged, unavailable.
  [[nodiscard]] Status check_stored_bytes() const;

 private:
  struct Cached {
    std::size_t frame;
    std::shared_ptr<const Bytes> bytes;
  };
  struct Cache {
    std::mutex mutex;
    std::list<Cached> frames;  ///< most recently used first
  };

  explicit CompressedFile(storage::File file) : file_(std::move(file)), cache_(std::make_unique<Cache>()) {}
  /// Decompresses a frame into `out`, which has its size.
  [[nodiscard]] Status decompress(std::size_t frame, std::span<std::byte> out) const;
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> frame(std::size_t frame) const;

  storage::File file_;
  std::uint64_t stored_bytes_ = 0;
  CompressedIdentity identity_;
  std::vector<CompressedFrame> frames_;  ///< of data
  std::vector<std::uint64_t> starts_;    ///< first byte of each frame in the segment, and the segment's size
  std::vector<std::uint64_t> places_;    ///< first byte of each frame in the file, and their end
  std::unique_ptr<Cache> cache_;
};

}  // namespace mj::evidence
