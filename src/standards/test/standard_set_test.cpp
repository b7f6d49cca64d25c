#include "mj/standards/standard_set.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <fstream>

namespace mj::standards {
namespace {

namespace fs = std::filesystem;

const StandardSet& shipped() {
  static const StandardSet set = [] {
    auto loaded = StandardSet::load(MJ_SOURCE_DIR "/standards");
    if (!loaded) throw std::runtime_error(loaded.error().text());
    return *loaded;
  }();
  return set;
}

Instant at(std::string_view text) { return parse_iso(text).value(); }

/// A copy of the shipped standards that a test may spoil.
class Spoiled : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() /
                 fmt::format("mj-standards-{}-{}", ::getpid(), ::testing::UnitTest::GetInstance()->random_seed());
    fs::remove_all(directory_);
    fs::copy(MJ_SOURCE_DIR "/standards", directory_, fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(directory_); }
  void replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::ifstream in(directory_ / file);
    std::string text(std::istreambuf_iterator<char>(in), {});
    in.close();
    const std::size_t found = text.find(from);
    ASSERT_NE(found, std::string::npos) << from;
    text.replace(found, from.size(), to);
    std::ofstream(directory_ / file) << text;
  }
  [[nodiscard]] std::string failure() const {
    const auto loaded = StandardSet::load(directory_);
    return loaded ? "" : loaded.error().text();
  }
  fs::path directory_;
};

TEST(StandardSet, KnowsFactorsByBothGenerationsOfCodes) {
  const Factor* cod = shipped().factor("w01018");  // HJ 212-2017 table B.1
  ASSERT_NE(cod, nullptr);
  EXPECT_EQ(cod->name.zh, "化学需氧量");
  EXPECT_EQ(cod->name.en, "COD");
  EXPECT_EQ(cod->unit, "mg/L");
  EXPECT_EQ(cod->total_unit, "kg");
  EXPECT_EQ(shipped().factor("011"), cod);  // HJ/T 212-2005
  EXPECT_EQ(shipped().canonical("011"), "w01018");
  EXPECT_EQ(shipped().canonical("02"), "a21026");
  EXPECT_EQ(shipped().canonical("vendor7"), "vendor7");
  EXPECT_EQ(shipped().factor("vendor7"), nullptr);
  ASSERT_NE(shipped().factor("e10107"), nullptr);  // e101xx
  EXPECT_EQ(shipped().factor("e10107")->name.zh, "进水口流量");
}

TEST(StandardSet, SaysWhereAFactorIsOnlyKnownFromPractice) {
  EXPECT_EQ(shipped().factor("a05024")->verification, Verification::third_party);  // O3 is not in HJ 212-2017
  const Factor* pm = shipped().factor("a34004");
  EXPECT_EQ(pm->unit, "µg/m³");
  EXPECT_EQ(pm->printed_unit, "ng/m³");
  EXPECT_EQ(pm->verification, Verification::unverified);
}

TEST(StandardSet, FlagsMeanWhatTheirSchemeSays) {
  EXPECT_TRUE(shipped().flag("N").measurement);
  EXPECT_TRUE(shipped().flag("").measurement);
  for (const char* flag : {"F", "M", "S", "D", "C", "T", "B", "P", "St", "Sd", "Md", "?"})
    EXPECT_FALSE(shipped().flag(flag).measurement) << flag;
  EXPECT_EQ(shipped().flag("F").condition, Condition::stopped);
  EXPECT_EQ(shipped().flag("B").condition, Condition::communication);                  // HJ 212-2017 table 8
  EXPECT_EQ(shipped().flag("B", FlagScheme::hj75_2017).condition, Condition::banked);  // HJ 75-2017
  EXPECT_EQ(shipped().flag("St").condition, Condition::start_up);                      // only in HJ 75
  EXPECT_EQ(shipped().flag("whatever").condition, Condition::unknown);
}

TEST(StandardSet, FlagSchemesOfAllEditionsCanBeChosen) {
  EXPECT_EQ(flag_scheme(hj212::Dialect::v2005), FlagScheme::hj212_2005);
  EXPECT_EQ(flag_scheme(hj212::Dialect::v2025), FlagScheme::hj212_2025);
  EXPECT_EQ(flag_scheme(hj212::Dialect::unknown), FlagScheme::hj212_2017);
  const DataFlag& fault = shipped().flag("D", FlagScheme::hj212_2025);
  EXPECT_EQ(fault.scheme, FlagScheme::hj212_2025);
  EXPECT_EQ(fault.verification, Verification::unverified);  // the table of HJ 212-2025 was not read
  EXPECT_FALSE(shipped().flag("Td", FlagScheme::hj212_2025).measurement);
  EXPECT_EQ(shipped().flag("P", FlagScheme::hj212_2005).condition, Condition::power_failure);
  EXPECT_EQ(shipped().flag("F", FlagScheme::hj212_2005).scheme, FlagScheme::hj212_2005);
}

