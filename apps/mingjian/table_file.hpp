#pragma once

#include "mj/assess/sheet.hpp"
#include "mj/kernel/result.hpp"

namespace mj::app {

/// The bytes of a file, `-` = standard input; what is compressed with zstd is decompressed, long windows included.
/// Errors: not_found; later, when read: unavailable, invalid_input (damaged compression).
[[nodiscard]] Result<assess::ByteSource> open_table(const std::string& file);

/// Writes to standard output. Errors: unavailable (closed pipe, full disk).
[[nodiscard]] assess::ByteSink standard_output();

}  // namespace mj::app
