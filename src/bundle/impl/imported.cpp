#include "imported.hpp"

#include "arithmetic.hpp"

#include "mj/dataset/records.hpp"
#include "mj/evidence_format/entry.hpp"
#include "strict_json.hpp"

namespace mj::bundle {
namespace {

/// Readers kept: steps of one figure ask for the same few columns.
constexpr std::size_t kMaxReaders = 64;
constexpr std::size_t kMaxLayoutColumns = 4096;
constexpr std::size_t kMaxTimeAndStation = 16;
constexpr std::size_t kMaxWords = 64;
constexpr JsonBounds kEntryBounds{evidence_format::kMaxEntryBytes, evidence_format::kMaxEntryBytes, 6, true};

Error no_cell(std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); }

/// Whether a text is JSON of the strict kind and means what the platform would have written: no member more or less, none of another
/// type. The library converts too much by itself.
Status check_same(std::string_view text, std::string_view written) {
  MJ_TRY(const nlohmann::json given, parse_strict(text, kEntryBounds));
  if (given != nlohmann::json::parse(written)) return no_cell("its members are not those of the format");
  return {};
}

Status check_bounds(const dataset::Layout& layout) {
  if (layout.kind != dataset::Kind::values) return no_cell("its layout is of no values");
  if (layout.columns.size() > kMaxLayoutColumns || layout.station.columns.size() > kMaxTimeAndStation ||
      layout.time.columns.size() > kMaxTimeAndStation || layout.time.formats.size() > kMaxTimeAndStation ||
      layout.missing.size() > kMaxWords || layout.below.size() > kMaxWords)
    return no_cell("its layout has too many columns or words");
  return {};
}

Result<evidence_format::Entry> import_entry(const Document& document, std::uint64_t index) {
  const auto place = document.place_of(index);
  if (!place) return no_cell(fmt::format("entry {} is not in the bundle", index));
  MJ_TRY(const evidence_format::Entry entry, evidence_format::decode(document.entries[*place].bytes));
  if (entry.type != evidence_format::EntryType::import)
    return no_cell(fmt::format("entry {} is no import", index));
  return entry;
}

Result<dataset::FileManifest> read_manifest(const Document& document, std::uint64_t index) {
  MJ_TRY(const evidence_format::Entry entry, import_entry(document, index));
  // What could nest deeply is refused before it is parsed a second time.
  MJ_CHECK(parse_strict(as_text(entry.payload), kEntryBounds));
  MJ_TRY(dataset::FileManifest manifest, dataset::parse_manifest(as_text(entry.payload)));
  MJ_CHECK(check_same(as_text(entry.payload), dataset::encode(manifest)));
  MJ_CHECK(check_bounds(manifest.layout));
  if (entry.device != manifest.source) return no_cell("its device is not its source");
  MJ_CHECK(dataset::Reader::make(manifest.layout));
  return manifest;
}

/// The layout with the columns of values of one name only: the same text for the cell, at the cost of one column.
Result<dataset::Layout> layout_for(const dataset::Layout& whole, std::string_view column) {
  dataset::Layout layout = whole;
  if (column.empty()) return layout;
  std::erase_if(layout.values, [&](const dataset::Column& c) { return c.column != column; });
  if (layout.values.empty()) return no_cell(fmt::format("the layout has no values in a column {}", column));
  std::vector<std::string_view> whens;
  for (const dataset::Column& c : layout.values) whens.emplace_back(c.when);
  std::sort(whens.begin(), whens.end());
  if (std::adjacent_find(whens.begin(), whens.end()) != whens.end() ||
      (layout.factor_column.empty() && whens.size() > 1))
    return no_cell(fmt::format("the column {} holds several values", column));
  return layout;
}

}  // namespace

const ImportedCells::Manifest& ImportedCells::manifest(std::uint64_t entry) {
  const auto [place, added] = manifests_.try_emplace(entry);
  if (!added) return place->second;
  auto read = read_manifest(document_, entry);
  if (!read) {
    place->second.error = fmt::format("entry {} is no manifest: {}", entry, read.error().text());
  } else {
    place->second.bytes = read->bytes;
    place->second.layout = std::move(read->layout);
    place->second.layout.ignored.clear();
  }
  return place->second;
}

Result<std::uint64_t> ImportedCells::manifest_of(std::uint64_t entry) const {
  MJ_TRY(const evidence_format::Entry decoded, import_entry(document_, entry));
  MJ_TRY(const dataset::FilePart part, dataset::parse_part(as_text(decoded.payload)));
  return part.file;
}

