#include "mj/kernel/bytes.hpp"
#include "mj/simulator/scenario.hpp"

namespace mj::simulator {
namespace {

std::string_view element_of(const DeviceGroup& group, const hj212::Protocol& protocol) {
  const hj212::CodeWord* system = protocol.system(group.device.st);
  return system == nullptr || system->element.empty() ? std::string_view("source") : system->element;
}

std::string_view crc_word(hj212::CrcRule rule) {
  switch (rule) {
    case hj212::CrcRule::modbus: return "modbus";
    case hj212::CrcRule::modbus_le: return "modbus-le";
    case hj212::CrcRule::off: return "off";
    case hj212::CrcRule::hj: break;
  }
  return "hj";
}

/// A habit of another CRC is registered, so that the device's frames count.
hj212::CrcRule registered_crc(const DeviceGroup& group) {
  if (group.misbehaviour.of(Misdeed::crc_modbus) >= 1) return hj212::CrcRule::modbus;
  if (group.misbehaviour.of(Misdeed::crc_modbus_le) >= 1) return hj212::CrcRule::modbus_le;
  return group.device.crc;
}

}  // namespace

std::string scenario_network_toml(const Scenario& scenario, const hj212::Protocol& protocol) {
  std::string text = fmt::format("# Devices of the scenario {}.\n", scenario.name);
  auto out = std::back_inserter(text);
  // A grid inside the municipality of the demonstration, so that maps show them.
  const std::uint32_t all = scenario.devices();
  std::uint32_t number = 0;
  for (const DeviceGroup& group : scenario.groups) {
    for (std::uint32_t i = 0; i < group.count; ++i, ++number) {
      const double place = static_cast<double>(number) / static_cast<double>(all);
      fmt::format_to(out, "\n[[point]]\nid = \"{0}-{1}\"\nname = {{ zh = \"{0} {1}\", en = \"{0} {1}\" }}\n",
                     group.name, i + 1);
      fmt::format_to(out, "element = \"{}\"\nlocation = \"approximate\"\nlon = {:.4f}\nlat = {:.4f}\n",
                     element_of(group, protocol), 106.0 + place,
                     29.2 + 0.8 * static_cast<double>(number % 97) / 97.0);
      fmt::format_to(out, "device = \"{}\"\ndialect = \"{}\"\ncrc = \"{}\"\npassword = \"{}\"\n", group.mn(i),
                     hj212::name(group.device.dialect), crc_word(registered_crc(group)), group.device.pw);
      if (group.device.surface_water_profile) fmt::format_to(out, "surface_water = true\n");
      if (!group.vendor.empty()) fmt::format_to(out, "vendor = \"{}\"\n", group.vendor);
      if (group.assign_mn) fmt::format_to(out, "logger = \"{}\"\n", group.logger(i));
      if (group.key) {
        const auto& bytes = group.key->bytes;
        fmt::format_to(out, "# first key, to be entered by hand: {}\n",
                       std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
      }
    }
  }
  return text;
}

}  // namespace mj::simulator
