#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mj/hj212/protocol.hpp"
#include "mj/hj212/sm4.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/simulator/fleet.hpp"
#include "mj/simulator/misbehaviour.hpp"

namespace mj::simulator {

/// Kinds of record that a device keeps or sends 数据类型.
enum class Record : std::uint8_t {
  realtime,      ///< 2011
  minute,        ///< 2051
  hour,          ///< 2061
  day,           ///< 2031
  status,        ///< 2021 equipment status
  running_time,  ///< 2041
  check,         ///< 2062 standard check (2025)
  raw,           ///< 2013 raw periodic samples (2025)
  single_noise,  ///< 2052 (2025)
  furnace,       ///< 2111 five-minute mean of furnace temperature (2025)
  electricity,   ///< 2011 with ST=44 (2025)
  production,    ///< 2011 with ST=45 (2025)
  count_
};
inline constexpr std::size_t kRecordCount = static_cast<std::size_t>(Record::count_);

/// "realtime", "minute" …; the words of scenarios.
[[nodiscard]] std::string_view name(Record record);
[[nodiscard]] std::optional<Record> parse_record(std::string_view word);
/// The command that carries it, "2051".
[[nodiscard]] std::string_view command_of(Record record);

/// How the values of a record are written.
enum class RecordStyle : std::uint8_t {
  full,        ///< Cou, Min, Avg, Max, Zs…, Flag
  means_only,  ///< Avg and Flag: surface-water and air stations
  noise        ///< `Leq-Data`, no Flag. Source: HJ 212-2017 C.25 to C.28
};

/// A stretch of time whose records were lost on their way: not sent spontaneously, kept for requests 补取.
struct LostPeriod {
  Instant from, to;  ///< records that begin in [from, to)
  std::vector<Record> records;
};

/// Devices that are alike but for their number.
struct DeviceGroup {
  std::string name;
  std::uint32_t count = 1;
  Device device;                          ///< `mn` holds the number of the first one; see mn()
  std::string vendor;                     ///< for network.toml
  std::vector<std::string> more_systems;  ///< further ST that requests may carry: 44, 45
  std::optional<hj212::Sm4Key> key;       ///< first key; uploads go out in cipher
  std::int64_t key_age_days = 0;          ///< age of the key at the start; above 90 a new one is asked for (1014)
  bool assign_mn = false;                 ///< has no MN until the host gives one (1001/1002)

  std::int64_t realtime_s = 30;            ///< RtdInterval; 0: no real-time data
  std::int64_t minute_min = 10;            ///< MinInterval; 0: no minute data
  std::array<bool, kRecordCount> sends{};  ///< which records are sent without being asked
  bool scheduled = true;                   ///< false: somebody else sends its records, heartbeats and 2081
  std::int64_t heartbeat_s = 0;            ///< 9015; 0: none
  std::int64_t ask_time_s = 0;             ///< 1013 so often; 0: never
  std::int64_t backfill_h = 0;             ///< hour records before the start, sent at first 补传
  std::int64_t backfill_minutes_h = 0;     ///< minute records likewise
  std::int64_t spread_s = 10;              ///< devices are up to this late, so that they do not speak all at once
  std::size_t max_area = 950;              ///< longer data areas are split 拆包
  int equipment = 2;                       ///< treatment equipment SB1, SB2 …
  std::int64_t execution_ms = 200;         ///< from 9011 to the result

  std::int64_t clock_offset_ms = 0;  ///< wrong by this at the start
  double clock_drift_ppm = 0;
  RecordStyle style = RecordStyle::full;
  Source model;  ///< signals and daily course; its `device` is this one
  Misbehaviour misbehaviour;
  std::vector<LostPeriod> lost;

  /// MN of the device `index`: the first one's, its last digits counted up.
  [[nodiscard]] std::string mn(std::uint32_t index) const;
  /// Serial of the data logger 数采仪序列号 (i23005) of a device without MN.
  [[nodiscard]] std::string logger(std::uint32_t index) const;
};

/// Something that happens to devices at a moment.
enum class Happening : std::uint8_t {
  disconnect,  ///< the line is lost; the device connects again
  storm,       ///< loses and makes the connection all the time for `for_s`
  silence,     ///< sends nothing, keeps the line for `for_s`
  lose,        ///< records of `for_s` are not sent spontaneously
  clock_step,  ///< the device's clock steps by `value` seconds
  boot,        ///< restarts: connection, 2081
  refuse,      ///< refuses requests (QnRtn 2) for `for_s`
  busy,        ///< ExeRtn 5 for `for_s`
  ask_time,    ///< 1013
  ask_key,     ///< 1014 (2025)
  alarm,       ///< 2072 over-limit event (2005), status 4 of the first equipment otherwise
  misbehave    ///< `misbehaviour` instead of the group's for `for_s`
};
[[nodiscard]] std::string_view name(Happening happening);
[[nodiscard]] std::optional<Happening> parse_happening(std::string_view word);

struct ScenarioEvent {
  Happening what = Happening::disconnect;
  std::int64_t at_ms = 0;     ///< after the start
  std::int64_t every_ms = 0;  ///< again so often; 0: once
  std::string group;          ///< empty: all
  double share = 1;           ///< of the devices, from the first on
  std::int64_t for_ms = 0;
  double value = 0;
  Misbehaviour misbehaviour;
};

/// A play of devices 场景脚本: who they are, how they misbehave and what happens when. Form: src/simulator/README.md.
struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  std::int64_t duration_ms = 0;  ///< 0: until stopped
  std::uint32_t connects_per_s = 1000;
  std::vector<DeviceGroup> groups;
  std::vector<ScenarioEvent> events;

  /// `start` is what relative times ("-30h") count from. Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<Scenario> load(const std::filesystem::path& file, Instant start);
  [[nodiscard]] std::uint32_t devices() const;
};

/// network.toml text that registers the devices of a scenario with their profiles, each at a point of the element that the table
/// of system codes names for its ST (a source where it names none). Devices without MN are registered with
/// the MN they are to get and their logger. First keys cannot be registered there: a comment names them.
[[nodiscard]] std::string scenario_network_toml(const Scenario& scenario, const hj212::Protocol& protocol);

}  // namespace mj::simulator
