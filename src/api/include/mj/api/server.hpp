#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mj/alarm/alarm_book.hpp"
#include "mj/anchoring/anchors.hpp"
#include "mj/appraisal/scheme.hpp"
#include "mj/assess/point_state.hpp"
#include "mj/coverage/assessment.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/devices/device_book.hpp"
#include "mj/evaluation/engine.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/intake/importer.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::api {

/// How busy the device side is. The gateway stands on the same floor as this room, so the application passes it in.
struct GatewayFigures {
  std::string address;  ///< where devices connect; empty when there is no gateway in this process
  std::uint64_t connections = 0;
  double frames_per_s = 0;
  double bytes_per_s = 0;
};

/// One connection of the connection table 连接表.
struct LinkFigures {
  std::uint64_t connection = 0;
  std::string peer;
  bool tls = false;
  std::vector<std::string> devices;  ///< MNs that can be spoken to over it, newest first
  Instant since;
  Instant last_byte_at;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t junk_bytes = 0;
};

/// Where the stores keep their files; only measured here.
struct Directories {
  std::filesystem::path evidence;
  std::filesystem::path telemetry;
  std::filesystem::path records;
};

/// What the server speaks about. All references outlive it.
struct Services {
  evidence::Log& log;
  telemetry::Store& store;
  alarm::AlarmBook& alarms;
  const registry::Network& network;
  const standards::StandardSet& standards;
  const assess::StateRules& state_rules;
  devices::DeviceBook& devices;
  registry::DeviceRegister& device_register;
  custody::CustodyBook& custody;
  anchoring::Anchoring& anchors;
  evidence::Maintenance& maintenance;
  const hj212::Protocol& protocol;
  runtime::Clock clock;
  std::function<GatewayFigures()> gateway;          ///< called from any thread; none = no gateway
  std::function<std::vector<LinkFigures>()> links;  ///< the same; newest first
  std::string version;                              ///< of the program
  Directories directories;
  intake::Importer* importer = nullptr;                       ///< null = files are not taken
  const coverage::Planning* coverage = nullptr;               ///< null = no planning rules
  registry::Book* register_book = nullptr;                    ///< null = there is no register
  const std::vector<appraisal::Scheme>* appraisal = nullptr;  ///< null = no schemes
  evaluation::Engine* evaluation = nullptr;                   ///< null = nothing is evaluated
};

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< a loopback address: there is no login
  std::uint16_t port = 0;             ///< 0 = any free one
  std::filesystem::path web_dir;      ///< the built web client (web/dist); may be missing
};

/// The HTTP server of api/openapi/mingjian.yaml, with the event stream and the web client.
/// Thread: every member may be called from any thread.
class Server {
 public:
  /// Listens and serves until destroyed. Errors: invalid_input for an address that is not this machine's own loopback;
  /// unavailable when the port is taken.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Services services);
  /// Stops serving; running requests are finished first. No publish_…() may run or follow.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;

  /// For telemetry::Store::on_stored(): tells the browsers what arrived, sampled to the rates of the contract. Never waits.
  void publish_stored(const telemetry::Stored& stored);
  /// For alarm::AlarmBook::on_change(): raised, cleared and acknowledged alarms leave at once; repeated updates of one alarm
  /// at most twice a second. Never waits.
  void publish_alarm(const alarm::Alarm& alarm, alarm::Change change);
  /// For devices::DeviceBook::on_order(): changes of one order within 100 ms are told once. Never waits.
  void publish_order(const devices::Order& order);
  /// For devices::DeviceBook::on_event(): at most 20 a second, the newest ones. Never waits.
  void publish_device_event(const devices::DeviceEvent& event);
  /// For anchoring::Anchoring::on_change(): told at most once a second. Never waits.
  void publish_evidence();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::api
