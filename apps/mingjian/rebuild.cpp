#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "mj/registry/adoption.hpp"
#include "mj/runtime/clock.hpp"
#include "platform.hpp"
#include "registered.hpp"

namespace mj::app {
namespace {

struct RebuildOptions {
  std::string data;
  std::string network;
  std::string share;
  bool check = false;
};

/// Derives everything the log holds, telling how far it is.
template <typename Consume, typename Position>
Status derive_all(std::string_view what, std::uint64_t size, Consume consume, Position position) {
  const std::int64_t began = runtime::steady_ms();
  std::int64_t shown = began;
  while (true) {
    MJ_TRY(const std::size_t done, consume());
    if (done == 0) break;
    const std::int64_t now = runtime::steady_ms();
    if (now - shown < 1000) continue;
    shown = now;
    const double rate = static_cast<double>(position()) * 1000 / static_cast<double>(now - began);
    fmt::print(stderr, "{}: {} of {} entries, {:.0f} entries/s, {:.0f} s left\n", what, position(), size, rate,
               static_cast<double>(size - position()) / rate);
  }
  return {};
}

Result<int> rebuild(const RebuildOptions& options) {
  const DataDirectory data{options.data};
  if (!std::filesystem::exists(data.evidence())) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no evidence log; name the data directory of a server", data.root.string()));
  }
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  std::string network = options.network;
  // The demonstration's network ships with the program, not with the data directory.
  if (network.empty() && !std::filesystem::exists(data.network()))
    network = (share / "demo" / "network.toml").string();
  MJ_TRY(Knowledge knowledge, Knowledge::load(share, data, network));
  MJ_TRY(const auto log, open_log(data));
  // The log alone says what the register holds.
  if (!options.check) MJ_CHECK(registry::remove_book(data.records()));
  MJ_TRY(const auto registered, open_register(data.records(), knowledge.register_schema, *log));
  MJ_TRY(knowledge.network, registry::with_registered_points(knowledge.network, *registered,
                                                             registry::Day::of(runtime::system_clock()())));

  MJ_TRY(const auto settings, registry::DeviceRegister::open(data.records(), knowledge.network, data.vault_key()));
  MJ_CHECK(derive_all(
      "settings", log->size(), [&] { return settings->consume(*log); }, [&] { return settings->position(); }));

  const auto derive_values = [&]() -> Result<std::string> {
    MJ_TRY(const auto store,
           telemetry::Store::open(data.telemetry(), knowledge.network, *settings, telemetry::StoreOptions{}));
    MJ_CHECK(derive_all(
        "values", log->size(), [&] { return store->consume(*log); }, [&] { return store->position(); }));
    MJ_TRY(std::string digest, store->digest());
    const telemetry::Ledger ledger = store->ledger(log->size());
    fmt::print(stderr, "received {} = stored {} + duplicate {} + rejected {} + quarantined {} + pending {}: {}\n",
               ledger.received, ledger.stored, ledger.duplicate, ledger.rejected, ledger.quarantined,
               ledger.pending, ledger.balanced() ? "balanced" : "NOT BALANCED");
    return digest;
  };

  MJ_TRY(const std::string before, derive_values());
  fmt::print("before  {}\n", before);
  if (options.check) return 0;
  MJ_CHECK(telemetry::remove_store(data.telemetry()));
  MJ_CHECK(alarm::remove_book(data.records()));
  MJ_CHECK(devices::remove_book(data.records()));
  MJ_TRY(const std::string after, derive_values());
  {
    MJ_TRY(const auto alarms, alarm::AlarmBook::open(data.records(), knowledge.network, *settings,
                                                     knowledge.limits, knowledge.standards));
    MJ_CHECK(derive_all(
        "alarms", log->size(), [&] { return alarms->consume(*log); }, [&] { return alarms->position(); }));
    MJ_CHECK(alarms->flush());
  }
  {
    MJ_TRY(const auto book, devices::DeviceBook::open(data.records(), knowledge.network, *settings,
                                                      knowledge.standards.protocol(), knowledge.device_rules));
    MJ_CHECK(derive_all(
        "devices", log->size(), [&] { return book->consume(*log, settings->position()); },
        [&] { return book->position(); }));
  }
  {
    MJ_CHECK(custody::remove_book(data.records()));
    MJ_TRY(const auto book,
           custody::CustodyBook::open(data.records(), knowledge.network, knowledge.custody_rules));
    MJ_CHECK(
        derive_all("custody", log->size(), [&] { return book->consume(*log); }, [&] { return book->position(); }));
  }
  fmt::print("after   {}\n{}\n", after, before == after ? "IDENTICAL" : "DIFFERENT");
  return before == after ? 0 : 1;
}

}  // namespace

void add_rebuild(CLI::App& app, Run& run) {
  auto options = std::make_shared<RebuildOptions>();
  CLI::App* command = app.add_subcommand(
      "rebuild", "Delete values, alarms and the book of devices and derive them again from the evidence log");
  command->add_option("--data", options->data, "Data directory of a server that is stopped")->required();
  command->add_option("--network", options->network,
                      "Registered points and devices (default: network.toml in the data directory)");
  command->add_option("--share", options->share,
                      "Folder with standards/ and rules/ (default: found beside the program)");
  command->add_flag("--check", options->check, "Only print the digest over all values; delete nothing");
  command->footer(
      "Prints a digest over all values before and after; exit status 0 when they are identical, 1 when not.\n"
      "Example:\n  mingjian rebuild --data ./data/demo");
  command->callback([options, &run] { run = [options] { return rebuild(*options); }; });
}

}  // namespace mj::app
