#include "conformance_report.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "devices_json.hpp"
#include "orders_json.hpp"

namespace mj::api {
namespace {

using hj212::Deviation;

/// How often a deviation occurs, and on how many devices.
struct Occurrence {
  std::uint64_t frames = 0;
  std::uint64_t devices = 0;
};

struct VendorConformance {
  std::uint64_t devices = 0;
  std::uint64_t conforming = 0;
  std::uint64_t frames = 0;
  std::uint64_t deviating_frames = 0;
  std::map<Deviation, Occurrence> deviations;
};

/// The deviations that occur, most frequent first.
std::vector<Deviation> kinds_of(const std::vector<DeviceConformance>& devices) {
  std::map<Deviation, std::uint64_t> frames;
  for (const DeviceConformance& device : devices) {
    for (const auto& count : device.deviations) frames[count.deviation] += count.frames;
  }
  std::vector<Deviation> kinds;
  for (const auto& [deviation, count] : frames) kinds.push_back(deviation);
  std::sort(kinds.begin(), kinds.end(),
            [&frames](Deviation a, Deviation b) { return std::tie(frames[b], a) < std::tie(frames[a], b); });
  return kinds;
}

std::map<std::string, VendorConformance> vendors_of(const std::vector<DeviceConformance>& devices) {
  std::map<std::string, VendorConformance> vendors;
  for (const DeviceConformance& device : devices) {
    VendorConformance& vendor = vendors[device.record.vendor];
    ++vendor.devices;
    vendor.conforming += device.deviations.empty() ? 1U : 0U;
    vendor.frames += device.record.frames;
    vendor.deviating_frames += device.record.deviating_frames;
    for (const auto& count : device.deviations) {
      Occurrence& occurrence = vendor.deviations[count.deviation];
      occurrence.frames += count.frames;
      ++occurrence.devices;
    }
  }
  return vendors;
}

Json vendor_json(const std::string& name, const VendorConformance& vendor, const std::vector<Deviation>& kinds) {
  Json deviations = Json::array();
  for (const Deviation kind : kinds) {
    const auto found = vendor.deviations.find(kind);
    if (found == vendor.deviations.end()) continue;
    deviations.push_back(
        {{"code", hj212::name(kind)}, {"frames", found->second.frames}, {"devices", found->second.devices}});
  }
  return Json{{"vendor", name},
              {"devices", vendor.devices},
              {"conforming", vendor.conforming},
              {"frames", vendor.frames},
              {"deviating_frames", vendor.deviating_frames},
              {"deviations", std::move(deviations)}};
}

Json device_json(const Services& services, const DeviceConformance& device) {
  Json deviations = Json::array();
  for (const auto& count : device.deviations) deviations.push_back(deviation_json(services.protocol, count));
  return Json{{"mn", device.record.mn},
              {"point", point_ref_json(services.network, device.record.mn)},
              {"vendor", device.record.vendor},
              {"frames", device.record.frames},
              {"deviating_frames", device.record.deviating_frames},
              {"deviations", std::move(deviations)}};
}

}  // namespace

Result<std::vector<DeviceConformance>> read_conformance(const devices::DeviceBook& book) {
  std::vector<DeviceConformance> devices;
  for (devices::DeviceRecord& record : book.list()) {
    if (record.frames > 0) devices.push_back({std::move(record), {}});
  }
  std::unordered_map<std::string_view, DeviceConformance*> by_mn;
  for (DeviceConformance& device : devices) by_mn.emplace(device.record.mn, &device);
  MJ_TRY(auto counts, book.deviations(std::nullopt));
  for (devices::DeviationCount& count : counts) {
    // One that was seen after the list was read is left to the next report.
    if (const auto found = by_mn.find(count.mn); found != by_mn.end())
      found->second->deviations.push_back(std::move(count));
  }
  for (DeviceConformance& device : devices) {
    std::sort(device.deviations.begin(), device.deviations.end(), [](const auto& a, const auto& b) {
      return std::tie(b.frames, a.deviation) < std::tie(a.frames, b.deviation);
    });
  }
  return devices;
}

Json conformance_json(const Services& services, const std::vector<DeviceConformance>& devices) {
  const std::vector<Deviation> kinds = kinds_of(devices);
  Json kind_rows = Json::array();
  for (const Deviation kind : kinds) kind_rows.push_back(deviation_kind_json(services.protocol, kind));
  Json vendor_rows = Json::array();
  for (const auto& [name, vendor] : vendors_of(devices)) vendor_rows.push_back(vendor_json(name, vendor, kinds));
  std::vector<const DeviceConformance*> deviating;
  for (const DeviceConformance& device : devices) {
    if (!device.deviations.empty()) deviating.push_back(&device);
  }
  std::sort(deviating.begin(), deviating.end(), [](const auto* a, const auto* b) {
    return std::tie(b->record.deviations, a->record.mn) < std::tie(a->record.deviations, b->record.mn);
  });
  Json device_rows = Json::array();
  for (const DeviceConformance* device : deviating) device_rows.push_back(device_json(services, *device));
  return Json{{"at", to_json(services.clock())},
              {"kinds", std::move(kind_rows)},
              {"vendors", std::move(vendor_rows)},
              {"devices", std::move(device_rows)}};
}

}  // namespace mj::api
