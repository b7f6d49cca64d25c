#include "machine_figures.hpp"

#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <boost/version.hpp>

namespace mj::api {
namespace {

constexpr std::int64_t kMeasureEveryMs = 5000;

std::uint64_t directory_bytes(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code failed;
  // Files come and go while we walk (write-ahead logs): what cannot be read counts nothing.
  for (auto at = std::filesystem::recursive_directory_iterator(directory, failed);
       !failed && at != std::filesystem::recursive_directory_iterator(); at.increment(failed)) {
    std::error_code unreadable;
    if (!at->is_regular_file(unreadable) || unreadable) continue;
    const auto size = at->file_size(unreadable);
    if (!unreadable) bytes += size;
  }
  return bytes;
}

}  // namespace

std::uint64_t resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmRSS:") continue;
    std::uint64_t kib = 0;
    status >> kib;
    return kib * 1024;
  }
  return 0;
}

std::map<std::string, std::string> versions(const std::string& mingjian) {
  return {
      {"mingjian", mingjian},
      {"duckdb", telemetry::Store::engine_version()},
      {"sqlite", sqlite3_libversion()},
      {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
      {"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
      {"compiler", __VERSION__},
  };
}

DiskUse DiskFigures::read() {
  const std::scoped_lock lock(mutex_);
  const std::int64_t now_ms = runtime::steady_ms();
  if (measured_ && now_ms - measured_ms_ < kMeasureEveryMs) return use_;
  use_.evidence = directory_bytes(directories_.evidence);
  use_.telemetry = directory_bytes(directories_.telemetry);
  use_.records = directory_bytes(directories_.records);
  std::error_code failed;
  const auto space = std::filesystem::space(directories_.evidence, failed);
  use_.free = failed ? 0 : space.available;
  use_.total = failed ? 0 : space.capacity;
  measured_ = true;
  measured_ms_ = now_ms;
  return use_;
}

}  // namespace mj::api
