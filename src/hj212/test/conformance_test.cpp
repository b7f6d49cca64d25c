// Every deviation and every variant of a trait has a frame here that shows it. Names like V026 are those of the vector
// collection; other frames are V001 or an upload with one thing changed, by the row of the fact sheet that is named.
#include "mj/hj212/conformance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "mj/hj212/compose.hpp"
#include "shipped_protocol.hpp"
#include "vector_reader.hpp"

namespace mj::hj212 {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;
using Words = std::vector<std::string>;

const Sm4Key kKeyOfExamples = *parse_sm4_key("0000000000000000");

std::string vector_frame(const std::string& id) {
  static const auto frames = [] {
    std::map<std::string, std::string> by_id;
    for (auto& vector : read_vectors(MJ_TESTDATA "/vectors.tsv"))
      by_id.emplace(vector.id, std::move(vector.frame));
    return by_id;
  }();
  const auto found = frames.find(id);
  return found == frames.end() ? std::string() : found->second;
}

struct Look {
  Words deviations;
  std::set<std::string> traits;  ///< "crc=hj"
  ProfileGuess guess;
};

/// The first frame of the bytes, received in the moment that its QN names, or `late_ms` after it.
Look look(const std::string& bytes, const DeviceSettings& settings = {}, std::int64_t late_ms = 0) {
  FrameReader reader;
  TraitCounts counts;
  const FrameReading& reading = reader.read(as_bytes(bytes), settings);
  const Instant sent = parse_compact(reading.header.qn.value_or("")).value_or(Instant());
  const Deviations found =
      examine(reader, reading, shipped_protocol(), sent.plus_ms(late_ms), 5 * 60 * 1000, counts);
  Look result;
  for (std::size_t i = 0; i < kDeviationCount; ++i) {
    if (found.test(i)) result.deviations.emplace_back(name(static_cast<Deviation>(i)));
  }
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    for (std::size_t variant = 0; variant < kMaxVariants; ++variant) {
      if (counts.seen[trait][variant] > 0)
        result.traits.insert(fmt::format("{}={}", name(static_cast<Trait>(trait)),
                                         variant_name(static_cast<Trait>(trait), variant)));
    }
  }
  result.guess = guess_profile(counts);
  return result;
}

/// An upload of waste water that conforms to HJ 212-2017 C.14, with other header fields or another area.
std::string real_time(std::string_view area, std::string_view header = {}) {
  const std::string_view usual =
      "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;";
  return frame(fmt::format("{}CP=&&{}&&", header.empty() ? usual : header, area));
}
const std::string kGoodArea = "DataTime=20160801085857;w01018-Rtd=2.2,w01018-Flag=N";

struct Case {
  std::string why;
  std::string bytes;
  Words expected;  ///< all deviations of the frame
};

