#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence_format/entry.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"
#include "mj/kernel/instant.hpp"
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

/// Reads entries into values: a pure function of the entry and the registered network. Buffers are reused between calls.
class FrameReader {
 public:
  explicit FrameReader(const registry::Network& network) : network_(network) {}
  [[nodiscard]] FrameReading read(const evidence_format::Entry& entry);

 private:
  const registry::Network& network_;
  std::vector<hj212::Field> fields_;
  std::vector<FrameValue> values_;
  hj212::Framer framer_;
  std::string device_;  ///< what is not plain ASCII, in UTF-8
  std::string st_;
  std::string cn_;
  std::string area_;
};

}  // namespace mj::telemetry
