#include "platform.hpp"

#include <csignal>

#include "configuration.hpp"
#include "evaluation_sources.hpp"
#include "import_local.hpp"
#include "mj/evidence/keys.hpp"
#include "mj/registry/adoption.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"
#include "registered.hpp"

namespace mj::app {
namespace {

using runtime::Level;

/// Values are derived in transactions; a short pause between them makes each worth its cost and nobody waits for it.
constexpr int kValuesPauseMs = 50;
constexpr int kWaitMs = 500;
constexpr int kRetryMs = 2000;
constexpr int kStoppingMs = 20;
constexpr int kDevicesSteps = 12;
constexpr int kOrdersMs = 1000;
constexpr std::int64_t kCloseDaysMs = 5'000;
/// Recent values are sorted when nothing has come for so long.
constexpr std::int64_t kQuietMs = 30'000;

void pause(const std::stop_token& stop, int ms) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
}

std::filesystem::path network_path(const DataDirectory& data, const std::string& network_file) {
  return network_file.empty() ? data.network() : std::filesystem::path(network_file);
}

void report_damage(anchoring::Anchoring& anchors, const std::string& place) {
  const Status raised = anchors.raise(
      {anchoring::Alert::Kind::damage, place,
       "stored evidence is not what was written: stop, keep the disk as it is, and compare with a backup "
       "(docs/guides/evidence-operations.md)",
       runtime::system_clock()(), 0});
  if (!raised) runtime::log(Level::error, "evidence", "cannot record the damage: {}", raised.error().text());
}

}  // namespace

Result<std::unique_ptr<evidence::Log>> open_log(const DataDirectory& data, const std::string& origin) {
  evidence::LogOptions options;
  options.origin = origin;
  options.passphrase_file = data.passphrase();
  auto ring = evidence::read_keyring(data.evidence());
  if (ring) options.origin = ring->newest().origin;
  return evidence::Log::open(data.evidence(), std::move(options));
}

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
  const std::filesystem::path file = network_path(data, network_file);
  registry::Network network;
  if (!network_file.empty() || std::filesystem::exists(file)) {
    MJ_TRY(network, registry::Network::load(file));
  }
  const std::filesystem::path local =
      std::filesystem::exists(data.local_standards()) ? data.local_standards() : "";
  MJ_TRY(standards::StandardSet standards, standards::StandardSet::load(share / "standards", local));
  MJ_TRY(assess::StateRules state_rules, assess::StateRules::load(share / "rules" / "state.toml"));
  MJ_TRY(alarm::LimitSet limits, alarm::LimitSet::load(share / "rules" / "limits"));
  MJ_TRY(devices::Rules device_rules, devices::Rules::load(share / "rules" / "devices.toml"));
  MJ_TRY(custody::Rules custody_rules, custody::Rules::load(share / "rules" / "custody.toml"));
  MJ_TRY(registry::RegisterSchema register_schema,
         registry::RegisterSchema::load(share / "rules" / "register.toml"));
  return Knowledge{std::move(network), std::move(standards), std::move(state_rules),    std::move(limits),
                   device_rules,       custody_rules,        std::move(register_schema)};
}

