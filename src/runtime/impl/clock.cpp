#include "mj/runtime/clock.hpp"

#include <chrono>

namespace mj::runtime {

Clock system_clock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Instant::from_ms(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  };
}

std::int64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace mj::runtime
