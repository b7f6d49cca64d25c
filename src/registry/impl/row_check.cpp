#include "row_check.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "mj/kernel/text.hpp"

namespace mj::registry {
namespace {

constexpr std::size_t kMaxIdBytes = 80;
/// A document may be a file: its name, at most 255 characters, and its digest.
constexpr std::size_t kMaxDocumentCharacters = 400;
constexpr std::size_t kMaxAuthorityCharacters = 200;

bool is_id(std::string_view id) {
  // These two are operations of the HTTP interface.
  if (id.empty() || id.size() > kMaxIdBytes || !is_utf8(id) || id == "import" || id == "export") return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-_.:~@").find(c) != std::string_view::npos;
  });
}

/// Checks one row; each step may leave faults.
class RowCheck {
 public:
  RowCheck(const RegisterSchema& schema, Draft& draft, const std::optional<Approval>& approval)
      : schema_(schema), draft_(draft), approval_(approval) {}

  RowOutcome run(const Change& wanted);

 private:
  void fault(std::string column, std::string text) { faults_.push_back({std::move(column), std::move(text)}); }
  void make_canonical(const Change& wanted);
  void drop_what_is_so_already();
  [[nodiscard]] bool is_place(std::string_view key) const;
  [[nodiscard]] bool changes_place() const;
  void choose_action();
  void check_action();
  void check_required();
  void check_approval(const Change& wanted);
  void check_order();

  const RegisterSchema& schema_;
  Draft& draft_;
  const std::optional<Approval>& approval_;  ///< of all rows that have none of their own
  const KindSchema* kind_ = nullptr;
  const Ledger* ledger_ = nullptr;  ///< of the record; null when there is none
  std::optional<Record> before_;    ///< the record just before the change
  Change change_;
  bool nothing_ = false;  ///< nothing would be different
  std::vector<Fault> faults_;
};

bool RowCheck::is_place(std::string_view key) const {
  const AttributeSchema* attribute = kind_->find(key);
  return attribute != nullptr &&
         (attribute->type == AttributeType::longitude || attribute->type == AttributeType::latitude);
}

bool RowCheck::changes_place() const {
  // A place that was not known before is told, not moved.
  return before_ && (std::any_of(change_.set.begin(), change_.set.end(),
                                 [this](const auto& each) {
                                   return is_place(each.first) && !before_->get(each.first).empty();
                                 }) ||
                     std::any_of(change_.clear.begin(), change_.clear.end(),
                                 [this](const std::string& key) { return is_place(key); }));
}

void RowCheck::make_canonical(const Change& wanted) {
  for (const auto& [key, written] : wanted.set) {
    const AttributeSchema* attribute = kind_->find(key);
    if (attribute == nullptr) {
      fault(key, fmt::format("{} has no attribute \"{}\"", kind_->id, key));
      continue;
    }
    auto value = attribute->canonical(written);
    if (!value) {
      fault(key, value.error().text());
    } else {
      change_.set.emplace(key, *std::move(value));
    }
  }
  for (const std::string& key : wanted.clear) {
    const AttributeSchema* attribute = kind_->find(key);
    if (attribute == nullptr) {
      fault(key, fmt::format("{} has no attribute \"{}\"", kind_->id, key));
    } else if (attribute->required) {
      fault(key, fmt::format("{} must stay known", attribute->title.en));
    } else if (change_.set.contains(key)) {
      fault(key, "is set and cleared in one change");
    } else if (std::find(change_.clear.begin(), change_.clear.end(), key) == change_.clear.end()) {
      change_.clear.push_back(key);
    }
  }
}

void RowCheck::drop_what_is_so_already() {
  if (!before_) return;
  std::erase_if(change_.set, [this](const auto& each) { return before_->get(each.first) == each.second; });
  std::erase_if(change_.clear, [this](const std::string& key) { return before_->get(key).empty(); });
}

void RowCheck::choose_action() {
  if (change_.action) return;
  if (ledger_ == nullptr) {
    change_.action = Action::add;
  } else if (before_) {
    change_.action = changes_place() ? Action::move : Action::change;
  } else {
    change_.action = Action::change;
  }
}

