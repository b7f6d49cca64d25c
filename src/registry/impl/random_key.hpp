#pragma once

#include "mj/hj212/sm4.hpp"

namespace mj::registry {

/// 16 letters and digits drawn evenly: HJ 212-2025 exchanges keys as characters (NewSK).
[[nodiscard]] hj212::Sm4Key random_key();

}  // namespace mj::registry
