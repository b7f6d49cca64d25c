#include "mj/evaluation/roster.hpp"

#include <limits>
#include <set>

#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::evaluation {
namespace {

constexpr std::array<std::string_view, 7> kLevelWords{"point", "district", "city", "province",
                                                      "river", "basin",    "lake"};
const Instant kFirst = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
const Instant kLast = Instant::from_ms(std::numeric_limits<std::int64_t>::max());

std::string group_key(Level level, std::string_view id) { return fmt::format("{}/{}", name(level), id); }

constexpr std::array kRosterGroups{Level::district, Level::city,  Level::province,
                                   Level::river,    Level::basin, Level::lake};
/// The kinds of records that are groups of points.
constexpr std::array<std::pair<Level, std::string_view>, 3> kWaterGroups{
    {{Level::river, "river"}, {Level::basin, "basin"}, {Level::lake, "lake"}}};

}  // namespace

std::string_view name(Level level) { return kLevelWords[static_cast<std::size_t>(level)]; }

std::optional<Level> parse_level(std::string_view word) {
  const auto found = std::find(kLevelWords.begin(), kLevelWords.end(), word);
  if (found == kLevelWords.end()) return std::nullopt;
  return static_cast<Level>(found - kLevelWords.begin());
}

const registry::PointView* RosterPoint::at(Instant moment) const {
  for (const Spell& spell : spells_) {
    if (moment >= spell.from && moment < spell.to) return spell.view;
  }
  return nullptr;
}

const registry::PointView& RosterPoint::newest() const {
  const registry::PointView* newest = nullptr;
  for (const Spell& spell : spells_) {
    if (spell.view != nullptr) newest = spell.view;
  }
  static const registry::PointView kNone;
  return newest == nullptr ? kNone : *newest;
}

std::vector<std::string> RosterPoint::reporters() const {
  std::vector<std::string> names;
  for (auto spell = spells_.rbegin(); spell != spells_.rend(); ++spell) {
    if (spell->view == nullptr) continue;
    for (const std::string& reporter : spell->view->reporters) {
      if (std::find(names.begin(), names.end(), reporter) == names.end()) names.push_back(reporter);
    }
  }
  return names;
}

Roster Roster::from_points(std::vector<registry::PointView> points) {
  std::vector<std::vector<Step>> histories;
  histories.reserve(points.size());
  for (registry::PointView& view : points) histories.push_back({Step{kFirst, std::move(view)}});
  return from_histories(histories);
}

Roster Roster::from_histories(const std::vector<std::vector<Step>>& histories) {
  Roster roster;
  roster.views_ = std::make_shared<std::deque<registry::PointView>>();
  for (const std::vector<Step>& history : histories) {
    std::vector<RosterPoint::Spell> spells;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const Step& step = history[i];
      spells.push_back({i == 0 ? kFirst : step.from, i + 1 < history.size() ? history[i + 1].from : kLast,
                        step.view ? &roster.views_->emplace_back(*step.view) : nullptr});
    }
    roster.points_.emplace_back(history.front().view->id, std::move(spells));
  }
  roster.finish();
  return roster;
}

void Roster::finish() {
  std::sort(points_.begin(), points_.end(),
            [](const RosterPoint& a, const RosterPoint& b) { return a.id() < b.id(); });
  for (std::size_t i = 0; i < points_.size(); ++i) {
    by_id_.emplace(points_[i].id(), i);
    for (std::string& reporter : points_[i].reporters()) by_reporter_.emplace(std::move(reporter), i);
  }
  std::string content;
  for (const RosterPoint& point : points_) {
    point_digests_.push_back(to_hex(evidence_format::sha256(as_bytes(written(point)))));
    content += point_digests_.back();
  }
  digest_ = to_hex(evidence_format::sha256(as_bytes(content)));
}

std::string Roster::written(const RosterPoint& point) const {
  std::string text = point.id() + "\n";
  for (const RosterPoint::Spell& spell : point.spells()) {
    text += fmt::format(" {}\n", spell.from.ms());
    if (spell.view == nullptr) continue;
    const registry::PointView& view = *spell.view;
    for (const Level level : kRosterGroups) text += fmt::format(" {}={}", name(level), group_of(view, level));
    text += fmt::format(" {} {} {} {} {} {}", view.sort, view.lake, view.function_zone, view.noise_class,
                        view.target_class, view.land_use);
    for (const auto& [key, value] : view.attributes) text += fmt::format(" {}={}", key, value);
    // Whose values are read depends on the other points, too.
    for (const std::string& reporter : view.reporters)
      text += fmt::format(" {}{}", reporter, find_reporter(reporter) == &point ? "" : "!");
    text += "\n";
  }
  return text;
}

std::vector<std::pair<Level, std::string>> Roster::groups_of(std::size_t place) const {
  std::set<std::pair<Level, std::string>> groups;
  for (const RosterPoint::Spell& spell : points_[place].spells()) {
    for (const Level level : kRosterGroups) {
      if (spell.view == nullptr) continue;
      if (const std::string_view group = group_of(*spell.view, level); !group.empty())
        groups.emplace(level, group);
    }
  }
  return {groups.begin(), groups.end()};
}

