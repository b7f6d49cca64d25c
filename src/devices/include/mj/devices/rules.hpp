#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::devices {

/// Decisions of the operator about devices, rules/devices.toml.
struct Rules {
  std::int64_t clock_tolerance_ms = 5 * 60 * 1000;     ///< QN against time of receipt
  std::int64_t key_days = 90;                          ///< longest life of an SM4 key, HJ 212-2025 as reported
  std::int64_t automation_window_ms = 10 * 60 * 1000;  ///< older events cause no order
  std::int64_t automation_pause_ms = 60 * 1000;     ///< the same automatic order to a device not sooner than this
  std::int64_t order_life_ms = 24LL * 3600 * 1000;  ///< of an order that names no expiry
  bool answer_time_requests = true;                 ///< 1013 → 1012
  bool answer_key_requests = true;                  ///< 1014 → 1014
  bool assign_numbers = true;                       ///< 1001 → 1002
  /// Missing-data pull 缺数补采.
  struct Pull {
    bool enabled = true;
    std::int64_t days_back = 7;                      ///< how far back gaps are asked for
    std::int64_t settle_ms = 15 * 60 * 1000;         ///< an interval must have ended so long ago
    std::int64_t repeat_ms = 6LL * 3600 * 1000;      ///< the same gap is asked for again after this
    int max_attempts = 3;                            ///< per gap
    std::int64_t max_range_ms = 24LL * 3600 * 1000;  ///< longest range of one request
    int max_open_per_device = 1;
    int max_orders_per_round = 50;
    std::int64_t round_ms = 30'000;       ///< gaps are looked for so often …
    std::size_t devices_per_round = 200;  ///< … in so many devices, in turn
  } pull;
  /// Which commands tell parameters of a device 现场机参数. Fields that say when or of what (DataTime, PolId, InfoId …) are
  /// none themselves.
  struct Parameters {
    /// Frames of the device whose fields are read: responses and uploads.
    std::vector<std::string> told_by = {"1001", "1011", "1021", "1031", "1041", "1061", "1063",
                                        "2081", "3015", "3017", "3018", "3019", "3020"};
    /// Requests whose fields hold once the device has reported success.
    std::vector<std::string> set_by = {"1000", "1022", "1032", "1042", "1062", "1064", "3016", "3021"};
  } parameters;

  /// Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<Rules> load(const std::filesystem::path& file);
};

}  // namespace mj::devices
