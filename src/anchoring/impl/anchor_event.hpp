#pragma once

#include <optional>
#include <string>

#include "mj/anchoring/anchors.hpp"
#include "mj/evidence_format/entry.hpp"

namespace mj::anchoring {

// The events `log.anchor` and `log.alert`. Format: docs/formats/decisions.md.

[[nodiscard]] std::string encode(const Anchor& anchor);
[[nodiscard]] std::string encode(const Alert& alert);
/// None for an entry of another kind or version, or a malformed one. `at` and `entry` of the result are those of the entry.
[[nodiscard]] std::optional<Anchor> decode_anchor(std::uint64_t index, const evidence_format::Entry& entry);
[[nodiscard]] std::optional<Alert> decode_alert(std::uint64_t index, const evidence_format::Entry& entry);

/// "rollback", "fork", "damage".
[[nodiscard]] std::string_view name(Alert::Kind kind);
[[nodiscard]] std::optional<Alert::Kind> parse_alert_kind(std::string_view text);

}  // namespace mj::anchoring
