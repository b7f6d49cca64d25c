#include "mj/standards/audit.hpp"

#include <algorithm>

#include "scratch_standards.hpp"

namespace mj::standards {
namespace {

std::string listed(const Audit& found) {
  std::string text;
  for (const Fault& fault : found.faults) text += fault.place + ": " + fault.text + "\n";
  return text;
}

TEST(Audit, TheShippedStandardsAreWithoutFault) {
  const auto set = StandardSet::load(MJ_SOURCE_DIR "/standards");
  ASSERT_TRUE(set) << set.error().text();
  const Audit found = audit(*set);
  EXPECT_EQ(listed(found), "");
  EXPECT_EQ(found.editions, set->editions().size());
  EXPECT_EQ(found.by_state[0] + found.by_state[1] + found.by_state[2] + found.by_state[3], found.rows);
  EXPECT_EQ(found.local, 0U);
  // What is known from memory is counted where it is used: GB 13223-2011 entirely.
  EXPECT_TRUE(std::any_of(found.unverified_in.begin(), found.unverified_in.end(), [](const std::string& line) {
    return line.starts_with("GB 13223-2011: 53 of 53");
  })) << fmt::format("{}", fmt::join(found.unverified_in, "\n"));
}

class AuditOf : public ScratchStandards {
 protected:
  [[nodiscard]] std::string faults() const {
    const auto set = StandardSet::load(shipped());
    return set ? listed(audit(*set)) : "error: " + set.error().text();
  }
};

TEST_F(AuditOf, TheCopyOfAFewEditionsHasOnlyTheReferencesThatWereNotCopied) {
  EXPECT_EQ(faults(),
            "HJ 212-2017: supersedes \"HJ/T 212-2005\", which is not there\n"
            "HJ 633-2026: supersedes \"HJ 633-2012\", which is not there\n");
}

TEST_F(AuditOf, DaysWithoutAnyRowOfAKeyAreAFault) {  // the transition limits of GB 3095-2026 end on 2030-12-31
  replace("gb/3095-2026/limits.csv", "2030-12-31", "2030-11-30");
  EXPECT_NE(faults().find("nothing is in force from 2030-12-01 to 2030-12-31"), std::string::npos) << faults();
}

TEST_F(AuditOf, RowsBeyondTheLifeOfTheirEditionAreAFault) {
  replace("gb/12523-2011/limits.csv", ",,,VERIFIED", ",,2026-12-31,VERIFIED");
  EXPECT_NE(faults().find("gb/12523-2011/limits.csv:3: all is in force after the edition"), std::string::npos)
      << faults();
}

TEST_F(AuditOf, EditionsOfOneNumberMustFollowEachOtherWithoutOverlapOrGap) {
  replace("gb/12523-2011/standard.toml", "2025-12-31", "2026-01-31");
  EXPECT_NE(faults().find("GB 12523-2025: is in force at the same time as GB 12523-2011"), std::string::npos);
  EXPECT_NE(faults().find("supersedes GB 12523-2011, which does not end on the day before"), std::string::npos);
  replace("gb/12523-2011/standard.toml", "2026-01-31", "2025-11-30");
  EXPECT_NE(faults().find("no edition is in force from 2025-12-01 to 2025-12-31, after GB 12523-2011"),
            std::string::npos)
      << faults();
}

TEST_F(AuditOf, UnitsThatNoTableHasAreAFault) {
  replace("gb/13223-2011/limits.csv", ",30,mg/m³,", ",30,grain/ft³,");
  EXPECT_NE(faults().find("unit \"grain/ft³\" is in no table of units"), std::string::npos) << faults();
}

}  // namespace
}  // namespace mj::standards
