#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "instruments.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/simulator/scenario.hpp"
#include "mj/simulator/scenario_run.hpp"
#include "wire.hpp"

namespace mj::simulator {

/// One turn of a device: what it is told, may look up, counts and says.
struct Turn {
  Instant now;
  const hj212::Protocol& protocol;
  ScenarioReport& report;
  std::vector<Emission> line;  ///< to be written, in order
  bool disconnect = false;     ///< close the line after it
};

/// What a request asks a device to do, decided before the first reply.
struct Plan {
  int request_return = 1;               ///< QnRtn
  int execution_return = 1;             ///< ExeRtn
  bool notice = false;                  ///< answered by 9013 alone
  std::optional<std::string> response;  ///< area of the frame with the request's CN and QN
  std::optional<Record> history;        ///< records of [from, to] by their start
  Instant from, to;
  std::vector<std::string> uploads;  ///< areas sent under the request's CN with QN of their own (logs)
  bool first_mn = false;             ///< 1002 gave the device its first MN
  // In force once 9012 is out.
  std::string new_password;
  std::optional<hj212::Sm4Key> new_key;
  Instant new_key_created;
};

/// A simulated device 现场机 as a state machine without sockets: takes frames and moments, gives bytes for the line. Keeps
/// settings, clock, keys, conversation and schedule; values come from a function, so it stores none. Two kilobytes.
class FieldDevice {
 public:
  /// Data area of the record that begins at a moment and lasts so many milliseconds; none: there is no such record.
  using RecordsOf = std::function<std::optional<std::string>(Record, Instant start, std::int64_t length_ms)>;

  /// `group` outlives the device.
  FieldDevice(const DeviceGroup& group, std::uint32_t index, RecordsOf records, std::uint64_t seed, Instant now);

  void connected(Turn& turn);
  void lost(Instant now);
  /// A frame of the host, read by settings().
  void take(hj212::FrameReader& reader, const hj212::FrameReading& reading, Turn& turn);
  /// Does what is due. Call at next_wake() or later.
  void wake(Turn& turn);
  [[nodiscard]] Instant next_wake() const;
  /// Something happens to it; reconnecting is the caller's.
  void happen(const ScenarioEvent& event, Turn& turn);

  [[nodiscard]] const hj212::DeviceSettings& settings() const { return settings_; }
  [[nodiscard]] const std::string& mn() const { return mn_; }
  [[nodiscard]] const std::string& password() const { return settings_.profile.password; }
  [[nodiscard]] bool realtime_on() const { return realtime_on_; }
  [[nodiscard]] bool status_on() const { return status_on_; }
  [[nodiscard]] std::int64_t realtime_s() const { return realtime_s_; }
  [[nodiscard]] std::int64_t minute_min() const { return minute_min_; }
  /// What its own clock shows.
  [[nodiscard]] Instant clock(Instant now) const;
  /// A QN it has not used before: its time in milliseconds, later when that is taken.
  [[nodiscard]] std::string next_qn(Instant now);
  [[nodiscard]] bool idle() const { return !in_flight_ && !conversation_ && pending_.empty() && urgent_.empty(); }

 private:
  /// A record waiting to be sent.
  struct Pending {
    Record record = Record::realtime;
    bool late = false;
    std::int64_t start_ms = 0;
  };
  /// A frame that waits for its answer.
  struct InFlight {
    hj212::Outgoing message;
    std::optional<Pending> record;
    Instant deadline;
    int tries = 0;
  };
  struct Conversation {
    std::string qn, cn, st;
    Plan plan;
    Instant due;  ///< data and result not before this
    std::int64_t cursor_ms = 0;
    bool sent_any = false;
  };
  struct LastServed {
    std::string qn, cn;
    int request_return = 1;
    int execution_return = 1;
    bool finished = false;
  };
  enum class Role : std::uint8_t { upload, reply, notice };
  enum Due : std::size_t { kHeartbeat = kRecordCount, kAskTime, kAskKey, kAskMn, kDueCount };

