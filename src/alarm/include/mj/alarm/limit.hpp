#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/network.hpp"
#include "mj/standards/source.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::alarm {

/// 提示, 警告, 严重.
enum class Severity { notice, warning, serious };
/// "notice", "warning", "serious". Errors: none for another word.
[[nodiscard]] std::string_view name(Severity severity);
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view word);

/// A limit 限值 and the series it holds for. What is not named matches everything; at least one of points, devices
/// and element is named.
struct Limit {
  std::string id;
  std::vector<std::string> points;   ///< ids; empty = any
  std::vector<std::string> devices;  ///< MNs; empty = any
  std::optional<registry::Element> element;
  std::string factor;              ///< canonical code
  std::string unit;                ///< unit of the figures below
  std::vector<std::string> kinds;  ///< Rtd, Avg, ZsAvg …
  std::vector<telemetry::Period> periods;
  std::optional<Decimal> upper;        ///< complies while value ≤ upper
  std::optional<Decimal> lower;        ///< complies while value ≥ lower
  std::optional<Decimal> clear_upper;  ///< an alarm above upper clears at or below this; set when upper is
  std::optional<Decimal> clear_lower;  ///< an alarm below lower clears at or above this; set when lower is
  std::vector<Decimal> sentinels;      ///< figures that stand for "no value" and are never judged
  std::int64_t max_ahead_ms =
      24LL * 3'600'000;  ///< a data time further ahead of the receipt is a wrong clock and is not judged
  Severity severity = Severity::warning;
  standards::Text source;        ///< document and clause
  standards::Validity validity;  ///< compared with the data time
  standards::Verification verification = standards::Verification::unverified;

  /// Whether it holds for this point, whatever the series.
  [[nodiscard]] bool covers(const registry::Point& of) const;
  /// Whether it holds for this series of the point at this data time. `factor_code` is canonical.
  [[nodiscard]] bool applies(const registry::Point& of, std::string_view factor_code, std::string_view kind,
                             telemetry::Period period, Instant at) const;
};

/// The limits of a directory, checked. Immutable.
class LimitSet {
 public:
  /// Reads all *.toml of `directory` in order of name. Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<LimitSet> load(const std::filesystem::path& directory);
  /// `origin` stands in error texts in the place of the file.
  [[nodiscard]] static Result<LimitSet> parse(std::string_view toml, std::string_view origin);

  /// In the order of the files.
  [[nodiscard]] const std::vector<Limit>& limits() const { return limits_; }
  /// Limits of a series at a data time, in the order of the files.
  [[nodiscard]] std::vector<const Limit*> applying(const registry::Point& point, std::string_view factor,
                                                   std::string_view kind, telemetry::Period period,
                                                   Instant at) const;
  /// SHA-256 (hex) over the texts read.
  [[nodiscard]] const std::string& digest() const { return digest_; }

 private:
  Status add(std::string_view toml, std::string_view origin);
  std::vector<Limit> limits_;
  std::string digest_;
};

}  // namespace mj::alarm
