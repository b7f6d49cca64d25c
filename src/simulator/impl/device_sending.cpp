// How a device puts records, notices and replies on the line, and waits for answers.
#include "field_device.hpp"
#include "field_model.hpp"

namespace mj::simulator {
namespace {

constexpr int kMostPerPump = 64;  // a device that needs no answers still lets others speak
constexpr std::size_t kMostWithheld = 100'000;

std::string data_time_of(std::string_view area) {
  constexpr std::string_view kKey = "DataTime=";
  if (!area.starts_with(kKey)) return {};
  return std::string(area.substr(kKey.size(), 14));
}

}  // namespace

void FieldDevice::withhold(std::string cn, Instant data_time, std::string cause, Turn& turn) {
  ++turn.report.withheld;
  if (turn.report.withheld_records.size() < kMostWithheld) {
    turn.report.withheld_records.push_back(WithheldRecord{mn_, std::move(cn), data_time, std::move(cause)});
  }
}

void FieldDevice::check_answer(Turn& turn) {
  if (!in_flight_ || turn.now < in_flight_->deadline) return;
  if (in_flight_->tries < recount_) {
    ++in_flight_->tries;
    ++turn.report.resent;
    in_flight_->deadline = turn.now.plus_ms(over_time_ms_);
    (void)emit(in_flight_->message, in_flight_->record ? Role::upload : Role::notice, turn, true);
    return;
  }
  // HJ 212-2017 §6.2: communication unavailable, end. The record is kept for the next connection.
  ++turn.report.given_up;
  turn.disconnect = true;
}

void FieldDevice::pump(Turn& turn) {
  for (int sent = 0; online_ && !in_flight_ && !turn.disconnect && sent < kMostPerPump; ++sent) {
    if (!parts_.empty()) {
      hj212::Outgoing part = std::move(parts_.back());
      parts_.pop_back();
      const std::optional<Pending> of = parts_of_;
      launch(std::move(part), of ? &*of : nullptr, turn);
      continue;
    }
    parts_of_.reset();
    if (!urgent_.empty()) {
      hj212::Outgoing message = std::move(urgent_.front());
      urgent_.erase(urgent_.begin());
      launch(std::move(message), nullptr, turn);
      continue;
    }
    if (conversation_ && turn.now >= conversation_->due) {
      if (!go_on(turn)) finish(turn);
      continue;
    }
    if (pending_.empty() || !sends_records()) return;
    const Pending item = pending_.back();
    pending_.pop_back();
    (void)send_record(item, turn, false);
  }
}

bool FieldDevice::send_record(const Pending& item, Turn& turn, bool requested) {
  const Instant start = Instant::from_ms(item.start_ms);
  const std::string cn(command_of(item.record));
  if (!requested) {
    for (const LostPeriod& period : group_->lost) {
      const bool kind =
          std::find(period.records.begin(), period.records.end(), item.record) != period.records.end();
      if (kind && start >= period.from && start < period.to) {
        withhold(cn, start, "lost-period", turn);
        return false;
      }
    }
  }
  auto area = records_(item.record, start, length_ms(item.record, realtime_s_, minute_min_));
  if (!area) return false;
  if (requested) ++turn.report.records_requested;
  const std::string st = item.record == Record::electricity  ? "44"
                         : item.record == Record::production ? "45"
                                                             : group_->device.st;
  send_area(cn, st, *std::move(area), &item, turn);
  return true;
}

void FieldDevice::send_area(std::string cn, std::string st, std::string area, const Pending* record, Turn& turn) {
  const bool large = area.size() > group_->max_area;
  hj212::Outgoing whole = message(std::move(cn), std::move(st), std::move(area), !of_2005(), turn.now);
  whole.rf = record != nullptr && record->late && group_->device.dialect == hj212::Dialect::v2025;
  if (large) {
    auto parts = hj212::split(whole, group_->max_area);
    if (parts && parts->size() > 1) {
      // Each part has a QN of its own. Source: HJ 212-2017 C.50.
      for (std::size_t i = 1; i < parts->size(); ++i) {
        if ((*parts)[i].qn) (*parts)[i].qn = next_qn(turn.now);
      }
      parts_.assign(std::make_move_iterator(parts->rbegin()), std::make_move_iterator(parts->rend()));
      whole = std::move(parts_.back());
      parts_.pop_back();
      if (record != nullptr) parts_of_ = *record;
    }
  }
  launch(std::move(whole), record, turn);
}

void FieldDevice::launch(hj212::Outgoing message, const Pending* record, Turn& turn) {
  const bool waits = message.flag && (*message.flag & 1U) != 0;
  const bool answerable = emit(message, record != nullptr ? Role::upload : Role::notice, turn);
  if (!waits || !answerable) return;
  InFlight flight;
  flight.message = std::move(message);
  if (record != nullptr) flight.record = *record;
  flight.deadline = turn.now.plus_ms(over_time_ms_);
  in_flight_ = std::move(flight);
}

void FieldDevice::notice(std::string cn, std::string area, Turn& turn) {
  urgent_.push_back(message(std::move(cn), group_->device.st, std::move(area), !of_2005(), turn.now));
}

hj212::Outgoing FieldDevice::message(std::string cn, std::string st, std::string area, bool wants_answer,
                                     Instant now) {
  hj212::Outgoing message;
  if (!of_2005()) {
    message.qn = next_qn(now);
    message.flag = static_cast<std::uint8_t>((version_2() ? 8U : 4U) | (wants_answer ? 1U : 0U));
  }
  message.st = std::move(st);
  message.cn = std::move(cn);
  message.pw = settings_.profile.password;
  message.mn = mn_;
  message.area = std::move(area);
  return message;
}

bool FieldDevice::emit(const hj212::Outgoing& message, Role role, Turn& turn, bool again) {
  Misdeeds deeds = draw(behaviour(turn.now), random_);
  for (const Misdeed each : {Misdeed::no_request_reply, Misdeed::late_result, Misdeed::refused, Misdeed::busy}) {
    deeds.reset(static_cast<std::size_t>(each));  // those are about requests
  }
  const std::string time = data_time_of(message.area);
  const bool losable = role == Role::upload && !again && !time.empty();
  if (!losable) deeds.reset(static_cast<std::size_t>(Misdeed::frame_lost));
  if (role != Role::reply) deeds.reset(static_cast<std::size_t>(Misdeed::reply_lost));
  // A reply carries the QN of the request as it came; the habit is one of the device's own numbers.
  if (role == Role::reply) deeds.reset(static_cast<std::size_t>(Misdeed::qn_epoch));
  if (!again) {
    ++turn.report.frames;
    ++turn.report.frames_by_cn[message.cn];
  }
  if (has(deeds, Misdeed::frame_lost) || has(deeds, Misdeed::reply_lost)) {
    const bool upload = has(deeds, Misdeed::frame_lost);
    ++turn.report.misbehaviour[std::string(name(upload ? Misdeed::frame_lost : Misdeed::reply_lost))];
    if (upload) withhold(message.cn, parse_compact(time).value_or(Instant()), "frame-lost", turn);
    return false;
  }
  // HJ 212-2025 §6.4 as reported: all of 2000…2999, 1014 and 3020 from the device go in cipher.
  const bool secret =
      !settings_.keys.empty() && (message.cn.starts_with('2') || message.cn == "1014" || message.cn == "3020");
  const std::size_t before = turn.line.size();
  write_frame(message, group_->device.crc, secret ? &settings_.keys.front() : nullptr, deeds, turn.line);
  for (std::size_t i = before; i < turn.line.size(); ++i) turn.report.bytes += turn.line[i].bytes.size();
  for (std::size_t i = 0; i < kMisdeedCount; ++i) {
    if (deeds.test(i)) ++turn.report.misbehaviour[std::string(name(static_cast<Misdeed>(i)))];
  }
  // Who sends no Flag asks for no answer.
  return !has(deeds, Misdeed::flag_missing);
}

}  // namespace mj::simulator
