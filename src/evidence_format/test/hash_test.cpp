#include "mj/evidence_format/hash.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <thread>

#include "mj/evidence_format/self_test.hpp"

namespace mj::evidence_format {
namespace {

TEST(Hash, Sm3GivesTheExamplesOfTheStandard) {
  // GB/T 32905-2016 annex A, examples 1 and 2.
  EXPECT_EQ(to_hex(sm3(as_bytes("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(to_hex(sm3(as_bytes("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"))),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Hash, LeafAndNodeAreThoseOfRfc6962InBothAlgorithms) {
  // RFC 6962 §2.1, the prefix put before by hand.
  EXPECT_EQ(leaf_hash(as_bytes("abc"), HashAlgorithm::sm3), sm3(as_bytes(std::string_view("\0abc", 4))));
  EXPECT_EQ(leaf_hash(as_bytes("abc")), sha256(as_bytes(std::string_view("\0abc", 4))));
  const Digest left = sm3(as_bytes("l"));
  const Digest right = sm3(as_bytes("r"));
  std::string joined = "\x01";
  joined += as_text(left);
  joined += as_text(right);
  EXPECT_EQ(node_hash(left, right, HashAlgorithm::sm3), sm3(as_bytes(joined)));
  EXPECT_EQ(node_hash(left, right), sha256(as_bytes(joined)));
  EXPECT_EQ(empty_root(HashAlgorithm::sm3), sm3({}));
  EXPECT_EQ(to_hex(empty_root(HashAlgorithm::sm3)),
            "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

/// Two libraries, one function: OpenSSL's is the reference for every length around the block size.
TEST(Hash, Sm3AgreesWithAnIndependentImplementationAtEveryLength) {
  std::string message;
  for (std::size_t length = 0; length < 300; ++length) {
    Digest expected;
    unsigned int written = 0;
    ASSERT_EQ(EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(expected.data()),
                         &written, EVP_sm3(), nullptr),
              1);
    ASSERT_EQ(sm3(as_bytes(message)), expected) << length;
    message += static_cast<char>(length * 7 + 1);
  }
}

TEST(Hash, ManyThreadsMayHashAtOnce) {
  const Digest expected = sm3(as_bytes("abc"));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) ASSERT_EQ(sm3(as_bytes("abc")), expected);
    });
  }
}

TEST(SelfTest, TheLibraryComputesThePublishedVectors) {
  const Status tested = self_test();
  EXPECT_TRUE(tested) << tested.error().text();
}

}  // namespace
}  // namespace mj::evidence_format