void RowCheck::check_action() {
  const Action action = *change_.action;
  const bool different = !change_.set.empty() || !change_.clear.empty();
  if (action == Action::add) {
    if (ledger_ != nullptr) {
      fault("action", fmt::format("{} {} is there since {}", kind_->id, change_.id,
                                  to_text(ledger_->steps().front().effective)));
    }
    if (!change_.clear.empty()) fault(change_.clear.front(), "a new record has nothing to clear");
    return;
  }
  if (ledger_ == nullptr) {
    fault("id", fmt::format("there is no {} {}", kind_->id, change_.id));
    return;
  }
  if (!before_) {
    fault("effective", fmt::format("{} {} is there only since {}", kind_->id, change_.id,
                                   to_text(ledger_->steps().front().effective)));
    return;
  }
  const bool stopped = before_->state == RecordState::stopped;
  switch (action) {
    case Action::stop:
      if (stopped) fault("action", fmt::format("it is stopped since {}", to_text(before_->valid_from)));
      break;
    case Action::resume:
      if (!stopped) fault("action", "it is not stopped");
      break;
    case Action::move:
      if (stopped) fault("action", "what is stopped does not move; resume it first");
      if (kind_->first(AttributeType::longitude) == nullptr) fault("action", "this kind of record has no place");
      nothing_ = !different;
      break;
    case Action::change:
      if (changes_place()) fault("action", "another place is a move, not a change");
      nothing_ = !different;
      break;
    case Action::add: break;
  }
}

void RowCheck::check_required() {
  if (*change_.action != Action::add) return;
  for (const AttributeSchema& attribute : kind_->attributes) {
    if (attribute.required && !change_.set.contains(attribute.key)) {
      fault(attribute.key, fmt::format("{} is needed", attribute.title.en));
    }
  }
}

void RowCheck::check_approval(const Change& wanted) {
  if (wanted.approval) {
    auto own = clean_approval(*wanted.approval);
    if (!own) {
      const bool has_document = clean_text(wanted.approval->document, kMaxDocumentCharacters, {}).has_value();
      return fault(has_document ? "approval_authority" : "approval", own.error().text());
    }
    change_.approval = *std::move(own);
  } else if (approval_) {
    change_.approval = approval_;
  } else if (schema_.approved_actions().contains(*change_.action)) {
    fault("approval",
          fmt::format("to {} {} {} needs an approval: give its document 批准文号 and authority 批准机关{}",
                      name(*change_.action), kind_->id, change_.id,
                      change_.row == 0 ? "" : ", of this row or of the whole table"));
  }
}

void RowCheck::check_order() {
  Ledger ledger = ledger_ == nullptr ? Ledger() : *ledger_;
  const bool fitted = ledger.contradiction() == nullptr;
  HistoryStep step;
  step.action = *change_.action;
  step.effective = change_.effective;
  step.set = change_.set;
  step.clear = change_.clear;
  step.known = std::numeric_limits<std::uint64_t>::max();
  ledger.insert(std::move(step));
  if (const HistoryStep* wrong = fitted ? ledger.contradiction() : nullptr; wrong != nullptr) {
    fault("effective", fmt::format("contradicts what is recorded for {}: {}", to_text(wrong->effective),
                                   title(wrong->action).en));
    return;
  }
  draft_.put(change_.kind, change_.id, std::move(ledger));
}

RowOutcome RowCheck::run(const Change& wanted) {
  kind_ = schema_.find(wanted.kind);
  if (kind_ == nullptr) return {{{"kind", fmt::format("there is no kind \"{}\"", wanted.kind)}}, {}};
  if (!is_id(wanted.id)) {
    return {{{"id", fmt::format("\"{}\" is no id: 1…80 letters, digits and - _ . : ~ @", wanted.id)}}, {}};
  }
  change_.kind = wanted.kind;
  change_.id = wanted.id;
  change_.action = wanted.action;
  change_.effective = wanted.effective;
  change_.row = wanted.row;
  change_.line = wanted.line;
  ledger_ = draft_.find(change_.kind, change_.id);
  if (ledger_ != nullptr) before_ = ledger_->at(change_.kind, change_.id, change_.effective);
  make_canonical(wanted);
  drop_what_is_so_already();
  choose_action();
  if (faults_.empty()) check_action();
  if (faults_.empty() && nothing_) return {};
  if (faults_.empty()) check_required();
  check_approval(wanted);
  if (faults_.empty()) check_order();
  if (!faults_.empty()) return {std::move(faults_), {}};
  return {{}, std::move(change_)};
}

}  // namespace

Result<Approval> clean_approval(const Approval& approval) {
  Approval clean;
  MJ_TRY(clean.document,
         clean_text(approval.document, kMaxDocumentCharacters, "document of the approval 批准文号"));
  MJ_TRY(clean.authority,
         clean_text(approval.authority, kMaxAuthorityCharacters, "authority of the approval 批准机关"));
  clean.date = approval.date;
  return clean;
}

RowOutcome check_row(const RegisterSchema& schema, Draft& draft, const Change& wanted,
                     const std::optional<Approval>& approval) {
  return RowCheck(schema, draft, approval).run(wanted);
}

}  // namespace mj::registry
