#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "mj/kernel/instant.hpp"

namespace mj::simulator {

/// The HJ 212 server that the simulated devices report to.
struct Target {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

/// How long a device waits for an answer and how often it sends again. The defaults are those of
/// HJ 212-2017 §6.2 table 1 (10 s, 3 times).
struct AnswerPolicy {
  std::int64_t timeout_ms = 10'000;
  int resends = 3;
  std::int64_t reconnect_min_ms = 100;    ///< first pause after a lost or refused connection
  std::int64_t reconnect_max_ms = 5'000;  ///< the pause doubles up to this
};

/// What a fleet of devices has done so far.
struct Traffic {
  std::uint64_t sent = 0;          ///< frames sent for the first time
  std::uint64_t answered = 0;      ///< frames whose 9014 or 9013 came
  std::uint64_t unanswerable = 0;  ///< frames that want no answer (HJ/T 212-2005 devices)
  std::uint64_t resent = 0;        ///< frames sent again
  std::uint64_t given_up = 0;      ///< frames without an answer after all resends
  std::uint64_t connects = 0;      ///< connections made
  Instant data_time;               ///< newest DataTime sent
};

/// Called about once a second from the thread that runs the simulation.
using TrafficCallback = std::function<void(const Traffic&)>;

}  // namespace mj::simulator
