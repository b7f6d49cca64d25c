#include "mj/storage/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mj::storage {
namespace {

Error os_error(const std::filesystem::path& path, std::string_view act) {
  const int reason = errno;
  const ErrorCode code = reason == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
  return Error(code, fmt::format("cannot {} {}: {}", act, path.string(), std::strerror(reason)));
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path, Mode mode) {
  int flags = O_CLOEXEC;
  switch (mode) {
    case Mode::read: flags |= O_RDONLY; break;
    case Mode::read_write: flags |= O_RDWR; break;
    case Mode::create: flags |= O_RDWR | O_CREAT; break;
  }
  const int descriptor = ::open(path.c_str(), flags, 0644);
  if (descriptor < 0) return os_error(path, "open");
  return File(descriptor, path);
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    path_ = std::move(other.path_);
  }
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status File::write_at(std::uint64_t offset, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      return os_error(path_, "write");
    }
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::size_t> File::read_at(std::uint64_t offset, std::span<std::byte> bytes) const {
  std::size_t total = 0;
  while (total < bytes.size()) {
    const ssize_t got =
        ::pread(descriptor_, bytes.data() + total, bytes.size() - total, static_cast<off_t>(offset + total));
    if (got < 0) {
      if (errno == EINTR) continue;
      return os_error(path_, "read");
    }
    if (got == 0) break;
    total += static_cast<std::size_t>(got);
  }
  return total;
}

Status File::sync() {
  if (::fdatasync(descriptor_) != 0) return os_error(path_, "sync");
  return {};
}

Result<std::uint64_t> File::size() const {
  struct stat info{};
  if (::fstat(descriptor_, &info) != 0) return os_error(path_, "stat");
  return static_cast<std::uint64_t>(info.st_size);
}

Status File::truncate(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return os_error(path_, "truncate");
  return {};
}

Status File::reserve(std::uint64_t size) {
  if (::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) != 0 && errno != EOPNOTSUPP &&
      errno != ENOSYS) {
    return os_error(path_, "reserve space for");
  }
  return {};
}

Status File::lock_exclusively() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return Error(ErrorCode::conflict,
                   fmt::format("{} is locked: another mingjian process uses this data directory; stop it first",
                               path_.string()));
    }
    return os_error(path_, "lock");
  }
  return {};
}

Status sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return os_error(directory, "open");
  const int result = ::fsync(descriptor);
  if (result != 0) {
    const Error error = os_error(directory, "sync");
    ::close(descriptor);
    return error;
  }
  ::close(descriptor);
  return {};
}

Status replace_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  {
    MJ_TRY(File file, File::open(temporary, File::Mode::create));
    MJ_CHECK(file.truncate(0));
    MJ_CHECK(file.write_at(0, as_bytes(content)));
    MJ_CHECK(file.sync());
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return os_error(path, "replace");
  return sync_directory(path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path());
}

Result<std::string> read_file(const std::filesystem::path& path) {
  MJ_TRY(const File file, File::open(path, File::Mode::read));
  MJ_TRY(const std::uint64_t size, file.size());
  std::string content(size, '\0');
  MJ_TRY(const std::size_t got, file.read_at(0, std::as_writable_bytes(std::span<char>(content))));
  content.resize(got);
  return content;
}

}  // namespace mj::storage
