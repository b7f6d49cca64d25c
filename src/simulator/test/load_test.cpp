#include "mj/simulator/load.hpp"

#include <gtest/gtest.h>

#include <set>

#include "answer_scan.hpp"
#include "load_frame.hpp"
#include "test_server.hpp"

namespace mj::simulator {
namespace {

using testing::Arrived;
using testing::Reply;
using testing::TestServer;

LoadOptions small(const TestServer& server, std::uint64_t frames) {
  LoadOptions options;
  options.target = server.target();
  options.plan.devices = 7;
  options.connections = 3;
  options.window = 16;
  options.max_frames = frames;
  options.duration_ms = 60'000;
  options.drain_ms = 20'000;
  options.reconnect_min_ms = 1;
  options.reconnect_max_ms = 20;
  return options;
}

std::uint64_t frames_in(const AckedLog& log) {
  std::uint64_t frames = 0;
  for (const AckedRange& range : log.acked) frames += range.last - range.first + 1;
  return frames;
}

/// Request numbers → (MN, DataTime) of everything that arrived.
std::map<std::pair<std::string, std::string>, std::pair<std::string, Instant>> by_request(
    const std::vector<Arrived>& arrived) {
  std::map<std::pair<std::string, std::string>, std::pair<std::string, Instant>> result;
  std::vector<hj212::Field> fields;
  for (const Arrived& each : arrived) {
    const auto header = each.header();
    hj212::read_fields(*header.cp, fields);
    result[{std::string(*header.mn), std::string(*header.qn)}] = {std::string(*header.mn),
                                                                  *hj212::read_data_time(fields[0].value)};
  }
  return result;
}

/// What a perfect server would have stored of the frames that arrived.
StoredQuery stored(std::vector<Arrived> arrived) {
  std::map<std::string, std::map<std::pair<Instant, std::string>, Decimal>> values;
  std::vector<hj212::Field> fields;
  for (const Arrived& each : arrived) {
    const auto header = each.header();
    hj212::read_fields(*header.cp, fields);
    const Instant time = *hj212::read_data_time(fields[0].value);
    for (const auto& field : fields) {
      if (field.key == "Rtd")
        values[std::string(*header.mn)][{time, std::string(field.factor)}] = *parse_decimal(field.value);
    }
  }
  return [values](const std::string& mn, Instant first, Instant last) -> Result<std::vector<StoredValue>> {
    std::vector<StoredValue> result;
    if (const auto device = values.find(mn); device != values.end()) {
      for (const auto& [key, value] : device->second) {
        if (key.first >= first && key.first <= last) result.push_back({key.first, key.second, value});
      }
    }
    return result;
  };
}

TEST(Load, everything_sent_is_acknowledged_and_found_afterwards) {
  TestServer server;
  const auto report = load(small(server, 5'000), {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->sent, 5'000U);
  EXPECT_EQ(report->acked, 5'000U);
  EXPECT_EQ(report->unacked, 0U);
  EXPECT_EQ(report->resent, 0U);
  EXPECT_EQ(report->strange_answers, 0U);
  EXPECT_EQ(report->latency.count(), 5'000U);
  EXPECT_EQ(frames_in(report->log), 5'000U);
  const auto arrived = server.arrived();
  EXPECT_EQ(arrived.size(), 5'000U);
  for (const Arrived& each : arrived) ASSERT_EQ(each.crc, hj212::CrcMatch::hj);
  const auto check = check_acked(report->log, stored(arrived));
  ASSERT_TRUE(check);
  EXPECT_TRUE(check->ok()) << (check->findings.empty() ? "" : check->findings.front());
  EXPECT_EQ(check->frames, 5'000U);
}

TEST(Load, frames_lost_with_the_connection_are_sent_again_byte_for_byte) {
  TestServer server([](const Arrived&, std::size_t number) {
    return number % 500 == 499 ? Reply::drop_connection : Reply::answer;
  });
  const auto report = load(small(server, 4'000), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->acked, 4'000U);
  EXPECT_GT(report->resent, 0U);
  EXPECT_GT(report->reconnects, 0U);
  const auto arrived = server.arrived();
  std::map<std::string, std::string> bytes;
  for (const Arrived& each : arrived) {
    const auto header = each.header();
    const auto [first, fresh] = bytes.emplace(std::string(*header.mn) + std::string(*header.qn), each.whole);
    ASSERT_TRUE(fresh || first->second == each.whole);
  }
  EXPECT_EQ(bytes.size(), 4'000U);
  const auto check = check_acked(report->log, stored(arrived));
  ASSERT_TRUE(check);
  EXPECT_TRUE(check->ok());
}

TEST(Load, nothing_is_reported_acknowledged_that_the_server_did_not_acknowledge) {
  TestServer server([](const Arrived&, std::size_t number) {
    switch (number % 10) {
      case 3: return Reply::ignore;
      case 5: return Reply::wrong_mn;
      case 7: return Reply::wrong_crc;
      default: return Reply::answer;
    }
  });
  LoadOptions options = small(server, 2'000);
  options.window = 2'000;
  options.drain_ms = 300;
  const auto report = load(options, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->sent, 2'000U);
  EXPECT_EQ(report->acked, 1'400U);
  EXPECT_EQ(report->unacked, 600U);
  EXPECT_GE(report->strange_answers, 400U);
  // The log holds exactly the (device, DataTime) pairs that the server says it answered.
  const auto requests = by_request(server.arrived());
  std::set<std::pair<std::string, Instant>> answered;
  const auto qns = server.answered();
  const std::multiset<std::string> answered_qns(qns.begin(), qns.end());
  std::multiset<std::string> logged_qns;
  std::set<std::pair<std::string, Instant>> logged;
  for (const AckedRange& range : report->log.acked) {
    for (std::uint32_t s = range.first; s <= range.last; ++s)
      logged.insert({LoadPlan::mn(range.device), report->log.plan.data_time(s)});
  }
  for (const auto& [request, frame] : requests) {
    if (logged.contains(frame)) logged_qns.insert(request.second);
  }
  EXPECT_EQ(logged_qns, answered_qns);
  EXPECT_EQ(logged.size(), 1'400U);
}

TEST(Load, a_missing_wrong_doubled_or_alien_value_is_found) {
  TestServer server;
  const auto report = load(small(server, 700), {});
  ASSERT_TRUE(report);
  const auto perfect = stored(server.arrived());
  const auto spoiled = [&](const std::function<void(std::vector<StoredValue>&)>& spoil) {
    const auto check = check_acked(report->log, [&](const std::string& mn, Instant first, Instant last) {
      auto values = perfect(mn, first, last);
      if (mn == LoadPlan::mn(2)) spoil(*values);
      return values;
    });
    return *check;
  };
  EXPECT_EQ(spoiled([](auto& values) { values.pop_back(); }).missing_frames, 1U);
  EXPECT_EQ(spoiled([](auto& values) { values.front().value.mantissa += 1; }).wrong_values, 1U);
  EXPECT_EQ(spoiled([](auto& values) { values.push_back(values.front()); }).duplicate_values, 1U);
  EXPECT_EQ(spoiled([](auto& values) { values.push_back({values.front().data_time, "w00001", {}}); }).alien_values,
            1U);
  EXPECT_EQ(spoiled([](auto& values) { values.clear(); }).missing_frames, 100U);
}

TEST(Load, a_later_run_continues_the_data_times_of_an_earlier_one) {
  TestServer server;
  LoadOptions options = small(server, 70);
  ASSERT_TRUE(load(options, {}));
  options.first_sequence = 10;
  const auto second = load(options, {});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->log.sent_end, std::vector<std::uint32_t>(7, 20));
  std::set<std::pair<std::string, Instant>> seen;
  for (const auto& [request, frame] : by_request(server.arrived())) seen.insert(frame);
  EXPECT_EQ(seen.size(), 140U);
}

TEST(Load, a_fixed_rate_is_kept_and_stops_in_time) {
  TestServer server;
  LoadOptions options = small(server, 0);
  options.rate = 2'000;
  options.duration_ms = 500;
  const auto report = load(options, {});
  ASSERT_TRUE(report);
  EXPECT_GE(report->sent, 900U);
  EXPECT_LE(report->sent, 1'010U);
  EXPECT_EQ(report->unacked, 0U);
}

TEST(Load, a_stop_request_ends_the_run_soon) {
  TestServer server([](const Arrived&, std::size_t) { return Reply::answer; });
  LoadOptions options = small(server, 0);
  options.duration_ms = 0;
  std::stop_source stop;
  options.on_progress = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); };
  const auto report = load(options, stop.get_token());
  ASSERT_TRUE(report);
  EXPECT_GT(report->acked, 0U);
  EXPECT_EQ(report->acked, report->sent);
}

TEST(Load, options_that_make_no_sense_are_refused) {
  LoadOptions options;
  options.plan.devices = 2;
  options.connections = 3;
  EXPECT_EQ(load(options, {}).error().code(), ErrorCode::invalid_input);
}

TEST(Load, the_list_of_acknowledged_frames_survives_the_file) {
  AckedLog log{
      LoadPlan{.devices = 3, .step_s = 5}, 100, {{2, 150, 160}, {0, 100, 110}, {0, 111, 112}}, {113, 100, 170}};
  log.tidy();
  EXPECT_EQ(log.acked, (std::vector<AckedRange>{{0, 100, 112}, {2, 150, 160}}));
  const auto file = std::filesystem::path(::testing::TempDir()) / "acked.txt";
  ASSERT_TRUE(log.save(file));
  const auto again = AckedLog::load(file);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->plan, log.plan);
  EXPECT_EQ(again->first_sequence, 100U);
  EXPECT_EQ(again->acked, log.acked);
  EXPECT_EQ(again->sent_end, log.sent_end);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 4);  // torn: the end mark is gone
  EXPECT_EQ(AckedLog::load(file).error().code(), ErrorCode::invalid_input);
  std::filesystem::remove(file);
}

TEST(Load, answers_are_cut_from_any_bytes_around_them) {
  const auto header =
      hj212::read_header("QN=20260101000000001;ST=32;CN=2011;PW=123456;MN=4C4F41440000000000000001;Flag=5;CP=&&&&")
          .header;
  const std::string answer = hj212::answer_frame(header, hj212::Answer::data_reply_9014);
  const std::string stream = "noise#" + answer + "##9999" + answer + answer.substr(0, 20);
  std::string_view rest = stream;
  int found = 0;
  ScannedAnswer scanned;
  while (const std::size_t used = AnswerScan::take(rest, scanned)) {
    if (scanned.valid) {
      ++found;
      EXPECT_EQ(scanned.qn, "20260101000000001");
      EXPECT_EQ(scanned.mn, "4C4F41440000000000000001");
    }
    rest.remove_prefix(used);
  }
  EXPECT_EQ(found, 2);
  EXPECT_EQ(rest, answer.substr(0, 20));
}

}  // namespace
}  // namespace mj::simulator
