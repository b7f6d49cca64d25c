#pragma once

#include <string>

#include "document.hpp"
#include "packet.hpp"

namespace mj::bundle {

/// What a step gives, from the results of the earlier ones (docs/formats/bundle.md §3.3). Errors: invalid_input when it gives nothing.
[[nodiscard]] Result<std::string> evaluate(const Document& document, const Step& step, Packets& packets);

/// Evaluates every step and compares. Errors: damaged naming the first step that differs.
Status check_derivation(const Document& document, Packets& packets);

/// Validity of the tables against the data (§4 `tables`). Errors: damaged.
Status check_tables(const Document& document, Packets& packets);

/// §4 `figure`. Errors: damaged.
Status check_figure(const Document& document, Packets& packets);

/// §4 `statements` (there is at least one). Errors: damaged.
Status check_statements(const Document& document);

}  // namespace mj::bundle
