#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/instant.hpp"

namespace mj::simulator {

/// What a host has set or caused on the instruments of a device 仪器: parameters, states, logs. Made on first use; what was
/// never touched has its default.
class Instruments {
 public:
  /// `instrument` is a factor code, empty for the data logger. `until`: falls back to its default then.
  void set(std::string_view instrument, std::string_view key, std::string value,
           std::optional<Instant> until = std::nullopt);
  /// All values under the key are replaced by these; a key may stand several times (CTime).
  void set_list(std::string_view instrument, std::string_view key, std::vector<std::string> values);
  [[nodiscard]] std::optional<std::string> get(std::string_view instrument, std::string_view key,
                                               Instant now) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view instrument, std::string_view key) const;

  struct Line {
    Instant at;
    std::string instrument;
    std::string text;
  };
  /// Keeps the newest hundred.
  void log(Instant at, std::string_view instrument, std::string text);
  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }

 private:
  struct Value {
    std::string instrument;
    std::string key;
    std::string value;
    std::optional<Instant> until;
  };
  std::vector<Value> values_;
  std::vector<Line> lines_;
};

}  // namespace mj::simulator
