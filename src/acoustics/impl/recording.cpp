#include "mj/acoustics/recording.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <fmt/format.h>

namespace mj::acoustics {
namespace {

/// Bytes in memory as libsndfile wants to see a file.
struct Bytes {
  std::string text;
  sf_count_t at = 0;
};

sf_count_t size_of(void* user) { return static_cast<sf_count_t>(static_cast<Bytes*>(user)->text.size()); }

sf_count_t tell(void* user) { return static_cast<Bytes*>(user)->at; }

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto* bytes = static_cast<Bytes*>(user);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? bytes->at : size_of(user);
  bytes->at = std::clamp<sf_count_t>(from + offset, 0, size_of(user));
  return bytes->at;
}

sf_count_t read_bytes(void* into, sf_count_t count, void* user) {
  auto* bytes = static_cast<Bytes*>(user);
  const sf_count_t size = std::min(count, size_of(user) - bytes->at);
  std::memcpy(into, bytes->text.data() + bytes->at, static_cast<std::size_t>(size));
  bytes->at += size;
  return size;
}

}  // namespace

struct Recording::File {
  ~File() {
    if (handle != nullptr) sf_close(handle);
  }
  Bytes bytes;
  SF_INFO info{};
  SNDFILE* handle = nullptr;
  std::int64_t place = 0;
  std::vector<double> frames;

  Status check() const {
    if (handle == nullptr)
      return Error(ErrorCode::invalid_input, fmt::format("no recording: {}", sf_strerror(nullptr)));
    if (info.samplerate < 1000 || info.samplerate > 1'000'000)
      return Error(ErrorCode::invalid_input,
                   fmt::format("{} samples a second are beyond 1,000 … 1,000,000", info.samplerate));
    return {};
  }
};

Recording::Recording(std::shared_ptr<File> file) : file_(std::move(file)) {}

Result<Recording> Recording::open(const std::filesystem::path& file) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure))
    return Error(ErrorCode::not_found, fmt::format("cannot open {}", file.string()));
  auto body = std::make_shared<File>();
  body->handle = sf_open(file.c_str(), SFM_READ, &body->info);
  if (auto status = body->check(); !status) return status.error().context(file.string());
  return Recording(std::move(body));
}

Result<Recording> Recording::from_bytes(std::string bytes) {
  auto body = std::make_shared<File>();
  body->bytes.text = std::move(bytes);
  SF_VIRTUAL_IO access{};
  access.get_filelen = size_of;
  access.seek = seek;
  access.read = read_bytes;
  access.tell = tell;
  body->handle = sf_open_virtual(&access, SFM_READ, &body->info, &body->bytes);
  MJ_CHECK(body->check());
  return Recording(std::move(body));
}

int Recording::sample_rate() const { return file_->info.samplerate; }

int Recording::channels() const { return file_->info.channels; }

Result<std::size_t> Recording::read(std::span<double> samples, int channel) {
  File& file = *file_;
  if (channel < 0 || channel >= file.info.channels)
    return Error(ErrorCode::invalid_input,
                 fmt::format("there is no channel {}: the recording has {}", channel + 1, file.info.channels));
  const auto width = static_cast<std::size_t>(file.info.channels);
  file.frames.resize(samples.size() * width);
  const sf_count_t got = sf_readf_double(file.handle, file.frames.data(), static_cast<sf_count_t>(samples.size()));
  if (sf_error(file.handle) != SF_ERR_NO_ERROR)
    return Error(ErrorCode::invalid_input,
                 fmt::format("recording is damaged after sample {}: {}", file.place, sf_strerror(file.handle)));
  for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
    samples[i] = file.frames[i * width + static_cast<std::size_t>(channel)];
    if (!std::isfinite(samples[i]))
      return Error(ErrorCode::invalid_input,
                   fmt::format("sample {} is no number", file.place + static_cast<std::int64_t>(i)));
  }
  file.place += got;
  return static_cast<std::size_t>(got);
}

}  // namespace mj::acoustics
