#include "mj/bundle/verify.hpp"

#include "certificates.hpp"
#include "derivation.hpp"
#include "document.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/proof.hpp"
#include "mj/evidence_format/timestamp.hpp"

namespace mj::bundle {
namespace {

using evidence_format::Checkpoint;
using evidence_format::EntryType;
using evidence_format::HashAlgorithm;
using evidence_format::KeyRing;
using evidence_format::Note;
using evidence_format::VerifierKey;
using Outcome = Check::Outcome;

/// What a check found; an Error is a failure.
struct Found {
  Outcome outcome = Outcome::passed;
  std::string text;
};
using Finding = Result<Found>;

Found absent(std::string text) { return {Outcome::absent, std::move(text)}; }
Error failed(std::string text) { return Error(ErrorCode::damaged, std::move(text)); }

/// Judges one document, check by check; later checks use what earlier ones established.
class Judge {
 public:
  Judge(const Document& document, const Trust& trust) : document_(document), trust_(trust), leaves_(document) {}

  Finding keys();
  Finding checkpoint();
  Finding witnesses();
  Finding timestamp();
  [[nodiscard]] std::optional<Instant> revoked() const { return ring_->revoked_at(checkpoint_.size); }
  Finding revocation();
  Finding inclusion();
  Finding sm3();
  Finding statements();
  Finding tables();
  Finding derivation();
  Finding figure();

 private:
  Status check_members() const;
  Status check_trusted_keys() const;
  [[nodiscard]] Result<evidence_format::WitnessPolicy> policy() const;
  Status lead_to(const Digest& root, const std::vector<evidence_format::ProofNode>& nodes,
                 HashAlgorithm algorithm) const;

