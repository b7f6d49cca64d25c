#pragma once

#include <string>
#include <vector>

#include "mj/evaluation/evaluator.hpp"
#include "mj/standards/non_detect.hpp"
#include "mj/telemetry/scan.hpp"

namespace mj::evaluation {

/// Turns what a scan tells of the devices of a point into the values of the point: canonical factors, one value for each
/// time, only what was reported while the device stood for the point. Reused from point to point. Thread: one.
class Gatherer {
 public:
  Gatherer(const Evaluator& evaluator, const standards::StandardSet& standards)
      : evaluator_(evaluator), standards_(standards), non_detects_(standards, evaluator.element) {}

  /// Valid until the next call.
  [[nodiscard]] PointValues gather(const RosterPoint& point, const telemetry::ScanGroup& group, Instant from,
                                   Instant to);

 private:
  struct Part {
    const telemetry::ScanSeries* series = nullptr;
    std::string_view factor;
    telemetry::Period period = telemetry::Period::instant;
    std::size_t reporter = 0;
    std::string unit;
  };
  struct Candidate {
    Sample sample;
    std::size_t order = 0;
  };
  void learn(std::span<const telemetry::ScanForm> forms);
  [[nodiscard]] std::optional<Sample> sample_of(const Part& part, std::size_t i, std::string_view unit);
  void take(const RosterPoint& point, const Part& part, std::string_view unit, bool always, std::size_t order);
  [[nodiscard]] std::string unit_of(const registry::PointView& point, std::string_view device,
                                    std::string_view factor) const;

  const Evaluator& evaluator_;
  const standards::StandardSet& standards_;
  standards::NonDetectRules non_detects_;
  std::vector<NonDetect> limits_;
  std::vector<std::string> flags_;
  std::vector<std::pair<bool, std::uint16_t>> forms_;  ///< usable, flag
  std::vector<Part> parts_;
  std::vector<std::vector<Sample>> samples_;
  std::vector<std::vector<SampleOrigin>> origins_;  ///< beside samples_
  std::vector<Candidate> candidates_;
  std::vector<SampleSeries> series_;
  std::vector<std::string> units_;
};

}  // namespace mj::evaluation
