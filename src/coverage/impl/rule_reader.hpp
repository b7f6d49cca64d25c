#pragma once

#include "mj/coverage/rule.hpp"
#include "rule_table.hpp"

namespace mj::coverage {

/// What all rules of a file share unless they say otherwise.
struct FileHead {
  registry::LocalName document;
  std::string verification;
  registry::Day valid_from;
  std::string within;
};

/// Errors: invalid_input with file and line.
[[nodiscard]] Result<FileHead> read_head(RuleTable table);
[[nodiscard]] Result<Rule> read_rule(RuleTable table, const FileHead& head,
                                     const registry::RegisterSchema& schema);

}  // namespace mj::coverage
