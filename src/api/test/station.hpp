#pragma once

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "http_client.hpp"
#include "mj/api/server.hpp"
#include "mj/hj212/message.hpp"

namespace mj::api::test {

inline constexpr const char* kSourceMn = "010000A8900016F000169DC0";
inline constexpr const char* kAirMn = "010000A8900016F000169DC1";
inline constexpr const char* kWaterMn = "010000A8900016F000169DC2";
inline constexpr const char* kStrangerMn = "010000A8900016F000169DFF";

/// An empty directory, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-api-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const std::filesystem::path& name, std::string_view content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_;
};

inline registry::Point point(std::string id, registry::Element element, std::string device) {
  registry::Point made;
  made.id = std::move(id);
  made.name = {"测点" + made.id, "Point " + made.id};
  made.element = element;
  made.district = "渝中区";
  made.lon = 106.5;
  made.lat = 29.5;
  made.device = std::move(device);
  return made;
}

/// An upload as a device sends it. Source of the form: HJ 212-2017 appendix C.
inline std::string upload(std::string_view mn, std::string_view st, std::string_view cn,
                          std::string_view data_time, std::string_view values) {
  return hj212::frame(fmt::format("QN=20260301120000000;ST={};CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                  st, cn, mn, data_time, values));
}

/// Where a device is answered.
inline std::string device_path(std::string_view mn, std::string_view rest = {}) {
  return fmt::format("/api/devices/{}{}", mn, rest);
}

/// The whole way from the wire's bytes to the browser, in one process: log, values, alarms, server, and the thread that follows
/// the log.
class Station {
 public:
  /// Source of the figure: chosen for the tests; COD of an outlet, whose real-time value of 62.50 mg/L is beyond it; the level of an
  /// hour.
  static constexpr const char* kLimits = R"([[limit]]
id = "outlet-cod"
element = "source"
factor = "w01018"
unit = "mg/L"
upper = "50"
periods = ["instant"]
severity = "serious"
source = { zh = "测试限值 表1", en = "Limit of the tests, table 1" }
valid_from = "2020-01-01"
verification = "UNVERIFIED"

[[limit]]
id = "noise-hour"
element = "noise"
factor = "Leq"
unit = "dB"
upper = "70"
periods = ["hour"]
source = { zh = "测试限值 表2", en = "Limit of the tests, table 2" }
valid_from = "2020-01-01"
verification = "UNVERIFIED"
)";

  explicit Station(std::vector<registry::Point> points = {point("outlet-1", registry::Element::source, kSourceMn),
                                                          point("air-1", registry::Element::air, kAirMn),
                                                          point("water-1", registry::Element::surface_water,
                                                                kWaterMn)})
      : network(*registry::Network::from_points(std::move(points))) {
    store->on_stored([this](const telemetry::Stored& stored) { server->publish_stored(stored); });
    alarms->on_change(
        [this](const alarm::Alarm& alarm, alarm::Change change) { server->publish_alarm(alarm, change); });
    book->on_order([this](const devices::Order& order) { server->publish_order(order); });
    book->on_event([this](const devices::DeviceEvent& event) { server->publish_device_event(event); });
    auto started = Server::start(ServerOptions{"127.0.0.1", 0, folder.path() / "web"}, services());
    if (!started) throw std::runtime_error(started.error().text());
    server = *std::move(started);
    follow();
  }
  ~Station() {
    rest();
    server.reset();
  }

  Services services() {
    Services offered{
        *log,
        *store,
        *alarms,
        network,
        standards,
        rules,
        *book,
        *settings,
        *custody,
        *anchors,
        *maintenance,
        standards.protocol(),
        [this] { return Instant::from_ms(now_ms); },
        [] { return GatewayFigures{"127.0.0.1:9000", 3, 12.5, 2500}; },
        [this] {
          const std::scoped_lock lock(links_mutex);
          return links;
        },
        "0.1.0-test",
        Directories{folder.path() / "evidence", folder.path() / "telemetry", folder.path() / "records"}};
    offered.register_book = register_book.get();
    return offered;
  }
  /// Starts the thread that consumes the log.
  void follow() {
    follower = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const std::uint64_t done = position();
        if (log->wait_beyond(done, 1000, stop) == done) continue;
        if (!settings->consume(*log) || !store->consume(*log) || !alarms->consume(*log) ||
            !book->consume(*log, settings->position()) || !custody->consume(*log) || !anchors->consume()) {
          return;
        }
      }
    });
  }
  /// Stops it: what arrives from now on stays pending.
  void rest() { follower = std::jthread(); }

  /// As the gateway appends what it received; waits until it is durable and returns its index.
  std::uint64_t append(std::string_view mn, std::string_view bytes,
                       evidence_format::EntryType type = evidence_format::EntryType::frame) {
    evidence_format::Entry entry;
    entry.type = type;
    entry.received_at = Instant::from_ms(now_ms);
    entry.connection = 7;
    entry.peer = "127.0.0.1:50000";
    entry.device = mn;
    entry.payload = as_bytes(bytes);
    return log->append_and_wait(entry).value().raw();
  }
  /// Appends and waits until values and alarms have it.
  std::uint64_t feed(std::string_view mn, std::string_view bytes,
                     evidence_format::EntryType type = evidence_format::EntryType::frame) {
    const std::uint64_t index = append(mn, bytes, type);
    settle();
    return index;
  }
  void settle() const {
    while (position() < log->size()) std::this_thread::yield();
  }
  /// Entries that all followers have.
  [[nodiscard]] std::uint64_t position() const {
    return std::min({settings->position(), store->position(), alarms->position(), book->position(),
                     custody->position(), anchors->position()});
  }
  /// As the gateway says that a device is connected.
  void connect(std::string_view mn) {
    LinkFigures link;
    link.connection = 7;
    link.peer = "127.0.0.1:50000";
    link.devices = {std::string(mn)};
    link.since = link.last_byte_at = Instant::from_ms(now_ms);
    link.frames = 3;
    const std::scoped_lock lock(links_mutex);
    links.insert(links.begin(), std::move(link));
  }
  /// As the gateway records a step of a conversation: the frame it sends, if any, and the event, in one batch.
  void step(const devices::Step& step, std::string_view mn, std::string_view sent_frame = {}) {
    if (!sent_frame.empty()) append(mn, sent_frame, evidence_format::EntryType::sent);
    append(mn, devices::encode(step), evidence_format::EntryType::event);
    settle();
  }
  [[nodiscard]] std::uint16_t port() const { return server->port(); }

  Folder folder;
  std::atomic<std::int64_t> now_ms = parse_iso("2026-03-01T12:00:30+08:00")->ms();
  registry::Network network;
  standards::StandardSet standards = *standards::StandardSet::load(MJ_SOURCE_DIR "/standards");
  assess::StateRules rules = *assess::StateRules::load(MJ_SOURCE_DIR "/rules/state.toml");
  std::unique_ptr<evidence::Log> log = *evidence::Log::open(folder.path() / "evidence", evidence::LogOptions{});
  registry::RegisterSchema register_schema = *registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml");
  std::unique_ptr<registry::Book> register_book =
      *registry::Book::open(folder.path() / "records", register_schema);
  std::unique_ptr<registry::DeviceRegister> settings =
      *registry::DeviceRegister::open(folder.path() / "records", network);
  std::unique_ptr<telemetry::Store> store =
      *telemetry::Store::open(folder.path() / "telemetry", network, *settings, telemetry::StoreOptions{});
  std::unique_ptr<alarm::AlarmBook> alarms =
      *alarm::AlarmBook::open(folder.path() / "records", network, *settings,
                              *alarm::LimitSet::parse(kLimits, "limits of the tests"), standards);
  std::unique_ptr<devices::DeviceBook> book = *devices::DeviceBook::open(
      folder.path() / "records", network, *settings, standards.protocol(), devices::Rules{});
  std::unique_ptr<custody::CustodyBook> custody = *custody::CustodyBook::open(
      folder.path() / "records", network, *custody::Rules::load(MJ_SOURCE_DIR "/rules/custody.toml"));
  std::unique_ptr<anchoring::Anchoring> anchors = *anchoring::Anchoring::open(
      folder.path() / "records", *log, {}, [this] { return Instant::from_ms(now_ms); });
  /// Idle: what it does has tests of its own.
  std::unique_ptr<evidence::Maintenance> maintenance = evidence::Maintenance::start(
      *log, folder.path() / "evidence", evidence::MaintenanceOptions{.compress = false, .scrub_bytes_per_s = 0},
      [this] { return Instant::from_ms(now_ms); }, [](const std::string&) {});
  std::mutex links_mutex;
  std::vector<LinkFigures> links;
  std::unique_ptr<Server> server;
  std::jthread follower;
};

}  // namespace mj::api::test
