#pragma once

#include <string>
#include <string_view>

#include "mj/dataset/layout.hpp"

namespace mj::dataset {

/// What a cell of values says.
enum class CellKind { value, missing, unreadable };

/// Reads a cell into the text that is stored: the digits as they stand, or, with a shift or an exponent, the exact decimal
/// written without one. A detection limit keeps its mark; a mark that is a word ("ND") may stand alone. `buffer` holds what is not in `cell`.
[[nodiscard]] CellKind read_cell(std::string_view cell, const Layout& layout, int shift, std::string& buffer,
                                 std::string_view& text);

/// Without blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace mj::dataset
