// Bundles of figures of statistics: real questions over packets, each figure down to the entries.
#include <gmock/gmock.h>

#include "document.hpp"
#include "mj/registry/book.hpp"
#include "mj/statistics/figure.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using statistics::Combine;
using statistics::Group;
using statistics::Statistic;
using testing::HasSubstr;

constexpr std::int64_t kHourMs = 3'600'000;

/// Two stations of one district over two days of hours, and the samples of one section.
class StatisticTest : public testing::Test {
 protected:
  StatisticTest() {
    add("region", "500103", {{"name", "渝中区"}, {"name_en", "Yuzhong"}, {"level", "district"}});
    const std::string units = "a34004=µg/m³,a34002=µg/m³,a05024=µg/m³";
    add("point", "air-1",
        {{"name", "一号站"}, {"element", "air"}, {"region", "500103"}, {"reporters", kAirMn}, {"units", units}});
    add("point", "air-2",
        {{"name", "二号站"},
         {"element", "air"},
         {"region", "500103"},
         {"reporters", kOutletMn},
         {"units", "a34004=mg/m³,a05024=µg/m³"}});
    add("point", "water-1",
        {{"name", "断面"},
         {"element", "surface_water"},
         {"region", "500103"},
         {"reporters", kWaterMn},
         {"method", "manual"}});
    for (int hour = 0; hour < 48; ++hour) {
      const std::string at = to_compact(parse_iso("2026-03-01")->plus_ms(hour * kHourMs));
      platform.upload(kAirMn, "22", "2061", at,
                      fmt::format("a34004-Avg={},a34004-Flag={};a05024-Avg={},a05024-Flag=N", 60 + (hour * 7) % 31,
                                  hour == 3 ? "D" : "N", 100 + 4 * (hour % 24)));
      if (hour % 5 != 4)
        platform.upload(kOutletMn, "22", "2061", at,
                        fmt::format("a34004-Avg=0.0{},a34004-Flag=N;a05024-Avg={},a05024-Flag=N",
                                    50 + (hour * 11) % 37, 90 + 5 * (hour % 24)));
    }
    int day = 5;
    for (const char* values : {"w21003-Rtd=0.04L", "w21003-Rtd=0.31", "w21003-Rtd=1.27"})
      platform.upload(kWaterMn, "21", "2011", fmt::format("202603{:02}100000", day += 7),
                      fmt::format("{},w21003-Flag=N", values));
    platform.follow();
    query.selection.element = "air";
    query.selection.factors = {"a34004"};
    query.selection.bucket = statistics::Bucket::day;
    query.selection.from = *parse_iso("2026-03-01");
    query.selection.to = *parse_iso("2026-03-03");
    query.now = *parse_iso("2026-04-05");
  }
  void add(const std::string& kind, const std::string& id, registry::Attributes attributes) {
    registry::Change change;
    change.kind = kind;
    change.id = id;
    change.effective = *registry::parse_day("2020-01-01");
    change.set = std::move(attributes);
    const auto done = book->apply(*platform.log, std::vector{std::move(change)},
                                  registry::Approval{"渝环〔2020〕1号", "市生态环境局", std::nullopt},
                                  registry::Author{"测试", "场景"}, *parse_iso("2026-04-05"));
    if (!done) throw std::runtime_error(done.error().text());
  }
  [[nodiscard]] statistics::Sources of() const { return {*platform.store, *book, platform.standards}; }
  [[nodiscard]] Sources sources() const {
    Sources all = platform.sources();
    all.made_sheet = [this](std::string_view name) -> Result<evaluation::Sheet> {
      MJ_TRY(const auto question, statistics::FigureQuestion::parse(name));
      MJ_TRY(auto made, statistics::figure_sheet(of(), question));
      return std::move(made.sheet);
    };
    return all;
  }

