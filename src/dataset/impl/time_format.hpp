#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::dataset {

/// Reads times of one form: %Y (4 digits) %m %d %H %M %S (1 or 2 digits; exactly 2 when a digit field follows at once) and
/// literal characters. Fields that the form lacks are the first of their kind. Hour 24 is the end of the day.
class TimeFormat {
 public:
  /// Errors: invalid_input for an unknown field, or a form without a year.
  [[nodiscard]] static Result<TimeFormat> parse(std::string_view form);
  /// Milliseconds since 1970-01-01 00:00 of the same clock. Errors: none when the text is anything else, or no day.
  [[nodiscard]] std::optional<std::int64_t> read(std::string_view text) const;

 private:
  struct Step {
    char field = 0;  ///< Y m d H M S, or 0 for `literal`
    char literal = 0;
    int least = 1;
    int most = 2;
  };
  std::vector<Step> steps_;
};

}  // namespace mj::dataset