Result<std::unique_ptr<Platform>> Platform::start(const PlatformOptions& options) {
  std::unique_ptr<Platform> platform(new Platform());
  MJ_TRY(Knowledge knowledge, Knowledge::load(options.share, options.data, options.network_file));
  platform->knowledge_ = std::make_unique<Knowledge>(std::move(knowledge));
  const Knowledge& known = *platform->knowledge_;

  MJ_TRY(platform->log_, open_log(options.data, options.origin));
  anchoring::Options anchoring_options;
  if (options.anchoring) {
    anchoring_options = *options.anchoring;
  } else if (std::filesystem::exists(options.data.evidence_options())) {
    MJ_TRY(anchoring_options, anchoring::Options::load(options.data.evidence_options()));
  }
  MJ_TRY(platform->anchors_, anchoring::Anchoring::open(options.data.records(), *platform->log_,
                                                        std::move(anchoring_options), runtime::system_clock()));
  // Before anybody is let in: what comes now would stand on a history that others know to be another one.
  MJ_CHECK(platform->anchors_->check_before_start());
  MJ_CHECK(record_configuration(
      *platform->log_,
      {options.share, options.data.local_standards(), network_path(options.data, options.network_file)},
      options.data.root / "configuration-recorded", runtime::system_clock()()));
  MJ_TRY(platform->book_, open_register(options.data.records(), known.register_schema, *platform->log_));
  std::vector<std::filesystem::path> folders = options.register_folders;
  folders.push_back(options.data.register_files());
  const Instant now = runtime::system_clock()();
  MJ_CHECK(adopt_register_files(*platform->book_, *platform->log_, known.network, folders, now));
  // Devices that only the register knows are let in as well.
  MJ_TRY(platform->knowledge_->network,
         registry::with_registered_points(known.network, *platform->book_, registry::Day::of(now)));
  MJ_TRY(platform->register_,
         registry::DeviceRegister::open(options.data.records(), known.network, options.data.vault_key()));
  const registry::DeviceRegister& settings = *platform->register_;
  MJ_TRY(platform->store_,
         telemetry::Store::open(options.data.telemetry(), known.network, settings, telemetry::StoreOptions{}));
  MJ_TRY(platform->alarms_,
         alarm::AlarmBook::open(options.data.records(), known.network, settings, known.limits, known.standards));
  MJ_TRY(platform->devices_, devices::DeviceBook::open(options.data.records(), known.network, settings,
                                                       known.standards.protocol(), known.device_rules));
  MJ_TRY(platform->custody_,
         custody::CustodyBook::open(options.data.records(), known.network, known.custody_rules));
  platform->maintenance_ = evidence::Maintenance::start(
      *platform->log_, options.data.evidence(), options.upkeep, runtime::system_clock(),
      [anchors = platform->anchors_.get()](const std::string& place) { report_damage(*anchors, place); });
  platform->automation_ =
      std::make_unique<Automation>(*platform->log_, *platform->register_, *platform->devices_, *platform->store_);

  platform->hj212_address_ = options.devices.address;
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
      *self.devices_,
      *self.register_,
      *self.custody_,
      *self.anchors_,
      *self.maintenance_,
      known.standards.protocol(),
      runtime::system_clock(),
      [&self] { return self.gateway_figures(); },
      [&self] { return self.link_figures(); },
      MJ_VERSION,
      api::Directories{options.data.evidence(), options.data.telemetry(), options.data.records()}};
  services.register_book = self.book_.get();
  MJ_TRY(coverage::RuleSet planning_rules,
         coverage::RuleSet::load(options.share / "rules" / "coverage", known.register_schema));
  self.planning_ = std::make_unique<coverage::Planning>(*self.book_, std::move(planning_rules));
  services.coverage = self.planning_.get();
  MJ_CHECK(self.open_intake(options.share));
  services.importer = self.importer_.get();
  MJ_TRY(self.evaluation_,
         evaluation::Engine::open(options.data.evaluation(),
                                  evaluation_sources(*self.store_, known.standards, *self.book_)));
  services.evaluation = self.evaluation_.get();
  MJ_TRY(self.appraisal_, appraisal::load_schemes(options.share / "rules" / "appraisal"));
  services.appraisal = &self.appraisal_;
  MJ_TRY(self.gateway_,
         gateway::Server::start(options.devices, *self.log_,
                                gateway::Knowledge{known.network, settings, known.standards.protocol()},
                                runtime::system_clock()));
  self.hj212_port_ = self.gateway_->port();
  self.hj212_tls_port_ = self.gateway_->tls_port();
  MJ_TRY(self.http_, api::Server::start(http, std::move(services)));
  self.listen_to_rooms();
  self.start_followers();
  return platform;
}

Status Platform::open_intake(const std::filesystem::path& share) {
  MJ_TRY(dataset::Catalogue layouts, dataset::Catalogue::load(share / "datasets"));
  layouts_ = std::make_unique<dataset::Catalogue>(std::move(layouts));
  // What came before this start is known when its values are derived; what comes later the importer knows itself.
  const auto find = [this, known_at_start =
                               log_->size()](const std::string& sha256) -> Result<std::vector<intake::Known>> {
    if (store_->position() < known_at_start)
      return Error(ErrorCode::unavailable, "the files of earlier days are still being read; try again in a while");
    return known_files(*store_, sha256);
  };
  importer_ = std::make_unique<intake::Importer>(*layouts_, *log_, *book_, find, runtime::system_clock());
  return {};
}