  /// Proves every figure of the answer to the question; each bundle gives the figure of the table. Returns how many there were.
  int prove_all(std::string_view words) {
    query.statistics.clear();
    std::istringstream list{std::string(words)};
    for (std::string word; list >> word;) query.statistics.push_back(need(statistics::parse_statistic(word)));
    const statistics::Table table = need(statistics::table(of(), query));
    int proved = 0;
    for (const statistics::TableRow& row : table.rows) {
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (!row.cells[i]) continue;
        statistics::TableQuery one = query;
        one.selection.factors = {table.columns[i].factor};
        one.statistics = {table.columns[i].statistic};
        const std::string& subject = table.subjects[row.subject].id;
        const auto question = statistics::figure_question(of(), one, subject, row.at);
        if (!question) {
          ADD_FAILURE() << subject << ": " << question.error().text();
          continue;
        }
        const std::string name = question->name();
        EXPECT_EQ(FigureId::parse(name)->text(), name);
        const auto sheet = statistics::figure_sheet(of(), *question);
        EXPECT_TRUE(sheet) << name;
        if (sheet) {
          EXPECT_EQ(sheet->sheet.prove, name) << sheet->sheet.unproved.en;
          EXPECT_EQ(sheet->sheet.figure.value, row.cells[i]);
        }
        const auto bundle = export_figure(sources(), need(FigureId::parse(name)));
        if (!bundle) {
          ADD_FAILURE() << name << ": " << bundle.error().text();
          continue;
        }
        const Verdict verdict = verify(*bundle, Trust{});
        EXPECT_TRUE(verdict.ok) << faults(*bundle);
        EXPECT_EQ(verdict.subject, name);
        const Document document = read_document(*bundle).value();
        EXPECT_EQ(compare(parse_decimal(document.value).value(), *row.cells[i]), 0)
            << name << ": " << document.value << " for " << to_text(*row.cells[i]);
        EXPECT_EQ(document.unit, table.columns[i].unit);
        last = *bundle;
        ++proved;
      }
    }
    return proved;
  }

  SmallPlatform platform;
  registry::RegisterSchema schema = need(registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml"));
  std::unique_ptr<registry::Book> book = need(registry::Book::open(platform.folder.path() / "records", schema));
  statistics::TableQuery query;
  std::string last;
};

constexpr std::string_view kAll =
    "mean min max sum count std geometric_mean energy_mean p0 p5 median p90 p98 p100 expected valid_rate";

TEST_F(StatisticTest, EveryStatisticOfAPointAndADayLeadsToItsEntries) {
  query.selection.points = {"air-1"};
  query.selection.to = *parse_iso("2026-03-02");
  EXPECT_EQ(prove_all(kAll), 16);
  EXPECT_EQ(read_document(last)->tables.size(), 1U) << "what is expected";
  // Of 60 + 7h mod 31, h = 0 … 23 without 3, by Python: statistics.stdev and statistics.geometric_mean.
  EXPECT_EQ(prove_all("std"), 1);
  EXPECT_EQ(verify(last, Trust{}).value, "9.6 µg/m³");
  EXPECT_EQ(prove_all("geometric_mean"), 1);
  EXPECT_EQ(verify(last, Trust{}).value, "73.8 µg/m³");
  EXPECT_EQ(prove_all("energy_mean"), 1);
  EXPECT_EQ(verify(last, Trust{}).value, "82.2 µg/m³");
}

TEST_F(StatisticTest, OfADistrictThePointsArePutTogetherOrAveragedFirst) {
  query.selection.group = Group::district;
  query.selection.to = *parse_iso("2026-03-02");
  EXPECT_EQ(prove_all("mean std p90 valid_rate"), 4);
  query.selection.combine = Combine::mean;
  query.selection.bucket = statistics::Bucket::all;
  EXPECT_EQ(prove_all(kAll), 16);
}

