#include "field_device.hpp"

#include "durations.hpp"
#include "field_model.hpp"
#include "random.hpp"

namespace mj::simulator {
namespace {

static_assert(sizeof(FieldDevice) <= 2048, "ten thousand devices in one process");

// 2025 keys live at most 90 days; source: HJ 212-2025 as reported (fact sheet §9).
constexpr std::int64_t kKeyLifeMs = 90 * kDayMs;
constexpr std::int64_t kAskMnMs = 30'000;  // how long an answer to 1001 is waited for before it is sent again
constexpr std::size_t kMostPending = 5'000;
constexpr std::array<std::string_view, kRecordCount> kCommands{"2011", "2051", "2061", "2031", "2021", "2041",
                                                               "2062", "2013", "2052", "2111", "2011", "2011"};
constexpr std::array<std::string_view, kRecordCount> kRecordNames{
    "realtime", "minute", "hour",         "day",     "status",      "running-time",
    "check",    "raw",    "single-noise", "furnace", "electricity", "production"};

}  // namespace

std::string_view name(Record record) { return kRecordNames[static_cast<std::size_t>(record)]; }

std::optional<Record> parse_record(std::string_view word) {
  for (std::size_t i = 0; i < kRecordCount; ++i) {
    if (kRecordNames[i] == word) return static_cast<Record>(i);
  }
  return std::nullopt;
}

std::string_view command_of(Record record) { return kCommands[static_cast<std::size_t>(record)]; }

FieldDevice::FieldDevice(const DeviceGroup& group, std::uint32_t index, RecordsOf records, std::uint64_t seed,
                         Instant now)
    : group_(&group),
      records_(std::move(records)),
      mn_(group.assign_mn ? std::string() : group.mn(index)),
      index_(index),
      key_created_(now.plus_ms(-group.key_age_days * kDayMs)),
      clock_offset_ms_(group.clock_offset_ms),
      clock_set_at_(now),
      realtime_s_(group.realtime_s),
      minute_min_(group.minute_min),
      realtime_on_(group.sends[static_cast<std::size_t>(Record::realtime)]),
      status_on_(group.sends[static_cast<std::size_t>(Record::status)]),
      random_(mix(seed, group.mn(index))) {
  settings_.profile.crc = group.device.crc;
  settings_.profile.password = group.device.pw;
  settings_.profile.password_rule = hj212::PasswordRule::report;
  settings_.profile.surface_water = group.device.surface_water_profile;
  if (group.key) settings_.keys.push_back(*group.key);
  due_.fill(kNever);
  if (sends_records()) begin(now);
}

void FieldDevice::begin(Instant now) {
  back_fill(now);
  schedule_all(now);
  if (group_->heartbeat_s > 0) due_[kHeartbeat] = now.plus_ms(group_->heartbeat_s * 1'000);
  if (group_->ask_time_s > 0) due_[kAskTime] = now.plus_ms(group_->ask_time_s * 1'000);
  if (!settings_.keys.empty()) due_[kAskKey] = std::max(now, key_created_.plus_ms(kKeyLifeMs));
}

bool FieldDevice::version_2() const {
  return group_->device.dialect == hj212::Dialect::v2025 || group_->device.surface_water_profile;
}

/// A device without MN has nothing to report under.
bool FieldDevice::sends_records() const { return !mn_.empty() || !group_->assign_mn; }

Instant FieldDevice::clock(Instant now) const {
  const double drifted = static_cast<double>(now.ms_since(clock_set_at_)) * group_->clock_drift_ppm / 1e6;
  return now.plus_ms(clock_offset_ms_ + static_cast<std::int64_t>(drifted));
}

void FieldDevice::set_clock(Instant to, Instant now) {
  clock_offset_ms_ = to.ms_since(now);
  clock_set_at_ = now;
  schedule_all(now);
}

std::string FieldDevice::next_qn(Instant now) {
  last_qn_ms_ = std::max(clock(now).ms(), last_qn_ms_ + 1);
  std::string qn = to_compact_ms(Instant::from_ms(last_qn_ms_));
  // Not that of the request either, which may be of the same millisecond.
  if (qn == last_.qn) qn = to_compact_ms(Instant::from_ms(++last_qn_ms_));
  return qn;
}

const Misbehaviour& FieldDevice::behaviour(Instant now) const {
  return other_behaviour_ != nullptr && now < other_until_ ? *other_behaviour_ : group_->misbehaviour;
}

// ---- what is due when

void FieldDevice::schedule(Record record, Instant now) {
  Instant& due = due_[static_cast<std::size_t>(record)];
  const bool realtime = group_->scheduled && record == Record::realtime && realtime_on_ && realtime_s_ > 0;
  const bool status = record == Record::status && status_on_;
  const bool other = group_->scheduled && record != Record::realtime && record != Record::status &&
                     group_->sends[static_cast<std::size_t>(record)] &&
                     (record != Record::minute || minute_min_ > 0);
  if (!realtime && !status && !other) {
    due = kNever;
    return;
  }
  const std::int64_t length = length_ms(record, realtime_s_, minute_min_);
  const std::int64_t spread = std::min(group_->spread_s * 1'000, length / 2);
  // Its own place in the spread, always the same.
  std::uint64_t place = mix(index_, group_->name);
  const std::int64_t delay =
      spread > 0 ? static_cast<std::int64_t>(next_random(place) % static_cast<std::uint64_t>(spread)) : 0;
  const Instant shown = clock(now).plus_ms(-delay);
  const Instant next = interval_start(shown, length).plus_ms(length);
  due = now.plus_ms(next.ms_since(shown));
}

void FieldDevice::schedule_all(Instant now) {
  for (std::size_t i = 0; i < kRecordCount; ++i) schedule(static_cast<Record>(i), now);
}

void FieldDevice::back_fill(Instant now) {
  const auto add = [&](Record record, std::int64_t hours) {
    if (hours <= 0) return;
    const std::int64_t length = length_ms(record, realtime_s_, minute_min_);
    const Instant end = interval_start(clock(now), length);
    for (Instant at = interval_start(end.plus_ms(-hours * kHourMs), length); at < end; at = at.plus_ms(length)) {
      pending_.push_back(Pending{record, true, at.ms()});
    }
  };
  add(Record::minute, group_->backfill_minutes_h);
  add(Record::hour, group_->backfill_h);
}

void FieldDevice::fire(Record record, Turn& turn) {
  const std::int64_t length = length_ms(record, realtime_s_, minute_min_);
  const Instant begun = interval_start(clock(turn.now), length);
  const bool instant = record == Record::realtime || record == Record::status || record == Record::production ||
                       record == Record::electricity;
  const Pending item{record, false, (instant ? begun : begun.plus_ms(-length)).ms()};
  schedule(record, turn.now);
  if (!online_ && instant) return;  // only what an interval sums up is kept for later
  if (turn.now < losing_until_) {
    withhold(std::string(command_of(record)), Instant::from_ms(item.start_ms), "lost-period", turn);
    return;
  }
  if (record == Record::realtime) {
    std::erase_if(pending_, [](const Pending& each) { return each.record == Record::realtime; });
  }
  if (pending_.size() == kMostPending) {
    withhold(std::string(command_of(pending_.front().record)), Instant::from_ms(pending_.front().start_ms),
             "memory-full", turn);
    pending_.erase(pending_.begin());
  }
  pending_.push_back(item);
  pending_.back().late = !online_;
}

// ---- the line

void FieldDevice::connected(Turn& turn) {
  online_ = true;
  if (group_->assign_mn && mn_.empty()) {
    due_[kAskMn] = turn.now;
  } else if (!booted_) {
    start(turn);
  }
  wake(turn);
}

void FieldDevice::start(Turn& turn) {
  booted_ = true;
  if (of_2005() || !group_->scheduled) return;  // 2081 came with 2017
  const std::string shown = to_compact(clock(turn.now));
  notice("2081", fmt::format("DataTime={};RestartTime={}", shown, shown), turn);
}

void FieldDevice::lost(Instant now) {
  online_ = false;
  std::optional<Pending> unsent = parts_of_;
  if (in_flight_ && in_flight_->record) unsent = in_flight_->record;
  if (unsent && unsent->record != Record::realtime && !conversation_) {
    unsent->late = true;
    pending_.insert(pending_.begin(), *unsent);
  }
  in_flight_.reset();
  parts_.clear();
  parts_of_.reset();
  urgent_.clear();
  conversation_.reset();
  if (group_->assign_mn && mn_.empty()) due_[kAskMn] = kNever;
  std::erase_if(pending_, [](const Pending& each) { return each.record == Record::realtime; });
  silent_until_ = std::min(silent_until_, now);
}

Instant FieldDevice::next_wake() const {
  Instant next = *std::min_element(due_.begin(), due_.end());
  if (in_flight_) next = std::min(next, in_flight_->deadline);
  if (conversation_ && !in_flight_) next = std::min(next, conversation_->due);
  if (online_ && !in_flight_ && (!pending_.empty() || !urgent_.empty() || !parts_.empty())) next = Instant();
  return std::max(next, silent_until_);
}

void FieldDevice::wake(Turn& turn) {
  if (turn.now < silent_until_) return;
  for (std::size_t i = 0; i < kRecordCount; ++i) {
    if (turn.now >= due_[i]) fire(static_cast<Record>(i), turn);
  }
  if (turn.now >= due_[kHeartbeat]) {
    due_[kHeartbeat] = turn.now.plus_ms(group_->heartbeat_s * 1'000);
    if (online_ && !in_flight_ && sends_records()) notice("9015", "", turn);
  }
  if (turn.now >= due_[kAskTime]) {
    due_[kAskTime] = turn.now.plus_ms(group_->ask_time_s * 1'000);
    if (online_ && sends_records()) notice("1013", "", turn);
  }
  if (turn.now >= due_[kAskKey]) {
    const bool can_ask = online_ && sends_records();
    due_[kAskKey] = turn.now.plus_ms(can_ask ? kHourMs : kAskMnMs);  // until a new key comes
    if (can_ask) {
      notice("1014", fmt::format("SKCreateTime={}", to_compact_ms(key_created_)), turn);
    }
  }
  if (turn.now >= due_[kAskMn]) {
    due_[kAskMn] = turn.now.plus_ms(kAskMnMs);
    if (online_) {
      const std::string serial = group_->logger(index_);
      notice("1001",
             fmt::format("i23005-Info={0};i23006-Info={1:012X};i23007-Info=02{2:010X};i23008-Info=06{2:010X}",
                         serial, 0xA800'0000'0000U + index_, std::uint64_t{index_}),
             turn);
    }
  }
  check_answer(turn);
  pump(turn);
}

void FieldDevice::happen(const ScenarioEvent& event, Turn& turn) {
  const Instant until = turn.now.plus_ms(event.for_ms);
  switch (event.what) {
    case Happening::disconnect:
    case Happening::storm: break;  // of the line
    case Happening::silence: silent_until_ = until; break;
    case Happening::lose: losing_until_ = until; break;
    case Happening::clock_step:
      set_clock(clock(turn.now).plus_ms(static_cast<std::int64_t>(event.value * 1000)), turn.now);
      break;
    case Happening::boot:
      booted_ = false;
      turn.disconnect = true;
      break;
    case Happening::refuse: refusing_until_ = until; break;
    case Happening::busy: busy_until_ = until; break;
    case Happening::ask_time: notice("1013", "", turn); break;
    case Happening::ask_key:
      if (!settings_.keys.empty()) {
        notice("1014", fmt::format("SKCreateTime={}", to_compact_ms(key_created_)), turn);
      }
      break;
    case Happening::alarm: {
      const Instant shown = clock(turn.now);
      const auto& signals = group_->model.signals;
      if (of_2005() && !signals.empty()) {
        const std::string area = fmt::format("AlarmTime={};{}-Ala={:.1f},AlarmType=1", to_compact(shown),
                                             signals.front().old_code, signals.front().level * 2);
        instruments().log(shown, "alarm", area);
        urgent_.push_back(message("2072", group_->device.st, area, false, turn.now));
      } else {
        urgent_.push_back(message("2021", group_->device.st,
                                  fmt::format("DataTime={};SB1-RS=4", to_compact(shown)), true, turn.now));
      }
      break;
    }
    case Happening::misbehave:
      other_behaviour_ = &event.misbehaviour;
      other_until_ = until;
      break;
  }
}

}  // namespace mj::simulator
