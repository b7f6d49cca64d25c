#pragma once

#include <optional>
#include <string>
#include <vector>

#include "draft.hpp"
#include "mj/registry/book.hpp"

namespace mj::registry {

/// A fault of one row, before it is known which row it is.
struct Fault {
  std::string column;
  std::string text;
};

/// What one row would do.
struct RowOutcome {
  std::vector<Fault> faults;
  std::optional<Change>
      change;  ///< canonical, with its action; none when nothing would be different or there is a fault
};

/// The approval with its texts cleaned. Errors: invalid_input when a text is empty or too long.
[[nodiscard]] Result<Approval> clean_approval(const Approval& approval);

/// Checks one change against the draft, and puts it there when it is good and changes something. `approval`: of what has none
/// of its own. Whether what it refers to exists is left to the end, when all rows are known.
[[nodiscard]] RowOutcome check_row(const RegisterSchema& schema, Draft& draft, const Change& wanted,
                                   const std::optional<Approval>& approval);

}  // namespace mj::registry
