#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/telemetry/ledger.hpp"
#include "reason.hpp"

namespace mj::telemetry {

/// One value of a frame, before it is compared with what is stored.
struct FrameValue {
  std::string_view factor;
  std::string_view kind;
  std::string_view text;
  std::string_view flag;
};

/// What an entry says. Views into the entry's payload and into the reader's buffers, valid until the next read().
struct FrameReading {
  Disposition disposition = Disposition::stored;
  Reason reason = Reason::none;  ///< why rejected or quarantined
  std::string_view device;
  std::string_view st;
  std::string_view cn;
  std::optional<Instant> data_time;
  const std::vector<FrameValue>* values = nullptr;
};

/// Reads entries into values: a pure function of the entry, the registered network and the settings in force at the entry.
/// Buffers are reused between calls.
class FrameReader {
 public:
  explicit FrameReader(const registry::Network& network) : network_(network) {}
  /// Takes the settings as they are known now; before each batch.
  void use(registry::SettingsView settings) { settings_ = std::move(settings); }
  [[nodiscard]] FrameReading read(const evidence::StoredEntry& stored);

 private:
  const registry::Network& network_;
  registry::SettingsView settings_;
  hj212::FrameReader reader_;
  std::vector<hj212::Field> fields_;
  std::vector<FrameValue> values_;
  std::string device_;  ///< what is not plain ASCII, in UTF-8
  std::string st_;
  std::string cn_;
  std::string area_;
};

}  // namespace mj::telemetry
