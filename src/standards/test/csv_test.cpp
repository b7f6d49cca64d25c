#include "csv.hpp"

#include <gtest/gtest.h>

namespace mj::standards {
namespace {

TEST(Csv, ReadsCommentsHeaderAndQuotedCells) {
  const auto table = read_csv("# note\ncode,name\nw01018,\"COD, total\"\r\n\nx,\"say \"\"ok\"\"\"\n", "t.csv");
  ASSERT_TRUE(table) << table.error().text();
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->rows[0].cells[1], "COD, total");
  EXPECT_EQ(table->rows[0].line, 3U);
  EXPECT_EQ(table->rows[1].cells[1], "say \"ok\"");
  EXPECT_EQ(table->rows[1].line, 5U);
}

TEST(Csv, NamesTheLineOfABrokenRow) {
  EXPECT_NE(read_csv("a,b\n1,2\n3\n", "t.csv").error().text().find("t.csv:3"), std::string::npos);
  EXPECT_NE(read_csv("a,b\n\"1,2\n", "t.csv").error().text().find("t.csv:2"), std::string::npos);
  EXPECT_FALSE(read_csv("a,a\n", "t.csv"));
  EXPECT_FALSE(read_csv("# only a comment\n", "t.csv"));
}

}  // namespace
}  // namespace mj::standards
