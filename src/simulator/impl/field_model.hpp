#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mj/simulator/scenario.hpp"
#include "source_model.hpp"

namespace mj::simulator {

/// Invents what the instruments of a group measure, at any moment in any order: a value depends on (seed, device, signal,
/// time) only. So a device needs no storage to answer requests for its history, and gives the same record every time.
/// Instruments have a new value every 30 seconds; records are computed from these, half to even.
class FieldModel {
 public:
  /// `group` outlives the model.
  FieldModel(const DeviceGroup& group, std::uint64_t seed);

  /// Data area of the record that begins at `start` and lasts `length_ms`. None when there is no such record.
  [[nodiscard]] std::optional<std::string> area(std::uint32_t device, Record record, Instant start,
                                                std::int64_t length_ms);
  /// All signals of one device at one moment. Valid until the next call.
  [[nodiscard]] const Reading& reading(std::uint32_t device, Instant at);

 private:
  [[nodiscard]] std::uint64_t bits(std::uint32_t device, std::uint64_t what, std::int64_t when) const;
  [[nodiscard]] bool running(Instant at) const;
  [[nodiscard]] std::string interval_area(std::uint32_t device, Record record, Instant start,
                                          std::int64_t length_ms);

  const DeviceGroup& group_;
  std::uint64_t seed_;
  std::size_t oxygen_ = SIZE_MAX;
  Reading reading_;
};

/// The code under which a signal is sent in the dialect of the group.
[[nodiscard]] const std::string& code_of(const DeviceGroup& group, const Signal& signal);

/// How long a record of this kind lasts at the intervals given.
[[nodiscard]] std::int64_t length_ms(Record record, std::int64_t realtime_s, std::int64_t minute_min);

/// Start of the interval that holds `at`, on the Beijing clock.
[[nodiscard]] Instant interval_start(Instant at, std::int64_t length_ms);

}  // namespace mj::simulator
