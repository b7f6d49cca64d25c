#include "mj/evidence/maintenance.hpp"

#include <condition_variable>
#include <set>

#include "compressed_writer.hpp"
#include "maintenance_growth.hpp"
#include "maintenance_lock.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"
#include "scrub.hpp"

namespace mj::evidence {
namespace {

/// How often it looks for sealed segments and refreshes the figures.
constexpr auto kLookAgain = std::chrono::milliseconds(2000);
/// After a failure (full disk): trying every two seconds would only fill the log of messages.
constexpr std::int64_t kRetryMs = 60'000;
constexpr int kGiveWay = 10;

Error stopped() { return Error(ErrorCode::unavailable, "stopped"); }

}  // namespace

struct Maintenance::Impl {
  Impl(const Log& of, const std::filesystem::path& directory, MaintenanceOptions given, runtime::Clock with,
       std::function<void(const std::string&)> tell)
      : log(of), layout{directory}, options(given), clock(std::move(with)), on_damage(std::move(tell)) {}

  void run(const std::stop_token& stop) {
    runtime::lower_thread_priority(kGiveWay);
    std::int64_t next_pass = runtime::steady_ms();
    while (!stop.stop_requested()) {
      look();
      compress_due(stop);
      bool wanted = false;
      {
        const std::lock_guard guard(mutex);
        wanted = std::exchange(pass_wanted, false);
      }
      if (wanted || (options.scrub_bytes_per_s > 0 && runtime::steady_ms() >= next_pass)) {
        pass(stop);
        next_pass = runtime::steady_ms() + options.scrub_pause_ms;
      }
      std::unique_lock guard(mutex);
      wake.wait_for(guard, stop, kLookAgain, [this] { return pass_wanted; });
    }
  }

  /// Refreshes the figures; tells what stands in the way of that.
  void look() {
    if (Status refreshed = refresh_figures(); !refreshed && refreshed.error().code() == ErrorCode::damaged) {
      found_damage(refreshed.error().text());
    }
  }

  Status refresh_figures() {
    const Status refreshed = refresh_facts(layout, facts);
    MaintenanceState figures;
    fill_growth(layout, facts, log.size(), clock(), figures);
    const std::lock_guard guard(mutex);
    figures.scrubbed_bytes = known.scrubbed_bytes;
    figures.scrub_bytes = known.scrub_bytes;
    figures.last_pass = known.last_pass;
    figures.damage = known.damage;
    known = std::move(figures);
    return refreshed;
  }

  void compress_due(const std::stop_token& stop) {
    if (!options.compress || runtime::steady_ms() < compress_again) return;
    const std::uint64_t signed_size = log.newest_checkpoint().checkpoint.size;
    for (std::uint32_t number = 0; number + 1 < facts.size() && !stop.stop_requested(); ++number) {
      if (!may_be_compressed(facts, number, signed_size)) continue;
      const auto lock = lock_segment_files(layout, 1);
      if (!lock) return;  // somebody else is at it: next time
      const auto made = compress_segment(layout, number, options.compression_level, [&](std::uint64_t) -> Status {
        return stop.stop_requested() ? Status(stopped()) : Status();
      });
      if (made) {
        look();
        continue;
      }
      if (stop.stop_requested()) return;
      runtime::log(runtime::Level::warning, "evidence", "{}", made.error().text());
      if (made.error().code() == ErrorCode::damaged) found_damage(made.error().text());
      compress_again = runtime::steady_ms() + kRetryMs;
      return;
    }
  }

