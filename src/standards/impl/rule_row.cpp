#include "mj/standards/rule_row.hpp"

namespace mj::standards {

std::string_view RuleRow::text(std::string_view column) const {
  if (!header) return {};
  const auto found = std::find(header->begin(), header->end(), column);
  return found == header->end() ? std::string_view()
                                : std::string_view(cells[static_cast<std::size_t>(found - header->begin())]);
}

std::optional<Decimal> RuleRow::number(std::string_view column) const { return parse_decimal(text(column)); }

Decimal RuleRow::decimal(std::string_view column) const { return number(column).value_or(Decimal{}); }

int RuleRow::integer(std::string_view column) const { return static_cast<int>(decimal(column).mantissa); }

}  // namespace mj::standards
