#include "mj/registry/book.hpp"

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "book_impl.hpp"
#include "mj/kernel/text.hpp"
#include "planner.hpp"
#include "point_hints.hpp"
#include "point_view.hpp"
#include "record_filter.hpp"
#include "row_check.hpp"

namespace mj::registry {
namespace {

constexpr std::size_t kMostPointSets = 64;

}  // namespace

const RegisterSchema& Book::schema() const { return impl_->schema; }

Result<std::size_t> Book::consume(const evidence::Log& log) { return impl_->consume(log); }

std::uint64_t Book::position() const {
  const std::lock_guard lock(impl_->state_mutex);
  return impl_->position;
}

std::uint64_t Book::wait_beyond(std::uint64_t entries, int timeout_ms, std::stop_token stop) const {
  std::unique_lock lock(impl_->state_mutex);
  impl_->consumed.wait_for(lock, std::move(stop), std::chrono::milliseconds(timeout_ms),
                           [&] { return impl_->position > entries; });
  return impl_->position;
}

std::uint64_t Book::revision() const {
  const std::lock_guard lock(impl_->state_mutex);
  return impl_->revision;
}

std::vector<Record> Book::records(std::string_view kind, AsOf as_of, const RecordFilter& filter) const {
  const auto content = impl_->now();
  std::vector<Record> records;
  const auto of_kind = content->kinds.find(kind);
  if (of_kind == content->kinds.end()) return records;
  const PreparedFilter wanted(*content, as_of, filter);
  for (const auto& [id, ledger] : of_kind->second) {
    auto record = ledger->at(kind, id, as_of.day, as_of.known_at);
    if (record && wanted.lets_through(*record)) records.push_back(*std::move(record));
  }
  return records;
}

std::optional<Record> Book::record(std::string_view kind, std::string_view id, AsOf as_of) const {
  const auto content = impl_->now();
  const Ledger* ledger = content->find(kind, id);
  return ledger == nullptr ? std::nullopt : ledger->at(kind, id, as_of.day, as_of.known_at);
}

bool Book::knows(std::string_view kind, std::string_view id) const {
  return impl_->now()->find(kind, id) != nullptr;
}

std::vector<HistoryStep> Book::history(std::string_view kind, std::string_view id) const {
  const auto content = impl_->now();
  const Ledger* ledger = content->find(kind, id);
  return ledger == nullptr ? std::vector<HistoryStep>() : ledger->steps();
}

std::size_t Book::count(std::string_view kind, Day day) const {
  const auto content = impl_->now();
  const auto of_kind = content->kinds.find(kind);
  if (of_kind == content->kinds.end()) return 0;
  return static_cast<std::size_t>(
      std::count_if(of_kind->second.begin(), of_kind->second.end(), [&](const auto& each) {
        const auto record = each.second->at(kind, each.first, day);
        return record && record->state != RecordState::stopped;
      }));
}

std::shared_ptr<const PointSet> Book::points(Day day) const {
  std::shared_ptr<const BookContent> content;
  {
    const std::lock_guard lock(impl_->state_mutex);
    if (const auto found = impl_->point_sets.find(day); found != impl_->point_sets.end()) return found->second;
    content = impl_->content;
  }
  std::vector<PointView> points;
  if (const auto of_kind = content->kinds.find("point"); of_kind != content->kinds.end()) {
    PointViews views(
        day, [&content](const std::string& kind, const std::string& id) { return content->find(kind, id); });
    points.reserve(of_kind->second.size());
    for (const auto& [id, ledger] : of_kind->second) {
      auto sight = ledger->see("point", id, day);
      if (sight && sight->state != RecordState::stopped) points.push_back(views.view(id, *std::move(sight)));
    }
  }
  auto made = std::make_shared<const PointSet>(std::move(points));
  const std::lock_guard lock(impl_->state_mutex);
  if (impl_->content != content) return made;
  if (impl_->point_sets.size() >= kMostPointSets) impl_->point_sets.clear();
  return impl_->point_sets.emplace(day, std::move(made)).first->second;
}

Plan Book::plan(std::span<const Change> changes, const std::optional<Approval>& approval) const {
  return make_plan(impl_->schema, *impl_->now(), changes, approval);
}

Result<Applied> Book::apply(evidence::Log& log, std::span<const Change> changes,
                            const std::optional<Approval>& approval, const Author& author, Instant now,
                            Faulty faulty) {
  Author clean;
  MJ_TRY(clean.name, clean_text(author.name, kMaxNameCharacters, "name"));
  MJ_TRY(clean.reason, clean_text(author.reason, kMaxReasonCharacters, "reason"));
  std::optional<Approval> allowed;
  if (approval) {
    MJ_TRY(allowed, clean_approval(*approval));
  }
  const std::lock_guard lock(impl_->apply_mutex);
  MJ_CHECK(impl_->catch_up(log, log.size()));
  Applied applied;
  applied.plan = make_plan(impl_->schema, *impl_->now(), changes, allowed);
  if (!applied.plan.faults.empty() && faulty == Faulty::refuse_all) {
    const RowFault& fault = applied.plan.faults.front();
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}{}{}{}", changes.size() > 1 ? fmt::format("row {}: ", fault.row) : "",
                             fault.column, fault.column.empty() ? "" : ": ", fault.text));
  }
  if (applied.plan.changes.empty()) return applied;
  // No other batch of this log began at this size.
  const std::string batch = fmt::format("{}-{}", to_compact_ms(now), log.size());
  MJ_TRY(const auto payloads, encode_changes(batch, applied.plan.changes, clean));
  evidence::Batch entries;
  for (const std::string& payload : payloads) {
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::decision;
    entry.received_at = now;
    entry.payload = as_bytes(payload);
    MJ_CHECK(entries.add(entry));
  }
  std::promise<Result<evidence::EntryIndex>> durable;
  MJ_CHECK(log.append(std::move(entries),
                      [&durable](const Result<evidence::EntryIndex>& first) { durable.set_value(first); }));
  MJ_TRY(const evidence::EntryIndex first, durable.get_future().get());
  for (std::uint64_t i = 0; i < payloads.size(); ++i) applied.entries.push_back(first.raw() + i);
  MJ_CHECK(impl_->catch_up(log, applied.entries.back() + 1));
  return applied;
}

std::vector<Hint> Book::duplicates(Day day, std::string_view element, std::optional<double> distance_m) const {
  const auto set = points(day);
  std::vector<Hint> hints = duplicate_hints(impl_->schema, set->points(), element, distance_m, nullptr);
  std::vector<PointView> wanted;
  for (const PointView& point : set->points()) {
    if (element.empty() || point.element == element) wanted.push_back(point);
  }
  for (Hint& hint : place_hints(
           impl_->schema, wanted,
           [&](const std::string& region) {
             const auto known = record("region", region, {day, {}});
             return known ? known->get("geometry") : std::string();
           },
           nullptr)) {
    hints.push_back(std::move(hint));
  }
  return hints;
}

}  // namespace mj::registry
