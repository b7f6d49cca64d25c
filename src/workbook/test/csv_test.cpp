#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zstd.h>

#include "mj/workbook/sheet.hpp"
#include "sample_sheets.hpp"
#include "table_builder.hpp"

namespace mj::workbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Sheet good(std::string_view bytes) {
  const auto sheet = read(bytes);
  EXPECT_TRUE(sheet) << sheet.error().text();
  return sheet ? *sheet : Sheet{};
}

std::string fault(std::string_view bytes) {
  const auto sheet = read(bytes);
  EXPECT_FALSE(sheet);
  return sheet ? "" : sheet.error().text();
}

TEST(Csv, RowsKeepTheLineOnWhichTheyStand) {
  const Sheet sheet = good("# from the department\n\nid,name\r\n1,a\r\n\r\n2,\"b\nb\"\n3,c");
  EXPECT_THAT(sheet.columns, ElementsAre("id", "name"));
  ASSERT_EQ(sheet.rows.size(), 3U);
  EXPECT_EQ(sheet.rows[0], (Row{4, {"1", "a"}}));
  EXPECT_EQ(sheet.rows[1], (Row{6, {"2", "b\nb"}}));
  EXPECT_EQ(sheet.rows[2], (Row{8, {"3", "c"}}));
}

// RFC 4180 §2.5–2.7 and §2.4: "Spaces are considered part of a field and should not be ignored".
TEST(Csv, QuotesCommasAndBlanksAreThoseOfTheRfc) {
  const Sheet sheet = good("\"aaa\",\"b\"\"bb\",\"c,c\"\n x ,\"\", \n");
  EXPECT_THAT(sheet.columns, ElementsAre("aaa", "b\"bb", "c,c"));
  ASSERT_EQ(sheet.rows.size(), 1U);
  EXPECT_THAT(sheet.rows[0].cells, ElementsAre(" x ", "", " "));
}

// 监测点,浓度 / 北碚,12 in GBK, by `iconv -t GBK`; 𠮷 exists in GB 18030 only.
TEST(Csv, GbkAndByteOrderMarksAreReadAsUtf8) {
  const Sheet gbk = good("\xBC\xE0\xB2\xE2\xB5\xE3,\xC5\xA8\xB6\xC8\n\xB1\xB1\xED\xD5,12\n");
  EXPECT_THAT(gbk.columns, ElementsAre("监测点", "浓度"));
  EXPECT_EQ(gbk.rows[0].cells[0], "北碚");
  EXPECT_EQ(good("a\n\xB1\xB1\x95\x34\xB2\x35\n").rows[0].cells[0], "北𠮷");
  EXPECT_THAT(good("\xEF\xBB\xBFid\n1\n").columns, ElementsAre("id"));
}

