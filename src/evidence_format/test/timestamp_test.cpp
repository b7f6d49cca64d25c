#include "mj/evidence_format/timestamp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mj/evidence_format/hash.hpp"

namespace mj::evidence_format {
namespace {

using testing::HasSubstr;

// Made by `openssl ts` over the text "mingjian": testdata/timestamp/make.sh.
std::string file(const std::string& name) {
  std::ifstream in(std::string(MJ_TESTDATA) + "/timestamp/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
Digest digest() { return sha256(as_bytes("mingjian")); }

Result<Timestamp> check(const std::string& response, const std::string& trusted) {
  return check_timestamp(as_bytes(response), digest(), trusted);
}
void expect_refused(const Result<Timestamp>& checked, const std::string& why) {
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code(), ErrorCode::damaged);
  EXPECT_THAT(checked.error().text(), HasSubstr(why));
}

TEST(Timestamp, ATokenOfATrustedAuthorityGivesItsTimeAndName) {
  const auto checked = check(file("good.tsr"), file("root.pem"));
  ASSERT_TRUE(checked) << checked.error().text();
  // As `openssl ts -reply -in good.tsr -text` shows them.
  EXPECT_EQ(to_iso(checked->at), "2026-11-22T12:21:18+08:00");
  EXPECT_EQ(checked->authority, "CN=authority,O=Mingjian tests");
  EXPECT_EQ(checked->serial, "02");
  // The authority's own certificate may be trusted without the one above it, and others may stand beside it.
  EXPECT_TRUE(check(file("good.tsr"), file("authority.pem")));
  EXPECT_TRUE(check(file("good.tsr"), file("stranger.pem") + file("root.pem")));
}

TEST(Timestamp, OverAnotherDigestItIsRefused) {
  const auto checked = check_timestamp(as_bytes(file("good.tsr")), sha256(as_bytes("Mingjian")), file("root.pem"));
  expect_refused(checked, "over another digest");
  // The SM3 digest of the right text is no SHA-256 digest.
  expect_refused(check_timestamp(as_bytes(file("sm3.tsr")), sm3(as_bytes("mingjian")), file("root.pem")),
                 "none of SHA-256");
}

TEST(Timestamp, OfAnAuthorityThatNobodyTrustsItIsRefused) {
  expect_refused(check(file("good.tsr"), file("stranger.pem")), "certificate verify error");
  expect_refused(check(file("good.tsr"), ""), "is trusted");
  expect_refused(check(file("good.tsr"), "no certificate"), "is trusted");
}

TEST(Timestamp, OfACertificateThatHadExpiredItIsRefused) {
  expect_refused(check(file("expired.tsr"), file("root.pem")), "certificate has expired");
}

TEST(Timestamp, ARefusalOfTheAuthorityIsNoTimestamp) {
  expect_refused(check(file("refused.tsr"), file("root.pem")), "refused it (status 2)");
}

TEST(Timestamp, FlippedBytesAndCutsAreRefusedOrChangeNothing) {
  const std::string good = file("good.tsr");
  const auto expected = check(good, file("root.pem"));
  ASSERT_TRUE(expected);
  const std::string root = file("root.pem");
  for (std::size_t at = 0; at < good.size(); at += 5) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x11);
    const auto checked = check(changed, root);
    // Some bytes are nobody's business (optional texts of the response, parameters): then the same is said.
    if (checked) {
      ASSERT_EQ(checked->at, expected->at) << at;
      ASSERT_EQ(checked->authority, expected->authority) << at;
    }
  }
  for (std::size_t size = 0; size < good.size(); size += 7) ASSERT_FALSE(check(good.substr(0, size), root));
  EXPECT_FALSE(check(good + '\0', root));
}

TEST(Timestamp, RequestsAskForTheDigestTheCertificateAndANonce) {
  const auto one = timestamp_request(digest());
  const auto two = timestamp_request(digest());
  ASSERT_TRUE(one && two) << one.error().text();
  const std::string hex = to_hex(*one);
  EXPECT_THAT(hex, HasSubstr(to_hex(digest())));
  EXPECT_THAT(hex, HasSubstr("0609608648016503040201")) << "id-sha256, 2.16.840.1.101.3.4.2.1";
  EXPECT_TRUE(hex.ends_with("0101ff")) << "certReq TRUE";
  EXPECT_NE(*one, *two) << "another nonce each time";
}

}  // namespace
}  // namespace mj::evidence_format
