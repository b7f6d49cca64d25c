#include "mj/assess/water_class.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "mj/standards/standard_set.hpp"

namespace mj::assess {
namespace {

const standards::WaterStandard& gb3838() {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return *set.water(parse_iso("2025-11-06").value());
}

const standards::WaterItem& item(std::string_view key, std::optional<standards::WaterBody> body = {}) {
  return *std::find_if(gb3838().items.begin(), gb3838().items.end(),
                       [&](const auto& i) { return i.item == key && i.body == body; });
}

Decimal d(std::string_view text) { return parse_decimal(text).value(); }

TEST(ItemClass, LimitsAreInclusiveAndEqualOnesGiveTheBetterClass) {  // GB 3838-2002 table 1
  EXPECT_EQ(item_class(item("CODMn"), d("2")), 1);
  EXPECT_EQ(item_class(item("CODMn"), d("2.1")), 2);
  EXPECT_EQ(item_class(item("CODMn"), d("15")), 5);
  EXPECT_EQ(item_class(item("CODMn"), d("15.1")), 6);
  EXPECT_EQ(item_class(item("COD"), d("15")), 1);  // class I and II have 15
  EXPECT_EQ(item_class(item("DO"), d("7.5")), 1);
  EXPECT_EQ(item_class(item("DO"), d("5")), 3);
  EXPECT_EQ(item_class(item("DO"), d("1.9")), 6);
  EXPECT_EQ(item_class(item("pH"), d("9")), 1);
  EXPECT_EQ(item_class(item("pH"), d("10")), 6);
  EXPECT_EQ(item_class(item("pH"), d("5")), 6);
}

TEST(ItemClass, PhosphorusOfALakeIsJudgedByLakeLimits) {
  EXPECT_EQ(item_class(item("TP", standards::WaterBody::river), d("0.048")), 2);
  EXPECT_EQ(item_class(item("TP", standards::WaterBody::lake), d("0.048")), 3);
}

TEST(ItemClass, ValueIsRoundedBeforeItIsJudged) {  // TP has three decimals: 0.2004 → 0.200 → III
  EXPECT_EQ(item_class(item("TP", standards::WaterBody::river), d("0.2004")), 3);
  EXPECT_EQ(item_class(item("TP", standards::WaterBody::river), d("0.2006")), 4);
}

struct Row {
  std::map<std::string, std::string> cells;
  int published = 0;
};

std::vector<Row> published() {
  const std::map<std::string, int> kClasses{{"Ⅰ", 1}, {"Ⅱ", 2}, {"Ⅲ", 3}, {"Ⅳ", 4}, {"Ⅴ", 5}, {"劣Ⅴ", 6}};
  std::ifstream file(MJ_TESTDATA "/water_published.csv");
  std::vector<std::string> header;
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    if (header.empty()) {
      header = cells;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < header.size(); ++i) row.cells[header[i]] = cells.at(i);
    row.published = kClasses.at(row.cells["wq_class"]);
    rows.push_back(std::move(row));
  }
  return rows;
}

WaterClass computed(const Row& row, const std::string& suffix) {
  std::vector<WaterValue> values;
  const std::vector<std::pair<std::string, std::string>> columns{
      {"w01001", "ph"}, {"w01009", "do"}, {"w01019", "codmn"}, {"w21003", "nh3n"}, {"w21011", "tp"}};
  for (const auto& [factor, column] : columns) values.push_back({factor, d(row.cells.at(column + suffix))});
  const bool lake = row.cells.at("river").find("水库") != std::string::npos;
  return automatic_class(gb3838(), lake ? standards::WaterBody::lake : standards::WaterBody::river, values);
}

TEST(AutomaticClass, EveryPublishedClassOfTheChongqingSectionsIsReproduced) {
  const auto rows = published();
  ASSERT_GT(rows.size(), 200U);
  for (const Row& row : rows) {
    EXPECT_EQ(computed(row, "").value, row.published) << row.cells.at("section") << " " << row.cells.at("time");
  }
}

TEST(AutomaticClass, MeasuredValuesGiveTheSameClassBecauseTheyAreRoundedFirst) {
  for (const Row& row : published()) {
    EXPECT_EQ(computed(row, "_raw").value, row.published)
        << row.cells.at("section") << " " << row.cells.at("time");
  }
}

TEST(AutomaticClass, NamesTheDecidingItemsAndTheMissingOnes) {
  const std::vector<WaterValue> values{
      {"w01001", d("7")}, {"w01009", d("8")}, {"w01019", d("5")}, {"w21003", d("0.9")}};
  const WaterClass result = automatic_class(gb3838(), standards::WaterBody::river, values);
  EXPECT_EQ(result.value, 3);
  EXPECT_EQ(result.deciding, (std::vector<std::string>{"w01019", "w21003"}));
  EXPECT_EQ(result.missing, std::vector<std::string>{"w21011"});
}

}  // namespace
}  // namespace mj::assess
