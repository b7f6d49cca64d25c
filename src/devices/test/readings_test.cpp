#include "readings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::devices {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> told(std::string_view area) {
  std::vector<hj212::Field> fields;
  hj212::read_fields(area, fields);
  std::vector<std::string> lines;
  for (const ToldParameter& parameter : told_parameters(fields))
    lines.push_back(fmt::format("{}/{}={}", parameter.instrument, parameter.name, parameter.value));
  return lines;
}

// Areas as HJ 212-2017 appendix C prints them.
TEST(ToldParameters, AreReadFromResponsesOfTheStandard) {
  EXPECT_THAT(told("PolId=w01018;SystemTime=20160801085857"), ElementsAre("w01018/SystemTime=20160801085857"));
  EXPECT_THAT(told("RtdInterval=30"), ElementsAre("/RtdInterval=30"));
  EXPECT_THAT(told("DataTime=20160801085857;VaseNo=1"), ElementsAre("/VaseNo=1"));
  EXPECT_THAT(told("PolId=w01018;CstartTime=000000;CTime=2"),
              ElementsAre("w01018/CstartTime=000000", "w01018/CTime=2"));
  EXPECT_THAT(told("PolId=w01018;w01018-SN=010000A8900016F000169DC0"),
              ElementsAre("w01018/SN=010000A8900016F000169DC0"));
  EXPECT_THAT(told("DataTime=20160801085857;PolId=w01018;i12001-Info=1"), ElementsAre("w01018/i12001-Info=1"));
  EXPECT_THAT(told("DataTime=20160801085857;RestartTime=20160801085624"),
              ElementsAre("/RestartTime=20160801085624"));
}

TEST(ToldParameters, LogsAreTextInUtf8OrGbk) {
  EXPECT_THAT(told("DataTime=20160801085857;PolId=w01018;i11001-Info=//清洗管路;完成//"),
              ElementsAre("w01018/i11001-Info=清洗管路;完成"));
  EXPECT_THAT(told("DataTime=20160801085857;i21001-Info=//\xC7\xE5\xCF\xB4//"), ElementsAre("/i21001-Info=清洗"));
  EXPECT_THAT(told("i11001-Info=//a//,i11001-Info=//b//"), ElementsAre("/i11001-Info=a", "/i11001-Info=b"));
}

TEST(ToldParameters, BelongToTheInstrumentNamedBeforeThem) {
  EXPECT_THAT(told("PolId=w01018,i12001-Info=0;PolId=w21003,i12001-Info=1"),
              ElementsAre("w01018/i12001-Info=0", "w21003/i12001-Info=1"));
  EXPECT_THAT(told("i13004-Info=168.0;PolId=w01018"), ElementsAre("w01018/i13004-Info=168.0"))
      << "the only one named is meant wherever it stands";
  EXPECT_THAT(told("101-LowValue=1.1,101-UpValue=9.9"), ElementsAre("101/LowValue=1.1", "101/UpValue=9.9"));
}

TEST(ToldParameters, HoldNeitherCircumstancesNorEmptyValuesNorSecrets) {
  EXPECT_THAT(told("DataTime=20160801085857;InfoId=i11001;BeginTime=1,EndTime=2;QN=3;ExeRtn=1;i12001-Info="),
              IsEmpty());
  EXPECT_THAT(told("NewPW=654321;PW=654321;NewSK=0123456789abcdef"), IsEmpty());
  EXPECT_THAT(told(""), IsEmpty());
}

TEST(SetParameters, LeaveOutWhatIsFilledIn) {
  const auto set = set_parameters({{"PolId", "w01018"}, {"SystemTime", "@now"}, {"i13004-Info", "168.0"}});
  ASSERT_EQ(set.size(), 1U);
  EXPECT_EQ(set[0].instrument, "w01018");
  EXPECT_EQ(set[0].name, "i13004-Info");
  EXPECT_EQ(set[0].value, "168.0");
}

TEST(ParameterList, HasOneRowPerValueAndRemembersWhenItWasSeenLast) {
  ParameterList list;
  const auto take = [&list](std::string_view value, std::uint64_t entry) {
    list.take(
        {"A", "", "RtdInterval", std::string(value), Instant::from_ms(static_cast<std::int64_t>(entry)), entry});
  };
  take("30", 1);
  take("30", 2);
  take("60", 3);
  auto rows = list.changes();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].reading.entry, 1U);
  EXPECT_EQ(rows[0].last_entry, 2U);
  EXPECT_TRUE(rows[0].is_new);
  EXPECT_EQ(rows[1].reading.value, "60");
  take("60", 4);
  take("30", 5);
  rows = list.changes();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_FALSE(rows[0].is_new);
  EXPECT_EQ(rows[0].id, 2);
  EXPECT_EQ(rows[0].last_entry, 4U);
  EXPECT_TRUE(rows[1].is_new) << "a value that comes back is a change";
  EXPECT_FALSE(list.changed());
}

}  // namespace
}  // namespace mj::devices
