#pragma once

#include <string>
#include <vector>

#include "layout.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/kernel/instant.hpp"
#include "segment_format.hpp"

namespace mj::evidence {

/// A segment that a decision takes off the disk.
struct RetirementLine {
  std::uint32_t segment = 0;
  std::uint64_t first_entry = 0;
  std::uint64_t last_entry = 0;
  std::uint64_t bytes = 0;  ///< of the segment before compression
  Digest sha256{};          ///< of those bytes
  bool operator==(const RetirementLine&) const = default;
};

/// The decision `segment.retire` 移出决定. docs/formats/decisions.md.
struct RetirementDecision {
  std::vector<RetirementLine> segments;
  std::string archive;
  std::string by;
  std::string reason;

  /// The payload of the entry.
  [[nodiscard]] std::string json() const;
  /// Errors: damaged when it is not exactly what json() writes.
  [[nodiscard]] static Result<RetirementDecision> parse(std::string_view payload);
};

/// What stands in the place of a retired segment: its header, and the decision that took it away as the log holds it.
struct RetiredSegment {
  SegmentHeader header;
  std::uint64_t decision = 0;      ///< index of the entry
  Bytes decision_entry;            ///< canonical encoding: leads to the leaf of `decision`
  std::uint64_t places_check = 0;  ///< of what tree/offsets holds for its entries

  // What the decision says of this segment.
  std::uint64_t first_entry = 0;
  std::uint64_t last_entry = 0;
  std::uint64_t bytes = 0;
  Digest sha256{};
  std::string archive;
  Instant at;

  [[nodiscard]] std::uint64_t entries() const { return last_entry + 1 - first_entry; }
  /// "segment 000003 (entries 10 to 19) was retired to … by decision 90210 on 2026-11-22: …"
  [[nodiscard]] std::string text() const;
};

/// XXH3-64 of the places as tree/offsets holds them: no hash in the trees covers them.
[[nodiscard]] std::uint64_t places_check(std::span<const Location> places);

/// The content of the file NNNNNN.retired. docs/formats/evidence-log.md §5.3.
[[nodiscard]] Bytes encode_retired(const SegmentHeader& header, std::uint64_t decision, BytesView decision_entry,
                                   std::uint64_t places_check);
/// Errors: damaged when the marker is not whole or its decision does not name the segment.
[[nodiscard]] Result<RetiredSegment> decode_retired(BytesView bytes);
/// Errors: not_found when the segment is not retired; damaged, unavailable.
[[nodiscard]] Result<RetiredSegment> read_retired(const Layout& layout, std::uint32_t number);

}  // namespace mj::evidence