  // field_device.cpp: time, sending
  [[nodiscard]] bool of_2005() const { return group_->device.dialect == hj212::Dialect::v2005; }
  [[nodiscard]] bool version_2() const;
  [[nodiscard]] bool sends_records() const;
  void begin(Instant now);
  void start(Turn& turn);
  void schedule(Record record, Instant now);
  void schedule_all(Instant now);
  void fire(Record record, Turn& turn);
  void back_fill(Instant now);
  void pump(Turn& turn);
  bool send_record(const Pending& item, Turn& turn, bool requested);
  void send_area(std::string cn, std::string st, std::string area, const Pending* record, Turn& turn);
  void launch(hj212::Outgoing message, const Pending* record, Turn& turn);
  /// Whether an answer may come: false when a misdeed keeps the frame back for ever or its Flag away.
  bool emit(const hj212::Outgoing& message, Role role, Turn& turn, bool again = false);
  void notice(std::string cn, std::string area, Turn& turn);
  void withhold(std::string cn, Instant data_time, std::string cause, Turn& turn);
  void check_answer(Turn& turn);
  [[nodiscard]] hj212::Outgoing message(std::string cn, std::string st, std::string area, bool wants_answer,
                                        Instant now);
  [[nodiscard]] const Misbehaviour& behaviour(Instant now) const;

  // conversation.cpp: replies and their order
  void take_answer(std::string_view cn, std::string_view qn, Turn& turn);
  void take_request(hj212::FrameReader& reader, const hj212::FrameReading& reading, Turn& turn);
  [[nodiscard]] int refusal(const hj212::FrameReading& reading, const hj212::Command* command) const;
  void reply(std::string_view cn, std::string_view qn, std::string area, Turn& turn);
  bool go_on(Turn& turn);
  void finish(Turn& turn);

  // commands.cpp: what each command does
  [[nodiscard]] Plan plan_for(const hj212::Command& command, std::string_view cn, const hj212::Header& header,
                              const std::vector<hj212::Field>& fields, const hj212::Protocol& protocol,
                              Instant now);
  [[nodiscard]] Plan plan_instrument(const std::string& cn, const std::vector<hj212::Field>& fields, Instant now);
  [[nodiscard]] Plan plan_info(const std::vector<hj212::Field>& fields, Instant now);
  [[nodiscard]] Plan plan_limits(const std::string& cn, const std::vector<hj212::Field>& fields, Instant now);
  [[nodiscard]] Plan plan_history(Record record, const std::vector<hj212::Field>& fields, Instant now) const;
  [[nodiscard]] bool has_instrument(std::string_view code) const;
  [[nodiscard]] Instruments& instruments();
  void set_clock(Instant to, Instant now);

  const DeviceGroup* group_;
  RecordsOf records_;
  hj212::DeviceSettings settings_;
  std::string mn_;
  std::uint32_t index_;
  Instant key_created_;
  std::int64_t clock_offset_ms_ = 0;
  Instant clock_set_at_;
  std::int64_t realtime_s_;
  std::int64_t minute_min_;
  std::int64_t over_time_ms_ = 10'000;
  int recount_ = 3;
  bool online_ = false;
  bool booted_ = false;
  bool realtime_on_;
  bool status_on_;
  std::uint64_t random_;
  std::int64_t last_qn_ms_ = 0;

  std::array<Instant, kDueCount> due_;
  std::vector<Pending> pending_;        ///< the newest last, which goes first
  std::vector<hj212::Outgoing> parts_;  ///< rest of a split record, the next one last
  std::optional<Pending> parts_of_;
  std::vector<hj212::Outgoing> urgent_;  ///< notices and heartbeats
  std::optional<InFlight> in_flight_;
  std::unique_ptr<Conversation> conversation_;
  LastServed last_;
  std::unique_ptr<Instruments> instruments_;

  const Misbehaviour* other_behaviour_ = nullptr;
  Instant other_until_, silent_until_, losing_until_, refusing_until_, busy_until_;
};

}  // namespace mj::simulator