void Platform::listen_to_rooms() {
  store_->on_stored([this](const telemetry::Stored& stored) { http_->publish_stored(stored); });
  alarms_->on_change(
      [this](const alarm::Alarm& changed, alarm::Change change) { http_->publish_alarm(changed, change); });
  devices_->on_order([this](const devices::Order& order) {
    http_->publish_order(order);
    hand_over(order);
  });
  anchors_->on_change([this] { http_->publish_evidence(); });
  devices_->on_event([this](const devices::DeviceEvent& event) { http_->publish_device_event(event); });
}

void Platform::start_followers() {
  const auto follow = [this](const char* name, void (Platform::*run)(const std::stop_token&)) {
    return runtime::start_thread(name, [this, run](const std::stop_token& stop) { (this->*run)(stop); });
  };
  register_thread_ = follow("register", &Platform::follow_register);
  book_thread_ = follow("book", &Platform::follow_book);
  values_thread_ = follow("values", &Platform::follow_values);
  alarms_thread_ = follow("alarms", &Platform::follow_alarms);
  devices_thread_ = follow("devices", &Platform::follow_devices);
  custody_thread_ = follow("custody", &Platform::follow_custody);
  anchor_index_thread_ = follow("anchor-index", &Platform::follow_anchors);
  anchors_thread_ = follow("anchors", &Platform::carry_anchors);
  orders_thread_ = follow("orders", &Platform::place_orders);
  evaluation_thread_ = follow("evaluation", &Platform::follow_evaluation);
}

Platform::~Platform() {
  maintenance_.reset();
  evaluation_thread_ = {};
  orders_thread_ = {};
  anchors_thread_ = {};
  {
    // The screens and the book of devices may still speak to the gateway.
    std::unique_lock lock(gateway_mutex_);
    std::unique_ptr<gateway::Server> stopping = std::move(gateway_);
    lock.unlock();
  }
  // The register goes on until the others have read everything: none of them may read beyond it.
  values_thread_ = {};
  alarms_thread_ = {};
  devices_thread_ = {};
  register_thread_ = {};
  book_thread_ = {};
  custody_thread_ = {};
  anchor_index_thread_ = {};
  http_.reset();
  evaluation_.reset();
  importer_.reset();
  if (alarms_) {
    if (const Status flushed = alarms_->flush(); !flushed)
      runtime::log(Level::warning, "alarm", "{}", flushed.error().text());
  }
  automation_.reset();
  anchors_.reset();
  custody_.reset();
  devices_.reset();
  alarms_.reset();
  store_.reset();
  register_.reset();
  planning_.reset();
  book_.reset();
  log_.reset();
}

void Platform::follow_register(const std::stop_token& stop) {
  while (true) {
    const auto consumed = register_->consume(*log_);
    if (!consumed) {
      runtime::log(Level::error, "registry", "the device register waits: {}", consumed.error().text());
      pause(stop, kRetryMs);
      if (stop.stop_requested()) return;
    } else if (*consumed == 0) {
      if (stop.stop_requested()) return;
      log_->wait_beyond(register_->position(), kWaitMs, stop);
    }
  }
}

void Platform::follow_book(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto consumed = book_->consume(*log_);
    if (!consumed) {
      runtime::log(Level::error, "registry", "the register waits: {}", consumed.error().text());
      pause(stop, kRetryMs);
    } else if (*consumed == 0) {
      log_->wait_beyond(book_->position(), kWaitMs, stop);
    }
  }
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
      if (stop.stop_requested() && store_->position() >= log_->size()) return;
      if (runtime::steady_ms() - busy_at > kQuietMs) {
        if (const Status settled = store_->settle(false); !settled)
          runtime::log(Level::warning, "telemetry", "{}", settled.error().text());
        busy_at = runtime::steady_ms();
      }
      wait_for_register(store_->position(), stop);
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
      if (stop.stop_requested() && alarms_->position() >= log_->size()) return;
      wait_for_register(alarms_->position(), stop);
    }
  }
}

void Platform::follow_devices(const std::stop_token& stop) {
  // Counting how devices speak must not keep their values from the screens.
  runtime::lower_thread_priority(kDevicesSteps);
  while (true) {
    const auto consumed = devices_->consume(*log_, register_->position());
    if (!consumed) {
      runtime::log(Level::error, "devices", "the book of devices waits: {}", consumed.error().text());
      pause(stop, kRetryMs);
      if (stop.stop_requested()) return;
    } else if (*consumed == 0) {
      if (stop.stop_requested() && devices_->position() >= log_->size()) return;
      wait_for_register(devices_->position(), stop);
    }
  }
}

