#include "mj/kernel/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj {
namespace {

Bytes bytes_of(std::string_view text) {
  const BytesView view = as_bytes(text);
  return {view.begin(), view.end()};
}

Bytes any_bytes() {
  const auto numbers = *rc::gen::arbitrary<std::vector<std::uint8_t>>();
  Bytes bytes;
  for (const std::uint8_t number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

TEST(Base64, GivesTheVectorsOfRfc4648) {  // RFC 4648 §10
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(from_base64(encoded), bytes_of(plain));
  }
}

TEST(Base64, UsesTheStandardAlphabet) {
  const Bytes bytes{std::byte{0xfb}, std::byte{0xff}, std::byte{0xbf}};
  EXPECT_EQ(to_base64(bytes), "+/+/");
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm9v=", "Zm 9", "Zm9\n",
                           "Zm9-", "Zm9_", "Zg=a",
                           // The unused bits are not zero: another spelling of "f" and "fo".
                           "Zh==", "Zm9="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

RC_GTEST_PROP(Base64, ReadsBackWhatItWrote, ()) {
  const Bytes bytes = any_bytes();
  const std::string text = to_base64(bytes);
  RC_ASSERT(text.size() == (bytes.size() + 2) / 3 * 4);
  RC_ASSERT(from_base64(text) == bytes);
}

RC_GTEST_PROP(Base64, EveryTextItAcceptsIsTheOneItWouldWrite, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ABgwxyz0189+/==")));
  if (const auto bytes = from_base64(text)) RC_ASSERT(to_base64(*bytes) == text);
}

TEST(Hex, IsLowerCaseAndReadsBothCases) {
  const Bytes bytes{std::byte{0x00}, std::byte{0x1c}, std::byte{0x80}, std::byte{0xff}};
  EXPECT_EQ(to_hex(bytes), "001c80ff");
  EXPECT_EQ(from_hex("001C80fF"), bytes);
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
  for (const char* text : {"0", "000", "0g", "g0", " 0", "0x", "00 ", "é"}) EXPECT_FALSE(from_hex(text)) << text;
}

RC_GTEST_PROP(Hex, ReadsBackWhatItWrote, ()) {
  const Bytes bytes = any_bytes();
  RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
}

}  // namespace
}  // namespace mj
