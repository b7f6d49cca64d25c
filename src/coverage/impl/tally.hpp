#pragma once

#include "mj/coverage/assessment.hpp"

namespace mj::coverage {

/// Whether attributes meet every condition.
[[nodiscard]] bool meets(const registry::Attributes& attributes, const std::vector<Condition>& conditions);

/// Counts a point of the register in a row.
void count(Row& row, const registry::PointView& point);
/// Puts built points before planned ones; a point counts once.
void settle(Row& row, const Inventory& inventory);

/// What a record asks for by the bands and densities of a rule, and at least `rule.at_least`. Appends what is not known of it to
/// `missing` (attribute keys).
[[nodiscard]] int required_of(const Rule& rule, const registry::Record& record, std::vector<std::string>& missing);

/// Points of an inventory that a rule counts.
[[nodiscard]] std::vector<const registry::PointView*> counted_points(const Rule& rule, const Inventory& inventory);

/// The place of a record: its coordinates, or one on its shape.
[[nodiscard]] std::optional<geometry::Place> place_of(const registry::Record& record, const Inventory& inventory);

// One function per kind of rule.
[[nodiscard]] RuleResult assess_regions(const Rule& rule, const Inventory& inventory);
[[nodiscard]] RuleResult assess_records(const Rule& rule, const Inventory& inventory);
[[nodiscard]] RuleResult assess_total(const Rule& rule, const Inventory& inventory);
[[nodiscard]] RuleResult assess_boundary(const Rule& rule, const Inventory& inventory);

}  // namespace mj::coverage
