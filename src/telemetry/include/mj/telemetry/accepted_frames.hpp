#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"

namespace mj::telemetry {

/// One value of a frame, as received.
struct AcceptedValue {
  std::string_view factor;
  std::string_view kind;  ///< Rtd, Avg …
  std::string_view text;
  std::string_view flag;  ///< empty when none
};

/// A frame whose values the series store takes.
struct AcceptedFrame {
  std::string_view cn;
  Instant data_time;
  std::vector<AcceptedValue> values;
};

/// Reads entries by exactly the rules of the series store, for other followers of the log: what is no value there is
/// none for them either. Thread: one.
class AcceptedFrames {
 public:
  /// `network` must outlive this object.
  explicit AcceptedFrames(const registry::Network& network);
  ~AcceptedFrames();
  AcceptedFrames(const AcceptedFrames&) = delete;
  AcceptedFrames& operator=(const AcceptedFrames&) = delete;

  /// Takes the settings of devices as they are known now; before each batch.
  void use(registry::SettingsView settings);
  /// Null when the store would take no value from the entry. Views are valid until the next call and while the
  /// entry's bytes are.
  [[nodiscard]] const AcceptedFrame* read(const evidence::StoredEntry& stored);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::telemetry
