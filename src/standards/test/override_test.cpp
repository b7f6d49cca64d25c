#include <algorithm>

#include "mj/standards/audit.hpp"
#include "scratch_standards.hpp"

namespace mj::standards {
namespace {

Instant on(std::string_view day) { return parse_iso(day).value(); }

constexpr const char* kPowerPlants =
    "overrides = \"GB 13223-2011\"\nsource = \"printed text, page 4\"\n\n[[table]]\nkind = \"stack_limits\"\n"
    "file = \"limits.csv\"\n";
constexpr const char* kStackHeader =
    "category,unit_type,item,condition,limit,unit,clause,valid_from,valid_to,verification\n";

class LocalStandards : public ScratchStandards {
 protected:
  void local_limit(const std::string& rows) const {
    write_local("power/standard.toml", kPowerPlants);
    write_local("power/limits.csv", kStackHeader + rows);
  }
  [[nodiscard]] StandardSet loaded() const {
    auto set = StandardSet::load(shipped(), local());
    if (!set) throw std::runtime_error(set.error().text());
    return *set;
  }
  [[nodiscard]] std::string failure() const {
    const auto set = StandardSet::load(shipped(), local());
    return set ? "" : set.error().text();
  }
  /// The limit of SO2 of new coal boilers on a day, and whether it is local.
  static std::pair<std::string, bool> limit(const StandardSet& set, std::string_view day) {
    std::pair<std::string, bool> found{"none", false};
    for (const RuleRow& row : set.rules("stack_limits")) {
      if (row.text("category") != "1" || row.text("unit_type") != "coal_boiler" || row.text("item") != "SO2" ||
          row.text("condition") != "new" || !row.validity.contains(on(day)))
        continue;
      if (found.first != "none") throw std::runtime_error("two rows in force");
      found = {std::string(row.text("limit")), row.local};
    }
    return found;
  }
};

TEST_F(LocalStandards, ARowTakesThePlaceOfTheShippedOneWithTheSameKey) {
  local_limit("1,coal_boiler,SO2,new,90,mg/m³,GB 13223-2011 表1,,,VERIFIED\n");
  const StandardSet set = loaded();
  EXPECT_EQ(limit(set, "2026-04-01"), std::pair(std::string("90"), true));
  EXPECT_EQ(limit(StandardSet::load(shipped()).value(), "2026-04-01"), std::pair(std::string("100"), false));
}

TEST_F(LocalStandards, WhatWasReplacedStaysVisibleWithThePlaceAndSourceOfTheLocalRow) {
  local_limit("1,coal_boiler,SO2,new,90,mg/m³,GB 13223-2011 表1,,,VERIFIED\n");
  const StandardSet set = loaded();
  const auto table = std::find_if(set.tables().begin(), set.tables().end(), [](const Table& t) {
    return t.edition == "GB 13223-2011" && t.kind == "stack_limits";
  });
  ASSERT_NE(table, set.tables().end());
  std::size_t local = 0;
  std::size_t replaced = 0;
  for (const TableRow& row : table->rows) {
    if (row.local) {
      ++local;
      EXPECT_EQ(row.origin, "standards.local/power/limits.csv:2");
      EXPECT_EQ(row.source, "printed text, page 4");
      EXPECT_EQ(row.verification, Verification::verified);
    }
    if (!row.replaced_by.empty()) {
      ++replaced;
      EXPECT_EQ(row.replaced_by, "standards.local/power/limits.csv:2");
      EXPECT_EQ(row.cells[4], "100");
      EXPECT_EQ(row.verification, Verification::unverified);
    }
  }
  EXPECT_EQ(local, 1U);
  EXPECT_EQ(replaced, 1U);
  const Audit found = audit(set);
  EXPECT_EQ(found.local, 1U);
  EXPECT_EQ(found.replaced, 1U);
}

TEST_F(LocalStandards, OnlyTheDaysOfTheLocalRowAreReplaced) {
  local_limit("1,coal_boiler,SO2,new,90,mg/m³,GB 13223-2011 表1,2026-04-01,2026-04-30,UNVERIFIED\n");
  const StandardSet set = loaded();
  EXPECT_EQ(limit(set, "2026-03-31").first, "100");
  EXPECT_EQ(limit(set, "2026-04-01").first, "90");
  EXPECT_EQ(limit(set, "2026-04-30").first, "90");
  EXPECT_EQ(limit(set, "2026-05-01").first, "100");
  EXPECT_EQ(audit(set).faults.size(), audit(StandardSet::load(shipped()).value()).faults.size());
}

TEST_F(LocalStandards, ARowWithAKeyOfItsOwnIsAdded) {
  local_limit("1,biomass_boiler,PM,,20,mg/m³,practice,,,UNVERIFIED\n");
  const StandardSet set = loaded();
  const auto all = set.rules("stack_limits");
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const RuleRow& row) {
    return row.local && row.text("unit_type") == "biomass_boiler";
  }));
}

