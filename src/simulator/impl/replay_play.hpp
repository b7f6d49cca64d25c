#pragma once

#include "crew.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/simulator/replay.hpp"
#include "replay_rows.hpp"

namespace mj::simulator {

/// The replayed part of a fleet: its files and what was sent.
class ReplayPlay {
 public:
  /// Errors: as read_air() and read_water(). `options` and `fleet` outlive the play.
  [[nodiscard]] static Result<std::unique_ptr<ReplayPlay>> prepare(const ReplayOptions& options,
                                                                   const Fleet& fleet);
  /// Adds every device to the crew; the play outlives it.
  void join(Crew& crew);
  [[nodiscard]] const Traffic& traffic() const { return report_.traffic; }
  [[nodiscard]] ReplayReport report() const;

 private:
  struct Part {
    ReplayPart data;
    std::int64_t lap_ms = 0;            ///< how far a pass moves the time: whole weeks
    std::vector<std::uint64_t> passes;  ///< complete passes of each device
  };
  ReplayPlay(const ReplayOptions& options, ReplayPart air, ReplayPart water);
  asio::awaitable<void> play(asio::io_context& io, Part& part, std::size_t index, std::int64_t began_ms);

  const ReplayOptions& options_;
  std::array<Part, 2> parts_;
  ReplayReport report_;
};

}  // namespace mj::simulator
