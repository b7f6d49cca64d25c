#pragma once

#include "sample_log.hpp"

namespace mj::bundle::test {

/// Steps for a document, each with the result that the test says.
struct Steps {
  Document& document;

  std::uint32_t add(Step step) {
    document.steps.push_back(std::move(step));
    return static_cast<std::uint32_t>(document.steps.size() - 1);
  }
  std::uint32_t field(std::uint64_t entry, std::string name, std::uint32_t group, std::string result) {
    Step step;
    step.op = Op::field;
    step.entry = entry;
    step.name = std::move(name);
    step.group = group;
    step.result = std::move(result);
    return add(std::move(step));
  }
  std::uint32_t of(Op op, std::vector<std::uint32_t> inputs, std::string result, std::uint32_t table = 0,
                   std::string number = {}, std::uint8_t decimals = 0) {
    Step step;
    step.op = op;
    step.inputs = std::move(inputs);
    step.result = std::move(result);
    step.table = table;
    step.number = std::move(number);
    step.decimals = decimals;
    return add(std::move(step));
  }
};

/// An outlet's packets among those of another device: 16 entries from 0 on.
inline void fill_with_hours(SampleLog& log) {
  for (int hour = 0; hour < 8; ++hour) {
    log.upload(
        kMn, "32", "2061", fmt::format("20260301{:02}0000", hour),
        fmt::format("w01018-Avg={}.{}0,w01018-Flag=N;w21003-Avg=0.{}5,w21003-Flag=N", 30 + hour, hour, hour));
    log.upload(kOtherMn, "32", "2061", fmt::format("20260301{:02}0000", hour), "w01018-Avg=1.0,w01018-Flag=N");
  }
}

/// value/…: entry 4 of a log of 16, COD of 02:00 is 32.20 mg/L.
inline Document value_document(const SampleLog& log, std::uint64_t size, const SigningPair& pair) {
  Document document;
  document.figure_id = *FigureId::parse(fmt::format("value/{}/32/2061/w01018/Avg/20260301020000", kMn));
  log.fill(document, {4}, size, pair);
  document.value_step = Steps{document}.field(4, "w01018-Avg", 1, "32.20");
  document.value = "32.20";
  document.unit = "mg/L";
  return document;
}
inline Document value_document(const SampleLog& log) { return value_document(log, log.size(), log.newest_pair()); }

/// mean/…: of 00:00 to 03:00: (30.00 + 31.10 + 32.20) / 3 = 31.10.
inline Document mean_document(const SampleLog& log) {
  Document document;
  document.figure_id =
      *FigureId::parse(fmt::format("mean/{}/32/2061/w01018/Avg/20260301000000/20260301030000", kMn));
  log.fill(document, {0, 2, 4}, log.size(), log.newest_pair());
  Steps steps{document};
  const auto a = steps.field(0, "w01018-Avg", 1, "30.00");
  const auto b = steps.field(2, "w01018-Avg", 1, "31.10");
  const auto c = steps.field(4, "w01018-Avg", 1, "32.20");
  document.value_step = steps.of(Op::mean, {a, b, c}, "31.10", 0, {}, 2);
  document.value = "31.10";
  document.unit = "mg/L";
  return document;
}

inline TableRow breakpoint(const char* concentration, const char* index) {
  TableRow row;
  row.low = parse_decimal(concentration);
  row.text = index;
  row.index = *parse_decimal(index);
  return row;
}

/// Break points of HJ 633-2026 table 3.
inline Table breakpoints(std::string pollutant, std::string factor, std::vector<std::array<const char*, 2>> rows) {
  Table table;
  table.id = "HJ 633-2026/aqi/" + pollutant + "/1h";
  table.edition = "HJ 633-2026";
  table.clause = "HJ 633-2026 表3";
  table.valid_from = "2026-03-01";
  table.verification = "VERIFIED";
  table.kind = Table::Kind::breakpoints;
  table.factor = std::move(factor);
  table.unit = "µg/m³";
  table.rounding = Table::Rounding::up;
  for (const auto& [c, i] : rows) table.rows.push_back(breakpoint(c, i));
  return table;
}

/// aqi/…: SO2 161 µg/m³ lies between 150 → 50 and 500 → 100: 50 + 50 · 11/350 = 51.57…, up 52.
/// NO2 0.0804 mg/m³ = 80.4 → 80 µg/m³, between 100 → 50 and 0 → 0: 40.
inline Document aqi_document(SampleLog& log) {
  const std::uint64_t entry = log.upload(kMn, "22", "2061", "20260301080000",
                                         "a21026-Avg=161,a21026-Flag=N;a21004-Avg=0.0804,a21004-Flag=N");
  Document document;
  document.figure_id = *FigureId::parse("aqi/air-1/20260301080000");
  log.fill(document, {entry}, log.size(), log.newest_pair());
  document.tables.push_back(
      breakpoints("SO2", "a21026", {{"0", "0"}, {"150", "50"}, {"500", "100"}, {"650", "150"}}));
  document.tables.push_back(breakpoints("NO2", "a21004", {{"0", "0"}, {"100", "50"}, {"200", "100"}}));
  Table grades;
  grades.id = "HJ 633-2026/categories";
  grades.edition = "HJ 633-2026";
  grades.clause = "HJ 633-2026 表1";
  grades.valid_from = "2026-03-01";
  grades.verification = "VERIFIED";
  grades.kind = Table::Kind::grades;
  for (const auto& [bound, name] : {std::pair("50", "优"), std::pair("100", "良"), std::pair("150", "轻度污染")}) {
    TableRow row;
    row.low = parse_decimal(bound);
    row.text = name;
    grades.rows.push_back(row);
  }
  document.tables.push_back(grades);
  Steps steps{document};
  const auto so2 = steps.field(entry, "a21026-Avg", 1, "161");
  const auto so2_rounded = steps.of(Op::round, {so2}, "161");
  const auto so2_index = steps.of(Op::interpolate, {so2_rounded}, "52", 0);
  const auto no2 = steps.field(entry, "a21004-Avg", 2, "0.0804");
  const auto no2_scaled = steps.of(Op::scale, {no2}, "80.4", 0, "1000");
  const auto no2_rounded = steps.of(Op::round, {no2_scaled}, "80");
  const auto no2_index = steps.of(Op::interpolate, {no2_rounded}, "40", 1);
  document.value_step = steps.of(Op::max, {so2_index, no2_index}, "52", 0, "1");
  steps.of(Op::grade, {document.value_step}, "良", 2);
  steps.of(Op::main, {so2_index, no2_index}, "a21026", 0, "50");
  document.value = "52";
  return document;
}

/// water-class/…: pH 7.21 keeps class I, oxygen 6.8 class II (≥ 6), permanganate index 4.6 class III (≤ 6): III.
/// Limits: GB 3838-2002 table 1.
inline Document water_document(SampleLog& log) {
  const std::uint64_t early = log.upload(kMn, "21", "2061", "20260301040000", "w01019-Avg=4.6,w01019-Flag=N");
  const std::uint64_t late = log.upload(kMn, "21", "2061", "20260301080000",
                                        "w01001-Avg=7.21,w01001-Flag=N;w01009-Avg=6.8,w01009-Flag=N");
  Document document;
  document.figure_id = *FigureId::parse("water-class/river-1/20260301080000");
  log.fill(document, {early, late}, log.size(), log.newest_pair());
  const auto classes = [&](std::string item, std::string factor, Table::Better better,
                           std::vector<const char*> limits) {
    Table table;
    table.id = "GB 3838-2002/class/" + item;
    table.edition = "GB 3838-2002";
    table.clause = "GB 3838-2002 表1";
    table.valid_from = "2002-06-01";
    table.verification = "VERIFIED";
    table.kind = Table::Kind::classes;
    table.factor = std::move(factor);
    table.unit = better == Table::Better::within ? "" : "mg/L";
    table.better = better;
    for (std::size_t i = 0; i < limits.size(); ++i) {
      TableRow row;
      row.low = parse_decimal(limits[i]);
      if (better == Table::Better::within) row.high = parse_decimal("9");
      row.text = std::to_string(i + 1);
      row.index = Decimal{static_cast<std::int64_t>(i + 1), 0};
      table.rows.push_back(row);
    }
    document.tables.push_back(table);
  };
  classes("pH", "w01001", Table::Better::within, {"6", "6", "6", "6", "6"});
  classes("DO", "w01009", Table::Better::higher, {"7.5", "6", "5", "3", "2"});
  classes("CODMn", "w01019", Table::Better::lower, {"2", "4", "6", "10", "15"});
  Steps steps{document};
  const auto ph = steps.of(Op::classify, {steps.field(late, "w01001-Avg", 1, "7.21")}, "1", 0);
  const auto oxygen = steps.of(Op::classify, {steps.field(late, "w01009-Avg", 2, "6.8")}, "2", 1);
  const auto permanganate = steps.of(Op::classify, {steps.field(early, "w01019-Avg", 1, "4.6")}, "3", 2);
  document.value_step = steps.of(Op::max, {ph, oxygen, permanganate}, "3");
  document.value = "3";
  return document;
}

/// What a statement of the sample says.
struct Said {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t count = 0;
  std::uint64_t sequence = 0;
  Digest before{};
  Digest after{};
};
/// Canonical (docs/formats/decisions.md), written here by hand.
inline std::string device_day(std::string_view mn, std::string_view day, const Said& said) {
  return fmt::format(
      R"({{"kind":"device.day","version":1,"device":"{}","day":"{}","revision":1,"from":{},"to":{},"count":{},)"
      R"("sequence":{},"chain_before":"{}","chain_after":"{}","series":[],"more_series":0,"gaps":[],"more_gaps":0}})",
      mn, day, said.from, said.to, said.count, said.sequence, to_base64(said.before), to_base64(said.after));
}

/// link 0 of a device's chain, and the next one (docs/formats/decisions.md).
inline Digest first_link(std::string_view mn) {
  return ef::sha256(as_bytes(fmt::format("mingjian device chain v1\n{}", mn)));
}
inline Digest next_link(const Digest& link, const Digest& leaf) {
  Bytes both(link.begin(), link.end());
  both.insert(both.end(), leaf.begin(), leaf.end());
  return ef::sha256(both);
}

/// What the device has in [from, to), stated as the room custody would.
inline Said state(const SampleLog& log, std::string_view mn, std::uint64_t from, std::uint64_t to,
                  const Said* before) {
  Said said;
  said.from = from;
  said.to = to;
  said.sequence = before == nullptr ? 0 : before->sequence + before->count;
  said.before = before == nullptr ? first_link(mn) : before->after;
  said.after = said.before;
  for (std::uint64_t i = from; i < to; ++i) {
    const auto entry = ef::decode(log.entry(i)).value();
    if (entry.device != mn || entry.type == ef::EntryType::event) continue;
    ++said.count;
    said.after = next_link(said.after, ef::leaf_hash(log.entry(i)));
  }
  return said;
}
inline std::uint64_t append_statement(SampleLog& log, std::string_view day, const Said& said) {
  return log.append(ef::EntryType::event, kMn, device_day(kMn, day, said),
                    parse_iso(day)->plus_ms(25LL * 3600'000));
}

/// Entries of the device and its statements.
struct DeviceSample {
  std::vector<std::uint64_t> entries;
  std::vector<std::uint64_t> statements;
};
inline DeviceSample sample_of(const SampleLog& log, std::vector<std::uint64_t> statements) {
  DeviceSample sample;
  for (std::uint64_t i = 0; i < log.size(); ++i) {
    if (ef::decode(log.entry(i))->device == kMn) sample.entries.push_back(i);
  }
  sample.statements = std::move(statements);
  return sample;
}
/// Two days stated over the hours of fill_with_hours() (entries 0…15) and one more packet.
inline DeviceSample state_device(SampleLog& log) {
  const Said first = state(log, kMn, 0, 10, nullptr);
  const std::uint64_t a = append_statement(log, "2026-03-01", first);
  log.upload(kMn, "32", "2061", "20260302130000", "w01018-Avg=40.1,w01018-Flag=N");
  const Said second = state(log, kMn, 10, log.size(), &first);
  return sample_of(log, {a, append_statement(log, "2026-03-02", second)});
}
inline Document device_document(const SampleLog& log, const DeviceSample& sample,
                                std::string_view from = "2026-03-01", std::string_view to = "2026-03-03") {
  Document document;
  document.device = kMn;
  document.from = *parse_iso(from);
  document.to = *parse_iso(to);
  log.fill(document, sample.entries, log.size(), log.newest_pair());
  document.statements = sample.statements;
  Steps steps{document};
  for (const std::uint64_t index : sample.entries) {
    if (index >= 16) continue;
    const auto hour = index / 2;
    steps.field(index, "w01018-Avg", 1, fmt::format("{}.{}0", 30 + hour, hour));
    steps.field(index, "w21003-Avg", 2, fmt::format("0.{}5", hour));
  }
  return document;
}

/// A witness with a fixed key.
inline ef::SoftwareKey witness(unsigned number) {
  return key_of(fmt::format("witness-{}.example", number), ef::KeyKind::cosignature,
                static_cast<unsigned char>(100 + number));
}

/// Names `witnesses` of them with a quorum, lets `signing` sign at a time.
inline void cosign(Document& document, unsigned witnesses, std::size_t quorum, std::vector<unsigned> signing,
                   Instant at) {
  document.witnesses.clear();
  document.quorum = quorum;
  for (unsigned i = 1; i <= witnesses; ++i) document.witnesses.push_back(witness(i).key().text());
  ef::Note note = *ef::Note::parse(document.checkpoint);
  for (const unsigned i : signing) note.signatures.push_back(*ef::cosign(witness(i), note.text, at.ms() / 1000));
  document.checkpoint = note.str();
}

}  // namespace mj::bundle::test
