#include "mj/simulator/misbehaviour.hpp"

#include <gtest/gtest.h>

#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"
#include "wire.hpp"

namespace mj::simulator {
namespace {

hj212::Outgoing upload() {
  hj212::Outgoing message;
  message.qn = "20160801085857223";
  message.st = "32";
  message.cn = "2011";
  message.pw = "123456";
  message.mn = "010000A8900016F000169DC0";
  message.flag = 5;
  message.area = "DataTime=20160801085857;w01018-Rtd=50.1,w01018-Flag=N";
  return message;
}

struct Written {
  std::vector<Emission> line;
  std::string bytes;
  Misdeeds done;
  std::vector<hj212::Piece> pieces;
  std::vector<std::string> segments;
};

Written write(Misdeed misdeed, const hj212::Outgoing& message) {
  Written written;
  written.done.set(static_cast<std::size_t>(misdeed));
  write_frame(message, hj212::CrcRule::hj, nullptr, written.done, written.line);
  for (const Emission& each : written.line) written.bytes += each.bytes;
  hj212::Framer framer;
  framer.push(as_bytes(written.bytes));
  framer.finish();
  while (const auto piece = framer.next()) {
    written.pieces.push_back(*piece);
    written.segments.emplace_back(piece->segment);
    written.pieces.back().segment = {};
    written.pieces.back().bytes = {};
  }
  return written;
}

hj212::CrcMatch crc_of(Misdeed misdeed) {
  const Written written = write(misdeed, upload());
  EXPECT_EQ(written.pieces.size(), 1U);
  return written.pieces.empty() ? hj212::CrcMatch::absent : written.pieces[0].crc.match;
}

TEST(Misbehaviour, a_frame_without_misdeeds_is_that_of_the_codec) {
  Misdeeds none;
  std::vector<Emission> line;
  write_frame(upload(), hj212::CrcRule::hj, nullptr, none, line);
  ASSERT_EQ(line.size(), 1U);
  EXPECT_EQ(line[0].bytes, hj212::frame(upload(), hj212::CrcRule::hj));
}

TEST(Misbehaviour, each_wrong_crc_is_classified_as_what_it_is) {
  EXPECT_EQ(crc_of(Misdeed::crc_wrong), hj212::CrcMatch::none);
  EXPECT_EQ(crc_of(Misdeed::crc_modbus), hj212::CrcMatch::modbus);
  EXPECT_EQ(crc_of(Misdeed::crc_modbus_le), hj212::CrcMatch::modbus_le);
  EXPECT_EQ(crc_of(Misdeed::crc_lower_case), hj212::CrcMatch::hj);
}

TEST(Misbehaviour, a_lower_case_crc_counts_only_when_it_has_letters) {
  int with_letters = 0;
  for (int i = 0; i < 50; ++i) {
    hj212::Outgoing message = upload();
    message.area = fmt::format("DataTime=20160801085857;w01018-Rtd={}", i);
    const Written written = write(Misdeed::crc_lower_case, message);
    const std::string digits = written.bytes.substr(written.bytes.size() - 6, 4);
    const bool letters = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'a' && c <= 'f'; });
    EXPECT_EQ(written.done.any(), letters) << digits;
    EXPECT_EQ(digits.find_first_of("ABCDEF"), std::string::npos);
    with_letters += letters ? 1 : 0;
  }
  EXPECT_GT(with_letters, 5);
}

TEST(Misbehaviour, a_lying_length_is_seen_by_the_framer) {
  const Written two = write(Misdeed::length_wrong, upload());
  const std::size_t actual = hj212::segment(upload()).size();
  EXPECT_EQ(two.bytes.substr(2, 4), fmt::format("{:04}", actual + 2));
  ASSERT_EQ(two.pieces.size(), 1U);
  EXPECT_TRUE(two.pieces[0].framed) << "recovered by the tail";
  EXPECT_EQ(two.segments[0], hj212::segment(upload()));
  EXPECT_EQ(write(Misdeed::length_huge, upload()).bytes.substr(0, 6), "##9999");
}

TEST(Misbehaviour, line_ends_and_junk_are_around_a_frame_that_is_whole) {
  EXPECT_EQ(write(Misdeed::line_end_missing, upload()).bytes.back(),
            hj212::frame(upload(), hj212::CrcRule::hj).rbegin()[2]);
  const std::string lf = write(Misdeed::line_end_lf, upload()).bytes;
  EXPECT_EQ(lf.back(), '\n');
  EXPECT_NE(lf[lf.size() - 2], '\r');
  const Written junk = write(Misdeed::junk, upload());
  ASSERT_EQ(junk.pieces.size(), 2U);
  EXPECT_FALSE(junk.pieces[0].framed);
  EXPECT_TRUE(junk.pieces[1].framed);
  for (const Misdeed each : {Misdeed::line_end_missing, Misdeed::line_end_lf}) {
    const Written written = write(each, upload());
    ASSERT_EQ(written.pieces.size(), 1U) << name(each);
    EXPECT_TRUE(written.pieces[0].framed) << name(each);
    EXPECT_EQ(written.pieces[0].crc.match, hj212::CrcMatch::hj) << name(each);
  }
}

