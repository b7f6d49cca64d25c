#pragma once

#include "crew.hpp"
#include "mj/simulator/sources.hpp"
#include "source_model.hpp"

namespace mj::simulator {

/// The invented part of a fleet while it plays.
class SourcesPlay {
 public:
  /// `options` and `fleet` outlive the play. Errors: invalid_input for a speed that is not positive.
  [[nodiscard]] static Result<std::unique_ptr<SourcesPlay>> prepare(const SourcesOptions& options,
                                                                    const Fleet& fleet);
  /// Adds every device to the crew; the play outlives it.
  void join(Crew& crew);
  [[nodiscard]] const Traffic& traffic() const { return report_.traffic; }
  [[nodiscard]] const SourcesReport& report() const { return report_; }

 private:
  SourcesPlay(const SourcesOptions& options, const Fleet& fleet, Instant start);
  asio::awaitable<void> play(asio::io_context& io, const Source& source, std::int64_t began_ms);

  const SourcesOptions& options_;
  const Fleet& fleet_;
  Instant start_;
  SourcesReport report_;
};

}  // namespace mj::simulator
