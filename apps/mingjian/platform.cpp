#include "platform.hpp"

#include <csignal>

#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"

namespace mj::app {
namespace {

using runtime::Level;

/// Values are derived in transactions; a short pause between them makes each worth its cost and nobody waits for it.
constexpr int kValuesPauseMs = 50;
constexpr int kWaitMs = 500;
constexpr int kRetryMs = 2000;
/// Recent values are sorted when nothing has come for so long.
constexpr std::int64_t kQuietMs = 30'000;

void pause(const std::stop_token& stop, int ms) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
}

}  // namespace

Result<std::filesystem::path> find_share(const std::string& option) {
  std::vector<std::filesystem::path> places;
  if (!option.empty()) {
    places.emplace_back(option);
  } else {
    std::error_code ignored;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    places = {program / "../share/mingjian", program / "../..", std::filesystem::current_path(ignored)};
  }
  std::string looked;
  for (const auto& place : places) {
    if (std::filesystem::exists(place / "standards") && std::filesystem::exists(place / "rules")) {
      return std::filesystem::weakly_canonical(place);
    }
    looked += (looked.empty() ? "" : ", ") + place.lexically_normal().string();
  }
  return Error(
      ErrorCode::not_found,
      fmt::format("the folders standards/ and rules/ are in none of: {}; name their parent with --share", looked));
}

Result<Knowledge> Knowledge::load(const std::filesystem::path& share, const DataDirectory& data,
                                  const std::string& network_file) {
  const std::filesystem::path file = network_file.empty() ? data.network() : std::filesystem::path(network_file);
  registry::Network network;
  if (!network_file.empty() || std::filesystem::exists(file)) {
    MJ_TRY(network, registry::Network::load(file));
  }
  MJ_TRY(standards::StandardSet standards, standards::StandardSet::load(share / "standards"));
  MJ_TRY(assess::StateRules state_rules, assess::StateRules::load(share / "rules" / "state.toml"));
  MJ_TRY(alarm::LimitSet limits, alarm::LimitSet::load(share / "rules" / "limits"));
  return Knowledge{std::move(network), std::move(standards), std::move(state_rules), std::move(limits)};
}

Result<std::unique_ptr<Platform>> Platform::start(const PlatformOptions& options) {
  std::unique_ptr<Platform> platform(new Platform());
  MJ_TRY(Knowledge knowledge, Knowledge::load(options.share, options.data, options.network_file));
  platform->knowledge_ = std::make_unique<Knowledge>(std::move(knowledge));
  const Knowledge& known = *platform->knowledge_;

  evidence::LogOptions log_options;
  log_options.origin = options.origin;
  MJ_TRY(platform->log_, evidence::Log::open(options.data.evidence(), log_options));
  MJ_TRY(platform->store_,
         telemetry::Store::open(options.data.telemetry(), known.network, telemetry::StoreOptions{}));
  MJ_TRY(platform->alarms_,
         alarm::AlarmBook::open(options.data.records(), known.network, known.limits, known.standards));

  platform->hj212_address_ = options.hj212_address;
  api::ServerOptions http;
  http.address = options.http_address;
  http.port = options.http_port;
  http.web_dir = options.share / "web" / "dist";
  Platform& self = *platform;
  api::Services services{
      *self.log_,
      *self.store_,
      *self.alarms_,
      known.network,
      known.standards,
      known.state_rules,
      runtime::system_clock(),
      [&self] { return self.gateway_figures(); },
      MJ_VERSION,
      api::Directories{options.data.evidence(), options.data.telemetry(), options.data.records()}};
  gateway::ServerOptions devices;
  devices.address = options.hj212_address;
  devices.port = options.hj212_port;
  MJ_TRY(self.gateway_, gateway::Server::start(devices, *self.log_, known.network, runtime::system_clock()));
  self.hj212_port_ = self.gateway_->port();
  MJ_TRY(self.http_, api::Server::start(http, std::move(services)));
  self.store_->on_stored([&self](const telemetry::Stored& stored) { self.http_->publish_stored(stored); });
  self.alarms_->on_change(
      [&self](const alarm::Alarm& changed, alarm::Change change) { self.http_->publish_alarm(changed, change); });

  self.values_thread_ =
      runtime::start_thread("values", [&self](const std::stop_token& stop) { self.follow_values(stop); });
  self.alarms_thread_ =
      runtime::start_thread("alarms", [&self](const std::stop_token& stop) { self.follow_alarms(stop); });
  return platform;
}

