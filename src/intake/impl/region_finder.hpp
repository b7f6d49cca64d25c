#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mj/geometry/shape.hpp"
#include "mj/registry/book.hpp"

namespace mj::intake {

/// Tells in which region of the register something lies. Reads the register once.
class RegionFinder {
 public:
  RegionFinder(const registry::Book& book, registry::AsOf as_of);

  /// The smallest region whose outline holds the place; empty when there is none.
  [[nodiscard]] std::string at(geometry::Place place) const;
  /// The one region of this name: a city before a province before a district. `within`: only below a region of that name;
  /// empty for any. Empty when there is none, or more than one of the same level.
  [[nodiscard]] std::string named(std::string_view name, std::string_view within) const;
  /// The only region of the level whose name begins so; empty when there is none, or several.
  [[nodiscard]] std::string beginning_with(std::string_view name, std::string_view level) const;

 private:
  struct Region {
    std::string id;
    std::string parent;
    std::string name;
    int size = 0;  ///< 0 district, 1 city, 2 province, 3 nation
    std::shared_ptr<const geometry::Shape> shape;
  };
  [[nodiscard]] bool lies_within(const Region& region, std::string_view name) const;
  std::map<std::string, Region, std::less<>> regions_;
  std::multimap<std::string, const Region*, std::less<>> by_name_;
  std::vector<const Region*> smallest_first_;  ///< those with an outline
};

}  // namespace mj::intake
