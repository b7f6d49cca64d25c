#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "mj/hj212/protocol.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/simulator/scenario.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

/// A record that the server cannot have from the device's own sending.
struct WithheldRecord {
  std::string mn;
  std::string cn;
  Instant data_time;
  std::string cause;  ///< "frame-lost": taken for sent; "lost-period": of a lost period
};

/// What devices have done so far; the figures of a test's comparison with the server.
struct ScenarioReport {
  std::uint64_t devices = 0;
  std::uint64_t online = 0;  ///< connections standing now
  std::uint64_t connects = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t refused_connects = 0;
  std::uint64_t frames = 0;  ///< distinct frames written, resends and duplicates left out
  std::uint64_t bytes = 0;
  std::uint64_t resent = 0;
  std::uint64_t answered = 0;  ///< 9014 and 9013 that fitted a waiting frame
  std::uint64_t given_up = 0;  ///< frames without an answer after all resends
  std::uint64_t strange = 0;  ///< frames received that fit nothing: wrong CRC, no frame, answer to nothing waiting
  Counts frames_by_cn;
  Counts requests_by_cn;                ///< host requests taken, repetitions left out
  Counts request_returns;               ///< QnRtn given
  Counts execution_returns;             ///< ExeRtn given
  Counts misbehaviour;                  ///< how often each misdeed was done
  std::uint64_t records_requested = 0;  ///< records sent because the host asked for them 补取
  std::uint64_t keys_changed = 0;
  std::uint64_t mns_assigned = 0;
  std::uint64_t withheld = 0;
  std::vector<WithheldRecord> withheld_records;  ///< the first 100,000
  double seconds = 0;
};
/// One JSON object, without line end.
[[nodiscard]] std::string to_json(const ScenarioReport& report);

struct ScenarioOptions {
  Target target;
  bool tls = false;              ///< TLS without check of the server's certificate: a test tool
  hj212::Protocol protocol;      ///< tables by which requests are known
  std::int64_t duration_ms = 0;  ///< 0: that of the scenario
  runtime::Clock clock;          ///< default: system clock
  std::function<void(const ScenarioReport&)> on_report;  ///< about once a second
};

/// Plays all devices of a scenario on the calling thread until its time is over or `stop` is requested. Raises the limit of
/// open files as far as it may. Errors: unavailable when the target cannot be resolved or the limit is too low.
[[nodiscard]] Result<ScenarioReport> run_scenario(const Scenario& scenario, const ScenarioOptions& options,
                                                  std::stop_token stop);

}  // namespace mj::simulator
