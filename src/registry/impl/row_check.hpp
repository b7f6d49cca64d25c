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

/// Checks one change against the draft, and puts it there when it is good and changes something. Whether what it refers to
/// exists is left to the end, when all rows are known.
[[nodiscard]] RowOutcome check_row(const RegisterSchema& schema, Draft& draft, const Change& wanted,
                                   bool approved);

}  // namespace mj::registry