// HJ 633-2026 table 3: PM2.5 24 h, index 100 is 60 µg/m³.
TEST_F(LocalStandards, BreakPointsAndFactorsAreOverriddenTheSameWay) {
  write_local("aqi/standard.toml",
              "overrides = \"HJ 633-2026\"\nsource = \"trial\"\n[[table]]\nkind = \"aqi_breakpoints\"\nfile = "
              "\"b.csv\"\n");
  write_local("aqi/b.csv",
              "pollutant,column,iaqi,concentration,unit,clause,valid_from,valid_to,verification\n"
              "PM2.5,24h,100,55,µg/m³,trial,2027-01-01,,UNVERIFIED\n");
  write_local(
      "code/standard.toml",
      "overrides = \"HJ 212-2017\"\nsource = \"vendor\"\n[[table]]\nkind = \"factors\"\nfile = \"f.csv\"\n");
  std::ifstream in(shipped() / "hj/212-2017/factors.csv");
  std::string line;
  while (std::getline(in, line) && line.starts_with('#')) {
  }
  std::string row;  // a code that no table has, with as many cells as there are columns
  std::vector<std::string> columns;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t end = line.find(',', at);
    columns.push_back(line.substr(at, end - at));
    at = end == std::string::npos ? end : end + 1;
  }
  for (const std::string& column : columns) {
    row += column == "code"           ? "w99999"
           : column == "name_zh"      ? "\"试验, 甲\""
           : column == "clause"       ? "vendor"
           : column == "verification" ? "UNVERIFIED"
                                      : "";
    row += &column == &columns.back() ? "\n" : ",";
  }
  write_local("code/f.csv", line + "\n" + row);
  const StandardSet set = loaded();
  const auto hundred = [&](std::string_view day) {
    for (const AqiItem& item : set.aqi(on(day))->hourly) {
      if (item.pollutant == "PM2.5") return item.breakpoints.at(2).concentration;
    }
    return Decimal{};
  };
  EXPECT_EQ(hundred("2026-12-31"), (Decimal{60, 0}));
  EXPECT_EQ(hundred("2027-01-01"), (Decimal{55, 0}));
  ASSERT_NE(set.factor("w99999"), nullptr);
  EXPECT_EQ(set.factor("w99999")->name.zh, "试验, 甲");
  EXPECT_NE(set.protocol().factor("w99999"), hj212::FactorCode::unknown);  // the codec reads it too
}

TEST_F(LocalStandards, AnEditionOfAProvinceStandsBesideTheNationalOnes) {
  write_local("db50/standard.toml",
              "id = \"DB50/418-2016\"\ntitle = { zh = \"大气污染物综合排放标准\" }\nvalid_from = \"2016-02-01\"\n"
              "jurisdiction = \"500000\"\nverification = \"UNVERIFIED\"\nsource = \"test\"\n[[table]]\n"
              "kind = \"stack_limits\"\nfile = \"limits.csv\"\n");
  write_local("db50/limits.csv", std::string(kStackHeader) + "main,any,PM,,50,mg/m³,表1,,,UNVERIFIED\n");
  const StandardSet set = loaded();
  const Edition* edition = set.edition("DB50/418-2016");
  ASSERT_NE(edition, nullptr);
  EXPECT_EQ(edition->jurisdiction, "500000");
  EXPECT_TRUE(edition->local);
  EXPECT_EQ(set.edition("GB 13223-2011")->jurisdiction, "nation");
  EXPECT_EQ(set.rules("stack_limits").back().jurisdiction, "500000");
}

TEST_F(LocalStandards, TheDigestCoversLocalFiles) {
  local_limit("1,coal_boiler,SO2,new,90,mg/m³,x,,,VERIFIED\n");
  const std::string before = loaded().digest();
  EXPECT_NE(before, StandardSet::load(shipped())->digest());
  local_limit("1,coal_boiler,SO2,new,91,mg/m³,x,,,VERIFIED\n");
  EXPECT_NE(loaded().digest(), before);
}

TEST_F(LocalStandards, WhatCannotBeAppliedIsRefusedWithItsPlace) {
  const auto refused = [&](const std::string& toml, const std::string& csv, const std::string& why) {
    std::filesystem::remove_all(local());
    write_local("x/standard.toml", toml);
    write_local("x/limits.csv", csv);
    EXPECT_NE(failure().find(why), std::string::npos) << failure();
  };
  const std::string row = "1,coal_boiler,SO2,new,90,mg/m³,x,,,VERIFIED\n";
  const std::string header = kStackHeader;
  const std::string toml = kPowerPlants;
  const std::string table = "[[table]]\nkind = \"stack_limits\"\nfile = \"limits.csv\"\n";
  refused("overrides = \"GB 1-1900\"\nsource = \"x\"\n" + table, header + row,
          "no edition \"GB 1-1900\" to override");
  refused("overrides = \"GB 13223-2011\"\n" + table, header + row, "x/standard.toml:1: source is needed");
  refused(
      "id = \"GB 13223-2011\"\ntitle = { zh = \"火\" }\nvalid_from = \"2012-01-01\"\nverification = "
      "\"VERIFIED\"\n" +
          table,
      header + row, "is there already; write overrides");
  refused(toml, header + "1,coal_boiler,SO2,new,ninety,mg/m³,x,,,VERIFIED\n",
          "standards.local/x/limits.csv:2: column limit: \"ninety\" is not a decimal number");
  refused(toml, header + row + row, "standards.local/x/limits.csv:3: 1 coal_boiler SO2 new stands already in");
  refused(toml, "category,unit_type,item,limit,unit,clause,valid_from,valid_to,verification\n",
          "");  // a header without rows replaces nothing
  refused(toml,
          "category,unit_type,item,limit,unit,clause,valid_from,valid_to,verification\n1,a,b,2,c,d,,,VERIFIED\n",
          "column condition: there is no such column");
  refused("overrides = \"HJ 212-2017\"\nsource = \"x\"\n[[table]]\nkind = \"systems\"\nfile = \"limits.csv\"\n",
          "code,zh,en,clause,verification\n21,x,y,z,VERIFIED\n",
          "tables of the kind systems cannot be overridden");
  refused(
      "id = \"DB1\"\ntitle = { zh = \"甲\" }\nvalid_from = \"2012-01-01\"\njurisdiction = \"Chongqing\"\n"
      "verification = \"VERIFIED\"\n" +
          table,
      header + row, "jurisdiction must be");
  std::filesystem::remove_all(local());
  EXPECT_EQ(StandardSet::load(shipped(), local()).error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::standards