const RosterPoint* Roster::find(std::string_view id) const {
  const auto found = place(id);
  return found ? &points_[*found] : nullptr;
}

std::optional<std::size_t> Roster::place(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

const RosterPoint* Roster::find_reporter(std::string_view reporter) const {
  const auto found = by_reporter_.find(std::string(reporter));
  return found == by_reporter_.end() ? nullptr : &points_[found->second];
}

std::string_view Roster::group_of(const registry::PointView& view, Level level) const {
  switch (level) {
    case Level::point: return view.id;
    // Of a point only its city or province may be known: that is no district.
    case Level::district:
      return larger_regions_.contains(view.region) ? std::string_view() : std::string_view(view.region);
    case Level::city: return view.city;
    case Level::province: {
      const auto found = province_of_.find(view.region);
      return found == province_of_.end() ? std::string_view() : std::string_view(found->second);
    }
    case Level::river: return view.river;
    case Level::basin: return view.basin;
    case Level::lake: return view.lake_id;
  }
  return {};
}

Subject Roster::subject(Level level, std::string_view id) const {
  if (level == Level::point) {
    if (const RosterPoint* point = find(id)) {
      const registry::PointView& view = point->newest();
      return Subject{level, point->id(), view.name, view.region, view.lon, view.lat};
    }
  } else if (const auto found = groups_.find(group_key(level, id)); found != groups_.end()) {
    return found->second;
  }
  return Subject{level, std::string(id), {std::string(id), std::string(id)}, {}, {}, {}};
}

Roster Roster::from_book(const registry::Book& book, std::string_view element) {
  Roster roster;
  roster.views_ = std::make_shared<std::deque<registry::PointView>>();
  const registry::Day far = registry::Day::from_number(std::numeric_limits<std::int16_t>::max());
  // The days on which something about a point or about what it belongs to changes.
  std::set<registry::Day> days;
  for (const std::string_view kind :
       {std::string_view("point"), std::string_view("site"), std::string_view("region"), std::string_view("river"),
        std::string_view("lake")}) {
    for (const registry::Record& record : book.records(kind, {far, std::nullopt})) {
      for (const registry::HistoryStep& step : book.history(kind, record.id)) days.insert(step.effective);
    }
  }
  std::map<std::string, std::vector<RosterPoint::Spell>> spells;
  for (auto day = days.begin(); day != days.end(); ++day) {
    const auto after = std::next(day);
    const Instant from = day->begin();
    const Instant to = after == days.end() ? kLast : after->begin();
    const auto set = book.points(*day);
    std::set<std::string_view> present;
    for (const registry::PointView& view : set->points()) {
      if (view.element != element || view.state != registry::RecordState::active) continue;
      present.insert(view.id);
      auto& list = spells[view.id];
      const registry::PointView* before = list.empty() ? nullptr : list.back().view;
      const bool same = before != nullptr && before->attributes == view.attributes && before->city == view.city &&
                        before->region == view.region && before->basin == view.basin &&
                        before->reporters == view.reporters;
      if (same) {
        list.back().to = to;
      } else {
        // What came before it was registered is judged by what was registered first.
        list.push_back({list.empty() ? kFirst : from, to, &roster.views_->emplace_back(view)});
      }
    }
    for (auto& [id, list] : spells) {
      if (present.contains(id)) continue;
      if (list.back().view == nullptr) {
        list.back().to = to;
      } else {
        list.push_back({from, to, nullptr});
      }
    }
  }
  for (auto& [id, list] : spells) roster.points_.emplace_back(id, std::move(list));

  const auto number = [](const registry::Record& record, std::string_view key) { return record.number(key); };
  std::unordered_map<std::string, std::pair<std::string, std::string>> regions;  // code → level, parent
  for (const registry::Record& record : book.records("region", {far, std::nullopt})) {
    const std::string& word = record.get("level");
    regions.emplace(record.id, std::pair(word, record.get("parent")));
    const auto level = parse_level(word);
    Subject subject{level.value_or(Level::province),
                    record.id,
                    record.name(),
                    record.get("parent"),
                    number(record, "lon"),
                    number(record, "lat")};
    if (level) roster.groups_.emplace(group_key(*level, record.id), subject);
    if (word != name(Level::district)) roster.larger_regions_.insert(record.id);
    // A municipality is a city without districts' cities in between.
    if (level == Level::province) {
      subject.level = Level::city;
      roster.groups_.emplace(group_key(Level::city, record.id), std::move(subject));
    }
  }
  for (const auto& [code, entry] : regions) {
    std::string at = code;
    for (int depth = 0; depth < 6 && !at.empty(); ++depth) {
      const auto found = regions.find(at);
      if (found == regions.end()) break;
      if (found->second.first == name(Level::province)) roster.province_of_.emplace(code, at);
      at = found->second.second;
    }
  }
  for (const auto& [level, kind] : kWaterGroups) {
    for (const registry::Record& record : book.records(kind, {far, std::nullopt})) {
      roster.groups_.emplace(group_key(level, record.id),
                             Subject{level, record.id, record.name(), record.get("region"), number(record, "lon"),
                                     number(record, "lat")});
    }
  }
  roster.finish();
  return roster;
}

}  // namespace mj::evaluation
