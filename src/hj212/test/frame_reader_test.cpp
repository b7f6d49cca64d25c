#include "mj/hj212/frame_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <map>

#include "mj/hj212/compose.hpp"
#include "vector_reader.hpp"

namespace mj::hj212 {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using namespace std::string_literals;

const Sm4Key kOld = *parse_sm4_key("0000000000000000");
const Sm4Key kNew = *parse_sm4_key("ABCDEFGH12345678");

const std::string kIntervalSegment =
    "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";

std::string sample(std::string_view id) {
  for (const auto& vector : read_vectors(MJ_TESTDATA "/vectors.tsv")) {
    if (vector.id == id) return vector.frame;
  }
  return {};
}

Outgoing minute_record(std::string area) {
  return {.qn = "20240520210700000",
          .st = "31",
          .cn = "2051",
          .pw = "123456",
          .mn = "010000A8900016F000169DC0",
          .flag = 9,
          .pnum = {},
          .pno = {},
          .rf = false,
          .area = std::move(area)};
}

TEST(FrameReader, ReadsAFrameInClear) {
  FrameReader reader;
  const std::string bytes = sample("V001");
  const FrameReading& reading = reader.read(as_bytes(bytes), {});
  EXPECT_EQ(reading.verdict, Verdict::good);
  EXPECT_EQ(reading.error, "");
  EXPECT_EQ(reading.header.mn, "010000A8900016F000169DC0");
  EXPECT_EQ(reading.area, "RtdInterval=30");
  EXPECT_EQ(reading.crc, CrcMatch::hj);
  EXPECT_FALSE(reading.encrypted);
  EXPECT_THAT(reader.fields(), ElementsAre(FieldsAre("", "RtdInterval", "30")));
}

TEST(FrameReader, OpensTheExamplesInCipherOfHj2122025) {
  FrameReader reader;
  DeviceSettings settings;
  settings.keys = {kOld};
  for (const auto& [cipher, clear] :
       std::vector<std::pair<std::string, std::string>>{{"V005", "V003"}, {"V007", "V006"}}) {
    const std::string bytes = sample(cipher);
    const FrameReading& reading = reader.read(as_bytes(bytes), settings);
    EXPECT_EQ(reading.verdict, Verdict::good) << cipher;
    EXPECT_TRUE(reading.encrypted);
    EXPECT_EQ(reading.key, 0U);
    EXPECT_EQ(reading.crc, CrcMatch::hj);
    EXPECT_THAT(sample(clear), testing::HasSubstr("&&" + std::string(reading.area) + "&&"));
    EXPECT_THAT(reader.fields(), testing::Contains(FieldsAre("a01014", "Min", "3.20")));
  }
}

TEST(FrameReader, HonoursOlderKeysAndSaysWhichOpened) {
  FrameReader reader;
  DeviceSettings settings;
  settings.keys = {kNew, kOld};
  const std::string under_old = sample("V005");
  EXPECT_EQ(reader.read(as_bytes(under_old), settings).key, 1U);
  const std::string under_new =
      frame(minute_record("DataTime=20240520210600;a01011-Rtd=1.35"), CrcRule::hj, &kNew);
  const FrameReading& reading = reader.read(as_bytes(under_new), settings);
  EXPECT_EQ(reading.verdict, Verdict::good);
  EXPECT_TRUE(reading.encrypted);
  EXPECT_EQ(reading.key, 0U);
}

TEST(FrameReader, WithoutTheRightKeyAFrameInCipherIsNotDecrypted) {
  FrameReader reader;
  const std::string bytes = sample("V005");
  DeviceSettings settings;
  EXPECT_EQ(reader.read(as_bytes(bytes), settings).verdict, Verdict::not_decrypted);
  EXPECT_EQ(reader.read(as_bytes(bytes), settings).area, "");
  EXPECT_TRUE(reader.fields().empty());
  settings.keys = {kNew};
  EXPECT_EQ(reader.read(as_bytes(bytes), settings).verdict, Verdict::not_decrypted);
  settings.keys = {kOld};
  settings.profile.encryption = Encryption::off;
  EXPECT_EQ(reader.read(as_bytes(bytes), settings).verdict, Verdict::not_decrypted);
}

TEST(FrameReader, AFrameInClearIsReadWithKeysAtHandToo) {
  FrameReader reader;
  DeviceSettings settings;
  settings.keys = {kNew, kOld};
  const std::string bytes = sample("V003");
  const FrameReading& reading = reader.read(as_bytes(bytes), settings);
  EXPECT_EQ(reading.verdict, Verdict::good);
  EXPECT_FALSE(reading.encrypted);
  std::string wrong = bytes;
  wrong.replace(wrong.size() - 6, 4, "2201");
  EXPECT_EQ(reader.read(as_bytes(wrong), settings).verdict, Verdict::crc_wrong);
}

TEST(FrameReader, CiphertextWhoseOwnCrcFitsByChanceIsStillOpened) {
  // The CRC has 256 values, so one area in 256 gives the same in cipher and in clear. The first of them:
  FrameReader reader;
  DeviceSettings settings;
  settings.keys = {kNew};
  int found = 0;
  for (int number = 0; number < 5000 && found < 3; ++number) {
    const std::string area = fmt::format("DataTime=20240520210600;a{:05}-Rtd=1.35", number);
    const Outgoing message = minute_record(area);
    const std::string bytes = frame(message, CrcRule::hj, &kNew);
    const std::string_view segment = std::string_view(bytes).substr(6, bytes.size() - 12);
    if (crc_hj(segment) != crc_hj(hj212::segment(message))) continue;
    ++found;
    const FrameReading& reading = reader.read(as_bytes(bytes), settings);
    EXPECT_EQ(reading.verdict, Verdict::good);
    EXPECT_TRUE(reading.encrypted);
    EXPECT_EQ(reading.area, area);
  }
  EXPECT_EQ(found, 3);
}

TEST(FrameReader, AWrongKeyNeverOpensAFrame) {
  EXPECT_TRUE(rc::check("one frame in 256 passes the CRC under a wrong key, none passes as text", [] {
    const auto key = *parse_sm4_key(*rc::gen::container<std::string>(16, rc::gen::arbitrary<char>()));
    const auto value = *rc::gen::inRange(0, 1000000);
    DeviceSettings settings;
    settings.keys = {kOld};
    RC_PRE(!(key == kOld));
    FrameReader reader;
    const std::string bytes =
        frame(minute_record(fmt::format("DataTime=20240520210600;a01011-Rtd={},a01011-Flag=N", value)),
              CrcRule::hj, &key);
    RC_ASSERT(reader.read(as_bytes(bytes), settings).verdict != Verdict::good || !reader.fields().empty());
    RC_ASSERT(!reader.read(as_bytes(bytes), settings).encrypted);
  }));
}

TEST(FrameReader, CiphertextMayHoldHeadsDelimitersAndLineEnds) {
  // A clear text is made whose cipher holds the bytes wanted: its block is the decryption of them. The device would
  // never write such a text, so the CRC is put over it and the frame is framed, not opened.
  const std::string nasty = "##0012QN=1;&&1C80\r\n##0000&&1C80\r\n&&##9999\r\n\x01\xFF"s;
  const std::string cipher = decrypt_area(kOld, std::string(16, '\x02')) + nasty + std::string(13, '\x03');
  const std::string clear_first =
      "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&";
  const std::string bytes =
      fmt::format("##{:04}{}{}&&ABCD\r\n", clear_first.size() + cipher.size() + 2, clear_first, cipher);
  FrameReader reader;
  const FrameReading& reading = reader.read(as_bytes(bytes), {});
  EXPECT_EQ(reading.verdict, Verdict::not_decrypted);
  EXPECT_EQ(reading.header.cp, cipher);

  Framer framer;
  framer.push(as_bytes(bytes + sample("V001")));
  const auto first = framer.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->bytes, bytes);
  const auto second = framer.next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->segment, kIntervalSegment);
}

