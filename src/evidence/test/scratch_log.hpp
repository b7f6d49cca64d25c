#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mj/evidence/log.hpp"

namespace mj::evidence {

/// A directory of its own for one test, on tmpfs when there is one, removed at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    const bool memory = std::filesystem::exists("/dev/shm");
    std::string pattern = (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
                          "mj-evidence-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path log() const { return path_ / "log"; }

 private:
  std::filesystem::path path_;
};

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void spew(const std::filesystem::path& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// Entry number `n` of a test: everything in it follows from `n`.
struct TestEntry {
  explicit TestEntry(std::uint64_t n, std::size_t padding = 0)
      : peer("203.0.113.7:" + std::to_string(1024 + n % 60000)),
        device("MN" + std::to_string(n % 17)),
        payload("##frame " + std::to_string(n) + std::string(padding, 'x')) {
    // The clock steps back now and then: the log stores what it is given.
    entry.received_at = Instant::from_ms(1'700'000'000'000 + static_cast<std::int64_t>(n % 7) * 1000 -
                                         static_cast<std::int64_t>(n));
    entry.connection = n / 3;
    entry.peer = peer;
    entry.device = device;
    entry.payload = as_bytes(payload);
  }
  TestEntry(const TestEntry&) = delete;
  TestEntry& operator=(const TestEntry&) = delete;

  std::string peer;
  std::string device;
  std::string payload;
  evidence_format::Entry entry;
};

inline bool same(const evidence_format::Entry& a, const evidence_format::Entry& b) {
  return a.type == b.type && a.received_at == b.received_at && a.connection == b.connection && a.peer == b.peer &&
         a.device == b.device && as_text(a.payload) == as_text(b.payload);
}

}  // namespace mj::evidence
