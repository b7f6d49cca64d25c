#include "demo_witnesses.hpp"

#include <array>

#include "mj/runtime/clock.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"

namespace mj::app {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"provincial-centre", "market-regulation", "procuratorate"};
constexpr std::size_t kQuorum = 2;
constexpr std::int64_t kAskEveryMs = 2'000;
constexpr std::int64_t kAnchorEveryMs = 60'000;

}  // namespace

Result<std::unique_ptr<DemoWitnesses>> DemoWitnesses::start(const std::filesystem::path& directory) {
  std::unique_ptr<DemoWitnesses> demo(new DemoWitnesses());
  for (const std::string_view name : kNames) {
    One one;
    const std::filesystem::path place = directory / name;
    MJ_TRY(one.witness, witness::Witness::open(place, fmt::format("witness.example/{}", name),
                                               place / "passphrase", runtime::system_clock()));
    MJ_TRY(one.service, witness::Service::start(*one.witness, "127.0.0.1", 0, runtime::system_clock()));
    demo->witnesses_.push_back(std::move(one));
  }
  return demo;
}

anchoring::Options DemoWitnesses::options() const {
  anchoring::Options options;
  for (const One& one : witnesses_)
    options.witnesses.push_back({fmt::format("http://{}", one.service->binding()), one.witness->key()});
  options.quorum = kQuorum;
  options.witness_interval_ms = kAskEveryMs;
  options.anchor_interval_ms = kAnchorEveryMs;
  return options;
}

void DemoWitnesses::trust(const evidence_format::KeyRing& ring) const {
  for (const One& one : witnesses_) {
    const Status told = one.witness->watch(witness::WatchedLog::of(ring));
    if (!told) runtime::log(runtime::Level::warning, "witness", "{}", told.error().text());
  }
}

std::jthread DemoWitnesses::introduce(const Platform& platform) const {
  trust(platform.keyring());
  return runtime::start_thread("demo-trust", [this, &platform](const std::stop_token& stop) {
    std::size_t known = platform.keyring().members().size();
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    while (!stopped.wait_for(lock, stop, std::chrono::seconds(1), [&stop] { return stop.stop_requested(); })) {
      const evidence_format::KeyRing ring = platform.keyring();
      if (ring.members().size() == known) continue;
      known = ring.members().size();
      trust(ring);
    }
  });
}

}  // namespace mj::app
