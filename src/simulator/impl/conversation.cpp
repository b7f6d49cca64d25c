// The device's side of a conversation. Source: HJ 212-2017 §6.5 and appendix C: request, 9011, data, 9012.
#include "field_device.hpp"
#include "field_model.hpp"
#include "random.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kLateMs = 15'000;  // beyond the ten seconds of HJ 212-2017 §6.2 table 1
constexpr int kMostEmptySteps = 5'000;    // moments without a record looked at in one turn

int code_of_busy(bool of_2005) { return of_2005 ? 2 : 5; }

}  // namespace

void FieldDevice::take(hj212::FrameReader& reader, const hj212::FrameReading& reading, Turn& turn) {
  if (turn.now < silent_until_) return;
  using hj212::Verdict;
  // A CRC error ends it without a word: HJ 212-2017 table 2.
  const bool usable = reading.verdict == Verdict::good || reading.verdict == Verdict::password_wrong;
  if (!usable || !reading.header.cn) {
    ++turn.report.strange;
    return;
  }
  const std::string_view cn = *reading.header.cn;
  if (cn == "9013" || cn == "9014" || cn == "9011" || cn == "9012") {
    take_answer(cn, reading.header.qn.value_or(""), turn);
  } else {
    take_request(reader, reading, turn);
  }
  pump(turn);
}

void FieldDevice::take_answer(std::string_view cn, std::string_view qn, Turn& turn) {
  const bool answer = cn == "9013" || cn == "9014";
  if (of_2005() && answer) return;  // its uploads wait for none
  const auto is_ours = [qn](const std::optional<std::string>& sent) {
    if (sent == qn) return true;
    const auto at = sent ? parse_compact(*sent) : std::nullopt;
    return at && fmt::format("{}", at->ms()) == qn;  // the habit of sending it as milliseconds (Misdeed::qn_epoch)
  };
  if (!answer || !in_flight_ || !is_ours(in_flight_->message.qn)) {
    ++turn.report.strange;
    return;
  }
  ++turn.report.answered;
  in_flight_.reset();
}

int FieldDevice::refusal(const hj212::FrameReading& reading, const hj212::Command* command) const {
  const hj212::Header& header = reading.header;
  const std::string_view cn = header.cn.value_or("");
  // QnRtn: HJ 212-2017 table 7.
  if (reading.password_differs) return 3;
  if (header.mn.value_or("") != mn_ && cn != "1002") return 4;
  const std::string_view st = header.st.value_or("");
  const auto& more = group_->more_systems;
  if (st != group_->device.st && std::find(more.begin(), more.end(), st) == more.end()) return 5;
  if (!of_2005() && !header.flag) return 6;
  if (!header.qn || header.qn->empty()) return 7;
  return command == nullptr ? 8 : 1;
}

void FieldDevice::reply(std::string_view cn, std::string_view qn, std::string area, Turn& turn) {
  hj212::Outgoing out;
  out.st = "91";
  out.cn = cn;
  out.pw = settings_.profile.password;
  out.mn = mn_;
  if (of_2005()) {
    // HJ/T 212-2005 carries the QN of the request in the data area.
    out.area = fmt::format("QN={}{}{}", qn, area.empty() ? "" : ";", area);
    out.flag = 0;
  } else {
    out.qn = qn;
    out.area = std::move(area);
    out.flag = static_cast<std::uint8_t>(version_2() ? 8 : 4);
  }
  (void)emit(out, Role::reply, turn);
}

