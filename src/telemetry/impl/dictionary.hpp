#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/kernel/id.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::telemetry {

using StreamId = Id<struct StreamIdTag, std::uint32_t>;
using FormId = Id<struct FormIdTag, std::uint32_t>;

/// How a value was written: everything about it that is not its number. A network knows a few dozen.
struct Form {
  std::uint8_t decimals = 0;
  bool kept_text = false;
  std::uint32_t revision = 0;
  std::string flag;
  bool below_detection = false;  ///< the number is a detection limit
  bool operator==(const Form&) const = default;
};

/// Forms, numbered in order of first use. Most look-ups repeat the one before.
class FormTable {
 public:
  FormId find(const Form& form);
  [[nodiscard]] const Form& form(FormId id) const { return forms_[id.raw()]; }
  [[nodiscard]] std::size_t size() const { return forms_.size(); }

 private:
  std::vector<Form> forms_;
  std::unordered_multimap<std::size_t, FormId> by_hash_;
  FormId last_;
};

/// What the follower knows of a series without asking the database: its newest value.
struct SeriesState {
  std::int64_t newest_ms = std::numeric_limits<std::int64_t>::min();  ///< anything later is new
  std::int64_t received_ms = 0;
  double number = 0;
  bool has_number = false;
  FormId form;
  std::uint64_t entry = 0;
  std::string text;  ///< only where the form says that it is kept
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
    [[nodiscard]] StreamId id() const { return id_; }
    [[nodiscard]] const std::string& device() const { return device_; }
    [[nodiscard]] const std::string& st() const { return st_; }
    [[nodiscard]] const std::string& cn() const { return cn_; }

   private:
    friend class SeriesTable;
    StreamId id_;
    std::string device_, st_, cn_;
    std::vector<SeriesId> order_;
    std::unordered_map<std::string, SeriesId> by_name_;
  };

  Stream& stream(std::string_view device, std::string_view st, std::string_view cn);
  [[nodiscard]] Stream& stream(StreamId id) { return streams_[id.raw()]; }
  [[nodiscard]] std::size_t stream_count() const { return streams_.size(); }
  /// Adds a series read from the database; ids come in order.
  void load(StreamId stream, std::string_view factor, std::string_view kind);

  [[nodiscard]] std::size_t size() const { return series_.size(); }
  [[nodiscard]] SeriesKey key(SeriesId id) const;
  [[nodiscard]] StreamId stream_of(SeriesId id) const { return series_[id.raw()].stream; }
  [[nodiscard]] const std::string& device_of(SeriesId id) const { return streams_[stream_of(id).raw()].device_; }
  [[nodiscard]] SeriesState& state(SeriesId id) { return states_[id.raw()]; }

 private:
  struct Series {
    StreamId stream;
    std::string factor;
    std::string kind;
  };
  SeriesId add(Stream& stream, std::string_view factor, std::string_view kind);
  std::deque<Stream> streams_;  ///< a deque: references stay valid while it grows
  std::unordered_map<std::string, StreamId> by_name_;
  std::string look_up_;
  std::vector<Series> series_;
  std::vector<SeriesState> states_;
};

}  // namespace mj::telemetry
