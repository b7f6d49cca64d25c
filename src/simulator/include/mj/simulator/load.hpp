#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/simulator/latency.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

/// What the load devices send, so that every frame can be recomputed from (device, sequence).
struct LoadPlan {
  std::uint32_t devices = 1'000;                       ///< all devices, at most 10 million
  Instant base = Instant::from_ms(1'767'196'800'000);  ///< DataTime of sequence 0: 2026-01-01 00:00 Beijing
  std::int64_t step_s = 1;                             ///< DataTime of sequence n is base + n·step

  bool operator==(const LoadPlan&) const = default;
  /// MN of a device: 24 hexadecimal digits.
  [[nodiscard]] static std::string mn(std::uint32_t device);
  [[nodiscard]] Instant data_time(std::uint32_t sequence) const {
    return base.plus_ms(std::int64_t{sequence} * step_s * 1000);
  }
};

/// The ten factors of a load frame, in the order sent (ST 32, CN 2011, key Rtd).
[[nodiscard]] const std::array<std::string_view, 10>& load_factors();
/// Value of factor `index` in the frame (device, sequence), as sent: 10.00…99.99. Factors 0 and 1 together spell the
/// sequence, so a value stored under a wrong time shows.
[[nodiscard]] Decimal load_value(std::uint32_t device, std::uint32_t sequence, std::size_t index);
/// The whole frame as it is sent. `request` numbers the frames of a connection and becomes the QN.
[[nodiscard]] std::string load_frame(const LoadPlan& plan, std::uint32_t device, std::uint32_t sequence,
                                     std::uint64_t request);

struct LoadOptions {
  Target target;
  LoadPlan plan;
  std::uint32_t connections = 16;     ///< devices are dealt to them in turn
  std::uint32_t window = 256;         ///< frames in flight per connection
  double rate = 0;                    ///< frames/s over all connections; 0: as fast as answers come
  std::uint32_t first_sequence = 0;   ///< continue an earlier run without repeating its DataTimes
  std::uint64_t max_frames = 0;       ///< stop after so many frames; 0: no limit
  std::int64_t duration_ms = 10'000;  ///< stop sending after this; 0: no limit
  std::int64_t drain_ms = 10'000;     ///< then wait for outstanding answers at most this long
  std::int64_t answer_timeout_ms =
      10'000;  ///< a connection whose oldest frame waits longer is closed and its frames are sent again
  std::int64_t reconnect_min_ms = 20;
  std::int64_t reconnect_max_ms = 500;
  std::filesystem::path acked_file;  ///< writes an AckedLog there at the end; empty: none
  std::function<void(std::uint64_t sent, std::uint64_t acked)> on_progress;  ///< about once a second
};

/// Sequences of one device that were acknowledged, both ends included.
struct AckedRange {
  std::uint32_t device = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool operator==(const AckedRange&) const = default;
};

/// Which frames were acknowledged 已应答: enough to prove later that none is missing.
struct AckedLog {
  LoadPlan plan;
  std::uint32_t first_sequence = 0;
  std::vector<AckedRange> acked;        ///< ordered, disjoint
  std::vector<std::uint32_t> sent_end;  ///< per device: one past the last sequence ever sent

  /// Orders `acked` and joins ranges that touch.
  void tidy();
  /// Errors: unavailable when the file cannot be written.
  [[nodiscard]] Status save(const std::filesystem::path& file) const;
  /// Errors: not_found; invalid_input when it is no such file.
  [[nodiscard]] static Result<AckedLog> load(const std::filesystem::path& file);
};

struct LoadReport {
  std::uint64_t sent = 0;     ///< distinct frames sent
  std::uint64_t acked = 0;    ///< distinct frames acknowledged
  std::uint64_t unacked = 0;  ///< sent and not acknowledged when the run ended
  std::uint64_t resent = 0;
  std::uint64_t reconnects = 0;       ///< connections lost and made again
  std::uint64_t strange_answers = 0;  ///< answers to nothing outstanding, or with a wrong CRC or MN
  double seconds = 0;                 ///< from the first frame to the last acknowledgement
  double acked_per_second = 0;
  LatencyHistogram latency;  ///< first sending (at a fixed rate: the planned moment) → acknowledgement
  AckedLog log;
};

/// Plays load devices over real TCP and measures acknowledgement. Survives restarts of the server: connects again and
/// resends what is not acknowledged, byte for byte. Uses the calling thread only.
/// Errors: invalid_input for options that make no sense; unavailable when `acked_file` cannot be written.
[[nodiscard]] Result<LoadReport> load(const LoadOptions& options, std::stop_token stop);

/// network.toml text that registers all devices of a plan (points "load-0" …).
[[nodiscard]] std::string load_network_toml(const LoadPlan& plan);

/// A value the server holds for a device.
struct StoredValue {
  Instant data_time;
  std::string factor;
  Decimal value;
};
/// Values stored for `mn` with first ≤ DataTime ≤ last, any order.
using StoredQuery =
    std::function<Result<std::vector<StoredValue>>(const std::string& mn, Instant first, Instant last)>;

struct AckedCheck {
  std::uint64_t frames = 0;            ///< acknowledged frames looked for
  std::uint64_t missing_frames = 0;    ///< acknowledged, and at least one of the ten values is absent
  std::uint64_t wrong_values = 0;      ///< stored with another value than was sent
  std::uint64_t duplicate_values = 0;  ///< the same (DataTime, factor) stored more than once
  std::uint64_t alien_values = 0;      ///< stored, but never sent
  std::vector<std::string> findings;   ///< the first twenty, in words
  [[nodiscard]] bool ok() const {
    return missing_frames == 0 && wrong_values == 0 && duplicate_values == 0 && alien_values == 0;
  }
};

/// Proves that everything acknowledged is stored, once and unchanged. Errors: those of `query`.
[[nodiscard]] Result<AckedCheck> check_acked(const AckedLog& log, const StoredQuery& query);

}  // namespace mj::simulator
