#include "key_pair.hpp"
#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/evidence_format/note.hpp"
#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

/// What the stored form of a key begins with. Source: c2sp.org/signed-note, signature types; 0xff needs a longer name of our own.
std::string_view type_bytes(KeyKind kind) {
  switch (kind) {
    case KeyKind::ed25519: return "\x01";
    case KeyKind::cosignature: return "\x04";
    case KeyKind::sm2_sm3: return "\xffSM2-SM3";
  }
  return {};
}

Bytes typed(const VerifierKey& key) {
  const BytesView type = as_bytes(type_bytes(key.kind));
  Bytes bytes(type.begin(), type.end());
  bytes.insert(bytes.end(), key.public_key.begin(), key.public_key.end());
  return bytes;
}

}  // namespace

std::uint32_t VerifierKey::id() const {
  Bytes message(as_bytes(name).begin(), as_bytes(name).end());
  message.push_back(std::byte{'\n'});
  const Bytes key = typed(*this);
  message.insert(message.end(), key.begin(), key.end());
  return get_be<std::uint32_t>(sha256(message));
}

std::string VerifierKey::text() const { return fmt::format("{}+{:08x}+{}", name, id(), to_base64(typed(*this))); }

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto refuse = [](std::string_view why) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("this is no verifier key of the form name+id+key: {}", why));
  };
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return refuse("two '+' are missing");
  VerifierKey key;
  key.name = std::string(text.substr(0, first));
  if (!valid_key_name(key.name)) return refuse("the name is empty or holds blanks");
  // The base64 text may hold '+' itself: everything behind the second one belongs to it.
  const std::optional<Bytes> bytes = strict_base64(text.substr(second + 1));
  if (!bytes) return refuse("the key is not base64");
  bool known = false;
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::cosignature, KeyKind::sm2_sm3}) {
    if (!as_text(*bytes).starts_with(type_bytes(kind))) continue;
    key.kind = kind;
    key.public_key.assign(bytes->begin() + static_cast<std::ptrdiff_t>(type_bytes(kind).size()), bytes->end());
    known = true;
  }
  if (!known) return refuse("it is of no known type");
  if (!public_half(key.kind, key.public_key)) return refuse("the public key is not one of its type");
  if (fmt::format("{:08x}", key.id()) != text.substr(first + 1, second - first - 1)) {
    return refuse("the id does not fit the name and the key");
  }
  return key;
}

bool VerifierKey::verify(std::string_view message, BytesView signature) const {
  const KeyPair key = public_half(kind, public_key);
  return key && verify_with(kind, *key, as_bytes(message), signature);
}

}  // namespace mj::evidence_format