TEST(FrameReader, AnyAreaInCipherIsReadBack) {
  EXPECT_TRUE(rc::check("compose in cipher, glue, cut, open: the area comes back", [] {
    const auto key = *parse_sm4_key(*rc::gen::container<std::string>(16, rc::gen::arbitrary<char>()));
    const auto names = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a01011-Rtd=1.35", "w01018-Flag=N", "LA-Rtd=50.1", "i11001-Info=//a;b//"));
    std::string area = "DataTime=20240520210600";
    for (const auto& field : names) area += ";" + field;
    DeviceSettings settings;
    settings.keys = {kOld, key};
    const std::string bytes = frame(minute_record(area), CrcRule::hj, &key);
    Framer framer;
    framer.push(as_bytes(bytes + bytes));
    FrameReader reader;
    for (int i = 0; i < 2; ++i) {
      const auto piece = framer.next();
      RC_ASSERT(piece.has_value());
      RC_ASSERT(piece->bytes == bytes);
      const FrameReading& reading = reader.read(*piece, settings);
      RC_ASSERT(reading.verdict == Verdict::good);
      RC_ASSERT(reading.encrypted);
      RC_ASSERT(reading.area == area);
    }
  }));
}

TEST(FrameReader, TheCrcRuleOfTheProfileDecides) {
  FrameReader reader;
  DeviceSettings settings;
  const std::string modbus = sample("V164");
  EXPECT_EQ(reader.read(as_bytes(modbus), settings).verdict, Verdict::crc_wrong);
  EXPECT_EQ(reader.read(as_bytes(modbus), settings).crc, CrcMatch::modbus);
  settings.profile.crc = CrcRule::modbus;
  EXPECT_EQ(reader.read(as_bytes(modbus), settings).verdict, Verdict::good);
  const std::string standard = sample("V001");
  EXPECT_EQ(reader.read(as_bytes(standard), settings).verdict, Verdict::crc_wrong);
  settings.profile.crc = CrcRule::off;
  EXPECT_EQ(reader.read(as_bytes(standard), settings).verdict, Verdict::good);
}

