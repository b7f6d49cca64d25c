#include "mj/devices/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "scene.hpp"

namespace mj::devices {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RulesFile : public ::testing::Test {
 protected:
  [[nodiscard]] Result<Rules> load(std::string_view text) const {
    const auto file = directory_.path() / "devices.toml";
    std::ofstream(file) << text;
    return Rules::load(file);
  }
  ScratchDirectory directory_;
};

std::string shown(const Rules& rules) {
  return fmt::format("{} {} {} {} {} {} {} {} | {} {} {} {} {} {} {} {} | {} | {}", rules.clock_tolerance_ms,
                     rules.key_days, rules.automation_window_ms, rules.automation_pause_ms, rules.order_life_ms,
                     rules.answer_time_requests, rules.answer_key_requests, rules.assign_numbers,
                     rules.pull.enabled, rules.pull.days_back, rules.pull.settle_ms, rules.pull.repeat_ms,
                     rules.pull.max_attempts, rules.pull.max_range_ms, rules.pull.max_open_per_device,
                     rules.pull.max_orders_per_round, fmt::join(rules.parameters.told_by, " "),
                     fmt::join(rules.parameters.set_by, " "));
}

TEST_F(RulesFile, TheShippedOneSaysWhatHoldsWithoutIt) {
  const auto shipped = Rules::load(MJ_SOURCE_DIR "/rules/devices.toml");
  ASSERT_TRUE(shipped) << shipped.error().text();
  EXPECT_EQ(shown(*shipped), shown(Rules{}));
  EXPECT_EQ(shown(load("").value()), shown(Rules{}));
}

TEST_F(RulesFile, EveryKeyIsRead) {
  const auto rules = load(R"(
clock_tolerance_minutes = 2
key_days = 30
order_life_hours = 3
[automation]
time_requests = false
key_requests = false
assign_numbers = false
window_minutes = 4
pause_seconds = 5
[pull]
enabled = false
days_back = 6
settle_minutes = 7
repeat_hours = 8
max_attempts = 9
max_range_hours = 10
max_open_per_device = 11
max_orders_per_round = 12
[parameters]
told_by = ["3019"]
set_by = []
)");
  ASSERT_TRUE(rules) << rules.error().text();
  EXPECT_EQ(
      shown(*rules),
      "120000 30 240000 5000 10800000 false false false | false 6 420000 28800000 9 36000000 11 12 | 3019 | ");
}

TEST_F(RulesFile, ErrorsNameFileLineAndWhatIsWrong) {
  const auto refused = [this](std::string_view text) {
    const auto rules = load(text);
    EXPECT_FALSE(rules) << text;
    if (rules) return std::string();
    EXPECT_EQ(rules.error().code(), ErrorCode::invalid_input);
    return rules.error().text();
  };
  EXPECT_THAT(refused("\nkey_days = 0\n"), AllOf(HasSubstr("devices.toml:2: key_days"), HasSubstr("from 1")));
  EXPECT_THAT(refused("key_days = \"90\"\n"), HasSubstr("devices.toml:1: key_days"));
  EXPECT_THAT(refused("key_days = 1.5\n"), HasSubstr("whole number"));
  EXPECT_THAT(refused("key_dais = 90\n"), AllOf(HasSubstr("key_dais"), HasSubstr("no such key")));
  EXPECT_THAT(refused("[pull]\n\nrange = 1\n"), HasSubstr("devices.toml:3: range"));
  EXPECT_THAT(refused("pull = 3\n"), HasSubstr("[pull]"));
  EXPECT_THAT(refused("[pull]\nenabled = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(refused("[parameters]\ntold_by = [\"w0101\"]\n"), HasSubstr("command codes"));
  EXPECT_THAT(refused("[parameters]\ntold_by = \"1011\"\n"), HasSubstr("list"));
  EXPECT_THAT(refused("key_days = \n"), HasSubstr("devices.toml:1:"));
  const auto missing = Rules::load(directory_.path() / "nowhere.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::devices
