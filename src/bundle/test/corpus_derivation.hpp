#pragma once

#include "corpus_cases.hpp"

namespace mj::bundle::test {

inline void Corpus::bad_statements() {
  const auto bad = [&](std::string name, const std::function<void(Document&, SampleLog&, DeviceSample&)>& edit,
                       std::vector<std::string> failed = {"statements"}) {
    SampleLog log;
    fill_with_hours(log);
    DeviceSample sample = state_device(log);
    Document d = device_document(log, sample);
    edit(d, log, sample);
    add(std::move(name), write_document(d), std::move(failed), device_absent);
  };
  /// Proofs again over fewer or other entries; steps that read what is not there are dropped.
  const auto refill = [](Document& d, const SampleLog& log, std::vector<std::uint64_t> entries) {
    std::erase_if(d.steps, [&](const Step& s) {
      return std::find(entries.begin(), entries.end(), s.entry) == entries.end();
    });
    log.fill(d, std::move(entries), log.size(), log.newest_pair());
  };
  bad("bad-statements-none", [](Document& d, SampleLog&, DeviceSample&) { d.statements.clear(); });
  bad("bad-statement-entry-left-out", [&](Document& d, SampleLog& log, DeviceSample& s) {
    s.entries.erase(s.entries.begin() + 2);
    refill(d, log, s.entries);
  });
  bad("bad-statement-last-entry-left-out", [&](Document& d, SampleLog& log, DeviceSample& s) {
    std::erase(s.entries, 17U);
    refill(d, log, s.entries);
  });
  bad("bad-statement-first-only",
      [](Document& d, SampleLog&, DeviceSample& s) { d.statements = {s.statements[0]}; });
  bad("bad-statement-second-only",
      [](Document& d, SampleLog&, DeviceSample& s) { d.statements = {s.statements[1]}; });
  bad("bad-statement-is-a-packet", [](Document& d, SampleLog&, DeviceSample&) { d.statements = {0}; });
  bad("bad-statement-other-device", [](Document& d, SampleLog&, DeviceSample&) { d.device = kOtherMn; });
  bad("bad-statement-later-asked",
      [](Document& d, SampleLog&, DeviceSample&) { d.to = *parse_iso("2026-03-04"); });
  const auto stated = [&](std::string name, const std::function<void(Said&)>& edit,
                          std::string_view from = "2026-03-01",
                          const std::function<void(std::string&)>& spell = {}) {
    SampleLog log;
    fill_with_hours(log);
    Said said = state(log, kMn, 0, 16, nullptr);
    edit(said);
    std::string text = device_day(kMn, "2026-03-01", said);
    if (spell) spell(text);
    const std::uint64_t at = log.append(ef::EntryType::event, kMn, text, *parse_iso("2026-03-02T01:00:00+08:00"));
    const bool good = name.starts_with("good-");
    add(std::move(name), write_document(device_document(log, sample_of(log, {at}), from, "2026-03-02")),
        good ? std::vector<std::string>{} : std::vector<std::string>{"statements"}, device_absent);
  };
  const auto as_is = [](Said&) {};
  stated("good-statement", as_is);
  stated("bad-statement-count", [](Said& s) { ++s.count; });
  stated("bad-statement-chain-after", [](Said& s) { s.after[5] ^= std::byte{1}; });
  stated("bad-statement-chain-before", [](Said& s) { s.before[5] ^= std::byte{1}; });
  stated("bad-statement-range-short", [](Said& s) { s.to = 14; });
  stated("bad-statement-range-turned", [](Said& s) { s.from = 12, s.to = 4, s.count = 0, s.after = s.before; });
  stated("bad-statement-of-the-future", [](Said& s) { s.to = 40; });
  // Begins in the middle of the device's chain.
  const auto from_the_second = [](Said& s) {
    s.from = 2;
    s.sequence = 1;
    s.count = 7;
    SampleLog log;
    fill_with_hours(log);
    s.before = next_link(first_link(kMn), ef::leaf_hash(log.entry(0)));
  };
  stated("good-statement-begins-in-the-middle", from_the_second);
  stated("bad-statement-begins-late", from_the_second, "2026-02-28T23:59:59+08:00");
  stated("bad-statement-blank", as_is, "2026-03-01",
         [](std::string& t) { replace(t, "\"revision\":1", "\"revision\": 1"); });
  stated("bad-statement-member-order", as_is, "2026-03-01",
         [](std::string& t) { replace(t, "\"from\":0,\"to\":16", "\"to\":16,\"from\":0"); });
  stated("bad-statement-member-unknown", as_is, "2026-03-01",
         [](std::string& t) { replace(t, "\"more_gaps\":0", "\"more_gaps\":0,\"note\":\"\""); });
  stated("bad-statement-member-twice", as_is, "2026-03-01",
         [](std::string& t) { replace(t, "\"count\":8", "\"count\":8,\"count\":8"); });
  stated("bad-statement-version", as_is, "2026-03-01",
         [](std::string& t) { replace(t, "\"version\":1", "\"version\":2"); });
  stated("bad-statement-kind", as_is, "2026-03-01",
         [](std::string& t) { replace(t, "device.day", "device.dax"); });
  stated("bad-statement-no-json", as_is, "2026-03-01", [](std::string& t) { t.pop_back(); });
  stated("bad-statement-day", as_is, "2026-03-01", [](std::string& t) { replace(t, "2026-03-01", "2026-02-29"); });
  stated("bad-statement-names-other-device", as_is, "2026-03-01",
         [](std::string& t) { replace(t, kMn, kOtherMn); });
  const auto gap = [&](std::string name, const std::function<void(Said&)>& edit,
                       std::string_view day = "2026-03-02") {
    SampleLog log;
    fill_with_hours(log);
    const Said first = state(log, kMn, 0, 8, nullptr);
    const std::uint64_t a = append_statement(log, "2026-03-01", first);
    Said second = state(log, kMn, 8, 16, &first);
    edit(second);
    const std::uint64_t b = append_statement(log, day, second);
    add(std::move(name), write_document(device_document(log, sample_of(log, {a, b}), "2026-03-01", "2026-03-02")),
        {"statements"}, device_absent);
  };
  // The newest revision of the first day was written after the statement of the second.
  SampleLog revised;
  fill_with_hours(revised);
  const Said first = state(revised, kMn, 0, 8, nullptr);
  const Said second = state(revised, kMn, 8, 16, &first);
  const std::uint64_t later_day = append_statement(revised, "2026-03-02", second);
  const std::uint64_t revision = append_statement(revised, "2026-03-01", first);
  add("good-statement-revised",
      write_document(device_document(revised, sample_of(revised, {revision, later_day}))), {}, device_absent);
  add("bad-statements-by-place",
      write_document(device_document(revised, sample_of(revised, {later_day, revision}))), {"statements"},
      device_absent);
  gap("bad-statement-gap", [](Said& s) { s.from = 9; });
  gap("bad-statement-overlap", [](Said& s) { s.from = 7; });
  gap("bad-statement-sequence", [](Said& s) { ++s.sequence; });
  gap("bad-statement-chain-broken", [](Said& s) { s.before[0] ^= std::byte{1}; });
  gap("bad-statement-same-day", as_is, "2026-03-01");
  // A figure proves one value; statements beside it would not be read.
  SampleLog log;
  fill_with_hours(log);
  const DeviceSample sample = state_device(log);
  Document d = value_document(log);
  log.fill(d, {4, sample.statements[0]}, log.size(), log.newest_pair());
  d.statements = {sample.statements[0]};
  add("bad-figure-with-statement", write_document(d), {"statements"},
      {"witnesses", "timestamp", "revocation", "tables"});
}

inline void Corpus::bad_tables() {
  const auto bad = [&](std::string name, const std::function<void(Document&)>& edit) {
    changed(std::move(name), aqi(), {"tables"}, table_absent, edit);
  };
  bad("bad-table-not-yet-valid", [](Document& d) { d.tables[0].valid_from = "2026-03-02"; });
  bad("bad-table-no-longer-valid", [](Document& d) {
    d.tables[1].valid_from = "";
    d.tables[1].valid_to = "2026-02-28";
  });
  bad("bad-grades-not-yet-valid", [](Document& d) { d.tables[2].valid_from = "2027-01-01"; });
  changed("good-table-last-day", aqi(), {}, table_absent,
          [](Document& d) { d.tables[0].valid_to = "2026-03-01"; });
  changed("good-table-unverified", aqi(), {}, table_absent,
          [](Document& d) { d.tables[0].verification = "UNVERIFIED"; });
  // The earlier of two packets is from before the table, which is used for the later one only through "max".
  SampleLog log;
  const std::uint64_t old = log.upload(kMn, "21", "2061", "20260228200000", "w01019-Avg=4.6,w01019-Flag=N");
  const std::uint64_t now = log.upload(kMn, "21", "2061", "20260301000000", "w01009-Avg=6.8,w01009-Flag=N");
  Document d = water_document(log);
  d.figure_id = *FigureId::parse("water-class/river-1/20260301000000");
  log.fill(d, {old, now}, log.size(), log.newest_pair());
  d.tables = {d.tables[1], d.tables[2]};
  d.tables[1].valid_from = "2026-03-01";
  d.steps.clear();
  Steps steps{d};
  const auto oxygen = steps.of(Op::classify, {steps.field(now, "w01009-Avg", 1, "6.8")}, "2", 0);
  const auto permanganate = steps.of(Op::classify, {steps.field(old, "w01019-Avg", 1, "4.6")}, "3", 1);
  d.value_step = steps.of(Op::max, {oxygen, permanganate}, "3");
  add("bad-table-older-packet", write_document(d), {"tables"}, table_absent);
  d.tables[1].valid_from = "2026-02-28";
  add("good-table-older-packet", write_document(d), {}, table_absent);
}

inline void Corpus::bad_derivation() {
  const std::vector<std::string> failed = {"derivation", "figure"};
  const auto value = [&](std::string name, const std::function<void(Document&)>& edit) {
    changed(std::move(name), value_document(hours()), failed, plain_absent, edit);
  };
  value("bad-result", [](Document& d) { d.value = d.steps[0].result = "23.20"; });
  value("bad-result-spelling", [](Document& d) { d.value = d.steps[0].result = "32.2"; });
  value("bad-field-name", [](Document& d) { d.steps[0].name = "w01019-Avg"; });
  value("bad-field-group", [](Document& d) { d.steps[0].group = 2; });
  value("bad-field-of-other-entry", [](Document& d) {
    hours().fill(d, {4, 6}, 16, hours().newest_pair());
    d.steps[0].entry = 6;
  });
  const auto one = [&](std::string name, bool good, Op op, std::string input, std::string number,
                       std::uint8_t decimals, std::string result) {
    SampleLog log;
    log.upload(kMn, "32", "2061", "20260301020000", fmt::format("w01018-Avg=32.20;x-Avg={}", input));
    Document d = value_document(hours());
    log.fill(d, {0}, 1, log.newest_pair());
    d.steps[0].entry = 0;
    Steps steps{d};
    const auto field = steps.field(0, "x-Avg", 2, input);
    steps.of(op, {field}, std::move(result), 0, std::move(number), decimals);
    add((good ? "good-" : "bad-") + std::move(name), write_document(d), good ? std::vector<std::string>{} : failed,
        plain_absent);
  };
  // GB/T 8170-2008 §3.2 and table 2: half to even, negative numbers by their size, never in two steps.
  one("round-half-to-even-down", true, Op::round, "1.05", {}, 1, "1.0");
  one("round-half-to-even-up", true, Op::round, "0.35", {}, 1, "0.4");
  one("round-negative", true, Op::round, "-36.5", {}, 0, "-36");
  one("round-once", true, Op::round, "15.4546", {}, 0, "15");
  one("round-above-half", true, Op::round, "10.5002", {}, 0, "11");
  one("round-to-minus-nothing", true, Op::round, "-0.4", {}, 0, "0");
  one("round-keeps", true, Op::round, "+.5", {}, 3, "0.5");
  one("round-half-up", false, Op::round, "1.05", {}, 1, "1.1");
  one("round-twice", false, Op::round, "15.4546", {}, 0, "16");
  one("round-no-number", false, Op::round, "1e3", {}, 0, "1000");
  one("round-19-digits", false, Op::round, "1234567890123456789", {}, 0, "1234567890123456789");
  one("scale", true, Op::scale, "0.0350", "1000", 0, "35");
  one("scale-small", true, Op::scale, "35", "0.001", 0, "0.035");
  one("scale-zero", true, Op::scale, "0.000", "1000", 0, "0");
  one("scale-trailing-zero", false, Op::scale, "0.0350", "1000", 0, "35.0");
  one("scale-too-long", false, Op::scale, "999999999999999999", "11", 0, "10999999999999999989");
  one("mean-of-one", true, Op::mean, "2", {}, 3, "2.000");
  one("mean-negative-half", true, Op::mean, "-2.5", {}, 0, "-2");
  changed("bad-mean-truncated", mean_document(hours()), failed, plain_absent, [](Document& d) {
    d.steps[3].decimals = 1;
    d.value = d.steps[3].result = "31.0";
  });
  // (30.00 + 31.10) / 2 = 30.55: half to even at one decimal is 30.6, at 30.45 it would be 30.4.
  changed("good-mean-half", mean_document(hours()), {}, plain_absent, [](Document& d) {
    d.figure_id = *FigureId::parse(fmt::format("mean/{}/32/2061/w01018/Avg/20260301000000/20260301020000", kMn));
    d.steps[3].inputs = {0, 1};
    d.steps[3].decimals = 1;
    d.value = d.steps[3].result = "30.6";
  });
  const auto index = [&](std::string name, bool good, const std::function<void(Document&)>& edit) {
    changed((good ? "good-" : "bad-") + std::move(name), aqi(), good ? std::vector<std::string>{} : failed,
            table_absent, edit);
  };
  const auto so2 = [](Document& d, std::string result) {
    d.value = d.steps[2].result = d.steps[7].result = std::move(result);
  };
  index("interpolate-rounded-down", false, [&](Document& d) { so2(d, "51"); });
  index("interpolate-half-even", true, [&](Document& d) {
    // 50 + 50 · 11/350 = 51.571…
    d.tables[0].rounding = Table::Rounding::half_even;
    d.tables[0].decimals = 2;
    so2(d, "51.57");
  });
  index("interpolate-up-decimals", true, [&](Document& d) {
    d.tables[0].decimals = 2;
    so2(d, "51.58");
  });
  index("table-changed", false, [](Document& d) { d.tables[0].rows[1] = breakpoint("100", "50"); });
  index("table-last-row", true, [&](Document& d) {
    // 161 lies at the last break point and beyond: its index, as written.
    d.tables[0].rows = {breakpoint("0", "0"), breakpoint("161", "60")};
    so2(d, "60");
  });
  index("below-the-table", false, [&](Document& d) {
    d.tables[0].rows.front() = breakpoint("170", "0");
    d.tables[0].rows[1] = breakpoint("180", "50");
    so2(d, "0");
  });
  index("max-least", true, [](Document& d) { d.steps[7].number = "52"; });
  index("max-least-decides", true, [](Document& d) { d.value = d.steps[7].result = d.steps[7].number = "53"; });
  index("max-least-ignored", false, [](Document& d) { d.steps[7].number = "53"; });
  index("grade-name", false, [](Document& d) { d.steps[8].result = "优"; });
  index("grade-above-all", false, [](Document& d) {
    d.tables[2].rows.resize(1);
    d.steps[8].result = "良";
  });
  index("grade-open-end", true, [](Document& d) {
    d.tables[2].rows.resize(2);
    d.tables[2].rows[1].low.reset();
  });
  index("main-none", true, [](Document& d) {
    d.steps[9].number = "52";
    d.steps[9].result = "";
  });
  index("main-both", true, [&](Document& d) {
    d.tables[1].rows = {breakpoint("0", "0"), breakpoint("80", "52")};
    d.steps[6].result = "52";
    d.steps[9].result = "a21026+a21004";
  });
  index("main-order", false, [&](Document& d) {
    d.tables[1].rows = {breakpoint("0", "0"), breakpoint("80", "52")};
    d.steps[6].result = "52";
    d.steps[9].result = "a21004+a21026";
  });
  const auto water_case = [&](std::string name, bool good, const std::function<void(Document&)>& edit) {
    changed((good ? "good-" : "bad-") + std::move(name), water(), good ? std::vector<std::string>{} : failed,
            table_absent, edit);
  };
  water_case("class-limit-inclusive", true, [](Document& d) { d.tables[2].rows[2].low = parse_decimal("4.60"); });
  water_case("class-better-turned", false, [](Document& d) { d.tables[1].better = Table::Better::lower; });
  water_case("class-worse-than-all", true, [](Document& d) {
    for (TableRow& row : d.tables[2].rows) row.low = parse_decimal("1");
    d.steps[5].result = d.steps[6].result = d.value = "6";
  });
  water_case("class-limit-passed-over", true, [](Document& d) {
    d.tables[2].rows[2].low.reset();
    d.steps[5].result = d.steps[6].result = d.value = "4";
  });
  water_case("class-outside", true, [](Document& d) {
    for (TableRow& row : d.tables[0].rows) row.high = parse_decimal("7.2");
    d.steps[1].result = d.steps[6].result = d.value = "6";
  });
}

inline void Corpus::bad_figure() {
  const auto value = [&](std::string name, const std::function<void(Document&)>& edit) {
    changed(std::move(name), value_document(hours()), {"figure"}, plain_absent, edit);
  };
  const auto renamed = [](std::string_view text) {
    return [name = std::string(text)](Document& d) { d.figure_id = *FigureId::parse(name); };
  };
  value("bad-figure-value", [](Document& d) { d.value = "32.2"; });
  value("bad-figure-other-device", renamed(fmt::format("value/{}/32/2061/w01018/Avg/20260301020000", kOtherMn)));
  value("bad-figure-other-st", renamed(fmt::format("value/{}/31/2061/w01018/Avg/20260301020000", kMn)));
  value("bad-figure-other-cn", renamed(fmt::format("value/{}/32/2051/w01018/Avg/20260301020000", kMn)));
  value("bad-figure-other-factor", renamed(fmt::format("value/{}/32/2061/w01019/Avg/20260301020000", kMn)));
  value("bad-figure-other-kind", renamed(fmt::format("value/{}/32/2061/w01018/Max/20260301020000", kMn)));
  value("bad-figure-other-time", renamed(fmt::format("value/{}/32/2061/w01018/Avg/20260301030000", kMn)));
  value("bad-figure-other-millisecond",
        renamed(fmt::format("value/{}/32/2061/w01018/Avg/20260301020000001", kMn)));
  value("bad-figure-is-aqi", renamed("aqi/air-1/20260301020000"));
  value("bad-figure-rounded", [](Document& d) {
    d.value_step = Steps{d}.of(Op::round, {0}, "32", 0, {}, 0);
    d.value = "32";
  });
  const auto mean = [&](std::string name, const std::function<void(Document&)>& edit) {
    changed(std::move(name), mean_document(hours()), {"figure"}, plain_absent, edit);
  };
  mean("bad-mean-outside", renamed(fmt::format("mean/{}/32/2061/w01018/Avg/20260301000000/20260301020000", kMn)));
  mean("bad-mean-before", renamed(fmt::format("mean/{}/32/2061/w01018/Avg/20260301000001/20260301030000", kMn)));
  mean("bad-mean-value-twice", [](Document& d) {
    d.steps[3].inputs = {0, 1, 1, 2};
    d.value = d.steps[3].result = "31.10";
  });
  mean("bad-mean-order", [](Document& d) { d.steps[3].inputs = {1, 0, 2}; });
  mean("bad-mean-of-other-factor", [](Document& d) {
    d.steps[1].name = "w21003-Avg";
    d.steps[1].group = 2;
    d.steps[1].result = "0.15";
    d.value = d.steps[3].result = "20.78";  // (30.00 + 0.15 + 32.20) / 3 = 20.783…
  });
  const auto index = [&](std::string name, const std::function<void(Document&)>& edit) {
    changed(std::move(name), aqi(), {"figure"}, table_absent, edit);
  };
  index("bad-aqi-other-time", renamed("aqi/air-1/20260301090000"));
  index("bad-aqi-factor-twice", [](Document& d) { d.tables[1].factor = "a21026"; });
  index("bad-aqi-not-max", [](Document& d) { d.value_step = 2; });
  index("bad-aqi-of-mean", [](Document& d) {
    d.steps[1].op = Op::mean;
    d.steps[1].result = "161";
  });
  changed("bad-water-earlier-only", water(), {"figure"}, table_absent,
          [](Document& d) { d.steps[6].inputs = {5}; });
  changed("bad-water-later-packet", water(), {"figure"}, table_absent,
          renamed("water-class/river-1/20260301040000"));
}

}  // namespace mj::bundle::test
