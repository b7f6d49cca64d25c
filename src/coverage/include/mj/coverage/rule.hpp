#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"
#include "mj/registry/day.hpp"
#include "mj/registry/register_schema.hpp"

namespace mj::coverage {

/// What a planning rule is about.
enum class RuleKind {
  per_region,  ///< every region of some levels needs points
  per_record,  ///< every river, lake, source … that meets conditions needs points that refer to it
  total,       ///< so many points in all
  boundary,    ///< a river that passes from one region to another needs a section near there
};
/// "per_region" …
[[nodiscard]] std::string_view name(RuleKind kind);

/// Where the figure of a rule comes from.
enum class Basis {
  document,       ///< it stands in the document
  operator_rule,  ///< the document asks for points without saying how many, or the rule is the operator's own
};
/// "document", "operator".
[[nodiscard]] std::string_view name(Basis basis);

/// What an attribute of a record must be; every part that is given must hold.
struct Condition {
  std::string attribute;
  std::vector<std::string> any_of;   ///< one of these; a list holds one of them
  std::vector<std::string> none_of;  ///< none of these; what is not known passes
  std::optional<double> at_least;
  std::optional<double> below;
  bool known = false;  ///< whatever it is
};

/// From this value of an attribute on, at least so many points.
struct Band {
  std::string attribute;
  double from = 0;
  int at_least = 0;
};

/// From this value of an attribute on, one point for each so much of it.
struct Density {
  std::string attribute;
  double from = 0;
  double each = 0;
};

/// Which borders a boundary rule is about.
enum class Border {
  inner,  ///< between two regions of the level
  outer,  ///< between a region of the level and what lies outside all of them
};

/// One planning rule 布点规划规则. Which members count depends on the kind.
struct Rule {
  std::string id;
  registry::LocalName title;
  RuleKind kind = RuleKind::total;
  std::string element;  ///< of the points that are counted
  registry::LocalName document;
  std::string clause;
  std::string quote;
  Basis basis = Basis::document;
  std::string verification;  ///< VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED (standards/README.md)
  registry::Day valid_from;
  std::optional<registry::Day> valid_to;  ///< last day
  std::string file;

  int at_least = 1;
  std::vector<Condition> points;   ///< what a point must be to be counted, its element included
  registry::LocalName counts;      ///< the same in words
  std::string within;              ///< region code that regions, records and points must lie in; empty: anywhere
  std::vector<Band> bands;         ///< per_region, per_record: the largest number that any of them asks for
  std::vector<Density> densities;  ///< the same

  std::vector<std::string> levels;  ///< per_region, boundary

  std::string record;  ///< per_record: kind; boundary: river
  std::vector<Condition> where;
  std::string by;  ///< per_record: attribute of a point that names the record; empty: the record is itself a point
  std::optional<int> expected;  ///< how many records the document speaks of

  std::optional<registry::Day> new_since;  ///< total: only points that were not in force on the day before

  Border border = Border::inner;
  double near_km = 0;   ///< boundary: a section counts up to this distance from the crossing
  double merge_km = 0;  ///< boundary: crossings nearer to each other than this are one
};

/// The planning rules 布点规则: `rules/coverage/*.toml`. Immutable, any thread.
class RuleSet {
 public:
  /// Reads every file of a directory and checks kinds, attributes and words against the register. A directory that is
  /// missing holds no rules. Errors: invalid_input with file and line.
  [[nodiscard]] static Result<RuleSet> load(const std::filesystem::path& directory,
                                            const registry::RegisterSchema& schema);

  /// In the order of files and of the rules in them.
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  /// Null when there is no such rule.
  [[nodiscard]] const Rule* find(std::string_view id) const;
  [[nodiscard]] static bool in_force(const Rule& rule, registry::Day day);

 private:
  std::vector<Rule> rules_;
};

}  // namespace mj::coverage
