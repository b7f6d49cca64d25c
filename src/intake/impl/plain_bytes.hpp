#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

namespace mj::intake {

[[nodiscard]] bool is_zstd(std::string_view bytes);
/// The decompressed bytes, or the first `most` of them when `whole` is false. Errors: invalid_input when they are damaged, or more
/// than `most`.
[[nodiscard]] Result<std::string> decompress(std::string_view bytes, std::uint64_t most, bool whole);

}  // namespace mj::intake
