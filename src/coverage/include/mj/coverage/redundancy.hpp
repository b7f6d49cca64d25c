#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mj/coverage/inventory.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::coverage {

enum class Bucket { hour, day };

struct RedundancyRequest {
  std::string element;
  std::string factor;
  Instant from;
  Instant to;
  Bucket bucket = Bucket::day;
  double distance_km = 50;
  double threshold = 0.95;
  std::string region;  ///< empty: anywhere
};

/// Means of a point by the number of the bucket: hours or Beijing days since 1970.
using BucketMeans = std::map<std::int64_t, double>;

struct PointSeries {
  std::string id;
  registry::LocalName name;
  geometry::Place place;
  BucketMeans means;
};

struct PointPair {
  std::size_t a = 0;  ///< in Redundancy::points
  std::size_t b = 0;
  double distance_km = 0;
  std::optional<double> r;  ///< none when a series does not change, or with fewer than 3 buckets
  std::size_t n = 0;
  double mean_a = 0;
  double mean_b = 0;
  double difference = 0;  ///< mean of the absolute difference
  bool redundant = false;
};

/// Which neighbours say the same 冗余分析.
struct Redundancy {
  RedundancyRequest request;
  std::vector<PointSeries> points;  ///< those that had values
  std::vector<PointPair> pairs;     ///< strongest first
  std::optional<double> decay_km;   ///< over which r falls to 1/e: r = exp(−d / decay) fitted through r(0) = 1
  std::vector<registry::LocalName> assumptions;
};

inline constexpr std::size_t kFewestBuckets = 30;  ///< for a pair to be called redundant
inline constexpr std::size_t kFewestPairs = 10;    ///< for decay_km
inline constexpr std::size_t kFewestHours = 18;    ///< of a day that is compared

/// Pure: compares the series of `points`.
[[nodiscard]] Redundancy compare(RedundancyRequest request, std::vector<PointSeries> points);

/// Reads hourly means of the points of an element and compares them. Values whose device flag says that they are no
/// measurement are left out. Errors: invalid_input; those of the store.
[[nodiscard]] Result<Redundancy> find_redundancy(const Inventory& inventory, const telemetry::Store& store,
                                                 const standards::StandardSet& standards,
                                                 RedundancyRequest request);

}  // namespace mj::coverage
