#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "mj/api/server.hpp"

namespace mj::api {

/// Resident memory of this process in bytes; 0 when the system does not tell.
[[nodiscard]] std::uint64_t resident_bytes();

/// Program and library versions by name: mingjian, duckdb, sqlite, openssl, boost, compiler.
[[nodiscard]] std::map<std::string, std::string> versions(const std::string& mingjian);

/// Bytes on disk.
struct DiskUse {
  std::uint64_t evidence = 0;
  std::uint64_t telemetry = 0;
  std::uint64_t records = 0;
  std::uint64_t free = 0;  ///< of the file system that holds the evidence, for an ordinary user
  std::uint64_t total = 0;
};

/// Measures the directories at most every five seconds: walking many segments is not free.
class DiskFigures {
 public:
  explicit DiskFigures(Directories directories) : directories_(std::move(directories)) {}
  [[nodiscard]] DiskUse read();

 private:
  Directories directories_;
  std::mutex mutex_;
  std::int64_t measured_ms_ = 0;
  bool measured_ = false;
  DiskUse use_;
};

}  // namespace mj::api