TEST(StandardSet, HandsTheTablesOfHj212ToTheCodec) {
  using hj212::Dialect;
  using hj212::Sender;
  const hj212::Protocol& protocol = shipped().protocol();
  EXPECT_EQ(protocol.find("1062", Sender::host, Dialect::v2017)->name.zh, "设置实时数据间隔");
  EXPECT_EQ(protocol.find("1014", Sender::device, Dialect::v2025)->verification, "THIRD_PARTY");
  EXPECT_EQ(protocol.find("9015", Sender::device, Dialect::v2017, "21", true)->surface_water, true);
  // Factor codes and flags of every table are known to it, not only those of HJ 212.
  for (const Factor& factor : shipped().factors()) {
    EXPECT_NE(protocol.factor(factor.code), hj212::FactorCode::unknown) << factor.code;
    if (!factor.code_2005.empty()) EXPECT_EQ(protocol.factor(factor.code_2005), hj212::FactorCode::old);
  }
  for (const DataFlag& flag : shipped().flags()) {
    if (flag.scheme == FlagScheme::hj75_2017) EXPECT_TRUE(protocol.knows_flag(flag.flag, Dialect::v2005));
  }
  ASSERT_NE(shipped().factor("d20105"), nullptr);  // d2xxxx
  EXPECT_EQ(shipped().factor("d20105")->verification, Verification::unverified);
}

TEST(StandardSet, AnswersWithTheEditionInForceAtTheStartOfTheHour) {
  EXPECT_EQ(shipped().aqi(at("2026-02-28 23:00"))->edition.id, "HJ 633-2012");
  EXPECT_EQ(shipped().aqi(at("2026-03-01 00:00"))->edition.id, "HJ 633-2026");
  EXPECT_EQ(shipped().aqi(at("2015-12-31 23:00")), nullptr);
  EXPECT_EQ(shipped().water(at("2026-03-01"))->edition.id, "GB 3838-2002");
  EXPECT_EQ(shipped().water(at("2002-05-31 23:59")), nullptr);
}

TEST(StandardSet, HoldsTheColumnsOfBothEditions) {
  const auto item = [](const char* day, std::string_view pollutant) -> const AqiItem& {
    const AqiStandard* standard = shipped().aqi(at(day));
    return *std::find_if(standard->hourly.begin(), standard->hourly.end(),
                         [&](const AqiItem& i) { return i.pollutant == pollutant; });
  };
  EXPECT_EQ(item("2026-02-01", "PM2.5").breakpoints[2].concentration, (Decimal{75, 0}));  // HJ 633-2012 table 1
  EXPECT_EQ(item("2026-04-01", "PM2.5").breakpoints[2].concentration, (Decimal{60, 0}));  // HJ 633-2026 table 3
  EXPECT_EQ(item("2026-04-01", "SO2").breakpoints.size(), 5U);
  EXPECT_EQ(item("2026-04-01", "SO2").above_top, AboveTop::hold);
  EXPECT_EQ(item("2026-02-01", "SO2").above_top, AboveTop::leave);
  EXPECT_EQ(shipped().aqi(at("2026-04-01"))->categories.size(), 6U);
}

TEST(StandardSet, ConvertsUnitsExactly) {
  EXPECT_EQ(shipped().convert({63, 0}, "µg/m³", "mg/m³"), (Decimal{63, 3}));
  EXPECT_EQ(shipped().convert({160, 3}, "mg/m3", "ug/m3"), (Decimal{160, 0}));
  EXPECT_EQ(shipped().convert({5, 1}, "mg/L", "µg/L"), (Decimal{500, 0}));
  EXPECT_EQ(shipped().convert({1, 0}, "mg/L", "dB"), std::nullopt);
  EXPECT_EQ(shipped().convert({7, 0}, "furlong", "furlong"), (Decimal{7, 0}));
  EXPECT_EQ(shipped().convert({1, 0}, "furlong", "m"), std::nullopt);
  EXPECT_EQ(shipped().convert({std::numeric_limits<std::int64_t>::max(), 0}, "kg", "mg"), std::nullopt);
  EXPECT_EQ(shipped().unit_symbol("毫克/升"), "mg/L");
}

RC_GTEST_PROP(StandardSet, ConvertingThereAndBackKeepsTheValue, ()) {
  const auto mantissa = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
  const auto decimals = static_cast<std::uint8_t>(*rc::gen::inRange(0, 6));
  const Decimal value{mantissa, decimals};
  const auto there = shipped().convert(value, "mg/m³", "µg/m³");
  RC_ASSERT(there.has_value());
  RC_ASSERT(compare(*shipped().convert(*there, "µg/m³", "mg/m³"), value) == 0);
}