  const Document& document_;
  const Trust& trust_;
  Leaves leaves_;
  std::optional<KeyRing> ring_;
  Note note_;
  Checkpoint checkpoint_;
  std::optional<Instant> seen_;  ///< oldest sight of the checkpoint by a witness or an authority
};

/// Statements whose entries are in the bundle stand in the log exactly so.
Status Judge::check_members() const {
  for (const KeyRing::Member& member : ring_->members()) {
    if (!member.entry) continue;
    const auto place = document_.place_of(*member.entry);
    if (!place) continue;
    MJ_TRY(const auto entry, evidence_format::decode(document_.entries[*place].bytes));
    if (entry.type != EntryType::key || as_text(entry.payload) != member.note)
      return failed(
          fmt::format("entry {} is not statement {} of the key ring", *member.entry, member.statement.number));
  }
  return {};
}

Status Judge::check_trusted_keys() const {
  const auto all_of = [&](const KeyRing::Member& member) {
    return std::all_of(trust_.log_keys.begin(), trust_.log_keys.end(), [&](const VerifierKey& key) {
      return std::find(member.statement.keys.begin(), member.statement.keys.end(), key) !=
             member.statement.keys.end();
    });
  };
  if (std::none_of(ring_->members().begin(), ring_->members().end(), all_of))
    return failed("no statement of the key ring has the trusted log keys: it is another log's");
  return {};
}

Finding Judge::keys() {
  MJ_TRY(ring_, KeyRing::parse(document_.keyring));
  MJ_CHECK(check_members());
  if (!trust_.log_keys.empty()) MJ_CHECK(check_trusted_keys());
  return Found{Outcome::passed,
               fmt::format("{} key statement{} of {}, {}", ring_->members().size(),
                           ring_->members().size() == 1 ? "" : "s", ring_->newest().origin,
                           trust_.log_keys.empty() ? "taken from the bundle itself" : "with the trusted keys")};
}

Finding Judge::checkpoint() {
  MJ_TRY(note_, Note::parse(document_.checkpoint));
  MJ_TRY(checkpoint_, Checkpoint::parse(note_.text));
  const evidence_format::KeyStatement& statement = ring_->at_size(checkpoint_.size);
  MJ_CHECK(evidence_format::open_checkpoint(document_.checkpoint, statement.keys));
  if (checkpoint_.origin != statement.origin)
    return failed(
        fmt::format("the checkpoint is of {}, the keys are of {}", checkpoint_.origin, statement.origin));
  for (const KeyRing::Member& member : ring_->members()) {
    if (member.entry && *member.entry < checkpoint_.size && !document_.place_of(*member.entry))
      return failed(fmt::format("the key statement in entry {} is not in the bundle", *member.entry));
  }
  return Found{Outcome::passed, fmt::format("{} entries of {}, signed by {} keys", checkpoint_.size,
                                            checkpoint_.origin, statement.keys.size())};
}

Result<evidence_format::WitnessPolicy> Judge::policy() const {
  if (trust_.policy) return *trust_.policy;
  evidence_format::WitnessPolicy policy;
  policy.quorum = document_.quorum;
  for (const std::string& text : document_.witnesses) {
    MJ_TRY(VerifierKey key, VerifierKey::parse(text));
    if (key.kind != evidence_format::KeyKind::cosignature)
      return failed(fmt::format("the key of {} is no witness's", key.name));
    const auto same = [&](const VerifierKey& other) { return other.public_key == key.public_key; };
    if (std::any_of(policy.witnesses.begin(), policy.witnesses.end(), same))
      return failed(fmt::format("the key of {} stands twice in the policy", key.name));
    policy.witnesses.push_back(std::move(key));
  }
  return policy;
}

Finding Judge::witnesses() {
  MJ_TRY(const evidence_format::WitnessPolicy policy, policy());
  MJ_TRY(const evidence_format::Witnessed witnessed, evidence_format::witnessed(note_, policy));
  if (policy.quorum == 0 && witnessed.by.empty()) return absent("no witness signed, and none was asked for");
  std::string names;
  for (const auto& [witness, at] : witnessed.by) {
    names += fmt::format("{}{} at {}", names.empty() ? "" : ", ", witness, to_iso(at));
    if (!seen_ || at < *seen_) seen_ = at;
  }
  if (witnessed.by.size() < policy.quorum)
    return failed(fmt::format("{} of {} witnesses needed signed{}{}", witnessed.by.size(), policy.quorum,
                              names.empty() ? "" : ": ", names));
  return Found{Outcome::passed, fmt::format("{} signed, {} needed{}: {}", witnessed.by.size(), policy.quorum,
                                            trust_.policy ? "" : " by the bundle's own policy", names)};
}

Finding Judge::timestamp() {
  if (!document_.timestamp) return absent("no time stamp");
  const bool own = !trust_.timestamp_pem.empty();
  if (!own && (!document_.timestamp_trust || document_.timestamp_trust->empty()))
    return failed("no certificate of a time-stamp authority is trusted");
  if (!own && certificates_in(*document_.timestamp_trust) != *document_.timestamp_trust)
    return failed("timestamp_trust holds something else than certificates");
  MJ_TRY(const evidence_format::Timestamp stamp,
         evidence_format::check_timestamp(*document_.timestamp, evidence_format::sha256(as_bytes(note_.text)),
                                          own ? trust_.timestamp_pem : *document_.timestamp_trust));
  if (!seen_ || stamp.at < *seen_) seen_ = stamp.at;
  return Found{Outcome::passed, fmt::format("{} by {}{}", to_iso(stamp.at), stamp.authority,
                                            own ? "" : ", whose certificate comes from the bundle itself")};
}

Finding Judge::revocation() {
  const Instant at = *revoked();
  if (!seen_ || *seen_ >= at) {
    return failed(
        fmt::format("the keys were revoked at {}, and nobody else saw the checkpoint before", to_iso(at)));
  }
  return Found{Outcome::passed, fmt::format("the keys were revoked at {}, the checkpoint was seen at {}",
                                            to_iso(at), to_iso(*seen_))};
}

Status Judge::lead_to(const Digest& root, const std::vector<evidence_format::ProofNode>& nodes,
                      HashAlgorithm algorithm) const {
  std::vector<evidence_format::PlacedLeaf> leaves;
  leaves.reserve(document_.entries.size());
  for (const PlacedEntry& entry : document_.entries)
    leaves.push_back({entry.index, evidence_format::leaf_hash(entry.bytes, algorithm)});
  MJ_TRY(const Digest computed,
         evidence_format::root_from_common_proof(checkpoint_.size, leaves, nodes, algorithm));
  if (computed != root) {
    return failed(fmt::format("the entries lead to the {} root {}, the checkpoint has {}",
                              evidence_format::name(algorithm), to_base64(computed), to_base64(root)));
  }
  return {};
}

Finding Judge::inclusion() {
  MJ_CHECK(lead_to(checkpoint_.root, document_.sha256, HashAlgorithm::sha256));
  return Found{Outcome::passed,
               fmt::format("{} entries lead to the root of {}", document_.entries.size(), checkpoint_.size)};
}

Finding Judge::sm3() {
  if (!checkpoint_.sm3_root) return failed("the checkpoint has no SM3 root");
  const auto same_place = [](const evidence_format::ProofNode& a, const evidence_format::ProofNode& b) {
    return a.node == b.node;
  };
  if (!std::equal(document_.sha256.begin(), document_.sha256.end(), document_.sm3.begin(), document_.sm3.end(),
                  same_place))
    return failed("the places of the SM3 proof are not those of the SHA-256 proof");
  MJ_CHECK(lead_to(*checkpoint_.sm3_root, document_.sm3, HashAlgorithm::sm3));
  return Found{Outcome::passed, fmt::format("{} entries lead to the SM3 root", document_.entries.size())};
}

Finding Judge::statements() {
  if (document_.figure_id && document_.statements.empty()) return absent("no statements");
  MJ_CHECK(check_statements(document_));
  return Found{Outcome::passed, fmt::format("{} statements, none of the device's entries is left out",
                                            document_.statements.size())};
}

Finding Judge::tables() {
  if (document_.tables.empty()) return absent("no tables");
  MJ_CHECK(check_tables(document_, leaves_));
  std::string names;
  for (const Table& table : document_.tables) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", table.id);
    if (table.verification != "VERIFIED") names += fmt::format(" ({})", table.verification);
  }
  return Found{Outcome::passed, fmt::format("in force at the time of the data: {}", names)};
}

Finding Judge::derivation() {
  if (document_.steps.empty()) return absent("no steps");
  MJ_CHECK(check_derivation(document_, leaves_));
  return Found{Outcome::passed, fmt::format("{} steps computed again", document_.steps.size())};
}

Finding Judge::figure() {
  if (!document_.figure_id) return absent("the bundle is of a device");
  MJ_CHECK(check_figure(document_, leaves_));
  return Found{Outcome::passed, fmt::format("{} is {}", document_.subject(), document_.value)};
}

/// The list of checks under way: knows what failed and who rests on whom.
class Record {
 public:
  explicit Record(std::vector<Check>& checks) : checks_(checks) {}

