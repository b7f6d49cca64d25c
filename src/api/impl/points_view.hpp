#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "mj/api/server.hpp"

namespace mj::api {

/// The state of every registered point at one moment, as JSON.
struct PointsSnapshot {
  std::int64_t taken_ms = 0;           ///< steady clock
  std::vector<std::string> summaries;  ///< `PointSummary`, in the order of the answer
  std::string array;                   ///< all of them, as answered by /api/points
};

/// Computes the state of all points at once from the newest values and open alarms, and keeps it for a moment: however many
/// browsers ask, the work is done at most twice a second.
class PointsView {
 public:
  explicit PointsView(const Services& services);

  /// At most half a second old.
  [[nodiscard]] std::shared_ptr<const PointsSnapshot> read();
  /// The last one computed, however old; null when there is none.
  [[nodiscard]] std::shared_ptr<const PointsSnapshot> last() const;
  /// The state of one point now.
  [[nodiscard]] std::string summary(const registry::Point& point) const;

 private:
  [[nodiscard]] std::shared_ptr<const PointsSnapshot> compute() const;

  struct Registered {
    const registry::Point* point = nullptr;
    std::string json;  ///< the members that never change
  };
  const Services& services_;
  std::vector<Registered> order_;  ///< by element, then by id
  mutable std::mutex mutex_;       ///< guards last_
  std::mutex computing_;           ///< one computes, the others wait for its result
  std::shared_ptr<const PointsSnapshot> last_;
};

}  // namespace mj::api
