#pragma once

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

#include "mj/devices/device_book.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/hj212/compose.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::devices {

/// A directory that is empty at first and gone afterwards; in memory where that can be had, because what survives a
/// power cut is not tried here and hundreds of databases are opened.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    static std::atomic<int> number = 0;
    const std::filesystem::path memory = "/dev/shm";
    path_ = (::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path()) /
            fmt::format("mj-devices-{}-{}", ::getpid(), number++);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline const hj212::Protocol& shipped_protocol() {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set.protocol();
}

inline constexpr std::string_view kDevice = "500000003100000000000007";   ///< 2017, flue gas
inline constexpr std::string_view kGuarded = "500000003200000000000008";  ///< its password is 654321 and enforced
inline constexpr std::string_view kNew = "500000003200000000000009";      ///< 2025, logger LOG-9
inline constexpr std::string_view kOld = "88888880000001";                ///< 2005
inline constexpr std::string_view kStranger = "ffffff003200000000000001";
inline constexpr std::string_view kLogger = "LOG-9";

inline registry::Network scene_network() {
  std::vector<registry::Point> points(4);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].id = fmt::format("src-{}", i + 1);
    points[i].element = registry::Element::source;
    points[i].vendor = i % 2 == 0 ? "Vendor A" : "Vendor B";
  }
  points[0].device = kDevice;
  points[1].device = kGuarded;
  points[1].profile.password = "654321";
  points[1].profile.password_rule = hj212::PasswordRule::reject;
  points[2].device = kNew;
  points[2].logger = kLogger;
  points[2].profile.dialect = hj212::Dialect::v2025;
  points[3].device = kOld;
  points[3].profile.dialect = hj212::Dialect::v2005;
  return registry::Network::from_points(std::move(points)).value();
}

inline const Instant kBegin = parse_iso("2026-11-22 10:00").value();
inline Instant second(std::int64_t number) { return kBegin.plus_ms(number * 1000); }

/// What of a frame the tests vary.
struct Said {
  std::string_view mn = kDevice;
  std::string_view cn = "2011";
  std::string area;
  std::string_view st = "31";
  std::string_view pw = "123456";
  int flag = 5;
  hj212::CrcRule crc = hj212::CrcRule::hj;
};

inline std::string frame_of(const Said& said, Instant at) {
  return hj212::frame(fmt::format("QN={};ST={};CN={};PW={};MN={};Flag={};CP=&&{}&&", to_compact_ms(at), said.st,
                                  said.cn, said.pw, said.mn, said.flag, said.area),
                      said.crc);
}

/// A flue-gas frame that conforms to HJ 212-2017 C.14.
inline std::string real_time_area(Instant at) {
  return fmt::format("DataTime={};a21026-Rtd=12.3,a21026-Flag=N", to_compact(at));
}

/// A real evidence log, a real register and a real book, in directories of their own.
class Scene {
 public:
  explicit Scene(registry::Network network = scene_network(), Rules rules = {})
      : network_(std::move(network)), rules_(std::move(rules)) {
    evidence::LogOptions options;
    options.origin = "test.local/devices";
    log_ = evidence::Log::open(directory_.path() / "evidence", options).value();
    register_ =
        registry::DeviceRegister::open(directory_.path() / "records", network_, directory_.path() / "vault")
            .value();
  }
  ~Scene() { stop(); }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// Adds an entry; returns its index once the log holds it (see flush()).
  std::uint64_t add(evidence_format::EntryType type, Instant at, std::string_view device, std::string_view payload,
                    std::uint64_t connection = 1) {
    evidence_format::Entry entry;
    entry.type = type;
    entry.received_at = at;
    entry.connection = type == evidence_format::EntryType::decision ? 0 : connection;
    if (entry.connection != 0) entry.peer = "203.0.113.7:51044";
    entry.device = device;
    entry.payload = as_bytes(payload);
    if (Status added = waiting_.add(entry); !added) throw std::runtime_error(added.error().text());
    return added_++;
  }
  std::uint64_t receive(const Said& said, Instant at, std::uint64_t connection = 1) {
    return add(evidence_format::EntryType::frame, at, said.mn, frame_of(said, at), connection);
  }
  std::uint64_t order(Instant at, OrderRequest request) {
    if (request.expires_at == Instant()) request.expires_at = at.plus_ms(86'400'000);
    return add(evidence_format::EntryType::decision, at, "", encode(request).value());
  }
  std::uint64_t step(Instant at, const Step& step, std::string_view mn = kDevice) {
    return add(evidence_format::EntryType::event, at, mn, encode(step));
  }

  [[nodiscard]] evidence::Log& log() {
    if (waiting_.count() > 0) {
      std::promise<bool> durable;
      const Status queued =
          log_->append(std::exchange(waiting_, evidence::Batch()),
                       [&](const Result<evidence::EntryIndex>& first) { durable.set_value(first.has_value()); });
      if (!queued || !durable.get_future().get()) throw std::runtime_error("the log cannot commit");
    }
    return *log_;
  }

  /// A book in a directory; the scene's own one without argument.
  [[nodiscard]] std::unique_ptr<DeviceBook> open_book(const std::filesystem::path& directory) {
    auto book = DeviceBook::open(directory, network_, *register_, shipped_protocol(), rules_);
    if (!book) throw std::runtime_error(book.error().text());
    return std::move(*book);
  }
  [[nodiscard]] DeviceBook& book() {
    if (!book_) book_ = open_book(directory_.path() / "records");
    return *book_;
  }
  /// The book that has read everything added so far.
  DeviceBook& read_all() {
    read_all(book());
    return book();
  }
  void read_all(DeviceBook& book) {
    evidence::Log& written = log();
    while (register_->consume(written).value() > 0) {
    }
    for (;;) {
      const auto done = book.consume(written, register_->position());
      if (!done) throw std::runtime_error(done.error().text());
      if (*done == 0) return;
    }
  }

  /// Follows the log on a thread, as the server does, until stop().
  void follow() {
    static_cast<void>(read_all());
    follower_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        std::size_t done = register_->consume(*log_).value();
        done += book_->consume(*log_, register_->position()).value();
        if (done == 0) log_->wait_beyond(book_->position(), 20, stop);
      }
    });
  }
  void stop() {
    follower_.request_stop();
    if (follower_.joinable()) follower_.join();
    added_ = log_->size() + waiting_.count();
  }
  [[nodiscard]] registry::DeviceRegister& devices() { return *register_; }
  [[nodiscard]] const registry::Network& network() const { return network_; }
  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }

 private:
  ScratchDirectory directory_;
  registry::Network network_;
  Rules rules_;
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<registry::DeviceRegister> register_;
  std::unique_ptr<DeviceBook> book_;
  evidence::Batch waiting_;
  std::uint64_t added_ = 0;
  std::jthread follower_;
};

inline OrderRequest request_of(std::string_view device, std::string_view cn,
                               std::vector<std::pair<std::string, std::string>> parameters = {}) {
  OrderRequest request;
  request.device = device;
  request.cn = cn;
  request.parameters = std::move(parameters);
  request.name = "Li";
  request.reason = "test";
  return request;
}

inline Step step_of(std::uint64_t order, OrderState state, std::string_view what) {
  Step step;
  step.order = OrderId(order);
  step.state = state;
  step.what = what;
  return step;
}

}  // namespace mj::devices
