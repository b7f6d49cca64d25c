#pragma once

#include <string>

#include "document.hpp"
#include "leaves.hpp"

namespace mj::bundle {

/// What a step that reads no entry gives, from the results of the earlier ones (docs/formats/bundle.md §3.4). Errors: invalid_input
/// when it gives nothing.
[[nodiscard]] Result<std::string> calculate(const Document& document, const Step& step);
/// The same for any step.
[[nodiscard]] Result<std::string> evaluate(const Document& document, const Step& step, Leaves& leaves);

/// Evaluates every step and compares. Errors: damaged naming the first step that differs.
Status check_derivation(const Document& document, Leaves& leaves);

/// Validity of the tables against the data (§4 `tables`). Errors: damaged.
Status check_tables(const Document& document, Leaves& leaves);

/// §4 `figure`. Errors: damaged.
Status check_figure(const Document& document, Leaves& leaves);

/// §4 `statements` (there is at least one). Errors: damaged.
Status check_statements(const Document& document);

}  // namespace mj::bundle
