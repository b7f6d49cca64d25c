#include "evidence_json.hpp"

#include "mj/evidence/maintenance.hpp"
#include "mj/evidence_format/note.hpp"

namespace mj::api {
namespace {

using evidence_format::Checkpoint;
using evidence_format::Note;

constexpr std::size_t kShownCharacters = 160;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json key_texts(const std::vector<evidence_format::VerifierKey>& keys) {
  Json json = Json::array();
  for (const auto& key : keys) json.push_back(key.text());
  return json;
}

std::string_view alert_name(anchoring::Alert::Kind kind) {
  switch (kind) {
    case anchoring::Alert::Kind::rollback: return "rollback";
    case anchoring::Alert::Kind::fork: return "fork";
    case anchoring::Alert::Kind::damage: return "damage";
  }
  return "damage";
}

std::string_view type_name(evidence_format::EntryType type) {
  using enum evidence_format::EntryType;
  switch (type) {
    case frame: return "frame";
    case junk: return "junk";
    case decision: return "decision";
    case sent: return "sent";
    case event: return "event";
    case key: return "key";
    case import: return "import";
    case mark: return "mark";
    case configuration: return "configuration";
  }
  return "junk";
}

/// Witnesses whose cosignature a note carries, in the order of the policy.
Json witnesses_of(std::string_view text, const evidence_format::WitnessPolicy& policy) {
  Json names = Json::array();
  const auto note = Note::parse(text);
  if (!note) return names;
  if (const auto seen = evidence_format::witnessed(*note, policy)) {
    for (const auto& by : seen->by) names.push_back(by.witness);
  }
  return names;
}

/// `TreeHead` of a note; null when there is none.
Json head_json(const std::string& text, const std::optional<Instant>& at,
               const evidence_format::WitnessPolicy& policy) {
  const auto note = Note::parse(text);
  if (!note) return nullptr;
  const auto checkpoint = Checkpoint::parse(note->text);
  if (!checkpoint) return nullptr;
  return Json{{"size", checkpoint->size},
              {"root", to_hex(checkpoint->root)},
              {"sm3_root", to_hex(checkpoint->sm3_root.value_or(Digest{}))},
              {"note", text},
              {"at", to_json(at)},
              {"by", witnesses_of(text, policy)}};
}

Json witnesses_json(const anchoring::State& state, const anchoring::Options& options, std::uint64_t entries) {
  Json json = Json::array();
  for (std::size_t i = 0; i < state.witnesses.size(); ++i) {
    const anchoring::WitnessState& witness = state.witnesses[i];
    json.push_back(Json{{"name", witness.name},
                        {"url", witness.url},
                        {"key", i < options.witnesses.size() ? options.witnesses[i].key.text() : std::string()},
                        {"cosigned_at", to_json(witness.cosigned_at)},
                        {"cosigned_size", witness.cosigned_size},
                        {"lag_entries", entries - std::min(entries, witness.cosigned_size)},
                        {"trouble", or_null(witness.trouble)}});
  }
  return json;
}

Json ring_json(const evidence_format::KeyRing& ring) {
  Json json = Json::array();
  for (const auto& member : ring.members()) {
    const evidence_format::KeyStatement& statement = member.statement;
    json.push_back(Json{{"number", statement.number},
                        {"action", evidence_format::name(statement.action)},
                        {"entry", member.entry ? Json(*member.entry) : Json(nullptr)},
                        {"at", to_json(statement.at)},
                        {"origin", statement.origin},
                        {"keys", key_texts(statement.keys)},
                        {"recovery", statement.recovery ? Json(statement.recovery->text()) : Json(nullptr)},
                        {"by", statement.by},
                        {"reason", statement.reason},
                        {"in_force", &member == &ring.members().back()}});
  }
  return json;
}

Json alerts_json(const std::vector<anchoring::Alert>& alerts) {
  Json json = Json::array();
  for (const anchoring::Alert& alert : alerts) {
    json.push_back(Json{{"kind", alert_name(alert.kind)},
                        {"subject", alert.subject},
                        {"text", alert.text},
                        {"at", to_json(alert.at)},
                        {"entry", alert.entry}});
  }
  return json;
}

}  // namespace

Json evidence_files_json(const Services& services) {
  const evidence::MaintenanceState state = services.maintenance.state();
  return Json{{"raw_bytes", state.raw_bytes},
              {"stored_bytes", state.stored_bytes},
              {"segments", state.segments},
              {"compressed_segments", state.compressed_segments},
              {"retired_segments", state.retired_segments},
              {"bytes_per_day", state.bytes_per_day > 0 ? Json(state.bytes_per_day) : Json(nullptr)},
              {"free_bytes", state.free_bytes},
              {"full_at", to_json(state.full_at)},
              {"scrub", Json{{"done_bytes", state.scrubbed_bytes},
                             {"all_bytes", state.scrub_bytes},
                             {"last_pass", to_json(state.last_pass)},
                             {"damage", or_null(state.damage)}}}};
}

Json evidence_json(const Services& services) {
  const anchoring::State state = services.anchors.state();
  const anchoring::Options& options = services.anchors.options();
  const evidence_format::WitnessPolicy policy = options.policy();
  const evidence_format::KeyRing ring = services.log.keyring();
  const evidence::SignedCheckpoint newest = services.log.newest_checkpoint();
  const std::uint64_t entries = services.log.size();
  Json timestamp = nullptr;
  if (!options.timestamp_url.empty()) {
    timestamp = Json{{"url", options.timestamp_url},
                     {"at", to_json(state.stamped_at)},
                     {"trouble", or_null(state.stamp_trouble)}};
  }
  const auto anchors = services.anchors.newest(1);
  return Json{{"origin", ring.newest().origin},
              {"entries", entries},
              {"newest", head_json(newest.note, std::nullopt, policy)},
              {"witnessed", head_json(state.witnessed_note, state.witnessed_at, policy)},
              {"quorum", state.quorum},
              {"witnesses", witnesses_json(state, options, newest.checkpoint.size)},
              {"timestamp", std::move(timestamp)},
              {"keys", ring_json(ring)},
              {"alerts", alerts_json(state.alerts)},
              {"refused", state.refused},
              {"anchored", anchors && !anchors->empty() ? anchors->front().size : 0},
              {"files", evidence_files_json(services)}};
}

Json anchor_json(const anchoring::Anchor& anchor, const evidence_format::WitnessPolicy& policy) {
  return Json{{"size", anchor.size},
              {"at", to_json(anchor.at)},
              {"by", witnesses_of(anchor.note, policy)},
              {"stamped", !anchor.timestamp.empty()},
              {"entry", anchor.entry},
              {"note", anchor.note}};
}

Json entry_line_json(const evidence::StoredEntry& stored) {
  const evidence_format::Entry& entry = stored.entry;
  std::string text;
  for (const char c : as_text(entry.payload).substr(0, kShownCharacters)) {
    text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '.' : c;
  }
  return Json{{"entry", stored.index.raw()},
              {"type", type_name(entry.type)},
              {"received_at", to_json(entry.received_at)},
              {"device", entry.device},
              {"peer", entry.peer},
              {"bytes", entry.payload.size()},
              {"text", text}};
}

Json statement_json(const custody::DayStatement& statement) {
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  Json series = Json::array();
  for (const custody::SeriesDay& row : statement.series) {
    expected += row.expected;
    received += row.received;
    series.push_back(Json{{"st", row.st},
                          {"cn", row.cn},
                          {"factor", row.factor},
                          {"kind", row.kind},
                          {"expected", row.expected},
                          {"received", row.received}});
  }
  Json gaps = Json::array();
  for (const custody::Gap& gap : statement.gaps) {
    gaps.push_back(Json{{"cn", gap.cn},
                        {"from", to_json(gap.from)},
                        {"to", to_json(gap.to)},
                        {"intervals", gap.intervals},
                        {"explained_by", gap.explained_by ? Json(*gap.explained_by) : Json(nullptr)}});
  }
  constexpr std::size_t kDateCharacters = 10;
  return Json{{"device", statement.device},
              {"day", to_iso(statement.day).substr(0, kDateCharacters)},
              {"revision", statement.revision},
              {"entry", statement.entry},
              {"from", statement.from},
              {"to", statement.to},
              {"count", statement.count},
              {"sequence", statement.sequence},
              {"chain_before", to_hex(statement.chain_before)},
              {"chain_after", to_hex(statement.chain_after)},
              {"expected", expected},
              {"received", received},
              {"series", std::move(series)},
              {"gaps", std::move(gaps)}};
}

Json explanation_json(const custody::Explanation& explanation) {
  return Json{{"device", explanation.device}, {"from", to_json(explanation.from)}, {"to", to_json(explanation.to)},
              {"name", explanation.name},     {"reason", explanation.reason},      {"entry", explanation.entry}};
}

std::string trust_text(const Services& services) {
  std::string text =
      "# Keys of the evidence log and of its witnesses. Compare them with a copy that came another way.\n";
  const evidence_format::KeyRing ring = services.log.keyring();
  for (const auto& key : ring.members().front().statement.keys) text += fmt::format("log {}\n", key.text());
  const anchoring::Options& options = services.anchors.options();
  for (const auto& witness : options.witnesses) text += fmt::format("witness {}\n", witness.key.text());
  text += fmt::format("quorum {}\n", options.quorum);
  text += options.timestamp_trusted_pem;
  return text;
}

std::string published_note(const Services& services) {
  std::string witnessed = services.anchors.state().witnessed_note;
  return witnessed.empty() ? services.log.newest_checkpoint().note : witnessed;
}

}  // namespace mj::api
