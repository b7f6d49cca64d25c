#include "speech.hpp"

namespace mj::api {

Speech speech_of(const hj212::Profile& profile, const hj212::ProfileGuess* guess) {
  Speech speech;
  const bool detected = guess != nullptr && guess->dialect != hj212::Dialect::unknown;
  speech.surface_water = profile.surface_water || (guess != nullptr && guess->surface_water);
  if (profile.dialect) {
    speech.dialect = *profile.dialect;
    speech.source = "profile";
  } else if (detected) {
    speech.dialect = guess->dialect;
    speech.source = "detected";
  } else {
    speech.source = "none";
  }
  return speech;
}

Speech speech_of(const Services& services, std::string_view mn) {
  const auto record = services.devices.find(mn);
  const registry::SettingsView settings = services.device_register.settings();
  return speech_of(settings.now(mn).profile, record ? &record->guess : nullptr);
}

const hj212::Command* host_command(const hj212::Protocol& protocol, std::string_view cn, std::string_view st,
                                   const Speech& speech) {
  using hj212::Dialect;
  for (const Dialect dialect : {speech.tables(), Dialect::v2017, Dialect::v2025, Dialect::v2005}) {
    if (const auto* command = protocol.find(cn, hj212::Sender::host, dialect, st, speech.surface_water))
      return command;
  }
  return nullptr;
}

}  // namespace mj::api
