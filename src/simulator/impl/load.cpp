#include "mj/simulator/load.hpp"
#include "durations.hpp"

#include "load_run.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000 * kNsPerMs;
constexpr std::uint32_t kMostDevices = 10'000'000;
// After a stop request the outstanding answers get this long.
constexpr std::int64_t kDrainOnStopMs = 2'000;

Error wrong(std::string text) { return Error(ErrorCode::invalid_input, std::move(text)); }

}  // namespace

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Result<asio::ip::tcp::endpoint> resolve(asio::io_context& io, const Target& target) {
  boost::system::error_code failure;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(target.host, fmt::format("{}", target.port), failure);
  if (failure || found.empty())
    return wrong(fmt::format("the host \"{}\" is not known: {}", target.host, failure.message()));
  return found.begin()->endpoint();
}

Result<std::unique_ptr<LoadRun>> LoadRun::prepare(asio::io_context& io, const LoadOptions& options) {
  if (options.plan.devices == 0 || options.plan.devices > kMostDevices)
    return wrong("devices must be 1…10,000,000");
  if (options.connections == 0 || options.connections > options.plan.devices) {
    return wrong("connections must be at least 1 and at most the number of devices");
  }
  if (options.window == 0) return wrong("the window must be at least 1 frame");
  if (options.rate < 0) return wrong("the rate must not be negative");
  if (options.plan.step_s < 1) return wrong("step_s must be at least 1 second");
  if (options.reconnect_min_ms < 1 || options.reconnect_max_ms < options.reconnect_min_ms) {
    return wrong("reconnect pauses must be at least 1 ms, the longest not below the shortest");
  }
  MJ_TRY(auto endpoint, resolve(io, options.target));
  return std::unique_ptr<LoadRun>(new LoadRun(io, options, endpoint));
}

LoadRun::LoadRun(asio::io_context& io, const LoadOptions& options, asio::ip::tcp::endpoint endpoint)
    : shared_{options, LoadFrameWriter(options.plan), endpoint, 0, 0, true, {}}, timer_(io) {
  connections_.reserve(options.connections);
  for (std::uint32_t i = 0; i < options.connections; ++i) {
    connections_.push_back(std::make_shared<LoadConnection>(io, shared_, i));
  }
}

void LoadRun::start(std::stop_token stop, std::function<void()> done) {
  stop_ = std::move(stop);
  done_ = std::move(done);
  shared_.began_ns = shared_.last_ack_ns = steady_ns();
  next_progress_ns_ = shared_.began_ns + kNsPerSecond;
  for (const auto& connection : connections_) connection->start();
  tick();
}

void LoadRun::tick() {
  const LoadOptions& options = shared_.options;
  const std::int64_t now = steady_ns();
  if (shared_.sending) {
    const bool time_over = options.duration_ms > 0 && now - shared_.began_ns >= options.duration_ms * kNsPerMs;
    const bool all_sent = options.max_frames > 0 && shared_.report.sent >= options.max_frames;
    const bool stopping = stop_.stop_requested();
    if (time_over || all_sent || stopping) {
      shared_.sending = false;
      drain_until_ns_ =
          now + (stopping ? std::min(options.drain_ms, kDrainOnStopMs) : options.drain_ms) * kNsPerMs;
    }
  } else if (stop_.stop_requested()) {
    drain_until_ns_ = std::min(drain_until_ns_, now + kDrainOnStopMs * kNsPerMs);
  }
  if (options.rate > 0 && shared_.sending) {
    for (const auto& connection : connections_) connection->pump(now);
  }
  if (now >= next_timeout_check_ns_) {
    next_timeout_check_ns_ = now + 100 * kNsPerMs;
    for (const auto& connection : connections_) connection->check_timeout(now);
  }
  if (options.on_progress && now >= next_progress_ns_) {
    next_progress_ns_ += kNsPerSecond;
    options.on_progress(shared_.report.sent, shared_.report.acked);
  }
  if (!shared_.sending && (shared_.report.acked == shared_.report.sent || now >= drain_until_ns_)) {
    for (const auto& connection : connections_) connection->stop();
    done_();
    return;
  }
  // At a fixed rate the clock decides when frames leave; otherwise answers do, and it only watches.
  timer_.expires_after(std::chrono::microseconds(options.rate > 0 ? 500 : 5'000));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) tick();
  });
}

LoadReport LoadRun::take_report() {
  LoadReport report = shared_.report;
  report.unacked = report.sent - report.acked;
  report.seconds = static_cast<double>(shared_.last_ack_ns - shared_.began_ns) * 1e-9;
  report.acked_per_second = report.seconds > 0 ? static_cast<double>(report.acked) / report.seconds : 0;
  report.log.plan = shared_.options.plan;
  report.log.first_sequence = shared_.options.first_sequence;
  report.log.sent_end.assign(shared_.options.plan.devices, shared_.options.first_sequence);
  for (const auto& connection : connections_) connection->write_log(report.log);
  report.log.tidy();
  return report;
}

Result<LoadReport> load(const LoadOptions& options, std::stop_token stop) {
  asio::io_context io(1);
  MJ_TRY(const auto run, LoadRun::prepare(io, options));
  run->start(std::move(stop), [] {});
  io.run();
  LoadReport report = run->take_report();
  if (!options.acked_file.empty()) MJ_CHECK(report.log.save(options.acked_file));
  return report;
}

}  // namespace mj::simulator
