#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "automation.hpp"
#include "mj/alarm/alarm_book.hpp"
#include "mj/anchoring/anchors.hpp"
#include "mj/api/server.hpp"
#include "mj/appraisal/scheme.hpp"
#include "mj/assess/point_state.hpp"
#include "mj/coverage/assessment.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/dataset/catalogue.hpp"
#include "mj/devices/device_book.hpp"
#include "mj/evaluation/engine.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/gateway/server.hpp"
#include "mj/intake/importer.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/registry/register_schema.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::app {

/// Where things are in a data directory 数据目录.
struct DataDirectory {
  std::filesystem::path root;
  [[nodiscard]] std::filesystem::path evidence() const { return root / "evidence"; }
  [[nodiscard]] std::filesystem::path telemetry() const { return root / "telemetry"; }
  [[nodiscard]] std::filesystem::path records() const { return root / "records"; }
  [[nodiscard]] std::filesystem::path evaluation() const { return root / "evaluation"; }
  [[nodiscard]] std::filesystem::path network() const { return root / "network.toml"; }
  /// Records of the register as files, one for each kind; may be missing.
  [[nodiscard]] std::filesystem::path register_files() const { return root / "register"; }
  /// Rows that stand for shipped ones of standards/, decided by the operator; may be missing.
  [[nodiscard]] std::filesystem::path local_standards() const { return root / "standards.local"; }
  [[nodiscard]] std::filesystem::path vault_key() const { return root / "keys" / "vault-key"; }
  /// Opens the signing keys of the log, which stand encrypted beside it.
  [[nodiscard]] std::filesystem::path passphrase() const { return root / "keys" / "evidence-passphrase"; }
  /// Witnesses and time stamps; may be missing.
  [[nodiscard]] std::filesystem::path evidence_options() const { return root / "evidence.toml"; }
};

/// Opens the evidence log of a data directory; `origin` names a new one, an existing one keeps the origin of its key ring.
[[nodiscard]] Result<std::unique_ptr<evidence::Log>> open_log(const DataDirectory& data,
                                                              const std::string& origin = "mingjian.local/log");

/// The data shipped with the program: standards/, rules/, demo/, web/dist, api/. Found beside the program (installed or
/// in a source tree) or named by --share. Errors: not_found with the places looked at.
[[nodiscard]] Result<std::filesystem::path> find_share(const std::string& option);

/// Rules and registered points, loaded and checked.
struct Knowledge {
  registry::Network network;
  standards::StandardSet standards;
  assess::StateRules state_rules;
  alarm::LimitSet limits;
  devices::Rules device_rules;
  custody::Rules custody_rules;
  registry::RegisterSchema register_schema;

  /// `network_file` empty: network.toml of the data directory; without one, the network is empty and every device is unknown.
  [[nodiscard]] static Result<Knowledge> load(const std::filesystem::path& share, const DataDirectory& data,
                                              const std::string& network_file);
};

struct PlatformOptions {
  DataDirectory data;
  std::string network_file;
  std::filesystem::path share;
  std::string origin = "mingjian.local/log";
  std::string http_address = "127.0.0.1";
  std::uint16_t http_port = 8080;
  gateway::ServerOptions devices;  ///< where and how devices may connect
  evidence::MaintenanceOptions upkeep;
  std::vector<std::filesystem::path> register_folders;  ///< files of records besides those of the data directory
  std::optional<anchoring::Options> anchoring;  ///< none = evidence.toml of the data directory, if there is one
};

