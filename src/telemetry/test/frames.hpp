#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "mj/evidence/log.hpp"
#include "mj/hj212/message.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::telemetry::test {

inline constexpr const char* kMn = "010000A8900016F000169DC0";
inline constexpr const char* kMn2 = "010000A8900016F000169DC1";

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-telemetry-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline registry::Network network_of(std::vector<std::string> devices) {
  std::vector<registry::Point> points;
  for (std::string& mn : devices) {
    registry::Point point;
    point.id = "point-" + mn;
    point.element = registry::Element::source;
    point.device = std::move(mn);
    points.push_back(std::move(point));
  }
  return *registry::Network::from_points(std::move(points));
}

inline std::string upload(std::string_view mn, std::string_view cn, std::string_view data_time,
                          std::string_view values) {
  return hj212::frame(fmt::format("QN=20260301120000000;ST=32;CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                  cn, mn, data_time, values));
}

/// Appends a frame as the gateway would.
inline std::uint64_t append(evidence::Log& log, std::string_view mn, std::string_view bytes,
                            evidence_format::EntryType type = evidence_format::EntryType::frame) {
  evidence_format::Entry entry;
  entry.type = type;
  entry.received_at = Instant::from_ms(1'772'000'000'000);
  entry.connection = 7;
  entry.peer = "127.0.0.1:50000";
  entry.device = mn;
  entry.payload = as_bytes(bytes);
  return log.append_and_wait(entry)->raw();
}

inline std::unique_ptr<evidence::Log> open_log(const std::filesystem::path& folder) {
  return *evidence::Log::open(folder / "evidence", evidence::LogOptions{});
}

/// A register without decisions, for the logs of all tests that need no other.
inline registry::DeviceRegister& plain_register() {
  static const TemporaryFolder folder;
  static const registry::Network network = network_of({});
  static const auto devices = *registry::DeviceRegister::open(folder.path(), network);
  return *devices;
}

/// Lets the register pass the whole log.
inline void pass(registry::DeviceRegister& devices, const evidence::Log& log) {
  while (devices.consume(log).value() > 0 || devices.position() != log.size()) {
  }
}

/// Consumes until nothing is left.
inline void consume_all(Store& store, const evidence::Log& log) {
  pass(plain_register(), log);
  while (store.consume(log).value() > 0) {
  }
}

inline SeriesQuery query_of(std::string_view mn, std::string_view factor, std::string_view kind) {
  SeriesQuery query;
  query.device = mn;
  query.factor = factor;
  query.kind = kind;
  query.from = *parse_iso("2026-01-01");
  query.to = *parse_iso("2027-01-01");
  return query;
}

}  // namespace mj::telemetry::test
