#include "mj/evidence_format/hash.hpp"

#include "sha256.hpp"
#include "sm3.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::array<std::byte, 1> kLeafPrefix{std::byte{0x00}};
constexpr std::byte kNodePrefix{0x01};

Digest hash_of(HashAlgorithm algorithm, BytesView first, BytesView second) {
  return algorithm == HashAlgorithm::sm3 ? sm3_of(first, second) : sha256_of(first, second);
}

}  // namespace

std::string_view name(HashAlgorithm algorithm) { return algorithm == HashAlgorithm::sm3 ? "sm3" : "sha256"; }

Digest hash(HashAlgorithm algorithm, BytesView bytes) { return hash_of(algorithm, bytes, {}); }
Digest sha256(BytesView bytes) { return sha256_of(bytes, {}); }
Digest sm3(BytesView bytes) { return sm3_of(bytes, {}); }

Digest leaf_hash(BytesView entry, HashAlgorithm algorithm) { return hash_of(algorithm, kLeafPrefix, entry); }

Digest node_hash(const Digest& left, const Digest& right, HashAlgorithm algorithm) {
  std::array<std::byte, 1 + 2 * sizeof(Digest)> message;
  message[0] = kNodePrefix;
  std::memcpy(message.data() + 1, left.data(), left.size());
  std::memcpy(message.data() + 1 + left.size(), right.data(), right.size());
  return hash_of(algorithm, message, {});
}

Digest empty_root(HashAlgorithm algorithm) { return hash_of(algorithm, {}, {}); }

}  // namespace mj::evidence_format
