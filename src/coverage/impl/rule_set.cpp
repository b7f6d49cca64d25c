#include <algorithm>

#include "mj/coverage/rule.hpp"
#include "rule_reader.hpp"

namespace mj::coverage {

std::string_view name(RuleKind kind) {
  switch (kind) {
    case RuleKind::per_region: return "per_region";
    case RuleKind::per_record: return "per_record";
    case RuleKind::total: return "total";
    case RuleKind::boundary: return "boundary";
  }
  return "total";
}

std::string_view name(Basis basis) { return basis == Basis::document ? "document" : "operator"; }

Result<RuleSet> RuleSet::load(const std::filesystem::path& directory, const registry::RegisterSchema& schema) {
  RuleSet set;
  std::error_code failure;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (failure && failure != std::errc::no_such_file_or_directory)
    return Error(ErrorCode::unavailable, fmt::format("{}: {}", directory.string(), failure.message()));
  std::ranges::sort(files);
  for (const std::filesystem::path& file : files) {
    toml::table whole;
    try {
      whole = toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
    }
    RuleTable top(file, whole);
    const toml::node* document = top.find("document");
    if (document == nullptr || !document->is_table()) return top.fault("the file has no [document]");
    MJ_TRY(const FileHead head, read_head(RuleTable(file, *document->as_table())));
    const toml::node* rules = top.find("rule");
    const toml::array* list = rules == nullptr ? nullptr : rules->as_array();
    if (list == nullptr) return top.fault("the file has no [[rule]]");
    MJ_CHECK(top.nothing_left());
    for (const toml::node& node : *list) {
      if (!node.is_table()) return top.fault(node, "a rule is written under [[rule]]");
      MJ_TRY(Rule rule, read_rule(RuleTable(file, *node.as_table()), head, schema));
      if (set.find(rule.id) != nullptr) return top.fault(node, fmt::format("the rule {} is there twice", rule.id));
      set.rules_.push_back(std::move(rule));
    }
  }
  return set;
}

const Rule* RuleSet::find(std::string_view id) const {
  const auto found = std::ranges::find(rules_, id, &Rule::id);
  return found == rules_.end() ? nullptr : &*found;
}

bool RuleSet::in_force(const Rule& rule, registry::Day day) {
  return rule.valid_from <= day && (!rule.valid_to || day <= *rule.valid_to);
}

}  // namespace mj::coverage
