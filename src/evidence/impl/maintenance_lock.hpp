#pragma once

#include "layout.hpp"
#include "mj/storage/file.hpp"

namespace mj::evidence {

/// Held while a segment changes its form: compression, retirement and bringing back never meet. Tries every tenth of a
/// second until it has tried so often. Errors: conflict, unavailable.
[[nodiscard]] Result<storage::File> lock_segment_files(const Layout& layout, int tries = 300);

}  // namespace mj::evidence
