#pragma once

#include <nlohmann/json.hpp>

#include "document.hpp"

namespace mj::bundle {

/// Tables and steps as docs/formats/bundle.md §3.3 and §3.4 want their form. `number`: of the step. Errors: invalid_input.
[[nodiscard]] Result<Table> read_table(const nlohmann::json& value, std::size_t number);
[[nodiscard]] Result<Step> read_step(const nlohmann::json& value, std::size_t number, const Document& before);
[[nodiscard]] nlohmann::json write_table(const Table& table);
[[nodiscard]] nlohmann::json write_step(const Step& step);

}  // namespace mj::bundle