TEST(Misbehaviour, header_habits_keep_every_field_and_a_right_crc) {
  for (const Misdeed each :
       {Misdeed::header_order, Misdeed::flag_missing, Misdeed::flag_after_area, Misdeed::qn_epoch,
        Misdeed::name_upper_case, Misdeed::trailing_separator, Misdeed::data_time_long}) {
    const Written written = write(each, upload());
    ASSERT_EQ(written.pieces.size(), 1U) << name(each);
    EXPECT_EQ(written.pieces[0].crc.match, hj212::CrcMatch::hj) << name(each);
    EXPECT_NE(written.segments[0], hj212::segment(upload())) << name(each);
    const hj212::Header header = hj212::read_header(written.segments[0]).header;
    EXPECT_EQ(header.cn, "2011") << name(each);
    EXPECT_EQ(header.mn, "010000A8900016F000169DC0") << name(each);
    EXPECT_EQ(header.flag.has_value(), each != Misdeed::flag_missing) << name(each) << written.segments[0];
    // 2016-08-01 08:58:57.223 Beijing in milliseconds since 1970, by `date -d`.
    EXPECT_EQ(header.qn, each == Misdeed::qn_epoch ? "1470013137223" : "20160801085857223") << name(each);
  }
  EXPECT_TRUE(write(Misdeed::header_order, upload()).segments[0].starts_with("ST=32;CN=2011;QN="));
  EXPECT_NE(write(Misdeed::flag_after_area, upload()).segments[0].find("&&;Flag=5"), std::string::npos);
  EXPECT_NE(write(Misdeed::data_time_long, upload()).segments[0].find("DataTime=20160801085857000;"),
            std::string::npos);
  EXPECT_NE(write(Misdeed::trailing_separator, upload()).segments[0].find("Flag=N;&&"), std::string::npos);
}

// The GBK bytes of 清洗管路 are those of the vector derived from HJ 212-2017 C.40.
TEST(Misbehaviour, logs_in_gbk_are_counted_in_bytes) {
  hj212::Outgoing log = upload();
  log.cn = "3020";
  log.area = "DataTime=20160801062035;PolId=w01018;i11001-Info=//清洗管路//";
  const Written written = write(Misdeed::log_gbk, log);
  ASSERT_EQ(written.pieces.size(), 1U);
  EXPECT_EQ(written.pieces[0].crc.match, hj212::CrcMatch::hj);
  EXPECT_NE(written.segments[0].find("//\xC7\xE5\xCF\xB4\xB9\xDC\xC2\xB7//"), std::string::npos);
  EXPECT_TRUE(write(Misdeed::log_gbk, upload()).done.none()) << "there is no log in it";
}

TEST(Misbehaviour, half_frames_are_cut_and_the_rest_comes_later_or_never) {
  const std::string whole = hj212::frame(upload(), hj212::CrcRule::hj);
  const Written later = write(Misdeed::half_then_rest, upload());
  ASSERT_EQ(later.line.size(), 2U);
  EXPECT_EQ(later.bytes, whole);
  EXPECT_GE(later.line[1].pause_ms, 500);
  const Written never = write(Misdeed::half_forever, upload());
  ASSERT_EQ(never.line.size(), 1U);
  EXPECT_EQ(never.bytes, whole.substr(0, whole.size() / 2));
  EXPECT_FALSE(never.pieces.empty() || never.pieces[0].framed);
}

TEST(Misbehaviour, duplicates_are_the_same_bytes_and_glued_frames_wait_for_company) {
  const std::string whole = hj212::frame(upload(), hj212::CrcRule::hj);
  EXPECT_EQ(write(Misdeed::duplicate, upload()).bytes, whole + whole);
  const Written glued = write(Misdeed::glued, upload());
  EXPECT_EQ(glued.bytes, whole);
  EXPECT_TRUE(glued.line[0].with_next);
}

// HJ 212-2025 as reported: the CRC is that of the clear segment, the length does not change.
TEST(Misbehaviour, a_misdeed_of_an_encrypted_frame_keeps_the_area_in_cipher) {
  const auto key = hj212::parse_sm4_key("0123456789abcdef");
  ASSERT_TRUE(key);
  Misdeeds deeds;
  deeds.set(static_cast<std::size_t>(Misdeed::line_end_lf));
  std::vector<Emission> line;
  write_frame(upload(), hj212::CrcRule::hj, &*key, deeds, line);
  std::string expected = hj212::frame(upload(), hj212::CrcRule::hj, &*key);
  expected.erase(expected.size() - 2, 1);
  EXPECT_EQ(line[0].bytes, expected);
}

TEST(Misbehaviour, probabilities_are_kept_and_equal_seeds_draw_equally) {
  Misbehaviour behaviour;
  behaviour.set(Misdeed::junk, 0.25F);
  behaviour.set(Misdeed::duplicate, 1);
  std::uint64_t random = 5;
  std::uint64_t again = 5;
  int junk = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Misdeeds drawn = draw(behaviour, random);
    EXPECT_EQ(drawn, draw(behaviour, again));
    EXPECT_TRUE(has(drawn, Misdeed::duplicate));
    junk += has(drawn, Misdeed::junk) ? 1 : 0;
  }
  EXPECT_NEAR(junk, 2'500, 250);
}

TEST(Misbehaviour, words_of_scenarios_are_read_back) {
  for (std::size_t i = 0; i < kMisdeedCount; ++i) {
    const auto misdeed = static_cast<Misdeed>(i);
    EXPECT_EQ(parse_misdeed(name(misdeed)), misdeed);
  }
  EXPECT_EQ(parse_misdeed("crc_wrong"), std::nullopt);
}

}  // namespace
}  // namespace mj::simulator
