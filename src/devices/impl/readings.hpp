#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mj/devices/device_book.hpp"
#include "mj/hj212/message.hpp"

namespace mj::devices {

/// A parameter as a frame tells it, not yet of a device.
struct ToldParameter {
  std::string instrument;
  std::string name;
  std::string value;
};

/// Parameters among the fields of a response or upload: every field that is neither a time of the data nor a selector.
/// `PolId` names the instrument of the fields after it; when there is only one, of all. A field of a factor
/// (`w01018-SN`) without PolId belongs to that instrument; info codes (`i13004-Info`) keep theirs in the name. Text is
/// UTF-8 or GBK; the `//` around logs are taken off. Pure.
[[nodiscard]] std::vector<ToldParameter> told_parameters(const std::vector<hj212::Field>& fields);
/// The same for what a request has set. Passwords, keys and times that the sender fills in are left out.
[[nodiscard]] std::vector<ToldParameter> set_parameters(
    const std::vector<std::pair<std::string, std::string>>& parameters);

/// The newest value of every parameter, to know when one changes. Thread: the consuming one.
class ParameterList {
 public:
  /// One row of the history: from when a value held until it was last seen.
  struct Row {
    std::int64_t id = 0;
    ParameterReading reading;  ///< `at` and `entry` of the first sight
    Instant last_at;
    std::uint64_t last_entry = 0;
    bool is_new = false;
  };

  void take(ParameterReading reading);

  /// For restoring: a row, in ascending order of ids.
  void restore(Row row);
  /// Rows to be written, by id; forgets them.
  [[nodiscard]] std::vector<Row> changes();
  [[nodiscard]] bool changed() const { return !changed_.empty(); }
  void reset();

 private:
  struct Newest {
    std::int64_t id = 0;
    std::string value;
  };
  std::unordered_map<std::string, Newest> newest_;
  std::unordered_map<std::int64_t, Row> changed_;
  std::int64_t last_id_ = 0;
};

}  // namespace mj::devices
