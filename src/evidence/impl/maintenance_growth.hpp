#pragma once

#include <vector>

#include "mj/evidence/maintenance.hpp"
#include "segment_file.hpp"

namespace mj::evidence {

/// What is known of one segment for figures about all.
struct SegmentFacts {
  SegmentForm form = SegmentForm::raw;
  bool sealed = false;
  bool damaged = false;  ///< it could not be opened: only its file size is known
  std::uint64_t first_entry = 0;
  std::uint64_t bytes = 0;
  std::uint64_t stored_bytes = 0;
  std::optional<Instant> begins;  ///< receipt of its first entry
};

/// Brings `facts` up to date; only what can have changed is read again. Errors: the first segment that is damaged, when all others
/// are up to date; unavailable.
[[nodiscard]] Status refresh_facts(const Layout& layout, std::vector<SegmentFacts>& facts);

/// True when a segment is raw, sealed, and wholly under a signed checkpoint of `signed_size`.
[[nodiscard]] bool may_be_compressed(const std::vector<SegmentFacts>& facts, std::uint32_t number,
                                     std::uint64_t signed_size);

/// Fills in sizes, growth and forecast; leaves what is said of scrubbing.
void fill_growth(const Layout& layout, const std::vector<SegmentFacts>& facts, std::uint64_t entries, Instant now,
                 MaintenanceState& state);

}  // namespace mj::evidence
