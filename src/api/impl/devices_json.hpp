#pragma once

#include <optional>

#include "json.hpp"
#include "links_view.hpp"
#include "mj/api/server.hpp"
#include "mj/telemetry/completeness.hpp"
#include "yesterday_view.hpp"

namespace mj::api {

/// `Share`, or null when nothing was expected.
[[nodiscard]] Json share_json(const Share& share);
/// `Link`.
[[nodiscard]] Json link_json(const LinkFigures& link);
/// `Connection`.
[[nodiscard]] Json connection_json(const registry::Network& network, const LinkFigures& link);
/// `Profile`, without the password.
[[nodiscard]] Json profile_json(const hj212::Profile& profile);

/// `DeviceSummary`.
[[nodiscard]] Json device_summary_json(const Services& services, const registry::SettingsView& settings,
                                       const LinksView& links, const devices::DeviceRecord& record,
                                       const Share& yesterday);
/// `DeviceDetail`. `deviations` are those of the device: they name frames that show its habits.
[[nodiscard]] Json device_detail_json(const Services& services, const devices::DeviceRecord& record,
                                      const std::vector<devices::DeviationCount>& deviations,
                                      const Share& yesterday);

/// `DeviationKind` of a deviation, by the tables.
[[nodiscard]] Json deviation_kind_json(const hj212::Protocol& protocol, hj212::Deviation deviation);
/// `DeviationCount`.
[[nodiscard]] Json deviation_json(const hj212::Protocol& protocol, const devices::DeviationCount& count);
/// `ParameterReading`.
[[nodiscard]] Json parameter_json(const Services& services, const devices::ParameterReading& reading);
/// `DeviceEvent`.
[[nodiscard]] Json device_event_json(const Services& services, const devices::DeviceEvent& event);
/// `Completeness`.
[[nodiscard]] Json completeness_json(std::string_view mn, int year,
                                     const std::vector<telemetry::DayCompleteness>& days);

}  // namespace mj::api
