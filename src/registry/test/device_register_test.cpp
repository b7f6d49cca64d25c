#include "mj/registry/device_register.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mj/evidence_format/entry.hpp"
#include "scratch.hpp"

namespace mj::registry {
namespace {

constexpr std::string_view kMn = "010000A8900016F000169DC0";
constexpr std::string_view kOther = "010000A8900016F000169DC1";
const Author kAuthor{"值班员", "厂家更换数采仪"};
const Instant kNow = parse_iso("2026-11-22 08:00").value();

Network two_devices() {
  Point first;
  first.id = "src-1";
  first.element = Element::source;
  first.device = kMn;
  Point second = first;
  second.id = "src-2";
  second.device = kOther;
  second.profile.crc = hj212::CrcRule::modbus;
  return Network::from_points({first, second}).value();
}

class Register : public testing::Test {
 protected:
  void SetUp() override {
    log_ = evidence::Log::open(directory_.path() / "evidence", evidence::LogOptions{}).value();
    open();
  }
  void TearDown() override { stop(); }
  void open() {
    register_.reset();
    register_ = DeviceRegister::open(directory_.path() / "records", network_, directory_.path() / "vault").value();
  }
  /// The consuming thread, as the server runs it.
  void follow() {
    follower_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (register_->consume(*log_).value() == 0) log_->wait_beyond(register_->position(), 20, stop);
      }
    });
  }
  void stop() {
    follower_.request_stop();
    if (follower_.joinable()) follower_.join();
  }
  void catch_up() {
    while (register_->consume(*log_).value() > 0) {
    }
  }
  std::uint64_t add_frame() {
    evidence_format::Entry entry;
    entry.device = kMn;
    entry.payload = as_bytes("##");
    return log_->append_and_wait(entry).value().raw();
  }

  const ScratchDirectory directory_;
  const Network network_ = two_devices();
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<DeviceRegister> register_;
  std::jthread follower_;
};

TEST_F(Register, BeginsWithWhatTheNetworkRegisters) {
  EXPECT_EQ(register_->settings().now(kMn).profile, hj212::Profile{});
  EXPECT_EQ(register_->settings().now(kOther).profile.crc, hj212::CrcRule::modbus);
  EXPECT_EQ(register_->settings().now("unknown").profile, hj212::Profile{});
  EXPECT_TRUE(register_->history(kMn).empty());
  EXPECT_FALSE(register_->key_created(kMn));
}

TEST_F(Register, ADecisionHoldsForTheEntriesBehindItAndNotForThoseBefore) {
  follow();
  const std::uint64_t before = add_frame();
  hj212::Profile profile;
  profile.crc = hj212::CrcRule::modbus_le;
  profile.dialect = hj212::Dialect::v2005;
  profile.password = "654321";
  profile.password_rule = hj212::PasswordRule::reject;
  profile.over_time_s = 7;
  profile.recount = 1;
  profile.encryption = hj212::Encryption::off;
  profile.surface_water = true;
  const std::uint64_t decision = register_->change_profile(*log_, kMn, profile, kAuthor, kNow).value();
  const std::uint64_t after = add_frame();
  const SettingsView view = register_->settings();
  EXPECT_EQ(view.at(kMn, before).profile, hj212::Profile{});
  EXPECT_EQ(view.at(kMn, after).profile, profile);
  EXPECT_EQ(view.now(kMn).profile, profile);
  EXPECT_EQ(view.now(kOther).profile.crc, hj212::CrcRule::modbus) << "another device is not touched";
  const auto history = register_->history(kMn);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].entry, decision);
  EXPECT_EQ(history[0].profile, profile);
  EXPECT_EQ(history[0].name, kAuthor.name);
  EXPECT_EQ(history[0].reason, kAuthor.reason);
  EXPECT_EQ(history[0].at, kNow);
}

TEST_F(Register, IsTheSameAfterARestartAndWhenReadAgainFromTheLog) {
  follow();
  hj212::Profile profile;
  profile.crc = hj212::CrcRule::off;
  profile.password = "abc123";
  ASSERT_TRUE(register_->change_profile(*log_, kMn, profile, kAuthor, kNow));
  const auto key = hj212::parse_sm4_key("msbE74gsiSHSEh5e").value();
  const std::uint64_t entry = register_->add_key(*log_, kMn, key, "20261122080000000", kAuthor, kNow).value();
  const std::uint64_t after = add_frame();
  stop();
  const auto expect_same = [&] {
    EXPECT_EQ(register_->settings().at(kMn, after).profile, profile);
    EXPECT_THAT(register_->settings().at(kMn, after).keys, testing::ElementsAre(key));
    EXPECT_EQ(register_->key_of(entry).value(), key);
    EXPECT_EQ(register_->history(kMn).size(), 2U);
  };
  catch_up();
  expect_same();
  open();
  catch_up();
  expect_same();
  register_.reset();
  std::filesystem::remove_all(directory_.path() / "records");
  open();
  EXPECT_EQ(register_->position(), 0U);
  catch_up();
  expect_same();
}