TEST_F(StatisticTest, ExceedanceNamesTheLimitInForce) {
  query.selection.factors = {"a34004", "a05024"};
  query.threshold.upper = Decimal{75, 0};
  query.selection.to = *parse_iso("2026-03-02");
  EXPECT_EQ(prove_all("exceed_count exceed_rate"), 2 * 4);
  EXPECT_TRUE(read_document(last)->tables.empty());
  query.threshold = {};
  query.threshold.standard = true;
  query.selection.factors = {"a05024"};
  query.selection.group = Group::all;
  EXPECT_EQ(prove_all("exceed_count exceed_rate"), 2);
  const Document document = read_document(last).value();
  ASSERT_EQ(document.tables.size(), 1U);
  EXPECT_THAT(document.tables.front().edition, HasSubstr("GB 3095"));
}

TEST_F(StatisticTest, OfWhatWasNotDetectedItsPartCounts) {
  query.selection.element = "surface_water";
  query.selection.factors = {"w21003"};
  query.selection.bucket = statistics::Bucket::month;
  query.selection.to = *parse_iso("2026-04-01");
  query.threshold.standard = true;
  // (0.02 + 0.31 + 1.27) / 3 = 0.533…; one of three above 1.0 mg/L of class III.
  EXPECT_EQ(prove_all("mean std geometric_mean exceed_count exceed_rate"), 5);
  EXPECT_EQ(verify(last, Trust{}).value, "33.33 %");
}

TEST_F(StatisticTest, ANameIsReadInItsOneSpellingOnly) {
  query.statistics = {{Statistic::Kind::valid_rate, {}}};
  query.selection.points = {"air-1", "air-2"};
  query.selection.region = "500103";
  query.now = *parse_iso("2026-03-02T12:00:00+08:00");
  const auto question = need(statistics::figure_question(of(), query, "air-1", *parse_iso("2026-03-02")));
  const std::string name = question.name();
  EXPECT_EQ(
      name,
      "statistic/air/point:air-1/a34004/valid_rate/"
      "hour;Avg;pool;1;region:500103;points:air-1,air-2;of:20260301000000,20260303000000;until:20260302120000/"
      "20260302000000/20260303000000");
  EXPECT_EQ(need(statistics::FigureQuestion::parse(name)).name(), name);
  for (const char* bad :
       {"statistic/air/point:air-1/a34004/mean/hour;Avg;pool;01/20260302000000/20260303000000",
        "statistic/air/street:air-1/a34004/mean/hour;Avg;pool;1/20260302000000/20260303000000",
        "statistic/air/point:air-1/a34004/mode/hour;Avg;pool;1/20260302000000/20260303000000",
        "statistic/air/point:air-1/a34004/mean/hour;Avg;pool/20260302000000/20260303000000",
        "statistic/air/point:air-1/a34004/mean/hour;Avg;pool;1;above:3/20260302000000/20260303000000",
        "statistic/air/point:air-1/a34004/mean/hour;Avg;pool;1/20260303000000/20260302000000"})
    EXPECT_FALSE(statistics::FigureQuestion::parse(bad)) << bad;
}

TEST_F(StatisticTest, ABundleWithAValueOfAnotherTimeIsRefused) {
  EXPECT_EQ(prove_all("mean"), 4);
  Document document = read_document(last).value();
  document.figure_id->to = document.figure_id->to.plus_ms(-kHourMs);
  EXPECT_THAT(faults(write_document(document)), HasSubstr("too far from the period"));
}

TEST_F(StatisticTest, WithoutValuesTheSheetSaysWhyThereIsNoProof) {
  query.statistics = {{Statistic::Kind::valid_rate, {}}};
  query.selection.to = *parse_iso("2026-03-06");
  const auto question = need(statistics::figure_question(of(), query, "air-1", *parse_iso("2026-03-05")));
  const auto sheet = need(statistics::figure_sheet(of(), question));
  EXPECT_EQ(to_text(sheet.sheet.figure.value.value()), "0.00");
  EXPECT_TRUE(sheet.sheet.prove.empty());
  EXPECT_THAT(sheet.sheet.unproved.en, HasSubstr("no valid value"));
}

}  // namespace
}  // namespace mj::bundle::test
