#include "book_impl.hpp"

namespace mj::devices {

std::vector<DeviceRecord> DeviceBook::Impl::records(std::optional<std::string_view> mn) const {
  std::vector<DeviceRecord> records;
  std::vector<hj212::TraitCounts> traits;
  const auto take = [&](const DeviceState& state) {
    if (state.point == nullptr && state.frames == 0) return;
    records.push_back(to_record(state));
    traits.push_back(state.traits);
  };
  {
    const std::lock_guard lock(state_mutex);
    if (mn) {
      if (const DeviceState* state = devices.find(*mn)) take(*state);
    } else {
      devices.each(take);
    }
    std::unordered_map<std::string_view, std::size_t> open;
    for (const auto& [id, order] : conversations.open()) ++open[order.request.device];
    for (DeviceRecord& record : records) {
      if (const auto found = open.find(record.mn); found != open.end()) record.open_orders = found->second;
    }
  }
  for (std::size_t i = 0; i < records.size(); ++i) records[i].guess = hj212::guess_profile(traits[i]);
  std::sort(records.begin(), records.end(),
            [](const DeviceRecord& a, const DeviceRecord& b) { return a.mn < b.mn; });
  return records;
}

std::vector<DeviationCount> DeviceBook::Impl::deviations(std::optional<std::string_view> mn) const {
  std::vector<DeviationCount> counts;
  const auto take = [&counts](const DeviceState& state) {
    for (const Tally& tally : state.tallies) {
      counts.push_back({state.mn, state.point != nullptr ? state.point->vendor : std::string(), tally.deviation,
                        tally.frames, tally.first_entry, tally.last_entry, tally.first_at, tally.last_at});
    }
  };
  {
    const std::lock_guard lock(state_mutex);
    if (mn) {
      if (const DeviceState* state = devices.find(*mn)) take(*state);
    } else {
      devices.each(take);
    }
  }
  std::sort(counts.begin(), counts.end(), [](const DeviationCount& a, const DeviationCount& b) {
    return std::tie(b.frames, a.mn, a.deviation) < std::tie(a.frames, b.mn, b.deviation);
  });
  return counts;
}

}  // namespace mj::devices
