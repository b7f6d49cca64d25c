#include "mj/registry/adoption.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "mj/runtime/log.hpp"
#include "mj/storage/file.hpp"
#include "table_rows.hpp"

namespace mj::registry {
namespace {

constexpr std::string_view kSystem = "system";
constexpr std::string_view kNetworkFile = "network.toml";

/// What the document said about a record when the author last took it in; empty when that never was. The approval does not tell it:
/// rows of the document may name another.
Attributes last_said(const Book& book, const Change& change, const Author& author) {
  Attributes said;
  for (const HistoryStep& step : book.history(change.kind, change.id)) {
    if (step.author->name != author.name || step.author->reason != author.reason) continue;
    for (const auto& [key, value] : step.set) said.insert_or_assign(key, value);
    for (const std::string& key : step.clear) said.erase(key);
  }
  return said;
}

/// Takes over what a document says, where it is new or says something new.
class Adoption {
 public:
  Adoption(Book& book, evidence::Log& log, std::string document, Instant now)
      : book_(book), log_(log), document_(std::move(document)), now_(now) {}

  Result<Adopted> take(std::vector<Change> said) {
    const Author author{std::string(kSystem), fmt::format("taken over from {}", document_)};
    std::vector<Change> wanted;
    Adopted adopted;
    for (Change& change : said) {
      const KindSchema* kind = book_.schema().find(change.kind);
      if (kind == nullptr) return Error(ErrorCode::invalid_input, fmt::format("there is no kind {}", change.kind));
      const bool known = book_.knows(change.kind, change.id);
      const Attributes before = known ? last_said(book_, change, author) : Attributes();
      if (known) {
        // What a document says for the first time holds from the beginning of the record.
        const Day first = book_.history(change.kind, change.id).front().effective;
        change.effective = before.empty() ? std::max(change.effective, first) : Day::of(now_);
      }
      change.row = 0;
      Attributes news;
      for (const auto& [key, written] : change.set) {
        const AttributeSchema* attribute = kind->find(key);
        // What cannot be read is told by apply().
        const auto value = attribute == nullptr ? Result<std::string>(written) : attribute->canonical(written);
        const auto found = before.find(key);
        if (!value || found == before.end() || found->second != *value)
          news.emplace(key, value ? *value : written);
      }
      change.set = std::move(news);
      if (!change.set.empty()) wanted.push_back(std::move(change));
    }
    if (wanted.empty()) return adopted;
    const Approval approval{document_, std::string(kSystem), Day::of(now_)};
    MJ_TRY(const Applied applied, book_.apply(log_, wanted, approval, author, now_, Faulty::skip));
    adopted.added = applied.plan.added;
    adopted.changed = applied.plan.changed;
    adopted.refused = applied.plan.faulty_rows;
    for (const RowFault& fault : applied.plan.faults) {
      runtime::log(runtime::Level::warning, "registry", "{}: {} is not taken into the register: {}: {}", document_,
                   wanted.at(fault.row - 1).id, fault.column, fault.text);
    }
    return adopted;
  }

 private:
  Book& book_;
  evidence::Log& log_;
  std::string document_;
  Instant now_;
};

std::string joined_units(const std::map<std::string, std::string>& units) {
  std::string joined;
  for (const auto& [factor, unit] : units)
    joined += fmt::format("{}{}={}", joined.empty() ? "" : ",", factor, unit);
  return joined;
}

/// Records of a kind by their Chinese name and other names 别名; names that several bear are left out.
class NameIndex {
 public:
  NameIndex(const Book& book, std::string_view kind, Day day) {
    std::set<std::string> twice;
    for (const Record& record : book.records(kind, {day, {}})) {
      std::vector<std::string> names = record.list("aliases");
      names.push_back(record.get("name"));
      for (const std::string& name : names) {
        if (!ids_.emplace(name, record.id).second) twice.insert(name);
      }
    }
    for (const std::string& name : twice) ids_.erase(name);
  }
  /// Empty when there is none.
  [[nodiscard]] std::string id(std::string_view name) const {
    const auto found = ids_.find(name);
    return found == ids_.end() ? std::string() : found->second;
  }

