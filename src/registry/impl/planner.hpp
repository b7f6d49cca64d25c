#pragma once

#include <optional>
#include <span>

#include "ledger.hpp"
#include "mj/registry/book.hpp"

namespace mj::registry {

/// What the changes would do to the register as it stands.
[[nodiscard]] Plan make_plan(const RegisterSchema& schema, const BookContent& content,
                             std::span<const Change> changes, const std::optional<Approval>& approval);

/// The approval with its texts cleaned. Errors: invalid_input when a text is empty or too long.
[[nodiscard]] Result<Approval> clean_approval(const Approval& approval);

}  // namespace mj::registry
