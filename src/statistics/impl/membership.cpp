#include "membership.hpp"

#include <map>
#include <set>

namespace mj::statistics {
namespace {

using registry::AsOf;
using registry::Book;
using registry::Day;
using registry::LocalName;
using registry::PointView;

/// Regions of a day with their parents.
class Regions {
 public:
  Regions(const Book& book, Day day) {
    for (registry::Record& record : book.records("region", AsOf{day, {}})) {
      const std::string id = record.id;
      records_.emplace(id, std::move(record));
    }
  }
  /// Whether `inner` is `outer` or lies in it: by the register, by the code where the register has no more to say.
  [[nodiscard]] bool within(std::string inner, std::string_view outer) const {
    for (int depth = 0; depth < 8 && !inner.empty(); ++depth) {
      if (inner == outer || begins_with_code(inner, outer)) return true;
      const auto found = records_.find(inner);
      if (found == records_.end()) return false;
      inner = found->second.get("parent");
    }
    return false;
  }
  /// The region of level province above a region; for a municipality that is its city as well. Empty when unknown.
  [[nodiscard]] std::string province(std::string region) const {
    for (int depth = 0; depth < 8 && !region.empty(); ++depth) {
      const auto found = records_.find(region);
      if (found == records_.end()) return {};
      if (found->second.get("level") == "province") return region;
      region = found->second.get("parent");
    }
    return {};
  }
  [[nodiscard]] bool knows(std::string_view id) const { return records_.contains(id); }

 private:
  /// GB/T 2260: two digits each of province, city and district; what ends in zeros contains what begins like it.
  static bool begins_with_code(std::string_view inner, std::string_view outer) {
    if (outer.size() != 6 || inner.size() != 6) return false;
    if (outer.ends_with("0000")) return inner.substr(0, 2) == outer.substr(0, 2);
    return outer.ends_with("00") && inner.substr(0, 4) == outer.substr(0, 4);
  }
  std::map<std::string, registry::Record, std::less<>> records_;
};

std::string subject_id(const PointView& point, Group group, const Regions& regions) {
  switch (group) {
    case Group::point: return point.id;
    case Group::district: return point.region;
    case Group::city: return point.city;
    case Group::province: return regions.province(point.region);
    case Group::river: return point.river;
    case Group::basin: return point.basin;
    case Group::all: break;
  }
  return {};
}

LocalName subject_name(const Book& book, const PointView& point, Group group, const std::string& id, Day day) {
  if (group == Group::all) return {"全部点位", "all points"};
  if (group == Group::point) return point.name;
  if (id.empty()) return {"未归属", "belongs to none"};
  const std::string_view kind = group == Group::river ? "river" : group == Group::basin ? "basin" : "region";
  const auto record = book.record(kind, id, AsOf{day, {}});
  return record ? record->name() : LocalName{id, id};
}

/// Points of the last day, and those of the first that are gone since, by id.
std::map<std::string, PointView> points_of(const Book& book, Day first, Day last) {
  std::map<std::string, PointView> points;
  for (const PointView& point : book.points(last)->points()) points.emplace(point.id, point);
  for (const PointView& point : book.points(first)->points()) points.emplace(point.id, point);
  return points;
}

Status check_points(const Sources& sources, const Selection& selection) {
  for (const std::string& id : selection.points) {
    if (!sources.book.knows("point", id))
      return Error(ErrorCode::invalid_input, fmt::format("points: the register has no point \"{}\"", id));
  }
  return {};
}

}  // namespace

const registry::WordTitle* element_word(const Book& book, std::string_view element) {
  const registry::KindSchema* kind = book.schema().find("point");
  const registry::AttributeSchema* attribute = kind == nullptr ? nullptr : kind->find("element");
  return attribute == nullptr ? nullptr : attribute->word(element);
}

Result<Membership> members_of(const Sources& sources, const Selection& selection) {
  const Book& book = sources.book;
  if (element_word(book, selection.element) == nullptr)
    return Error(ErrorCode::invalid_input, fmt::format("element: there is no \"{}\"", selection.element));
  MJ_CHECK(check_points(sources, selection));
  const Day first = Day::of(selection.from);
  const Day last = Day::of(selection.to.plus_ms(-1));
  const Regions regions(book, last);
  const std::set<std::string> wanted(selection.points.begin(), selection.points.end());
  std::map<std::pair<bool, std::string>, Subject> subjects;  // no group comes last
  std::vector<std::pair<PointView, std::string>> chosen;
  bool in_region = selection.region.empty() || regions.knows(selection.region);
  for (auto& [id, point] : points_of(book, first, last)) {
    if (point.element != selection.element || (!wanted.empty() && !wanted.contains(id))) continue;
    if (!selection.region.empty() && !regions.within(point.region, selection.region)) continue;
    in_region = true;
    std::string group = subject_id(point, selection.group, regions);
    if (!selection.subject.empty() && group != selection.subject) continue;
    const std::pair<bool, std::string> key{group.empty(), group};
    if (!subjects.contains(key))
      subjects.emplace(key,
                       Subject{selection.group, group, subject_name(book, point, selection.group, group, last)});
    chosen.emplace_back(std::move(point), std::move(group));
  }
  if (!in_region)
    return Error(ErrorCode::invalid_input, fmt::format("region: the register has no \"{}\"", selection.region));
  if (!selection.subject.empty() && chosen.empty())
    return Error(ErrorCode::invalid_input,
                 fmt::format("there is no {} \"{}\" with points of {}", name(selection.group), selection.subject,
                             selection.element));
  Membership membership;
  std::map<std::string, std::size_t> places;
  for (auto& [key, subject] : subjects) {
    places.emplace(subject.id, membership.subjects.size());
    membership.subjects.push_back(std::move(subject));
  }
  std::set<std::string> taken;
  std::uint64_t moved = 0;
  for (auto& [point, group] : chosen) {
    Member member{std::move(point), places.at(group), {}};
    for (const std::string& reporter : member.point.reporters) {
      if (taken.insert(reporter).second) {
        member.reporters.push_back(reporter);
      } else {
        ++moved;
      }
    }
    membership.members.push_back(std::move(member));
  }
  membership.notes.push_back(
      {{"按登记册 " + to_text(last) + " 归集的点位", "points, put together by the register on " + to_text(last)},
       membership.members.size()});
  if (moved > 0)
    membership.notes.push_back(
        {{"数据来源在两个点位登记，只计入第一个", "reporters that stand at two points; they count for the first"},
         moved});
  return membership;
}

}  // namespace mj::statistics
