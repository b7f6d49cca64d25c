#pragma once

#include <optional>
#include <string>

#include "mj/standards/standard_set.hpp"

namespace mj::app {

/// Which tables and rows are printed.
struct StandardsFilter {
  std::string kind;                                     ///< empty = all
  std::optional<standards::Verification> verification;  ///< tables that have rows of this state
  std::optional<Instant> at;                            ///< what is in force then
};

/// One row for each table; `format`: table, csv or json.
[[nodiscard]] std::string list_text(const standards::StandardSet& set, const StandardsFilter& filter,
                                    const std::string& format);

/// An edition with its tables as they stand in the files; rows replaced by local ones are shown and marked. CSV: the tables
/// one after the other, each below its comment line.
[[nodiscard]] std::string show_text(const standards::StandardSet& set, const standards::Edition& edition,
                                    const StandardsFilter& filter, const std::string& format);

}  // namespace mj::app
