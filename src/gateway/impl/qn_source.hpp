#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

#include "mj/kernel/instant.hpp"

namespace mj::gateway {

/// Request numbers 请求编码 that this server has not used: the moment in 17 digits of Beijing time, a millisecond later while it
/// is taken. Source: HJ 212-2017 §6.3.2 table 3 (QN names one interaction).
class QnSource {
 public:
  [[nodiscard]] std::string take(Instant now);
  /// A number used before the restart.
  void reserve(std::string_view qn);

 private:
  void remember(std::int64_t ms);

  /// The clock may step back; what is older than so many requests is no longer waited for by anybody.
  static constexpr std::size_t kRemembered = 65'536;
  std::unordered_set<std::int64_t> taken_;
  std::deque<std::int64_t> in_order_;
};

}  // namespace mj::gateway
