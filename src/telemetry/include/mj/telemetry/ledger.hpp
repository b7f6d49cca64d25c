#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/instant.hpp"

namespace mj::telemetry {

/// What became of an entry of the log.
enum class Disposition : std::uint8_t { stored = 0, duplicate = 1, rejected = 2, quarantined = 3, pending = 4 };
[[nodiscard]] std::string_view name(Disposition disposition);
[[nodiscard]] std::optional<Disposition> parse_disposition(std::string_view word);

/// The ledger of flow 流量账: every frame or stretch of bytes received is in exactly one class.
struct Ledger {
  std::uint64_t received = 0;  ///< frames and junk stretches in the evidence log
  std::uint64_t stored = 0;    ///< gave at least one new value or revision, or is a valid frame without values
  std::uint64_t stored_values = 0;  ///< values and revisions stored
  std::uint64_t duplicate = 0;      ///< every value was there already, unchanged
  std::uint64_t rejected = 0;
  std::map<std::string, std::uint64_t> rejected_reasons;
  std::uint64_t quarantined = 0;  ///< from a device that is not registered
  std::uint64_t pending = 0;      ///< durable, not yet processed

  [[nodiscard]] bool balanced() const { return received == stored + duplicate + rejected + quarantined + pending; }
};

/// One frame in a list.
struct FrameLine {
  std::uint64_t entry = 0;
  Instant received_at;
  std::string device;
  std::string st;
  std::string cn;
  std::optional<Instant> data_time;
  std::uint32_t bytes = 0;
  Disposition disposition = Disposition::pending;
  std::string reason;              ///< why rejected or quarantined; empty otherwise
  std::uint32_t observations = 0;  ///< new values and revisions it gave
};

}  // namespace mj::telemetry