  /// Reads everything once. Begins where the moment falls, so that restarts in the middle of long passes leave no part unread.
  void pass(const std::stop_token& stop) {
    // What is signed is read first: the files can only be ahead of it.
    const evidence_format::Checkpoint signed_checkpoint = log.newest_checkpoint().checkpoint;
    const auto tree = TreeFiles::open(layout, storage::File::Mode::read);
    if (!tree) {
      if (tree.error().code() == ErrorCode::damaged) found_damage(tree.error().text());
      return;
    }
    const auto count = static_cast<std::uint32_t>(facts.size());
    if (count == 0) return;
    std::uint64_t all = 0;
    for (const SegmentFacts& segment : facts) all += segment.form == SegmentForm::retired ? 0 : segment.bytes;
    {
      const std::lock_guard guard(mutex);
      known.scrubbed_bytes = 0;
      known.scrub_bytes = std::max<std::uint64_t>(all, 1);
    }
    RateLimit limit(options.scrub_bytes_per_s);
    const auto pace = [&](std::uint64_t bytes) -> Status {
      std::unique_lock guard(mutex);
      known.scrubbed_bytes = std::min(known.scrubbed_bytes + bytes, known.scrub_bytes);
      const auto pause = std::chrono::milliseconds(limit.wait_ms(bytes, runtime::steady_ms()));
      if (pause.count() > 0) wake.wait_for(guard, stop, pause, [] { return false; });
      return stop.stop_requested() ? Status(stopped()) : Status();
    };
    std::string first_damage;
    bool whole = true;
    const auto begin = static_cast<std::uint32_t>(static_cast<std::uint64_t>(clock().ms()) % count);
    for (std::uint32_t i = 0; i < count && !stop.stop_requested(); ++i) {
      const std::uint32_t number = (begin + i) % count;
      // Segments may have been added since: only the last of now can be unfinished.
      const bool newest = number + 1 >= log.disk_size().segments;
      const auto scrubbed = scrub_segment(layout, number, newest, *tree, signed_checkpoint, pace);
      if (scrubbed) {
        // A long pass must not keep sealed segments waiting.
        look();
        compress_due(stop);
        continue;
      }
      whole = whole && scrubbed.error().code() == ErrorCode::damaged;
      if (scrubbed.error().code() != ErrorCode::damaged) continue;
      if (first_damage.empty()) first_damage = scrubbed.error().text();
      found_damage(scrubbed.error().text());
    }
    const std::lock_guard guard(mutex);
    known.scrub_bytes = known.scrubbed_bytes = 0;
    if (!whole || stop.stop_requested()) return;
    known.last_pass = clock();
    known.damage = std::move(first_damage);
  }

  void found_damage(const std::string& place) {
    {
      const std::lock_guard guard(mutex);
      if (known.damage.empty()) known.damage = place;
    }
    if (!told.insert(place).second) return;
    runtime::log(runtime::Level::error, "evidence", "DAMAGED {}", place);
    if (on_damage) on_damage(place);
  }

  const Log& log;
  const Layout layout;
  const MaintenanceOptions options;
  const runtime::Clock clock;
  const std::function<void(const std::string&)> on_damage;

  // Owned by the thread.
  std::vector<SegmentFacts> facts;
  std::set<std::string> told;
  std::int64_t compress_again = 0;

  mutable std::mutex mutex;  ///< guards what follows
  std::condition_variable_any wake;
  MaintenanceState known;
  bool pass_wanted = false;

  std::jthread thread;  ///< last: stopped and joined first
};

Maintenance::Maintenance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Maintenance::~Maintenance() = default;

std::unique_ptr<Maintenance> Maintenance::start(const Log& log, const std::filesystem::path& directory,
                                                MaintenanceOptions options, runtime::Clock clock,
                                                std::function<void(const std::string&)> on_damage) {
  auto impl = std::make_unique<Impl>(log, directory, options, std::move(clock), std::move(on_damage));
  // Figures from the first moment on; damage is told by the thread.
  if (const Status first = impl->refresh_figures(); !first) {
    runtime::log(runtime::Level::warning, "evidence", "{}", first.error().text());
  }
  Impl* body = impl.get();
  impl->thread = runtime::start_thread("evidence-care", [body](std::stop_token stop) { body->run(stop); });
  return std::unique_ptr<Maintenance>(new Maintenance(std::move(impl)));
}

MaintenanceState Maintenance::state() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->known;
}

void Maintenance::scrub_now() {
  {
    const std::lock_guard guard(impl_->mutex);
    impl_->pass_wanted = true;
  }
  impl_->wake.notify_all();
}

}  // namespace mj::evidence
