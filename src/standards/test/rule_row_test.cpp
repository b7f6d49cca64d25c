#include "mj/standards/rule_row.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "mj/standards/standard_set.hpp"

namespace mj::standards {
namespace {

const StandardSet& whole_set() {
  static const StandardSet set = StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set;
}

/// The one row of a kind and edition whose cells are as given.
const RuleRow& row(std::string_view kind, std::string_view edition,
                   const std::vector<std::pair<std::string_view, std::string_view>>& cells,
                   std::string_view day = "2026-04-01") {
  const RuleRow* found = nullptr;
  for (const RuleRow& candidate : whole_set().rules(kind)) {
    const bool fits = candidate.edition == edition && candidate.validity.contains(parse_iso(day).value()) &&
                      std::all_of(cells.begin(), cells.end(),
                                  [&](const auto& c) { return candidate.text(c.first) == c.second; });
    if (!fits) continue;
    if (found != nullptr) throw std::runtime_error("two rows fit");
    found = &candidate;
  }
  if (found == nullptr) throw std::runtime_error("no row fits");
  return *found;
}

// GB 3095-2026 table 1: PM2.5 24 h, grade 2: 60 until 2030-12-31, 50 from 2031-01-01 on.
TEST(RuleRow, LimitsChangeOnTheirDay) {
  const auto limit = [](std::string_view day) {
    return row("air_limits", "GB 3095-2026", {{"pollutant", "PM2.5"}, {"period", "24h"}}, day);
  };
  EXPECT_EQ(limit("2030-12-31").decimal("grade2"), parse_decimal("60"));
  EXPECT_EQ(limit("2031-01-01").decimal("grade2"), parse_decimal("50"));
  EXPECT_EQ(limit("2031-01-01").verification, Verification::verified);
  EXPECT_EQ(limit("2031-01-01").clause, "GB 3095-2026 表1");
}

TEST(RuleRow, WhatIsKnownFromMemoryIsMarked) {
  EXPECT_EQ(row("noise_limits", "GB 12348-2008", {{"zone", "0"}}).verification, Verification::unverified);
  EXPECT_EQ(row("noise_limits", "GB 12348-2008", {{"zone", "2"}}).verification, Verification::verified);
  EXPECT_EQ(row("noise_limits", "GB 12523-2025", {{"zone", "all"}}).verification, Verification::unverified);
}

TEST(RuleRow, ColumnsAreReadByNameAndAbsentOnesAreEmpty) {
  const RuleRow& daily = row("air_limits", "GB 3095-2026", {{"pollutant", "Cd"}});
  EXPECT_EQ(daily.number("grade1"), std::nullopt);
  EXPECT_EQ(daily.number("grade2"), parse_decimal("0.005"));
  EXPECT_EQ(daily.text("no such column"), "");
}

// Numbers of rows of the tables as printed in the standards.
TEST(RuleRow, TablesAreWhole) {
  const auto count = [](std::string_view kind, std::string_view edition) {
    return std::count_if(whole_set().rules(kind).begin(), whole_set().rules(kind).end(),
                         [&](const RuleRow& r) { return r.edition == edition; });
  };
  EXPECT_EQ(count("groundwater_limits", "GB/T 14848-2017"), 93);      // tables 1 and 2: 39 + 54 items
  EXPECT_EQ(count("water_source_limits", "GB 3838-2002"), 85);        // tables 2 and 3: 5 + 80
  EXPECT_EQ(count("soil_construction_limits", "GB 36600-2018"), 85);  // tables 1 and 2: 45 + 40
  EXPECT_EQ(count("noise_limits", "GB 3096-2008"), 6);                // zones 0 1 2 3 4a 4b
  EXPECT_EQ(count("trophic_items", "环办〔2011〕22号"), 5);
  EXPECT_EQ(count("noise_indoor_octave_limits", "GB 12348-2008"),
            100);                                                // table 3: 5 zones × 2 rooms × 2 × 5 bands
  EXPECT_EQ(count("noise_indoor_limits", "GB 22337-2008"), 10);  // table 2: 5 zones × 2 rooms
  EXPECT_EQ(count("emf_limits", "GB 8702-2014"), 11);            // table 1
  EXPECT_EQ(count("octave_bands", "GB/T 3241-2010"), 34);        // 10 Hz … 20 kHz
  EXPECT_EQ(count("ecology_weights", "环监测〔2021〕99号"), 4);  // first-level indicators
  EXPECT_EQ(count("cems_substitution", "HJ 75-2017"), 6);        // tables 5 and 6
  EXPECT_TRUE(whole_set().rules("no such kind").empty());
}

// GB/T 3241: centres are 1000·10^(n/10) Hz, edges a twentieth of a decade away.
TEST(RuleRow, ThirdOctaveBandsAreThoseOfTheDefiningFormula) {
  int n = -20;
  for (const RuleRow& band : whole_set().rules("octave_bands")) {
    const double centre = 1000 * std::pow(10.0, n / 10.0);
    EXPECT_NEAR(to_double(band.decimal("exact_hz")), centre, 5.1e-5) << n;
    EXPECT_NEAR(to_double(band.decimal("lower_hz")), centre * std::pow(10.0, -0.05), 5.1e-5) << n;
    EXPECT_NEAR(to_double(band.decimal("upper_hz")), centre * std::pow(10.0, 0.05), 5.1e-5) << n;
    EXPECT_NEAR(to_double(band.decimal("nominal_hz")), centre, centre * 0.0131) << n;  // nominal = rounded
    ++n;
  }
  EXPECT_EQ(n, 14);
}

// The digits that class limits are judged with stand in two tables; where both say something they say the same.
TEST(RuleRow, DigitsOfWaterItemsAgreeBetweenTheTables) {
  int compared = 0;
  for (const RuleRow& row : whole_set().rules("water_decimals")) {
    EXPECT_NE(whole_set().factor(row.text("factor")), nullptr) << row.text("factor");
    for (const WaterItem& item : whole_set().water(parse_iso("2026-04-01").value())->items) {
      if (item.factor != row.text("factor") || !row.number("evaluation") || !item.decimals) continue;
      EXPECT_EQ(static_cast<int>(*item.decimals), row.integer("evaluation")) << item.item;
      ++compared;
    }
  }
  EXPECT_GT(compared, 20);
}

// HJ 192-2015: weights of an index and of each group of land add up to 1.
TEST(RuleRow, WeightsOfEcologyAddUpToOne) {
  std::map<std::string, Decimal> sums;
  const auto add = [&](const RuleRow& row, const std::string& of) {
    Decimal& sum = sums.try_emplace(of, Decimal{0, 2}).first->second;
    Decimal weight = row.decimal("weight");
    for (; weight.decimals < 2; ++weight.decimals) weight.mantissa *= 10;
    sum.mantissa += weight.mantissa;
  };
  for (const RuleRow& row : whole_set().rules("ecology_weights")) add(row, std::string(row.text("index")));
  for (const RuleRow& row : whole_set().rules("ecology_terms")) {
    const bool group = !row.text("group").empty() && row.text("item").empty();
    add(row, fmt::format("{} {}", row.text("index"), group ? "groups" : row.text("group")));
  }
  EXPECT_EQ(sums.size(), 11U);  // EI, EQI; groups of BIO and its six; LAND; POLL
  for (const auto& [of, sum] : sums) EXPECT_EQ(sum, (Decimal{100, 2})) << of;
}

TEST(RuleRow, EveryRowHasItsClause) {
  for (const std::string_view kind : {"parameters", "air_limits", "air_statistics", "air_index", "stack_limits",
                                      "effluent_limits", "noise_grades", "soil_farm_limits", "stack_rates"}) {
    ASSERT_FALSE(whole_set().rules(kind).empty()) << kind;
    for (const RuleRow& each : whole_set().rules(kind)) EXPECT_FALSE(each.clause.empty()) << each.origin;
  }
}

class SpoiledRules : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / fmt::format("mj-rules-{}", ::getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::copy(MJ_SOURCE_DIR "/standards", directory_, std::filesystem::copy_options::recursive);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string failure(const std::string& file, const std::string& from, const std::string& to) const {
    std::ifstream in(directory_ / file);
    std::string text(std::istreambuf_iterator<char>(in), {});
    in.close();
    const std::size_t found = text.find(from);
    if (found == std::string::npos) return "the test is wrong";
    text.replace(found, from.size(), to);
    std::ofstream(directory_ / file) << text;
    const auto loaded = StandardSet::load(directory_);
    return loaded ? "" : loaded.error().text();
  }
  std::filesystem::path directory_;
};

TEST_F(SpoiledRules, NumbersThatAreNoneAreRefusedWithTheirPlace) {
  const std::string text = failure("gb/3096-2008/limits.csv", "\n1,55,45", "\n1,fifty,45");
  EXPECT_NE(text.find("gb/3096-2008/limits.csv:4: column day: \"fifty\" is not a decimal number"),
            std::string::npos)
      << text;
}

TEST_F(SpoiledRules, TwoRowsOfOneKeyInForceTogetherAreRefused) {
  const std::string text = failure("gb/3096-2008/limits.csv", "\n1,55,45", "\n0,55,45");
  EXPECT_NE(text.find("0 is in force at the same time as in line 3"), std::string::npos) << text;
}

TEST_F(SpoiledRules, MissingColumnIsRefused) {
  const std::string text = failure("mee/2011-22/trophic_items.csv", "item,a,b,r2", "item,a,c,r2");
  EXPECT_NE(text.find("column b: there is no such column"), std::string::npos) << text;
}

}  // namespace
}  // namespace mj::standards
