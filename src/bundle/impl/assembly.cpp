#include "assembly.hpp"

#include "arithmetic.hpp"
#include "certificates.hpp"
#include "derivation.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/hj212/frame_reader.hpp"

namespace mj::bundle {
namespace {

/// Entries and proofs, steps and tables of a larger bundle would not fit into 128 MiB of Base64 and JSON.
constexpr std::size_t kMaxEntryBytesInAll = 64U << 20U;

}  // namespace

std::string unit_at(const Sources& sources, const registry::Point* point, std::string_view factor,
                    std::string_view value_kind) {
  const standards::Factor* known = sources.standards.factor(sources.standards.canonical(factor));
  if (value_kind == "Cou") return known == nullptr ? std::string() : known->total_unit;
  if (point != nullptr) {
    const auto own = point->units.find(std::string(factor));
    if (own != point->units.end()) return own->second;
  }
  return known == nullptr ? std::string() : known->unit;
}

void set_validity(Table& table, const standards::Validity& validity) {
  // What stands for "ever" in the tables of standards is long before the first of them.
  const bool ever = validity.from <= from_beijing({1900, 1, 1, 0, 0, 0, 0}).value();
  table.valid_from = ever ? std::string() : to_iso(validity.from).substr(0, 10);
  if (validity.to) table.valid_to = to_iso(validity.to->plus_ms(-1)).substr(0, 10);
}

Status Assembly::take(std::uint64_t entry) {
  const auto place =
      std::lower_bound(document.entries.begin(), document.entries.end(), entry,
                       [](const PlacedEntry& placed, std::uint64_t index) { return placed.index < index; });
  if (place != document.entries.end() && place->index == entry) return {};
  MJ_TRY(const evidence::ReadBatch batch, sources_.log.read(evidence::EntryIndex(entry), 1, 1));
  if (batch.entries.empty())
    return Error(ErrorCode::damaged, fmt::format("the log has no entry {}, though a value came from it", entry));
  PlacedEntry taken;
  taken.index = entry;
  MJ_CHECK(evidence_format::encode(batch.entries.front().entry, taken.bytes));
  bytes_ += taken.bytes.size();
  if (bytes_ > kMaxEntryBytesInAll)
    return Error(ErrorCode::invalid_input, "the bundle would become too large: ask for a shorter time");
  document.entries.insert(place, std::move(taken));
  return {};
}

Result<Assembly::Read> Assembly::read(std::uint64_t entry) const {
  const Bytes& bytes = document.entries[*document.place_of(entry)].bytes;
  MJ_TRY(const evidence_format::Entry decoded, evidence_format::decode(bytes));
  const hj212::DeviceSettings& settings = sources_.device_register.settings().at(decoded.device, entry);
  hj212::FrameReader reader;
  const hj212::FrameReading& reading = reader.read(decoded.payload, settings);
  std::optional<hj212::Sm4Key> key;
  if (reading.encrypted) {
    if (!sources_.with_device_keys) {
      return Error(
          ErrorCode::invalid_input,
          fmt::format("the packet in entry {} is in cipher: it can be shown only together with the key of device "
                      "{}, which reads all its packets; ask for the bundle with device keys",
                      entry, decoded.device));
    }
    key = settings.keys[reading.key];
  }
  return Read{Packet(bytes, key), key};
}

Result<std::uint32_t> Assembly::add_field(std::uint64_t entry, const Read& read, std::string_view name,
                                          std::string_view text) {
  for (const std::uint32_t group : read.packet.groups_with(name)) {
    if (!same_value(read.packet.field(name, group).value_or(""), text)) continue;
    Step step;
    step.op = Op::field;
    step.entry = entry;
    step.name = name;
    step.group = group;
    step.key = read.key;
    return add_leaf(std::move(step));
  }
  return Error(
      ErrorCode::damaged,
      fmt::format("the platform has {} = {} from entry {}, its packet does not show that", name, text, entry));
}

bool Assembly::is_import(std::uint64_t entry) const {
  const auto decoded = evidence_format::decode(document.entries[*document.place_of(entry)].bytes);
  return decoded && decoded->type == evidence_format::EntryType::import;
}

Result<std::uint32_t> Assembly::add_value(const telemetry::SeriesKey& key, Instant at, std::uint64_t entry,
                                          std::string_view text) {
  MJ_CHECK(take(entry));
  if (!is_import(entry)) {
    MJ_TRY(const Read packet, read(entry));
    return add_field(entry, packet, fmt::format("{}-{}", key.factor, key.kind), text);
  }
  MJ_TRY(const std::uint64_t manifest, cells_.manifest_of(entry));
  MJ_CHECK(take(manifest));
  MJ_TRY(ImportedCells::Place place,
         cells_.find(
             entry, {key.device, key.st, key.cn, key.factor, key.kind, to_compact_ms(at), std::string(text), {}}));
  Step step;
  step.op = Op::cell;
  step.entry = entry;
  step.line = place.line;
  step.name = std::move(place.column);
  return add_leaf(std::move(step));
}

Result<std::uint32_t> Assembly::add_leaf(Step step) {
  const std::tuple key(step.entry, step.line, step.name, step.group);
  if (const auto known = leaves_.find(key); known != leaves_.end()) return known->second;
  MJ_TRY(const std::uint32_t number, add(std::move(step)));
  leaves_.emplace(key, number);
  return number;
}

std::optional<Cell> Assembly::cell_of(std::uint32_t leaf) {
  const Step& step = document.steps[leaf];
  if (step.op != Op::cell) return std::nullopt;
  auto cell = cells_.read(step.entry, step.line, step.name);
  if (!cell) return std::nullopt;
  return *std::move(cell);
}

std::uint32_t Assembly::add_table(Table table) {
  const auto [place, added] = tables_.try_emplace(table.id, static_cast<std::uint32_t>(document.tables.size()));
  if (added) document.tables.push_back(std::move(table));
  return place->second;
}

Result<std::uint32_t> Assembly::add(Step step) {
  if (step.op == Op::field) {
    const Packet packet(document.entries[*document.place_of(step.entry)].bytes, step.key);
    step.result = packet.field(step.name, step.group).value_or("");
  } else if (step.op == Op::cell) {
    MJ_TRY(Cell cell, cells_.read(step.entry, step.line, step.name));
    step.result = std::move(cell.text);
  } else if (step.op == Op::time) {
    const Packet packet(document.entries[*document.place_of(step.entry)].bytes, step.key);
    step.result = packet.data_time().value_or("");
  } else {
    MJ_TRY(step.result, calculate(document, step));
  }
  document.steps.push_back(std::move(step));
  return static_cast<std::uint32_t>(document.steps.size() - 1);
}

Result<std::uint32_t> Assembly::add(Op op, std::vector<std::uint32_t> inputs, std::uint32_t table,
                                    std::string number, std::uint8_t decimals) {
  Step step;
  step.op = op;
  step.inputs = std::move(inputs);
  step.table = table;
  step.number = std::move(number);
  step.decimals = decimals;
  return add(std::move(step));
}

Status Assembly::take_anchor(const anchoring::Anchor& anchor) {
  const anchoring::Options& options = sources_.anchors->options();
  document.checkpoint = anchor.note;
  size_ = anchor.size;
  const evidence_format::WitnessPolicy policy = options.policy();
  document.quorum = policy.quorum;
  for (const evidence_format::VerifierKey& witness : policy.witnesses)
    document.witnesses.push_back(witness.text());
  std::string certificates = certificates_in(options.timestamp_trusted_pem);
  if (!anchor.timestamp.empty() && !certificates.empty()) {
    document.timestamp = anchor.timestamp;
    document.timestamp_trust = std::move(certificates);
  }
  return {};
}

Result<bool> Assembly::take_witnessed(std::uint64_t newest) {
  MJ_TRY(const auto anchor, sources_.anchors->first_covering(newest));
  if (anchor) {
    MJ_CHECK(take_anchor(*anchor));
    return true;
  }
  // What is younger than the newest anchor may have been cosigned all the same.
  const anchoring::State state = sources_.anchors->state();
  if (state.witnessed_note.empty() || state.witnessed_size <= newest) return false;
  MJ_CHECK(take_anchor({state.witnessed_size, state.witnessed_note, {}, {}, 0}));
  return true;
}

Status Assembly::take_checkpoint() {
  const std::uint64_t newest = document.entries.back().index;
  if (sources_.anchors != nullptr) {
    MJ_TRY(bool taken, take_witnessed(newest));
    if (!taken && sources_.ask_witnesses) {
      sources_.ask_witnesses();
      MJ_TRY(taken, take_witnessed(newest));
    }
    if (taken) return {};
  }
  evidence::SignedCheckpoint checkpoint = sources_.log.newest_checkpoint();
  if (checkpoint.checkpoint.size <= newest) {
    MJ_TRY(checkpoint, sources_.log.checkpoint());
  }
  document.checkpoint = std::move(checkpoint.note);
  size_ = checkpoint.checkpoint.size;
  return {};
}

Result<std::string> Assembly::finish() {
  if (document.entries.empty()) return Error(ErrorCode::internal, "a bundle without entries");
  document.made_at = to_iso(sources_.clock());
  document.software = sources_.version;
  MJ_CHECK(take_checkpoint());
  const evidence_format::KeyRing ring = sources_.log.keyring();
  document.keyring = ring.text();
  for (const evidence_format::KeyRing::Member& member : ring.members()) {
    if (member.entry && *member.entry < size_) MJ_CHECK(take(*member.entry));
  }
  std::vector<std::uint64_t> indices;
  indices.reserve(document.entries.size());
  for (const PlacedEntry& entry : document.entries) indices.push_back(entry.index);
  MJ_TRY(evidence::CommonProof proof, sources_.log.common_proof(indices, size_));
  document.sha256 = std::move(proof.sha256);
  document.sm3 = std::move(proof.sm3);
  std::string text = write_document(document);
  const Verdict verdict = verify(text, Trust{});
  for (const Check& check : verdict.checks) {
    if (check.outcome != Check::Outcome::failed) continue;
    return Error(ErrorCode::damaged, fmt::format("what the evidence proves is not what the platform shows: {}: {}",
                                                 check.id, check.text));
  }
  return text;
}

}  // namespace mj::bundle
