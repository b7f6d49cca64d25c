#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "describe.hpp"
#include "scene.hpp"

namespace mj::devices {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Placing : public ::testing::Test {
 protected:
  void SetUp() override {
    scene_.receive({.area = real_time_area(kBegin)}, kBegin);
    scene_.follow();
  }
  [[nodiscard]] Result<Order> place(const OrderRequest& request, int timeout_ms = 5000) {
    return scene_.book().place_order(scene_.log(), request, now_, timeout_ms);
  }
  /// Why it is refused, by both ways; nothing may be recorded.
  [[nodiscard]] std::string refusal(const OrderRequest& request, ErrorCode code = ErrorCode::invalid_input) {
    const std::uint64_t before = scene_.log().size();
    const auto placed = place(request);
    EXPECT_FALSE(placed);
    if (placed) return {};
    EXPECT_EQ(placed.error().code(), code) << placed.error().text();
    EXPECT_EQ(scene_.log().size(), before) << "nothing is recorded";
    return placed.error().text();
  }
  const Instant now_ = second(10);
  Scene scene_;
};

TEST_F(Placing, RecordsADecisionAndReturnsTheOrderOfTheBook) {
  const auto placed = place(request_of(kDevice, "1062", {{"RtdInterval", "60"}}));
  ASSERT_TRUE(placed) << placed.error().text();
  EXPECT_EQ(placed->id.raw(), 1U);
  EXPECT_EQ(placed->state, OrderState::queued);
  EXPECT_EQ(placed->placed_at, now_);
  EXPECT_EQ(placed->request.expires_at, now_.plus_ms(Rules{}.order_life_ms)) << "it named none";
  const auto batch = scene_.log().read(evidence::EntryIndex(1), 1, 10'000).value();
  ASSERT_EQ(batch.entries.size(), 1U);
  EXPECT_EQ(batch.entries[0].entry.type, evidence_format::EntryType::decision);
  const auto decoded = decode_order(batch.entries[0].entry.payload);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(describe(*decoded), describe(placed->request));
}

TEST_F(Placing, NamesAndReasonsAreNeeded) {
  OrderRequest request = request_of(kDevice, "1061");
  request.name = " \t";
  EXPECT_THAT(refusal(request), HasSubstr("name"));
  request.name = "  Li ";
  request.reason = "";
  EXPECT_THAT(refusal(request), HasSubstr("reason"));
  request.reason = std::string(501, 'x');
  EXPECT_THAT(refusal(request), HasSubstr("500"));
  request.reason = "why";
  EXPECT_EQ(place(request)->request.name, "Li");
}

TEST_F(Placing, OnlyRegisteredDevicesAreOrdered) {
  EXPECT_THAT(refusal(request_of(kStranger, "1061"), ErrorCode::not_found), HasSubstr(kStranger));
  EXPECT_THAT(refusal(request_of("", "1061"), ErrorCode::not_found), Not(IsEmpty()));
}

TEST_F(Placing, WhatHasExpiredIsNotPlaced) {
  OrderRequest request = request_of(kDevice, "1061");
  request.expires_at = now_;
  EXPECT_THAT(refusal(request), HasSubstr("expired"));
}

TEST_F(Placing, ParametersAreCheckedByTheTable) {
  EXPECT_THAT(refusal(request_of(kDevice, "1062", {{"RtdInterval", "29"}})), HasSubstr("RtdInterval"));
  EXPECT_THAT(refusal(request_of(kDevice, "1062", {{"RtdInterval", "soon"}})), HasSubstr("RtdInterval"));
  EXPECT_THAT(refusal(request_of(kDevice, "1062")), HasSubstr("RtdInterval"));
  EXPECT_THAT(refusal(request_of(kDevice, "1062", {{"RtdInterval", "60"}, {"Colour", "red"}})),
              HasSubstr("Colour"));
  EXPECT_THAT(refusal(request_of(kDevice, "1064", {{"MinInterval", "7"}})), HasSubstr("MinInterval"));
  EXPECT_TRUE(place(request_of(kDevice, "1064", {{"MinInterval", "15"}})));
}

TEST_F(Placing, CommandsOfAnotherEditionAreRefusedSayingWhoHasThem) {
  // HJ 212-2017 reserves 3022–3999; HJ 212-2025 has 3022 (C.62). 1021 is of HJ/T 212-2005 only.
  EXPECT_THAT(refusal(request_of(kDevice, "3022", {{"PolId", "w01018"}})),
              AllOf(HasSubstr("speaks HJ 212-2017"), HasSubstr("HJ 212-2025 has it")));
  EXPECT_THAT(refusal(request_of(kDevice, "1021", {{"PolId", "101"}})), HasSubstr("HJ 212-2005 has it"));
  EXPECT_THAT(refusal(request_of(kNew, "3014", {{"PolId", "w01018"}})),
              AllOf(HasSubstr("speaks HJ 212-2025"), HasSubstr("HJ 212-2017")));
  EXPECT_THAT(refusal(request_of(kDevice, "4711")), HasSubstr("there is no command 4711"));
  EXPECT_THAT(refusal(request_of(kDevice, "")), HasSubstr("there is no command"));
}

TEST_F(Placing, AnswersAndWhatDevicesSendCannotBeOrdered) {
  EXPECT_THAT(refusal(request_of(kDevice, "9014")), HasSubstr("answer"));
  EXPECT_THAT(refusal(request_of(kDevice, "9012")), HasSubstr("sent by devices"));
}

TEST_F(Placing, SystemCodesAreOfTheTable) {
  OrderRequest request = request_of(kDevice, "1061");
  request.st = "77";
  EXPECT_THAT(refusal(request), HasSubstr("77"));
  request.st = "32";
  EXPECT_TRUE(place(request));
}

TEST_F(Placing, TimesAreFilledInLaterAndKeysStandNowhereInClear) {
  EXPECT_TRUE(place(request_of(kDevice, "1012", {{"SystemTime", "@now"}})));
  EXPECT_THAT(refusal(request_of(kDevice, "1012", {{"SystemTime", "@then"}})), HasSubstr("@then"));
  EXPECT_THAT(
      refusal(request_of(kNew, "1014", {{"SKCreateTime", "20261122100000000"}, {"NewSK", "0123456789abcdef"}})),
      HasSubstr("@key:ENTRY"));
  EXPECT_THAT(refusal(request_of(kNew, "1014", {{"SKCreateTime", "@key"}, {"NewSK", "@key"}})), HasSubstr("@key"));
  EXPECT_THAT(refusal(request_of(kNew, "1014", {{"SKCreateTime", "@key:0"}, {"NewSK", "@key:0"}})),
              HasSubstr("SKCreateTime"))
      << "entry 0 is no key";
  const auto key = scene_.devices().add_key(scene_.log(), kNew, registry::DeviceRegister::make_key(),
                                            "20261122100000000", {"Li", "rotation"}, now_);
  ASSERT_TRUE(key) << key.error().text();
  const std::string value = fmt::format("@key:{}", *key);
  EXPECT_TRUE(place(request_of(kNew, "1014", {{"SKCreateTime", value}, {"NewSK", value}})));
}

TEST_F(Placing, ThePreviewIsTheFrameAsItWouldBeSent) {
  OrderRequest request = request_of(kDevice, "1062", {{"RtdInterval", "60"}});
  const auto frame = scene_.book().preview(request, now_);
  ASSERT_TRUE(frame) << frame.error().text();
  // HJ 212-2017 C.6 with QN, ST and PW of this device; the length counted, the CRC by appendix A in crc_test.
  const std::string segment =
      fmt::format("QN=20261122100010000;ST=31;CN=1062;PW=123456;MN={};Flag=5;CP=&&RtdInterval=60&&", kDevice);
  EXPECT_EQ(*frame, hj212::frame(segment, hj212::CrcRule::hj));
  EXPECT_EQ(scene_.log().size(), 1U) << "nothing is recorded";
  request.st = "32";
  EXPECT_THAT(*scene_.book().preview(request, now_), HasSubstr(";ST=32;"));
  const auto unknown = scene_.book().preview(request_of(kOld, "1061"), now_);
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().text(), HasSubstr("system code"));
  EXPECT_FALSE(scene_.book().preview(request_of(kDevice, "1062"), now_));
}

TEST_F(Placing, ThePreviewFillsInSamples) {
  EXPECT_THAT(*scene_.book().preview(request_of(kDevice, "1012", {{"SystemTime", "@now"}}), now_),
              HasSubstr("CP=&&SystemTime=20261122100010&&"));
  OrderRequest key = request_of(kNew, "1014", {{"SKCreateTime", "@key:4"}, {"NewSK", "@key:4"}});
  key.st = "32";
  const auto frame = scene_.book().preview(key, now_);
  ASSERT_TRUE(frame) << frame.error().text();
  EXPECT_THAT(*frame, AllOf(HasSubstr("SKCreateTime=20261122100010000"), HasSubstr("NewSK=0000000000000000"),
                            HasSubstr("Flag=9")));
}

TEST_F(Placing, ABookThatDoesNotFollowIsWaitedForNoLongerThanSaid) {
  scene_.stop();
  const auto placed = place(request_of(kDevice, "1061"), 1);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(placed.error().text(), HasSubstr("entry 1"));
  scene_.read_all();
  EXPECT_TRUE(scene_.book().order(OrderId(1))) << "it is recorded all the same";
}

TEST_F(Placing, OrdersAreCancelledWithNameAndReason) {
  const auto placed = place(request_of(kDevice, "1061"));
  ASSERT_TRUE(placed);
  DeviceBook& book = scene_.book();
  EXPECT_EQ(book.cancel_order(scene_.log(), placed->id, "", "x", now_).error().code(), ErrorCode::invalid_input);
  EXPECT_EQ(book.cancel_order(scene_.log(), OrderId(99), "Li", "x", now_).error().code(), ErrorCode::not_found);
  const auto cancelled = book.cancel_order(scene_.log(), placed->id, "Wang", "mistake", now_);
  ASSERT_TRUE(cancelled) << cancelled.error().text();
  EXPECT_EQ(cancelled->state, OrderState::cancelled);
  const auto again = book.cancel_order(scene_.log(), placed->id, "Wang", "mistake", now_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::conflict);
  EXPECT_THAT(again.error().text(), HasSubstr("cancelled"));
}

TEST_F(Placing, ManyMayAskAtTheSameTime) {
  std::vector<std::jthread> people;
  std::atomic<int> placed = 0;
  for (int person = 0; person < 4; ++person) {
    people.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        if (place(request_of(kDevice, "1061"))) ++placed;
        static_cast<void>(scene_.book().list());
        static_cast<void>(scene_.book().due_orders(now_));
        static_cast<void>(scene_.book().open_orders());
      }
    });
  }
  people.clear();
  EXPECT_EQ(placed, 40);
  EXPECT_EQ(scene_.book().open_orders().size(), 40U);
}

}  // namespace
}  // namespace mj::devices