  template <typename Judgement>
  void add(std::string_view id, std::initializer_list<std::string_view> rests_on, Judgement judge) {
    if (std::any_of(rests_on.begin(), rests_on.end(),
                    [this](std::string_view basis) { return has_failed(basis); })) {
      checks_.push_back({std::string(id), Outcome::failed, "not judged"});
      return;
    }
    Finding found = judge();
    if (found) {
      checks_.push_back({std::string(id), found->outcome, std::move(found->text)});
    } else {
      checks_.push_back({std::string(id), Outcome::failed, found.error().text()});
    }
  }
  [[nodiscard]] bool has_failed(std::string_view id) const {
    const auto found = std::find_if(checks_.begin(), checks_.end(), [&](const Check& c) { return c.id == id; });
    return found != checks_.end() && found->outcome == Outcome::failed;
  }

 private:
  std::vector<Check>& checks_;
};

constexpr std::string_view kIds[] = {"format",    "keys", "checkpoint", "witnesses", "timestamp",  "revocation",
                                     "inclusion", "sm3",  "statements", "tables",    "derivation", "figure"};

}  // namespace

Verdict verify(std::string_view bundle, const Trust& trust) {
  Verdict verdict;
  const auto document = read_document(bundle);
  if (!document) {
    for (const std::string_view id : kIds)
      verdict.checks.push_back({std::string(id), Outcome::failed, "not judged"});
    verdict.checks.front().text = document.error().text();
    return verdict;
  }
  verdict.subject = document->subject();
  if (document->figure_id)
    verdict.value = document->unit.empty() ? document->value : document->value + " " + document->unit;
  verdict.checks.push_back({"format", Outcome::passed,
                            fmt::format("{} entries, {} steps, made at {} by version {}", document->entries.size(),
                                        document->steps.size(), document->made_at, document->software)});

  Judge judge(*document, trust);
  Record record(verdict.checks);
  record.add("keys", {}, [&] { return judge.keys(); });
  record.add("checkpoint", {"keys"}, [&] { return judge.checkpoint(); });
  record.add("witnesses", {"checkpoint"}, [&] { return judge.witnesses(); });
  record.add("timestamp", {"checkpoint"}, [&] { return judge.timestamp(); });
  if (!record.has_failed("checkpoint") && !judge.revoked()) {
    record.add("revocation", {}, [] { return Finding(absent("the keys were not revoked")); });
  } else {
    record.add("revocation", {"checkpoint", "witnesses", "timestamp"}, [&] { return judge.revocation(); });
  }
  record.add("inclusion", {"checkpoint"}, [&] { return judge.inclusion(); });
  record.add("sm3", {"checkpoint"}, [&] { return judge.sm3(); });
  record.add("statements", {"inclusion"}, [&] { return judge.statements(); });
  record.add("tables", {}, [&] { return judge.tables(); });
  record.add("derivation", {}, [&] { return judge.derivation(); });
  record.add("figure", {"derivation"}, [&] { return judge.figure(); });

  verdict.ok = std::none_of(verdict.checks.begin(), verdict.checks.end(),
                            [](const Check& check) { return check.outcome == Outcome::failed; });
  verdict.trusted = !trust.log_keys.empty() && !record.has_failed("keys");
  return verdict;
}

}  // namespace mj::bundle