std::vector<Case> cases() {
  const std::string v001 = vector_frame("V001");
  const std::string bare = v001.substr(0, v001.size() - 2);
  const std::string
      short_crc =  // HJ 212-2017 C.3 with the zero before its CRC 0880 left out, fact sheet §11 row 3
      "##0125QN=20160801085857223;ST=32;CN=1012;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
      "CP=&&PolId=w01018;SystemTime=20160801085857&&880\r\n";
  std::string many = "DataTime=20160801085857";
  for (int i = 0; i < 60; ++i) many += ";w01018-SampleTime=20160801085857";
  std::string long_area = kGoodArea;
  for (const auto* code :
       {"w01001", "w01009", "w01010", "w01012", "w01014", "w01019", "w21001", "w21003", "w21011", "w21016",
        "w21017", "w22001", "w23002", "w20111", "w20115", "w20116", "w20117", "w20119", "w20120", "w20121",
        "w20122", "w20123", "w20124", "w20125", "w20126", "w20127", "w20128", "w20138", "w20139"})
    long_area += fmt::format(";{0}-Rtd=1234567.1,{0}-Flag=N", code);
  const std::string unclosed =
      "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30";
  return {
      {"V089: every frame of that vendor", vector_frame("V089"), {"crc-modbus", "split-without-numbers"}},
      {"V131: low byte first, a sequence number, CN 2023",
       vector_frame("V131"),
       {"crc-modbus-le", "sequence-number", "split-without-numbers", "command-unknown"}},
      {"V046: the much-copied example", vector_frame("V046"), {"crc-wrong"}},
      {"V140: no CRC, length counts the line end",
       vector_frame("V140"),
       {"crc-absent", "length-wrong", "mn-shape"}},
      {"V112: CRC in lower case", vector_frame("V112"), {"crc-lower-case"}},
      {"CRC without leading zero", short_crc, {"crc-short"}},
      {"V167: length counts the line end", vector_frame("V167"), {"length-wrong"}},
      {"V166: no line end", vector_frame("V166"), {"line-end-missing"}},
      {"V050: LF only", vector_frame("V050"), {"line-end-lf", "data-time-shape"}},
      {"§11 row 26: ** before CR LF", bare + "**\r\n", {"line-end-decorated"}},
      {"§11 row 23: a longer segment", real_time(long_area), {"segment-too-long", "area-too-long"}},
      {"data area not closed", frame(unclosed), {"area-not-closed", "separator-missing"}},
      {"V133: Flag behind the area", vector_frame("V133"), {"field-after-area", "mn-shape"}},
      {"V110: upper case, QN behind CN with CST, a trailing separator",
       vector_frame("V110"),
       {"crc-wrong", "line-end-lf", "header-order", "name-case", "trailing-separator", "qn-shape", "mn-shape",
        "data-time-shape", "factor-unknown"}},
      {"V026: Flag=5CP=", vector_frame("V026"), {"separator-missing"}},
      {"V031: a blank before LA-Rtd", vector_frame("V031"), {"blank"}},
      {"V106: no Flag, a trailing separator, private codes",
       vector_frame("V106"),
       {"trailing-separator", "flag-missing", "mn-shape", "factor-unknown"}},
      {"2017 without QN",
       real_time(kGoodArea, "ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;"),
       {"qn-missing"}},
      {"V070: epoch QN, an answer with ST=21 that wants an answer",
       vector_frame("V070"),
       {"qn-shape", "mn-shape", "reply-system", "reply-wants-answer"}},
      {"the 2005 form of a reply in a 2017 frame",
       frame("QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;"
             "CP=&&QN=20160801085857223;QnRtn=1&&"),
       {"qn-in-area"}},
      {"V064: PW of 24 characters", vector_frame("V064"), {"mn-shape", "password-shape", "factor-unknown"}},
      {"V119: PNO in the area of 9014", vector_frame("V119"), {"mn-shape", "numbers-in-area", "field-unknown"}},
      {"V116: an empty 2011 as heartbeat",
       vector_frame("V116"),
       {"mn-shape", "data-time-missing", "field-missing"}},
      {"§11 row 15: an empty value",
       real_time("DataTime=20160801085857;w01018-Rtd=,w01018-Flag=D"),
       {"empty-value"}},
      {"V034: e01001-Rtd twice", vector_frame("V034"), {"repeated-key", "factor-unknown"}},
      {"§11 row 17: Flag=N without factor", real_time(kGoodArea + ";Flag=N"), {"flag-in-area"}},
      {"V172: a log in GBK", vector_frame("V172"), {"foreign-text"}},
      {"V073: 9021", vector_frame("V073"), {"mn-shape", "command-unknown"}},
      {"2071 of HJ/T 212-2005 in a 2017 frame",
       frame("QN=20160801085857223;ST=32;CN=2071;PW=123456;MN=010000A8900016F000169DC0;Flag=4;"
             "CP=&&BeginTime=20160801000000,EndTime=20160801000000&&"),
       {"command-removed"}},
      {"ST=77",
       real_time(kGoodArea, "QN=20160801085857223;ST=77;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"),
       {"system-unknown"}},
      {"011 in a 2017 frame", real_time("DataTime=20160801085857;011-Rtd=2.2,011-Flag=N"), {"factor-old"}},
      {"Flag=Q", real_time("DataTime=20160801085857;w01018-Rtd=2.2,w01018-Flag=Q"), {"data-flag-unknown"}},
      {"a value that is no number",
       real_time("DataTime=20160801085857;w01018-Rtd=2.2.1,w01018-Flag=N"),
       {"value-shape"}},
      {"V086: ZsCou", vector_frame("V086"), {"mn-shape", "field-unknown"}},
      {"V003: an upload of 2025 in clear", vector_frame("V003"), {"not-encrypted"}},
  };
}