void FieldDevice::take_request(hj212::FrameReader& reader, const hj212::FrameReading& reading, Turn& turn) {
  const hj212::Header& header = reading.header;
  const std::string cn(*header.cn);
  const std::string qn(header.qn.value_or(""));
  const std::string st(header.st.value_or(""));
  if (conversation_ && conversation_->qn == qn) {
    if (conversation_->cn == cn) reply("9011", qn, "QnRtn=1", turn);  // a repetition
    return;
  }
  if (!qn.empty() && last_.qn == qn && last_.cn == cn) {
    if (last_.request_return == 0) {
      reply("9013", qn, "", turn);
    } else {
      reply("9011", qn, fmt::format("QnRtn={}", last_.request_return), turn);
      if (last_.finished) reply("9012", qn, fmt::format("ExeRtn={}", last_.execution_return), turn);
    }
    return;
  }
  ++turn.report.requests_by_cn[cn];
  const hj212::Command* command = turn.protocol.find(cn, hj212::Sender::host, group_->device.dialect, st,
                                                     group_->device.surface_water_profile);
  const Misdeeds deeds = draw(behaviour(turn.now), random_);
  const auto done = [&](Misdeed misdeed) {
    if (!has(deeds, misdeed)) return false;
    ++turn.report.misbehaviour[std::string(name(misdeed))];
    return true;
  };

  int code = refusal(reading, command);
  if (code == 1 && (turn.now < refusing_until_ || done(Misdeed::refused))) code = 2;
  Plan plan;
  if (code == 1) {
    const bool another = conversation_ != nullptr && command->course != hj212::Course::notice;
    if (another || turn.now < busy_until_ || done(Misdeed::busy)) {
      plan.execution_return = code_of_busy(of_2005());
    } else {
      plan = plan_for(*command, cn, header, reader.fields(), turn.protocol, turn.now);
      code = plan.request_return;
    }
    if (another && !plan.notice) {
      reply("9011", qn, "QnRtn=1", turn);
      reply("9012", qn, fmt::format("ExeRtn={}", plan.execution_return), turn);
      ++turn.report.request_returns["1"];
      ++turn.report.execution_returns[fmt::format("{}", plan.execution_return)];
      return;
    }
  }
  if (plan.notice) {
    reply("9013", qn, "", turn);
    last_ = LastServed{qn, cn, 0, 0, true};
    return;
  }
  if (of_2005() && code > 3) code = 2;  // HJ/T 212-2005 has 1, 2 and 3 only
  ++turn.report.request_returns[fmt::format("{}", code)];
  last_ = LastServed{qn, cn, code, plan.execution_return, false};
  if (code != 1) {
    reply("9011", qn, fmt::format("QnRtn={}", code), turn);
    return;
  }
  if (!done(Misdeed::no_request_reply)) reply("9011", qn, "QnRtn=1", turn);
  const std::int64_t takes = group_->execution_ms + (done(Misdeed::late_result) ? kLateMs : 0);
  conversation_ = std::make_unique<Conversation>();
  conversation_->qn = qn;
  conversation_->cn = cn;
  conversation_->st = st;
  conversation_->due = turn.now.plus_ms(takes);
  conversation_->cursor_ms = plan.from.ms();
  conversation_->plan = std::move(plan);
}

/// The next frame of the conversation before its result; false when there is none left.
bool FieldDevice::go_on(Turn& turn) {
  Conversation& talk = *conversation_;
  Plan& plan = talk.plan;
  if (plan.response) {
    hj212::Outgoing out;
    out.st = talk.st;
    out.cn = talk.cn;
    out.pw = settings_.profile.password;
    out.mn = mn_;
    if (of_2005()) {
      out.area = fmt::format("QN={};{}", talk.qn, *plan.response);
    } else {
      out.qn = talk.qn;
      out.flag = static_cast<std::uint8_t>(version_2() ? 8 : 4);
      out.area = *plan.response;
    }
    plan.response.reset();
    (void)emit(out, Role::reply, turn);
    return true;
  }
  if (!plan.uploads.empty()) {
    std::string area = std::move(plan.uploads.front());
    plan.uploads.erase(plan.uploads.begin());
    talk.sent_any = true;
    ++turn.report.records_requested;
    send_area(talk.cn, talk.st, std::move(area), nullptr, turn);
    return true;
  }
  if (!plan.history) return false;
  const std::int64_t length = length_ms(*plan.history, realtime_s_, minute_min_);
  for (int empty = 0; talk.cursor_ms <= plan.to.ms(); ++empty) {
    if (empty == kMostEmptySteps) {
      talk.due = turn.now.plus_ms(1);  // let others speak
      return true;
    }
    const Pending item{*plan.history, true, talk.cursor_ms};
    talk.cursor_ms += length;
    if (!send_record(item, turn, true)) continue;
    talk.sent_any = true;
    return true;
  }
  return false;
}

void FieldDevice::finish(Turn& turn) {
  const std::unique_ptr<Conversation> talk = std::move(conversation_);
  Plan& plan = talk->plan;
  const bool nothing = plan.history && !talk->sent_any && plan.execution_return == 1;
  const int code = nothing ? 100 : plan.execution_return;
  last_.execution_return = code;
  last_.finished = true;
  ++turn.report.execution_returns[fmt::format("{}", code)];
  reply("9012", talk->qn, fmt::format("ExeRtn={}", code), turn);
  if (plan.first_mn) {
    ++turn.report.mns_assigned;
    if (!booted_) start(turn);
  }
  if (!plan.new_password.empty()) settings_.profile.password = plan.new_password;
  if (plan.new_key) {
    ++turn.report.keys_changed;
    settings_.keys.insert(settings_.keys.begin(), *plan.new_key);
    settings_.keys.resize(std::min<std::size_t>(settings_.keys.size(), 2));  // the one before is honoured
    key_created_ = plan.new_key_created;
    due_[kAskKey] = key_created_.plus_ms(90LL * 24 * 3'600'000);
  }
}

}  // namespace mj::simulator
