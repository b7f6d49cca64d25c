#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mj/kernel/instant.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/point_set.hpp"

namespace mj::evaluation {

/// What can be evaluated: a point, or a group of points 评价对象层级.
enum class Level : std::uint8_t {
  point = 0,
  district = 1,
  city = 2,
  province = 3,
  river = 4,
  basin = 5,
  lake = 6
};
[[nodiscard]] std::string_view name(Level level);
/// Errors: none for another word.
[[nodiscard]] std::optional<Level> parse_level(std::string_view word);

/// A subject as screens name it.
struct Subject {
  Level level = Level::point;
  std::string id;
  registry::LocalName name;
  std::string region;  ///< district of a point, the region above a region; empty when unknown
  std::optional<double> lon;
  std::optional<double> lat;
};

/// A point over time. What came before it was registered is judged by what was registered first; what came while it was
/// stopped is not evaluated.
class RosterPoint {
 public:
  struct Spell {
    Instant from;
    Instant to;
    const registry::PointView* view = nullptr;  ///< null: stopped or only planned
  };
  RosterPoint(std::string id, std::vector<Spell> spells) : id_(std::move(id)), spells_(std::move(spells)) {}

  [[nodiscard]] const std::string& id() const { return id_; }
  /// Null while it is stopped or planned.
  [[nodiscard]] const registry::PointView* at(Instant moment) const;
  /// The newest one; never null.
  [[nodiscard]] const registry::PointView& newest() const;
  [[nodiscard]] const std::vector<Spell>& spells() const { return spells_; }
  /// Every device and "<source>/<code>" that ever reported for it, those named first now before the others.
  [[nodiscard]] std::vector<std::string> reporters() const;

 private:
  std::string id_;
  std::vector<Spell> spells_;  ///< ascending, without holes
};

/// The points of one element over time and the groups they belong to, as the register knew them. Immutable.
class Roster {
 public:
  /// Points of `element`, and the regions, rivers, basins and lakes.
  [[nodiscard]] static Roster from_book(const registry::Book& book, std::string_view element);
  /// Points whose register never changed; for tests and tools. Names of groups are their ids.
  [[nodiscard]] static Roster from_points(std::vector<registry::PointView> points);
  /// What holds from a moment on; none: stopped.
  struct Step {
    Instant from;
    std::optional<registry::PointView> view;
  };
  /// Points by their histories, each ascending and beginning with a view; for tests and tools.
  [[nodiscard]] static Roster from_histories(const std::vector<std::vector<Step>>& histories);

  [[nodiscard]] const std::vector<RosterPoint>& points() const { return points_; }  ///< by id
  /// Null when there is none.
  [[nodiscard]] const RosterPoint* find(std::string_view id) const;
  [[nodiscard]] std::optional<std::size_t> place(std::string_view id) const;
  /// The point for which a device reports or ever did; null when there is none.
  [[nodiscard]] const RosterPoint* find_reporter(std::string_view reporter) const;
  /// The groups of a level that a point belongs to while `view` holds: its district, city, river …; empty when it has none.
  [[nodiscard]] std::string_view group_of(const registry::PointView& view, Level level) const;
  /// How screens name a subject; with its id for a name when the register does not know it.
  [[nodiscard]] Subject subject(Level level, std::string_view id) const;
  /// Equal digests: the same points with the same attributes at the same times (SHA-256, hex).
  [[nodiscard]] const std::string& digest() const { return digest_; }
  /// The same for one point: everything that its results and those of its groups are made by.
  [[nodiscard]] const std::string& digest_of(std::size_t place) const { return point_digests_[place]; }
  /// Every group that a point ever belonged to.
  [[nodiscard]] std::vector<std::pair<Level, std::string>> groups_of(std::size_t place) const;

 private:
  void finish();
  [[nodiscard]] std::string written(const RosterPoint& point) const;
  std::shared_ptr<std::deque<registry::PointView>> views_;  ///< what the spells point to; they do not move
  std::vector<RosterPoint> points_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::string, std::size_t> by_reporter_;
  std::unordered_map<std::string, Subject> groups_;  ///< by level and id
  std::unordered_map<std::string, std::string> province_of_;
  std::unordered_set<std::string> larger_regions_;  ///< registered ones that are no districts
  std::vector<std::string> point_digests_;
  std::string digest_;
};

}  // namespace mj::evaluation
