#include "follower.hpp"

namespace mj::alarm {
namespace {

/// Late exceedances so close together are one: neighbouring intervals, and real-time values a few uploads apart.
std::int64_t beside_ms(telemetry::Period period) {
  constexpr std::int64_t kMinuteMs = 60'000;
  switch (period) {
    case telemetry::Period::instant: return 10 * kMinuteMs;
    case telemetry::Period::minute:
    case telemetry::Period::hour: return 60 * kMinuteMs;
    case telemetry::Period::day: return 24 * 60 * kMinuteMs;
  }
  return 60 * kMinuteMs;
}

}  // namespace

void Follower::step(const evidence::StoredEntry& stored) {
  switch (stored.entry.type) {
    case evidence_format::EntryType::frame:
      if (DeviceWatch* watch = watches_.find(stored.entry.device)) read_frame(stored, *watch);
      break;
    case evidence_format::EntryType::decision: read_decision(stored); break;
    case evidence_format::EntryType::junk:
    case evidence_format::EntryType::sent:
    case evidence_format::EntryType::event:
    case evidence_format::EntryType::key:
    case evidence_format::EntryType::import:
    case evidence_format::EntryType::mark:
    case evidence_format::EntryType::configuration: break;
  }
}

void Follower::read_frame(const evidence::StoredEntry& stored, DeviceWatch& watch) {
  const telemetry::AcceptedFrame* frame = frames_.read(stored);
  if (frame == nullptr) return;
  const telemetry::Period period = telemetry::period_of(frame->cn);
  for (const telemetry::AcceptedValue& value : frame->values) {
    const DeviceWatch::Factor* factor = watch.find(value.factor);
    if (factor == nullptr) continue;
    if (!standards_.flag(value.flag).measurement) continue;
    const auto number = parse_decimal(value.text);
    if (!number) continue;
    for (const std::size_t index : factor->checks) {
      Check& check = watch.checks[index];
      if (check.period != period || check.kind != value.kind) continue;
      if (frame->data_time.ms_since(stored.entry.received_at) > check.limit->max_ahead_ms) continue;
      const auto& sentinels = check.limit->sentinels;
      if (std::any_of(sentinels.begin(), sentinels.end(), [&](Decimal s) { return compare(s, *number) == 0; }))
        continue;
      const auto in_unit =
          factor->unit.empty() ? number : standards_.convert(*number, factor->unit, check.limit->unit);
      if (in_unit) judge_value(stored, watch, check, *factor, {frame->data_time, *in_unit});
    }
  }
}

void Follower::judge_value(const evidence::StoredEntry& stored, DeviceWatch& watch, Check& check,
                           const DeviceWatch::Factor& factor, const Sample& sample) {
  const Limit& limit = *check.limit;
  const Outcome outcome = judge(limit, check.direction, check.state, sample);
  if (outcome.verdict == Verdict::ignored) {
    if (late_beyond(limit, check.direction, check.state, sample)) judge_late(stored, watch, check, factor, sample);
    return;
  }
  check.dirty = watch.dirty = true;
  if (outcome.verdict == Verdict::fine) return;
  if (outcome.verdict == Verdict::raised) {
    Alarm alarm = new_alarm(stored, watch, check, factor, sample);
    alarm.id = AlarmId(++last_id_);
    check.alarm = std::move(alarm);
    return note(*check.alarm, Change::raised);
  }
  Alarm& alarm = *check.alarm;
  alarm.last_value = sample.value;
  alarm.last_at = sample.at;
  if (outcome.verdict == Verdict::cleared) {
    alarm.cleared_at = stored.entry.received_at;
    alarm.clear_entry = stored.index.raw();
    note(alarm, Change::cleared);
    check.alarm.reset();
    return;
  }
  if (outcome.beyond) {
    ++alarm.updates;
    const int side = check.direction == Direction::above ? 1 : -1;
    if (compare(sample.value, alarm.peak_value) * side > 0) {
      alarm.peak_value = sample.value;
      alarm.peak_at = sample.at;
    }
  }
  note(alarm, Change::updated);
}

Alarm Follower::new_alarm(const evidence::StoredEntry& stored, const DeviceWatch& watch, const Check& check,
                          const DeviceWatch::Factor& factor, const Sample& sample) {
  const Limit& limit = *check.limit;
  Alarm alarm;
  alarm.point = watch.point;
  alarm.device = watch.device;
  alarm.factor = factor.code;
  alarm.kind = check.kind;
  alarm.period = check.period;
  alarm.unit = limit.unit;
  alarm.severity = limit.severity;
  alarm.rule = limit.id;
  alarm.limit = threshold(limit, check.direction).value_or(Decimal{});
  alarm.direction = check.direction;
  alarm.source = limit.source;
  alarm.opened_at = alarm.last_at = alarm.peak_at = sample.at;
  alarm.raised_at = stored.entry.received_at;
  alarm.last_value = alarm.peak_value = sample.value;
  alarm.entry = stored.index.raw();
  return alarm;
}

std::optional<Alarm> Follower::find_near(const AlarmTable::Near& near) const {
  std::optional<Alarm> found;
  for (Alarm& alarm : find_near_(near)) {
    if (changes_.contains(alarm.id)) continue;  // what is stored of it is out of date
    found = std::move(alarm);
    break;
  }
  for (const auto& [id, changed] : changes_) {
    if (near.touches(changed.alarm) && (!found || found->id < id)) found = changed.alarm;
  }
  return found;
}

void Follower::judge_late(const evidence::StoredEntry& stored, const DeviceWatch& watch, const Check& check,
                          const DeviceWatch::Factor& factor, const Sample& sample) {
  // The alarm that lasts covers its values; what was sent again changes nothing.
  if (check.alarm && sample.at >= check.alarm->opened_at) return;
  const std::int64_t beside = beside_ms(check.period);
  const AlarmTable::Near near{check.limit->id,
                              check.direction,
                              watch.device,
                              factor.code,
                              check.kind,
                              check.period,
                              sample.at.plus_ms(-beside),
                              sample.at.plus_ms(beside)};
  std::optional<Alarm> alarm = find_near(near);
  if (!alarm || alarm->open()) {
    Alarm past = new_alarm(stored, watch, check, factor, sample);
    past.id = AlarmId(++last_id_);
    // Later values have been judged on their own: this exceedance is known to be over, or to be another's beginning.
    past.cleared_at = stored.entry.received_at;
    past.clear_entry = stored.index.raw();
    return note(past, Change::raised);
  }
  if (sample.at >= alarm->opened_at && sample.at <= alarm->last_at) return;
  if (sample.at > alarm->last_at) {
    alarm->last_at = sample.at;
    alarm->last_value = sample.value;
  }
  alarm->opened_at = std::min(alarm->opened_at, sample.at);
  ++alarm->updates;
  const int side = check.direction == Direction::above ? 1 : -1;
  if (compare(sample.value, alarm->peak_value) * side > 0) {
    alarm->peak_value = sample.value;
    alarm->peak_at = sample.at;
  }
  note(*alarm, Change::updated);
}

void Follower::read_decision(const evidence::StoredEntry& stored) {
  const auto decision = decode(stored.entry.payload);
  if (!decision) return;  // another room's
  const Acknowledgement act{decision->name, decision->reason, stored.entry.received_at, stored.index.raw()};
  Check* check = watches_.find(decision->device, decision->rule, decision->direction, decision->factor,
                               decision->kind, decision->period);
  if (check != nullptr && check->alarm && decision->names(*check->alarm)) {
    if (check->alarm->acknowledged) return;  // the first act stands
    check->alarm->acknowledged = act;
    return note(*check->alarm, Change::acknowledged);
  }
  const auto changed = std::find_if(changes_.begin(), changes_.end(),
                                    [&](const auto& c) { return decision->names(c.second.alarm); });
  std::optional<Alarm> alarm =
      changed != changes_.end() ? std::optional<Alarm>(changed->second.alarm) : find_stored_(*decision);
  if (!alarm || alarm->acknowledged) return;
  alarm->acknowledged = act;
  note(*alarm, Change::acknowledged);
}

void Follower::note(const Alarm& alarm, Change change) {
  const auto [place, added] = changes_.try_emplace(alarm.id, Changed{alarm, change});
  if (added) return;
  place->second.alarm = alarm;
  // Who is told of a new alarm must not take it for an old one because its second value came in the same batch.
  if (change != Change::updated) place->second.change = change;
}

void Follower::forget_changes() {
  changes_.clear();
  for (DeviceWatch& watch : watches_.devices()) {
    if (!watch.dirty) continue;
    watch.dirty = false;
    for (Check& check : watch.checks) check.dirty = false;
  }
}

}  // namespace mj::alarm
