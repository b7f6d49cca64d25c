#include "mj/gateway/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "mj/evidence_format/entry.hpp"
#include "mj/hj212/message.hpp"
#include "mj/telemetry/store.hpp"
#include "scene.hpp"

namespace mj::gateway {
namespace {

// The acknowledgement of HJ 212-2017 C.14 for the QN below; its CRC is computed by an independent script.
constexpr const char* kUpload =
    "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20160801085857;"
    "w01018-Rtd=1.1&&";
constexpr const char* kAnswer =
    "##0087QN=20160801085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&3240\r\n";  // V022

using GatewayTest = Scene;

TEST_F(GatewayTest, AnUploadIsAnsweredAsTheStandardPrintsAndIsInTheLogByThen) {
  start();
  const Peer device(server->port());
  const std::string frame = hj212::frame(kUpload);
  device.send(frame);
  EXPECT_EQ(device.receive(std::strlen(kAnswer)), kAnswer);
  ASSERT_EQ(log->size(), 1U);
  const auto batch = log->read(evidence::EntryIndex(0), 1, 1);
  EXPECT_EQ(as_text(batch->entries[0].entry.payload), frame);
  EXPECT_EQ(batch->entries[0].entry.device, kMn);
  EXPECT_EQ(batch->entries[0].entry.received_at.ms(), now_ms.load());
  EXPECT_THAT(std::string(batch->entries[0].entry.peer), testing::StartsWith("127.0.0.1:"));
}

TEST_F(GatewayTest, StickyAndHalfFramesAreEachAnsweredOnce) {
  start();
  const Peer device(server->port());
  const std::string frame = hj212::frame(kUpload);
  device.send(frame + frame + frame.substr(0, 50));
  EXPECT_EQ(device.receive(2 * std::strlen(kAnswer)), std::string(kAnswer) + kAnswer);
  device.send(frame.substr(50));
  EXPECT_EQ(device.receive(std::strlen(kAnswer)), kAnswer);
  EXPECT_EQ(log->size(), 3U);
}

TEST_F(GatewayTest, AWrongCrcIsRecordedAndNotAnswered) {
  start();
  const Peer device(server->port());
  std::string wrong = hj212::frame(kUpload);
  wrong[wrong.size() - 3] = wrong[wrong.size() - 3] == '0' ? '1' : '0';
  device.send(wrong);
  device.send(hj212::frame(kUpload));
  EXPECT_EQ(device.receive(2 * std::strlen(kAnswer), 300), kAnswer);
  EXPECT_THAT(recorded(2), testing::ElementsAre(wrong, hj212::frame(kUpload)));
}

TEST_F(GatewayTest, ADeviceWithAModbusProfileIsAnswered) {
  start();
  const Peer device(server->port());
  const std::string segment =
      "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=MODBUS0000001;Flag=5;CP=&&DataTime=20160801085857;w01018-"
      "Rtd=1.1&&";
  std::string frame = hj212::frame(segment);
  frame.replace(frame.size() - 6, 4, fmt::format("{:04X}", hj212::crc_modbus(segment)));
  device.send(frame);
  EXPECT_THAT(device.receive(70), testing::HasSubstr("CN=9014"));
}

TEST_F(GatewayTest, AnswersAreNeverAnswered) {
  start();
  const Peer device(server->port());
  for (const char* cn : {"9011", "9012", "9013", "9014"}) {
    device.send(
        hj212::frame(fmt::format("QN=20160801085857223;ST=91;CN={};PW=123456;MN={};Flag=5;CP=&&&&", cn, kMn)));
  }
  device.send(hj212::frame(fmt::format("QN=20160801085857223;ST=31;CN=9015;PW=123456;MN={};Flag=9;CP=&&&&", kMn)));
  const std::string answer = device.receive(4096, 400);
  EXPECT_THAT(answer, testing::HasSubstr("CN=9013"));
  EXPECT_EQ(answer.find("##", 2), std::string::npos) << answer;
  EXPECT_EQ(log->size(), 5U);
}

TEST_F(GatewayTest, AnUnknownDeviceIsRecordedAndAnswered) {
  start();
  const Peer device(server->port());
  device.send(
      hj212::frame("QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=UNKNOWN;Flag=5;CP=&&DataTime=20160801085857;"
                   "w01018-Rtd=1&&"));
  EXPECT_THAT(device.receive(70), testing::HasSubstr("MN=UNKNOWN"));
  EXPECT_EQ(log->size(), 1U);
}

TEST_F(GatewayTest, EveryByteIsRecordedInOrder) {
  start();
  const std::string frame = hj212::frame(kUpload);
  {
    const Peer device(server->port());
    device.send("SIZE++AT\r\n" + frame + frame.substr(0, 40));
    EXPECT_EQ(device.receive(std::strlen(kAnswer)), kAnswer);
    device.finish();
    device.receive(1);
  }
  EXPECT_THAT(recorded(3), testing::ElementsAre("<SIZE++AT\r\n>", frame, "<" + frame.substr(0, 40) + ">"));
}

TEST_F(GatewayTest, AFrameWithoutLineEndIsTakenAfterAShortSilence) {
  ServerOptions options;
  options.tail_wait_ms = 200;
  start(options);
  const Peer device(server->port());
  const std::string frame = hj212::frame(kUpload);
  device.send(frame.substr(0, frame.size() - 2));
  EXPECT_EQ(device.receive(std::strlen(kAnswer)), kAnswer);
}

TEST_F(GatewayTest, AHalfFrameThatStaysHalfEndsTheConnectionButNotItsBytes) {
  ServerOptions options;
  options.incomplete_timeout_ms = 300;
  start(options);
  const Peer device(server->port());
  device.send("##0101QN=2016");
  EXPECT_EQ(device.receive(1), "");
  EXPECT_TRUE(device.closed_by_peer);
  EXPECT_THAT(recorded(1), testing::ElementsAre("<##0101QN=2016>"));
  EXPECT_EQ(server->figures().timed_out, 1U);
}

TEST_F(GatewayTest, AStreamOfJunkIsCutOff) {
  ServerOptions options;
  options.max_junk_bytes = 20'000;
  start(options);
  const Peer device(server->port());
  const std::string junk(100'000, 'x');
  device.send(junk);
  device.receive(1);
  EXPECT_TRUE(device.closed_by_peer || device.receive(1, 100).empty());
  const Peer next(server->port());
  next.send(hj212::frame(kUpload));
  EXPECT_EQ(next.receive(std::strlen(kAnswer)), kAnswer);
}

TEST_F(GatewayTest, ManyConnectionsEachGetTheirOwnAnswers) {
  ServerOptions options;
  options.max_connections_per_mn = 0;
  start(options);
  std::vector<std::unique_ptr<Peer>> devices;
  for (int i = 0; i < 200; ++i) {
    devices.push_back(std::make_unique<Peer>(server->port()));
    ASSERT_TRUE(devices.back()->connected());
  }
  for (int i = 0; i < 200; ++i) {
    devices[static_cast<std::size_t>(i)]->send(hj212::frame(fmt::format(
        "QN=20160801085857{:03};ST=32;CN=2011;PW=123456;MN={};Flag=5;CP=&&DataTime=20160801085857;w01018-Rtd=1&&",
        i, kMn)));
  }
  for (int i = 0; i < 200; ++i) {
    EXPECT_THAT(devices[static_cast<std::size_t>(i)]->receive(std::strlen(kAnswer)),
                testing::HasSubstr(fmt::format("QN=20160801085857{:03};", i)));
  }
  EXPECT_EQ(log->size(), 200U);
}

TEST_F(GatewayTest, AClockThatStepsBackHoldsNothingUp) {
  start();
  const Peer device(server->port());
  for (int hour = 0; hour < 3; ++hour) {
    device.send(
        hj212::frame(fmt::format("QN=20160801085857223;ST=32;CN=2061;PW=123456;MN={};Flag=5;CP=&&DataTime="
                                 "201608010{}0000;w01018-Avg=1.{}&&",
                                 kMn, hour, hour)));
    EXPECT_EQ(device.receive(std::strlen(kAnswer)).size(), std::strlen(kAnswer));
    now_ms -= 3'600'000;
  }
  const auto batch = log->read(evidence::EntryIndex(0), 10, 1 << 20);
  ASSERT_EQ(batch->entries.size(), 3U);
  EXPECT_GT(batch->entries[0].entry.received_at, batch->entries[2].entry.received_at);
  // Values are in the order of their own times, whatever our clock said.
  const auto store = *telemetry::Store::open(folder / "telemetry", network, *devices, telemetry::StoreOptions{});
  ASSERT_TRUE(wait_for([this] { return devices->position() == log->size(); }));
  ASSERT_EQ(store->consume(*log).value(), 3U);
  ASSERT_EQ(store->latest(kMn).size(), 1U);
  EXPECT_EQ(store->latest(kMn)[0].observation.text, "1.2");
  EXPECT_TRUE(store->ledger(log->size()).balanced());
}

TEST_F(GatewayTest, AnAddressThatCannotBeBoundIsAnErrorThatSaysWhatToDo) {
  start();
  ServerOptions options;
  options.port = server->port();
  const auto second =
      Server::start(options, *log, Knowledge{network, *devices, tables()}, [] { return Instant(); });
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text(), testing::HasSubstr("--hj212-port"));
}

}  // namespace
}  // namespace mj::gateway