TEST_F(Register, NewKeysStandBeforeOldOnesWhichAreHonouredForAWhile) {
  follow();
  std::vector<hj212::Sm4Key> keys;
  for (int i = 0; i < 6; ++i) {
    keys.push_back(DeviceRegister::make_key());
    ASSERT_TRUE(register_->add_key(*log_, kMn, keys.back(), fmt::format("2026112208000000{}", i), kAuthor, kNow));
  }
  EXPECT_THAT(register_->settings().now(kMn).keys, testing::ElementsAre(keys[5], keys[4], keys[3], keys[2]));
  EXPECT_EQ(register_->key_created(kMn), parse_compact("20261122080000005"));
}

TEST_F(Register, NoSecretStandsInClearInTheLog) {
  follow();
  hj212::Profile profile;
  profile.password = "PassWd";
  ASSERT_TRUE(register_->change_profile(*log_, kMn, profile, kAuthor, kNow));
  const auto key = DeviceRegister::make_key();
  ASSERT_TRUE(register_->add_key(*log_, kMn, key, "20261122080000000", kAuthor, kNow));
  const std::string key_text(key.bytes.begin(), key.bytes.end());
  const auto batch = log_->read(evidence::EntryIndex(0), 100, 1 << 20).value();
  ASSERT_EQ(batch.entries.size(), 2U);
  for (const auto& stored : batch.entries) {
    const std::string text(as_text(stored.entry.payload));
    EXPECT_EQ(text.find("PassWd"), std::string::npos) << text;
    EXPECT_EQ(text.find(key_text), std::string::npos) << text;
  }
}

TEST_F(Register, RefusesWhatCannotBeUsed) {
  follow();
  const auto refusal = [&](const hj212::Profile& profile, const Author& author, std::string_view mn = kMn) {
    const auto done = register_->change_profile(*log_, mn, profile, author, kNow);
    return done ? ErrorCode::internal : done.error().code();
  };
  hj212::Profile profile;
  profile.password_rule = hj212::PasswordRule::reject;
  EXPECT_EQ(refusal(profile, kAuthor), ErrorCode::invalid_input) << "a rule without a password";
  profile = {};
  profile.password = "a;b";
  EXPECT_EQ(refusal(profile, kAuthor), ErrorCode::invalid_input);
  profile = {};
  profile.over_time_s = 0;
  EXPECT_EQ(refusal(profile, kAuthor), ErrorCode::invalid_input);
  profile = {};
  profile.recount = 100;
  EXPECT_EQ(refusal(profile, kAuthor), ErrorCode::invalid_input);
  EXPECT_EQ(refusal({}, {"", "why"}), ErrorCode::invalid_input);
  EXPECT_EQ(refusal({}, {"who", " "}), ErrorCode::invalid_input);
  EXPECT_EQ(refusal({}, kAuthor, "nobody"), ErrorCode::not_found);
  const auto key = DeviceRegister::make_key();
  EXPECT_EQ(register_->add_key(*log_, kMn, key, "2026", kAuthor, kNow).error().code(), ErrorCode::invalid_input);
  EXPECT_EQ(log_->size(), 0U) << "nothing refused is recorded";
}

TEST_F(Register, AnotherInstallationsSecretsAreNotUsed) {
  follow();
  ASSERT_TRUE(register_->add_key(*log_, kMn, DeviceRegister::make_key(), "20261122080000000", kAuthor, kNow));
  stop();
  register_.reset();
  std::filesystem::remove(directory_.path() / "vault");
  open();
  EXPECT_TRUE(register_->settings().now(kMn).keys.empty());
  EXPECT_EQ(register_->history(kMn).size(), 1U) << "the decision itself stays known";
  EXPECT_EQ(register_->key_of(0).error().code(), ErrorCode::damaged);
  EXPECT_EQ(register_->key_of(7).error().code(), ErrorCode::not_found);
}

TEST_F(Register, AReplacedLogIsReadFromItsBeginning) {
  follow();
  hj212::Profile profile;
  profile.crc = hj212::CrcRule::off;
  add_frame();
  ASSERT_TRUE(register_->change_profile(*log_, kMn, profile, kAuthor, kNow));
  stop();
  log_ = evidence::Log::open(directory_.path() / "evidence-2", evidence::LogOptions{}).value();
  add_frame();
  catch_up();
  EXPECT_EQ(register_->position(), 1U);
  EXPECT_EQ(register_->settings().now(kMn).profile, hj212::Profile{});
}

}  // namespace
}  // namespace mj::registry
