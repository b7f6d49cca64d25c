#include "mj/simulator/slow.hpp"
#include "durations.hpp"

#include <boost/asio/buffer.hpp>

#include "file_limit.hpp"
#include "load_run.hpp"

namespace mj::simulator {
namespace {

using boost::system::error_code;

constexpr std::uint64_t kFilesBeside = 64;  // what the process has open besides the connections
constexpr std::int64_t kSlices = 20;        // slow peers are served in so many turns

/// The crowd of idle and slow peers.
class Crowd {
 public:
  Crowd(asio::io_context& io, const SlowOptions& options, asio::ip::tcp::endpoint endpoint, SlowReport& report)
      : io_(io),
        options_(options),
        endpoint_(endpoint),
        report_(report),
        timer_(io),
        bytes_(load_frame(LoadPlan{}, LoadPlan{}.devices - 1, 0, 0)) {
    peers_.reserve(options.connections);
    for (std::uint32_t i = 0; i < options.connections; ++i) peers_.push_back(std::make_unique<Peer>(io));
    silent_ = static_cast<std::uint32_t>(std::clamp(options.idle_share, 0.0, 1.0) * options.connections);
    for (std::uint32_t i = 0; i < options.connections; ++i) waiting_.push_back(i);
  }

  void start() {
    open_more();
    serve();
  }
  [[nodiscard]] std::uint32_t open() const { return open_; }

 private:
  struct Peer {
    explicit Peer(asio::io_context& io) : socket(io) {}
    asio::ip::tcp::socket socket;
    std::array<char, 64> drain{};
    std::size_t next = 0;  ///< byte of the frame to send
    bool up = false;
  };

  void open_more() {
    while (opening_ < options_.opening_at_once && !waiting_.empty()) {
      const std::uint32_t index = waiting_.front();
      waiting_.pop_front();
      ++opening_;
      Peer& peer = *peers_[index];
      peer.socket = asio::ip::tcp::socket(io_);
      peer.socket.async_connect(endpoint_, [this, index](const error_code& failure) {
        --opening_;
        Peer& opened = *peers_[index];
        if (failure) {
          ++report_.refused;
          error_code ignored;
          opened.socket.close(ignored);
          refused_.push_back(index);
        } else {
          ++open_;
          opened.up = true;
          opened.next = 0;
          error_code ignored;
          opened.socket.non_blocking(true, ignored);
          listen(index);
        }
        open_more();
      });
    }
  }

  /// Waits for the server to say something or to close.
  void listen(std::uint32_t index) {
    Peer& peer = *peers_[index];
    peer.socket.async_read_some(asio::buffer(peer.drain), [this, index](const error_code& failure, std::size_t) {
      if (failure) {
        closed(index);
      } else {
        listen(index);
      }
    });
  }

  void closed(std::uint32_t index) {
    Peer& peer = *peers_[index];
    if (!peer.up) return;
    peer.up = false;
    --open_;
    ++report_.closed_by_server;
    error_code ignored;
    peer.socket.close(ignored);
    if (options_.reopen) {
      waiting_.push_back(index);
      open_more();
    }
  }

  void serve() {
    for (std::uint32_t index = silent_ + turn_; index < peers_.size(); index += kSlices) {
      Peer& peer = *peers_[index];
      if (!peer.up) continue;
      error_code failure;
      const std::size_t sent = peer.socket.write_some(asio::buffer(bytes_.data() + peer.next, 1), failure);
      report_.bytes_sent += sent;
      peer.next = (peer.next + sent) % bytes_.size();
    }
    turn_ = (turn_ + 1) % static_cast<std::uint32_t>(kSlices);
    if (turn_ == 0) {  // refused peers try again once a round
      waiting_.insert(waiting_.end(), refused_.begin(), refused_.end());
      refused_.clear();
      open_more();
    }
    timer_.expires_after(std::chrono::microseconds(options_.byte_every_ms * 1000 / kSlices));
    timer_.async_wait([this](const error_code& cancelled) {
      if (!cancelled) serve();
    });
  }

  asio::io_context& io_;
  const SlowOptions& options_;
  asio::ip::tcp::endpoint endpoint_;
  SlowReport& report_;
  asio::steady_timer timer_;
  std::string bytes_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::deque<std::uint32_t> waiting_;  ///< to be opened
  std::vector<std::uint32_t> refused_;
  std::uint32_t silent_ = 0;  ///< peers before this index send nothing
  std::uint32_t opening_ = 0;
  std::uint32_t open_ = 0;
  std::uint32_t turn_ = 0;
};

}  // namespace

Result<SlowReport> hold_slow(const SlowOptions& options, std::stop_token stop) {
  if (options.byte_every_ms < kSlices || options.healthy_every_ms < 1 || options.duration_ms < 1 ||
      options.opening_at_once < 1) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("byte_every_ms must be at least {}, the other times at least 1 ms", kSlices));
  }
  MJ_CHECK(raise_file_limit(options.connections + kFilesBeside));

  SlowReport report;
  LoadOptions healthy;
  healthy.target = options.target;
  healthy.plan.devices = 1;
  healthy.connections = 1;
  healthy.rate = 1000.0 / static_cast<double>(options.healthy_every_ms);
  healthy.first_sequence = options.first_sequence;
  healthy.duration_ms = options.duration_ms;

  asio::io_context io(1);
  MJ_TRY(const auto endpoint, resolve(io, options.target));
  MJ_TRY(const auto device, LoadRun::prepare(io, healthy));
  Crowd crowd(io, options, endpoint, report);
  asio::steady_timer watch(io);
  const std::int64_t opening_until = steady_ns() + options.opening_limit_ms * kNsPerMs;
  std::int64_t next_progress = steady_ns() + 1'000 * kNsPerMs;
  bool measuring = false;

  std::function<void(const error_code&)> look = [&](const error_code& cancelled) {
    if (cancelled) return;
    const std::int64_t now = steady_ns();
    if (!measuring && (crowd.open() == options.connections || now >= opening_until || stop.stop_requested())) {
      measuring = true;
      report.open_at_start = crowd.open();
      device->start(stop, [&] { io.stop(); });
    }
    if (options.on_progress && now >= next_progress) {
      next_progress += 1'000 * kNsPerMs;
      options.on_progress(crowd.open(), device->so_far().acked);
    }
    watch.expires_after(std::chrono::milliseconds(20));
    watch.async_wait(look);
  };
  crowd.start();
  look({});
  io.run();

  const LoadReport measured = device->take_report();
  report.open_at_end = crowd.open();
  report.healthy_sent = measured.sent;
  report.healthy_acked = measured.acked;
  report.healthy_latency = measured.latency;
  if (measured.sent == 0 && !stop.stop_requested()) {
    return Error(ErrorCode::unavailable, fmt::format("the healthy device cannot connect to {}:{}",
                                                     options.target.host, options.target.port));
  }
  return report;
}

}  // namespace mj::simulator
