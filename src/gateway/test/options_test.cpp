#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "mj/gateway/server.hpp"

namespace mj::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OptionsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-gateway-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  Result<ServerOptions> load(std::string_view text) const {
    std::ofstream(folder / "gateway.toml") << text;
    return ServerOptions::load(folder / "gateway.toml");
  }

  std::filesystem::path folder;
};

TEST_F(OptionsTest, EveryKeyOfTheFileIsTakenOver) {
  const auto options = load(R"(
address = "0.0.0.0"
port = 9300
allow = ["203.0.113.0/24", "2001:db8::/32"]
[limits]
connections = 100
connections_per_ip = 5
connections_per_mn = 2
frames_per_s_per_mn = 2.5
conversations = 50
segment_bytes = 2048
unanswered_bytes = 65536
junk_bytes = 1000
[timeouts]
incomplete_ms = 3000
tail_ms = 900
idle_ms = 60000
[tls]
port = 9301
certificate = "server.pem"
key = "/etc/keys/server.key"
client_ca = "devices.pem"
)");
  ASSERT_TRUE(options) << options.error().text();
  EXPECT_EQ(options->address, "0.0.0.0");
  EXPECT_EQ(options->port, 9300);
  EXPECT_THAT(options->allow, ElementsAre("203.0.113.0/24", "2001:db8::/32"));
  EXPECT_EQ(options->max_connections, 100U);
  EXPECT_EQ(options->max_connections_per_ip, 5U);
  EXPECT_EQ(options->max_connections_per_mn, 2U);
  EXPECT_EQ(options->max_frames_per_s_per_mn, 2.5);
  EXPECT_EQ(options->max_conversations, 50U);
  EXPECT_EQ(options->max_segment, 2048U);
  EXPECT_EQ(options->max_unanswered_bytes, 65536U);
  EXPECT_EQ(options->max_junk_bytes, 1000U);
  EXPECT_EQ(options->incomplete_timeout_ms, 3000);
  EXPECT_EQ(options->tail_wait_ms, 900);
  EXPECT_EQ(options->idle_timeout_ms, 60000);
  ASSERT_TRUE(options->tls);
  EXPECT_EQ(options->tls->port, 9301);
  EXPECT_EQ(options->tls->certificate, folder / "server.pem");  // beside the file
  EXPECT_EQ(options->tls->key, "/etc/keys/server.key");
  EXPECT_EQ(options->tls->client_ca, folder / "devices.pem");
}

TEST_F(OptionsTest, AnEmptyFileLeavesTheDefaultsAndAMissingOneIsNotFound) {
  EXPECT_EQ(load("")->port, ServerOptions().port);
  EXPECT_FALSE(load("")->tls);
  EXPECT_EQ(ServerOptions::load(folder / "none.toml").error().code(), ErrorCode::not_found);
}

TEST_F(OptionsTest, FaultsAreNamedWithFileAndLine) {
  const std::vector<std::pair<std::string, std::string>> faults{
      {"port = 9300\nports = 1", ":2: unknown key \"ports\""},
      {"port = 70000", ":1: port must be a whole number from 0 to 65535"},
      {"port = \"9300\"", ":1: port must be a whole number"},
      {"[limits]\nconnections = 0", ":2: connections must be a whole number from 1"},
      {"[limits]\n\nconnection = 1", ":3: unknown key \"connection\""},
      {"[limits]\nframes_per_s_per_mn = -1", ":2: frames_per_s_per_mn must be a number"},
      {"allow = [\"203.0.113.0/40\"]", ":1: allow: \"203.0.113.0/40\" is not a network"},
      {"allow = [1]", ":1: allow must be a list of texts"},
      {"tls = 1", ":1: tls must be a section [tls]"},
      {"[tls]\nport = 1", ":1: [tls] needs a certificate and a key"},
      {"port = ", ":1: "},
  };
  for (const auto& [text, message] : faults) {
    const auto options = load(text);
    ASSERT_FALSE(options) << text;
    EXPECT_THAT(options.error().text(), HasSubstr("gateway.toml" + message)) << text;
    EXPECT_EQ(options.error().code(), ErrorCode::invalid_input);
  }
}

}  // namespace
}  // namespace mj::gateway
