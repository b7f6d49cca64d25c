#include "mj/evidence_format/key_ring.hpp"

#include <charconv>

#include "mj/evidence_format/hash.hpp"
#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::string_view kAt = "at ";
constexpr std::string_view kGenesis = "genesis";

Error refuse(std::string why) { return Error(ErrorCode::damaged, std::move(why)); }

/// Exactly the signatures that are due, each by its key, in order: nothing travels along unchecked.
Status check_signatures(const Note& note, std::span<const VerifierKey> due) {
  for (const VerifierKey& key : due) {
    MJ_TRY(const auto signature, note.signature_of(key));
    if (!signature) return refuse(fmt::format("it is not signed by the key {:08x} of {}", key.id(), key.name));
  }
  const auto by = [](const Note::Signature& signature, const VerifierKey& key) {
    return signature.id == key.id() && signature.name == key.name;
  };
  if (!std::equal(note.signatures.begin(), note.signatures.end(), due.begin(), due.end(), by)) {
    return refuse("its signatures are not those that are due, in their order");
  }
  return {};
}

/// Whether a statement may come after `before`.
Status check_succession(const KeyStatement& next, const KeyStatement& before, std::string_view note_before) {
  if (next.action == KeyAction::create) return refuse("a log is created once");
  if (next.number != before.number + 1) {
    return refuse(fmt::format("it has the number {}, {} is due", next.number, before.number + 1));
  }
  if (next.previous != sha256(as_bytes(note_before))) return refuse("it does not name the statement before it");
  if ((next.action == KeyAction::succeed) == (next.origin == before.origin)) {
    return refuse(next.action == KeyAction::succeed ? "a succession gives the log another origin"
                                                    : "only a succession gives the log another origin");
  }
  const bool by_recovery = next.action == KeyAction::recover || next.action == KeyAction::revoke;
  if (by_recovery && !before.recovery) return refuse("there is no recovery key that could sign it");
  // Otherwise a thief of the signing keys could lock the owner out.
  if (!by_recovery && next.recovery != before.recovery)
    return refuse("the recovery key can only be replaced with its own signature");
  const auto shared = [&](const VerifierKey& key) {
    return std::any_of(before.keys.begin(), before.keys.end(),
                       [&](const VerifierKey& old) { return old.public_key == key.public_key; });
  };
  if (std::any_of(next.keys.begin(), next.keys.end(), shared))
    return refuse("it names a key that was in force before");
  return {};
}

struct Opened {
  Note note;
  KeyStatement statement;
};

Result<Opened> open(std::string_view text) {
  MJ_TRY(Note note, Note::parse(text));
  MJ_TRY(KeyStatement statement, KeyStatement::parse(note.text));
  return Opened{std::move(note), std::move(statement)};
}

Result<KeyStatement> open_next(std::string_view note, const KeyRing::Member& before) {
  MJ_TRY(Opened opened, open(note));
  MJ_CHECK(check_succession(opened.statement, before.statement, before.note));
  MJ_CHECK(check_signatures(opened.note, opened.statement.signatories(&before.statement)));
  return std::move(opened.statement);
}

Result<KeyStatement> open_first(std::string_view note) {
  MJ_TRY(Opened opened, open(note));
  const KeyStatement& first = opened.statement;
  if (first.action != KeyAction::create || first.number != 0 || first.previous) {
    return refuse("it is not one that begins a ring");
  }
  MJ_CHECK(check_signatures(opened.note, first.signatories(nullptr)));
  return std::move(opened.statement);
}

}  // namespace

Result<KeyRing> KeyRing::begin(std::string note) {
  auto statement = open_first(note);
  if (!statement) return refuse("key statement 0: " + statement.error().text());
  KeyRing ring;
  ring.members_.push_back(Member{std::nullopt, std::move(*statement), std::move(note)});
  return ring;
}

