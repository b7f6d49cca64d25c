#pragma once

#include <string>
#include <utility>

#include "mj/kernel/result.hpp"

namespace mj::evidence {

/// What the log holds is not what was written: the text says the place and the reason.
[[nodiscard]] inline Error damaged(std::string text) { return Error(ErrorCode::damaged, std::move(text)); }

}  // namespace mj::evidence