TEST_F(Spoiled, DigestChangesWithEveryByte) {
  const auto same = StandardSet::load(directory_);
  ASSERT_TRUE(same) << same.error().text();
  EXPECT_EQ(same->digest(), shipped().digest());
  EXPECT_EQ(same->digest().size(), 64U);
  replace("gb/3838-2002/limits.csv", "# Class limits", "# class limits");
  EXPECT_NE(StandardSet::load(directory_)->digest(), shipped().digest());
}

TEST_F(Spoiled, DigestCoversTheTablesOfHj212) {
  for (const char* file : {"hj/212-2017/commands.toml", "hj/212-2017/deviations.csv", "hj/212-2025/infos.csv",
                           "hj/212-surface-water/request_returns.csv"}) {
    const std::string before = StandardSet::load(directory_)->digest();
    replace(file, "# ", "#  ");
    EXPECT_NE(StandardSet::load(directory_)->digest(), before) << file;
  }
}

TEST_F(Spoiled, NamesThePlaceOfAWrongTableOfHj212) {
  replace("hj/212-2017/execution_returns.csv", "VERIFIED", "SURE");
  EXPECT_NE(failure().find("hj/212-2017/execution_returns.csv:3: column verification: \"SURE\""),
            std::string::npos)
      << failure();
}

TEST_F(Spoiled, RefusesAnUnknownDialect) {
  replace("hj/212-2025/standard.toml", "dialect = \"2025\"", "dialect = \"2026\"");
  EXPECT_NE(failure().find("hj/212-2025/standard.toml:6: dialect must be"), std::string::npos) << failure();
}

TEST_F(Spoiled, RefusesACommandThatStandsThereTwice) {
  replace("hj/212-2017/commands.toml", "cn = \"1000\"", "cn = \"1012\"");
  EXPECT_NE(failure().find("command 1012 stands there twice"), std::string::npos) << failure();
}

TEST_F(Spoiled, NamesFileLineAndColumnOfAWrongCell) {
  replace("hj/633-2026/breakpoints.csv", "PM2.5,24h,100,60", "PM2.5,24h,100,sixty");
  EXPECT_NE(failure().find("hj/633-2026/breakpoints.csv:"), std::string::npos) << failure();
  EXPECT_NE(failure().find("column concentration: \"sixty\""), std::string::npos) << failure();
}

TEST_F(Spoiled, RefusesAnUnknownVerificationState) {
  replace("hj/212-2017/flags.csv", "VERIFIED", "SURE");
  EXPECT_NE(failure().find("\"SURE\""), std::string::npos) << failure();
}

TEST_F(Spoiled, RefusesTwoEditionsInForceAtTheSameTime) {
  // Two editions of the surface-water standard without an end.
  fs::copy(directory_ / "gb/3838-2002", directory_ / "gb/3838-2030");
  EXPECT_NE(failure().find("in force at the same time"), std::string::npos) << failure();
}

TEST_F(Spoiled, RefusesTwoRowsOfOneKeyInForceAtTheSameTime) {
  replace("gb/3838-2002/limits.csv", "8,TP,w21011,总磷（以P计）,Total phosphorus (as P),mg/L,lake",
          "8,TP,w21011,总磷（以P计）,Total phosphorus (as P),mg/L,river");
  EXPECT_NE(failure().find("TP river is in force at the same time as in line"), std::string::npos) << failure();
}

TEST_F(Spoiled, ARowThatEndsIsFollowedByItsSuccessor) {
  replace(
      "gb/3838-2002/limits.csv", "2,4,6,10,15,1,1,1,GB 3838-2002 表1,2002-06-01,,VERIFIED",
      "2,4,6,10,15,1,1,1,GB 3838-2002 表1,2002-06-01,2026-12-31,VERIFIED\n"
      "4,CODMn,w01019,高锰酸盐指数,Permanganate index,mg/L,,at_most,2,3,6,10,15,1,1,1,x,2027-01-01,,UNVERIFIED");
  const auto set = StandardSet::load(directory_);
  ASSERT_TRUE(set) << set.error().text();
  const auto second_class = [&](const char* day) {
    for (const WaterItem& item : set->water(at(day))->items) {
      if (item.item == "CODMn") return item.limits[1];
    }
    return Decimal{};
  };
  EXPECT_EQ(second_class("2026-12-31 23:00"), (Decimal{4, 0}));
  EXPECT_EQ(second_class("2027-01-01"), (Decimal{3, 0}));
}

TEST_F(Spoiled, RefusesAnIndexWithAGap) {
  replace("hj/633-2026/categories.csv", ",51,100,", ",52,100,");
  EXPECT_NE(failure().find("gap"), std::string::npos) << failure();
}

TEST(StandardSetDirectory, MustHoldStandards) {
  EXPECT_EQ(StandardSet::load("/nonexistent").error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::standards
