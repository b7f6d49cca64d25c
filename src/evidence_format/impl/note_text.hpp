#pragma once

#include <optional>
#include <string_view>

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

/// Notes are UTF-8 without ASCII control characters other than the newline. Source: c2sp.org/signed-note.
[[nodiscard]] bool valid_note_text(std::string_view text);

/// Not empty, no Unicode space, no '+', no control character. Source: c2sp.org/signed-note.
[[nodiscard]] bool valid_key_name(std::string_view name);

/// Base64 in its one canonical spelling; nothing when it is spelt otherwise.
[[nodiscard]] std::optional<Bytes> strict_base64(std::string_view text);
/// The same, of 32 bytes.
[[nodiscard]] std::optional<Digest> digest_from_base64(std::string_view text);

/// Cuts the line up to the next newline off the front. Nothing when there is no newline.
[[nodiscard]] std::optional<std::string_view> take_line(std::string_view& text);

}  // namespace mj::evidence_format