TEST(Conformance, EachDeviationHasAFrameThatShowsItAndNothingElse) {
  std::set<std::string> shown;
  for (const auto& [why, bytes, expected] : cases()) {
    ASSERT_FALSE(bytes.empty()) << why;
    const Words found = look(bytes).deviations;
    EXPECT_EQ(found, expected) << why;
    shown.insert(found.begin(), found.end());
  }
  const Words late = look(real_time(kGoodArea), {}, 5 * 60 * 1000 + 1).deviations;
  EXPECT_THAT(late, ElementsAre("clock-off"));
  EXPECT_THAT(look(real_time(kGoodArea), {}, -5 * 60 * 1000 - 1).deviations, ElementsAre("clock-off"));
  shown.insert(late.begin(), late.end());
  for (std::size_t i = 0; i < kDeviationCount; ++i) {
    const std::string word(name(static_cast<Deviation>(i)));
    EXPECT_TRUE(shown.contains(word)) << word << " is shown by no frame";
    EXPECT_EQ(parse_deviation(word), static_cast<Deviation>(i));
  }
  EXPECT_EQ(parse_deviation("crc-strange"), std::nullopt);
}

TEST(Conformance, FramesThatTheStandardsPrintDepartInNothing) {
  for (const auto* id :
       {"V001", "V014", "V025", "V028", "V043", "V044", "V058", "V121", "V122", "V142", "V143", "V158"}) {
    Words found = look(vector_frame(id)).deviations;
    std::erase(found, "crc-lower-case");  // V058 was sent by a device
    EXPECT_THAT(found, ElementsAre()) << id;
  }
  EXPECT_THAT(look(real_time(kGoodArea)).deviations, ElementsAre());
  EXPECT_THAT(look(real_time(kGoodArea), {}, 5 * 60 * 1000).deviations, ElementsAre());
}

TEST(Conformance, AFrameInCipherIsJudgedByItsTextInClear) {
  DeviceSettings settings;
  settings.keys = {kKeyOfExamples};
  const Look opened = look(vector_frame("V005"), settings);
  EXPECT_THAT(opened.deviations, ElementsAre());
  EXPECT_TRUE(opened.traits.contains("encryption=cipher"));
  EXPECT_TRUE(opened.traits.contains("crc=hj"));
  // Without the key nothing is said about CRC and area.
  const Look closed = look(vector_frame("V005"));
  EXPECT_THAT(closed.deviations, ElementsAre());
  EXPECT_FALSE(closed.traits.contains("crc=wrong"));
}

TEST(Conformance, EachVariantOfATraitHasAFrameThatShowsIt) {
  const auto with = [](std::string_view cn, std::string_view area) {
    return frame(fmt::format(
        "QN=20160801085857223;ST=32;CN={};PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&{}&&", cn, area));
  };
  const std::vector<std::pair<std::string, std::string>> shown{
      {vector_frame("V001"), "crc=hj"},
      {vector_frame("V089"), "crc=modbus"},
      {vector_frame("V130"), "crc=modbus-le"},
      {vector_frame("V046"), "crc=wrong"},
      {vector_frame("V140"), "crc=absent"},
      {vector_frame("V001"), "crc-case=upper"},
      {vector_frame("V112"), "crc-case=lower"},
      {vector_frame("V089"), "version=0"},
      {vector_frame("V001"), "version=1"},
      {vector_frame("V002"), "version=2"},
      {frame("QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=A;Flag=13;CP=&&&&"), "version=other"},
      {vector_frame("V106"), "version=no-flag"},
      {vector_frame("V001"), "qn=17-digits"},
      {vector_frame("V068"), "qn=epoch-ms"},
      {vector_frame("V047"), "qn=missing"},
      {frame("ST=91;CN=9011;PW=123456;MN=ABCDEFG1234567;CP=&&QN=20160801085857223;QnRtn=1&&"), "qn=in-area"},
      {vector_frame("V110"), "qn=other"},
      {vector_frame("V001"), "header-order=standard"},
      {vector_frame("V133"), "header-order=flag-behind"},
      {vector_frame("V110"), "header-order=other"},
      {vector_frame("V001"), "line-end=crlf"},
      {vector_frame("V050"), "line-end=lf"},
      {vector_frame("V166"), "line-end=none"},
      {vector_frame("V001").substr(0, 111) + "**\r\n", "line-end=decorated"},
      {with("3020", "DataTime=20160801062035;PolId=w01018;i11001-Info=//清洗管路//"), "text=utf-8"},
      {vector_frame("V172"), "text=gbk"},
      {vector_frame("V043"), "data-time=14-digits"},
      {vector_frame("V050"), "data-time=fraction"},
      {vector_frame("V116"), "data-time=missing"},
      {with("2011", "DataTime=2016-08-01;w01018-Rtd=1"), "data-time=other"},
      {vector_frame("V047"), "codes=2005"},
      {vector_frame("V043"), "codes=2017"},
      {vector_frame("V104"), "codes=mixed"},
      {vector_frame("V001"), "mn=24-hex"},
      {vector_frame("V047"), "mn=14-characters"},
      {vector_frame("V121"), "mn=surface-water"},
      {vector_frame("V173"), "mn=empty"},
      {vector_frame("V055"), "mn=other"},
      {vector_frame("V158"), "heartbeat=9015"},
      {vector_frame("V073"), "heartbeat=9021"},
      {vector_frame("V116"), "heartbeat=empty-2011"},
      {with("8011", ""), "heartbeat=8011"},
      {vector_frame("V003"), "encryption=clear"},
      {vector_frame("V005"), "encryption=cipher"},
  };
  std::set<std::string> covered;
  for (const auto& [bytes, trait] : shown) {
    const std::set<std::string> traits = look(bytes).traits;
    if (trait == "mn=other") {
      EXPECT_TRUE(traits.contains("mn=14-characters") || traits.contains("mn=other")) << bytes;
    } else {
      EXPECT_TRUE(traits.contains(trait)) << trait << " is not shown by " << bytes;
    }
    covered.insert(trait);
  }
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    for (std::size_t variant = 0; variant < kMaxVariants; ++variant) {
      const std::string_view word = variant_name(static_cast<Trait>(trait), variant);
      if (word.empty()) continue;
      EXPECT_TRUE(covered.contains(fmt::format("{}={}", name(static_cast<Trait>(trait)), word))) << word;
    }
  }
}

