#include "mj/assess/rules_in_force.hpp"

#include <fmt/ranges.h>

#include <set>

namespace mj::assess {

std::vector<const standards::RuleRow*> rows_in_force(const standards::StandardSet& standards,
                                                     std::string_view kind, Instant at, std::string_view edition) {
  std::vector<const standards::RuleRow*> found;
  std::optional<Instant> last;
  for (const standards::RuleRow& row : standards.rules(kind)) {
    // Without a name the national rules count; a local standard applies only where somebody chose it.
    if (edition.empty() ? row.jurisdiction != "nation" : row.edition != edition) continue;
    if (row.validity.contains(at)) found.push_back(&row);
    if (!last || row.validity.from > *last) last = row.validity.from;
  }
  if (!found.empty() || edition.empty()) return found;
  for (const standards::RuleRow& row : standards.rules(kind)) {
    if (row.edition == edition && row.validity.contains(*last)) found.push_back(&row);
  }
  return found;
}

Result<Parameters> Parameters::of(const standards::StandardSet& standards, std::string_view kind, Instant at) {
  const auto rows = rows_in_force(standards, kind, at);
  if (rows.empty())
    return Error(ErrorCode::not_found, fmt::format("no table of {} was in force at {}; there are {}", kind,
                                                   to_iso(at), editions_with(standards, kind)));
  return of_edition(standards, rows.front()->edition);
}

Result<Parameters> Parameters::of_edition(const standards::StandardSet& standards, std::string_view edition) {
  Parameters parameters;
  parameters.edition_ = edition;
  for (const standards::RuleRow& row : standards.rules("parameters")) {
    if (row.edition == edition) parameters.rows_.push_back(&row);
  }
  if (parameters.rows_.empty())
    return Error(ErrorCode::not_found, fmt::format("the standard \"{}\" has no table of parameters", edition));
  return parameters;
}

const standards::RuleRow* Parameters::row(std::string_view name) const {
  for (const standards::RuleRow* candidate : rows_) {
    if (candidate->text("name") == name) return candidate;
  }
  return nullptr;
}

Result<Decimal> Parameters::decimal(std::string_view name) const {
  const standards::RuleRow* found = row(name);
  if (found == nullptr) return Error(ErrorCode::not_found, fmt::format("{}: no parameter {}", edition_, name));
  return found->decimal("value");
}

Result<int> Parameters::integer(std::string_view name) const {
  MJ_TRY(const Decimal value, decimal(name));
  const Decimal whole = round_gb8170(value, 0);
  if (compare(whole, value) != 0 || whole.mantissa < -1'000'000 || whole.mantissa > 1'000'000)
    return Error(ErrorCode::invalid_input, fmt::format("{}: parameter {} is no whole number", edition_, name));
  return static_cast<int>(whole.mantissa);
}

standards::Verification Parameters::verification(std::string_view name) const {
  const standards::RuleRow* found = row(name);
  return found == nullptr ? standards::Verification::unverified : found->verification;
}

std::string editions_with(const standards::StandardSet& standards, std::string_view kind) {
  std::set<std::string> ids;
  for (const standards::RuleRow& row : standards.rules(kind)) ids.insert(row.edition);
  return fmt::format("{}", fmt::join(ids, ", "));
}

}  // namespace mj::assess
