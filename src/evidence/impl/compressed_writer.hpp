#pragma once

#include "faults.hpp"
#include "layout.hpp"
#include "segment_pace.hpp"

namespace mj::evidence {

struct Compressed {
  std::uint64_t raw_bytes = 0;
  std::uint64_t stored_bytes = 0;
};

/// Writes the compressed form of a sealed segment beside it, compares the two byte by byte, and only then takes the raw file
/// away. A crash at any point leaves the one or the other, whole.
/// Errors: damaged when what is read back differs; unavailable; those of `pace`.
[[nodiscard]] Result<Compressed> compress_segment(const Layout& layout, std::uint32_t number, int level,
                                                  const Pace& pace = {}, const Faults& faults = {});

/// Compresses `raw` to a file. Errors: unavailable; those of `pace`.
[[nodiscard]] Status write_compressed(const storage::File& raw, std::uint32_t number, int level,
                                      storage::File& out, const Pace& pace, const Faults& faults);

}  // namespace mj::evidence
