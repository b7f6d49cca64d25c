#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "describe.hpp"
#include "scene.hpp"

namespace mj::devices {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

class Automation : public ::testing::Test {
 protected:
  void ask_time(std::int64_t at, std::string_view area = "") {
    scene_.receive({.cn = "1013", .area = std::string(area), .st = "31", .flag = 5}, second(at));
  }
  void ask_key(std::int64_t at) {
    scene_.receive({.mn = kNew, .cn = "1014", .area = "SKCreateTime=20260801000000000", .st = "32", .flag = 9},
                   second(at));
  }
  [[nodiscard]] std::vector<std::string> due(std::int64_t at) {
    std::vector<std::string> lines;
    for (const OrderRequest& request : scene_.read_all().due_orders(second(at))) {
      std::string line = fmt::format("{} {} for {}", request.cn, request.device, shown(request.cause));
      for (const auto& [name, value] : request.parameters) line += fmt::format(" {}={}", name, value);
      EXPECT_EQ(request.name, "system");
      EXPECT_FALSE(request.reason.empty());
      lines.push_back(line);
    }
    return lines;
  }
  /// Places what is due, as the application does.
  void place_due(std::int64_t at) {
    for (const OrderRequest& request : scene_.read_all().due_orders(second(at))) scene_.order(second(at), request);
  }
  void begin_live() { scene_.read_all(); }

