#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "station.hpp"

namespace mj::anchoring::test {
namespace {

using evidence_format::KeyKind;
using evidence_format::SoftwareKey;
using testing::HasSubstr;

class OptionsTest : public testing::Test {
 protected:
  Result<Options> load(const std::string& text) {
    std::ofstream(folder / "evidence.toml", std::ios::trunc) << text;
    return Options::load(folder / "evidence.toml");
  }
  static std::string witness(const std::string& name, const std::string& key) {
    return fmt::format("[[witness]]\nurl = \"http://{}:8085/\"\nkey = \"{}\"\n", name, key);
  }
  Folder folder;
  std::string a = SoftwareKey::generate("a.example", KeyKind::cosignature)->key().text();
  std::string b = SoftwareKey::generate("b.example", KeyKind::cosignature)->key().text();
};

TEST_F(OptionsTest, AWholeFileIsRead) {
  std::ofstream(folder / "ca.pem") << "-----BEGIN CERTIFICATE-----\n";
  const auto options = load(
      "quorum = 1\nwitness_interval_ms = 1000\nanchor_interval_ms = 60000\n"
      "request_timeout_ms = 2000\n" +
      witness("10.0.0.7", a) + witness("10.0.0.8", b) +
      "[timestamp]\nurl = \"http://tsa.example/tsr\"\ntrusted = \"ca.pem\"\n");
  ASSERT_TRUE(options) << options.error().text();
  ASSERT_EQ(options->witnesses.size(), 2U);
  EXPECT_EQ(options->witnesses[0].url, "http://10.0.0.7:8085");
  EXPECT_EQ(options->witnesses[1].key.text(), b);
  EXPECT_EQ(options->quorum, 1U);
  EXPECT_EQ(options->witness_interval_ms, 1000);
  EXPECT_EQ(options->anchor_interval_ms, 60'000);
  EXPECT_EQ(options->request_timeout_ms, 2000);
  EXPECT_EQ(options->timestamp_url, "http://tsa.example/tsr");
  EXPECT_THAT(options->timestamp_trusted_pem, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_EQ(options->policy().quorum, 1U);
  EXPECT_EQ(options->policy().witnesses.size(), 2U);
  EXPECT_TRUE(load("")) << "nobody is asked";
}

TEST_F(OptionsTest, EveryFaultIsNamedWithItsLine) {
  const std::string log_key = SoftwareKey::generate("a.example", KeyKind::ed25519)->key().text();
  std::ofstream(folder / "no.pem") << "no certificate";
  const std::pair<std::string, std::string> cases[] = {
      {"quorom = 1\n", ":1: unknown key \"quorom\""},
      {"quorum = 1\n", ":1: quorum must be a whole number from 0 to 0"},
      {"quorum = 3\n" + witness("w", a) + witness("v", b), ":1: quorum must be a whole number from 0 to 2"},
      {"quorum = -1\n" + witness("w", a), ":1: quorum"},
      {"quorum = \"1\"\n" + witness("w", a), ":1: quorum"},
      {witness("w", a), "say how many"},
      {"quorum = 1\n" + witness("w", a) + witness("v", a), "stands twice"},
      {"quorum = 1\n" + witness("w", log_key), ":4: this is no key of a witness"},
      {"quorum = 1\n" + witness("w", a.substr(0, a.size() - 4)), ":4: "},
      {"quorum = 1\n\n[[witness]]\nkey = \"" + a + "\"\n", "url is missing"},
      {"quorum = 1\n[[witness]]\nurl = \"ftp://w\"\nkey = \"" + a + "\"\n", ":3: "},
      {"quorum = 1\n[witness]\nurl = \"http://w\"\nkey = \"" + a + "\"\n", "[[witness]]"},
      {"quorum = 1\n" + witness("w", a) + "name = \"x\"\n", ":5: unknown key \"name\""},
      {"witness_interval_ms = 0\n", ":1: witness_interval_ms"},
      {"anchor_interval_ms = 1.5\n", ":1: anchor_interval_ms"},
      {"request_timeout_ms = 100000000\n", ":1: request_timeout_ms"},
      {"[timestamp]\nurl = \"http://t\"\n", "trusted is missing"},
      {"[timestamp]\nurl = \"http://t\"\ntrusted = \"none.pem\"\n", ":3: "},
      {"[timestamp]\nurl = \"http://t\"\ntrusted = \"no.pem\"\n", ":3: no.pem holds no certificate"},
      {"timestamp = 1\n", ":1: "},
      {"quorum =\n", ":1: "},
  };
  for (const auto& [text, expected] : cases) {
    const auto options = load(text);
    ASSERT_FALSE(options) << text;
    EXPECT_EQ(options.error().code(), ErrorCode::invalid_input) << text;
    EXPECT_THAT(options.error().text(), HasSubstr("evidence.toml:")) << text;
    EXPECT_THAT(options.error().text(), HasSubstr(expected)) << text;
  }
  EXPECT_EQ(Options::load(folder / "missing.toml").error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::anchoring::test
