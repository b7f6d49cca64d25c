// Any bytes as an entry, as a signed note and as a verifier key: never a crash, and nothing is accepted that is not
// exactly what encoding would give.
#include <cstdint>
#include <cstdlib>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/merkle.hpp"

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

  static const SigningKey key = *SigningKey::from_seed("fuzz.example/log", Bytes(32, std::byte{7}));
  static const VerifierKey verifier = *VerifierKey::parse(key.verifier_key());
  // The key signs nothing but this checkpoint, so no other can be opened.
  static const Checkpoint known{"fuzz.example/log", 42, empty_root()};
  if (const auto opened = open_checkpoint(as_text(bytes), verifier)) {
    require(opened->origin == known.origin && opened->size == known.size && opened->root == known.root);
  }
  if (const auto parsed = VerifierKey::parse(as_text(bytes))) require(parsed->public_key.size() == 32);
  return 0;
}