void Platform::follow_custody(const std::stop_token& stop) {
  // Behind the values on purpose; what is not read yet is read after the next start.
  runtime::lower_thread_priority(kDevicesSteps);
  const runtime::Clock clock = runtime::system_clock();
  std::int64_t due_at = 0;
  while (!stop.stop_requested()) {
    const auto consumed = custody_->consume(*log_);
    if (!consumed) {
      runtime::log(Level::error, "custody", "the book of custody waits: {}", consumed.error().text());
      pause(stop, kRetryMs);
    } else if (*consumed == 0) {
      if (runtime::steady_ms() >= due_at) {
        const auto made = custody_->close_days(*log_, *store_, clock());
        if (!made) runtime::log(Level::warning, "custody", "days are not closed yet: {}", made.error().text());
        // One day at a time: after a day there may be another one.
        if (!made || *made == 0) due_at = runtime::steady_ms() + kCloseDaysMs;
      }
      log_->wait_beyond(custody_->position(), kWaitMs, stop);
    }
  }
}

void Platform::follow_anchors(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto consumed = anchors_->consume();
    if (!consumed) {
      runtime::log(Level::error, "anchoring", "the index of anchors waits: {}", consumed.error().text());
      pause(stop, kRetryMs);
    } else if (*consumed == 0) {
      log_->wait_beyond(anchors_->position(), kWaitMs, stop);
    }
  }
}

void Platform::carry_anchors(const std::stop_token& stop) { anchors_->run(stop); }

void Platform::follow_evaluation(const std::stop_token& stop) {
  // Nobody waits for results to the second; devices and screens come first.
  constexpr int kEvaluationSteps = 15;
  runtime::lower_thread_priority(kEvaluationSteps);
  evaluation_->follow(stop);
}

void Platform::wait_for_register(std::uint64_t position, const std::stop_token& stop) {
  // While stopping, the register is close behind the log: a short wait instead of none.
  if (stop.stop_requested()) {
    register_->wait_beyond(position, kStoppingMs, {});
  } else {
    register_->wait_beyond(position, kWaitMs, stop);
  }
}

void Platform::hand_over(const devices::Order& order) {
  const std::lock_guard lock(gateway_mutex_);
  if (!gateway_) return;
  // The book tells of every open order after a start and of every change afterwards; what the gateway has already it ignores.
  if (order.state == devices::OrderState::cancelled) {
    gateway_->cancel(order.id);
  } else if (!devices::is_final(order.state)) {
    gateway_->submit(order);
  }
}

void Platform::place_orders(const std::stop_token& stop) {
  const runtime::Clock clock = runtime::system_clock();
  // Before the book knows what was asked for until now, it would be asked for again.
  const std::uint64_t known_at_start = log_->size();
  const std::int64_t round_ms = devices_->rules().pull.round_ms;
  std::int64_t pulled_at = runtime::steady_ms();
  while (!stop.stop_requested()) {
    pause(stop, kOrdersMs);
    if (stop.stop_requested() || devices_->position() < known_at_start) continue;
    auto placed = automation_->answer_devices(clock());
    if (placed && runtime::steady_ms() - pulled_at >= round_ms) {
      pulled_at = runtime::steady_ms();
      placed = automation_->pull_missing(online(), clock());
    }
    if (!placed) {
      runtime::log(Level::warning, "devices", "automatic orders wait: {}", placed.error().text());
      pause(stop, kRetryMs);
    }
  }
}

std::vector<std::string> Platform::online() {
  const std::lock_guard lock(gateway_mutex_);
  return gateway_ ? gateway_->online() : std::vector<std::string>();
}

std::vector<api::LinkFigures> Platform::link_figures() {
  std::vector<api::LinkFigures> figures;
  const std::lock_guard lock(gateway_mutex_);
  if (!gateway_) return figures;
  for (gateway::Link& link : gateway_->links()) {
    figures.push_back({link.connection, std::move(link.peer), link.tls, std::move(link.devices), link.since,
                       link.last_byte_at, link.frames, link.bytes, link.junk_bytes});
  }
  return figures;
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
