#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zip.h>

#include <fstream>

#include "cell_format.hpp"
#include "mj/workbook/sheet.hpp"
#include "sample_sheets.hpp"

namespace mj::workbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string kept(const std::string& name) {
  std::ifstream in(std::string(MJ_TESTDATA) + "/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

using Members = std::vector<std::pair<std::string, std::string>>;

/// A zip archive of these files, by libzip.
std::string zipped(const Members& members) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(memory);
  zip_t* archive = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
  for (const auto& [name, text] : members) {
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_OVERWRITE);
  }
  EXPECT_EQ(zip_close(archive), 0);
  zip_source_open(memory);
  zip_source_seek(memory, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(memory)), '\0');
  zip_source_seek(memory, 0, SEEK_SET);
  zip_source_read(memory, bytes.data(), bytes.size());
  zip_source_close(memory);
  zip_source_free(memory);
  return bytes;
}

/// A workbook whose only sheet holds these rows (XML).
Members members_of(const std::string& rows) {
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  return {{"_rels/.rels", "<R><R Id='a' Type='" + type + "officeDocument' Target='xl/workbook.xml'/></R>"},
          {"xl/workbook.xml",
           "<workbook xmlns:r='r'><sheets><sheet name='S' sheetId='1' r:id='b'/></sheets></workbook>"},
          {"xl/_rels/workbook.xml.rels", "<R><R Id='b' Type='" + type + "worksheet' Target='s.xml'/></R>"},
          {"xl/s.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
}

std::string refusal(const std::string& bytes, std::size_t max_bytes = 256U << 20) {
  const auto sheet = read(bytes, max_bytes);
  EXPECT_FALSE(sheet);
  return sheet ? "" : sheet.error().text();
}

constexpr const char* kHeader = "<row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row>";

// Written by Python's zipfile (testdata/README.md). 46082 is 2026-03-01: Python, date(1899,12,30)+timedelta(46082).
TEST(Xlsx, AWorkbookOfAnotherProgramIsRead) {
  const auto sheet = read(kept("other_program.xlsx"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(sheet->name, "点位");
  EXPECT_THAT(sheet->columns, ElementsAre("编号", "名称", "投运", "时间", "浓度", "启用"));
  ASSERT_EQ(sheet->rows.size(), 2U);
  EXPECT_EQ(sheet->rows[0].line, 5U);
  EXPECT_THAT(sheet->rows[0].cells,
              ElementsAre("500109", " 两端有空格 ", "2026-03-01", "2026-03-01T08:00:00", "19.9", "true"));
  EXPECT_EQ(sheet->rows[1], (Row{7, {"500109x", "", "1900-03-01", "", "", ""}}));
}

// 0.5 days after 1904-01-01 in a workbook that counts from there (ISO/IEC 29500-1 §18.17.4.1).
TEST(Xlsx, CellsWithoutReferencesStandOneBehindTheOther) {
  const auto sheet = read(kept("without_references.xlsx"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_THAT(sheet->columns, ElementsAre("a", "b", "c"));
  ASSERT_EQ(sheet->rows.size(), 2U);
  EXPECT_EQ(sheet->rows[0], (Row{3, {"0.001", "1904-01-01T12:00:00", "7.00"}}));
  EXPECT_EQ(sheet->rows[1], (Row{4, {"", "1500", ""}}));
}

// ISO/IEC 29500-1 §18.17.4.1, and Python for the days: date(1899,12,30) + timedelta(n).
TEST(Xlsx, SerialDaysAreTheDaysOfTheCalendar) {
  const CellFormat day{.date = true};
  const CellFormat both{.date = true, .time = true};
  EXPECT_EQ(date_text(1, day, false), "1900-01-01");
  EXPECT_EQ(date_text(59, day, false), "1900-02-28");
  EXPECT_EQ(date_text(60, day, false), std::nullopt);  // 1900 had no 29th of February
  EXPECT_EQ(date_text(61, day, false), "1900-03-01");
  EXPECT_EQ(date_text(36526, day, false), "2000-01-01");
  EXPECT_EQ(date_text(2958465, day, false), "9999-12-31");
  EXPECT_EQ(date_text(2958466, day, false), std::nullopt);
  EXPECT_EQ(date_text(-1, day, false), std::nullopt);
  EXPECT_EQ(date_text(46082, both, false), "2026-03-01T00:00:00");
  EXPECT_EQ(date_text(46082.999999, day, false), "2026-03-02");  // a tenth of a second before midnight
  EXPECT_EQ(date_text(0.75, {.time = true}, false), "18:00:00");
}

TEST(Xlsx, FormatsThatShowADayAreToldFromThoseThatDoNot) {
  for (const char* code : {"yyyy-mm-dd", "m/d/yy", "yyyy\"年\"m\"月\"", "[$-804]d/m/yyyy;@", "mmm"})
    EXPECT_TRUE(format_of_code(code).date && !format_of_code(code).time) << code;
  for (const char* code : {"h:mm", "mm:ss", "[h]:mm:ss", "上午/下午h\"时\"mm\"分\""})
    EXPECT_TRUE(!format_of_code(code).date && format_of_code(code).time) << code;
  for (const char* code :
       {"General", "0.00", "#,##0", "0\"days\"", "\\d0", "[Red]0", "0.0E+00", "@", "[Yellow]0.0"})
    EXPECT_TRUE(!format_of_code(code).date && !format_of_code(code).time) << code;
  EXPECT_EQ(format_of_code("#,##0.000").decimals, 3);
  EXPECT_EQ(format_of_code("0.00%").decimals, 0);
}

TEST(Xlsx, WhatIsWrittenReadsBackTheSame) {
  EXPECT_TRUE(rc::check([] {
    const Sheet sheet = any_sheet();
    const auto bytes = write_xlsx({&sheet, 1});
    RC_ASSERT(bytes.has_value());
    const auto again = read(*bytes);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->columns == sheet.columns);
    RC_ASSERT(cells_of(*again) == cells_of(sheet));
  }));
}

TEST(Xlsx, FiguresBecomeNumbersWithTheDigitsTheyShow) {
  const Sheet sheet{"figures",
                    {"value", "code", "mixed", "long"},
                    {{2, {"12.30", "0500", "1.5", "123456789012345678"}},
                     {3, {"-0.5", "0600", "", "1"}},
                     {4, {"", "0700", "-", "2"}},
                     {5, {"7", "0800", "3", "3"}}}};
  const auto bytes = write_xlsx({&sheet, 1});
  ASSERT_TRUE(bytes) << bytes.error().text();
  const auto again = read(*bytes);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(cells_of(*again), cells_of(sheet));
  const auto page = [&] {
    zip_error_t error;
    zip_error_init(&error);
    zip_t* archive =
        zip_open_from_source(zip_source_buffer_create(bytes->data(), bytes->size(), 0, &error), 0, &error);
    zip_file_t* file = zip_fopen(archive, "xl/worksheets/sheet1.xml", 0);
    std::string text(100'000, '\0');
    text.resize(static_cast<std::size_t>(zip_fread(file, text.data(), text.size())));
    zip_fclose(file);
    zip_discard(archive);
    return text;
  }();
  EXPECT_THAT(page, HasSubstr("<v>12.3</v>"));             // a number
  EXPECT_THAT(page, Not(HasSubstr("<v>500</v>")));         // the code 0500 stays text
  EXPECT_THAT(page, Not(HasSubstr("1.23456789012346E")));  // more digits than a double holds stay text
  EXPECT_THAT(page, HasSubstr("state=\"frozen\""));
  EXPECT_THAT(page, HasSubstr("<autoFilter ref=\"A1:D5\"/>"));
}

TEST(Xlsx, SeveralSheetsGetNamesThatSpreadsheetsAccept) {
  const Sheet sheet{"a/b:[c] 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十", {"x"}, {{2, {"1"}}}};
  const std::vector<Sheet> three{sheet, sheet, Sheet{"", {"y"}, {}}};
  const auto bytes = write_xlsx(three);
  ASSERT_TRUE(bytes) << bytes.error().text();
  const auto first = read(*bytes);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_THAT(first->name, testing::StartsWith("a b  c  一二三"));
}

TEST(Xlsx, WhatNoWorkbookHoldsIsRefused) {
  const Sheet long_cell{"s", {"a"}, {{2, {std::string(40'000, 'x')}}}};
  const auto refused = write_xlsx({&long_cell, 1});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("line 2, column A"));
  const Sheet no_text{"s", {"a"}, {{2, {"\xFF"}}}};
  EXPECT_FALSE(write_xlsx({&no_text, 1}));
}

TEST(Xlsx, AFaultNamesLineAndColumn) {
  const auto with = [](const std::string& row) { return refusal(zipped(members_of(kHeader + row))); };
  EXPECT_THAT(with("<row r='5'><c r='B5' t='e'><v>#REF!</v></c></row>"),
              HasSubstr("line 5, column B: the cell holds the error #REF!"));
  EXPECT_THAT(with("<row><c t='s'><v>9</v></c></row>"),
              HasSubstr("line 2, column A: there is no shared string 9"));
  EXPECT_THAT(with("<row><c><v>1</v></c><c><v>abc</v></c></row>"),
              HasSubstr("line 2, column B: abc is no number"));
  EXPECT_THAT(with("<row><c><v>1e999</v></c></row>"), HasSubstr("is no number"));
  EXPECT_THAT(with("<row><c r='D2'><v>1</v></c></row>"),
              HasSubstr("line 2, column D: a cell beyond the last column"));
  EXPECT_THAT(with("<row r='1'/>"), HasSubstr("not in order"));
  EXPECT_THAT(with("<row><c r='B2'><v>1</v></c><c r='A2'><v>1</v></c></row>"), HasSubstr("not in order"));
  EXPECT_THAT(with("<row><c r='XFE2'><v>1</v></c></row>"), HasSubstr("more than 16384 columns"));
  EXPECT_THAT(with("<row r='99999999999'><c><v>1</v></c></row>"), HasSubstr("more rows"));
}

TEST(Xlsx, ArchivesThatAreNoWorkbookAreRefused) {
  EXPECT_THAT(refusal(zipped({{"a.txt", "hello"}})), HasSubstr("no XLSX workbook"));
  EXPECT_THAT(refusal("PK\x03\x04 nothing"), HasSubstr("the workbook is damaged"));
  Members members = members_of(kHeader);
  members[1].second = "<workbook/>";
  EXPECT_THAT(refusal(zipped(members)), HasSubstr("no visible worksheet"));
  members = members_of(kHeader);
  members[3].second = "<worksheet><sheetData>";
  EXPECT_THAT(refusal(zipped(members)), HasSubstr("xl/s.xml is no XML"));
  members.pop_back();
  EXPECT_THAT(refusal(zipped(members)), HasSubstr("no part xl/s.xml"));
}

// 60 MB of blanks pack into 60 KB; the sizes that the archive states are not believed.
TEST(Xlsx, AZipBombIsRefusedWhileItUnpacks) {
  Members members = members_of(kHeader + std::string(60'000'000, ' '));
  const std::string bytes = zipped(members);
  ASSERT_LT(bytes.size(), 200'000U);
  EXPECT_THAT(refusal(bytes, 1U << 20), HasSubstr("too large"));
  members[3].second = std::string(80'000'000, ' ');
  EXPECT_THAT(refusal(zipped(members)), HasSubstr("too large"));
}

// XML entities that multiply are never expanded.
TEST(Xlsx, EntitiesOfADocumentTypeAreNotExpanded) {
  Members members = members_of("<row><c t='str'><v>&b;</v></c></row>");
  members[3].second = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>" + members[3].second;
  const auto sheet = read(zipped(members));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_THAT(sheet->columns, ElementsAre("&b;"));
}

TEST(Xlsx, ATruncatedWorkbookIsRefusedWhereverItIsCut) {
  const std::string bytes = kept("other_program.xlsx");
  for (std::size_t size = 4; size < bytes.size(); size += 3)
    EXPECT_FALSE(read(std::string_view(bytes).substr(0, size))) << size;
}

}  // namespace
}  // namespace mj::workbook
