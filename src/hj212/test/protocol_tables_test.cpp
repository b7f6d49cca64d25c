#include "mj/hj212/protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shipped_protocol.hpp"

namespace mj::hj212 {
namespace {

using testing::HasSubstr;

// What is wrong with the shipped tables after one of them was changed.
std::string failure_of(std::string_view file, const std::string& from, const std::string& to) {
  auto sources = shipped_sources();
  for (Protocol::Source& source : sources) {
    if (source.name != file) continue;
    const std::size_t found = source.text.find(from);
    if (found == std::string::npos) return "the text to be changed is not there";
    source.text.replace(found, from.size(), to);
  }
  const auto parsed = Protocol::parse(sources);
  return parsed ? "" : parsed.error().text();
}

TEST(ProtocolTables, ThatAreWrongAreRefusedWithTheirPlace) {
  const std::string commands = "hj/212-2017/commands.toml";
  EXPECT_EQ(failure_of(commands, "# Commands", "# commands"), "");
  const std::vector<std::array<std::string, 3>> cases{
      {"cn = \"1000\"", "cn = \"100\"", "cn \"100\" is not four digits"},
      {"cn = \"1000\"", "cn = \"1012\"", "command 1012 stands there twice"},
      {"sender = \"host\"", "sender = \"boss\"", "\"boss\" is not a word of sender"},
      {"kind = \"request\"", "kind = \"ask\"", "\"ask\" is not a word of kind"},
      {"course = \"execute\"", "course = \"go\"", "\"go\" is not a word of course"},
      {"course = \"execute\"\n", "", "course is missing"},
      {"clause = \"HJ 212-2017 附录C 表C.1\"\n", "", "clause is missing"},
      {"verification = \"VERIFIED\"", "verification = \"SURE\"", "\"SURE\" is not a word of verification"},
      {"fields = [\"OverTime\", \"ReCount\"]\n", "", "fields must be a list"},
      {"\"OverTime\", \"ReCount\"]", "\"OverTime\", \"Recount\"]", "\"Recount\" is not defined under [field]"},
      {"\"OverTime\", \"ReCount\"]", "\"OverTime\", \"OverTime\"]", "OverTime stands there twice"},
      {"example = \"OverTime=5;ReCount=3\"", "example = \"OverTime=0;ReCount=3\"", "OverTime=0"},
      {"example = \"OverTime=5;ReCount=3\"", "example = \"OverTime=5\"", "lacks the required field ReCount"},
      {"example = \"OverTime=5;ReCount=3\"", "exmple = \"\"", "\"exmple\" is no key here"},
      {"systems = [\"23\", \"36\"]", "systems = [\"23\", \"ZZ\"]", "system code ZZ is in no table"},
      {"type = \"N4\", min = 30", "type = \"4N\", min = 30", "\"4N\" is no type"},
      {"min = 30, max = 3600", "min = 3600, max = 30", "min is above max"},
      {"[field]", "[field", "hj/212-2017/commands.toml:"},
  };
  for (const auto& [from, to, expected] : cases) {
    EXPECT_THAT(failure_of(commands, from, to), testing::AllOf(HasSubstr(commands + ":"), HasSubstr(expected)));
  }
  EXPECT_THAT(failure_of("hj/212-2017/systems.csv", "VERIFIED", "SURE"),
              HasSubstr("hj/212-2017/systems.csv:3: column verification: \"SURE\""));
  EXPECT_THAT(failure_of("hj/212-2017/systems.csv", "\n22,", "\n21,"),
              HasSubstr("systems.csv:4: code 21 appears twice"));
  EXPECT_THAT(failure_of("hj/212-2017/systems.csv", "\n22,", "\n,"), HasSubstr("column code: the cell is empty"));
  EXPECT_THAT(failure_of("hj/212-2017/systems.csv", "\n22,", "\n22,\"x,"),
              HasSubstr("systems.csv:4: broken quoting"));
  EXPECT_THAT(failure_of("hj/212-2017/systems.csv", "\n22,", "\n22,x,"),
              HasSubstr("the row has 7 cells, the header 6"));
  EXPECT_THAT(failure_of("hj/212-2017/systems.csv", "clause", "claus"), HasSubstr("there is no column clause"));
  EXPECT_THAT(failure_of("hj/212-2017/infos.csv", "N3.1", "N3,1"), HasSubstr("infos.csv:"));
  EXPECT_THAT(failure_of("hj/212-2017/infos.csv", "0=正常/normal", "正常"), HasSubstr("column values"));
  EXPECT_THAT(failure_of("hj/212-2017/infos.csv", "C890", "K890"), HasSubstr("\"K890\" is no type"));
  EXPECT_THAT(failure_of("hj/212-2017/factors.csv", "\nw00000,", "\nw0000012345,"), HasSubstr("is too long"));
}

TEST(ProtocolTables, HaveADigestOfEveryByte) {
  auto sources = shipped_sources();
  EXPECT_EQ(shipped_protocol().digest(), Protocol::parse(sources)->digest());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto changed = sources;
    changed[i].text += "\n";
    EXPECT_NE(Protocol::parse(changed)->digest(), shipped_protocol().digest()) << changed[i].name;
  }
}

TEST(ProtocolTables, ThatAreNotThereKnowNothing) {
  const Protocol none;
  EXPECT_TRUE(none.commands().empty());
  EXPECT_EQ(none.find("2011", Sender::device, Dialect::v2017), nullptr);
  EXPECT_EQ(none.factor("w01018"), FactorCode::unknown);
  EXPECT_EQ(none.system("32"), nullptr);
  EXPECT_FALSE(none.knows_flag("N", Dialect::v2017));
  const Header header = read_header("QN=1;ST=32;CN=2011;PW=1;MN=A;Flag=5;CP=&&&&").header;
  EXPECT_EQ(none.answer_for(header, ""), Answer::data_reply_9014);
}

TEST(ProtocolTables, OfAnUnknownKindOrWithoutCommandsAreRefused) {
  EXPECT_THAT(Protocol::parse({}).error().text(), HasSubstr("no table of commands"));
  EXPECT_THAT(Protocol::parse({{Dialect::v2017, false, "recipes", "r.csv", "code\n"}}).error().text(),
              HasSubstr("\"recipes\" is no kind"));
  EXPECT_THAT(Protocol::parse({{Dialect::v2017, false, "commands", "c.toml", "\n\nx = 1\n"}}).error().text(),
              HasSubstr("c.toml:3: \"x\" is no key here"));
  EXPECT_THAT(Protocol::parse({{Dialect::v2017, false, "systems", "s.csv", ""}}).error().text(),
              HasSubstr("s.csv:1: no header row"));
}

}  // namespace
}  // namespace mj::hj212
