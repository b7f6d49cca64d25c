#pragma once

#include <string>
#include <vector>

#include "json.hpp"
#include "mj/api/server.hpp"

namespace mj::api {

/// A device that sent frames, with the ways in which it departs from the standard, most frequent first.
struct DeviceConformance {
  devices::DeviceRecord record;
  std::vector<devices::DeviationCount> deviations;
};

/// The conformance report 规约符合性报告 over all devices that sent frames, by MN.
[[nodiscard]] Result<std::vector<DeviceConformance>> read_conformance(const devices::DeviceBook& book);

/// `Conformance`.
[[nodiscard]] Json conformance_json(const Services& services, const std::vector<DeviceConformance>& devices);

/// The same for a spreadsheet, as the contract describes it.
[[nodiscard]] std::string conformance_csv(const Services& services, const std::vector<DeviceConformance>& devices);

/// One cell that a spreadsheet takes as the text it is: quoted where needed, no formula, no number that would lose digits.
/// Source of the quoting: RFC 4180 §2.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace mj::api
