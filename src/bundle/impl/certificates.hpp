#pragma once

#include <string>
#include <string_view>

namespace mj::bundle {

/// The certificates in a PEM text and nothing else: comments, keys and whatever stands between them are left out; so are blocks that are no
/// canonical Base64. A text is in the form of docs/formats/bundle.md §1 when it is not empty and this gives it back unchanged.
[[nodiscard]] std::string certificates_in(std::string_view pem);

}  // namespace mj::bundle
