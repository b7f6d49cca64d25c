#include "mj/hj212/protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/hj212/deviation.hpp"
#include "shipped_protocol.hpp"

namespace mj::hj212 {
namespace {

using testing::HasSubstr;

std::string label(const Command& command) {
  return fmt::format("{} {} {}{}", command.cn, command.sender == Sender::host ? "host" : "device",
                     name(command.dialect), command.surface_water ? " surface water" : "");
}

TEST(Protocol, EveryCommandOfTheTablesIsFoundByItsCode) {
  for (const Command& command : shipped_protocol().commands()) {
    const std::string_view st = command.systems.empty() ? "" : std::string_view(command.systems.front());
    EXPECT_EQ(shipped_protocol().find(command.cn, command.sender, command.dialect, st, command.surface_water),
              &command)
        << label(command);
    EXPECT_TRUE(shipped_protocol().knows(command.cn, command.sender)) << label(command);
    EXPECT_FALSE(command.name.zh.empty() || command.name.en.empty() || command.clause.empty()) << label(command);
  }
}

TEST(Protocol, HasEveryCommandOfTable9InBothDirections) {
  // HJ 212-2017 §6.6.5.2 table 9, read off row by row.
  const auto has = [](std::string_view cn, Sender sender, CommandKind kind) {
    const Command* command = shipped_protocol().find(cn, sender, Dialect::v2017);
    return command != nullptr && command->kind == kind && command->dialect == Dialect::v2017;
  };
  for (const char* cn :
       {"1000", "1011", "1012", "1061", "1062", "1063", "1064", "1072", "2011", "2021", "2031", "2041", "2051",
        "2061", "3011", "3012", "3013", "3014", "3015", "3016", "3017", "3018", "3019", "3020", "3021"}) {
    EXPECT_TRUE(has(cn, Sender::host, CommandKind::request)) << cn;
  }
  for (const char* cn : {"1011", "1061", "1063", "2011", "2021", "2031", "2041", "2051", "2061", "2081", "3015",
                         "3017", "3018", "3019", "3020"}) {
    EXPECT_TRUE(has(cn, Sender::device, CommandKind::upload)) << cn;
  }
  EXPECT_TRUE(has("2012", Sender::host, CommandKind::notice));
  EXPECT_TRUE(has("2022", Sender::host, CommandKind::notice));
  EXPECT_TRUE(has("1013", Sender::device, CommandKind::notice));
  for (const char* cn : {"9011", "9012", "9013", "9014"}) EXPECT_TRUE(has(cn, Sender::device, CommandKind::reply));
  for (const char* cn : {"9013", "9014"}) EXPECT_TRUE(has(cn, Sender::host, CommandKind::reply));
  // 2022 is a notice of the host, 1002 is reserved, 2071 was deleted.
  for (const char* cn : {"1001", "1002", "1014", "1021", "2071", "2072", "3022", "3024", "9015"}) {
    EXPECT_EQ(shipped_protocol().find(cn, Sender::host, Dialect::v2017), nullptr) << cn;
    EXPECT_EQ(shipped_protocol().find(cn, Sender::device, Dialect::v2017), nullptr) << cn;
  }
}

TEST(Protocol, CommandsMeanWhatTheirEditionSays) {
  const Protocol& protocol = shipped_protocol();
  EXPECT_EQ(protocol.find("3014", Sender::host, Dialect::v2005)->name.en, "Set sampling times");
  EXPECT_EQ(protocol.find("3014", Sender::host, Dialect::v2017)->name.en, "Comparison sampling");
  EXPECT_EQ(protocol.find("3014", Sender::host, Dialect::v2025), nullptr);
  EXPECT_EQ(protocol.find("1001", Sender::host, Dialect::v2005)->fields.front().key, "WarnTime");
  EXPECT_EQ(protocol.find("1001", Sender::device, Dialect::v2025)->kind, CommandKind::notice);
  // 1014: a key in 2025, the time of the logger in the surface-water profile.
  EXPECT_EQ(protocol.find("1014", Sender::host, Dialect::v2025)->fields.size(), 2U);
  EXPECT_EQ(protocol.find("1014", Sender::host, Dialect::v2017, "21", true)->course, Course::response);
  EXPECT_EQ(protocol.find("1014", Sender::host, Dialect::v2017, "21", false), nullptr);
  EXPECT_EQ(protocol.find("1072", Sender::host, Dialect::v2005)->fields.front().key, "PW");
  EXPECT_EQ(protocol.find("1072", Sender::host, Dialect::v2017)->fields.front().key, "NewPW");
  // The profile has its own commands first and rests on 2017.
  EXPECT_TRUE(protocol.find("1062", Sender::host, Dialect::v2025, "21", true)->surface_water);
  EXPECT_EQ(protocol.find("1000", Sender::host, Dialect::v2025, "21", true)->dialect, Dialect::v2017);
  EXPECT_EQ(protocol.find("2051", Sender::host, Dialect::unknown)->dialect, Dialect::v2017);
  EXPECT_EQ(protocol.find("20510", Sender::host, Dialect::v2017), nullptr);
  EXPECT_EQ(protocol.find("x051", Sender::host, Dialect::v2017), nullptr);
  EXPECT_EQ(protocol.find("", Sender::host, Dialect::v2017), nullptr);
}

TEST(Protocol, TheSystemChoosesAmongSeveral) {
  const auto upload = [](std::string_view st, Dialect dialect) {
    return shipped_protocol().find("2011", Sender::device, dialect, st)->name.zh;
  };
  EXPECT_EQ(upload("32", Dialect::v2017), "上传污染物实时数据");
  EXPECT_EQ(upload("", Dialect::v2017), "上传污染物实时数据");
  EXPECT_EQ(upload("23", Dialect::v2017), "上传噪声声级实时数据");
  EXPECT_EQ(upload("52", Dialect::v2017), "上传工况实时数据");
  EXPECT_EQ(upload("44", Dialect::v2025), "上传用电监控实时数据");
  EXPECT_EQ(upload("45", Dialect::v2025), "上传关键生产工况实时数据");
  // Requests of 2011: with times only for electricity (HJ 212-2025 C.39).
  const Protocol& protocol = shipped_protocol();
  EXPECT_TRUE(protocol.find("2011", Sender::host, Dialect::v2025, "31")->fields.empty());
  EXPECT_EQ(protocol.find("2011", Sender::host, Dialect::v2025, "44")->course, Course::history);
}

TEST(Protocol, RangesAreThoseOfTable4) {
  // HJ 212-2017 §6.3.3.2.3 table 4.
  const auto accepts = [](std::string_view cn, std::string_view key, std::string_view value) {
    const Command* command = shipped_protocol().find(cn, Sender::host, Dialect::v2017);
    const FieldRule* rule = command == nullptr ? nullptr : command->rule("", key);
    return rule != nullptr && rule->accepts(value);
  };
  for (const char* value : {"30", "60", "3600"}) EXPECT_TRUE(accepts("1062", "RtdInterval", value)) << value;
  for (const char* value : {"29", "3601", "", "-30", "30.5", "030030", "abc", " 30"})
    EXPECT_FALSE(accepts("1062", "RtdInterval", value)) << value;
  for (const char* value : {"1", "2", "3", "4", "5", "6", "10", "12", "15", "20", "30"})
    EXPECT_TRUE(accepts("1064", "MinInterval", value)) << value;
  for (const char* value : {"0", "7", "8", "9", "11", "60", "05"})
    EXPECT_FALSE(accepts("1064", "MinInterval", value));
  EXPECT_TRUE(accepts("1000", "OverTime", "99"));
  EXPECT_FALSE(accepts("1000", "OverTime", "0"));
  EXPECT_FALSE(accepts("1000", "ReCount", "100"));
  EXPECT_TRUE(accepts("1072", "NewPW", "aZ0123"));
  EXPECT_FALSE(accepts("1072", "NewPW", "1234567"));
  EXPECT_TRUE(accepts("3016", "CTime", "24"));
  EXPECT_FALSE(accepts("3016", "CTime", "25"));
  EXPECT_TRUE(accepts("3016", "CstartTime", "000000"));
  EXPECT_FALSE(accepts("3016", "CstartTime", "240000"));
  EXPECT_TRUE(accepts("2051", "BeginTime", "20160801084000"));
  EXPECT_FALSE(accepts("2051", "BeginTime", "20160832084000"));
  EXPECT_FALSE(accepts("2051", "BeginTime", "20160801"));
}

TEST(Protocol, FieldsOfAnyFactorAreOneRule) {
  const Command* hours = shipped_protocol().find("2061", Sender::device, Dialect::v2017);
  ASSERT_NE(hours->rule("w01018", "Avg"), nullptr);
  EXPECT_TRUE(hours->rule("w01018", "Avg")->accepts("-12.345678"));  // the factor decides the width
  EXPECT_FALSE(hours->rule("w01018", "Avg")->accepts("1e5"));
  EXPECT_EQ(hours->rule("", "Avg"), nullptr);
  EXPECT_EQ(hours->rule("w01018", "Rtd"), nullptr);
  EXPECT_EQ(hours->rule("", "BeginTime"), nullptr);
  const Command* states = shipped_protocol().find("2021", Sender::device, Dialect::v2017);
  ASSERT_NE(states->rule("SB12", "RS"), nullptr);
  EXPECT_EQ(states->rule("w01018", "RS"), nullptr);
  const Command* raw = shipped_protocol().find("2013", Sender::device, Dialect::v2025);
  EXPECT_NE(raw->rule("a24088", "i13007"), nullptr);
  EXPECT_EQ(shipped_protocol().find("1062", Sender::host, Dialect::v2017)->rule("", "RtdInterval")->expectation(),
            "N4, 30 to 3600 s");
}

TEST(ValueType, ReadsTheNotationOfTheStandard) {
  // HJ 212-2017 §6.3.3.2.2: C4, N5, N14.2.
  const auto accepts = [](std::string_view type, std::string_view value) {
    return ValueType::parse(type).value().accepts(value);
  };
  EXPECT_TRUE(accepts("C4", "A-Z9"));
  EXPECT_FALSE(accepts("C4", "12345"));
  EXPECT_TRUE(accepts("N5", "12345"));
  EXPECT_FALSE(accepts("N5", "123456"));
  EXPECT_FALSE(accepts("N5", "1.5"));
  EXPECT_TRUE(accepts("N12.2", "-123456789012.25"));
  EXPECT_FALSE(accepts("N12.2", "1.255"));
  EXPECT_FALSE(accepts("N12.2", "1."));
  EXPECT_FALSE(accepts("N12.2", ".5"));
  EXPECT_FALSE(accepts("N12.2", "--5"));
  EXPECT_TRUE(accepts("N14", "20160801085857"));
  EXPECT_FALSE(accepts("N14", "20161301085857"));
  EXPECT_TRUE(accepts("N17", "20160801085857223"));
  EXPECT_FALSE(accepts("N17", "20160801085857"));
  for (const char* type : {"C6", "N4", "N5.2", "N14", "N17", "N", "any"})
    EXPECT_EQ(ValueType::parse(type).value().text(), type);
  for (const char* type : {"", "C", "C0", "N0", "N-1", "N5.", "N5.2.1", "X5", "C5.2", "n5", "N5 "})
    EXPECT_EQ(ValueType::parse(type), std::nullopt) << type;
}

// Data areas that devices and platforms of 2005 and of the surface-water profile send, from captured frames.
struct Captured {
  std::string_view cn, area;
  Sender sender;
  bool surface_water = false;
};
constexpr std::array kCaptured{
    Captured{"1000", "OverTime=5;ReCount=3", Sender::host},
    Captured{"1012", "SystemTime=20170516010101", Sender::host},
    Captured{"1021", "PolId=101;PolId=102", Sender::host},
    Captured{"1022", "101-LowValue=1.1,101-UpValue=9.9;102-LowValue=1.1,102-UpValue=9.9", Sender::host},
    Captured{"1042", "ReportTime=0101", Sender::host},
    Captured{"1072", "PW=654321", Sender::host},
    Captured{"2051", "BeginTime=20170302000000,EndTime=20170303000000", Sender::host},
    Captured{"2071", "BeginTime=20170506010001,EndTime=20170506150030", Sender::host},
    Captured{"3014", "PolId=101,CTime=04,CTime=10,CTime=14,CTime=16", Sender::host},
    Captured{"2011", "DataTime=20160824003817;B01-Rtd=36.91;011-Rtd=231.0,011-Flag=N;060-Rtd=1.803,060-Flag=N",
             Sender::device},
    Captured{
        "2061",
        "DataTime=20221008100000;B02-Min=1.6960,B02-Avg=3.0586,B02-Max=3.7704,B02-Cou=11010.8437;"
        "S08-Min=-0.4643,S08-Avg=-0.3541,S08-Max=0.0000;a24088-Min=2.4957,a24088-Avg=3.2176,a24088-Max=4.7744",
        Sender::device},
    Captured{"2011", "DataTime=20210301111100;w01001-Rtd=8.33,w01001-Flag=N;w01009-Rtd=10.15,w01009-Flag=N",
             Sender::device, true},
    Captured{"2061", "DataTime=20260706100000;w01010-Avg=28.4,w01010-Flag=N;w01014-Avg=7.7,w01014-Flag=N",
             Sender::device, true},
    Captured{"1062", "RtdInterval=10", Sender::host, true},
};

TEST(Protocol, ReadsWhatTheFieldSends) {
  for (const Captured& captured : kCaptured) {
    const Command* command = shipped_protocol().find(captured.cn, captured.sender, Dialect::v2005,
                                                     captured.surface_water ? "21" : "32", captured.surface_water);
    ASSERT_NE(command, nullptr) << captured.cn;
    std::vector<Field> fields;
    read_fields(captured.area, fields);
    for (const Field& field : fields) {
      const FieldRule* rule = command->rule(field.factor, field.key);
      ASSERT_NE(rule, nullptr) << captured.cn << ' ' << field.key;
      EXPECT_TRUE(rule->accepts(field.value)) << captured.cn << ' ' << field.key << '=' << field.value;
    }
    for (const FieldRule& rule : command->fields) {
      const bool there = std::any_of(fields.begin(), fields.end(), [&rule](const Field& field) {
        return rule.is_about(field.factor, field.key);
      });
      EXPECT_TRUE(there || !rule.required) << captured.cn << " lacks " << rule.key;
    }
  }
}

TEST(Protocol, KnowsTheWordsOfTheCodeTables) {
  const Protocol& protocol = shipped_protocol();
  EXPECT_EQ(protocol.system("32")->name.zh, "地表水体环境污染源");  // HJ 212-2017 table 5
  EXPECT_EQ(protocol.system("32")->verification, "VERIFIED");       // the table of 2017, not that of 2005
  EXPECT_EQ(protocol.system("44")->verification, "THIRD_PARTY");
  EXPECT_EQ(protocol.system("42"), nullptr);
  EXPECT_EQ(protocol.system("23")->element, "noise");
  EXPECT_EQ(protocol.system("38")->element,
            "source");                            // 放射性环境污染源: a source of radiation, not the surroundings
  EXPECT_EQ(protocol.system("26")->element, "");  // sea water is no element of the register
  EXPECT_EQ(protocol.request_return(Dialect::v2017, "9")->name.zh, "CRC 校验错误");  // table 7
  EXPECT_EQ(protocol.request_return(Dialect::v2005, "9"), nullptr);
  EXPECT_EQ(protocol.request_return(Dialect::v2017, "9", true)->name.en, "Busy");
  EXPECT_EQ(protocol.request_return(Dialect::v2025, "1", true)->name.en, "Ready to execute");
  EXPECT_EQ(protocol.execution_return(Dialect::v2017, "100")->name.zh, "没有数据");  // table 6
  EXPECT_EQ(protocol.execution_return(Dialect::v2005, "3"), nullptr);
  EXPECT_EQ(protocol.execution_return(Dialect::v2025, "3")->verification, "UNVERIFIED");
  EXPECT_EQ(protocol.info("i13004")->unit, "°C");  // table B.10
  EXPECT_EQ(protocol.info("i13004")->type->text(), "N3.1");
  EXPECT_EQ(protocol.info("i12001")->values.at(4).second.zh, "反吹");
  EXPECT_EQ(protocol.info("i12001")->values.at(4).first, "5");
  EXPECT_EQ(protocol.info("i33317")->name.en, "Furnace temperature, upper");  // i3331x
  EXPECT_EQ(protocol.info("i23006")->verification, "THIRD_PARTY");
  EXPECT_EQ(protocol.info("i99999"), nullptr);
  EXPECT_EQ(protocol.info(""), nullptr);
}

TEST(Protocol, KnowsFactorCodesOfAllGenerations) {
  const Protocol& protocol = shipped_protocol();
  for (const char* code :
       {"w01018", "a34004", "a05024", "LA", "Leq", "e10107", "g13401", "i33310", "d20105", "p99101"})
    EXPECT_EQ(protocol.factor(code), FactorCode::current) << code;
  for (const char* code : {"011", "B01", "S03", "25", "16", "025"})
    EXPECT_EQ(protocol.factor(code), FactorCode::old) << code;
  for (const char* code : {"", "cpm", "w99999", "a2106", "e1a101", "averylongcode", "925", "e101xy"})
    EXPECT_EQ(protocol.factor(code), FactorCode::unknown) << code;
}

TEST(Protocol, KnowsDataFlagsByEdition) {
  const Protocol& protocol = shipped_protocol();
  for (const char* flag : {"N", "F", "M", "S", "D", "C", "T", "B"})
    EXPECT_TRUE(protocol.knows_flag(flag, Dialect::v2017)) << flag;  // table 8
  EXPECT_FALSE(protocol.knows_flag("P", Dialect::v2017));
  EXPECT_TRUE(protocol.knows_flag("P", Dialect::v2005));
  EXPECT_TRUE(protocol.knows_flag("Td", Dialect::v2025));
  EXPECT_FALSE(protocol.knows_flag("Td", Dialect::v2017));
  EXPECT_TRUE(protocol.knows_flag("Sd", Dialect::v2017));  // HJ 75, of every edition
  EXPECT_FALSE(protocol.knows_flag("(other)", Dialect::v2017));
  EXPECT_FALSE(protocol.knows_flag("n", Dialect::v2017));
}

TEST(Protocol, TheTableOfDeviationsIsThatOfTheProgram) {
  const std::vector<CodeWord>& words = shipped_protocol().deviations();
  ASSERT_EQ(words.size(), kDeviationCount);
  for (std::size_t i = 0; i < kDeviationCount; ++i) {
    EXPECT_EQ(words[i].code, name(static_cast<Deviation>(i)));
    EXPECT_EQ(parse_deviation(words[i].code), static_cast<Deviation>(i));
    EXPECT_THAT(words[i].clause, HasSubstr("HJ 212-"));
  }
}

}  // namespace
}  // namespace mj::hj212
