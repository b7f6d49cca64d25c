#pragma once

#include <atomic>
#include <cstdint>

#include "mj/gateway/server.hpp"

namespace mj::gateway {

/// What the gateway has seen since it started; written on its threads, read by any.
struct Counters {
  std::atomic<std::uint64_t> open{0}, accepted{0}, refused{0}, frames{0}, bytes{0}, answers{0}, not_committed{0},
      timed_out{0}, not_allowed{0}, wrong_passwords{0}, requests{0}, conversations{0}, queued{0};

  [[nodiscard]] Figures figures() const {
    Figures figures;
    figures.connections = open;
    figures.accepted = accepted;
    figures.refused = refused;
    figures.frames = frames;
    figures.bytes = bytes;
    figures.answers = answers;
    figures.not_committed = not_committed;
    figures.timed_out = timed_out;
    figures.not_allowed = not_allowed;
    figures.wrong_passwords = wrong_passwords;
    figures.requests = requests;
    figures.conversations = conversations;
    figures.queued = queued;
    return figures;
  }
};

}  // namespace mj::gateway
