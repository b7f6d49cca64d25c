#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "conversations.hpp"
#include "describe.hpp"
#include "scene.hpp"

namespace mj::devices {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Conversation : public ::testing::Test {
 protected:
  /// Places an order and writes the steps of C.5/C.6 or whatever the test wants.
  void step(OrderState state, std::string_view what, std::optional<int> code = std::nullopt,
            std::optional<std::uint64_t> answered = std::nullopt) {
    Step step;
    step.order = OrderId(id_);
    step.state = state;
    step.what = what;
    step.qn = "20261122100000000";
    step.attempt = 1;
    step.code = code;
    step.entry = answered;
    scene_.step(second(++at_), step);
  }
  void place(OrderRequest request) { id_ = scene_.order(second(++at_), std::move(request)); }
  [[nodiscard]] Order order() { return scene_.read_all().order(OrderId(id_)).value(); }
  [[nodiscard]] std::vector<std::string> parameters() {
    std::vector<std::string> lines;
    const auto readings = scene_.read_all().parameters(kDevice).value();
    for (const ParameterReading& reading : readings)
      lines.push_back(fmt::format("{}/{}={} @{}", reading.instrument, reading.name, reading.value, reading.entry));
    return lines;
  }
  Scene scene_;
  std::uint64_t id_ = 0;
  std::int64_t at_ = 0;
};

TEST_F(Conversation, IsKeptStepByStepWithItsFrames) {
  place(request_of(kDevice, "1062", {{"RtdInterval", "60"}}));
  EXPECT_EQ(order().state, OrderState::queued);
  EXPECT_EQ(scene_.book().find(kDevice)->open_orders, 1U);
  scene_.add(evidence_format::EntryType::sent, second(++at_), kDevice, "##request");
  Step sent = step_of(id_, OrderState::sent, "sent");
  sent.qn = "20261122100000000";
  sent.attempt = 1;
  sent.frame_before = true;
  scene_.step(second(at_), sent);
  const auto reply = scene_.receive({.cn = "9011", .area = "QnRtn=1", .st = "91", .flag = 4}, second(++at_));
  step(OrderState::accepted, "reply", 1, reply);
  const auto result = scene_.receive({.cn = "9012", .area = "ExeRtn=1", .st = "91", .flag = 4}, second(++at_));
  step(OrderState::done, "result", 1, result);
  const Order done = order();
  EXPECT_EQ(done.state, OrderState::done);
  EXPECT_EQ(done.qn, "20261122100000000");
  EXPECT_EQ(done.attempts, 1);
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.request.name, "Li");
  EXPECT_EQ(done.changed_at, second(at_));
  ASSERT_THAT(done.steps, SizeIs(4));
  EXPECT_EQ(done.steps[0].step.what, "placed");
  EXPECT_EQ(done.steps[0].entry, id_);
  EXPECT_EQ(done.steps[1].frame_entry, id_ + 1) << "the frame sent stands just before its step";
  EXPECT_EQ(done.steps[2].frame_entry, reply);
  EXPECT_EQ(done.steps[3].frame_entry, result);
  EXPECT_EQ(scene_.book().find(kDevice)->open_orders, 0U);
  EXPECT_THAT(scene_.book().open_orders(), IsEmpty());
  EXPECT_THAT(parameters(), ElementsAre(fmt::format("/RtdInterval=60 @{}", id_ + 6)))
      << "what a request has set is known from its success";
}

TEST_F(Conversation, WhatWasNotDoneSetsNothing) {
  place(request_of(kDevice, "1062", {{"RtdInterval", "60"}}));
  step(OrderState::failed, "result", 2);
  step(OrderState::done, "result", 1);
  EXPECT_THAT(parameters(), IsEmpty());
  place(request_of(kDevice, "1072", {{"NewPW", "654321"}}));
  step(OrderState::done, "result", 1);
  EXPECT_THAT(parameters(), IsEmpty()) << "a password is no parameter to be shown";
}