Status KeyRing::add(std::uint64_t entry, std::string note) {
  const Member& last = members_.back();
  if (last.entry && *last.entry >= entry) {
    return refuse(
        fmt::format("key statement {}: entry {} does not follow entry {}", members_.size(), entry, *last.entry));
  }
  auto statement = open_next(note, last);
  if (!statement) return refuse(fmt::format("key statement {}: {}", members_.size(), statement.error().text()));
  members_.push_back(Member{entry, std::move(*statement), std::move(note)});
  return {};
}

std::string KeyRing::text() const {
  std::string out;
  for (const Member& member : members_) {
    out += member.entry ? fmt::format("{}{}\n", kAt, *member.entry) : fmt::format("{}{}\n", kAt, kGenesis);
    out += member.note + '\n';
  }
  return out;
}

Result<KeyRing> KeyRing::parse(std::string_view text) {
  const std::string_view whole = text;
  std::optional<KeyRing> ring;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || !line->starts_with(kAt)) return refuse("keyring: the line \"at …\" is missing");
    const std::string_view place = line->substr(kAt.size());
    // No line of a statement begins with "at ": the next member begins at the next such line.
    const std::size_t next = text.find("\n\nat ");
    const std::size_t length = next == std::string_view::npos ? text.size() : next + 2;
    if (length == 0 || text[length - 1] != '\n') return refuse("keyring: it does not end with an empty line");
    std::string note(text.substr(0, length - 1));
    text.remove_prefix(length);
    if (!ring) {
      if (place != kGenesis) return refuse("keyring: it does not begin with \"at genesis\"");
      auto begun = begin(std::move(note));
      if (!begun) return begun.error().context("keyring");
      ring = std::move(*begun);
      continue;
    }
    std::uint64_t entry = 0;
    if (std::from_chars(place.data(), place.data() + place.size(), entry).ec != std::errc{})
      return refuse("keyring: a line \"at …\" names no entry");
    if (Status added = ring->add(entry, std::move(note)); !added) return added.error().context("keyring");
  }
  if (!ring) return refuse("keyring: it is empty");
  if (ring->text() != whole) return refuse("keyring: it is not in its one spelling");
  return std::move(*ring);
}

const KeyStatement& KeyRing::at_size(std::uint64_t size) const {
  auto member = members_.rbegin();
  while (member->entry && *member->entry >= size) ++member;  // the first has no entry
  return member->statement;
}

Result<Checkpoint> open_checkpoint(std::string_view text, const KeyRing& ring) {
  auto note = Note::parse(text);
  if (!note) return note.error().context("checkpoint");
  MJ_TRY(Checkpoint checkpoint, Checkpoint::parse(note->text));
  const KeyStatement& in_force = ring.at_size(checkpoint.size);
  if (checkpoint.origin != in_force.origin) {
    return refuse(
        fmt::format("checkpoint: it is one of the log \"{}\", not \"{}\"", checkpoint.origin, in_force.origin));
  }
  if (!checkpoint.sm3_root) return refuse("checkpoint: it has no SM3 root");
  for (const VerifierKey& key : in_force.keys) {
    MJ_TRY(const auto signature, note->signature_of(key));
    if (signature) continue;
    std::string why =
        fmt::format("checkpoint: there is no signature of the key {:08x} of {}, which is in force at {} entries",
                    key.id(), key.name, checkpoint.size);
    for (const KeyRing::Member& member : ring.members()) {
      for (const VerifierKey& other : member.statement.keys) {
        const auto theirs = note->signature_of(other);
        if (&member.statement != &in_force && theirs && *theirs) {
          return refuse(
              fmt::format("{}; it is signed with the key {:08x} of statement {}, which is not in force there", why,
                          other.id(), member.statement.number));
        }
      }
    }
    return refuse(std::move(why));
  }
  return checkpoint;
}

std::optional<Instant> KeyRing::revoked_at(std::uint64_t size) const {
  const KeyStatement& in_force = at_size(size);
  // Only the keys in force just before a revocation are revoked by it: older ones had been rotated out.
  const std::uint64_t next = in_force.number + 1;
  if (next >= members_.size() || members_[next].statement.action != KeyAction::revoke) return std::nullopt;
  return members_[next].statement.at;
}

}  // namespace mj::evidence_format
