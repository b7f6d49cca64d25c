#include "key.hpp"

#include "ed25519.hpp"
#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/merkle.hpp"

namespace mj::evidence_format {
namespace {

/// Signature type byte of Ed25519 in a signed note.
constexpr std::byte kEd25519Type{0x01};

Bytes typed(BytesView public_key) {
  Bytes bytes{kEd25519Type};
  bytes.insert(bytes.end(), public_key.begin(), public_key.end());
  return bytes;
}

}  // namespace

std::uint32_t key_hash(std::string_view name, BytesView public_key) {
  Bytes message(as_bytes(name).begin(), as_bytes(name).end());
  message.push_back(std::byte{'\n'});
  const Bytes key = typed(public_key);
  message.insert(message.end(), key.begin(), key.end());
  return get_be<std::uint32_t>(sha256(message));
}

bool valid_key_name(std::string_view name) {
  if (name.empty()) return false;
  return std::none_of(name.begin(), name.end(), [](char character) {
    const auto code = static_cast<unsigned char>(character);
    return code <= 0x20 || code == 0x7F || character == '+';
  });
}

std::optional<Bytes> strict_base64(std::string_view text) {
  std::optional<Bytes> bytes = from_base64(text);
  if (bytes && to_base64(*bytes) != text) return std::nullopt;
  return bytes;
}

Result<SigningKey> SigningKey::generate(std::string key_name) {
  return from_seed(std::move(key_name), random_seed());
}

Result<SigningKey> SigningKey::from_seed(std::string key_name, BytesView seed) {
  if (!valid_key_name(key_name)) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("\"{}\" cannot name a key: it must not be empty or hold blanks or '+'", key_name));
  }
  if (seed.size() != kEd25519KeyBytes) {
    return Error(ErrorCode::invalid_input, fmt::format("an Ed25519 seed has 32 bytes, not {}", seed.size()));
  }
  SigningKey key;
  key.name_ = std::move(key_name);
  key.seed_.assign(seed.begin(), seed.end());
  key.public_key_ = ed25519_public_key(seed);
  return key;
}

Bytes SigningKey::sign(std::string_view message) const { return ed25519_sign(seed_, as_bytes(message)); }

std::string SigningKey::verifier_key() const {
  return fmt::format("{}+{:08x}+{}", name_, key_hash(name_, public_key_), to_base64(typed(public_key_)));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto refuse = [](std::string_view why) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("this is no verifier key of the form name+hash+key: {}", why));
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
  if (bytes->size() != 1 + kEd25519KeyBytes || bytes->front() != kEd25519Type)
    return refuse("it is not an Ed25519 key");
  key.public_key.assign(bytes->begin() + 1, bytes->end());
  if (fmt::format("{:08x}", key_hash(key.name, key.public_key)) != text.substr(first + 1, second - first - 1)) {
    return refuse("the hash does not fit the name and the key");
  }
  return key;
}

}  // namespace mj::evidence_format
