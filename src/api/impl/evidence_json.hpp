#pragma once

#include "json.hpp"
#include "mj/anchoring/anchors.hpp"
#include "mj/api/server.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/evidence/log.hpp"

namespace mj::api {

/// `Evidence`, as things stand now.
[[nodiscard]] Json evidence_json(const Services& services);
/// `EvidenceFiles`.
[[nodiscard]] Json evidence_files_json(const Services& services);
/// `Anchor`.
[[nodiscard]] Json anchor_json(const anchoring::Anchor& anchor, const evidence_format::WitnessPolicy& policy);
/// `EntryLine`.
[[nodiscard]] Json entry_line_json(const evidence::StoredEntry& stored);
/// `DayStatement`, `Explanation`.
[[nodiscard]] Json statement_json(const custody::DayStatement& statement);
[[nodiscard]] Json explanation_json(const custody::Explanation& explanation);

/// The trust file for verifiers: keys of the log, witnesses, certificates of the time-stamp authority.
[[nodiscard]] std::string trust_text(const Services& services);
/// The checkpoint that clients of the log get.
[[nodiscard]] std::string published_note(const Services& services);

}  // namespace mj::api
