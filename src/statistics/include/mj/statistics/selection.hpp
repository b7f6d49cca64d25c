#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/statistics/bucket.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::statistics {

/// Level at which values are put together 统计对象.
enum class Group { point, district, city, province, river, basin, all };
[[nodiscard]] std::string_view name(Group group);
/// Errors: none for another word.
[[nodiscard]] std::optional<Group> parse_group(std::string_view word);
[[nodiscard]] registry::LocalName title(Group group);

/// How the values of several points are put together.
enum class Combine {
  pool,  ///< all values together
  mean,  ///< first the mean of the points at each time, as HJ 663 does for a city
};
[[nodiscard]] std::string_view name(Combine combine);
[[nodiscard]] std::optional<Combine> parse_combine(std::string_view word);

/// What questions are answered from. All references outlive the answer.
struct Sources {
  const telemetry::Store& store;
  const registry::Book& book;
  const standards::StandardSet& standards;
};

/// Which values a question is about.
struct Selection {
  std::string element;               ///< word of rules/register.toml
  std::vector<std::string> factors;  ///< canonical codes
  Bucket bucket = Bucket::month;
  Group group = Group::point;
  Combine combine = Combine::pool;
  std::vector<std::string> points;          ///< ids; empty = all of the element
  std::string region;                       ///< in it or below it; empty = everywhere
  std::string subject;                      ///< only the group with this id; empty = all
  std::optional<telemetry::Period> period;  ///< none: the one not above the bucket that most points have
  std::string kind;                         ///< key as received; empty: Avg, Rtd for instants
  Instant from;                             ///< inclusive
  Instant to;                               ///< exclusive
};

/// When to give up.
struct Patience {
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::function<void(const telemetry::ScanProgress&)> progress;  ///< may be empty
  std::size_t most_rows = 1'000'000;
  std::size_t most_kept_values = 40'000'000;  ///< for percentiles, at any one time
};

/// A point or a group of points 统计对象.
struct Subject {
  Group kind = Group::point;
  std::string id;  ///< empty for the points that belong to no group, and for all
  registry::LocalName name;
};

/// What was used, left out or assumed 说明.
struct Note {
  registry::LocalName text;
  std::optional<std::uint64_t> count;
};

}  // namespace mj::statistics
