#include "mj/devices/order.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "describe.hpp"
#include "scene.hpp"

namespace mj::devices {
namespace {

/// Readable text, also Chinese, that JSON has to escape in part.
rc::Gen<std::string> text() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "7", "值", "\"", "\\", "\n", " ", "/", "=", ";", "😀", "\u007f")),
                      [](const std::vector<std::string>& parts) {
                        std::string joined;
                        for (const std::string& part : parts) joined += part;
                        return joined;
                      });
}

template <typename Number>
std::optional<Number> maybe_number() {
  return *rc::gen::arbitrary<bool>() ? std::optional(*rc::gen::arbitrary<Number>()) : std::nullopt;
}

/// A moment that has a calendar date, with milliseconds.
Instant any_moment() { return Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)); }

RC_GTEST_PROP(OrderJson, DecodingGivesBackTheOrderThatWasEncoded, ()) {
  OrderRequest request;
  request.device = *text();
  request.cn = *text();
  request.st = *text();
  for (int left = *rc::gen::inRange(0, 4); left > 0; --left) request.parameters.emplace_back(*text(), *text());
  request.name = *text();
  request.reason = *text();
  request.cause = maybe_number<std::uint64_t>();
  request.connection = maybe_number<std::uint64_t>();
  request.expires_at = any_moment();
  const std::string json = encode(request).value();
  const auto decoded = decode_order(as_bytes(json));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(describe(*decoded) == describe(request));
  RC_ASSERT(!decode_cancel(as_bytes(json)));
  RC_ASSERT(!decode_step(as_bytes(json)));
}

RC_GTEST_PROP(OrderJson, DecodingGivesBackTheStepThatWasEncoded, ()) {
  Step step;
  step.order = OrderId(*rc::gen::arbitrary<std::uint64_t>());
  step.state = static_cast<OrderState>(*rc::gen::inRange(0, 11));
  step.what = *text();
  step.qn = *text();
  step.attempt = *rc::gen::inRange(0, 100);
  step.code = maybe_number<int>();
  step.entry = maybe_number<std::uint64_t>();
  step.frame_before = *rc::gen::arbitrary<bool>();
  step.note = *text();
  const std::string json = encode(step);
  const auto decoded = decode_step(as_bytes(json));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(describe(*decoded) == describe(step));
  RC_ASSERT(!decode_order(as_bytes(json)));
}

RC_GTEST_PROP(OrderJson, DecodingGivesBackTheCancellationThatWasEncoded, ()) {
  const OrderId id(*rc::gen::arbitrary<std::uint64_t>());
  const std::string name = *text();
  const std::string reason = *text();
  const auto decoded = decode_cancel(as_bytes(encode_cancel(id, name, reason)));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->order == id);
  RC_ASSERT(decoded->name == name);
  RC_ASSERT(decoded->reason == reason);
}

RC_GTEST_PROP(OrderJson, AnyBytesAreRefusedOrUnderstoodNeverMore, (const std::string& bytes)) {
  RC_ASSERT(!decode_order(as_bytes(bytes)));
  RC_ASSERT(!decode_step(as_bytes("device.step" + bytes)));
  RC_ASSERT(!decode_cancel(as_bytes("{\"kind\":\"device.cancel\"" + bytes)));
}

// The examples of docs/formats/decisions.md.
TEST(OrderJson, ReadsTheDocumentedForms) {
  const auto order = decode_order(as_bytes(
      R"({"kind":"device.order","version":1,"device":"500000003100000000000007","cn":"1012","st":"32",
 "parameters":[{"name":"PolId","value":"w01018"},{"name":"SystemTime","value":"@now"}],
 "name":"a","reason":"b","cause":90210,"connection":17,"expires_at":"2026-11-22T10:00:00+08:00"})"));
  ASSERT_TRUE(order);
  EXPECT_EQ(order->parameters.size(), 2U);
  EXPECT_EQ(order->cause, 90210U);
  EXPECT_EQ(order->connection, 17U);
  EXPECT_EQ(order->expires_at, parse_iso("2026-11-22 10:00"));
  const auto step = decode_step(as_bytes(
      R"({"kind":"device.step","version":1,"order":90214,"state":"accepted","what":"reply","qn":"20261122095900123","attempt":1,
 "code":1,"entry":90220,"frame_before":true,"note":"…"})"));
  ASSERT_TRUE(step);
  EXPECT_EQ(step->state, OrderState::accepted);
  EXPECT_TRUE(step->frame_before);
  EXPECT_EQ(step->code, 1);
  const auto cancel =
      decode_cancel(as_bytes(R"({"kind":"device.cancel","version":1,"order":90214,"name":"a","reason":"b"})"));
  ASSERT_TRUE(cancel);
  EXPECT_EQ(cancel->order.raw(), 90214U);
}

TEST(OrderJson, OtherVersionsAndWrongTypesAreNotUnderstood) {
  const std::string good = encode(step_of(7, OrderState::queued, "sent"));
  ASSERT_TRUE(decode_step(as_bytes(good)));
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  for (const std::string& wrong :
       {with("\"version\":1", "\"version\":2"), with("\"version\":1", "\"version\":\"1\""),
        with("\"order\":7", "\"order\":-7"), with("\"order\":7", "\"order\":7.5"),
        with("\"order\":7", "\"order\":null"), with("\"queued\"", "\"waiting\""), with("\"queued\"", "3"),
        with("device.step", "device.stepp"), with("\"what\":\"sent\"", "\"what\":[]"), good.substr(1),
        std::string("[\"device.step\"]"), std::string("null")}) {
    EXPECT_FALSE(decode_step(as_bytes(wrong))) << wrong;
  }
}

TEST(OrderJson, TextThatIsNotUtf8IsRefusedInAnOrderAndRepairedInAStep) {
  OrderRequest request;
  request.reason = "\xC7\xE5";
  const auto refused = encode(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input);
  Step noted = step_of(1, OrderState::accepted, "data");
  noted.note = "a\xC7z";
  const auto step = decode_step(as_bytes(encode(noted)));
  ASSERT_TRUE(step);
  EXPECT_EQ(step->note, "a\uFFFDz");
}

TEST(OrderState, HasOneWordForEachState) {
  for (int number = 0; number < 11; ++number) {
    const auto state = static_cast<OrderState>(number);
    EXPECT_EQ(parse_order_state(name(state)), state);
    EXPECT_EQ(is_final(state), number >= 3) << name(state);
  }
  EXPECT_FALSE(parse_order_state("unknown"));
  EXPECT_FALSE(parse_order_state(""));
}

}  // namespace
}  // namespace mj::devices