TEST(Csv, BytesThatAreNoTextAreRefusedWithTheirLine) {
  EXPECT_THAT(fault("a,b\n1,\xFF\xFF\n"), HasSubstr("line 2: the text is neither UTF-8 nor GBK"));
  EXPECT_THAT(fault(std::string_view("a\n\0\n", 4)), HasSubstr("line 2: a zero byte"));
  EXPECT_THAT(fault(std::string_view("\xFF\xFE\x61\0", 4)), HasSubstr("UTF-16"));
  EXPECT_THAT(fault("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), HasSubstr(".xls"));
  EXPECT_THAT(fault(""), HasSubstr("no header"));
}

TEST(Csv, AFaultNamesLineAndColumn) {
  EXPECT_THAT(fault("a,b,c\n1,2,3\n1,2\n"), HasSubstr("line 3: the row has 2 cells, the header 3; c is missing"));
  EXPECT_THAT(fault("a,b\n1,2,3\n"), HasSubstr("line 2, column C"));
  EXPECT_THAT(fault("a,b\n1,x\"y\n"), HasSubstr("line 2, column B: broken quoting"));
  EXPECT_THAT(fault("a,b\n1,\"open\n2,3\n"), HasSubstr("line 2, column B: broken quoting"));
  EXPECT_THAT(fault("a,b,a\n"), HasSubstr("line 1, column C: a second column with the name a"));
  EXPECT_THAT(fault("a,,c\n"), HasSubstr("line 1, column B: the column has no name"));
}

TEST(Csv, EmptyColumnsAndRowsOfASpreadsheetArePassedOver) {
  const Sheet sheet = good("a,b,,\n1,2,,\n,,,\n3,,,\n");
  EXPECT_THAT(sheet.columns, ElementsAre("a", "b"));
  ASSERT_EQ(sheet.rows.size(), 2U);
  EXPECT_EQ(sheet.rows[1], (Row{4, {"3", ""}}));
}

TEST(Csv, AMillionColumnsAreRefused) {
  EXPECT_THAT(fault(std::string(1'000'000, ',') + "a\n"), HasSubstr("more than 16384 columns"));
  EXPECT_THAT(fault("a\n" + std::string(1'000'000, ',') + "a\n"), HasSubstr("columns"));
}

TEST(Csv, MoreCellsThanMemoryAllowsAreRefused) {
  TableBuilder table;
  table.short_rows = true;
  table.max_cells = 10;
  ASSERT_TRUE(table.add(1, {"a", "b", "c"}));
  for (std::size_t line = 2; line < 5; ++line) ASSERT_TRUE(table.add(line, {"1"}));
  const Status refused = table.add(5, {"1"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("line 5: the table is too large; at most 10 cells are read"));
}

TEST(Csv, ZstdIsUnpackedUpToTheLimit) {
  std::string text = "a,b\n";
  while (text.size() < 5'000'000) text += "12345,67890\n";
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  EXPECT_EQ(good(packed).rows.size(), (text.size() - 4) / 12);
  const auto refused = read(packed, 4'000'000);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("too large: more than 4000000 bytes"));
  EXPECT_THAT(fault(packed.substr(0, packed.size() - 9)), HasSubstr("zstd frame"));
}

// OWASP, "CSV injection": cells that begin with = + - @, tab or carriage return are run by spreadsheets.
TEST(Csv, NoCellThatIsWrittenStartsAFormula) {
  const Sheet sheet{"s",
                    {"text"},
                    {{2, {"=1+1"}},
                     {3, {"+86 23"}},
                     {4, {"@SUM(A1)"}},
                     {5, {"-cmd|' /C calc'!A0"}},
                     {6, {"\t=1"}},
                     {7, {"-12.5"}},
                     {8, {"'=1"}},
                     {9, {"'plain"}}}};
  const std::string text = write_csv(sheet);
  EXPECT_THAT(
      text,
      HasSubstr("\r\n'=1+1\r\n'+86 23\r\n'@SUM(A1)\r\n'-cmd|' /C calc'!A0\r\n'\t=1\r\n-12.5\r\n''=1\r\n'plain"));
  EXPECT_TRUE(text.starts_with("\xEF\xBB\xBF"));
  const Sheet again = good(text);
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) EXPECT_EQ(again.rows[i].cells, sheet.rows[i].cells);
}

TEST(Csv, WhatIsWrittenReadsBackTheSame) {
  EXPECT_TRUE(rc::check([] {
    const Sheet sheet = any_sheet();
    const auto again = read(write_csv(sheet));
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->columns == sheet.columns);
    RC_ASSERT(cells_of(*again) == cells_of(sheet));
  }));
}

TEST(Csv, ARowThatIsTooShortIsFoundWhereverItStands) {
  EXPECT_TRUE(rc::check([] {
    const auto height = *rc::gen::inRange<std::size_t>(1, 50);
    const auto broken = *rc::gen::inRange<std::size_t>(0, height);
    Sheet sheet{"s", {"a", "b\nb", "c"}, std::vector<Row>(height, Row{0, {"x", "y", "z"}})};
    sheet.rows[broken].cells.pop_back();
    const auto refused = read(write_csv(sheet));
    RC_ASSERT(!refused.has_value());
    RC_ASSERT(refused.error().text().starts_with(fmt::format("line {}: the row has 2 cells", broken + 3)));
  }));
}

}  // namespace
}  // namespace mj::workbook
