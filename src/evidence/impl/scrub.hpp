#pragma once

#include "compressed_writer.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "segment_check.hpp"

namespace mj::evidence {

/// Reads segment `number` again, recomputes the leaves of its entries and the subtrees that they complete, in both trees, and
/// compares all with the tree files, with the header and, where it falls into this segment, with the signed checkpoint.
/// Returns the bytes of the segment. Errors: damaged with the place; unavailable; those of `pace`.
[[nodiscard]] Result<std::uint64_t> scrub_segment(const Layout& layout, std::uint32_t number, bool newest,
                                                  const TreeFiles& tree,
                                                  const evidence_format::Checkpoint& signed_checkpoint,
                                                  const Pace& pace);

/// Keeps work at a rate; time that nothing was done in is not made up for.
/// Thread: one.
class RateLimit {
 public:
  explicit RateLimit(std::uint64_t bytes_per_s) : bytes_per_s_(bytes_per_s) {}
  /// Milliseconds to wait after `bytes` more.
  [[nodiscard]] std::int64_t wait_ms(std::uint64_t bytes, std::int64_t now_ms);

 private:
  std::uint64_t bytes_per_s_;  ///< 0 = no limit
  double free_at_ms_ = 0;
};

}  // namespace mj::evidence
