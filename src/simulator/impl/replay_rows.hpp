#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/simulator/fleet.hpp"

namespace mj::simulator {

/// One value as published; an empty text is sent as a flag without a value (maintenance).
struct ReplayField {
  const char* factor = "";
  std::string text;
};

/// One row of published data, ready to be sent.
struct ReplayRow {
  Instant play_at;    ///< when it became known, on the time axis of the data
  Instant data_time;  ///< HJ 212 DataTime
  char flag = 'N';
  std::vector<ReplayField> fields;
};

/// What one device will send, in order.
struct ReplayScript {
  const ReplayDevice* device = nullptr;
  std::vector<ReplayRow> rows;
};

struct RowCount {
  std::uint64_t rows = 0;
  std::uint64_t before_start = 0;
  std::uint64_t empty = 0;
  std::uint64_t unknown_station = 0;
};

/// The published data of one network.
struct ReplayPart {
  std::vector<ReplayScript> scripts;
  RowCount count;
  Instant first;  ///< earliest play_at
  Instant last;   ///< latest play_at
};

/// Hourly air data. CNEMC labels an hour by its end, HJ 212 by its start: DataTime is the label minus one hour.
/// A row is played at its label. Errors: as read_csv(); invalid_input for a time that is none.
[[nodiscard]] Result<ReplayPart> read_air(const Fleet& fleet, Instant start);

/// Four-hourly surface-water data: the label is the moment of sampling and is kept as DataTime. Status 维护 becomes
/// flag M. Rows in maintenance without a time get the four-hour mark before the page view that showed them.
[[nodiscard]] Result<ReplayPart> read_water(const Fleet& fleet);

/// Data area 数据区 of a row, its time moved by `shift_ms`; `pass` > 0 adds the EFlag that says so.
[[nodiscard]] std::string replay_cp(const ReplayRow& row, std::int64_t shift_ms, std::uint64_t pass);

}  // namespace mj::simulator
