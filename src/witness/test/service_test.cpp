#include "mj/witness/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "log_memory.hpp"
#include "mj/http/client.hpp"
#include "tested_log.hpp"

namespace mj::witness::test {
namespace {

using testing::HasSubstr;

class ServiceTest : public testing::Test {
 protected:
  ServiceTest()
      : service(*Service::start(*w.witness, "127.0.0.1", 0, [this] { return Instant::from_ms(w.now_ms); })),
        client(*http::Client::connect("http://" + service->binding())) {
    log.grow_to(20);
    static_cast<void>(w.witness->watch(log.watched()).has_value());
  }
  [[nodiscard]] http::Response add(const std::string& body) const {
    return client.post("/add-checkpoint", "text/plain", body).value();
  }
  TestedLog log;
  TestedWitness w;
  std::unique_ptr<Service> service;
  http::Client client;
};

TEST_F(ServiceTest, SpeaksTheProtocolOverHttp) {
  const http::Response first = add(log.request(0, 5));
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(cosigned_s(w.witness->key(), log.note(5), first.body));
  const http::Response conflict = add(log.request(0, 9));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "5\n");
  EXPECT_EQ(add("nonsense").status, 400);
  EXPECT_EQ(add(std::string(100'000, 'x')).status, 413);
  EXPECT_EQ(client.get("/add-checkpoint")->status, 405);
  const auto newest = client.get("/" + origin_hash(log.origin()) + "/checkpoint");
  EXPECT_EQ(newest->status, 200);
  EXPECT_TRUE(newest->body.ends_with(first.body));
  EXPECT_EQ(client.get("/" + origin_hash("other") + "/checkpoint")->status, 404);
  EXPECT_EQ(client.get("/vkey")->body, w.witness->key().text() + "\n");
}

TEST_F(ServiceTest, ThePageShowsWhatIsRememberedAndEscapesIt) {
  ASSERT_TRUE(w.witness->watch({"<script>/x", {log.keys().ed25519.key()}, std::nullopt}));
  ASSERT_EQ(add(log.request(0, 5)).status, 200);
  const auto page = client.get("/");
  EXPECT_EQ(page->content_type, "text/html");
  EXPECT_THAT(page->body, HasSubstr("log.example/a"));
  EXPECT_THAT(page->body, HasSubstr("&lt;script&gt;/x"));
  EXPECT_THAT(page->body, testing::Not(HasSubstr("<script")));
  EXPECT_THAT(page->body, HasSubstr("正常 in order"));
  const auto status = nlohmann::json::parse(client.get("/api/status")->body);
  EXPECT_EQ(status["name"], "witness.example/w");
  ASSERT_EQ(status["logs"].size(), 2U);
  EXPECT_EQ(status["logs"][1]["origin"], "log.example/a");
  EXPECT_EQ(status["logs"][1]["size"], 5);
  EXPECT_EQ(status["logs"][1]["last_refusal"], nullptr);
}

TEST_F(ServiceTest, ManyLogsAtOnceAreCosignedIndependently) {
  constexpr int kLogs = 4;
  constexpr std::uint64_t kSize = 10;
  std::vector<TestedLog> logs;
  for (int i = 0; i < kLogs; ++i) {
    TestedLog& own = logs.emplace_back(fmt::format("log.example/{}", i));
    own.grow_to(kSize);
    ASSERT_TRUE(w.witness->watch(own.watched()));
  }
  std::vector<std::jthread> threads;
  std::atomic<int> cosigned = 0;
  for (const TestedLog& own : logs) {
    threads.emplace_back([this, &own, &cosigned] {
      const auto mine = http::Client::connect("http://" + service->binding());
      for (std::uint64_t size = 1; size <= kSize; ++size) {
        const auto answer = mine->post("/add-checkpoint", "text/plain", own.request(size - 1, size));
        if (answer && answer->status == 200) ++cosigned;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(cosigned, kLogs * static_cast<int>(kSize));
}

}  // namespace
}  // namespace mj::witness::test
