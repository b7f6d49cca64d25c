#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/dataset/layout.hpp"

namespace mj::dataset {

/// The [[layout]] tables of a file. Errors: invalid_input with `file`, line and what is wrong; unknown keys are.
[[nodiscard]] Result<std::vector<Layout>> parse_layouts(std::string_view toml, const std::string& file);

}  // namespace mj::dataset