TEST(FrameReader, ThePasswordIsReportedOrRejectedAsTheProfileSays) {
  FrameReader reader;
  const std::string bytes = sample("V001");  // PW=100000
  DeviceSettings settings;
  EXPECT_FALSE(reader.read(as_bytes(bytes), settings).password_differs);
  settings.profile.password = "100000";
  settings.profile.password_rule = PasswordRule::reject;
  EXPECT_EQ(reader.read(as_bytes(bytes), settings).verdict, Verdict::good);
  for (const auto* other : {"100001", "10000", "1000000", "x"}) {
    settings.profile.password = other;
    settings.profile.password_rule = PasswordRule::reject;
    EXPECT_EQ(reader.read(as_bytes(bytes), settings).verdict, Verdict::password_wrong) << other;
    EXPECT_TRUE(reader.read(as_bytes(bytes), settings).password_differs);
    settings.profile.password_rule = PasswordRule::report;
    EXPECT_EQ(reader.read(as_bytes(bytes), settings).verdict, Verdict::good) << other;
    EXPECT_TRUE(reader.read(as_bytes(bytes), settings).password_differs);
  }
  const std::string without = frame("QN=20160801085857223;ST=32;CN=2011;MN=A;Flag=5;CP=&&&&");
  settings.profile.password_rule = PasswordRule::reject;
  EXPECT_EQ(reader.read(as_bytes(without), settings).verdict, Verdict::password_wrong);
}

TEST(FrameReader, JunkAndIncompleteHeadersAreSaid) {
  FrameReader reader;
  EXPECT_EQ(reader.read(as_bytes("SIZE++AT\r\n"), {}).verdict, Verdict::not_a_frame);
  EXPECT_EQ(reader.read(as_bytes(""), {}).verdict, Verdict::not_a_frame);
  const std::string bytes = frame("QN=1;ST=32;CN=20;PW=1;MN=A;CP=&&&&");
  EXPECT_EQ(reader.read(as_bytes(bytes), {}).verdict, Verdict::header_incomplete);
  EXPECT_THAT(std::string(reader.read(as_bytes(bytes), {}).error), testing::HasSubstr("CN"));
}

TEST(FrameReader, ReadsTheSameBytesAloneAsInTheirStream) {
  for (const auto& vector : read_vectors(MJ_TESTDATA "/vectors.tsv")) {
    Framer framer;
    framer.push(as_bytes(vector.frame));
    framer.finish();
    while (const auto piece = framer.next()) {
      if (!piece->framed) continue;
      FrameReader by_piece;
      FrameReader by_bytes;
      const FrameReading& a = by_piece.read(*piece, {});
      const FrameReading& b = by_bytes.read(BytesView(as_bytes(piece->bytes)), {});
      EXPECT_EQ(a.verdict, b.verdict) << vector.id;
      EXPECT_EQ(a.crc, b.crc) << vector.id;
      EXPECT_EQ(a.area, b.area) << vector.id;
      EXPECT_EQ(by_piece.last_piece().deviations, by_bytes.last_piece().deviations) << vector.id;
    }
  }
}

TEST(Profile, WordsReadBack) {
  for (const auto rule : {PasswordRule::off, PasswordRule::report, PasswordRule::reject})
    EXPECT_EQ(parse_password_rule(name(rule)), rule);
  for (const auto encryption : {Encryption::off, Encryption::accepted, Encryption::required})
    EXPECT_EQ(parse_encryption(name(encryption)), encryption);
  for (const auto dialect : {Dialect::v2005, Dialect::v2017, Dialect::v2025})
    EXPECT_EQ(parse_dialect(name(dialect)), dialect);
  EXPECT_EQ(parse_password_rule("maybe"), std::nullopt);
  EXPECT_EQ(parse_encryption(""), std::nullopt);
  EXPECT_EQ(parse_dialect("unknown"), std::nullopt);
}

}  // namespace
}  // namespace mj::hj212
