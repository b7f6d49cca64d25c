#pragma once

#include <cstdint>
#include <string_view>

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

/// First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key): tells keys of one name apart. Source: c2sp.org/signed-note.
[[nodiscard]] std::uint32_t key_hash(std::string_view name, BytesView public_key);

/// Names may not hold blanks, control characters or '+', and are not empty. Source: c2sp.org/signed-note.
[[nodiscard]] bool valid_key_name(std::string_view name);

/// Base64 in its one canonical spelling; nothing when it is spelt otherwise.
[[nodiscard]] std::optional<Bytes> strict_base64(std::string_view text);

}  // namespace mj::evidence_format
