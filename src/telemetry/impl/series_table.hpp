#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/kernel/instant.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::telemetry {

/// What the follower knows of a series without asking the database.
struct SeriesState {
  std::int64_t newest_ms = std::numeric_limits<std::int64_t>::min();  ///< newest DataTime stored; anything later is new
  double number = 0;
  bool has_number = false;
  std::uint8_t decimals = 0;
  std::string text;   ///< only where the number does not give it back
  std::string flag;
  std::uint32_t revision = 0;
  std::uint64_t entry = 0;
  std::int64_t received_ms = 0;
};

/// The dictionary of series and, per stream (device, ST, CN), the order in which its fields came last time: a device
/// repeats itself, so most look-ups are one comparison. Thread: the consuming thread only.
class SeriesTable {
 public:
  /// All series of one device, system and command.
  class Stream {
   public:
    /// The series of a factor and kind; made when new. `hint` is the position of the field in the frame.
    SeriesId find(SeriesTable& table, std::size_t hint, std::string_view factor, std::string_view kind);

   private:
    friend class SeriesTable;
    std::string device, st, cn;
    std::vector<SeriesId> order_;
    std::unordered_map<std::string, SeriesId> by_name_;
  };

  Stream& stream(std::string_view device, std::string_view st, std::string_view cn);
  /// Adds a series read from the database; ids come in order.
  void load(SeriesKey key);

  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] const SeriesKey& key(SeriesId id) const { return keys_[id.raw()]; }
  [[nodiscard]] SeriesState& state(SeriesId id) { return states_[id.raw()]; }

 private:
  SeriesId add(Stream& stream, std::string_view factor, std::string_view kind);
  std::unordered_map<std::string, Stream> streams_;
  std::string stream_name_;
  std::vector<SeriesKey> keys_;
  std::vector<SeriesState> states_;
};

}  // namespace mj::telemetry
