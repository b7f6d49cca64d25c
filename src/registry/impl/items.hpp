#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mj::registry {

/// Items of the canonical text of a list.
[[nodiscard]] std::vector<std::string> items_of(std::string_view list);

}  // namespace mj::registry
