#include "mj/anchoring/anchors.hpp"

#include <condition_variable>

#include "anchoring_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::anchoring {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostListed = 10'000;

template <typename Ask>
auto ask_table(Ask&& ask) -> Result<decltype(ask())> {
  try {
    return ask();
  } catch (const std::exception& failure) {
    return Error(ErrorCode::unavailable, fmt::format("index of anchors: {}", failure.what()));
  }
}

}  // namespace

Anchoring::Anchoring(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Anchoring::~Anchoring() = default;

Result<std::unique_ptr<Anchoring>> Anchoring::open(const fs::path& directory, evidence::Log& log, Options options,
                                                   runtime::Clock clock) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", directory.string(), failure.message()));
  auto impl = std::make_unique<Impl>(log, std::move(options), std::move(clock));
  for (const Options::WitnessAt& witness : impl->options.witnesses) {
    MJ_TRY(WitnessClient client, WitnessClient::open(witness, impl->options.request_timeout_ms));
    impl->desks.emplace_back(std::move(client));
  }
  MJ_TRY(impl->table, AnchorTable::open(directory / "anchors.sqlite", impl->options));
  MJ_CHECK(impl->restore());
  return std::unique_ptr<Anchoring>(new Anchoring(std::move(impl)));
}

Status Anchoring::check_before_start() { return impl_->check_before_start(); }

void Anchoring::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  const bool alone = impl_->options.witnesses.empty() && impl_->options.timestamp_url.empty();
  while (!stop.stop_requested()) {
    if (!alone) {
      const std::scoped_lock round(impl_->round_mutex);
      if (const Status shown = impl_->show(false); !shown) {
        runtime::log(runtime::Level::warning, "anchoring", "no checkpoint: {}", shown.error().text());
      } else if (impl_->anchor_is_due()) {
        // Why there is none, the state of the witnesses and the authority tells.
        if (impl_->anchor()) impl_->changed();
      }
    }
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, std::chrono::milliseconds(impl_->options.witness_interval_ms),
                     [] { return false; });
  }
}

Result<std::size_t> Anchoring::consume() { return impl_->consume(); }

std::uint64_t Anchoring::position() const {
  const std::scoped_lock guard(impl_->state_mutex);
  return impl_->position;
}

void Anchoring::on_change(std::function<void()> listener) {
  const std::scoped_lock guard(impl_->state_mutex);
  impl_->listener = std::move(listener);
}

Result<Anchor> Anchoring::anchor_now() {
  const std::scoped_lock round(impl_->round_mutex);
  MJ_CHECK(impl_->show(true));
  auto made = impl_->anchor();
  impl_->changed();
  return made;
}

State Anchoring::state() const {
  const std::scoped_lock guard(impl_->state_mutex);
  return impl_->state;
}

const Options& Anchoring::options() const { return impl_->options; }

Result<std::optional<Anchor>> Anchoring::first_covering(std::uint64_t entry) const {
  const std::scoped_lock guard(impl_->table_mutex);
  return ask_table([&] { return impl_->table->first_covering(entry); });
}

Result<std::vector<Anchor>> Anchoring::newest(std::size_t limit) const {
  const std::scoped_lock guard(impl_->table_mutex);
  return ask_table([&] { return impl_->table->newest(std::min(limit, kMostListed)); });
}

Status Anchoring::raise(const Alert& alert) { return impl_->raise(alert); }

}  // namespace mj::anchoring
