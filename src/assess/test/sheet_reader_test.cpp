#include "sheet_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sheet_text.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

// RFC 4180: whatever is written is read again, wherever the stream is cut.
RC_GTEST_PROP(SheetReader, ReadsWhatTheWriterWroteHoweverTheBytesArrive, ()) {
  using Row = std::vector<std::string>;
  const auto cell = rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', ' ', '#', '7', '\r'));
  const auto rows = *rc::gen::container<std::vector<Row>>(rc::gen::container<Row>(3, cell));
  std::string text;
  SheetWriter writer(
      [&text](std::string_view piece) -> Status {
        text += piece;
        return {};
      },
      SheetFormat::csv, {"a", "b", "c"});
  for (const Row& row : rows) {
    // A row of one empty cell after another is a blank line in no program: keep one visible.
    writer.text("x" + row[0]).text(row[1]).text(row[2]);
    RC_ASSERT(writer.end_row().has_value());
  }
  RC_ASSERT(writer.finish().has_value());
  SheetReader reader(pieces_of(text, *rc::gen::inRange<std::size_t>(1, 20)));
  RC_ASSERT(reader.open().has_value());
  for (const Row& row : rows) {
    RC_ASSERT(reader.next().value());
    RC_ASSERT(reader.cell(0) == "x" + row[0]);
    RC_ASSERT(reader.cell(1) == row[1]);
    RC_ASSERT(reader.cell(2) == row[2]);
  }
  RC_ASSERT(!reader.next().value());
}

TEST(SheetReader, NamesOfColumnsAreComparedWithoutCaseDotsAndBlanks) {
  SheetReader reader(pieces_of(" PM2.5 ,Code\r\n1,2"));
  ASSERT_TRUE(reader.open());
  EXPECT_EQ(reader.find("pm25"), 0U);
  EXPECT_EQ(reader.find("code"), 1U);
  ASSERT_TRUE(reader.next().value());
  EXPECT_EQ(reader.cell(1), "2");  // the last line needs no line feed
  EXPECT_FALSE(reader.next().value());
}

TEST(SheetReader, WhatWasNotDetectedIsToldFromWhatIsMissing) {
  SheetReader reader(pieces_of("v\n0.004L\n<0.01\nND\nNA\n0\n"));
  ASSERT_TRUE(reader.open());
  const auto next = [&] { return reader.next().value() ? reader.measured(0).value() : std::nullopt; };
  const auto first = next();
  EXPECT_TRUE(first && first->below_detection && first->value == (Decimal{4, 3}));
  const auto second = next();
  EXPECT_TRUE(second && second->below_detection && second->value == (Decimal{1, 2}));
  EXPECT_TRUE(next()->below_detection);
  EXPECT_FALSE(next());
  const auto zero = next();
  EXPECT_TRUE(zero && !zero->below_detection && zero->value.mantissa == 0);
}

TEST(SheetReader, FailureOfTheSourceIsPassedOn) {
  SheetReader reader(
      [](std::span<char>) -> Result<std::size_t> { return Error(ErrorCode::unavailable, "torn wire"); });
  EXPECT_EQ(reader.open().error().text(), "torn wire");
}

}  // namespace
}  // namespace mj::assess