TEST(ProfileGuess, OneFrameGivesTheDialectThatTheFrameShows) {
  for (const auto& vector : read_vectors(MJ_TESTDATA "/vectors.tsv")) {
    FrameReader reader;
    const FrameReading& reading = reader.read(as_bytes(vector.frame), {});
    if (reading.verdict == Verdict::not_a_frame || reading.verdict == Verdict::header_incomplete) continue;
    EXPECT_EQ(name(look(vector.frame).guess.dialect), name(dialect_of(reading.header))) << vector.id;
  }
}

TEST(ProfileGuess, FollowsWhatPrevails) {
  const auto guess = [](const std::vector<std::pair<std::string, int>>& frames) {
    TraitCounts counts;
    FrameReader reader;
    for (const auto& [id, times] : frames) {
      const std::string bytes = vector_frame(id);
      for (int i = 0; i < times; ++i) {
        TraitCounts one;
        (void)examine(reader, reader.read(as_bytes(bytes), {}), shipped_protocol(), Instant(), 0, one);
        counts.add(one);
      }
    }
    return guess_profile(counts);
  };
  const ProfileGuess modbus = guess({{"V089", 3}, {"V094", 2}, {"V046", 4}});  // a wrong CRC does not compete
  EXPECT_EQ(modbus.crc, CrcRule::modbus);
  EXPECT_EQ(modbus.dialect, Dialect::v2005);
  EXPECT_EQ(modbus.frames, 9U);
  EXPECT_EQ(guess({{"V130", 1}}).crc, CrcRule::modbus_le);
  EXPECT_EQ(guess({{"V140", 2}, {"V001", 1}}).crc, CrcRule::off);

  const ProfileGuess surface = guess({{"V121", 5}, {"V122", 5}, {"V001", 1}});
  EXPECT_TRUE(surface.surface_water);
  EXPECT_EQ(surface.dialect, Dialect::v2017);
  const ProfileGuess newest = guess({{"V142", 2}, {"V158", 2}, {"V143", 1}});
  EXPECT_FALSE(newest.surface_water);
  EXPECT_EQ(newest.dialect, Dialect::v2025);

  const ProfileGuess grounds = guess({{"V001", 3}, {"V112", 1}});
  const auto& order = grounds.grounds;
  const auto of = [&order](Trait trait) {
    return std::find_if(order.begin(), order.end(), [trait](const auto& ground) { return ground.trait == trait; });
  };
  ASSERT_NE(of(Trait::crc_case), order.end());
  EXPECT_EQ(variant_name(Trait::crc_case, of(Trait::crc_case)->variant), "upper");
  EXPECT_EQ(of(Trait::crc_case)->seen, 3U);
  EXPECT_EQ(of(Trait::crc_case)->of, 4U);
  EXPECT_EQ(of(Trait::heartbeat), order.end());
  EXPECT_TRUE(guess_profile({}).grounds.empty());
  EXPECT_EQ(guess_profile({}).dialect, Dialect::unknown);
}

}  // namespace
}  // namespace mj::hj212
