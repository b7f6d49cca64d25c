#include "basis.hpp"

#include "mj/evidence_format/merkle.hpp"
#include "mj/hj212/conformance.hpp"

namespace mj::devices {
namespace {

/// Changes when the code derives something else from the same log.
constexpr int kDerivation = 1;

}  // namespace

std::string basis_of(const registry::Network& network, const hj212::Protocol& protocol, const Rules& rules) {
  std::string text = fmt::format("{}\n{}\n{}\n", kDerivation, protocol.digest(), rules.clock_tolerance_ms);
  for (const auto* commands : {&rules.parameters.told_by, &rules.parameters.set_by})
    text += fmt::format("{}\n", fmt::join(*commands, " "));
  for (std::size_t number = 0; number < hj212::kDeviationCount; ++number)
    text += fmt::format("{} ", hj212::name(static_cast<hj212::Deviation>(number)));
  // Traits are stored by number.
  for (std::size_t trait = 0; trait < hj212::kTraitCount; ++trait) {
    for (std::size_t variant = 0; variant < hj212::kMaxVariants; ++variant)
      text += fmt::format("{} ", hj212::variant_name(static_cast<hj212::Trait>(trait), variant));
  }
  for (const registry::Point& point : network.points()) {
    if (point.device.empty()) continue;
    const hj212::Profile& profile = point.profile;
    text += fmt::format("\n{} {} {} {} {} {} {} {}", point.device, point.logger,
                        profile.dialect ? hj212::name(*profile.dialect) : "", profile.surface_water,
                        static_cast<int>(profile.crc), profile.password, hj212::name(profile.password_rule),
                        hj212::name(profile.encryption));
  }
  return to_hex(evidence_format::sha256(as_bytes(text)));
}

}  // namespace mj::devices
