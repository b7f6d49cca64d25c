#pragma once

#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// The rows of a kind that are in force at `at`: of national standards, or of the edition named. A named edition that was not in force
/// then gives its last rows.
[[nodiscard]] std::vector<const standards::RuleRow*> rows_in_force(const standards::StandardSet& standards,
                                                                   std::string_view kind, Instant at,
                                                                   std::string_view edition = "");

/// The named numbers (tables of the kind `parameters`) of an edition.
class Parameters {
 public:
  /// Those of the edition that has rows of `kind` in force at `at`. Errors: not_found.
  [[nodiscard]] static Result<Parameters> of(const standards::StandardSet& standards, std::string_view kind,
                                             Instant at);
  /// Those of an edition by its id. Errors: not_found.
  [[nodiscard]] static Result<Parameters> of_edition(const standards::StandardSet& standards,
                                                     std::string_view edition);

  /// Errors: not_found that names edition and number; for integer() also when it is no whole number.
  [[nodiscard]] Result<Decimal> decimal(std::string_view name) const;
  [[nodiscard]] Result<int> integer(std::string_view name) const;
  [[nodiscard]] standards::Verification verification(std::string_view name) const;
  [[nodiscard]] const std::string& edition() const { return edition_; }

 private:
  [[nodiscard]] const standards::RuleRow* row(std::string_view name) const;
  std::string edition_;
  std::vector<const standards::RuleRow*> rows_;
};

/// The ids of the editions that have rows of a kind, for error texts.
[[nodiscard]] std::string editions_with(const standards::StandardSet& standards, std::string_view kind);

}  // namespace mj::assess
