#pragma once

#include "mj/dataset/import_entry.hpp"
#include "sample_bundles.hpp"

namespace mj::bundle::test {

/// A file of an imaginary source: label 01:00 is the end of the hour; ozone is moved from µg/m³ to mg/m³ on its digits.
inline constexpr std::string_view kImportFile =
    "code,time,state,pm25,o3,so2,note\r\n"                                          // line 1
    "1001A,2026-03-12 01:00,正常,35,120,1.2E+01,\r\n"                               // line 2
    "1001A,2026-03-12 02:00,,8.50,—,<0.004,\"two\nlines, and a \"\"word\"\"\"\r\n"  // lines 3 and 4
    "1001A,2026-03-12 03:00,停,ND,0.5L,40,\r\n"                                     // line 5
    "\r\n"                                                                          // line 6
    "\"一号 A\",2026-03-12 01:00,,+41,7,x,\r\n";                                    // line 7

inline dataset::Layout import_layout() {
  dataset::Layout layout;
  layout.id = "sample-hours";
  layout.title = {"示例", "sample"};
  layout.source = "cnemc";
  layout.element = "air";
  layout.st = "22";
  layout.period = dataset::Period::hour;
  layout.station.columns = {"code"};
  layout.time.columns = {"time"};
  layout.time.formats = {"%Y-%m-%d %H:%M"};
  layout.time.label_is_end = true;
  layout.time.interval_s = 3600;
  layout.status.column = "state";
  layout.status.flags = {{"正常", ""}, {"停", "D"}, {"1", "N"}};
  layout.values = {{"pm25", "a34004", "Avg", "µg/m³", "µg/m³", 0, "", ""},
                   {"o3", "a05024", "Avg", "µg/m³", "mg/m³", -3, "", ""},
                   {"so2", "a21026", "Avg", "µg/m³", "µg/m³", 0, "", ""}};
  layout.missing = {"—", "NA"};
  layout.below = {"<", "＜", "L", "ND", "未检出"};
  layout.ignored = {{"note", "words"}};
  layout.columns = {"code", "time", "state", "pm25", "o3", "so2", "note"};
  layout.header_line = 1;
  return layout;
}

/// A file as it comes into a log: what stands before it, the manifest, its parts.
struct SampleImport {
  std::string file{kImportFile};
  dataset::Layout layout = import_layout();
  std::string device = "cnemc";
  std::function<void(dataset::FileManifest&)> manifest_edit = {};
  std::function<void(std::string&)> manifest_spell = {};
  std::function<void(dataset::FilePart&)> part_edit = {};
  std::function<void(std::string&)> part_spell = {};
  std::string part_device = "cnemc";
  ef::EntryType type = ef::EntryType::import;

  SampleLog log;
  std::uint64_t manifest = 0;
  std::uint64_t part = 0;

  SampleImport& append() {
    fill_with_hours(log);
    const Instant at = *parse_iso("2026-03-12T09:00:00+08:00");
    dataset::FileManifest made;
    made.file = "2026-03-12.csv";
    made.bytes = file.size();
    made.sha256 = to_hex(ef::sha256(as_bytes(file)));
    made.source = layout.source;
    made.layout = layout;
    made.name = "Test";
    made.reason = "sample";
    if (manifest_edit) manifest_edit(made);
    std::string text = dataset::encode(made);
    if (manifest_spell) manifest_spell(text);
    manifest = log.append(type, device, text, at);
    dataset::FilePart piece;
    piece.file = manifest;
    piece.bytes = file;
    if (part_edit) part_edit(piece);
    text = dataset::encode(piece);
    if (part_spell) part_spell(text);
    part = log.append(type, part_device, text, at);
    return *this;
  }
};

/// A step that reads a cell.
inline std::uint32_t cell(Document& document, std::uint64_t entry, std::uint64_t line, std::string column,
                          std::string result) {
  Step step;
  step.op = Op::cell;
  step.entry = entry;
  step.line = line;
  step.name = std::move(column);
  step.result = std::move(result);
  return Steps{document}.add(std::move(step));
}

/// value/cnemc%2F1001A/…: one cell of the sample.
inline Document cell_document(const SampleImport& sample, std::string_view figure, std::uint64_t line,
                              std::string column, std::string result) {
  Document document;
  document.figure_id = *FigureId::parse(figure);
  sample.log.fill(document, {sample.manifest, sample.part}, sample.log.size(), sample.log.newest_pair());
  document.value = result;
  document.unit = "µg/m³";
  document.value_step = cell(document, sample.part, line, std::move(column), std::move(result));
  return document;
}

inline constexpr std::string_view kCellFigure = "value/cnemc%2F1001A/22/2061/a34004/Avg/20260312000000";

inline Table parameter(std::string id, std::string number) {
  Table table;
  table.id = std::move(id);
  table.edition = "sample";
  table.clause = "§1";
  table.valid_from = "2020-01-01";
  table.verification = "THIRD_PARTY";
  table.kind = Table::Kind::parameter;
  TableRow row;
  row.low = parse_decimal(number);
  row.text = std::move(number);
  table.rows.push_back(std::move(row));
  return table;
}

}  // namespace mj::bundle::test
