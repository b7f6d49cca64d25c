#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::api {

/// `StandardEdition`: what is known of an edition, with counts over its tables. `now` decides whether it is in force.
[[nodiscard]] Json standard_edition_json(const standards::StandardSet& set, const standards::Edition& edition,
                                         Instant now);

/// `StandardTable`; `at`: only rows in force then. Rows that local ones replaced are shown and marked.
[[nodiscard]] Json standard_table_json(const standards::Table& table, const std::optional<Instant>& at);

/// `StandardHits`: the rows in which every word of `words` (lower case) stands in a cell, the clause, or the id or title
/// of the edition. Rows with a cell that is one of the words come first, then rows that hold all words themselves, then
/// those that need the edition's name.
[[nodiscard]] Json standard_hits_json(const standards::StandardSet& set, const std::vector<std::string>& words,
                                      const std::optional<Instant>& at, std::size_t limit);

}  // namespace mj::api