Platform::~Platform() {
  {
    // The screens may still ask how busy the gateway is.
    std::unique_lock lock(gateway_mutex_);
    std::unique_ptr<gateway::Server> stopping = std::move(gateway_);
    lock.unlock();
  }
  values_thread_ = {};
  alarms_thread_ = {};
  http_.reset();
  if (alarms_) {
    if (const Status flushed = alarms_->flush(); !flushed)
      runtime::log(Level::warning, "alarm", "{}", flushed.error().text());
  }
  alarms_.reset();
  store_.reset();
  log_.reset();
}

void Platform::follow_values(const std::stop_token& stop) {
  std::int64_t busy_at = runtime::steady_ms();
  while (true) {
    const auto consumed = store_->consume(*log_);
    if (!consumed) {
      runtime::log(Level::error, "telemetry", "values wait: {}", consumed.error().text());
      pause(stop, kRetryMs);
    } else if (*consumed == 0) {
      // Stop only when everything received has become values.
      if (stop.stop_requested()) return;
      if (runtime::steady_ms() - busy_at > kQuietMs) {
        if (const Status settled = store_->settle(false); !settled)
          runtime::log(Level::warning, "telemetry", "{}", settled.error().text());
        busy_at = runtime::steady_ms();
      }
      log_->wait_beyond(store_->position(), kWaitMs, stop);
    } else {
      busy_at = runtime::steady_ms();
      // A full batch means that more is waiting: go on at once.
      if (log_->size() - store_->position() < *consumed) pause(stop, kValuesPauseMs);
    }
    if (stop.stop_requested() && !consumed) return;
  }
}

void Platform::follow_alarms(const std::stop_token& stop) {
  while (true) {
    const auto consumed = alarms_->consume(*log_);
    if (!consumed) {
      runtime::log(Level::error, "alarm", "alarms wait: {}", consumed.error().text());
      pause(stop, kRetryMs);
      if (stop.stop_requested()) return;
    } else if (*consumed == 0) {
      if (stop.stop_requested()) return;
      log_->wait_beyond(alarms_->position(), kWaitMs, stop);
    }
  }
}

api::GatewayFigures Platform::gateway_figures() {
  const std::lock_guard lock(gateway_mutex_);
  if (!gateway_) return rate_;
  const gateway::Figures now = gateway_->figures();
  const std::int64_t now_ms = runtime::steady_ms();
  rate_.address = fmt::format("{}:{}", hj212_address_, gateway_->port());
  rate_.connections = now.connections;
  constexpr std::int64_t kRateMs = 1000;
  if (now_ms - rate_at_ms_ >= kRateMs) {
    const double seconds = static_cast<double>(now_ms - rate_at_ms_) / 1000;
    rate_.frames_per_s = static_cast<double>(now.frames - rate_before_.frames) / seconds;
    rate_.bytes_per_s = static_cast<double>(now.bytes - rate_before_.bytes) / seconds;
    rate_before_ = now;
    rate_at_ms_ = now_ms;
  }
  return rate_;
}

void block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that closes while we answer must not end the process.
  std::signal(SIGPIPE, SIG_IGN);
}

bool wait_for_stop_signal(const std::stop_token& stop) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  const timespec patience{0, 100'000'000};
  while (!stop.stop_requested()) {
    if (sigtimedwait(&signals, nullptr, &patience) > 0) return true;
  }
  return false;
}

}  // namespace mj::app
