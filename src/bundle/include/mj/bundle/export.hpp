#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "mj/anchoring/anchors.hpp"
#include "mj/assess/point_state.hpp"
#include "mj/bundle/figure.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/evaluation/engine.hpp"
#include "mj/evidence/log.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::bundle {

/// What a bundle is made from. All references outlive the call.
struct Sources {
  evidence::Log& log;
  const anchoring::Anchoring* anchors;  ///< null = no witnesses
  const custody::CustodyBook& custody;
  const telemetry::Store& store;
  const registry::Network& network;
  const registry::DeviceRegister& device_register;
  const standards::StandardSet& standards;
  const assess::StateRules& state_rules;  ///< which values index and class of a point rest on
  runtime::Clock clock;
  std::string version;  ///< of the program
  /// Packets in cipher can be read only with the SM4 key of their device, and whoever has the key reads all its packets: keys go
  /// into a bundle only when this is set.
  bool with_device_keys = false;
  /// Asks the witnesses at once; called when they have not seen the entries yet. None = the bundle goes without them then.
  std::function<void()> ask_witnesses = {};
  /// Calculation sheets of evaluated figures of an element. None = nothing is evaluated.
  std::function<Result<std::unique_ptr<evaluation::Sheets>>(std::string_view element)> sheets = {};
  /// A point that only the register knows, at a time: nothing of it is in network.toml, its values come from files. None = there is
  /// no register; an answer without value = no such point.
  std::function<std::optional<registry::Point>(std::string_view id, Instant at)> registered = {};
  /// The calculation sheet of a figure of statistics or appraisal by its name. None = there are no such figures.
  std::function<Result<evaluation::Sheet>(std::string_view name)> made_sheet = {};
};

using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// The bundle (docs/formats/bundle.md) that proves a figure: the entries it comes from, their proofs, keys, witnesses, time stamp,
/// the standards used and each step of the derivation. It was verified as a stranger would, and the figure that it proves is the
/// one that the platform shows. Errors: not_found when there is no such figure, naming what is missing; invalid_input when it
/// cannot be computed, or only with a key that may not be given away; damaged when evidence and platform differ; unavailable.
[[nodiscard]] Result<std::string> export_figure(const Sources& sources, const FigureId& figure);

/// The bundle of all entries of a device on the Beijing days from `from` to `to` (exclusive), with the statements that say that there
/// are no others, and the values read from them (none from packets in cipher unless `with_device_keys`).
/// Errors: not_found for a device without statements; unavailable when days asked for are not closed yet, naming the last that is;
/// invalid_input for a time that makes too large a bundle; damaged.
[[nodiscard]] Result<std::string> export_device(const Sources& sources, std::string_view device, Instant from,
                                                Instant to, const Progress& progress = {});

}  // namespace mj::bundle
