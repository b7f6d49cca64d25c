#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::witness {

/// The body of add-checkpoint. Source: c2sp.org/tlog-witness "add-checkpoint".
struct AddCheckpoint {
  std::uint64_t old_size = 0;
  std::vector<Digest> proof;  ///< at most 63
  std::string_view note;      ///< view into the body
};

/// Errors: invalid_input with what is wrong.
[[nodiscard]] Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);

/// Decimal without a sign, superfluous zeroes or anything else. Errors: none.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view digits);

}  // namespace mj::witness
