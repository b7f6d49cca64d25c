#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mj/geometry/shape.hpp"
#include "mj/registry/book.hpp"

namespace mj::coverage {

/// What planning needs of the register on one day: records, points, outlines. Immutable, any thread.
class Inventory {
 public:
  /// `earlier`: days whose points are asked for beside those of `day`.
  [[nodiscard]] static Inventory of(const registry::Book& book, registry::Day day,
                                    const std::set<registry::Day>& earlier = {});
  /// From parts; points of earlier days are keyed by their day.
  Inventory(registry::Day day, std::vector<registry::Record> records,
            std::shared_ptr<const registry::PointSet> points,
            std::map<registry::Day, std::shared_ptr<const registry::PointSet>> earlier = {});

  [[nodiscard]] registry::Day day() const { return day_; }
  /// Records of a kind that are not stopped, by id.
  [[nodiscard]] const std::vector<registry::Record>& records(std::string_view kind) const;
  /// Null when there is no such record.
  [[nodiscard]] const registry::Record* find(std::string_view kind, std::string_view id) const;
  [[nodiscard]] const registry::PointSet& points() const { return *points_; }
  /// Points of an earlier day; null when they were not asked for.
  [[nodiscard]] const registry::PointSet* points_of(registry::Day day) const;

  /// Null when the record has no geometry that can be read.
  [[nodiscard]] const geometry::Shape* shape(std::string_view kind, std::string_view id) const;
  /// Whether a region is another one or lies below it.
  [[nodiscard]] bool lies_in(std::string_view region, std::string_view ancestor) const;
  /// The region itself or the one above it that has one of these levels; null when there is none.
  [[nodiscard]] const registry::Record* region_at(std::string_view region,
                                                  const std::vector<std::string>& levels) const;
  /// The region a point lies in, by its attribute, or by its place in the outlines of districts; empty when unknown.
  [[nodiscard]] std::string region_of(const registry::PointView& point) const;
  /// The district in whose outline a place lies; empty when there is none.
  [[nodiscard]] std::string district_at(geometry::Place place) const;

 private:
  registry::Day day_;
  std::map<std::string, std::vector<registry::Record>, std::less<>> records_;
  std::shared_ptr<const registry::PointSet> points_;
  std::map<registry::Day, std::shared_ptr<const registry::PointSet>> earlier_;
  std::map<std::string, geometry::Shape, std::less<>> shapes_;  ///< by kind/id
};

}  // namespace mj::coverage