TEST_F(Conversation, CountsFramesOfData) {
  place(request_of(kDevice, "2061", {{"BeginTime", "20261122080000"}, {"EndTime", "20261122090000"}}));
  step(OrderState::sent, "sent");
  step(OrderState::accepted, "reply", 1);
  step(OrderState::accepted, "data", std::nullopt, 1);
  step(OrderState::accepted, "data", std::nullopt, 2);
  step(OrderState::done, "result", 1);
  EXPECT_EQ(order().data_frames, 2U);
}

TEST_F(Conversation, AnEndStaysButWhatComesLaterIsKeptAsAStep) {
  place(request_of(kDevice, "1061"));
  step(OrderState::timed_out, "time-out");
  step(OrderState::done, "result", 1);
  const Order ended = order();
  EXPECT_EQ(ended.state, OrderState::timed_out);
  EXPECT_FALSE(ended.code);
  EXPECT_THAT(ended.steps, SizeIs(3));
  EXPECT_EQ(ended.steps[2].step.state, OrderState::done);
}

TEST_F(Conversation, GoesBackToTheQueueOnlyBeforeTheDeviceAccepted) {
  place(request_of(kDevice, "1061"));
  step(OrderState::sent, "sent");
  step(OrderState::queued, "line-lost");
  EXPECT_EQ(order().state, OrderState::queued);
  EXPECT_EQ(order().qn, "20261122100000000") << "the resend keeps the QN";
  step(OrderState::accepted, "reply", 1);
  step(OrderState::queued, "line-lost");
  step(OrderState::sent, "resent");
  EXPECT_EQ(order().state, OrderState::accepted);
}

TEST_F(Conversation, UnknownOrdersMeanNothing) {
  scene_.receive({.area = real_time_area(second(0))}, second(0));
  step(OrderState::done, "result", 1);
  id_ = 77;
  step(OrderState::done, "result", 1);
  scene_.add(evidence_format::EntryType::decision, second(5), "", encode_cancel(OrderId(77), "Li", "x"));
  scene_.add(evidence_format::EntryType::event, second(6), "", "{\"kind\":\"device.step\",\"version\":9}");
  EXPECT_THAT(scene_.read_all().orders({}).value(), IsEmpty());
  EXPECT_EQ(scene_.book().order(OrderId(77)).error().code(), ErrorCode::not_found);
}

TEST_F(Conversation, ACancellationEndsWhatHasNotEnded) {
  place(request_of(kDevice, "1061"));
  scene_.add(evidence_format::EntryType::decision, second(2), "", encode_cancel(OrderId(id_), "Wang", "mistake"));
  step(OrderState::cancelled, "cancelled");
  const Order cancelled = order();
  EXPECT_EQ(cancelled.state, OrderState::cancelled);
  ASSERT_THAT(cancelled.steps, SizeIs(3));
  EXPECT_EQ(cancelled.steps[1].step.note, "Wang: mistake");
  place(request_of(kDevice, "1061"));
  step(OrderState::done, "result", 1);
  scene_.add(evidence_format::EntryType::decision, second(9), "", encode_cancel(OrderId(id_), "Wang", "late"));
  EXPECT_EQ(order().state, OrderState::done);
}

TEST_F(Conversation, OrdersAreFoundByDeviceAndState) {
  place(request_of(kDevice, "1061"));
  step(OrderState::done, "result", 1);
  place(request_of(kDevice, "1063"));
  const std::uint64_t second_id = id_;
  place(request_of(kOld, "1061"));
  DeviceBook& book = scene_.read_all();
  const auto ids = [&book](const std::function<void(OrderQuery&)>& narrow) {
    OrderQuery query;
    narrow(query);
    std::vector<std::uint64_t> result;
    const auto orders = book.orders(query).value();
    for (const Order& order : orders) result.push_back(order.id.raw());
    return result;
  };
  EXPECT_THAT(ids([](OrderQuery&) {}), ElementsAre(id_, second_id, 0));
  EXPECT_THAT(ids([](OrderQuery& query) { query.device = kDevice; }), ElementsAre(second_id, 0));
  EXPECT_THAT(ids([](OrderQuery& query) { query.open = true; }), ElementsAre(id_, second_id));
  EXPECT_THAT(ids([](OrderQuery& query) { query.open = false; }), ElementsAre(0));
  EXPECT_THAT(ids([this](OrderQuery& query) { query.before = id_; }), ElementsAre(second_id, 0));
  EXPECT_THAT(ids([](OrderQuery& query) { query.limit = 1; }), ElementsAre(id_));
  EXPECT_THAT(book.open_orders(), SizeIs(2));
  EXPECT_EQ(book.open_orders()[0].id.raw(), second_id) << "oldest first";
}

