// Directories: stations, regions, outlines. They add to the register what it does not know and change nothing that it does.
#include <nlohmann/json.hpp>
#include <set>

#include "mj/dataset/reader.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/geometry/shape.hpp"
#include "mj/intake/importer.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/text.hpp"
#include "region_finder.hpp"

namespace mj::intake {
namespace {

using dataset::Cells;
using dataset::RecordTemplate;

/// Mark of a point that stands for a station of which only data have come: a directory may still say what it is, and the register
/// stops it when another point reports the same.
constexpr const char* kProvisional = "provisional";
constexpr const char* kNoDirectory = "随数据登记，名录未提供 registered with its data, no directory yet";

/// The register takes geometry of at most 40 KB.
constexpr std::size_t kMaxGeometryBytes = 39'000;
constexpr std::size_t kDigits = 10;
constexpr std::size_t kMostStationCharacters = 128;

/// Makes the changes of one directory.
class Directory {
 public:
  Directory(const registry::Book& book, const RecordTemplate& record, Receipt& receipt)
      : record_(record),
        receipt_(receipt),
        day_(book.schema().adopted_from()),
        known_{registry::Day::of(Instant::from_ms(kFarMs)), std::nullopt},
        finder_(book, known_) {
    for (const registry::Record& each : book.records(record.kind, known_)) note(each);
  }

  void add(std::size_t line, const Cells& cells) {
    const std::size_t before = records_.size();
    auto change = make(cells);
    if (!change) {
      fault(line, "", change.error().text());
    } else if (*change) {
      (*change)->line = line;
      changes_.push_back(**change);
      if (records_.size() > before) stop((*change)->id, line);
    } else {
      ++unchanged_;
    }
  }

  void fault(std::size_t line, std::string_view column, std::string text) {
    ++receipt_.unreadable;
    if (receipt_.faults.size() < kMaxFaults)
      receipt_.faults.push_back({line, std::string(column), std::move(text)});
  }

  [[nodiscard]] const std::vector<registry::Change>& changes() const { return changes_; }
  [[nodiscard]] std::size_t unchanged() const { return unchanged_; }

 private:
  /// What only a list of the past knows is stopped when that list ends.
  void stop(const std::string& id, std::size_t line) {
    const auto day = registry::parse_day(record_.stopped);
    if (!day) return;
    registry::Change change;
    change.kind = record_.kind;
    change.id = id;
    change.action = registry::Action::stop;
    change.effective = *day;
    change.line = line;
    changes_.push_back(std::move(change));
  }

  /// Beyond every date that the register can hold: everything that is or will be known counts.
  static constexpr std::int64_t kFarMs = 7'226'000'000'000;

  void note(const registry::Record& each) {
    records_.emplace(each.id, each);
    if (!record_.same_name.empty()) by_name_.emplace(each.get("name"), each.id);
    for (const std::string& reporter : each.list("reporters")) reporters_.emplace(reporter, each.id);
  }

  /// None when the register has it already.
  Result<std::optional<registry::Change>> make(const Cells& cells) {
    registry::Change change;
    change.kind = record_.kind;
    change.effective = day_;
    MJ_TRY(const std::string reporter, dataset::fill(record_.reporters, cells));
    if (reporter.find(',') != std::string::npos)
      return Error(ErrorCode::invalid_input, "a station code with a comma cannot be registered");
    MJ_TRY(change.id, id_of(cells, reporter));
    if (const auto told = reporters_.find(reporter); !reporter.empty() && told != reporters_.end()) {
      registry::Record& holder = records_.find(told->second)->second;
      const auto known = records_.find(change.id);
      // What is in the register under its own id takes the place of what came with the data.
      if (holder.flag(kProvisional) && known != records_.end() && known->first != holder.id)
        return extend(known->second, reporter, change, cells);
      // Data may be old; a list that holds still contradicts the register.
      if (holder.state == registry::RecordState::stopped && record_.stopped.empty() &&
          !record_.attributes.contains(kProvisional))
        return Error(ErrorCode::conflict,
                     fmt::format("{} is stopped in the register: resume it there if it works again", holder.id));
      return name(holder, std::move(change), cells);
    }
    if (const auto known = records_.find(change.id); known != records_.end())
      return extend(known->second, reporter, change, cells);
    for (const auto& [attribute, pattern] : record_.attributes) {
      MJ_TRY(std::string value, dataset::fill(pattern, cells));
      if (!value.empty()) change.set.emplace(attribute, std::move(value));
    }
    if (record_.kind == "region" && !change.set.contains("name")) return outline(std::move(change), cells);
    if (!reporter.empty()) {
      change.set["reporters"] = reporter;
      reporters_.emplace(reporter, change.id);
    }
    MJ_TRY(std::string region, region_of(cells, change.set));
    if (!region.empty()) change.set["region"] = std::move(region);
    registry::Record made;
    made.kind = change.kind;
    made.id = change.id;
    made.attributes = change.set;
    records_.emplace(change.id, std::move(made));
    return std::optional(std::move(change));
  }

