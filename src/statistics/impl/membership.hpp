#pragma once

#include <string>
#include <vector>

#include "mj/statistics/selection.hpp"

namespace mj::statistics {

/// A point of the register and whose values its values are part of.
struct Member {
  registry::PointView point;
  std::size_t subject = 0;
  std::vector<std::string> reporters;  ///< none that reports for another member as well
};

/// The points of a selection, put together.
struct Membership {
  std::vector<Subject> subjects;  ///< by id; the points that belong to no group last
  std::vector<Member> members;    ///< by id
  std::vector<Note> notes;
};

/// By the register on the last day of the range, with the points that were there on its first day and are gone since.
/// Errors: invalid_input for an element, a point, a region or a subject that the register does not know.
[[nodiscard]] Result<Membership> members_of(const Sources& sources, const Selection& selection);

/// The word of rules/register.toml for an element; null when it is none.
[[nodiscard]] const registry::WordTitle* element_word(const registry::Book& book, std::string_view element);

}  // namespace mj::statistics
