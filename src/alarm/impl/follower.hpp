#pragma once

#include <functional>
#include <map>

#include "alarm_table.hpp"
#include "decision.hpp"
#include "mj/alarm/alarm.hpp"
#include "mj/alarm/alarm_book.hpp"
#include "mj/evidence/log.hpp"
#include "mj/telemetry/accepted_frames.hpp"
#include "watch.hpp"

namespace mj::alarm {

/// Turns entries into changes of alarms, in memory; what is committed when is the book's matter.
/// Thread: the consuming one.
class Follower {
 public:
  /// Finds an alarm that is neither open nor among the changes.
  using FindStored = std::function<std::optional<Alarm>(const AcknowledgeDecision&)>;

  /// Stored alarms of a check whose values touch a stretch of time, newest number first.
  using FindNear = std::function<std::vector<Alarm>(const AlarmTable::Near&)>;

  Follower(const registry::Network& network, const standards::StandardSet& standards, WatchList& watches,
           FindStored find_stored, FindNear find_near)
      : standards_(standards),
        watches_(watches),
        frames_(network),
        find_stored_(std::move(find_stored)),
        find_near_(std::move(find_near)) {}

  /// Takes the settings of devices as they are known now; before each batch.
  void use(registry::SettingsView settings) { frames_.use(std::move(settings)); }
  void step(const evidence::StoredEntry& stored);

  struct Changed {
    Alarm alarm;
    Change change = Change::updated;
  };
  /// By number, since forget_changes().
  [[nodiscard]] const std::map<AlarmId, Changed>& changes() const { return changes_; }
  /// Also clears what marks checks as judged.
  void forget_changes();
  /// The next alarm gets the number after this.
  void set_last_id(std::int64_t id) { last_id_ = id; }

 private:
  void read_frame(const evidence::StoredEntry& stored, DeviceWatch& watch);
  void read_decision(const evidence::StoredEntry& stored);
  void judge_value(const evidence::StoredEntry& stored, DeviceWatch& watch, Check& check,
                   const DeviceWatch::Factor& factor, const Sample& sample);
  /// An exceedance learnt of when later values have been judged: it joins the alarm beside it, or is one that is over.
  void judge_late(const evidence::StoredEntry& stored, const DeviceWatch& watch, const Check& check,
                  const DeviceWatch::Factor& factor, const Sample& sample);
  [[nodiscard]] std::optional<Alarm> find_near(const AlarmTable::Near& near) const;
  [[nodiscard]] static Alarm new_alarm(const evidence::StoredEntry& stored, const DeviceWatch& watch,
                                       const Check& check, const DeviceWatch::Factor& factor,
                                       const Sample& sample);
  void note(const Alarm& alarm, Change change);

  const standards::StandardSet& standards_;
  WatchList& watches_;
  telemetry::AcceptedFrames frames_;
  FindStored find_stored_;
  FindNear find_near_;
  std::map<AlarmId, Changed> changes_;
  std::int64_t last_id_ = 0;
};

}  // namespace mj::alarm
