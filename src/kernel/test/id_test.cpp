#include "mj/kernel/id.hpp"

#include <string>
#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

namespace mj {
namespace {

using PointId = Id<struct PointTag>;
using UnitName = Id<struct UnitTag, std::string>;

static_assert(!std::is_convertible_v<std::uint64_t, PointId>, "a bare number is no id");
static_assert(!std::is_convertible_v<PointId, std::uint64_t>, "an id is no number");
static_assert(!std::is_constructible_v<PointId, Id<struct FrameTag>>, "kinds do not mix");

TEST(Id, ComparesAndHashesByItsNumber) {
  EXPECT_EQ(PointId(7), PointId(7));
  EXPECT_LT(PointId(7), PointId(8));
  EXPECT_EQ(PointId().raw(), 0U);
  std::unordered_set<PointId> seen{PointId(1), PointId(2), PointId(1)};
  EXPECT_EQ(seen.size(), 2U);
}

TEST(Id, MayWrapText) { EXPECT_EQ(UnitName("mg/L").raw(), "mg/L"); }

}  // namespace
}  // namespace mj
