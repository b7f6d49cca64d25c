#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "mj/kernel/result.hpp"

namespace mj::acoustics {

/// A sound recording read from its beginning to its end 录音: WAV and what else libsndfile reads. Samples of one channel;
/// ±1 is full scale. Movable; one thread at a time.
class Recording {
 public:
  /// Errors: not_found; invalid_input when it is no recording.
  [[nodiscard]] static Result<Recording> open(const std::filesystem::path& file);
  /// The bytes of a file; a recording that was cut off ends where they end. Errors: invalid_input.
  [[nodiscard]] static Result<Recording> from_bytes(std::string bytes);

  [[nodiscard]] int sample_rate() const;  ///< in Hz
  [[nodiscard]] int channels() const;
  /// Fills the buffer from the channel (0 is the first); fewer than asked only at the end, 0 after it. Errors: invalid_input
  /// for a channel that is not there, damaged data or a sample that is no number.
  [[nodiscard]] Result<std::size_t> read(std::span<double> samples, int channel = 0);

 private:
  struct File;
  explicit Recording(std::shared_ptr<File> file);
  std::shared_ptr<File> file_;
};

}  // namespace mj::acoustics
