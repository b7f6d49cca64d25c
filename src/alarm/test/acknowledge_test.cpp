// Acknowledging over the real evidence log: the act is evidence first and part of the book because the book read it there.

#include <gtest/gtest.h>

#include <thread>

#include "decision.hpp"
#include "mj/alarm/alarm_book.hpp"
#include "mj/kernel/text.hpp"
#include "scene.hpp"

namespace mj::alarm {
namespace {

class Acknowledge : public ::testing::Test {
 protected:
  void SetUp() override {
    evidence::LogOptions options;
    options.origin = "test.local/alarm";
    auto log = evidence::Log::open(directory_.path() / "evidence", options);
    ASSERT_TRUE(log) << log.error().text();
    log_ = std::move(*log);
    book_ = open_book(directory_.path());
    receive(0, "61.0");
    receive(1, "72.5");
    follow();
  }
  void TearDown() override { stop(); }

  void receive(std::int64_t at_minute, std::string_view value) const {
    const std::string frame = upload(kDevice, minute(at_minute), cod(value));
    evidence_format::Entry entry;
    entry.received_at = minute(at_minute);
    entry.peer = "127.0.0.1:1";
    entry.device = kDevice;
    entry.payload = as_bytes(frame);
    const auto index = log_->append_and_wait(entry);
    ASSERT_TRUE(index) << index.error().text();
  }
  /// The consuming thread, as the server runs it.
  void follow() {
    follower_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        pass(plain_register(), *log_);
        if (book_->consume(*log_).value() == 0) log_->wait_beyond(book_->position(), 20, stop);
      }
    });
    while (book_->position() < log_->size()) std::this_thread::yield();
  }
  void stop() {
    follower_.request_stop();
    if (follower_.joinable()) follower_.join();
  }

  ScratchDirectory directory_;
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<AlarmBook> book_;
  std::jthread follower_;
};

TEST_F(Acknowledge, IsInTheLogAndInTheBookWhenItReturns) {
  const auto alarm = book_->acknowledge(*log_, AlarmId(1), "  张三 ", "\n已通知企业停产检查\u3000", minute(5));
  ASSERT_TRUE(alarm) << alarm.error().text();
  ASSERT_TRUE(alarm->acknowledged);
  EXPECT_EQ(alarm->acknowledged->name, "张三");
  EXPECT_EQ(alarm->acknowledged->reason, "已通知企业停产检查");
  EXPECT_EQ(alarm->acknowledged->at, minute(5));
  EXPECT_TRUE(alarm->open());
  const auto batch = log_->read(evidence::EntryIndex(alarm->acknowledged->entry), 1, 1 << 16);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->entries.at(0).entry.type, evidence_format::EntryType::decision);
  const auto decision = decode(batch->entries.at(0).entry.payload);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->reason, "已通知企业停产检查");
  EXPECT_EQ(decision->entry, alarm->entry);
}

TEST_F(Acknowledge, SurvivesReopeningAndDerivingAgainFromZero) {
  ASSERT_TRUE(book_->acknowledge(*log_, AlarmId(1), "n", "r", minute(5)));
  receive(6, "10");
  while (book_->position() < log_->size()) std::this_thread::yield();
  const auto before = contents(*book_);
  ASSERT_EQ(before.size(), 1U);
  stop();
  book_.reset();
  book_ = open_book(directory_.path());
  EXPECT_EQ(contents(*book_), before);
  book_.reset();
  ASSERT_TRUE(remove_book(directory_.path()));
  book_ = open_book(directory_.path());
  EXPECT_EQ(book_->position(), 0U);
  consume_all(*book_, *log_);
  EXPECT_EQ(contents(*book_), before);
}

TEST_F(Acknowledge, HappensOnce) {
  ASSERT_TRUE(book_->acknowledge(*log_, AlarmId(1), "first", "r", minute(5)));
  const std::uint64_t size = log_->size();
  const auto again = book_->acknowledge(*log_, AlarmId(1), "second", "r", minute(6));
  EXPECT_EQ(again.error().code(), ErrorCode::conflict);
  EXPECT_EQ(log_->size(), size) << "nothing is recorded for a refused act";
  EXPECT_EQ(book_->find(AlarmId(1))->acknowledged->name, "first");
}

TEST_F(Acknowledge, OfManyAtOnceExactlyOneSucceeds) {
  std::atomic<int> succeeded = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < 8; ++i) {
      people.emplace_back([&, i] {
        const auto result = book_->acknowledge(*log_, AlarmId(1), fmt::format("p{}", i), "r", minute(5));
        if (result) {
          ++succeeded;
        } else if (result.error().code() == ErrorCode::conflict) {
          ++refused;
        }
        static_cast<void>(book_->list({}));
        static_cast<void>(book_->open_counts());
      });
    }
  }
  EXPECT_EQ(succeeded, 1);
  EXPECT_EQ(refused, 7);
}

TEST_F(Acknowledge, NeedsANameAndAReasonOfBearableLength) {
  const auto code = [&](std::string_view name, std::string_view reason) {
    return book_->acknowledge(*log_, AlarmId(1), name, reason, minute(5)).error().code();
  };
  std::string long_name;
  for (std::size_t i = 0; i <= kMaxNameCharacters; ++i) long_name += "明";
  EXPECT_EQ(code("", "r"), ErrorCode::invalid_input);
  EXPECT_EQ(code("n", " \t\u3000 "), ErrorCode::invalid_input);
  EXPECT_EQ(code(long_name, "r"), ErrorCode::invalid_input);
  EXPECT_EQ(code("n", std::string(kMaxReasonCharacters + 1, 'x')), ErrorCode::invalid_input);
  EXPECT_EQ(code("n", "\xff\xfe"), ErrorCode::invalid_input);
  EXPECT_EQ(book_->acknowledge(*log_, AlarmId(7), "n", "r", minute(5)).error().code(), ErrorCode::not_found);
  long_name.resize(long_name.size() - std::string("明").size());
  EXPECT_TRUE(book_->acknowledge(*log_, AlarmId(1), long_name, std::string(kMaxReasonCharacters, 'x'), minute(5)));
}

TEST_F(Acknowledge, SaysThatTheActIsRecordedWhenNobodyConsumesInTime) {
  stop();
  const auto late = book_->acknowledge(*log_, AlarmId(1), "n", "r", minute(5), 10);
  EXPECT_EQ(late.error().code(), ErrorCode::unavailable);
  consume_all(*book_, *log_);
  EXPECT_EQ(book_->find(AlarmId(1))->acknowledged->name, "n");
}

TEST(Decision, OfAnotherKindOrVersionIsPassedOver) {
  EXPECT_EQ(decode(as_bytes("not json")), std::nullopt);
  EXPECT_EQ(decode(as_bytes(R"({"kind":"case.open","version":1})")), std::nullopt);
  EXPECT_EQ(decode(as_bytes(R"({"kind":"alarm.acknowledge","version":2})")), std::nullopt);
  EXPECT_EQ(decode(as_bytes(R"([1,2])")), std::nullopt);
}

}  // namespace
}  // namespace mj::alarm
