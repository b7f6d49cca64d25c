#pragma once

#include <string>
#include <string_view>

namespace mj::alarm {

/// SHA-256 in hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view text);

}  // namespace mj::alarm