  Scene scene_;
};

TEST_F(Automation, AnswersARequestForTheTimeOnce) {
  begin_live();
  ask_time(0);
  EXPECT_THAT(due(1), ElementsAre(fmt::format("1012 {} for 0 SystemTime=@now", kDevice)));
  EXPECT_THAT(due(1), SizeIs(1)) << "asking changes nothing";
  place_due(2);
  EXPECT_THAT(due(3), IsEmpty());
  scene_.step(second(4), step_of(1, OrderState::done, "result"));
  EXPECT_THAT(due(500), IsEmpty()) << "the request was answered, however long ago";
}

TEST_F(Automation, AnswersForAnInstrumentBesideTheLogger) {
  begin_live();
  ask_time(0);
  ask_time(20, "PolId=w01018");
  EXPECT_THAT(due(21), ElementsAre(fmt::format("1012 {} for 0 SystemTime=@now", kDevice),
                                   fmt::format("1012 {} for 1 PolId=w01018 SystemTime=@now", kDevice)));
}

TEST_F(Automation, OnlyTheNewestOfRepeatedRequestsIsAnsweredAndNotAtOnceAgain) {
  begin_live();
  ask_time(0);
  ask_time(20);
  EXPECT_THAT(due(21), ElementsAre(fmt::format("1012 {} for 1 SystemTime=@now", kDevice)));
  place_due(21);
  scene_.step(second(22), step_of(2, OrderState::done, "result"));
  ask_time(40);
  EXPECT_THAT(due(41), IsEmpty()) << "the last answer is less than a minute old";
  EXPECT_THAT(due(82), SizeIs(1));
}

TEST_F(Automation, NothingIsDueForWhatIsOld) {
  begin_live();
  ask_time(0);
  EXPECT_THAT(due(600), SizeIs(1));
  EXPECT_THAT(due(601), IsEmpty());
}

TEST_F(Automation, NeverOrdersOnReplay) {
  ask_time(0);
  static_cast<void>(scene_.log());
  DeviceBook& book = scene_.book();
  EXPECT_THAT(book.due_orders(second(1)), IsEmpty()) << "the book has not read what the log holds";
  place_due(1);  // reads all, and places
  const ScratchDirectory directory;
  static_cast<void>(scene_.read_all());
  auto rebuilt = scene_.open_book(directory.path());
  ASSERT_EQ(rebuilt->consume(scene_.log(), 1).value(), 1U);
  EXPECT_THAT(rebuilt->due_orders(second(2)), IsEmpty()) << "the answer stands further on in the log";
  scene_.read_all(*rebuilt);
  EXPECT_THAT(rebuilt->due_orders(second(2)), IsEmpty());
}

TEST_F(Automation, AsksForAKeyToBeMade) {
  begin_live();
  ask_key(0);
  EXPECT_THAT(due(1), ElementsAre(fmt::format("1014 {} for 0 SKCreateTime=@key NewSK=@key", kNew)));
}

TEST_F(Automation, GivesALoggerItsNumberOnTheConnectionItUsed) {
  begin_live();
  scene_.receive({.mn = "", .cn = "1001", .area = "i23005-Info=LOG-9", .st = "32", .flag = 9}, second(0), 42);
  scene_.receive({.mn = kStranger, .cn = "1001", .area = "i23005-Info=LOG-X", .st = "32", .flag = 9}, second(1),
                 43);
  EXPECT_THAT(due(2), ElementsAre(fmt::format("1002 {} for 0 i23005-Info=LOG-9", kNew)))
      << "a logger that is not registered gets none";
  EXPECT_EQ(scene_.book().due_orders(second(2)).at(0).connection, 42U);
}

TEST_F(Automation, OrdersOnlyWhatTheDeviceUnderstandsAndOnlyRegisteredOnes) {
  begin_live();
  scene_.receive({.cn = "1014", .area = "SKCreateTime=20260801000000000", .flag = 9}, second(0));
  scene_.receive({.mn = kStranger, .cn = "1013", .area = "", .flag = 5}, second(1));
  scene_.receive({.mn = kOld, .cn = "1014", .area = "SKCreateTime=20260801000000000", .flag = 9}, second(2));
  EXPECT_THAT(due(3), ElementsAre(fmt::format("1014 {} for 0 SKCreateTime=@key NewSK=@key", kDevice)))
      << "its newest frame speaks HJ 212-2025; the old device is registered as one of 2005";
}

TEST_F(Automation, RenewsKeysThatAreTooOldOnceADay) {
  scene_.follow();
  const auto key = scene_.devices().add_key(scene_.log(), kNew, registry::DeviceRegister::make_key(),
                                            to_compact_ms(kBegin), {"Li", "first"}, kBegin);
  ASSERT_TRUE(key);
  scene_.stop();
  const std::int64_t ninety_days = Rules{}.key_days * kDayMs / 1000;
  EXPECT_THAT(due(ninety_days - 1), IsEmpty());
  const std::string renewal = fmt::format("1014 {} for - SKCreateTime=@key NewSK=@key", kNew);
  EXPECT_THAT(due(ninety_days), ElementsAre(renewal));
  const auto id = scene_.order(second(ninety_days), request_of(kNew, "1014"));
  EXPECT_THAT(due(ninety_days + 2 * kDayMs / 1000), IsEmpty()) << "one waits for the device";
  scene_.step(second(ninety_days + 60), step_of(id, OrderState::timed_out, "time-out"));
  EXPECT_THAT(due(ninety_days + 3600), IsEmpty());
  EXPECT_THAT(due(ninety_days + kDayMs / 1000), ElementsAre(renewal));
}

TEST_F(Automation, AKeyJustMadeIsNotRenewed) {
  scene_.follow();
  ASSERT_TRUE(scene_.devices().add_key(scene_.log(), kNew, registry::DeviceRegister::make_key(),
                                       to_compact_ms(kBegin), {"Li", "first"}, kBegin));
  scene_.stop();
  EXPECT_THAT(due(60), IsEmpty());
}

TEST_F(Automation, DoesWhatTheRulesAllow) {
  Rules rules;
  rules.answer_time_requests = rules.answer_key_requests = rules.assign_numbers = false;
  Scene quiet(scene_network(), rules);
  quiet.read_all();
  quiet.receive({.cn = "1013", .area = "", .flag = 5}, second(0));
  quiet.receive({.mn = kNew, .cn = "1014", .area = "SKCreateTime=20260801000000000", .st = "32", .flag = 9},
                second(1));
  quiet.receive({.mn = "", .cn = "1001", .area = "i23005-Info=LOG-9", .st = "32", .flag = 9}, second(2));
  EXPECT_THAT(quiet.read_all().due_orders(second(3)), IsEmpty());
}

TEST_F(Automation, AnOrderOnItsWayThroughTheLogIsNotPlacedAgain) {
  begin_live();
  ask_time(0);
  const auto requests = scene_.read_all().due_orders(second(1));
  ASSERT_THAT(requests, SizeIs(1));
  const auto placed = scene_.book().place_order(scene_.log(), requests[0], second(1), 1);
  ASSERT_FALSE(placed) << "nobody follows the log, so it is recorded but not seen";
  EXPECT_THAT(scene_.book().due_orders(second(2)), IsEmpty());
  EXPECT_THAT(due(3), IsEmpty());
}

}  // namespace
}  // namespace mj::devices
