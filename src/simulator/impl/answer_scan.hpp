#pragma once

#include <cstddef>
#include <string_view>

namespace mj::simulator {

/// One answer cut from the received bytes.
struct ScannedAnswer {
  bool valid = false;  ///< a 9014 with right length, CRC and line end
  std::string_view qn;
  std::string_view mn;
};

/// Cuts answers by length, without allocation; what is no answer is skipped to the next head.
class AnswerScan {
 public:
  /// Reads one answer from the start of `bytes`. Returns the bytes used; 0 when more are needed.
  [[nodiscard]] static std::size_t take(std::string_view bytes, ScannedAnswer& answer);
};

}  // namespace mj::simulator