/// The running platform: evidence log, followers, gateway, HTTP server. Stops in the order of the data: first nothing
/// more comes in, then what came is committed and derived, then the stores close.
class Platform {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Platform>> start(const PlatformOptions& options);
  ~Platform();
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  [[nodiscard]] std::uint16_t http_port() const { return http_->port(); }
  [[nodiscard]] std::uint16_t hj212_port() const { return hj212_port_; }
  [[nodiscard]] std::optional<std::uint16_t> hj212_tls_port() const { return hj212_tls_port_; }
  [[nodiscard]] const hj212::Protocol& protocol() const { return knowledge_->standards.protocol(); }
  [[nodiscard]] evidence_format::KeyRing keyring() const { return log_->keyring(); }
  /// Takes a file of another department in, as the API does. Any thread.
  [[nodiscard]] Result<intake::Receipt> take(const intake::Offer& offer) { return importer_->take(offer); }
  /// Entries of the log; those whose values are stored. Any thread.
  [[nodiscard]] std::uint64_t recorded() const { return log_->size(); }
  [[nodiscard]] std::uint64_t derived() const { return store_->position(); }
  /// Evaluates now what would be evaluated a while after values have settled. Any thread. Errors: conflict while a run goes on.
  [[nodiscard]] Result<evaluation::Run> evaluate(const evaluation::RunRequest& request) {
    return evaluation_->order(request);
  }
  [[nodiscard]] std::size_t point_count() const { return knowledge_->network.points().size(); }

 private:
  Platform() = default;
  void listen_to_rooms();
  void start_followers();
  void follow_register(const std::stop_token& stop);
  void follow_book(const std::stop_token& stop);
  void follow_values(const std::stop_token& stop);
  void follow_alarms(const std::stop_token& stop);
  void follow_devices(const std::stop_token& stop);
  void follow_custody(const std::stop_token& stop);
  void follow_anchors(const std::stop_token& stop);
  void carry_anchors(const std::stop_token& stop);
  void follow_evaluation(const std::stop_token& stop);
  void place_orders(const std::stop_token& stop);
  /// Nothing is read beyond the register: it knows the settings of every entry that it has passed.
  void wait_for_register(std::uint64_t position, const std::stop_token& stop);
  void hand_over(const devices::Order& order);
  Status open_intake(const std::filesystem::path& share);
  api::GatewayFigures gateway_figures();
  std::vector<api::LinkFigures> link_figures();
  std::vector<std::string> online();

  std::unique_ptr<Knowledge> knowledge_;
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<registry::Book> book_;
  std::unique_ptr<coverage::Planning> planning_;
  std::unique_ptr<registry::DeviceRegister> register_;
  std::unique_ptr<telemetry::Store> store_;
  std::unique_ptr<alarm::AlarmBook> alarms_;
  std::unique_ptr<devices::DeviceBook> devices_;
  std::unique_ptr<custody::CustodyBook> custody_;
  std::unique_ptr<anchoring::Anchoring> anchors_;
  std::unique_ptr<evidence::Maintenance> maintenance_;
  std::unique_ptr<Automation> automation_;
  std::unique_ptr<dataset::Catalogue> layouts_;
  std::unique_ptr<intake::Importer> importer_;
  std::vector<appraisal::Scheme> appraisal_;
  std::unique_ptr<evaluation::Engine> evaluation_;
  std::unique_ptr<api::Server> http_;
  std::string hj212_address_;
  std::uint16_t hj212_port_ = 0;
  std::optional<std::uint16_t> hj212_tls_port_;

  /// Guards the gateway's life and its rates between two readings: requests of the HTTP server ask for them.
  std::mutex gateway_mutex_;
  std::unique_ptr<gateway::Server> gateway_;
  std::int64_t rate_at_ms_ = 0;
  gateway::Figures rate_before_;
  api::GatewayFigures rate_;

  std::jthread register_thread_;
  std::jthread book_thread_;
  std::jthread values_thread_;
  std::jthread alarms_thread_;
  std::jthread devices_thread_;
  std::jthread custody_thread_;
  std::jthread anchor_index_thread_;
  std::jthread anchors_thread_;
  std::jthread orders_thread_;
  std::jthread evaluation_thread_;
};

/// Blocks SIGINT and SIGTERM for all threads started afterwards. Call first in main thread.
void block_stop_signals();
/// Waits for SIGINT or SIGTERM, or until `stop` is requested; true when a signal came.
bool wait_for_stop_signal(const std::stop_token& stop = {});

}  // namespace mj::app
