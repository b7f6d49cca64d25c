#include "planner.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "draft.hpp"
#include "point_hints.hpp"
#include "point_view.hpp"
#include "row_check.hpp"

namespace mj::registry {
namespace {

constexpr std::size_t kMaxFaults = 200;
constexpr std::size_t kMaxHints = 200;
constexpr int kMostAncestors = 64;
/// Flag of a record that only stands for data that came before anybody registered their source.
constexpr std::string_view kProvisional = "provisional";

struct GoodRow {
  std::size_t index = 0;
  Change change;
};

/// One pass over the rows that are not known to be faulty.
class Pass {
 public:
  Pass(const RegisterSchema& schema, const BookContent& content, const std::optional<Approval>& approval)
      : schema_(schema), approval_(approval), draft_(content) {}

  void take(std::size_t index, const Change& change) {
    RowOutcome outcome = check_row(schema_, draft_, change, approval_);
    for (Fault& fault : outcome.faults) add(index, change, std::move(fault));
    if (outcome.change) good_.push_back({index, *std::move(outcome.change)});
  }
  /// What can only be judged when all rows are known.
  void finish() {
    for (const GoodRow& row : good_) check_references(row);
    check_unique();
  }

  [[nodiscard]] const std::vector<RowFault>& faults() const { return faults_; }
  /// For each fault, which of the changes it is about.
  [[nodiscard]] const std::vector<std::size_t>& found_at() const { return found_at_; }
  [[nodiscard]] std::vector<GoodRow>& good() { return good_; }
  /// Stops of provisional records that good rows replace.
  [[nodiscard]] std::vector<Change>& retired() { return retired_; }
  [[nodiscard]] const Draft& draft() const { return draft_; }

 private:
  void add(std::size_t index, const Change& change, Fault fault) {
    found_at_.push_back(index);
    faults_.push_back(
        {change.row != 0 ? change.row : index + 1, change.line, std::move(fault.column), std::move(fault.text)});
  }

  void check_references(const GoodRow& row) {
    const Change& change = row.change;
    const KindSchema& kind = *schema_.find(change.kind);
    for (const auto& [key, value] : change.set) {
      const AttributeSchema& attribute = *kind.find(key);
      if (attribute.type != AttributeType::reference) continue;
      if (draft_.find(attribute.kind, value) == nullptr) {
        add(row.index, change, {key, fmt::format("there is no {} \"{}\"", attribute.kind, value)});
      } else if (attribute.kind == change.kind && leads_back(change, key, value)) {
        add(row.index, change, {key, fmt::format("{} is below {} itself", value, change.id)});
      }
    }
  }

  /// Whether following an attribute from `at` on comes back to the record.
  [[nodiscard]] bool leads_back(const Change& change, const std::string& key, std::string at) const {
    for (int i = 0; i < kMostAncestors && !at.empty(); ++i) {
      if (at == change.id) return true;
      const Ledger* ledger = draft_.find(change.kind, at);
      const auto record = ledger == nullptr ? std::nullopt : ledger->at(change.kind, at, change.effective);
      at = record ? record->get(key) : std::string();
    }
    return false;
  }

  void check_unique() {
    std::map<std::tuple<std::string, std::string, Day>, std::map<std::string, std::vector<std::string>>> known;
    for (const GoodRow& row : good_) {
      const Change& change = row.change;
      const KindSchema& kind = *schema_.find(change.kind);
      for (const AttributeSchema& attribute : kind.attributes) {
        // A record that comes back brings all its values with it.
        const bool touched = change.set.contains(attribute.key) || change.action == Action::resume;
        if (!attribute.unique || !touched) continue;
        const auto place = std::tuple(change.kind, attribute.key, change.effective);
        auto found = known.find(place);
        if (found == known.end()) found = known.emplace(place, holders(change, attribute.key)).first;
        const auto record = draft_.find(change.kind, change.id)->at(change.kind, change.id, change.effective);
        for (const std::string& item : record->list(attribute.key)) {
          for (const std::string& other : found->second[item]) {
            if (other == change.id || retire(other, *record, attribute.key, change)) continue;
            add(row.index, change, {attribute.key, fmt::format("{} belongs to {} already", item, other)});
            break;
          }
        }
      }
    }
  }

