#pragma once

#include "corpus_cases.hpp"
#include "sample_import.hpp"

namespace mj::bundle::test {

/// Calculations and evaluated figures. Expected numbers: computed with Python's decimal (80 digits) and mpmath (60 digits).
inline void Corpus::operations() {
  constexpr std::string_view kFigure = "result/air/day/city%2F500000/AQI/20260301000000/20260302000000";
  /// A figure made of one step over values of a packet, and a parameter.
  const auto document_of = [&](Op op, const std::vector<std::string>& inputs, std::string number,
                               std::uint8_t decimals, std::string result) {
    std::string values;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      values += fmt::format("{}x{}-Avg={}", i == 0 ? "" : ",", i, inputs[i]);
    SampleLog log;
    log.upload(kMn, "22", "2061", "20260301020000", values);
    Document d;
    d.figure_id = *FigureId::parse(kFigure);
    log.fill(d, {0}, 1, log.newest_pair());
    Steps steps{d};
    std::vector<std::uint32_t> read;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      read.push_back(steps.field(0, fmt::format("x{}-Avg", i), 1, inputs[i]));
    d.value_step = steps.of(op, read, result, 0, std::move(number), decimals);
    d.value = std::move(result);
    return d;
  };
  const auto one = [&](std::string name, bool good, Op op, const std::vector<std::string>& inputs,
                       std::string number, std::uint8_t decimals, std::string result) {
    add((good ? "good-op-" : "bad-op-") + std::move(name),
        write_document(document_of(op, inputs, std::move(number), decimals, std::move(result))),
        good ? std::vector<std::string>{} : std::vector<std::string>{"derivation", "figure"}, plain_absent);
  };
  one("sum", true, Op::sum, {"1.25", "-0.5", "0.300"}, {}, 1, "1.0");
  one("sum-half", true, Op::sum, {"0.25", "0.10"}, {}, 1, "0.4");
  one("sum-more-decimals", true, Op::sum, {"1", "2"}, {}, 2, "3.00");
  one("sum-as-exact", false, Op::sum, {"1", "2"}, {}, 2, "3");
  one("sum-too-long", false, Op::sum, {"999999999999999999", "1"}, {}, 0, "1000000000000000000");
  one("difference", true, Op::difference, {"1.2", "3.45"}, {}, 1, "-2.2");
  one("difference-turned", false, Op::difference, {"1.2", "3.45"}, {}, 1, "2.2");
  one("product", true, Op::product, {"1.5", "-0.3", "7"}, {}, 2, "-3.15");
  one("product-half", true, Op::product, {"0.5", "0.5"}, {}, 1, "0.2");
  one("product-of-long-numbers", true, Op::product, std::vector<std::string>(16, "0.000000000000000001"), {}, 18,
      "0.000000000000000000");
  one("product-twice-rounded", false, Op::product, {"0.5", "0.5", "2"}, {}, 0, "1");
  one("ratio", true, Op::ratio, {"1", "3"}, {}, 4, "0.3333");
  one("ratio-negative-half", true, Op::ratio, {"-1", "8"}, {}, 2, "-0.12");
  one("ratio-by-negative", true, Op::ratio, {"5", "-0.4"}, {}, 0, "-12");
  one("ratio-18-decimals", true, Op::ratio, {"2", "3"}, {}, 18, "0.666666666666666667");
  one("ratio-by-nothing", false, Op::ratio, {"1", "0.0"}, {}, 0, "0");
  one("percentile", true, Op::percentile, {"40", "10", "30", "20"}, "0.9", 1, "37.0");
  one("percentile-of-one", true, Op::percentile, {"7.25"}, "0.98", 1, "7.2");
  one("percentile-half", true, Op::percentile, {"1", "2"}, "0.05", 1, "1.0");
  one("percentile-whole-rank", true, Op::percentile, {"3", "1", "2"}, "0.5", 0, "2");
  one("percentile-95", true, Op::percentile, {"150", "90", "110", "130", "120"}, "0.95", 2, "146.00");
  one("percentile-nearest-rank", false, Op::percentile, {"150", "90", "110", "130", "120"}, "0.95", 2, "150.00");
  one("count", true, Op::count, {"1", "2.0", "2", "3"}, "2", 0, "3");
  one("count-none", true, Op::count, {"5"}, "4.99", 0, "0");
  one("count-below-only", false, Op::count, {"1", "2.0", "2", "3"}, "2", 0, "1");
  one("min", true, Op::min, {"2.0", "1.50", "1.5", "3"}, {}, 0, "1.50");
  one("min-last", false, Op::min, {"2.0", "1.50", "1.5", "3"}, {}, 0, "1.5");
  one("level", true, Op::level, {"60", "70"}, {}, 1, "67.4");
  one("level-of-equal", true, Op::level, {"60.05", "60.05"}, {}, 1, "60.0");
  one("level-of-equal-odd", true, Op::level, {"60.15", "60.15", "60.15"}, {}, 1, "60.2");
  one("level-three", true, Op::level, {"55.3", "48.2", "61.7"}, {}, 2, "57.98");
  one("level-far-apart", true, Op::level, {"-1000", "1000"}, {}, 3, "996.990");
  one("level-arithmetic-mean", false, Op::level, {"60", "70"}, {}, 1, "65.0");
  one("level-too-high", false, Op::level, {"1000.1"}, {}, 1, "1000.1");
  one("ln", true, Op::ln, {"12.5"}, {}, 6, "2.525729");
  one("ln-17-decimals", true, Op::ln, {"2"}, {}, 17, "0.69314718055994531");
  one("ln-of-one", true, Op::ln, {"1"}, {}, 3, "0.000");
  one("ln-small", true, Op::ln, {"0.001"}, {}, 4, "-6.9078");
  one("ln-large", true, Op::ln, {"999999999999999999"}, {}, 16, "41.4465316738928223");
  one("ln-too-long", false, Op::ln, {"999999999999999999"}, {}, 17, "41.44653167389282231");
  one("ln-of-nothing", false, Op::ln, {"0"}, {}, 2, "0.00");
  one("ln-is-lg", false, Op::ln, {"10"}, {}, 2, "1.00");
  one("lg-exact", true, Op::lg, {"1000"}, {}, 3, "3.000");
  one("lg-exact-small", true, Op::lg, {"0.001"}, {}, 0, "-3");
  one("lg-18-decimals", true, Op::lg, {"2"}, {}, 18, "0.301029995663981195");
  one("lg-least", true, Op::lg, {"0.000000000000000001"}, {}, 2, "-18.00");
  one("lg-of-negative", false, Op::lg, {"-10"}, {}, 2, "1.00");

  // Detection limits: of a value, with a parameter.
  const auto below = [&](std::string name, bool good, std::string text, std::string share, std::string result) {
    Document d = document_of(Op::below, {std::move(text)}, {}, 0, std::move(result));
    d.tables.push_back(parameter("sample/non_detect_share", std::move(share)));
    add((good ? "good-below-" : "bad-below-") + std::move(name), write_document(d),
        good ? std::vector<std::string>{} : std::vector<std::string>{"derivation", "figure"}, table_absent);
  };
  below("l", true, "0.004L", "0.5", "0.002");
  below("small-l", true, "0.02l", "0.50", "0.01");
  below("less", true, "< 0.005", "0.5", "0.0025");
  below("word", true, "ND", "0.5", "0");
  below("word-and-limit", true, "ND0.3", "1", "0.3");
  below("nothing", true, "0.004L", "0", "0");
  below("without-mark", false, "0.004", "0.5", "0.002");
  below("two-marks", false, "<0.004L", "0.5", "0.002");
  below("negative", false, "-1L", "0.5", "-0.5");
  below("mark-alone", false, "L", "0.5", "0");
  below("trailing-zero", false, "0.02L", "0.50", "0.010");
  below("other-word", false, "BDL", "0.5", "0");

  // Limits as operands.
  const auto exceeded = [&] {
    Document d = document_of(Op::max, {"0.31"}, {}, 0, "0.31");
    d.tables.push_back(parameter("sample/limit", "0.20"));
    Steps steps{d};
    const auto limit = steps.of(Op::limit, {}, "0.20", 0);
    const auto over = steps.of(Op::difference, {d.value_step, limit}, "0.11", 0, {}, 2);
    d.value_step = steps.of(Op::ratio, {over, limit}, "0.55", 0, {}, 2);
    d.value = "0.55";
    for (Step& step : d.steps) step.clause = "HJ 663-2013 附录A.3：超标倍数";
    return d;
  };
  changed("good-limit", exceeded(), {}, table_absent, [](Document&) {});
  changed("bad-limit-not-in-force", exceeded(), {"tables"}, table_absent,
          [](Document& d) { d.tables[0].valid_to = "2026-02-28"; });
  // A period may be judged by a table that came into force in it; its data are of 1 March.
  const auto of_march = [](std::string_view valid_from, std::string_view valid_to) {
    return [=](Document& d) {
      d.figure_id = FigureId::parse("result/air/month/city%2F500000/AQI/20260301000000/20260401000000").value();
      d.tables[0].valid_from = valid_from;
      d.tables[0].valid_to = valid_to;
    };
  };
  changed("good-limit-from-the-last-day", exceeded(), {}, table_absent, of_march("2026-03-31", ""));
  changed("bad-limit-from-the-day-behind", exceeded(), {"tables"}, table_absent, of_march("2026-04-01", ""));
  changed("good-limit-until-the-first-day", exceeded(), {}, table_absent, of_march("", "2026-03-01"));
  changed("bad-limit-until-the-day-before", exceeded(), {"tables"}, table_absent, of_march("", "2026-02-28"));
  changed("bad-limit-as-other-text", exceeded(), {"derivation", "figure"}, table_absent,
          [](Document& d) { d.steps[2].result = "0.2"; });
  changed("bad-limit-without-values", exceeded(), {"tables"}, table_absent, [](Document& d) {
    Steps steps{d};
    const auto doubled = steps.of(Op::sum, {2, 2}, "0.40", 0, {}, 2);
    d.value_step = steps.of(Op::ratio, {d.value_step, doubled}, "1.38", 0, {}, 2);  // 0.55 / 0.40 = 1.375
    d.value = "1.38";
  });

  // Evaluated figures.
  const auto figure = [&](std::string name, bool good, const std::function<void(Document&)>& edit) {
    changed((good ? "good-" : "bad-") + std::move(name), document_of(Op::sum, {"1", "2"}, {}, 0, "3"),
            good ? std::vector<std::string>{} : std::vector<std::string>{"figure"}, plain_absent, edit);
  };
  const auto period = [](std::string_view from, std::string_view to) {
    return [name = fmt::format("result/air/day/%E4%B8%80/AQI/{}/{}", from, to)](Document& d) {
      d.figure_id = *FigureId::parse(name);
    };
  };
  figure("result-year-before", true, period("20270302020000", "20270303000000"));
  figure("result-too-old", false, period("20270302020001", "20270303000000"));
  figure("result-day-after", true, period("20260201000000", "20260228020000"));
  figure("result-too-new", false, period("20260201000000", "20260228015959"));
  // Statistics are of their time alone, appraisals look back further: three years of 366 days.
  const auto named = [](std::string_view form, std::string_view from, std::string_view to) {
    return [name = fmt::format("{}/{}/{}", form, from, to)](Document& d) { d.figure_id = *FigureId::parse(name); };
  };
  constexpr std::string_view kStatistic = "statistic/air/city:500000/a34004/mean/hour;Avg;mean;1";
  constexpr std::string_view kAppraisal = "appraisal/scheme/500000/points.pm25";
  figure("statistic-begin", true, named(kStatistic, "20260301020000", "20260302000000"));
  figure("statistic-before", false, named(kStatistic, "20260301020001", "20260302000000"));
  figure("statistic-end", true, named(kStatistic, "20260301000000", "20260301020000001"));
  figure("statistic-behind", false, named(kStatistic, "20260301000000", "20260301020000"));
  figure("appraisal-years-before", true, named(kAppraisal, "20290303020000", "20290401000000"));
  figure("appraisal-too-old", false, named(kAppraisal, "20290303020001", "20290401000000"));
  figure("appraisal-too-new", false, named(kAppraisal, "20260201000000", "20260228015959"));
  figure("result-idle-step", false, [](Document& d) { Steps{d}.of(Op::sum, {0}, "1"); });
  figure("result-idle-leaf", false, [](Document& d) {
    const auto last = Steps{d}.of(Op::sum, {0}, "1");
    d.value_step = last;
    d.value = "1";
  });
  figure("result-other-value", false, [](Document& d) { d.value = "4"; });
  figure("result-of-a-time", false, [](Document& d) {
    d.steps.clear();
    Step step;
    step.op = Op::time;
    step.result = d.value = "20260301020000";
    d.value_step = Steps{d}.add(step);
  });
  figure("result-is-a-value", false, [](Document& d) { d.figure_id->kind = FigureId::Kind::aqi; });

  // Forms.
  const auto form = [&](std::string name, const Edit& edit) {
    Json json = Json::parse(write_document(document_of(Op::percentile, {"1", "2"}, "0.5", 1, "1.5")));
    json["tables"].push_back({{"id", "p"},
                              {"edition", "e"},
                              {"clause", ""},
                              {"valid_from", nullptr},
                              {"valid_to", nullptr},
                              {"verification", "VERIFIED"},
                              {"kind", "parameter"},
                              {"rows", Json::array({Json::array({"0.5"})})}});
    edit(json);
    add("bad-form-" + std::move(name), json.dump(), kAllChecks, {});
  };
  const auto step = [&](std::string name, const Edit& edit) {
    form(std::move(name), [&](Json& json) { edit(json.at("steps").at(2)); });
  };
  step("percentile-one", [](Json& s) { s["by"] = "1.0"; });
  step("percentile-nothing", [](Json& s) { s["by"] = "0"; });
  step("percentile-without-by", [](Json& s) { s.erase("by"); });
  step("clause-empty", [](Json& s) { s["clause"] = ""; });
  step("clause-control", [](Json& s) { s["clause"] = "a\tb"; });
  step("clause-long", [](Json& s) {
    std::string text;
    for (int i = 0; i < 201; ++i) text += "条";
    s["clause"] = text;
  });
  step("clause-number", [](Json& s) { s["clause"] = 5; });
  step("difference-of-one", [](Json& s) {
    s.erase("by");
    s["op"] = "difference";
    s["inputs"] = {0};
  });
  step("ratio-of-three", [](Json& s) {
    s.erase("by");
    s["op"] = "ratio";
    s["inputs"] = {0, 1, 0};
  });
  step("product-of-17", [](Json& s) {
    s.erase("by");
    s["op"] = "product";
    s["inputs"] = std::vector<int>(17, 0);
  });
  step("limit-with-input",
       [](Json& s) { s = {{"op", "limit"}, {"result", "0.5"}, {"table", 0}, {"inputs", {0}}}; });
  step("below-of-no-parameter",
       [](Json& s) { s = {{"op", "below"}, {"result", "1"}, {"input", 0}, {"table", 1}}; });
  step("ln-19-decimals", [](Json& s) { s = {{"op", "ln"}, {"result", "0"}, {"input", 0}, {"decimals", 19}}; });
  step("min-with-decimals",
       [](Json& s) { s = {{"op", "min"}, {"result", "1"}, {"inputs", {0, 1}}, {"decimals", 0}}; });
  form("parameter-two-rows", [](Json& j) { j["tables"][0]["rows"].push_back(Json::array({"1"})); });
  form("parameter-of-two", [](Json& j) { j["tables"][0]["rows"][0].push_back("1"); });
  form("parameter-no-number", [](Json& j) { j["tables"][0]["rows"][0][0] = "half"; });
  form("parameter-with-unit", [](Json& j) { j["tables"][0]["unit"] = ""; });
  for (const auto& [name, text] :
       {std::pair("lower-case", "result/air/day/%e4%b8%80/AQI/20260301000000/20260302000000"),
        std::pair("needless", "result/air/day/%41/AQI/20260301000000/20260302000000"),
        std::pair("no-utf8", "result/air/day/%FF/AQI/20260301000000/20260302000000"),
        std::pair("cut", "result/air/day/%4/AQI/20260301000000/20260302000000"),
        std::pair("raw", "result/air/day/一/AQI/20260301000000/20260302000000"),
        std::pair("no-period", "result/air/day/a/AQI/20260302000000/20260302000000"),
        std::pair("short", "result/air/day/a/20260301000000/20260302000000"),
        std::pair("statistic-short", "statistic/air/all/a34004/mean/20260301000000/20260302000000"),
        std::pair("appraisal-long", "appraisal/scheme/a/b/c/20260301000000/20260302000000")}) {
    form(fmt::format("name-{}", name), [text](Json& j) { j["subject"]["figure"] = text; });
  }
}

}  // namespace mj::bundle::test
