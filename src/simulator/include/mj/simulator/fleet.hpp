#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mj/hj212/crc.hpp"
#include "mj/hj212/message.hpp"
#include "mj/kernel/result.hpp"

namespace mj::simulator {

/// How a simulated device 现场机 speaks.
struct Device {
  std::string mn;  ///< 设备唯一标识
  std::string st;  ///< system code 系统编码, e.g. "22"
  std::string pw = "123456";
  hj212::Dialect dialect = hj212::Dialect::v2017;
  bool surface_water_profile = false;       ///< Flag=9 and 9015 heartbeats of the surface-water stations
  hj212::CrcRule crc = hj212::CrcRule::hj;  ///< which CRC it sends; never `off`
};

/// A device whose data come from a file of real observations.
struct ReplayDevice {
  Device device;
  std::string key;  ///< station code (air) or `river/section` (water): how the file's rows name it
};

/// One quantity that a simulated source measures: a level around which it varies.
struct Signal {
  std::string factor;          ///< HJ 212-2017 code
  std::string old_code;        ///< code in HJ/T 212-2005, for devices that speak it
  int decimals = 1;            ///< digits after the point that the device sends
  double level = 0;            ///< mean at full load
  double load_share = 0;       ///< 0: independent of the load; 1: proportional to it
  double noise = 0;            ///< standard deviation of the AR(1) noise, as a share of `level`
  double stopped = 0;          ///< value when the source is stopped 停运
  bool converted = false;      ///< also sent converted to reference oxygen 折算 (ZsRtd, ZsAvg …)
  bool amount = false;         ///< also sent as an amount over the interval (Cou 累计)
  std::optional<double> peak;  ///< level during an exceedance episode; none: not touched by it
};

/// A stack 废气排口 or a waste-water outlet 废水排口 that exists only in the simulation.
struct Source {
  Device device;
  std::string id;                     ///< point id in network.toml
  bool water = false;                 ///< waste water (flow in L/s) instead of flue gas (flow in m³/s)
  bool sound = false;                 ///< a sound level meter: its one signal is LA; records hold Leq, L10 …
  std::string flow_factor;            ///< the signal that amounts are computed with
  std::string oxygen_factor;          ///< the signal that conversion uses; empty for water
  double reference_oxygen = 0;        ///< O₂ reference 基准含氧量, %
  std::int64_t realtime_s = 5;        ///< interval of 2011 uploads
  std::int64_t minute_min = 1;        ///< interval of 2051 uploads, minutes
  double load_low = 0.6;              ///< load at the quietest hour, share of full load
  double load_peak_hour = 15;         ///< Beijing hour of the highest load
  std::optional<int> runs_from_hour;  ///< runs from this Beijing hour …
  std::optional<int> runs_to_hour;    ///< … until this one; always when absent
  std::int64_t pause_every_s = 0;     ///< short stops: one every so many seconds; 0: none
  std::int64_t pause_length_s = 0;
  std::int64_t episode_every_s = 0;  ///< exceedance episodes: one every so many seconds on average; 0: none
  std::int64_t episode_length_s = 0;
  std::int64_t episode_first_s = 0;  ///< the first one, seconds after the simulation starts
  std::vector<Signal> signals;
};

/// Everything that plays in a demonstration. Written as `fleet.toml`; its form is explained in demo/README.md.
struct Fleet {
  std::filesystem::path air_file;    ///< CSV or CSV.zst of hourly air data; empty: none
  std::filesystem::path water_file;  ///< CSV of four-hourly water data; empty: none
  std::vector<ReplayDevice> air;
  std::vector<ReplayDevice> water;
  std::vector<Source> sources;

  /// File names inside are relative to the fleet file. Errors: not_found; invalid_input with file, line and what is
  /// wrong (unknown dialect, repeated MN, a flow factor that is no signal …).
  [[nodiscard]] static Result<Fleet> load(const std::filesystem::path& file);
};

}  // namespace mj::simulator