 private:
  std::map<std::string, std::string, std::less<>> ids_;
};

/// Sections are named "river·section".
std::string_view river_of(std::string_view name) {
  static constexpr std::string_view kDot = "·";
  const std::size_t dot = name.find(kDot);
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

Change change_of(const Point& point, const NameIndex& regions, const NameIndex& rivers, Day from) {
  Change change;
  change.kind = "point";
  change.id = point.id;
  change.effective = from;
  const auto set = [&change](const char* key, std::string value) {
    if (!value.empty()) change.set.emplace(key, std::move(value));
  };
  set("name", point.name.zh);
  if (point.name.en != point.name.zh) set("name_en", point.name.en);
  set("element", std::string(name(point.element)));
  set("region", regions.id(point.district));
  if (point.lon != 0 || point.lat != 0) {
    set("lon", fmt::format("{}", point.lon));
    set("lat", fmt::format("{}", point.lat));
    if (point.approximate_location) set("approximate", "true");
  }
  set("reporters", point.device);
  set("vendor", point.vendor);
  set("logger", point.logger);
  set("units", joined_units(point.units));
  if (point.lake) set("lake", "true");
  if (point.element == Element::surface_water) {
    set("river", rivers.id(river_of(point.name.zh)));
  }
  set("method", "automatic");
  set("built", "built");
  return change;
}

/// "a34004=µg/m³" → factor and unit.
std::map<std::string, std::string> units_of(const PointView& point) {
  std::map<std::string, std::string> units;
  const auto found = point.attributes.find("units");
  std::string_view rest = found == point.attributes.end() ? std::string_view() : found->second;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const std::size_t equals = item.find('=');
    if (equals != std::string_view::npos) units.emplace(item.substr(0, equals), item.substr(equals + 1));
  }
  return units;
}

}  // namespace

Point registered_point(const PointView& view, const std::string& device) {
  const auto get = [&view](std::string_view key) {
    const auto found = view.attributes.find(key);
    return found == view.attributes.end() ? std::string() : found->second;
  };
  Point point;
  point.id = view.id;
  point.name = view.name;
  point.element = parse_element(view.element).value_or(Element::air);
  point.lon = view.lon.value_or(0);
  point.lat = view.lat.value_or(0);
  point.approximate_location = view.approximate;
  point.device = device;
  point.vendor = get("vendor");
  point.logger = get("logger");
  point.lake = view.lake;
  point.units = units_of(view);
  return point;
}

Result<Adopted> adopt_network(Book& book, evidence::Log& log, const Network& network, Instant now) {
  const NameIndex regions(book, "region", Day::of(now));
  const NameIndex rivers(book, "river", Day::of(now));
  std::vector<Change> said;
  for (const Point& point : network.points()) {
    said.push_back(change_of(point, regions, rivers, book.schema().adopted_from()));
  }
  return Adoption(book, log, std::string(kNetworkFile), now).take(std::move(said));
}

Result<Adopted> adopt_file(Book& book, evidence::Log& log, std::string_view kind,
                           const std::filesystem::path& file, Instant now) {
  const KindSchema* schema = book.schema().find(kind);
  if (schema == nullptr) return Error(ErrorCode::not_found, fmt::format("there is no kind \"{}\"", kind));
  MJ_TRY(const std::string bytes, storage::read_file(file));
  const Day from = book.schema().adopted_from();
  TableRows read;
  if (file.extension() == ".geojson") {
    const NameIndex known(book, kind, Day::of(now));
    MJ_TRY(read,
           read_geojson_rows(*schema, bytes, from, [&](const std::string& name) -> std::optional<std::string> {
             std::string id = known.id(name);
             if (id.empty()) return std::nullopt;
             return id;
           }));
  } else {
    MJ_TRY(read, read_sheet_rows(*schema, bytes, from));
  }
  if (!read.faults.empty()) {
    const RowFault& fault = read.faults.front();
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: row {}: {}: {}", file.filename().string(), fault.row, fault.column, fault.text));
  }
  return Adoption(book, log, file.filename().string(), now).take(std::move(read.changes));
}

Result<Network> with_registered_points(const Network& network, const Book& book, Day day) {
  std::vector<Point> all = network.points();
  for (const PointView& view : book.points(day)->points()) {
    if (view.state != RecordState::active || !parse_element(view.element)) continue;
    // "source/code" names imported data, not a device.
    const auto device =
        std::find_if(view.reporters.begin(), view.reporters.end(), [&](const std::string& reporter) {
          return reporter.find('/') == std::string::npos && network.find_device(reporter) == nullptr;
        });
    if (device == view.reporters.end()) continue;
    const Point* known = network.find(view.id);
    if (known == nullptr) {
      Point point = registered_point(view, *device);
      const auto region = book.record("region", view.region, {day, {}});
      if (region) point.district = region->name().zh;
      all.push_back(std::move(point));
    } else if (known->device.empty()) {
      all.at(static_cast<std::size_t>(known - network.points().data())).device = *device;
    }
  }
  return Network::from_points(std::move(all));
}

}  // namespace mj::registry
