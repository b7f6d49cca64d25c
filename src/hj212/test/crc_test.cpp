#include "mj/hj212/crc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>

namespace mj::hj212 {
namespace {

// The algorithm of HJ 212-2017 appendix A, transcribed step by step, as an independent reference.
std::uint16_t by_the_letter(std::string_view text) {
  unsigned crc = 0xFFFF;
  for (const char c : text) {
    crc = (crc >> 8U) ^ static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) {
      const unsigned low = crc & 1U;
      crc >>= 1U;
      if (low == 1) crc ^= 0xA001U;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

std::uint16_t modbus_by_the_letter(std::string_view text) {
  unsigned crc = 0xFFFF;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xA001U : crc >> 1U;
  }
  return static_cast<std::uint16_t>(crc);
}

constexpr std::string_view kOfficial2017 =
    "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
constexpr std::string_view kOfficial2025 =
    "QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";

TEST(Crc, GivesTheValuesPrintedInTheStandards) {
  EXPECT_EQ(crc_hj(kOfficial2017), 0x1C80);  // HJ 212-2017 appendix A, frame
  EXPECT_EQ(crc_hj(kOfficial2025), 0x2200);  // HJ 212-2025 appendix A.1
}

TEST(Crc, GivesTheCheckValuesOfBothAlgorithms) {
  EXPECT_EQ(crc_hj("123456789"), 0x2F80);
  EXPECT_EQ(crc_modbus("123456789"), 0x4B37);  // catalogue check value of CRC-16/MODBUS
  EXPECT_EQ(crc_hj(""), 0xFFFF);
  EXPECT_EQ(crc_modbus(""), 0xFFFF);
  EXPECT_EQ(crc_hj(std::string_view("\0", 1)), 0x4040);
  EXPECT_EQ(crc_modbus(std::string_view("\0", 1)), 0x40BF);
  EXPECT_EQ(crc_modbus(kOfficial2017), 0x0759);
  EXPECT_EQ(crc_modbus(kOfficial2025), 0xCCF4);
}

TEST(Crc, FoldingEightBytesAtATimeChangesNothing) {
  EXPECT_TRUE(rc::check("crc_hj and crc_modbus equal the algorithm by the letter", [](const std::string& text) {
    RC_ASSERT(crc_hj(text) == by_the_letter(text));
    RC_ASSERT(crc_modbus(text) == modbus_by_the_letter(text));
  }));
}

TEST(Crc, KnowsWhichAlgorithmFits) {
  EXPECT_EQ(check_crc(kOfficial2017, "1C80").match, CrcMatch::hj);
  EXPECT_EQ(check_crc(kOfficial2017, "1c80").match, CrcMatch::hj);
  EXPECT_EQ(check_crc(kOfficial2017, "0759").match, CrcMatch::modbus);
  EXPECT_EQ(check_crc(kOfficial2017, "5907").match, CrcMatch::modbus_le);
  EXPECT_EQ(check_crc(kOfficial2017, "1C08").match, CrcMatch::none);  // the misprint of the standard's prose
  EXPECT_EQ(check_crc(kOfficial2017, "").match, CrcMatch::absent);
  EXPECT_EQ(check_crc(kOfficial2017, "1C08").hj, 0x1C80);
}

TEST(Crc, ReadsACrcPrintedWithoutLeadingZeros) {
  const std::string_view segment =
      "QN=20160801085857223;ST=32;CN=1012;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
      "CP=&&PolId=w01018;SystemTime=20160801085857&&";
  ASSERT_EQ(crc_hj(segment), 0x0880);
  EXPECT_EQ(check_crc(segment, "880").match, CrcMatch::hj);
}

TEST(Crc, ARuleAcceptsItsOwnAlgorithmOnly) {
  EXPECT_TRUE(accepts(CrcRule::hj, CrcMatch::hj));
  EXPECT_FALSE(accepts(CrcRule::hj, CrcMatch::modbus));
  EXPECT_FALSE(accepts(CrcRule::hj, CrcMatch::absent));
  EXPECT_TRUE(accepts(CrcRule::modbus, CrcMatch::modbus));
  EXPECT_FALSE(accepts(CrcRule::modbus, CrcMatch::modbus_le));
  EXPECT_TRUE(accepts(CrcRule::off, CrcMatch::none));
  EXPECT_TRUE(accepts(CrcRule::off, CrcMatch::absent));
}

TEST(Crc, RuleWordsAreRead) {
  EXPECT_EQ(parse_crc_rule("hj"), CrcRule::hj);
  EXPECT_EQ(parse_crc_rule("modbus"), CrcRule::modbus);
  EXPECT_EQ(parse_crc_rule("modbus-le"), CrcRule::modbus_le);
  EXPECT_EQ(parse_crc_rule("off"), CrcRule::off);
  EXPECT_EQ(parse_crc_rule("HJ"), std::nullopt);
}

}  // namespace
}  // namespace mj::hj212
