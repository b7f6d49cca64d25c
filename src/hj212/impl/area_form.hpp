#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mj/hj212/deviation.hpp"
#include "mj/hj212/protocol.hpp"
#include "traits.hpp"

namespace mj::hj212 {

/// What a data area shows of a device's habits.
struct AreaHabits {
  bool old_codes = false;      ///< factor codes of HJ/T 212-2005
  bool current_codes = false;  ///< of HJ 212-2017 and later
  bool ascii = true;           ///< nothing but ASCII
  bool qn = false;             ///< QN inside the area, the 2005 form of a reply
  std::optional<DataTimeVariant> data_time;
};

/// Notes where the fields of an area depart from the table of their command (`command` may be null: unknown) and from the
/// grammar of HJ 212-2017 §6.3.3. Allocates nothing for an area that conforms.
AreaHabits examine_area(std::string_view area, const std::vector<Field>& fields, const Command* command,
                        const Protocol& protocol, Dialect dialect, Deviations& deviations);

}  // namespace mj::hj212
