#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck.h>

#include "contract_check.hpp"
#include "frame_parts.hpp"
#include "mj/hj212/compose.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using devices::OrderState;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSetInterval =
    R"({"cn":"1062","parameters":[{"name":"RtdInterval","value":"30"}],"name":"值班员","reason":"加密监测"})";

/// A device of 2017 that has sent a frame, so that its system code and password are known.
class OrdersTest : public testing::Test {
 protected:
  void SetUp() override {
    station.feed(kSourceMn, upload(kSourceMn, "32", "2011", "20260301120000", "w01018-Rtd=12.5,w01018-Flag=N"));
  }
  Reply get(std::string_view target) { return test::get(station.port(), target); }
  Reply post(std::string_view target, std::string_view body) { return test::post(station.port(), target, body); }
  Reply place(std::string_view body) { return post(orders, body); }
  void expect_error(const Reply& reply, int status, std::string_view text) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(contract.faults(reply.json(), "ErrorAnswer"), IsEmpty());
    EXPECT_THAT(reply.body, HasSubstr(std::string(text)));
  }

  const std::string orders = fmt::format("/api/devices/{}/orders", kSourceMn);
  Contract contract;
  Station station;
};

TEST_F(OrdersTest, AnOrderIsRecordedListedAndToldToTheBrowsers) {
  EventStream stream(station.port());
  const Reply reply = place(kSetInterval);
  ASSERT_EQ(reply.status, 201) << reply.body;
  const Json order = reply.json();
  EXPECT_THAT(contract.faults(order, "Order"), IsEmpty());
  const auto id = order["id"].get<std::uint64_t>();
  EXPECT_EQ(reply.header("Location"), fmt::format("/api/orders/{}", id));
  EXPECT_EQ(order["state"], "queued");
  EXPECT_EQ(order["open"], true);
  EXPECT_EQ(order["name"], "值班员");
  EXPECT_EQ(order["reason"], "加密监测");
  EXPECT_EQ(order["parameters"], (Json::array({Json{{"name", "RtdInterval"}, {"value", "30"}}})));
  EXPECT_EQ(order["qn"], nullptr);
  EXPECT_EQ(order["placed_at"], "2026-03-01T12:00:30+08:00");
  EXPECT_EQ(order["expires_at"], "2026-03-02T12:00:30+08:00") << "a day by the rules";
  EXPECT_NE(order["command"]["zh"], "1062") << "the table names it";
  EXPECT_EQ(order["point"]["id"], "outlet-1");

  EXPECT_EQ(get(orders).json(), Json::array({order}));
  EXPECT_EQ(get("/api/orders?open=true").json(), Json::array({order}));
  EXPECT_THAT(get("/api/orders?open=false").json(), IsEmpty());
  EXPECT_THAT(get(fmt::format("/api/orders?before={}", id)).json(), IsEmpty());
  EXPECT_EQ(get(fmt::format("/api/devices/{}", kSourceMn)).json()["device"]["open_orders"], 1);
  EXPECT_EQ(get(fmt::format("/api/frames/{}", id)).status, 404) << "a decision is no frame";
  EXPECT_EQ(get(fmt::format("/api/frames/{}/proof", id)).status, 200) << "but it can be proven";
  const auto told = stream.next("order", 5000);
  ASSERT_TRUE(told);
  EXPECT_THAT(contract.faults(told->data, "Order"), IsEmpty());
  EXPECT_EQ(told->data, order);
}

