#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/evidence/log.hpp"
#include "small_register.hpp"

namespace mj::coverage {
namespace {

registry::Change add(std::string kind, std::string id, std::string_view effective, registry::Attributes set) {
  registry::Change change;
  change.kind = std::move(kind);
  change.id = std::move(id);
  change.effective = day(effective);
  change.set = std::move(set);
  return change;
}

TEST(Planning, FollowsTheRegisterAndAnswersForAnyDay) {
  const ScratchDirectory folder;
  const auto log = evidence::Log::open(folder.path() / "evidence", evidence::LogOptions{}).value();
  const auto book = registry::Book::open(folder.path() / "records", shipped_schema()).value();
  const auto set =
      RuleText(
          rule("a", "kind = \"per_region\"\nlevel = \"district\"\nat_least = 2\npoints = { element = \"air\" }"))
          .load();
  ASSERT_TRUE(set) << set.error().text();
  const Planning planning(*book, *set);
  EXPECT_TRUE(lines(*planning.on(day("2026-03-01"))).empty());

  const std::vector<registry::Change> changes{
      add("region", "500109", "2020-01-01",
          {{"name", "北碚区"}, {"level", "district"}, {"geometry", box(106.2, 29.6, 106.7, 30.1)}}),
      add("point", "air-1", "2026-01-01", {{"name", "一"}, {"element", "air"}, {"region", "500109"}}),
      add("point", "air-2", "2026-06-01",
          {{"name", "二"},
           {"element", "air"},
           {"lon", "106.4"},
           {"lat", "29.8"},
           {"region", "500109"},
           {"built", "planned"}})};
  const registry::Approval approval{"文件", "机关", day("2025-12-01")};
  const auto applied =
      book->apply(*log, changes, approval, {"某人", "测试"}, parse_iso("2026-11-22 08:00").value());
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_THAT(lines(*planning.on(day("2025-12-31"))), testing::ElementsAre("region 500109 2/0+0"));
  EXPECT_THAT(lines(*planning.on(day("2026-03-01"))), testing::ElementsAre("region 500109 2/1+0 air-1"));
  const auto june = planning.on(day("2026-06-01"));
  EXPECT_THAT(lines(*june), testing::ElementsAre("region 500109 2/1+1 air-1 air-2"));
  EXPECT_EQ(june, planning.on(day("2026-06-01"))) << "kept until the register changes";
  EXPECT_EQ(june->inventory->district_at({106.4, 29.8}), "500109");
}

}  // namespace
}  // namespace mj::coverage
