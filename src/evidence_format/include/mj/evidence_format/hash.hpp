#pragma once

#include <cstdint>
#include <string_view>

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

/// The two hash functions of the log. Every entry stands in a tree of each: SHA-256 for the world's tools (C2SP), SM3
/// (GB/T 32905-2016 密码杂凑算法) for national ones. Both give 32 bytes.
enum class HashAlgorithm : std::uint8_t { sha256, sm3 };
inline constexpr HashAlgorithm kHashAlgorithms[] = {HashAlgorithm::sha256, HashAlgorithm::sm3};
/// "sha256", "sm3".
[[nodiscard]] std::string_view name(HashAlgorithm algorithm);

[[nodiscard]] Digest hash(HashAlgorithm algorithm, BytesView bytes);
[[nodiscard]] Digest sha256(BytesView bytes);
[[nodiscard]] Digest sm3(BytesView bytes);

/// H(0x00 ‖ entry). Source: RFC 6962 §2.1.
[[nodiscard]] Digest leaf_hash(BytesView entry, HashAlgorithm algorithm = HashAlgorithm::sha256);
/// H(0x01 ‖ left ‖ right). Source: RFC 6962 §2.1.
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right,
                               HashAlgorithm algorithm = HashAlgorithm::sha256);
/// Root of the empty tree: H of nothing.
[[nodiscard]] Digest empty_root(HashAlgorithm algorithm = HashAlgorithm::sha256);

}  // namespace mj::evidence_format
