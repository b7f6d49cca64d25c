#pragma once

#include <optional>
#include <string>
#include <vector>

#include "device_chains.hpp"

namespace mj::custody {

/// Ascending numbers as Base64 of LEB128: the first, then distances.
[[nodiscard]] std::string pack_entries(const std::vector<std::uint64_t>& entries);
/// Errors: none when the text is no such list or not ascending.
[[nodiscard]] std::optional<std::vector<std::uint64_t>> unpack_entries(const std::string& text);

/// Base64 of 8 bytes entries (big-endian) and 32 bytes chain for each.
[[nodiscard]] std::string pack_states(const std::vector<ChainState>& states);
[[nodiscard]] std::optional<std::vector<ChainState>> unpack_states(const std::string& text);

[[nodiscard]] std::optional<Digest> unpack_digest(const std::string& text);

}  // namespace mj::custody
