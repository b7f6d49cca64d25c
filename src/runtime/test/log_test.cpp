#include "mj/runtime/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::runtime {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

class Log : public testing::Test {
 protected:
  void SetUp() override { testing::internal::CaptureStderr(); }
  void TearDown() override { set_log_level(Level::info); }
  static std::string written() { return testing::internal::GetCapturedStderr(); }
};

TEST_F(Log, ALineHoldsTimeLevelRoomAndText) {
  log(Level::warning, "gateway", "{} of {} frames refused", 3, 7);
  EXPECT_THAT(written(), MatchesRegex("....-..-.. ..:..:......  *warning \\[gateway\\] 3 of 7 frames refused\n"));
}

TEST_F(Log, LinesBelowTheLevelAreNotWritten) {
  log(Level::debug, "gateway", "too much detail");
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(Log, TheLevelCanBeLowered) {
  set_log_level(Level::debug);
  log(Level::debug, "gateway", "detail");
  EXPECT_THAT(written(), HasSubstr("detail"));
}

TEST_F(Log, TextFromOutsideIsNeverReadAsAFormat) {
  write_log(Level::error, "hj212", "QN={}%s{0:99999}");
  EXPECT_THAT(written(), HasSubstr("QN={}%s{0:99999}\n"));
}

}  // namespace
}  // namespace mj::runtime
