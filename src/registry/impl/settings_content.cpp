#include "settings_content.hpp"

namespace mj::registry {

std::shared_ptr<const SettingsView::Content> SettingsView::Content::of(const Network& network) {
  auto content = std::make_shared<Content>();
  auto registered = std::make_shared<Registered>();
  for (const Point& point : network.points()) {
    if (!point.device.empty() && point.profile != hj212::Profile{}) {
      registered->emplace(point.device, hj212::DeviceSettings{point.profile, {}});
    }
  }
  content->registered = std::move(registered);
  return content;
}

void SettingsView::Content::change(std::string_view mn, std::uint64_t after, hj212::DeviceSettings settings) {
  changed[std::string(mn)].push_back({after, std::move(settings)});
}

const hj212::DeviceSettings& SettingsView::Content::base(std::string_view mn) const {
  const auto found = registered->find(mn);
  return found == registered->end() ? standard_ : found->second;
}

const hj212::DeviceSettings& SettingsView::Content::at(std::string_view mn, std::uint64_t entry) const {
  if (const auto found = changed.find(mn); found != changed.end()) {
    for (auto version = found->second.rbegin(); version != found->second.rend(); ++version) {
      if (version->after < entry) return version->settings;
    }
  }
  return base(mn);
}

const hj212::DeviceSettings& SettingsView::Content::newest(std::string_view mn) const {
  const auto found = changed.find(mn);
  return found == changed.end() ? base(mn) : found->second.back().settings;
}

}  // namespace mj::registry
