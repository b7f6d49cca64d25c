// Values of split, re-sent, encrypted and password-protected frames: the settings in force at the entry decide.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "frames.hpp"
#include "mj/hj212/compose.hpp"

namespace mj::telemetry::test {
namespace {

const registry::Author kAuthor{"tester", "test"};
const Instant kNow = Instant::from_ms(1'772'000'000'000);

class Dialects : public testing::Test {
 protected:
  void SetUp() override {
    log = open_log(folder.path());
    devices = *registry::DeviceRegister::open(folder.path() / "records", network);
    store = *Store::open(folder.path() / "telemetry", network, *devices, StoreOptions{});
  }
  void consume() {
    pass(*devices, *log);
    while (store->consume(*log).value() > 0) {
    }
  }
  /// Decides while the register follows, as in the server.
  template <typename Decide>
  void decide(Decide decide) {
    std::atomic<bool> done = false;
    std::thread follower([&] {
      while (!done) {
        if (devices->consume(*log).value() == 0) std::this_thread::yield();
      }
    });
    decide();
    done = true;
    follower.join();
  }
  static hj212::Outgoing message(std::string_view cn, std::string area) {
    hj212::Outgoing upload;
    upload.qn = "20260301120000001";
    upload.st = "31";
    upload.cn = cn;
    upload.pw = "123456";
    upload.mn = kMn;
    upload.flag = 9;
    upload.area = std::move(area);
    return upload;
  }
  std::vector<Observation> values(std::string_view factor, std::string_view kind) {
    return store->read(query_of(kMn, factor, kind))->observations;
  }

  TemporaryFolder folder;
  registry::Network network = network_of({kMn});
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> devices;
  std::unique_ptr<Store> store;
};

TEST_F(Dialects, PartsOfASplitRecordAreStoredAsTheyComeAndMeetInTheRecord) {
  // HJ 212-2017 C.50: two parts with QN of their own, the same DataTime. The second comes first and the first a day later.
  hj212::Outgoing second =
      message("2061", "DataTime=20260301080000;w01018-Cou=63.0,w01018-Avg=40.1,w01018-Flag=N");
  second.flag = 7;
  second.pnum = 2;
  second.pno = 2;
  hj212::Outgoing first = message("2061", "DataTime=20260301080000;w00000-Cou=63.0,w00000-Avg=17.5,w00000-Flag=N");
  first.flag = 7;
  first.pnum = 2;
  first.pno = 1;
  append(*log, kMn, hj212::frame(second, hj212::CrcRule::hj));
  consume();
  EXPECT_EQ(values("w01018", "Avg").size(), 1U) << "no part waits for another";
  append(*log, kMn, hj212::frame(first, hj212::CrcRule::hj));
  append(*log, kMn, hj212::frame(second, hj212::CrcRule::hj));
  consume();
  ASSERT_EQ(values("w00000", "Avg").size(), 1U);
  ASSERT_EQ(values("w01018", "Avg").size(), 1U);
  EXPECT_EQ(values("w00000", "Avg")[0].at, values("w01018", "Avg")[0].at);
  EXPECT_EQ(values("w01018", "Avg")[0].revision, 0U) << "a part sent again changes nothing";
  EXPECT_EQ(store->ledger(log->size()).duplicate, 1U);
}

TEST_F(Dialects, ReSentDataAreStoredOnceWhetherMarkedOrNot) {
  hj212::Outgoing fresh = message("2051", "DataTime=20260301080000;a21026-Avg=12.5,a21026-Flag=N");
  hj212::Outgoing marked = fresh;
  marked.rf = true;
  marked.qn = "20260302120000001";
  hj212::Outgoing spontaneous = fresh;
  spontaneous.qn = "20260303120000001";
  for (const auto& each : {fresh, marked, spontaneous}) append(*log, kMn, hj212::frame(each, hj212::CrcRule::hj));
  consume();
  EXPECT_EQ(values("a21026", "Avg").size(), 1U);
  EXPECT_EQ(store->ledger(log->size()).duplicate, 2U);
  EXPECT_EQ(store->ledger(log->size()).stored_values, 1U);
}

TEST_F(Dialects, AreaInCipherIsReadWithTheKeyInForceAndAgainWithTheOneBefore) {
  const auto old_key = hj212::parse_sm4_key("0123456789abcdef").value();
  const auto new_key = hj212::parse_sm4_key("fedcba9876543210").value();
  const auto sealed = [&](int hour, const hj212::Sm4Key& key) {
    return hj212::frame(message("2061", fmt::format("DataTime=202603010{}0000;a21026-Avg=1{}.5,a21026-Flag=N;"
                                                    "a21002-Avg=2.5,a21002-Flag=N",
                                                    hour, hour)),
                        hj212::CrcRule::hj, &key);
  };
  append(*log, kMn, sealed(1, old_key));  // no key is known yet
  decide([&] { ASSERT_TRUE(devices->add_key(*log, kMn, old_key, "20260301010000000", kAuthor, kNow)); });
  append(*log, kMn, sealed(2, old_key));
  decide([&] { ASSERT_TRUE(devices->add_key(*log, kMn, new_key, "20260301020000000", kAuthor, kNow)); });
  append(*log, kMn, sealed(3, old_key));  // under way while the key was exchanged
  append(*log, kMn, sealed(4, new_key));
  consume();
  const auto rows = values("a21026", "Avg");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].text, "12.5");
  EXPECT_EQ(rows[1].text, "13.5");
  EXPECT_EQ(rows[2].text, "14.5");
  EXPECT_EQ(store->ledger(log->size()).rejected, 1U);
  // Derived again from nothing it is the same.
  const std::string digest = store->digest().value();
  store.reset();
  ASSERT_TRUE(remove_store(folder.path() / "telemetry"));
  store = *Store::open(folder.path() / "telemetry", network, *devices, StoreOptions{});
  consume();
  EXPECT_EQ(store->digest().value(), digest);
}

