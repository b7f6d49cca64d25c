// Any bytes as an entry, a signed note, a verifier key, a tile's path, a keyring and a time stamp: never a crash, and nothing is
// accepted that is not exactly what encoding would give.
#include <cstdint>
#include <cstdlib>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/tile.hpp"
#include "mj/evidence_format/timestamp.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mj;
  using namespace mj::evidence_format;
  const BytesView bytes(reinterpret_cast<const std::byte*>(data), size);

  if (const auto entry = decode(bytes)) {
    Bytes again;
    require(encode(*entry, again).has_value());
    require(as_text(again) == as_text(bytes));
  }

  static const SoftwareKey key =
      *SoftwareKey::from_secret("fuzz.example/log", KeyKind::ed25519, Bytes(32, std::byte{7}));
  // The key signs nothing but this checkpoint, so no other can be opened.
  static const Checkpoint known{"fuzz.example/log", 42, empty_root(), std::nullopt};
  if (const auto opened = open_checkpoint(as_text(bytes), std::array{key.key()})) require(*opened == known);
  if (const auto note = Note::parse(as_text(bytes))) require(note->str() == as_text(bytes));
  if (const auto parsed = VerifierKey::parse(as_text(bytes))) require(parsed->text() == as_text(bytes));
  if (const auto parsed = Checkpoint::parse(as_text(bytes))) require(parsed->size <= UINT64_MAX);
  if (const auto tile = Tile::parse(as_text(bytes))) require(tile->path() == as_text(bytes));
  if (const auto statement = KeyStatement::parse(as_text(bytes))) require(statement->text() == as_text(bytes));
  if (const auto ring = KeyRing::parse(as_text(bytes))) require(ring->text() == as_text(bytes));
  require(!check_timestamp(bytes, Digest{}, {}));
  return 0;
}
