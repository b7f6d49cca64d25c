// The register against a model that only replays what was accepted: as-of answers are the same for every day and every state
// of knowledge, however the log is cut into batches and however often the book is opened again.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "book_scene.hpp"

namespace mj::registry {
namespace {

struct Wanted {
  int id = 0;
  int action = 0;  ///< 0…4 as Action, 5 whichever fits
  int effective = 0;
  int name = 0;
  int address = 0;  ///< 0: not said, 3: cleared
};

rc::Gen<Wanted> any_wish() {
  return rc::gen::build<Wanted>(
      rc::gen::set(&Wanted::id, rc::gen::inRange(0, 3)), rc::gen::set(&Wanted::action, rc::gen::inRange(0, 6)),
      rc::gen::set(&Wanted::effective, rc::gen::inRange(0, 8)),
      rc::gen::set(&Wanted::name, rc::gen::inRange(0, 3)), rc::gen::set(&Wanted::address, rc::gen::inRange(0, 4)));
}

Change change_of(const Wanted& wanted, const std::string& prefix, Day first) {
  Change change;
  change.kind = "organisation";
  change.id = fmt::format("{}{}", prefix, wanted.id);
  if (wanted.action < 5) change.action = static_cast<Action>(wanted.action);
  change.effective = first.plus(wanted.effective);
  if (wanted.name > 0) change.set["name"] = fmt::format("name {}", wanted.name);
  if (wanted.action == 0 || wanted.action == 5) change.set["sort"] = "station";
  if (wanted.address == 3) change.clear = {"address"};
  if (wanted.address == 1 || wanted.address == 2) change.set["address"] = fmt::format("street {}", wanted.address);
  return change;
}

/// One accepted change, told by the book's history of acceptance only.
struct Accepted {
  Change change;
  std::uint64_t entry = 0;
};

/// Attributes and whether it is stopped; none before it was added. Sorted by day, then by order of acceptance.
std::optional<std::pair<std::map<std::string, std::string>, bool>> model(const std::vector<Accepted>& all,
                                                                         const std::string& id, Day day,
                                                                         std::uint64_t known_at) {
  std::multimap<Day, const Change*> in_order;
  for (const Accepted& each : all) {
    if (each.change.id == id && each.entry <= known_at && each.change.effective <= day) {
      in_order.emplace(each.change.effective, &each.change);
    }
  }
  if (in_order.empty()) return std::nullopt;
  std::map<std::string, std::string> attributes;
  bool stopped = false;
  for (const auto& [effective, change] : in_order) {
    for (const auto& [key, value] : change->set) attributes[key] = value;
    for (const std::string& key : change->clear) attributes.erase(key);
    stopped = change->action == Action::stop || (stopped && change->action != Action::resume);
  }
  return std::pair(attributes, stopped);
}

class BookProperty : public BookScene {};

TEST_F(BookProperty, EveryAsOfAnswerIsTheReplayOfTheAcceptedChanges) {
  const Day first = day("2026-01-01");
  int run = 0;
  EXPECT_TRUE(rc::check("as of any day, as known at any entry", [&] {
    // The log and the book go on from run to run; the records of each run are its own.
    const std::string prefix = fmt::format("run{}-o", ++run);
    const std::uint64_t begin_entry = log_->size();
    const auto wishes = *rc::gen::resize(40, rc::gen::container<std::vector<Wanted>>(any_wish()));
    std::vector<Accepted> accepted;
    for (std::size_t begin = 0; begin < wishes.size();) {
      const std::size_t end = std::min(wishes.size(), begin + *rc::gen::inRange<std::size_t>(1, 20));
      std::vector<Change> changes;
      for (; begin < end; ++begin) changes.push_back(change_of(wishes[begin], prefix, first));
      const auto applied = apply(changes, approval_, Faulty::skip);
      RC_ASSERT(applied.has_value());
      for (const Change& good : applied->plan.changes) accepted.push_back({good, applied->entries.front()});
      if (*rc::gen::inRange(0, 20) == 0) open();
    }
    if (*rc::gen::inRange(0, 10) == 0) derive_again();
    for (int id = 0; id < 3; ++id) {
      const std::string name = fmt::format("{}{}", prefix, id);
      for (int offset = -1; offset < 9; ++offset) {
        for (std::uint64_t known_at = begin_entry; known_at < log_->size(); ++known_at) {
          const Day as_of = first.plus(offset);
          const auto expected = model(accepted, name, as_of, known_at);
          const auto record = book_->record("organisation", name, {as_of, known_at});
          RC_ASSERT(record.has_value() == expected.has_value());
          if (!record) continue;
          const std::map<std::string, std::string> attributes(record->attributes.begin(),
                                                              record->attributes.end());
          RC_ASSERT(attributes == expected->first);
          RC_ASSERT((record->state == RecordState::stopped) == expected->second);
        }
      }
    }
  }));
}

}  // namespace
}  // namespace mj::registry