TEST_F(Dialects, AWrongPasswordIsRejectedOnlyWhereTheProfileSaysSo) {
  const auto send = [&](int hour) {
    append(*log, kMn, upload(kMn, "2061", fmt::format("202603010{}0000", hour), "w01018-Avg=1.0,w01018-Flag=N"));
  };
  hj212::Profile profile;
  profile.password = "654321";
  profile.password_rule = hj212::PasswordRule::report;
  send(1);
  decide([&] { ASSERT_TRUE(devices->change_profile(*log, kMn, profile, kAuthor, kNow)); });
  send(2);
  profile.password_rule = hj212::PasswordRule::reject;
  decide([&] { ASSERT_TRUE(devices->change_profile(*log, kMn, profile, kAuthor, kNow)); });
  send(3);
  profile.password = "123456";
  decide([&] { ASSERT_TRUE(devices->change_profile(*log, kMn, profile, kAuthor, kNow)); });
  send(4);
  consume();
  EXPECT_EQ(values("w01018", "Avg").size(), 3U);
  EXPECT_THAT(store->ledger(log->size()).rejected_reasons,
              testing::ElementsAre(testing::Pair("password_wrong", 1)));
}

TEST_F(Dialects, ACrcIsJudgedByTheProfileOfItsTime) {
  const auto send = [&](int hour, hj212::CrcRule crc) {
    append(*log, kMn,
           hj212::frame(message("2061", fmt::format("DataTime=202603010{}0000;a21026-Avg=1.0", hour)), crc));
  };
  send(1, hj212::CrcRule::modbus);
  hj212::Profile profile;
  profile.crc = hj212::CrcRule::modbus;
  decide([&] { ASSERT_TRUE(devices->change_profile(*log, kMn, profile, kAuthor, kNow)); });
  send(2, hj212::CrcRule::modbus);
  send(3, hj212::CrcRule::hj);
  consume();
  EXPECT_EQ(values("a21026", "Avg").size(), 1U);
  EXPECT_THAT(
      store->ledger(log->size()).rejected_reasons,
      testing::UnorderedElementsAre(testing::Pair("crc_modbus", 1), testing::Pair("crc_hj_not_allowed", 1)));
}

TEST_F(Dialects, NothingIsDerivedBeforeTheRegisterHasPassedIt) {
  append(*log, kMn, upload(kMn, "2061", "20260301010000", "w01018-Avg=1.0"));
  EXPECT_EQ(store->consume(*log).value(), 0U);
  EXPECT_EQ(store->ledger(log->size()).pending, 1U);
  consume();
  EXPECT_EQ(store->ledger(log->size()).pending, 0U);
}

TEST_F(Dialects, FramesThatWeSendAndEventsAreNoReceptions) {
  append(*log, kMn, upload(kMn, "2061", "20260301010000", "w01018-Avg=1.0"), evidence_format::EntryType::sent);
  append(*log, kMn, "{}", evidence_format::EntryType::event);
  consume();
  EXPECT_EQ(store->ledger(log->size()).received, 0U);
  EXPECT_TRUE(store->ledger(log->size()).balanced());
  EXPECT_TRUE(values("w01018", "Avg").empty());
}

}  // namespace
}  // namespace mj::telemetry::test
