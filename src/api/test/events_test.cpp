#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::IsEmpty;

TEST(Events, TheStreamBeginsWithTheRetryTimeAndItsType) {
  Station station;
  const EventStream stream(station.port());
  EXPECT_THAT(stream.head(), testing::HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(stream.head(), testing::HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(stream.head(), testing::HasSubstr("Cache-Control: no-store"));
}

TEST(Events, AFrameBeyondALimitReachesTheBrowserAsEveryKindOfEvent) {
  const Contract contract;
  Station station;
  static_cast<void>(get(station.port(), "/api/overview"));  // as a browser does first
  EventStream stream(station.port());
  ASSERT_TRUE(stream.next("system", 5000));

  const auto sent = std::chrono::steady_clock::now();
  station.append(kSourceMn, upload(kSourceMn, "32", "2011", "20260301120000", "w01018-Rtd=62.5,w01018-Flag=N"));
  const auto alarm = stream.next("alarm", 5000);
  const auto took = std::chrono::steady_clock::now() - sent;
  ASSERT_TRUE(alarm);
  EXPECT_LT(took, std::chrono::seconds(2));  // what the product promises from the frame to the browser
  EXPECT_THAT(contract.faults(alarm->data, "Alarm"), IsEmpty());
  EXPECT_EQ(alarm->data["point"]["id"], "outlet-1");

  std::map<std::string, EventStream::Event> seen;
  std::uint64_t last_id = alarm->id;
  while (!seen.contains("frame") || !seen.contains("ledger") || !seen.contains("point") ||
         !seen.contains("system")) {
    const auto event = stream.next(5000);
    ASSERT_TRUE(event) << "the stream fell silent";
    if (event->name.empty()) continue;
    EXPECT_GT(event->id, last_id);
    last_id = event->id;
    seen[event->name] = *event;
  }
  EXPECT_THAT(contract.faults(seen["frame"].data, "FrameLine"), IsEmpty());
  EXPECT_THAT(contract.faults(seen["ledger"].data, "Ledger"), IsEmpty());
  EXPECT_EQ(seen["ledger"].data["received"], 1);
  EXPECT_THAT(contract.faults(seen["point"].data, "PointSummary"), IsEmpty());
  EXPECT_EQ(seen["point"].data["state"]["grade"], "exceeding");
  EXPECT_THAT(contract.faults(seen["system"].data, "SystemPulse"), IsEmpty());
}

TEST(Events, AnAcknowledgementIsToldToEveryBrowser) {
  Station station;
  station.feed(kSourceMn, upload(kSourceMn, "32", "2011", "20260301120000", "w01018-Rtd=62.5,w01018-Flag=N"));
  EventStream first(station.port());
  EventStream second(station.port());
  ASSERT_EQ(post(station.port(), "/api/alarms/1/acknowledge", R"({"name":"a","reason":"b"})").status, 200);
  for (EventStream* stream : {&first, &second}) {
    const auto alarm = stream->next("alarm", 5000);
    ASSERT_TRUE(alarm);
    EXPECT_EQ(alarm->data["acknowledged"]["name"], "a");
  }
}

TEST(Events, UnderLoadFramesAreSampledAndTheLedgerCountsThemAll) {
  Station station;
  EventStream stream(station.port());
  constexpr int kFrames = 2000;
  evidence::Batch batch;
  for (int i = 0; i < kFrames; ++i) {
    const std::string bytes =
        upload(kSourceMn, "32", "2011", fmt::format("202603{:02}{:02}{:02}00", 1 + i / 1440, i / 60 % 24, i % 60),
               "w01018-Rtd=1,w01018-Flag=N");
    evidence_format::Entry entry;
    entry.received_at = Instant::from_ms(station.now_ms);
    entry.peer = "127.0.0.1:50000";
    entry.device = kSourceMn;
    entry.payload = as_bytes(bytes);
    ASSERT_TRUE(batch.add(entry));
  }
  ASSERT_TRUE(station.log->append(std::move(batch), [](const Result<evidence::EntryIndex>&) {}));
  const auto begun = std::chrono::steady_clock::now();
  int frames = 0;
  std::uint64_t newest = 0;
  for (bool complete = false; !complete;) {
    const auto event = stream.next(5000);
    ASSERT_TRUE(event);
    if (event->name == "frame") {
      ++frames;
      newest = event->data["entry"];
    }
    complete = event->name == "ledger" && event->data["received"] == kFrames && event->data["pending"] == 0;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  EXPECT_LE(frames, 5 + 15 * (seconds + 0.2));
  if (const auto more = stream.next("frame", 1500)) newest = more->data["entry"];
  EXPECT_GE(newest, static_cast<std::uint64_t>(kFrames) - 20) << "the newest are shown, not the oldest";
}

TEST(Events, TheServerStopsWhileStreamsAreOpen) {
  auto station = std::make_unique<Station>();
  EventStream stream(station->port());
  ASSERT_TRUE(stream.next("system", 5000));
  station.reset();
  while (stream.next(1000)) {
  }
}

}  // namespace
}  // namespace mj::api::test