Result<ImportedCells::Part> ImportedCells::read_part(std::uint64_t entry) {
  MJ_TRY(const evidence_format::Entry decoded, import_entry(document_, entry));
  const std::string_view payload = as_text(decoded.payload);
  const std::string_view head = payload.substr(0, payload.find('\n'));
  MJ_CHECK(parse_strict(head, kEntryBounds));
  MJ_TRY(const dataset::FilePart given, dataset::parse_part(payload));
  dataset::FilePart empty = given;
  empty.bytes = {};
  MJ_CHECK(check_same(head, dataset::encode(empty)));
  if (given.file >= entry) return no_cell("its manifest does not stand before it");
  const Manifest& file = manifest(given.file);
  if (!file.error.empty()) return no_cell(file.error);
  if (decoded.device != file.layout.source) return no_cell("its device is not the manifest's");
  if (given.offset > file.bytes || given.bytes.size() > file.bytes - given.offset)
    return no_cell("it ends behind its file");
  // The views must last as long as the document's bytes do; moved entries keep theirs.
  Part part{{}, given.file, given.line, given.bytes, {}};
  dataset::Records records(part.bytes, file.layout.delimiter);
  std::size_t begin = 0;
  while (records.next()) {
    part.records.push_back({static_cast<std::uint16_t>(records.line() - 1), static_cast<std::uint16_t>(begin),
                            static_cast<std::uint16_t>(records.end())});
    begin = records.end();
  }
  return part;
}

const ImportedCells::Part& ImportedCells::part(std::uint64_t entry) {
  const auto known = parts_.find(entry);
  if (known != parts_.end()) return known->second;
  auto read = read_part(entry);
  if (!read) {
    Part none;
    none.error = fmt::format("entry {} is no readable part: {}", entry, read.error().text());
    read = std::move(none);
  }
  return parts_.emplace(entry, *std::move(read)).first->second;
}

Result<dataset::Reader*> ImportedCells::reader(std::uint64_t file, std::string_view column) {
  const Column key(file, column);
  auto known = readers_.find(key);
  if (known == readers_.end()) {
    if (readers_.size() == kMaxReaders) readers_.clear();
    auto layout = layout_for(manifest(file).layout, column);
    known = readers_
                .emplace(key, layout ? dataset::Reader::make(*std::move(layout))
                                     : Result<dataset::Reader>(layout.error()))
                .first;
  }
  if (!known->second) return known->second.error();
  return &*known->second;
}

Result<Cell> ImportedCells::read(std::uint64_t entry, std::uint64_t line, std::string_view column) {
  const Part& from = part(entry);
  if (!from.error.empty()) return no_cell(from.error);
  const auto record =
      std::lower_bound(from.records.begin(), from.records.end(), line,
                       [&](const Record& r, std::uint64_t wanted) { return from.line + r.line < wanted; });
  if (record == from.records.end() || from.line + record->line != line)
    return no_cell(fmt::format("no record of entry {} begins at line {}", entry, line));
  MJ_TRY(dataset::Reader* const reader, reader(from.file, column));
  const dataset::Layout& layout = reader->layout();
  std::optional<Cell> cell;
  std::string fault;
  reader->read(
      from.bytes.substr(record->begin, record->end - record->begin), line,
      [&](const dataset::Row& row) {
        const dataset::Column& of = layout.values[row.values.front().column];
        cell = Cell{fmt::format("{}/{}", layout.source, row.station),
                    layout.st,
                    std::string(dataset::command_of(layout.period)),
                    of.factor,
                    of.kind,
                    to_compact_ms(row.at),
                    std::string(row.values.front().text),
                    of.stored_unit};
      },
      [&](const dataset::Fault& met) { fault = met.text; });
  if (!cell) {
    return no_cell(fmt::format("line {} of entry {} holds no value in column {}{}{}", line, entry, column,
                               fault.empty() ? "" : ": ", fault));
  }
  if (cell->device.find("\uFFFD") != std::string::npos)
    return no_cell(fmt::format("the station in line {} of entry {} is no text", line, entry));
  return *std::move(cell);
}

Result<ImportedCells::Place> ImportedCells::find(std::uint64_t entry, const Cell& wanted) {
  const Part& from = part(entry);
  if (!from.error.empty()) return no_cell(from.error);
  MJ_TRY(dataset::Reader* const whole, reader(from.file, {}));
  const dataset::Layout& layout = whole->layout();
  std::optional<Place> place;
  whole->read(
      from.bytes, from.line,
      [&](const dataset::Row& row) {
        if (to_compact_ms(row.at) != wanted.time ||
            wanted.device != fmt::format("{}/{}", layout.source, row.station))
          return;
        for (const dataset::Value& value : row.values) {
          const dataset::Column& column = layout.values[value.column];
          if (column.factor == wanted.factor && column.kind == wanted.kind && same_value(value.text, wanted.text))
            place = Place{row.line, column.column};
        }
      },
      {});
  if (!place) {
    return Error(ErrorCode::damaged, fmt::format("the platform has {}-{} = {} of {} from entry {}, which does not "
                                                 "show that",
                                                 wanted.factor, wanted.kind, wanted.text, wanted.device, entry));
  }
  return *std::move(place);
}

}  // namespace mj::bundle
