#pragma once

#include "corpus_cases.hpp"
#include "sample_import.hpp"

namespace mj::bundle::test {

/// Cells of imported files (docs/formats/bundle.md §3.2).
inline void Corpus::cells() {
  using Change = std::function<void(SampleImport&)>;
  const auto at = [](std::string_view station, std::string_view factor, std::string_view hour) {
    return fmt::format("value/cnemc%2F{}/22/2061/{}/Avg/20260312{}0000", station, factor, hour);
  };
  const auto good = [&](std::string name, std::string_view figure, std::uint64_t line, std::string column,
                        std::string result, const Change& change = {}) {
    SampleImport sample;
    if (change) change(sample);
    sample.append();
    add("good-cell-" + std::move(name),
        write_document(cell_document(sample, figure, line, std::move(column), std::move(result))), {},
        plain_absent);
  };
  good("number", kCellFigure, 2, "pm25", "35");
  good("shifted", at("1001A", "a05024", "00"), 2, "o3", "0.120");
  good("exponent", at("1001A", "a21026", "00"), 2, "so2", "12");
  good("marked", at("1001A", "a21026", "01"), 3, "so2", "<0.004");
  good("limit-shifted", at("1001A", "a05024", "02"), 5, "o3", "0.0005L");
  good("word", at("1001A", "a34004", "02"), 5, "pm25", "ND");
  good("behind-a-quoted-line-break", at("1001A", "a21026", "02"), 5, "so2", "40");
  good("sign-kept", at("%E4%B8%80%E5%8F%B7%20A", "a34004", "00"), 7, "pm25", "+41");
  const std::string_view gbk_one = "\xD2\xBB\xBA\xC5";  // 一号 in GBK
  const auto in_gbk = [&](SampleImport& s) {
    s.file =
        fmt::format("code,time,state,pm25,o3,so2,note\n{},2026-03-12 01:00,\xD5\xFD\xB3\xA3,35,1,1,\n", gbk_one);
  };
  good("gbk", at("%E4%B8%80%E5%8F%B7", "a34004", "00"), 2, "pm25", "35", in_gbk);
  good("gbk-word", at("%E4%B8%80%E5%8F%B7", "a34004", "00"), 2, "pm25", "未检出", [&](SampleImport& s) {
    s.file = fmt::format("code,time,state,pm25,o3,so2,note\n{},2026-03-12 01:00,,\xCE\xB4\xBC\xEC\xB3\xF6,1,1,\n",
                         gbk_one);
  });
  good("second-part", kCellFigure, 9, "pm25", "35", [](SampleImport& s) {
    s.file = "1001A,2026-03-12 01:00,,35,120,1,\n";
    s.manifest_edit = [](dataset::FileManifest& m) { m.bytes = 1034; };
    s.part_edit = [](dataset::FilePart& p) { p.part = 1, p.offset = 1000, p.line = 9; };
  });
  const auto long_table = [](SampleImport& s) {
    s.file = "code;time;what;value\n1001A;2026/3/12 1;PM25;35\n1001A;2026/3/12 1;O3;7\n";
    s.layout.columns = {"code", "time", "what", "value"};
    s.layout.delimiter = ';';
    s.layout.status = {};
    s.layout.ignored.clear();
    s.layout.factor_column = "what";
    s.layout.time.formats = {"%Y-%m-%d %H:%M", "%Y/%m/%d %H"};
    s.layout.values = {{"value", "a05024", "Avg", "µg/m³", "mg/m³", -3, "", "O3"},
                       {"value", "a34004", "Avg", "µg/m³", "µg/m³", 0, "", "PM25"}};
  };
  good("of-its-factor", kCellFigure, 2, "value", "35", long_table);
  good("of-its-factor-shifted", at("1001A", "a05024", "00"), 3, "value", "0.007", long_table);
  good("column-is-a-station", kCellFigure, 2, "1001A", "35", [](SampleImport& s) {
    s.file = "when,1001A,1002A\n20260311 17,35,36\n";  // UTC; 01:00 in Beijing, the end of the hour
    s.layout.columns = {"when", "1001A", "1002A"};
    s.layout.status = {};
    s.layout.station = {};
    s.layout.ignored.clear();
    s.layout.time.columns = {"when"};
    s.layout.time.formats = {"%Y%m%d %H"};
    s.layout.time.zone_minutes = 0;
    s.layout.values = {{"1001A", "a34004", "Avg", "µg/m³", "µg/m³", 0, "1001A", ""},
                       {"1002A", "a34004", "Avg", "µg/m³", "µg/m³", 0, "1002A", ""}};
  });

  const auto misread = [&](std::string name, std::uint64_t line, std::string column, std::string result,
                           const Change& change = {}) {
    SampleImport sample;
    if (change) change(sample);
    sample.append();
    add("bad-cell-" + std::move(name),
        write_document(cell_document(sample, kCellFigure, line, std::move(column), std::move(result))),
        {"derivation", "figure"}, plain_absent);
  };
  misread("of-the-header", 1, "pm25", "pm25");
  misread("within-a-record", 4, "pm25", "8.50");
  misread("empty-line", 6, "pm25", "35");
  misread("no-such-line", 8, "pm25", "35");
  misread("ignored-column", 2, "note", "");
  misread("no-such-column", 2, "pm10", "35");
  misread("not-shifted", 2, "o3", "120");
  misread("missing-word", 3, "o3", "—");
  misread("unreadable", 7, "so2", "x");
  misread("another-spelling", 2, "pm25", "35.0");
  misread("unknown-state", 2, "pm25", "35", [](SampleImport& s) {
    s.file = "code,time,state,pm25,o3,so2,note\n1001A,2026-03-12 01:00,odd,35,1,1,\n";
  });
  misread("no-time", 2, "pm25", "35",
          [](SampleImport& s) { s.file = "code,time,state,pm25,o3,so2,note\n1001A,2026-02-29 01:00,,35,1,1,\n"; });
  misread("too-few-cells", 2, "pm25", "35",
          [](SampleImport& s) { s.file = "code,time,state,pm25,o3,so2,note\n1001A,2026-03-12 01:00,,35,1,1\n"; });
  misread("exponent-with-two-signs", 2, "pm25", "0.35", [](SampleImport& s) {
    s.file = "code,time,state,pm25,o3,so2,note\n1001A,2026-03-12 01:00,,35e+-2,1,1,\n";
  });
  misread("no-text-station", 2, "pm25", "35", [](SampleImport& s) {
    s.file = "code,time,state,pm25,o3,so2,note\n1001A\xFF,2026-03-12 01:00,,35,1,1,\n";
  });
  misread("several-values", 2, "pm25", "35", [](SampleImport& s) {
    s.layout.values.push_back({"pm25", "a34002", "Avg", "µg/m³", "µg/m³", 0, "", ""});
  });
  misread("part-of-a-frame", 2, "pm25", "35", [](SampleImport& s) { s.type = ef::EntryType::event; });
  misread("behind-its-file", 2, "pm25", "35",
          [](SampleImport& s) { s.manifest_edit = [](dataset::FileManifest& m) { m.bytes -= 1; }; });
  misread("manifest-of-other-device", 2, "pm25", "35", [](SampleImport& s) { s.device = "cnemd"; });
  misread("part-of-other-device", 2, "pm25", "35", [](SampleImport& s) { s.part_device = "cnemd"; });
  misread("part-of-a-packet", 2, "pm25", "35",
          [](SampleImport& s) { s.part_edit = [](dataset::FilePart& p) { p.file = 4; }; });
  misread("part-is-its-own-manifest", 2, "pm25", "35",
          [](SampleImport& s) { s.part_edit = [](dataset::FilePart& p) { p.file += 1; }; });
  misread("of-a-directory", 2, "pm25", "35", [](SampleImport& s) {
    s.layout.kind = dataset::Kind::points;
    s.layout.record.kind = s.layout.record.id = "point";
  });
  misread("too-many-words", 2, "pm25", "35", [](SampleImport& s) {
    for (int i = 0; i < 64; ++i) s.layout.missing.push_back(fmt::format("x{}", i));
  });
  const auto spelled = [&](std::string name, std::string_view what, std::string_view by) {
    misread(std::move(name), 2, "pm25", "35", [&](SampleImport& s) {
      s.manifest_spell = [what, by](std::string& text) { replace(text, what, by); };
    });
  };
  spelled("manifest-member-more", "\"reason\":\"sample\"", "\"reason\":\"sample\",\"note\":1");
  spelled("manifest-member-less", ",\"reason\":\"sample\"", "");
  spelled("manifest-member-twice", "\"name\":\"Test\"", "\"name\":\"Test\",\"name\":\"Test\"");
  spelled("manifest-bytes-true", fmt::format("\"bytes\":{}", kImportFile.size()), "\"bytes\":true");
  spelled("manifest-shift-text", "\"shift\":-3", "\"shift\":\"-3\"");
  spelled("manifest-shift-fraction", "\"shift\":-3", "\"shift\":-3.0");
  spelled("manifest-label", "\"label\":\"end\"", "\"label\":\"END\"");
  spelled("manifest-nested", "\"reason\":\"sample\"", "\"reason\":[[[[[[[[]]]]]]]]");
  spelled("manifest-version", "\"version\":1", "\"version\":2");
  const auto head = [&](std::string name, std::string_view what, std::string_view by) {
    misread(std::move(name), 2, "pm25", "35",
            [&](SampleImport& s) { s.part_spell = [what, by](std::string& text) { replace(text, what, by); }; });
  };
  head("part-member-more", "\"line\":1}", "\"line\":1,\"more\":0}");
  head("part-member-less", ",\"part\":0", "");
  head("part-line-zero", "\"line\":1}", "\"line\":0}");
  head("part-without-head", "\n", " ");
  head("part-number-large", "\"part\":0", "\"part\":4294967296");

  const auto edited = [&](std::string name, std::vector<std::string> failed,
                          const std::function<void(Document&)>& edit) {
    SampleImport sample;
    sample.append();
    changed("bad-cell-" + std::move(name), cell_document(sample, kCellFigure, 2, "pm25", "35"), std::move(failed),
            plain_absent, edit);
  };
  const std::vector<std::string> figure{"figure"};
  const auto renamed = [](std::string_view text) {
    return [name = std::string(text)](Document& d) { d.figure_id = *FigureId::parse(name); };
  };
  edited("of-other-station", figure, renamed("value/cnemc%2F1002A/22/2061/a34004/Avg/20260312000000"));
  edited("of-other-st", figure, renamed("value/cnemc%2F1001A/21/2061/a34004/Avg/20260312000000"));
  edited("of-other-cn", figure, renamed("value/cnemc%2F1001A/22/2031/a34004/Avg/20260312000000"));
  edited("of-other-factor", figure, renamed("value/cnemc%2F1001A/22/2061/a34002/Avg/20260312000000"));
  edited("of-other-kind", figure, renamed("value/cnemc%2F1001A/22/2061/a34004/Max/20260312000000"));
  edited("label-is-the-end", figure, renamed("value/cnemc%2F1001A/22/2061/a34004/Avg/20260312010000"));
  edited("other-line", {"derivation", "figure"}, [](Document& d) { d.steps[0].line = 3; });
  edited("manifest-left-out", {"derivation", "figure"}, [](Document& d) {
    SampleImport sample;
    sample.append();
    sample.log.fill(d, {sample.part}, sample.log.size(), sample.log.newest_pair());
  });
  edited("read-as-packet", {"derivation", "figure"}, [](Document& d) {
    d.steps[0].op = Op::field;
    d.steps[0].name = "a34004-Avg";
  });
  // Two files of one source: a part belongs to the file that it names.
  SampleImport other;
  other.append();
  dataset::FileManifest manifest =
      *dataset::parse_manifest(as_text(ef::decode(other.log.entry(other.manifest))->payload));
  std::swap(manifest.layout.values[0].factor, manifest.layout.values[1].factor);
  const Instant now = *parse_iso("2026-03-12T10:00:00+08:00");
  const std::uint64_t second = other.log.append(ef::EntryType::import, "cnemc", dataset::encode(manifest), now);
  dataset::FilePart piece;
  piece.file = second;
  piece.bytes = other.file;
  const std::uint64_t part = other.log.append(ef::EntryType::import, "cnemc", dataset::encode(piece), now);
  Document d = cell_document(other, kCellFigure, 2, "pm25", "35");
  other.log.fill(d, {other.manifest, second, part}, other.log.size(), other.log.newest_pair());
  d.steps[0].entry = part;
  add("bad-cell-part-of-another-file", write_document(d), figure, plain_absent);

  // The form of the step.
  const auto form = [&](std::string name, const std::function<void(Json&)>& edit) {
    SampleImport sample;
    sample.append();
    Json json = Json::parse(write_document(cell_document(sample, kCellFigure, 2, "pm25", "35")));
    edit(json.at("steps").at(0));
    add("bad-form-cell-" + std::move(name), json.dump(), kAllChecks, {});
  };
  form("line-zero", [](Json& s) { s["line"] = 0; });
  form("line-missing", [](Json& s) { s.erase("line"); });
  form("column-empty", [](Json& s) { s["column"] = ""; });
  form("key", [](Json& s) { s["key"] = std::string(32, '0'); });
  form("group", [](Json& s) { s["group"] = 0; });
  form("entry-not-there", [](Json& s) { s["entry"] = 0; });

  // Means, and tables by the day of a cell.
  SampleImport sample;
  sample.append();
  Document mean = cell_document(sample, kCellFigure, 2, "so2", "12");
  mean.figure_id = *FigureId::parse("mean/cnemc%2F1001A/22/2061/a21026/Avg/20260312000000/20260313000000");
  mean.tables.push_back(parameter("sample/non_detect_share.air", "0.5"));
  const auto limit = cell(mean, sample.part, 3, "so2", "<0.004");
  const auto counted = Steps{mean}.of(Op::below, {limit}, "0.002", 0);
  const auto third = cell(mean, sample.part, 5, "so2", "40");
  // (12 + 0.002 + 40) / 3 = 17.334
  mean.value_step = Steps{mean}.of(Op::mean, {0, counted, third}, "17.334", 0, {}, 3);
  mean.value = "17.334";
  add("good-cell-mean-with-a-limit", write_document(mean), {}, table_absent);
  changed("bad-cell-mean-limit-not-in-force", mean, {"tables"}, table_absent,
          [](Document& m) { m.tables[0].valid_from = "2026-03-13"; });
  changed("bad-cell-mean-of-a-limit-as-it-stands", mean, {"derivation", "figure"}, table_absent,
          [&](Document& m) { m.steps[m.value_step].inputs = {0, limit, third}; });
  changed("bad-cell-mean-limit-of-a-mean", mean, {"figure"}, table_absent, [&](Document& m) {
    m.steps[m.value_step].inputs = {0, third};
    m.value = m.steps[m.value_step].result = "26.000";
    m.value_step = Steps{m}.of(Op::mean, {m.value_step}, "26.000", 0, {}, 3);
  });
  // A device that is a source.
  Document source = cell_document(sample, kCellFigure, 2, "pm25", "35");
  source.figure_id.reset();
  source.device = "cnemc";
  source.from = *parse_iso("2026-03-12");
  source.to = *parse_iso("2026-03-13");
  Said said;
  said.to = sample.log.size();
  said.before = said.after = first_link("cnemc");
  for (const std::uint64_t entry : {sample.manifest, sample.part}) {
    ++said.count;
    said.after = next_link(said.after, ef::leaf_hash(sample.log.entry(entry)));
  }
  const std::uint64_t statement =
      sample.log.append(ef::EntryType::event, "cnemc", device_day("cnemc", "2026-03-12", said),
                        *parse_iso("2026-03-13T01:00:00+08:00"));
  sample.log.fill(source, {sample.manifest, sample.part, statement}, sample.log.size(), sample.log.newest_pair());
  source.statements = {statement};
  add("good-cell-of-a-source", write_document(source), {}, device_absent);
  changed("bad-cell-of-a-source-part-left-out", source, {"statements", "derivation", "figure"},
          {"witnesses", "timestamp", "revocation", "tables"}, [&](Document& s) {
            sample.log.fill(s, {sample.part, statement}, sample.log.size(), sample.log.newest_pair());
          });
}

}  // namespace mj::bundle::test