TEST_F(OrdersTest, AConversationIsShownStepByStepWithItsFrames) {
  const auto id = place(kSetInterval).json()["id"].get<std::uint64_t>();
  const std::string qn = "20260301120030001";
  const std::string request =
      hj212::frame(fmt::format("QN={};ST=32;CN=1062;PW=123456;MN={};Flag=5;CP=&&RtdInterval=30&&", qn, kSourceMn));
  devices::Step step;
  step.order = devices::OrderId(id);
  step.qn = qn;
  step.attempt = 1;
  step.state = OrderState::sent;
  step.what = "sent";
  step.frame_before = true;
  station.step(step, kSourceMn, request);
  step.frame_before = false;
  const auto answer = [&](std::string_view cn, std::string_view area) {
    return station.feed(kSourceMn, hj212::frame(fmt::format("ST=91;CN={};PW=123456;MN={};Flag=4;QN={};CP=&&{}&&",
                                                            cn, kSourceMn, qn, area)));
  };
  step.entry = answer("9011", "QnRtn=1");
  step.state = OrderState::accepted;
  step.what = "reply";
  step.code = 1;
  station.step(step, kSourceMn);
  step.entry = answer("9012", "ExeRtn=1");
  step.state = OrderState::done;
  step.what = "result";
  station.step(step, kSourceMn);

  const Json detail = get(fmt::format("/api/orders/{}", id)).json();
  EXPECT_THAT(contract.faults(detail, "OrderDetail"), IsEmpty());
  EXPECT_EQ(detail["order"]["state"], "done");
  EXPECT_EQ(detail["order"]["open"], false);
  EXPECT_EQ(detail["order"]["qn"], qn);
  EXPECT_EQ(detail["order"]["attempts"], 1);
  const Json& steps = detail["steps"];
  ASSERT_GE(steps.size(), 3U);
  const Json& sent = steps[steps.size() - 3];
  EXPECT_EQ(sent["what"], "sent");
  ASSERT_TRUE(sent["frame"].is_number());
  const Json& reply = steps[steps.size() - 2];
  EXPECT_EQ(reply["code"]["value"], 1);
  EXPECT_EQ(reply["state"], "accepted");
  EXPECT_EQ(steps.back()["frame"], *step.entry);
  // HJ 212-2017 table 10: 1 of ExeRtn is 执行成功; table of QnRtn: 1 is 准备执行请求.
  EXPECT_THAT(steps.back()["code"]["name"]["zh"].get<std::string>(), HasSubstr("成功"));
  EXPECT_NE(reply["code"]["name"], steps.back()["code"]["name"]);

  const Json frame = get(fmt::format("/api/frames/{}", sent["frame"].get<std::uint64_t>())).json();
  EXPECT_THAT(contract.faults(frame, "FrameDetail"), IsEmpty());
  EXPECT_EQ(frame["entry_type"], "sent");
  EXPECT_EQ(frame["line"]["disposition"], "sent");
  EXPECT_EQ(frame["line"]["cn"], "1062");
  EXPECT_EQ(as_text(*from_base64(frame["payload_base64"].get<std::string>())), request);
  EXPECT_EQ(get(fmt::format("/api/frames/{}", steps.back()["entry"].get<std::uint64_t>())).status, 404)
      << "an event is no frame";
  for (const Json& line : get("/api/frames").json())
    EXPECT_NE(line["cn"], "1062") << "only received frames are listed";
}

TEST_F(OrdersTest, WhatWaitsForTheConsumerHoldsReceivedFramesOnly) {
  station.rest();
  devices::Step step;
  step.what = "expired";
  station.append(kSourceMn, devices::encode(step), evidence_format::EntryType::event);
  station.append(kSourceMn, "##", evidence_format::EntryType::sent);
  EXPECT_THAT(get("/api/frames?disposition=pending").json(), IsEmpty());
}

TEST_F(OrdersTest, AnOrderIsCancelledOnceByAPersonWithAReason) {
  const auto id = place(kSetInterval).json()["id"].get<std::uint64_t>();
  const std::string cancel = fmt::format("/api/orders/{}/cancel", id);
  expect_error(post(cancel, R"({"name":"值班员"})"), 400, "reason");
  expect_error(post(cancel, R"({"name":"值班员","reason":"x","really":true})"), 400, "really");
  const Reply done = post(cancel, R"({"name":"值班员","reason":"点错了"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_THAT(contract.faults(done.json(), "Order"), IsEmpty());
  EXPECT_EQ(done.json()["state"], "cancelled");
  const Reply again = post(cancel, R"({"name":"值班员","reason":"x"})");
  expect_error(again, 409, "already_ended");
  expect_error(post("/api/orders/999999/cancel", R"({"name":"x","reason":"y"})"), 404, "not_found");
  expect_error(get("/api/orders/999999"), 404, "not_found");
  expect_error(get("/api/orders/x"), 404, "there is no order");
}

TEST_F(OrdersTest, AnOrderThatCanNeverSucceedIsRefusedWithTheReason) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"cn":"7777","name":"x","reason":"y"})", "7777"},
      {R"({"name":"x","reason":"y"})", "cn"},
      {R"({"cn":"1062","parameters":[{"name":"RtdInterval","value":"7"}],"name":"x","reason":"y"})",
       "RtdInterval"},
      {R"({"cn":"1062","parameters":[{"name":"RtdInterval","value":30}],"name":"x","reason":"y"})", "parameters"},
      {R"({"cn":"1062","parameters":["RtdInterval=30"],"name":"x","reason":"y"})", "parameters"},
      {R"({"cn":"1062","parameters":{"RtdInterval":"30"},"name":"x","reason":"y"})", "parameters"},
      {R"({"cn":"1011","reason":"y"})", "name"},
      {R"({"cn":"1011","name":"x","reason":"\t "})", "reason"},
      {R"({"cn":"1011","name":"x","reason":"y","expires_in_s":0})", "expires_in_s"},
      {R"({"cn":"1011","name":"x","reason":"y","expires":1})", "expires"},
      {"nothing", "JSON object"},
  };
  for (const auto& [body, text] : wrong) expect_error(place(body), 400, text);
  EXPECT_THAT(get("/api/orders").json(), IsEmpty());
}

