#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/gateway/server.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/runtime/thread.hpp"
#include "mj/standards/standard_set.hpp"
#include "peer.hpp"

namespace mj::gateway {

inline constexpr const char* kMn = "010000A8900016F000169DC0";

/// The tables of standards/, read once.
inline const hj212::Protocol& tables() {
  static const standards::StandardSet set = [] {
    auto loaded = standards::StandardSet::load(MJ_SOURCE_DIR "/standards");
    if (!loaded) throw std::runtime_error(loaded.error().text());
    return *std::move(loaded);
  }();
  return set.protocol();
}

/// A gateway on a free port with a real evidence log and a real register that follows it. Three devices are registered: kMn
/// (time-outs of a second, two resends), MODBUS0000001 and SECRET (password 654321, rejected otherwise).
class Scene : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-gateway-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    auto opened = evidence::Log::open(folder / "evidence", evidence::LogOptions{});
    ASSERT_TRUE(opened) << opened.error().text();
    log = *std::move(opened);
    registry::Point point;
    point.id = "p";
    point.device = kMn;
    point.profile.over_time_s = 1;
    point.profile.recount = 2;
    registry::Point modbus;
    modbus.id = "m";
    modbus.device = "MODBUS0000001";
    modbus.profile.crc = hj212::CrcRule::modbus;
    registry::Point secret;
    secret.id = "s";
    secret.device = "SECRET";
    secret.profile.password = "654321";
    secret.profile.password_rule = hj212::PasswordRule::reject;
    std::vector<registry::Point> points{point, modbus, secret};
    for (auto& more : further_points) points.push_back(more);
    network = *registry::Network::from_points(points);
    auto settings = registry::DeviceRegister::open(folder / "records", network);
    ASSERT_TRUE(settings) << settings.error().text();
    devices = *std::move(settings);
    follower = runtime::start_thread("register", [this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (devices->consume(*log).value() == 0) log->wait_beyond(devices->position(), 100, stop);
      }
    });
  }
  void TearDown() override {
    server.reset();
    follower = {};
    devices.reset();
    log.reset();
    std::filesystem::remove_all(folder);
  }

  void start(ServerOptions options = {}) {
    options.port = 0;
    auto started = Server::start(std::move(options), *log, Knowledge{network, *devices, tables()},
                                 [this] { return Instant::from_ms(now_ms.load()); });
    ASSERT_TRUE(started) << started.error().text();
    server = *std::move(started);
  }

  /// Payloads in the log, junk in angle brackets.
  std::vector<std::string> recorded(std::size_t at_least) {
    log->wait_beyond(at_least - 1, 5000, {});
    std::vector<std::string> payloads;
    if (log->size() == 0) return payloads;
    const auto batch = log->read(evidence::EntryIndex(0), 10'000, 16 << 20);
    for (const auto& stored : batch->entries) {
      const std::string text(as_text(stored.entry.payload));
      payloads.push_back(stored.entry.type == evidence_format::EntryType::junk ? "<" + text + ">" : text);
    }
    return payloads;
  }

  devices::Order order(std::uint64_t id, std::string cn,
                       std::vector<std::pair<std::string, std::string>> parameters = {},
                       std::string device = kMn) {
    devices::Order made;
    made.id = devices::OrderId(id);
    made.request.device = std::move(device);
    made.request.cn = std::move(cn);
    made.request.parameters = std::move(parameters);
    made.request.name = "a person";
    made.request.reason = "a test";
    made.request.expires_at = Instant::from_ms(now_ms.load() + 3'600'000);
    return made;
  }

  struct LoggedStep {
    devices::Step step;
    std::uint64_t entry = 0;
  };
  std::vector<LoggedStep> logged_steps(std::uint64_t id) {
    std::vector<LoggedStep> found;
    if (log->size() == 0) return found;
    const auto batch = log->read(evidence::EntryIndex(0), 100'000, 64 << 20);
    for (const auto& stored : batch->entries) {
      if (stored.entry.type != evidence_format::EntryType::event) continue;
      auto step = devices::decode_step(stored.entry.payload);
      if (step && step->order.raw() == id) found.push_back({*std::move(step), stored.index.raw()});
    }
    return found;
  }
  /// The steps of an order, "what→state code", once its state is final or `patience_ms` have passed.
  std::vector<std::string> steps(std::uint64_t id, int patience_ms = 8000) {
    std::vector<std::string> words;
    wait_for(
        [&] {
          words.clear();
          bool over = false;
          for (const LoggedStep& logged : logged_steps(id)) {
            words.push_back(fmt::format("{}→{}{}", logged.step.what, devices::name(logged.step.state),
                                        logged.step.code ? fmt::format(" {}", *logged.step.code) : ""));
            over = devices::is_final(logged.step.state);
          }
          return over;
        },
        patience_ms);
    return words;
  }
  /// Looks again whenever the log grows.
  template <typename Condition>
  bool wait_for(Condition condition, int patience_ms = 5000) {
    const std::int64_t until = runtime::steady_ms() + patience_ms;
    while (true) {
      const std::uint64_t size = log->size();
      if (condition()) return true;
      if (runtime::steady_ms() > until) return false;
      log->wait_beyond(size, 20, {});
    }
  }
  std::string entry_payload(std::uint64_t index) {
    const auto batch = log->read(evidence::EntryIndex(index), 1, 1);
    return std::string(as_text(batch->entries.at(0).entry.payload));
  }

  /// 2016-08-01 08:58:57.223, the moment of the standard's examples.
  std::atomic<std::int64_t> now_ms{1'470'013'137'223};
  std::vector<registry::Point> further_points;
  std::filesystem::path folder;
  registry::Network network;
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> devices;
  std::unique_ptr<Server> server;
  std::jthread follower;
};

/// A segment of a device in the dialect of 2017; no answer wanted unless the flag says so.
inline std::string segment(std::string_view qn, std::string_view st, std::string_view cn, std::string_view area,
                           int flag = 4, std::string_view pw = "100000", std::string_view mn = kMn) {
  return fmt::format("QN={};ST={};CN={};PW={};MN={};Flag={};CP=&&{}&&", qn, st, cn, pw, mn, flag, area);
}

}  // namespace mj::gateway
