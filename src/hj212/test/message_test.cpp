#include "mj/hj212/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <concepts>

#include "mj/hj212/framer.hpp"
#include "shipped_protocol.hpp"

namespace mj::hj212 {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;

Header header_of(std::string_view segment) { return read_header(segment).header; }
template <std::same_as<std::string> Temporary>
Header header_of(Temporary&& segment) = delete;  // a header is made of views

std::vector<Field> fields_of(std::string_view cp) {
  std::vector<Field> fields;
  read_fields(cp, fields);
  return fields;
}

TEST(Header, IsReadInTheOrderOfTheStandard) {
  // HJ 212-2017 C.50, first of two packets.
  const auto reading = read_header(
      "QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=1;"
      "CP=&&DataTime=20160801080000;w00000-Cou=63.0&&");
  EXPECT_EQ(reading.error, "");
  EXPECT_EQ(reading.header.qn, "20160801085857534");
  EXPECT_EQ(reading.header.st, "32");
  EXPECT_EQ(reading.header.cn, "2061");
  EXPECT_EQ(reading.header.pw, "123456");
  EXPECT_EQ(reading.header.mn, "010000A8900016F000169DC0");
  ASSERT_TRUE(reading.header.flag.has_value());
  EXPECT_EQ(reading.header.flag->version(), 1);
  EXPECT_TRUE(reading.header.flag->split());
  EXPECT_TRUE(reading.header.flag->ack());
  EXPECT_EQ(reading.header.pnum, "2");
  EXPECT_EQ(reading.header.pno, "1");
  EXPECT_EQ(reading.header.rf, std::nullopt);
  EXPECT_EQ(reading.header.cp, "DataTime=20160801080000;w00000-Cou=63.0");
}

TEST(Header, FieldsMayComeInAnyOrderAndBehindTheDataArea) {
  const Header header =
      header_of("ST=32;CN=1012;QN=20201222115733219;MN=ABCDEFG;PW=123456;CP=&&PolId=w01018&&;Flag=5");
  EXPECT_EQ(header.qn, "20201222115733219");
  EXPECT_EQ(header.mn, "ABCDEFG");
  EXPECT_EQ(header.cp, "PolId=w01018");
  ASSERT_TRUE(header.flag.has_value());
  EXPECT_EQ(header.flag->raw, 5);
}

TEST(Header, MissingAndForeignSeparatorsAreUnderstood) {
  {
    // HJ 212-2017 C.19 prints "Flag=5CP=".
    const Header header = header_of("QN=20160802000000001;ST=32;CN=2041;PW=123456;MN=A;Flag=5CP=&&SB1-RT=1.1&&");
    ASSERT_TRUE(header.flag.has_value());
    EXPECT_EQ(header.flag->raw, 5);
    EXPECT_EQ(header.cp, "SB1-RT=1.1");
  }
  {
    // HJ 212-2017 C.22 prints "QN=…,ST=".
    const Header header = header_of("QN=20160802000000001,ST=32;CN=2031;PW=123456;,MN=A;Flag=5;CP=&&&&");
    EXPECT_EQ(header.qn, "20160802000000001");
    EXPECT_EQ(header.st, "32");
    EXPECT_EQ(header.pw, "123456");
    EXPECT_EQ(header.mn, "A");
  }
  {
    const Header header = header_of("QN=20160802000000001ST=32CN=2031PW=123456MN=A01Flag=5CP=&&&&");
    EXPECT_EQ(header.qn, "20160802000000001");
    EXPECT_EQ(header.st, "32");
    EXPECT_EQ(header.cn, "2031");
    EXPECT_EQ(header.pw, "123456");
    EXPECT_EQ(header.mn, "A01");
    EXPECT_EQ(header.flag->raw, 5);
    EXPECT_EQ(header.cp, "");
  }
}

TEST(Header, BlanksAndOtherCaseAreUnderstood) {
  // HJ 212-2017 C.43 prints "; Flag=5".
  const Header header = header_of("qn=20160801085857223; st = 32 ;Cn=3020;PW=123456;MN=A; FLAG=5;cp= && &&");
  EXPECT_EQ(header.qn, "20160801085857223");
  EXPECT_EQ(header.st, "32");
  EXPECT_EQ(header.cn, "3020");
  ASSERT_TRUE(header.flag.has_value());
  EXPECT_EQ(header.flag->raw, 5);
  EXPECT_EQ(header.cp, " ");
}

TEST(Header, TheDataAreaHasItsOwnGrammar) {
  // Bare Flag, PNUM and PNO inside the data area are not header fields.
  const Header header =
      header_of("ST=22;CN=2011;PW=123456;MN=A;CP=&&DataTime=20160801085857;Flag=N;PNUM=1;PNO=11;QN=7&&");
  EXPECT_FALSE(header.flag.has_value());
  EXPECT_EQ(header.pnum, std::nullopt);
  EXPECT_EQ(header.qn, std::nullopt);
}

TEST(Header, AnAreaWithSingleOrDoubledDelimitersIsRead) {
  EXPECT_EQ(header_of("CN=2011;CP=&DataTime=1&").cp, "DataTime=1");
  EXPECT_EQ(header_of("CN=2011;CP=&DataTime=1&&").cp, "DataTime=1");
  EXPECT_EQ(header_of("CN=9014;CP=&&&&QN=5;CN=2051&&").cp, "QN=5;CN=2051");
  EXPECT_EQ(header_of("CN=9014;CP=&&&&QN=5").qn, "5");
  EXPECT_EQ(header_of("CN=2011;CP=&&a&&b&&").cp, "a&&b");  // ciphertext may contain the delimiter
}

TEST(Header, EmptyValuesArePresentAndAbsentOnesAreNot) {
  const Header header = header_of("ST=32;CN=2011;PW=;MN=;CP=&&&&");
  EXPECT_EQ(header.pw, "");
  EXPECT_EQ(header.mn, "");
  EXPECT_EQ(header.qn, std::nullopt);
  EXPECT_FALSE(header.flag.has_value());
}

TEST(Header, TheErrorSaysWhatIsMissing) {
  EXPECT_THAT(read_header("ST=32;CP=&&&&").error, testing::HasSubstr("CN"));
  EXPECT_THAT(read_header("ST=32;CN=20A1;CP=&&&&").error, testing::HasSubstr("four digits"));
  EXPECT_THAT(read_header("ST=32;CN=2011;").error, testing::HasSubstr("CP"));
  EXPECT_NE(read_header("").error, "");
  EXPECT_EQ(read_header("CN=2011;CP=&&&&").error, "");
}

TEST(Header, AFlagThatIsNoByteIsAbsent) {
  EXPECT_FALSE(header_of("CN=2011;Flag=256;CP=&&&&").flag.has_value());
  EXPECT_FALSE(header_of("CN=2011;Flag=N;CP=&&&&").flag.has_value());
  EXPECT_EQ(header_of("CN=2011;Flag=255;CP=&&&&").flag->raw, 255);
}

TEST(Fields, AreGroupedByThePrefixNotBySeparators) {
  EXPECT_THAT(fields_of("DataTime=20240601085857;a00000-Rtd=33471.0,a34013-Rtd=12.34;a34013-Flag=N"),
              ElementsAre(FieldsAre("", "DataTime", "20240601085857"), FieldsAre("a00000", "Rtd", "33471.0"),
                          FieldsAre("a34013", "Rtd", "12.34"), FieldsAre("a34013", "Flag", "N")));
}

TEST(Fields, KeepDuplicatesEmptyValuesAndUnknownNames) {
  EXPECT_THAT(
      fields_of("PolId=101,CTime=04,CTime=10;e01001-Rtd=1.1;e01001-Rtd=2.2;a01006-Rtd=,cpm-Avg=57;junk;"),
      ElementsAre(FieldsAre("", "PolId", "101"), FieldsAre("", "CTime", "04"), FieldsAre("", "CTime", "10"),
                  FieldsAre("e01001", "Rtd", "1.1"), FieldsAre("e01001", "Rtd", "2.2"),
                  FieldsAre("a01006", "Rtd", ""), FieldsAre("cpm", "Avg", "57"), FieldsAre("", "junk", "")));
}

TEST(Fields, BlanksAroundNamesAndValuesAreRemoved) {
  // HJ 212-2017 C.25, C.34, C.42 print such blanks.
  EXPECT_THAT(fields_of(" DataTime=20160801085857; LA-Rtd=50.1;i12003-Info =0;VaseNo=1 "),
              ElementsAre(FieldsAre("", "DataTime", "20160801085857"), FieldsAre("LA", "Rtd", "50.1"),
                          FieldsAre("i12003", "Info", "0"), FieldsAre("", "VaseNo", "1")));
  EXPECT_TRUE(fields_of("").empty());
  EXPECT_TRUE(fields_of("  ").empty());
  EXPECT_TRUE(fields_of(";;").empty());
}

TEST(Fields, ALogTextMayContainSeparators) {
  EXPECT_THAT(fields_of("PolId=w01018;i11001-Info=//pump on; a=1, b//;i12001-Info=0"),
              ElementsAre(FieldsAre("", "PolId", "w01018"), FieldsAre("i11001", "Info", "//pump on; a=1, b//"),
                          FieldsAre("i12001", "Info", "0")));
  EXPECT_THAT(fields_of("i11001-Info=//not closed;i12001-Info=0"),
              ElementsAre(FieldsAre("i11001", "Info", "//not closed"), FieldsAre("i12001", "Info", "0")));
}

TEST(DataTime, IsReadWithAndWithoutAFraction) {
  // 2016-08-01 08:58:57 in Beijing is 00:58:57 UTC: 1470013137 seconds since the epoch.
  EXPECT_EQ(read_data_time("20160801085857"), Instant::from_ms(1470013137000));
  EXPECT_EQ(read_data_time(" 20160801085857 "), Instant::from_ms(1470013137000));
  EXPECT_EQ(read_data_time("201608010858575"), Instant::from_ms(1470013137500));
  EXPECT_EQ(read_data_time("20160801085857223"), Instant::from_ms(1470013137223));
  EXPECT_EQ(read_data_time("2016080108585"), std::nullopt);
  EXPECT_EQ(read_data_time("20161301085857"), std::nullopt);
  EXPECT_EQ(read_data_time("1617936069734"), std::nullopt);
  EXPECT_EQ(read_data_time(""), std::nullopt);
}

TEST(DialectOf, FollowsTheVersionBits) {
  const auto dialect = [](std::string_view segment) { return dialect_of(header_of(segment)); };
  EXPECT_EQ(dialect("QN=1;ST=32;CN=2011;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&"), Dialect::v2017);
  EXPECT_EQ(dialect("QN=1;ST=32;CN=2011;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&"), Dialect::v2025);
  EXPECT_EQ(dialect("QN=1;ST=91;CN=9013;MN=;Flag=8;CP=&&&&"), Dialect::v2025);
  EXPECT_EQ(dialect("QN=1;ST=22;CN=1072;MN=ABCDEFG1234567;Flag=3;CP=&&PW=654321&&"), Dialect::v2005);
  EXPECT_EQ(dialect("QN=1;ST=22;CN=1072;MN=ABCDEFG1234567;Flag=12;CP=&&&&"), Dialect::unknown);
}

TEST(DialectOf, TheSurfaceWaterProfileUsesVersionTwoWithItsOwnNumbers) {
  const auto dialect = [](std::string_view segment) { return dialect_of(header_of(segment)); };
  EXPECT_EQ(dialect("QN=1;ST=21;CN=2061;MN=A110000_0001;Flag=9;CP=&&&&"), Dialect::v2017);
  EXPECT_EQ(dialect("QN=1;ST=91;CN=9014;MN=A110000_0001;Flag=8;CP=&&&&"), Dialect::v2017);
  EXPECT_EQ(dialect("QN=1;ST=21;CN=2061;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&"), Dialect::v2025);
}

TEST(DialectOf, WithoutVersionBitsTheFormDecides) {
  const auto dialect = [](std::string_view segment) { return dialect_of(header_of(segment)); };
  EXPECT_EQ(dialect("ST=32;CN=2011;PW=1;MN=LD130133000015;CP=&&DataTime=20160824003817;B01-Rtd=36.91&&"),
            Dialect::v2005);
  EXPECT_EQ(dialect("ST=31;CN=2061;MN=7;Flag=0;CP=&&B02-Min=1;a24088-Min=2&&"), Dialect::v2005);
  EXPECT_EQ(dialect("QN=1;ST=22;CN=2051;MN=HJ;CP=&&DataTime=1;a34001-Avg=0.1&&"), Dialect::v2017);
  EXPECT_EQ(dialect("QN=1;ST=32;CN=1012;MN=A;CP=&&PolId=w01018&&;Flag=0"), Dialect::v2017);
  EXPECT_EQ(dialect("QN=1;ST=32;CN=9021;MN=A;CP=&&&&"), Dialect::unknown);
}

TEST(Answer, HasTheFormOfTheStandard) {
  // Request of HJ 212-2017 C.14; the answer printed there, CRC by the algorithm of appendix A.
  const Header header =
      header_of("QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&");
  EXPECT_EQ(
      answer_frame(header, Answer::data_reply_9014),
      "##0087QN=20160801085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&3240\r\n");
  EXPECT_EQ(answer_frame(header, Answer::none), "");
}

TEST(Answer, CarriesTheCrcOfTheDevicesProfile) {
  const Header header =
      header_of("QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&");
  for (const auto rule : {CrcRule::hj, CrcRule::modbus, CrcRule::modbus_le, CrcRule::off}) {
    const std::string bytes = answer_frame(header, Answer::data_reply_9014, rule);
    const std::string_view segment = std::string_view(bytes).substr(6, bytes.size() - 12);
    const CrcCheck crc = check_crc(segment, std::string_view(bytes).substr(bytes.size() - 6, 4));
    EXPECT_TRUE(accepts(rule == CrcRule::off ? CrcRule::hj : rule, crc, segment)) << name(rule);
  }
}

TEST(Answer, CopiesWhatTheDeviceSentByteForByte) {
  const Header header = header_of("QN=1617936069734;ST=21;CN=9015;PW=;MN=A110000_0001;Flag=9;CP=&&&&");
  const std::string bytes = answer_frame(header, Answer::notice_reply_9013);
  EXPECT_THAT(bytes, testing::HasSubstr("QN=1617936069734;ST=91;CN=9013;PW=;MN=A110000_0001;Flag=8;CP=&&&&"));
}

TEST(Answer, IsAFrameThatNeedsNoAnswer) {
  EXPECT_TRUE(rc::check("an answer frames, reads back and is not answered", [] {
    const int flag = *rc::gen::inRange(0, 256);
    const auto mn = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789ABCDEFab_")));
    const std::string request =
        fmt::format("QN=20160801085857223;ST=32;CN=2011;PW=123456;MN={};Flag={};CP=&&&&", mn, flag);
    const Header header = header_of(request);
    const std::string bytes = answer_frame(header, Answer::data_reply_9014);
    Framer framer;
    framer.push(as_bytes(bytes));
    const auto piece = framer.next();
    RC_ASSERT(piece.has_value());
    RC_ASSERT(piece->framed && piece->crc.match == CrcMatch::hj && piece->deviations.none());
    const Header answer = header_of(piece->segment);
    RC_ASSERT(answer.qn == header.qn && answer.mn == mn && answer.cn == "9014" && answer.st == "91");
    RC_ASSERT(answer.flag->version() == header.flag->version() && !answer.flag->ack() && !answer.flag->split());
    RC_ASSERT(shipped_protocol().answer_for(answer, *answer.cp) == Answer::none);
  }));
}

TEST(Text, Utf8IsKeptAndGbkRecoded) {
  EXPECT_EQ(to_utf8("清洗管路").text, "清洗管路");
  EXPECT_FALSE(to_utf8("清洗管路").recoded);
  const Utf8Text gbk = to_utf8("//\xC7\xE5\xCF\xB4\xB9\xDC\xC2\xB7//");  // the same in GB 2312
  EXPECT_EQ(gbk.text, "//清洗管路//");
  EXPECT_TRUE(gbk.recoded);
  EXPECT_EQ(to_utf8("a\xFFz").text, "a\xEF\xBF\xBDz");
  EXPECT_EQ(to_utf8("\xED\xA0\x80").recoded, true);  // a surrogate is no UTF-8 (RFC 3629 §3)
  EXPECT_EQ(to_utf8("\xC0\x80").recoded, true);      // nor is an overlong form
}

}  // namespace
}  // namespace mj::hj212