  /// What was registered with its data gets what the directory says of it; more data say nothing new.
  Result<std::optional<registry::Change>> name(registry::Record& known, registry::Change change,
                                               const Cells& cells) {
    if (!known.flag(kProvisional) || record_.attributes.contains(kProvisional))
      return std::optional<registry::Change>();
    change.id = known.id;
    change.effective = std::max(known.valid_from, day_);
    change.clear = {"note", kProvisional};
    for (const auto& [attribute, pattern] : record_.attributes) {
      MJ_TRY(std::string value, dataset::fill(pattern, cells));
      if (!value.empty()) change.set.emplace(attribute, std::move(value));
    }
    MJ_TRY(std::string region, region_of(cells, change.set));
    if (!region.empty()) change.set["region"] = std::move(region);
    if (change.set.contains("note")) change.clear = {kProvisional};
    known.attributes.erase(kProvisional);
    return std::optional(std::move(change));
  }

  /// An outline of a code that nobody registered belongs to the one region of its level whose name begins with its name, as when a
  /// prefecture 地区 became a city under another code; otherwise there is nothing it could belong to.
  Result<std::optional<registry::Change>> outline(registry::Change change, const Cells& cells) {
    const auto called = cells.find("name");
    const std::string name = called == cells.end() ? std::string() : called->second;
    if (const auto level = change.set.find("level"); level != change.set.end() && !record_.region.empty()) {
      if (const std::string id = finder_.beginning_with(name, level->second); !id.empty()) {
        change.id = id;
        change.set.clear();
        return extend(records_.find(id)->second, "", std::move(change), cells);
      }
    }
    return Error(ErrorCode::not_found,
                 fmt::format("the register has no region {}{}{}", change.id, name.empty() ? "" : " ", name));
  }

  /// What exists gets one more reporter, or the outline that it lacks.
  Result<std::optional<registry::Change>> extend(registry::Record& known, const std::string& reporter,
                                                 registry::Change change, const Cells& cells) {
    change.effective = std::max(known.valid_from, day_);
    if (!reporter.empty()) {
      const std::string& others = known.get("reporters");
      change.set["reporters"] = others.empty() ? reporter : others + "," + reporter;
      known.attributes["reporters"] = change.set["reporters"];
      reporters_.insert_or_assign(reporter, known.id);
      return std::optional(std::move(change));
    }
    const auto outline = record_.attributes.find("geometry");
    if (outline == record_.attributes.end() || !known.get("geometry").empty())
      return std::optional<registry::Change>();
    MJ_TRY(change.set["geometry"], dataset::fill(outline->second, cells));
    return std::optional(std::move(change));
  }

  Result<std::string> id_of(const Cells& cells, const std::string& reporter) {
    if (!record_.same_name.empty()) {
      MJ_TRY(const std::string name, dataset::fill(record_.same_name, cells));
      if (by_name_.count(name) == 1) return by_name_.find(name)->second;
    }
    Cells with_digest = cells;
    with_digest["#"] = to_hex(evidence_format::sha256(as_bytes(reporter))).substr(0, kDigits);
    return dataset::fill(record_.id, with_digest);
  }

