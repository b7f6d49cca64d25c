#include "system_json.hpp"

#include <sys/stat.h>

namespace mj::api {
namespace {

/// `Follower` of a consumer that has processed `position` entries.
Json follower_json(const Services& services, std::string_view name, std::uint64_t position, std::uint64_t log_size,
                   Instant now) {
  std::int64_t lag_ms = 0;
  if (position < log_size) {
    const auto oldest = services.log.read(evidence::EntryIndex(position), 1, 1);
    if (oldest && !oldest->entries.empty()) {
      lag_ms = std::max<std::int64_t>(now.ms_since(oldest->entries.front().entry.received_at), 0);
    }
  }
  return Json{{"name", name},
              {"position", position},
              {"log_size", log_size},
              {"lag_entries", log_size - std::min(position, log_size)},
              {"lag_ms", lag_ms}};
}

Json followers_json(const Services& services, Instant now) {
  // Positions first: a follower is never ahead of the size read after them.
  const std::uint64_t values = services.store.position();
  const std::uint64_t alarms = services.alarms.position();
  const std::uint64_t settings = services.device_register.position();
  const std::uint64_t devices = services.devices.position();
  const std::uint64_t custody = services.custody.position();
  const std::uint64_t anchors = services.anchors.position();
  const std::uint64_t size = services.log.size();
  return Json::array({follower_json(services, "values", values, size, now),
                      follower_json(services, "alarms", alarms, size, now),
                      follower_json(services, "settings", settings, size, now),
                      follower_json(services, "devices", devices, size, now),
                      follower_json(services, "custody", custody, size, now),
                      follower_json(services, "anchors", anchors, size, now)});
}

/// When the newest checkpoint was signed.
std::optional<Instant> checkpoint_time(const Services& services) {
  struct stat status{};
  if (::stat((services.directories.evidence / "checkpoint").c_str(), &status) != 0) return std::nullopt;
  return Instant::from_ms(std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000);
}

GatewayFigures gateway_figures(const Services& services) {
  return services.gateway ? services.gateway() : GatewayFigures{};
}

}  // namespace

Json ledger_json(const telemetry::Ledger& ledger) {
  Json reasons = Json::object();
  for (const auto& [reason, count] : ledger.rejected_reasons) reasons[reason] = count;
  return Json{
      {"received", ledger.received},       {"stored", ledger.stored},     {"stored_values", ledger.stored_values},
      {"duplicate", ledger.duplicate},     {"rejected", ledger.rejected}, {"rejected_reasons", std::move(reasons)},
      {"quarantined", ledger.quarantined}, {"pending", ledger.pending},   {"balanced", ledger.balanced()}};
}

Json system_json(Context& context) {
  const Services& services = context.services;
  const Instant now = services.clock();
  const GatewayFigures gateway = gateway_figures(services);
  const evidence::LogSize log = services.log.disk_size();
  const evidence_format::Checkpoint checkpoint = services.log.newest_checkpoint().checkpoint;
  const std::string failure = services.log.failure();
  const DiskUse disk = context.disk.read();
  const telemetry::StoreSize values = services.store.size();
  Json version_list = Json::object();
  for (const auto& [name, version] : versions(services.version)) version_list[name] = version;
  return Json{{"version", services.version},
              {"started_at", to_json(context.started_at)},
              {"now", to_json(now)},
              {"binding", context.binding},
              {"login", false},
              {"ledger", ledger_json(services.store.ledger(services.log.size()))},
              {"followers", followers_json(services, now)},
              {"evidence",
               {{"entries", log.entries},
                {"bytes", log.bytes},
                {"segments", log.segments},
                {"root", to_hex(checkpoint.root)},
                {"checkpoint_at", to_json(checkpoint_time(services))},
                {"failure", failure.empty() ? Json(nullptr) : Json(failure)}}},
              {"disk",
               {{"evidence_bytes", disk.evidence},
                {"telemetry_bytes", disk.telemetry},
                {"records_bytes", disk.records},
                {"free_bytes", disk.free},
                {"total_bytes", disk.total}}},
              {"gateway",
               {{"address", gateway.address},
                {"connections", gateway.connections},
                {"frames_per_s", gateway.frames_per_s},
                {"bytes_per_s", gateway.bytes_per_s}}},
              {"telemetry",
               {{"values", values.values},
                {"series", values.series},
                {"values_per_s", context.values_per_s.load()},
                {"settled_rows", values.settled_rows},
                {"recent_rows", values.recent_rows}}},
              {"versions", std::move(version_list)},
              {"memory_bytes", resident_bytes()}};
}

Json pulse_json(const Context& context) {
  const Services& services = context.services;
  const Instant now = services.clock();
  const GatewayFigures gateway = gateway_figures(services);
  return Json{{"now", to_json(now)},
              {"connections", gateway.connections},
              {"frames_per_s", gateway.frames_per_s},
              {"bytes_per_s", gateway.bytes_per_s},
              {"values_per_s", context.values_per_s.load()},
              {"memory_bytes", resident_bytes()},
              {"evidence_entries", services.log.size()},
              {"followers", followers_json(services, now)}};
}

}  // namespace mj::api
