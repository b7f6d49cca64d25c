#pragma once

#include <cstdint>

#include "mj/kernel/result.hpp"

namespace mj::simulator {

/// Raises this process's limit of open files to `needed`. Errors: unavailable when the machine does not allow it.
[[nodiscard]] Status raise_file_limit(std::uint64_t needed);

}  // namespace mj::simulator
