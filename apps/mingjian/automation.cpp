#include "automation.hpp"

#include "mj/devices/gaps.hpp"

namespace mj::app {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kSystem = "system";
constexpr std::string_view kKeyToBeMade = "@key";

}  // namespace

Automation::Automation(evidence::Log& log, registry::DeviceRegister& devices, devices::DeviceBook& book,
                       const telemetry::Store& store)
    : log_(log), register_(devices), book_(book), store_(store) {}

Result<std::size_t> Automation::answer_devices(Instant now) {
  std::size_t placed = 0;
  for (devices::OrderRequest& request : book_.due_orders(now)) {
    std::optional<std::uint64_t> key;
    for (auto& [name, value] : request.parameters) {
      if (value != kKeyToBeMade) continue;
      if (!key) {
        MJ_TRY(key, register_.add_key(log_, request.device, registry::DeviceRegister::make_key(),
                                      to_compact_ms(now), {std::string(kSystem), request.reason}, now));
      }
      value = fmt::format("{}:{}", kKeyToBeMade, *key);
    }
    MJ_CHECK(book_.place_order(log_, request, now));
    ++placed;
  }
  return placed;
}

Result<std::size_t> Automation::pull_missing(const std::vector<std::string>& online, Instant now) {
  const devices::Rules::Pull& rules = book_.rules().pull;
  if (!rules.enabled || online.empty()) return std::size_t{0};
  std::vector<std::string> chosen;
  for (std::size_t i = 0; i < std::min(online.size(), rules.devices_per_round); ++i) {
    chosen.push_back(online[(turn_ + i) % online.size()]);
  }
  turn_ = (turn_ + chosen.size()) % online.size();

  const Instant to = now.plus_ms(-rules.settle_ms);
  const Instant from = to.plus_ms(-rules.days_back * kDayMs);
  MJ_TRY(const auto missing, store_.missing(chosen, from, to));
  std::vector<devices::Gap> gaps;
  for (const telemetry::MissingIntervals& each : missing) {
    const std::vector<devices::Gap> found = devices::find_gaps(each, rules);
    gaps.insert(gaps.end(), found.begin(), found.end());
  }
  if (gaps.empty()) return std::size_t{0};
  MJ_TRY(const auto past, book_.past_pulls(from));
  const auto requests = devices::plan_pulls(gaps, past, chosen, rules, now);
  for (const devices::OrderRequest& request : requests) MJ_CHECK(book_.place_order(log_, request, now));
  return requests.size();
}

}  // namespace mj::app
