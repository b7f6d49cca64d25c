#include "backup_files.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kStep = 1U << 20U;

Error cut_short(const std::filesystem::path& path, std::uint64_t at) {
  return Error(ErrorCode::damaged,
               fmt::format("{} cannot be copied: its source ends at byte {}", path.string(), at));
}

}  // namespace

Status make_directory(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (!failure) return {};
  return Error(ErrorCode::unavailable, fmt::format("cannot create {}: {}", path.string(), failure.message()));
}

Status remove_durably(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::remove(path, failure);
  if (failure) {
    return Error(ErrorCode::unavailable, fmt::format("cannot remove {}: {}", path.string(), failure.message()));
  }
  return storage::sync_directory(path.parent_path());
}

Status copy_whole(const ReadAt& read, std::uint64_t size, const std::filesystem::path& to, bool secret,
                  const Copied& copied) {
  std::filesystem::path temporary = to;
  temporary += ".new";
  std::error_code failure;
  {
    MJ_TRY(storage::File out, storage::File::open(temporary, storage::File::Mode::create));
    // Closed to others before the secret is in it.
    if (secret) {
      std::filesystem::permissions(
          temporary, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failure);
      if (failure) {
        return Error(ErrorCode::unavailable,
                     fmt::format("cannot protect {}: {}", temporary.string(), failure.message()));
      }
    }
    MJ_CHECK(out.truncate(0));
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, kStep)));
    for (std::uint64_t at = 0; at < size;) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at));
      MJ_TRY(const std::size_t got, read(at, std::span(buffer).first(wanted)));
      if (got == 0) return cut_short(to, at);
      MJ_CHECK(out.write_at(at, BytesView(buffer).first(got)));
      at += got;
      if (copied) copied(got);
    }
    MJ_CHECK(out.sync());
  }
  std::filesystem::rename(temporary, to, failure);
  if (failure) {
    return Error(ErrorCode::unavailable, fmt::format("cannot name {}: {}", to.string(), failure.message()));
  }
  return storage::sync_directory(to.parent_path());
}

Status copy_file_whole(const std::filesystem::path& from, const std::filesystem::path& to, bool secret,
                       const Copied& copied) {
  MJ_TRY(const storage::File source, storage::File::open(from, storage::File::Mode::read));
  MJ_TRY(const std::uint64_t size, source.size());
  return copy_whole([&](std::uint64_t at, std::span<std::byte> out) { return source.read_at(at, out); }, size, to,
                    secret, copied);
}

Status extend_copy(const std::filesystem::path& from, std::uint64_t known, std::uint64_t size,
                   const std::filesystem::path& to, const Copied& copied) {
  MJ_TRY(const storage::File source, storage::File::open(from, storage::File::Mode::read));
  MJ_TRY(storage::File out, storage::File::open(to, storage::File::Mode::create));
  // What an interrupted run left behind what is known may be anything.
  MJ_TRY(const std::uint64_t there, out.size());
  if (there < known) known = 0;
  if (there > known) MJ_CHECK(out.truncate(known));
  Bytes buffer(kStep);
  for (std::uint64_t at = known; at < size;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at));
    MJ_TRY(const std::size_t got, source.read_at(at, std::span(buffer).first(wanted)));
    if (got == 0) return cut_short(to, at);
    MJ_CHECK(out.write_at(at, BytesView(buffer).first(got)));
    at += got;
    if (copied) copied(got);
  }
  return out.sync();
}

}  // namespace mj::evidence
