#pragma once

#include "scene.hpp"

namespace mj::gateway {

// HJ 212-2017 appendix A: request 1062 with its CRC (V001 of the vectors).
inline constexpr const char* kSetInterval =
    "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"
    "1C80\r\n";
inline const std::vector<std::pair<std::string, std::string>> kThirtySeconds{{"RtdInterval", "30"}};

/// A device of 2017 that is connected and has sent a frame.
class ConversationTest : public Scene {
 protected:
  std::unique_ptr<Peer> connect() {
    auto peer = std::make_unique<Peer>(server->port());
    // An upload that wants its answer: when that has come, the gateway knows the device.
    peer->send_segment(segment("20160801085800000", "32", "2011", "DataTime=20160801085800;w01018-Rtd=1.1", 5));
    EXPECT_THAT(peer->receive_frame(), testing::HasSubstr("CN=9014"));
    return peer;
  }
  std::unique_ptr<Peer> begin(ServerOptions options = {}) {
    start(std::move(options));
    return connect();
  }
  static void reply(const Peer& peer, std::string_view qn, std::string_view cn, std::string_view area,
                    std::string_view st = "91") {
    peer.send_segment(segment(qn, st, cn, area));
  }
};

}  // namespace mj::gateway
