#pragma once

#include <optional>
#include <string_view>

#include "mj/registry/network.hpp"

namespace mj::registry {

/// Columns of a table of records that are no attributes.
enum class Special {
  id,
  action,
  effective,
  approval,
  approval_authority,
  approval_date,
  state,
  valid_from,
  valid_to,
  entry
};
inline constexpr Special kSpecials[] = {Special::id,
                                        Special::action,
                                        Special::effective,
                                        Special::approval,
                                        Special::approval_authority,
                                        Special::approval_date,
                                        Special::state,
                                        Special::valid_from,
                                        Special::valid_to,
                                        Special::entry};

/// The English one is the key.
[[nodiscard]] LocalName title(Special column);
/// Errors: none for another title.
[[nodiscard]] std::optional<Special> special_column(std::string_view written);

}  // namespace mj::registry
