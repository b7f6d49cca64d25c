#include "mj/evidence_format/entry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj::evidence_format {
namespace {

TEST(Entry, EncodingIsTheOneOfTheFormatDocument) {
  // docs/formats/evidence-log.md §3, example; bytes written by hand.
  const std::string payload = "##0000\r\n";
  Entry entry;
  entry.received_at = Instant::from_ms(1'700'000'000'123);
  entry.connection = 258;
  entry.peer = "192.0.2.1:5000";
  entry.device = "A1";
  entry.payload = as_bytes(payload);
  Bytes encoded{std::byte{0xEE}};
  ASSERT_TRUE(encode(entry, encoded));
  EXPECT_EQ(to_hex(encoded),
            "ee"  // what was there before stays
            "01"
            "01"                // version, type frame
            "0000018bcfe5687b"  // 1700000000123
            "0000000000000102"  // 258
            "0e"
            "3139322e302e322e313a35303030"  // peer
            "02"
            "4131"                // device
            "2323303030300d0a");  // payload
}

TEST(Entry, TooLongTextsAndEntriesAreRefusedAndLeaveTheOutputAlone) {
  const std::string long_text(256, 'x');
  Bytes out(3);
  Entry entry;
  entry.peer = long_text;
  EXPECT_EQ(encode(entry, out).error().code(), ErrorCode::invalid_input);
  entry.peer = {};
  entry.device = long_text;
  EXPECT_EQ(encode(entry, out).error().code(), ErrorCode::invalid_input);
  entry.device = {};
  const Bytes payload(kMaxEntryBytes - 19);
  entry.payload = payload;
  EXPECT_EQ(encode(entry, out).error().code(), ErrorCode::invalid_input);
  entry.type = EntryType{10};
  entry.payload = {};
  EXPECT_EQ(encode(entry, out).error().code(), ErrorCode::invalid_input);
  EXPECT_EQ(out.size(), 3U);
}

TEST(Entry, WhatIsNotCanonicalIsRefused) {
  Bytes good;
  ASSERT_TRUE(encode(Entry{}, good));
  ASSERT_TRUE(decode(good));
  EXPECT_EQ(good.size(), 20U);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode(BytesView(good).first(size))) << size;
  }
  for (const auto& [at, value] : std::vector<std::pair<std::size_t, int>>{
           {0, 0}, {0, 2}, {1, 0}, {1, 10}, {18, 1}, {18, 2}, {19, 1}, {18, 255}}) {
    Bytes bad = good;
    bad[at] = static_cast<std::byte>(value);
    const auto decoded = decode(bad);
    // A peer of one byte can eat the device's length byte; then the device is missing.
    ASSERT_FALSE(decoded) << at << " = " << value;
    EXPECT_EQ(decoded.error().code(), ErrorCode::damaged);
  }
  EXPECT_FALSE(decode(Bytes(kMaxEntryBytes + 1, std::byte{1})));
}

RC_GTEST_PROP(Entry, DecodingGivesBackWhatWasEncoded,
              (std::int64_t ms, std::uint64_t connection, std::string payload)) {
  const auto peer =
      *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(0, 256), rc::gen::arbitrary<char>());
  const auto device =
      *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(0, 256), rc::gen::arbitrary<char>());
  Entry entry;
  entry.type = EntryType{*rc::gen::inRange<std::uint8_t>(1, 10)};
  entry.received_at = Instant::from_ms(ms);
  entry.connection = connection;
  entry.peer = peer;
  entry.device = device;
  entry.payload = as_bytes(payload);
  Bytes encoded;
  RC_ASSERT(encode(entry, encoded).has_value());
  const auto decoded = decode(encoded);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->type == entry.type);
  RC_ASSERT(decoded->received_at == entry.received_at);
  RC_ASSERT(decoded->connection == entry.connection);
  RC_ASSERT(decoded->peer == entry.peer);
  RC_ASSERT(decoded->device == entry.device);
  RC_ASSERT(as_text(decoded->payload) == payload);
}

RC_GTEST_PROP(Entry, OneThingHasOneEncoding, (const std::vector<std::uint8_t>& tail)) {
  // Whatever decodes encodes to the same bytes again.
  Bytes bytes{std::byte{1}, *rc::gen::element(std::byte{1}, std::byte{2}, std::byte{3})};
  bytes.resize(18);
  for (const std::uint8_t byte : tail) bytes.push_back(std::byte{byte});
  const auto decoded = decode(bytes);
  if (!decoded) return;
  Bytes again;
  RC_ASSERT(encode(*decoded, again).has_value());
  RC_ASSERT(again == bytes);
}

}  // namespace
}  // namespace mj::evidence_format
