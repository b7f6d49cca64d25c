#include "mj/evidence_format/checkpoint.hpp"

#include <charconv>

#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::string_view kSm3Line = "sm3 ";

Error refuse(std::string_view why) { return Error(ErrorCode::damaged, fmt::format("checkpoint: {}", why)); }

}  // namespace

std::string Checkpoint::text() const {
  std::string out = fmt::format("{}\n{}\n{}\n", origin, size, to_base64(root));
  if (sm3_root) out += fmt::format("{}{}\n", kSm3Line, to_base64(*sm3_root));
  return out;
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  Checkpoint checkpoint;
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!origin || !size || !root || origin->empty()) return refuse("origin, size and root are not all there");
  checkpoint.origin = std::string(*origin);
  const auto parsed = std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
  if (parsed.ec != std::errc{} || fmt::format("{}", checkpoint.size) != *size)
    return refuse("the size is not a number");
  const std::optional<Digest> hash = digest_from_base64(*root);
  if (!hash) return refuse("the root is not 32 bytes of base64");
  checkpoint.root = *hash;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || line->empty()) return refuse("an extension line is empty");
    if (!line->starts_with(kSm3Line)) continue;
    if (checkpoint.sm3_root) return refuse("there are two SM3 roots");
    checkpoint.sm3_root = digest_from_base64(line->substr(kSm3Line.size()));
    if (!checkpoint.sm3_root) return refuse("the SM3 root is not 32 bytes of base64");
  }
  return checkpoint;
}

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, std::span<const Signer* const> signers) {
  Note note{checkpoint.text(), {}};
  for (const Signer* signer : signers) MJ_CHECK(note.add(*signer));
  return note.str();
}

Result<Checkpoint> open_checkpoint(std::string_view text, std::span<const VerifierKey> keys) {
  auto note = Note::parse(text);
  if (!note) return note.error().context("checkpoint");
  for (const VerifierKey& key : keys) {
    const auto signature = note->signature_of(key);
    if (!signature) return signature.error().context("checkpoint");
    if (!*signature) {
      return refuse(fmt::format("there is no signature of {} with the key {:08x}", key.name, key.id()));
    }
  }
  return Checkpoint::parse(note->text);
}

}  // namespace mj::evidence_format
