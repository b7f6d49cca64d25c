#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/source.hpp"

namespace mj::standards {

/// A row of a table of limits, grades or parameters that a rule of room `assess` interprets 标准表行. Its columns and
/// their types are those declared for the kind and were checked when it was loaded, so reading a declared column
/// cannot fail.
class RuleRow {
 public:
  std::string kind;     ///< kind of table, e.g. "air_limits"
  std::string edition;  ///< id of the edition: "GB 3095-2026"
  Validity validity;
  Verification verification = Verification::unverified;
  std::string clause;
  std::string origin;        ///< file and line, for error texts
  std::string jurisdiction;  ///< of the edition
  bool local = false;        ///< from a local file that overrides or adds to the edition

  /// The cell as written; empty when it is empty or the kind has no such column.
  [[nodiscard]] std::string_view text(std::string_view column) const;
  /// A column of decimals. None when the cell is empty.
  [[nodiscard]] std::optional<Decimal> number(std::string_view column) const;
  /// A column of decimals that must not be empty.
  [[nodiscard]] Decimal decimal(std::string_view column) const;
  /// A column of whole numbers that must not be empty.
  [[nodiscard]] int integer(std::string_view column) const;

  std::shared_ptr<const std::vector<std::string>> header;
  std::vector<std::string> cells;
};

}  // namespace mj::standards
