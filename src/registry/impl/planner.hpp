#pragma once

#include <optional>
#include <span>

#include "ledger.hpp"
#include "mj/registry/book.hpp"

namespace mj::registry {

/// What the changes would do to the register as it stands.
[[nodiscard]] Plan make_plan(const RegisterSchema& schema, const BookContent& content,
                             std::span<const Change> changes, const std::optional<Approval>& approval);

}  // namespace mj::registry