  /// Stops a provisional record when another one has all that it stands for; its history stays. False when it is none, or has more.
  bool retire(const std::string& id, const Record& successor, const std::string& key, const Change& change) {
    const Ledger& ledger = *draft_.find(change.kind, id);
    const auto record = ledger.at(change.kind, id, change.effective);
    if (record->state == RecordState::stopped) return true;  // by a row before this one
    if (!record->flag(kProvisional) || successor.flag(kProvisional)) return false;
    const auto taken = successor.list(key);
    const auto is_taken = [&taken](const std::string& item) {
      return std::ranges::find(taken, item) != taken.end();
    };
    if (!std::ranges::all_of(record->list(key), is_taken)) return false;
    HistoryStep stop;
    stop.action = Action::stop;
    stop.effective = change.effective;
    stop.known = std::numeric_limits<std::uint64_t>::max();
    Ledger stopped = ledger;
    stopped.insert(std::move(stop));
    if (stopped.contradiction() != nullptr) return false;
    draft_.put(change.kind, id, std::move(stopped));
    Change& made = retired_.emplace_back();
    made.kind = change.kind;
    made.id = id;
    made.action = Action::stop;
    made.effective = change.effective;
    made.approval = change.approval;
    return true;
  }

  /// Item → records in force that have it on the day of the change.
  [[nodiscard]] std::map<std::string, std::vector<std::string>> holders(const Change& change,
                                                                        const std::string& key) const {
    std::map<std::string, std::vector<std::string>> holders;
    for (const Record& record : draft_.records(change.kind, change.effective)) {
      if (record.state == RecordState::stopped) continue;
      for (std::string& item : record.list(key)) holders[std::move(item)].push_back(record.id);
    }
    return holders;
  }

  const RegisterSchema& schema_;
  const std::optional<Approval>& approval_;
  Draft draft_;
  std::vector<GoodRow> good_;
  std::vector<Change> retired_;
  std::vector<RowFault> faults_;
  std::vector<std::size_t> found_at_;
};

/// Hints about the points that the changes touch.
std::vector<Hint> hints_of(const RegisterSchema& schema, const Draft& draft, const std::vector<Change>& changes) {
  std::set<std::string, std::less<>> touched;
  Day day;
  for (const Change& change : changes) {
    if (change.kind != "point" || change.action == Action::stop) continue;
    touched.insert(change.id);
    day = std::max(day, change.effective);
  }
  if (touched.empty()) return {};
  PointViews views(day, [&draft](const std::string& kind, const std::string& id) { return draft.find(kind, id); });
  std::vector<PointView> points;
  draft.visit("point", [&](const std::string& id, const Ledger& ledger) {
    auto sight = ledger.see("point", id, day);
    if (sight && sight->state != RecordState::stopped) points.push_back(views.view(id, *std::move(sight)));
  });
  std::vector<Hint> hints = place_hints(
      schema, points,
      [&](const std::string& region) {
        const auto& known = views.record("region", region);
        return known ? known->get("geometry") : std::string();
      },
      &touched);
  for (Hint& hint : duplicate_hints(schema, points, {}, std::nullopt, &touched)) hints.push_back(std::move(hint));
  if (hints.size() > kMaxHints) hints.resize(kMaxHints);
  return hints;
}

}  // namespace

Plan make_plan(const RegisterSchema& schema, const BookContent& content, std::span<const Change> changes,
               const std::optional<Approval>& approval) {
  Plan plan;
  plan.rows = changes.size();
  std::vector<bool> faulty(changes.size(), false);
  std::vector<RowFault> faults;
  // A faulty row may be one that others refer to: go over the rest again until nothing new is found.
  for (bool found_more = true; found_more;) {
    Pass pass(schema, content, approval);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (!faulty[i]) pass.take(i, changes[i]);
    }
    pass.finish();
    found_more = !pass.faults().empty();
    for (const std::size_t index : pass.found_at()) faulty[index] = true;
    faults.insert(faults.end(), pass.faults().begin(), pass.faults().end());
    if (found_more) continue;
    for (GoodRow& row : pass.good()) {
      row.change.action == Action::add ? ++plan.added : ++plan.changed;
      plan.changes.push_back(std::move(row.change));
    }
    plan.retired = pass.retired().size();
    std::ranges::move(pass.retired(), std::back_inserter(plan.changes));
    plan.hints = hints_of(schema, pass.draft(), plan.changes);
  }
  plan.faulty_rows = static_cast<std::size_t>(std::count(faulty.begin(), faulty.end(), true));
  plan.unchanged = plan.rows - plan.faulty_rows - plan.added - plan.changed;
  std::sort(faults.begin(), faults.end(), [](const RowFault& a, const RowFault& b) {
    return std::tie(a.row, a.column, a.text) < std::tie(b.row, b.column, b.text);
  });
  if (faults.size() > kMaxFaults) faults.resize(kMaxFaults);
  plan.faults = std::move(faults);
  return plan;
}

}  // namespace mj::registry