  Result<std::string> region_of(const Cells& cells, const registry::Attributes& set) const {
    if (record_.kind != "point") return std::string();
    const auto lon = set.find("lon");
    const auto lat = set.find("lat");
    if (lon != set.end() && lat != set.end()) {
      const auto x = parse_decimal(lon->second);
      const auto y = parse_decimal(lat->second);
      if (x && y) {
        if (std::string id = finder_.at({to_double(*x), to_double(*y)}); !id.empty()) return id;
      }
    }
    MJ_TRY(const std::string name, dataset::fill(record_.region, cells));
    MJ_TRY(const std::string within, dataset::fill(record_.region_within, cells));
    return name.empty() ? std::string() : finder_.named(name, within);
  }

  const RecordTemplate& record_;
  Receipt& receipt_;
  registry::Day day_;
  registry::AsOf known_;
  RegionFinder finder_;
  std::map<std::string, registry::Record, std::less<>> records_;
  std::multimap<std::string, std::string, std::less<>> by_name_;
  std::map<std::string, std::string, std::less<>> reporters_;
  std::vector<registry::Change> changes_;
  std::size_t unchanged_ = 0;
};

/// Closes the rings of a (multi)polygon: many publishers leave out the last corner, which is the first (RFC 7946 §3.1.6).
nlohmann::json with_closed_rings(nlohmann::json shape) {
  const auto close = [](nlohmann::json& polygon) {
    for (nlohmann::json& ring : polygon) {
      if (ring.is_array() && ring.size() > 2 && ring.front() != ring.back())
        ring.push_back(nlohmann::json(ring.front()));
    }
  };
  if (!shape.is_object() || !shape.contains("type") || !shape.contains("coordinates")) return shape;
  nlohmann::json& coordinates = shape["coordinates"];
  if (!coordinates.is_array()) return shape;
  if (shape["type"] == "Polygon") close(coordinates);
  if (shape["type"] == "MultiPolygon") {
    for (nlohmann::json& polygon : coordinates) close(polygon);
  }
  return shape;
}

/// The cells of a feature: its id, its properties that are texts or numbers, and its geometry, made to fit the register.
Result<Cells> cells_of(const nlohmann::json& feature) {
  Cells cells;
  const auto text_of = [](const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  if (feature.contains("properties") && feature.at("properties").is_object()) {
    for (const auto& [key, value] : feature.at("properties").items()) {
      if (value.is_string() || value.is_number()) cells[key] = text_of(value);
    }
  }
  if (feature.contains("id")) cells["id"] = text_of(feature.at("id"));
  if (!feature.contains("geometry")) return Error(ErrorCode::invalid_input, "the feature has no geometry");
  MJ_TRY(const geometry::Shape shape,
         geometry::Shape::from_geojson(with_closed_rings(feature.at("geometry")).dump()));
  cells["geometry"] = shape.simplified(kMaxGeometryBytes).to_geojson();
  return cells;
}

Status read_features(std::string_view plain, Receipt& receipt, Directory& directory) {
  try {
    const nlohmann::json collection = nlohmann::json::parse(plain);
    std::size_t number = 0;
    for (const nlohmann::json& feature : collection.at("features")) {
      ++number;
      ++receipt.rows;
      const auto cells = cells_of(feature);
      if (cells) {
        directory.add(number, *cells);
      } else {
        directory.fault(number, "geometry", cells.error().text());
      }
    }
  } catch (const std::exception& failure) {
    return Error(ErrorCode::invalid_input, fmt::format("this is no GeoJSON collection: {}", failure.what()));
  }
  return {};
}

/// What of a station's code can stand in an id: the code, or digits of its digest.
std::string id_part(const std::string& station) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
  constexpr std::size_t kLongest = 40;
  if (station.size() <= kLongest && std::all_of(station.begin(), station.end(), fits)) return station;
  return to_hex(evidence_format::sha256(as_bytes(station))).substr(0, kDigits);
}

/// A point for each station; a directory, when there is one, knows more than its code.
RecordTemplate station_template(const dataset::Layout& layout) {
  RecordTemplate record = layout.record;
  record.kind = "point";
  record.id = layout.source + "-{id}";
  record.reporters = layout.source + "/{station}";
  record.attributes.emplace("name", "{station}");
  record.attributes.emplace("element", layout.element);
  record.attributes.emplace("note", kNoDirectory);
  record.attributes.emplace(kProvisional, "true");
  return record;
}

}  // namespace

Status Importer::register_stations(const Offer& offer, const std::set<std::string>& stations, Receipt& receipt) {
  if (receipt.layout->element.empty()) return {};
  const RecordTemplate record = station_template(*receipt.layout);
  Directory directory(book_, record, receipt);
  std::set<std::string> taken;
  for (const std::string& station : stations) {
    // The register knows no blanks at an end. Stations come in order, so the one without them comes first.
    const auto code = clean_text(station, kMostStationCharacters, "station:");
    if (!code || !taken.insert(*code).second) {
      directory.fault(
          0, "station",
          code ? fmt::format("\"{}\" differs from another station only by blanks at its end: its values are "
                             "stored, but it is no point of the register",
                             station)
               : code.error().text());
      continue;
    }
    directory.add(0, Cells{{"station", station}, {"id", id_part(station)}});
  }
  MJ_TRY(const RecordCounts counts, enter(offer, directory.changes(), directory.unchanged(), receipt));
  receipt.points_added = counts.added;
  return {};
}

Result<Receipt> Importer::take_directory(const Offer& offer, std::string_view plain, Receipt receipt) {
  const RecordTemplate record = receipt.layout->record;
  Directory directory(book_, record, receipt);
  if (receipt.layout->kind == dataset::Kind::geometry) {
    MJ_CHECK(read_features(plain, receipt, directory));
  } else {
    MJ_TRY(dataset::Reader reader, dataset::Reader::make(*receipt.layout));
    const dataset::Tally tally = reader.read_cells(
        plain, 1, [&directory](std::size_t line, const Cells& cells) { directory.add(line, cells); },
        [&directory](const dataset::Fault& fault) { directory.fault(fault.line, fault.column, fault.text); });
    receipt.rows = tally.rows;
  }
  MJ_TRY(RecordCounts counts, enter(offer, directory.changes(), directory.unchanged(), receipt));
  if (!counts.entries.empty()) receipt.entry = counts.entries.front();
  receipt.already = counts.added + counts.changed == 0 && receipt.unreadable == 0;
  receipt.records = std::move(counts);
  return receipt;
}

Result<RecordCounts> Importer::enter(const Offer& offer, const std::vector<registry::Change>& changes,
                                     std::size_t unchanged, Receipt& receipt) {
  // Only records that the same file, or data without a directory, brought in are changed: the file that was handed over is the
  // document, and its digest tells which one of that name.
  const std::optional<registry::Approval> approval = registry::Approval{
      fmt::format("{} sha256:{}", receipt.file, receipt.sha256), offer.author.name, std::nullopt};
  RecordCounts counts;
  counts.unchanged = unchanged;
  registry::Plan plan = book_.plan(changes, approval);
  if (!offer.dry_run && !changes.empty()) {
    MJ_TRY(registry::Applied applied,
           book_.apply(log_, changes, approval, offer.author, clock_(), registry::Faulty::skip));
    counts.entries = std::move(applied.entries);
    plan = std::move(applied.plan);
  }
  counts.added = plan.added;
  counts.changed = plan.changed;
  counts.unchanged += plan.unchanged;
  for (const registry::RowFault& fault : plan.faults) {
    if (receipt.faults.size() < kMaxFaults) receipt.faults.push_back({fault.line, fault.column, fault.text});
  }
  receipt.unreadable += plan.faulty_rows;
  return counts;
}

}  // namespace mj::intake