TEST_F(OrdersTest, APreviewExplainsEveryPartOfTheFrameAndRecordsNothing) {
  const std::uint64_t before = station.log->size();
  const Reply reply =
      post(orders + "/preview", R"({"cn":"1062","parameters":[{"name":"RtdInterval","value":"30"}]})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json preview = reply.json();
  EXPECT_THAT(contract.faults(preview, "Preview"), IsEmpty());
  EXPECT_EQ(station.log->size(), before);
  EXPECT_EQ(preview["encrypted"], false);
  std::string joined;
  std::map<std::string, Json> fields;
  for (const Json& part : preview["parts"]) {
    joined += part["text"].get<std::string>();
    if (part["key"].is_string()) fields[part["key"].get<std::string>()] = part;
  }
  EXPECT_EQ(joined, preview["frame"].get<std::string>());
  EXPECT_EQ(preview["bytes"], joined.size());
  EXPECT_EQ(fields["MN"]["value"], kSourceMn);
  EXPECT_EQ(fields["MN"]["meaning"]["en"], "Point outlet-1");
  EXPECT_EQ(fields["ST"]["value"], "32") << "of its newest frame";
  EXPECT_EQ(fields["CN"]["value"], "1062");
  EXPECT_EQ(fields["QN"]["meaning"]["en"].get<std::string>().substr(0, 19), "2026-03-01T12:00:30");
  EXPECT_EQ(fields["RtdInterval"]["kind"], "area");
  EXPECT_EQ(fields["RtdInterval"]["meaning"]["en"], "30 s");
  expect_error(post(orders + "/preview", R"({"cn":"7777"})"), 400, "7777");
}

TEST_F(OrdersTest, APreviewOfAFrameInCipherShowsItsPartsInClear) {
  ASSERT_EQ(
      post(fmt::format("/api/devices/{}/key", kSourceMn), R"({"key":"0123456789abcdef","name":"x","reason":"y"})")
          .status,
      200);
  hj212::Outgoing message;
  message.qn = "20260301120030000";
  message.st = "32";
  message.cn = "1014";
  message.pw = "123456";
  message.mn = kSourceMn;
  message.flag = 9;
  message.area = "SKCreateTime=20260301120030000;NewSK=fedcba9876543210";
  const auto key = hj212::parse_sm4_key("0123456789abcdef");
  ASSERT_TRUE(key);
  const std::string cipher = hj212::frame(message, hj212::CrcRule::hj, &*key);
  const Json preview = Json::parse(to_text(preview_json(station.services(), kSourceMn, cipher)));
  EXPECT_THAT(contract.faults(preview, "Preview"), IsEmpty());
  EXPECT_EQ(preview["encrypted"], true);
  EXPECT_EQ(preview["bytes"], cipher.size());
  std::string joined;
  for (const Json& part : preview["parts"]) joined += part["text"].get<std::string>();
  EXPECT_EQ(joined, hj212::frame(message, hj212::CrcRule::hj)) << "the frame in clear has the same CRC";
}

// Nothing of a frame is left out of its explanation, whatever it looks like.
TEST(FrameParts, JoinedAreTheFrame) {
  EXPECT_TRUE(rc::check("parts", [] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "##", "0123", "QN=1;", "CP=&&", "&&", "a=b", ",", ";", "=", "1C80", "\r\n", "x", "CP="));
    std::string frame;
    for (const std::string& piece : pieces) frame += piece;
    std::string joined;
    for (const FramePart& part : cut_frame(frame)) joined += part.text;
    RC_ASSERT(joined == frame);
  }));
}

TEST(FrameParts, AFrameOfTheStandardIsCutIntoItsFields) {
  // HJ 212-2017 appendix C.5, the request with its length and CRC.
  const std::string frame = hj212::frame(
      "QN=20160801085857223;ST=32;CN=1062;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&");
  std::vector<std::string> keys;
  for (const FramePart& part : cut_frame(frame)) {
    if (part.kind != FramePart::Kind::separator) keys.emplace_back(part.key);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"head", "length", "QN", "ST", "CN", "PW", "MN", "Flag", "CP",
                                            "RtdInterval", "crc", "end"}));
}

}  // namespace
}  // namespace mj::api::test