TEST_F(Conversation, ListenersHearOfOpenOrdersAtTheStartAndThenOfEveryChange) {
  place(request_of(kDevice, "1061"));
  step(OrderState::done, "result", 1);
  place(request_of(kDevice, "1063"));
  std::vector<std::string> heard;
  scene_.book().on_order([&heard](const Order& order) {
    heard.push_back(fmt::format("{} {}", order.request.cn, name(order.state)));
  });
  EXPECT_EQ(scene_.book().consume(scene_.log(), 1).value(), 1U);
  EXPECT_THAT(heard, IsEmpty()) << "further on in the log the order has ended";
  scene_.read_all();
  EXPECT_THAT(heard, ElementsAre("1063 queued"));
  step(OrderState::sent, "sent");
  scene_.read_all();
  step(OrderState::accepted, "reply", 1);
  step(OrderState::done, "result", 1);
  scene_.read_all();
  EXPECT_THAT(heard, ElementsAre("1063 queued", "1063 sent", "1063 done"));
}

TEST_F(Conversation, PastPullsAreRequestsForHistory) {
  const std::vector<std::pair<std::string, std::string>> range{{"BeginTime", "20261122080000"},
                                                               {"EndTime", "20261122090000"}};
  place(request_of(kDevice, "1061"));
  place(request_of(kDevice, "2061", range));
  step(OrderState::expired, "expired");
  EXPECT_THAT(scene_.read_all().past_pulls(Instant()).value(), SizeIs(1)) << "it was sent, though in vain";
  place(request_of(kDevice, "2051", range));
  scene_.step(second(++at_), step_of(id_, OrderState::expired, "expired"));
  place(request_of(kDevice, "2031", range));
  const auto pulls = scene_.read_all().past_pulls(second(2)).value();
  ASSERT_THAT(pulls, SizeIs(1)) << "one was placed before, the other never sent";
  EXPECT_EQ(pulls[0].cn, "2031");
  EXPECT_EQ(pulls[0].first, parse_iso("2026-11-22 08:00"));
  EXPECT_EQ(pulls[0].last, parse_iso("2026-11-22 09:00"));
  EXPECT_TRUE(pulls[0].open);
}

RC_GTEST_PROP(StateMachine, GoesForwardOnlyAndAnEndStays, ()) {
  std::optional<Order> stored;
  Conversations conversations([&stored](OrderId) { return stored; });
  conversations.place(5, kBegin, request_of(kDevice, "1061"));
  OrderState state = OrderState::queued;
  const int count = *rc::gen::inRange(0, 20);
  for (int i = 0; i < count; ++i) {
    const auto next = static_cast<OrderState>(*rc::gen::inRange(0, 11));
    const Order* success = conversations.step(6 + static_cast<std::uint64_t>(i), kBegin, step_of(5, next, "any"));
    const bool ended = is_final(state);
    if (ended) {
      RC_ASSERT(success == nullptr);
    } else if (next >= state || (state == OrderState::sent && next == OrderState::queued)) {
      state = next;
      RC_ASSERT((success != nullptr) == (next == OrderState::done));
    }
    RC_ASSERT(conversations.changed().at(OrderId(5)).state == state);
    RC_ASSERT(conversations.open().contains(OrderId(5)) == !is_final(state));
  }
  RC_ASSERT(conversations.steps().size() == static_cast<std::size_t>(count) + 1);
}

}  // namespace
}  // namespace mj::devices
