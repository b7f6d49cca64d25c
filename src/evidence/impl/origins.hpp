#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence_format/key_ring.hpp"

namespace mj::evidence {

/// The names that a log has borne: a succession gives it another one, and each segment bears the one that was in force when it began.
class Origins {
 public:
  /// Of whichever log: no name is expected.
  Origins() = default;
  explicit Origins(std::string only) : names_{Named{0, std::move(only)}} {}
  explicit Origins(const evidence_format::KeyRing& ring) {
    for (const auto& member : ring.members()) {
      names_.push_back(Named{member.entry ? *member.entry + 1 : 0, member.statement.origin});
    }
  }

  /// The name that a segment whose first entry is `first_entry` must bear; nothing when none is expected.
  [[nodiscard]] std::optional<std::string_view> at(std::uint64_t first_entry) const {
    if (names_.empty()) return std::nullopt;
    auto named = names_.rbegin();
    while (named->from > first_entry) ++named;
    return named->origin;
  }
  [[nodiscard]] bool knows(std::string_view origin) const {
    return std::any_of(names_.begin(), names_.end(), [&](const Named& named) { return named.origin == origin; });
  }

 private:
  struct Named {
    std::uint64_t from;  ///< first size of the log at which it is in force
    std::string origin;
  };
  std::vector<Named> names_;
};

}  // namespace mj::evidence
