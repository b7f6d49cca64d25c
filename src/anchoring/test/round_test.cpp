#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mj/evidence/keys.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/runtime/thread.hpp"
#include "station.hpp"

namespace mj::anchoring::test {
namespace {

using testing::HasSubstr;

class RoundTest : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> signers(const std::string& note) const {
    const auto seen = evidence_format::witnessed(*evidence_format::Note::parse(note), desk.options().policy());
    std::vector<std::string> names;
    for (const auto& each : seen->by) names.push_back(each.witness);
    return names;
  }
  [[nodiscard]] std::size_t alerts() const { return desk.anchoring->state().alerts.size(); }
  Desk3 desk;
};

TEST_F(RoundTest, AnAnchorCarriesTheCosignaturesOfAllWitnesses) {
  desk.open(desk.options());
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  EXPECT_EQ(anchor->size, 5U);
  EXPECT_EQ(anchor->entry, 5U);
  EXPECT_THAT(signers(anchor->note), testing::ElementsAre("w.example/a", "w.example/b", "w.example/c"));
  EXPECT_TRUE(evidence_format::open_checkpoint(anchor->note, desk.log->keyring().newest().keys));
  desk.consume_all();
  for (const std::uint64_t entry : {0U, 4U}) {
    const auto covering = desk.anchoring->first_covering(entry);
    ASSERT_TRUE(covering && *covering);
    EXPECT_EQ((*covering)->note, anchor->note);
    EXPECT_EQ((*covering)->entry, 5U);
    EXPECT_EQ((*covering)->at.ms(), desk.now_ms);
  }
  EXPECT_FALSE(*desk.anchoring->first_covering(5)) << "the anchor does not cover itself";
  const State state = desk.anchoring->state();
  EXPECT_EQ(state.witnessed_note, anchor->note);
  EXPECT_EQ(state.witnessed_size, 5U);
  EXPECT_EQ(state.witnessed_at->ms(), 1'800'000'000'000);
  EXPECT_FALSE(state.refused);
}

TEST_F(RoundTest, OneWitnessMayBeOfflineAndAnotherSilent) {
  Options options = desk.options(1);
  desk.witnesses[0]->stop();
  FakeServer silent([](const http::Request&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    return http::Answer{};
  });
  options.witnesses[1].url = silent.url;
  options.request_timeout_ms = 200;
  desk.open(options);
  ASSERT_TRUE(desk.anchoring->check_before_start());
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  EXPECT_THAT(signers(anchor->note), testing::ElementsAre("w.example/c"));
  const State state = desk.anchoring->state();
  EXPECT_THAT(state.witnesses[0].trouble, HasSubstr("cannot reach"));
  EXPECT_THAT(state.witnesses[1].trouble, HasSubstr("cannot reach"));
  EXPECT_EQ(state.witnesses[2].trouble, "");
  EXPECT_EQ(state.witnesses[2].cosigned_size, 5U);
  EXPECT_EQ(state.witnesses[0].cosigned_at, std::nullopt);
}

TEST_F(RoundTest, BelowTheQuorumNothingIsAnchored) {
  const Options options = desk.options(2);
  desk.witnesses[0]->stop();
  desk.witnesses[1]->stop();
  desk.open(options);
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_FALSE(anchor);
  EXPECT_EQ(anchor.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(anchor.error().text(), HasSubstr("1 of 3 witnesses signed, 2 are needed"));
  EXPECT_EQ(desk.log->size(), 5U);
  EXPECT_EQ(desk.anchoring->state().witnessed_note, "");
}

TEST_F(RoundTest, TheQuorumGathersOverRoundsWhileTheLogRests) {
  const Options options = desk.options(3);
  const std::uint16_t port = desk.witnesses[2]->service->port();
  desk.witnesses[2]->stop();
  desk.open(options);
  EXPECT_FALSE(desk.anchoring->anchor_now());
  desk.witnesses[2]->start(port);
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  EXPECT_EQ(signers(anchor->note).size(), 3U);
}

TEST_F(RoundTest, AWitnessThatWasKilledGoesOnFromWhatItRemembered) {
  desk.open(desk.options(3));
  ASSERT_TRUE(desk.anchoring->anchor_now());
  const std::uint16_t port = desk.witnesses[1]->service->port();
  desk.witnesses[1]->stop();
  append(*desk.log, 10);
  EXPECT_FALSE(desk.anchoring->anchor_now());
  desk.witnesses[1]->start(port);
  append(*desk.log, 10);
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  EXPECT_EQ(anchor->size, 26U);
}

TEST_F(RoundTest, WithoutMemoryOfTheWitnessWeAskItsSizeAndGoOn) {
  desk.open(desk.options(3));
  ASSERT_TRUE(desk.anchoring->anchor_now());
  append(*desk.log, 3);
  desk.open(desk.options(3));
  EXPECT_TRUE(desk.anchoring->anchor_now()) << "409 with 5, then the proof from there";
}

TEST_F(RoundTest, ARestoredOlderCopyIsRefusedBeforeTheStart) {
  desk.back_up();
  append(*desk.log, 20);
  desk.open(desk.options());
  ASSERT_TRUE(desk.anchoring->check_before_start());
  ASSERT_TRUE(desk.anchoring->anchor_now());

  desk.restore_backup();
  desk.open(desk.options());
  const Status refused = desk.anchoring->check_before_start();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
  EXPECT_THAT(refused.error().text(),
              HasSubstr("has signed log.example/station at 25 entries, and here are fewer"));
  EXPECT_THAT(refused.error().text(), HasSubstr("mingjian evidence succeed"));
  EXPECT_TRUE(desk.anchoring->state().refused);
  EXPECT_EQ(desk.log->size(), 5U) << "nothing is written onto a history that others know to be another one";
}

TEST_F(RoundTest, AForkIsRefusedBeforeTheStartAlsoWhenItIsLonger) {
  desk.back_up();
  append(*desk.log, 20);
  desk.open(desk.options());
  ASSERT_TRUE(desk.anchoring->anchor_now());
  desk.restore_backup();
  append(*desk.log, 50, "another history");
  desk.open(desk.options());
  const Status refused = desk.anchoring->check_before_start();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
  EXPECT_THAT(refused.error().text(), HasSubstr("fork"));
}

TEST_F(RoundTest, ASplitViewIsAnAlertOfTheLogAndNothingIsAnchoredOnIt) {
  // Two copies of one log with the same keys; the witnesses see the first.
  desk.back_up();
  append(*desk.log, 20, "shown to the witnesses");
  desk.open(desk.options());
  ASSERT_TRUE(desk.anchoring->anchor_now());
  desk.restore_backup();
  append(*desk.log, 50, "shown to others");
  desk.open(desk.options());
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_FALSE(anchor);
  EXPECT_EQ(anchor.error().code(), ErrorCode::conflict);
  EXPECT_TRUE(desk.anchoring->state().refused);
  EXPECT_EQ(desk.log->size(), 55U + 3) << "one alert for each witness";
  EXPECT_FALSE(desk.anchoring->anchor_now());
  EXPECT_EQ(desk.log->size(), 55U + 3) << "not one each round";
  desk.consume_all();
  const State state = desk.anchoring->state();
  ASSERT_EQ(state.alerts.size(), 3U);
  EXPECT_EQ(state.alerts[0].kind, Alert::Kind::fork);
  EXPECT_EQ(state.alerts[0].entry, 57U) << "newest first";
  EXPECT_THAT(state.alerts[0].text, HasSubstr("fork"));
  EXPECT_EQ(state.witnessed_note, "");
}

TEST_F(RoundTest, ARollbackUnderTheRunningLogIsAnAlert) {
  desk.back_up();
  append(*desk.log, 20);
  desk.open(desk.options());
  ASSERT_TRUE(desk.anchoring->anchor_now());
  desk.restore_backup();
  desk.open(desk.options());
  EXPECT_FALSE(desk.anchoring->anchor_now());
  desk.consume_all();
  ASSERT_EQ(alerts(), 3U);
  EXPECT_EQ(desk.anchoring->state().alerts[0].kind, Alert::Kind::rollback);
}

TEST_F(RoundTest, ALogThatSucceedsUnderAnotherOriginIsTakenWhenItsRingIsTrusted) {
  desk.back_up();
  append(*desk.log, 20);
  desk.open(desk.options());
  ASSERT_TRUE(desk.anchoring->anchor_now());
  desk.restore_backup();
  desk.log.reset();
  evidence::KeyChange change;
  change.action = evidence_format::KeyAction::succeed;
  change.by = "operator";
  change.reason = "disk lost, backup of the morning";
  change.origin = "log.example/station2";
  const auto changed = evidence::change_keys(desk.folder / "log", change);
  ASSERT_TRUE(changed) << changed.error().text();
  evidence::LogOptions options;
  options.origin = "log.example/station2";
  desk.log = *evidence::Log::open(desk.folder / "log", options);
  desk.open(desk.options());
  EXPECT_TRUE(desk.anchoring->check_before_start());
  const auto untrusted = desk.anchoring->anchor_now();
  ASSERT_FALSE(untrusted);
  EXPECT_THAT(untrusted.error().text(), HasSubstr("does not watch log.example/station2"));
  for (const auto& witness : desk.witnesses) witness->trust(*desk.log);
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  EXPECT_THAT(anchor->note, testing::StartsWith("log.example/station2\n"));
}

TEST_F(RoundTest, AfterARotationTheWitnessesNeedTheNewRing) {
  desk.open(desk.options(3));
  ASSERT_TRUE(desk.anchoring->anchor_now());
  ASSERT_TRUE(desk.log->rotate_keys("operator", "yearly"));
  const auto refused = desk.anchoring->anchor_now();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("mingjian witness trust"));
  for (const auto& witness : desk.witnesses) witness->trust(*desk.log);
  EXPECT_TRUE(desk.anchoring->anchor_now());
  EXPECT_EQ(alerts(), 0U);
}

// Witnesses that misbehave.

http::Answer answer(int status, std::string body, std::string type = "text/plain") {
  http::Answer made;
  made.status = status;
  made.body = std::move(body);
  made.content_type = std::move(type);
  return made;
}

TEST_F(RoundTest, AWitnessThatOnlyClaimsALongerHistoryCannotStopTheStart) {
  FakeServer liar([](const http::Request& request) {
    if (request.method == http::Method::post) return answer(409, "1000\n", "text/x.tlog.size");
    return answer(404, "");
  });
  Options options = desk.options(2);
  options.witnesses[0].url = liar.url;
  desk.open(options);
  EXPECT_TRUE(desk.anchoring->check_before_start());
  EXPECT_TRUE(desk.anchoring->anchor_now()) << "the others are enough";
  desk.consume_all();
  EXPECT_FALSE(desk.anchoring->state().refused);
  ASSERT_EQ(alerts(), 1U) << "people are told all the same";
  EXPECT_THAT(desk.anchoring->state().alerts[0].text, HasSubstr("shows no checkpoint that proves it"));
}

TEST_F(RoundTest, AForgedCheckpointOfALongerHistoryProvesNothing) {
  const auto thief = *evidence_format::SoftwareKey::generate("w.example/a", evidence_format::KeyKind::cosignature);
  evidence_format::Checkpoint checkpoint;
  checkpoint.origin = "log.example/station";
  checkpoint.size = 1000;
  evidence_format::Note note{checkpoint.text(), {}};
  note.signatures.push_back(*evidence_format::cosign(thief, note.text, 1'800'000'000));
  FakeServer liar([text = note.str()](const http::Request&) { return answer(200, text); });
  Options options = desk.options(2);
  options.witnesses[0].url = liar.url;
  desk.open(options);
  EXPECT_TRUE(desk.anchoring->check_before_start());
  EXPECT_FALSE(desk.anchoring->state().refused);
}

TEST_F(RoundTest, AnAnswerWithoutARightSignatureDoesNotCount) {
  const auto thief = *evidence_format::SoftwareKey::generate("w.example/a", evidence_format::KeyKind::cosignature);
  const auto cosigned = [&](const evidence_format::Signer& key, std::string_view text) {
    return evidence_format::signature_line(*evidence_format::cosign(key, text, 1'800'000'000));
  };
  const std::string text = desk.log->checkpoint()->checkpoint.text();
  auto another_size = desk.log->checkpoint()->checkpoint;
  another_size.size = 4;
  auto under_our_id = *evidence_format::cosign(thief, text, 1'800'000'000);
  under_our_id.id = desk.witnesses[0]->witness->key().id();
  for (const std::string& body :
       {std::string(), std::string("\n"), std::string("yes\n"), cosigned(thief, text),
        cosigned(thief, another_size.text()), evidence_format::signature_line(under_our_id)}) {
    FakeServer liar([&](const http::Request&) { return answer(200, body); });
    Options options = desk.options(3);
    options.witnesses[0].url = liar.url;
    desk.open(options);
    const auto anchor = desk.anchoring->anchor_now();
    ASSERT_FALSE(anchor) << body;
    EXPECT_THAT(desk.anchoring->state().witnesses[0].trouble, HasSubstr("w.example/a answered"));
  }
}

TEST_F(RoundTest, EveryOtherAnswerIsATroubleThatSaysWhatToDo) {
  const std::tuple<int, std::string, std::string, std::string> cases[] = {
      {400, "no\n", "text/plain", "answered 400: no"},
      {403, "unknown key\n", "text/plain", "mingjian witness trust"},
      {404, "", "text/plain", "does not watch"},
      {409, "1000\n", "text/plain", "409 without a size"},
      {409, "many\n", "text/x.tlog.size", "409 without a size"},
      {409, "5", "text/x.tlog.size", "409 without a size"},
      {409, "3\n", "text/x.tlog.size", "changes its mind"},
      {500, "<html>\x01", "text/html", "answered 500"},
      {302, "", "text/plain", "answered 302"},
  };
  for (const auto& [status, body, type, expected] : cases) {
    FakeServer server([&](const http::Request&) { return answer(status, body, type); });
    Options options = desk.options(3);
    options.witnesses[0].url = server.url;
    desk.open(options);
    EXPECT_FALSE(desk.anchoring->anchor_now());
    EXPECT_THAT(desk.anchoring->state().witnesses[0].trouble, HasSubstr(expected)) << status << body;
    EXPECT_FALSE(desk.anchoring->state().refused);
  }
}

TEST_F(RoundTest, AnUnprovenRefusalOfOurProofIsToldOnce) {
  FakeServer stubborn([](const http::Request& request) {
    return request.method == http::Method::post ? answer(422, "no") : answer(404, "");
  });
  Options options = desk.options(2);
  options.witnesses[0].url = stubborn.url;
  desk.open(options);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(desk.anchoring->anchor_now());
  desk.consume_all();
  EXPECT_EQ(alerts(), 1U);
}

// The authority of time.

class StampTest : public RoundTest {
 protected:
  Options stamped(std::size_t quorum) const {
    Options options = desk.options(quorum);
    options.timestamp_url = authority.url();
    options.timestamp_trusted_pem = authority.trusted_pem();
    options.request_timeout_ms = 5000;
    return options;
  }
  OpensslAuthority authority;
};

TEST_F(StampTest, AnAnchorCarriesATimeStampThatOpensslVerifies) {
  desk.open(stamped(2));
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  ASSERT_FALSE(anchor->timestamp.empty()) << desk.anchoring->state().stamp_trouble;
  // Checked by the openssl program, which knows nothing of our code.
  std::ofstream(authority.folder / "reply", std::ios::binary | std::ios::trunc) << as_text(anchor->timestamp);
  std::ofstream(authority.folder / "text", std::ios::binary) << evidence_format::Note::parse(anchor->note)->text;
  EXPECT_NO_THROW(authority.run("openssl ts -verify -in reply -data text -CAfile ca.pem"));
  std::ofstream(authority.folder / "text", std::ios::binary) << "another text\n";
  EXPECT_THROW(authority.run("openssl ts -verify -in reply -data text -CAfile ca.pem"), std::runtime_error);
  desk.consume_all();
  EXPECT_TRUE(desk.anchoring->state().stamped_at);
  EXPECT_EQ(desk.anchoring->state().stamp_trouble, "");
}

TEST_F(StampTest, WithoutWitnessesATimeStampIsAnAnchor) {
  Options options = stamped(0);
  options.witnesses.clear();
  desk.open(options);
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  desk.consume_all();
  ASSERT_TRUE(*desk.anchoring->first_covering(4));
}

TEST_F(StampTest, AnUntrustedOrWrongStampIsATroubleAndTheWitnessesStillCount) {
  const OpensslAuthority stranger;
  Options options = stamped(2);
  options.timestamp_trusted_pem = stranger.trusted_pem();
  desk.open(options);
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_TRUE(anchor) << anchor.error().text();
  EXPECT_TRUE(anchor->timestamp.empty());
  EXPECT_THAT(desk.anchoring->state().stamp_trouble, HasSubstr(authority.url()));
  options.quorum = 0;
  options.witnesses.clear();
  desk.open(options);
  EXPECT_FALSE(desk.anchoring->anchor_now());

  // A right answer to an earlier question: a replay.
  options = stamped(0);
  options.witnesses.clear();
  desk.open(options);
  ASSERT_TRUE(desk.anchoring->anchor_now());
  const std::string replay = authority.read("reply");
  FakeServer replayer([&](const http::Request&) { return answer(200, replay, "application/timestamp-reply"); });
  append(*desk.log, 1);
  options.timestamp_url = replayer.url;
  desk.open(options);
  EXPECT_FALSE(desk.anchoring->anchor_now());
  EXPECT_NE(desk.anchoring->state().stamp_trouble, "");
}

// Day by day.

TEST_F(RoundTest, TheThreadAnchorsWhatIsNewAndThenRests) {
  Options options = desk.options(2);
  options.witness_interval_ms = 5;
  options.anchor_interval_ms = 10;
  desk.open(options);
  std::atomic<int> changes = 0;
  desk.anchoring->on_change([&changes] { ++changes; });
  const auto follower = runtime::start_thread("test-index", [this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (desk.anchoring->consume().value() == 0) desk.log->wait_beyond(desk.anchoring->position(), 20, stop);
    }
  });
  const auto carrier =
      runtime::start_thread("test-anchors", [this](const std::stop_token& stop) { desk.anchoring->run(stop); });
  const auto anchored_beyond = [this](std::uint64_t entry) {
    for (int i = 0; i < 1000; ++i) {
      const auto covering = desk.anchoring->first_covering(entry);
      if (covering && *covering) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  };
  ASSERT_TRUE(anchored_beyond(4));
  append(*desk.log, 3);
  const std::uint64_t newest = desk.log->size() - 1;
  ASSERT_TRUE(anchored_beyond(newest));
  static_cast<void>(desk.anchoring->state());
  EXPECT_TRUE(desk.anchoring->anchor_now());
  const std::uint64_t size = desk.log->size();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // twenty rounds
  EXPECT_EQ(desk.log->size(), size) << "anchors alone are no reason for an anchor";
  EXPECT_GT(changes, 0);
}

TEST_F(RoundTest, ManyMayAskAtOnce) {
  desk.open(desk.options(2));
  std::vector<std::jthread> threads;
  std::atomic<int> anchored = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 3; ++j) {
        append(*desk.log, 2);
        if (desk.anchoring->anchor_now()) ++anchored;
        static_cast<void>(desk.anchoring->state());
        static_cast<void>(desk.anchoring->newest(5).has_value());
      }
    });
  }
  threads.emplace_back([&] {
    while (anchored < 12) static_cast<void>(desk.anchoring->consume().has_value());
  });
  threads.clear();
  EXPECT_EQ(anchored, 12);
}

TEST_F(RoundTest, WithNobodyToAskAnAnchorIsAnErrorAndTheThreadRests) {
  desk.open({});
  const auto anchor = desk.anchoring->anchor_now();
  ASSERT_FALSE(anchor);
  EXPECT_THAT(anchor.error().text(), HasSubstr("evidence.toml"));
  EXPECT_TRUE(desk.anchoring->check_before_start());
  const auto carrier =
      runtime::start_thread("test-anchors", [this](const std::stop_token& stop) { desk.anchoring->run(stop); });
  EXPECT_EQ(desk.log->size(), 5U);
}

}  // namespace
}  // namespace mj::anchoring::test
