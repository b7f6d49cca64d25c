#include <gtest/gtest.h>

#include "conformance_report.hpp"

namespace mj::api::test {
namespace {

// Source of the quoting: RFC 4180 §2.
TEST(CsvCell, IsQuotedWhenItHoldsASeparatorAQuoteOrALineEnd) {
  EXPECT_EQ(csv_cell("plain 文本"), "plain 文本");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_cell(""), "");
}

TEST(CsvCell, OfAStrangerIsNoFormulaToASpreadsheet) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_cell("-cmd,x"), "\"'-cmd,x\"");
}

TEST(CsvCell, ADeviceNumberOfDigitsKeepsThem) {
  EXPECT_EQ(csv_cell("88888880000001"), "88888880000001\t");
  EXPECT_EQ(csv_cell("0100"), "0100\t");
  EXPECT_EQ(csv_cell("1234567890E12"), "1234567890E12\t");
  EXPECT_EQ(csv_cell("42"), "42");
  EXPECT_EQ(csv_cell("010000A8900016F000169DC0"), "010000A8900016F000169DC0");
}

}  // namespace
}  // namespace mj::api::test
