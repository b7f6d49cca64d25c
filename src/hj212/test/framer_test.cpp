#include "mj/hj212/framer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

using namespace std::string_literals;

// The official frame of HJ 212-2017 appendix A; its CRC is 1C80.
const std::string kSegment =
    "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
const std::string kFrame = "##0101" + kSegment + "1C80\r\n";

/// A piece with its own memory.
struct Taken {
  std::uint64_t at = 0;
  std::string bytes;
  bool framed = false;
  std::string segment;
  CrcMatch match = CrcMatch::absent;
  std::string error;
  std::string deviation;
};

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, "; ")); }

void take_all(Framer& framer, std::vector<Taken>& pieces) {
  while (const auto piece = framer.next()) {
    pieces.push_back({piece->at, std::string(piece->bytes), piece->framed, std::string(piece->segment),
                      piece->crc.match, piece->error.text(), joined(remarks(*piece))});
  }
}

std::vector<Taken> cut(std::string_view bytes, FramerLimits limits = {}) {
  Framer framer(limits);
  std::vector<Taken> pieces;
  framer.push(as_bytes(bytes));
  framer.finish();
  take_all(framer, pieces);
  return pieces;
}

/// The pieces that are frames with a fitting CRC.
std::vector<std::string> good(const std::vector<Taken>& pieces) {
  std::vector<std::string> segments;
  for (const auto& piece : pieces) {
    if (piece.framed && piece.match == CrcMatch::hj) segments.push_back(piece.segment);
  }
  return segments;
}

TEST(Framer, ReturnsAStandardFrameWithoutRemarks) {
  const auto pieces = cut(kFrame);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_TRUE(pieces[0].framed);
  EXPECT_EQ(pieces[0].bytes, kFrame);
  EXPECT_EQ(pieces[0].segment, kSegment);
  EXPECT_EQ(pieces[0].match, CrcMatch::hj);
  EXPECT_EQ(pieces[0].error, "");
  EXPECT_EQ(pieces[0].deviation, "");
}

TEST(Framer, WaitsForTheRestOfAFrame) {
  Framer framer;
  for (std::size_t size = 0; size + 1 < kFrame.size(); ++size) {
    framer.push(as_bytes(std::string_view(kFrame).substr(size, 1)));
    EXPECT_FALSE(framer.next().has_value()) << "after " << size + 1 << " bytes";
  }
  EXPECT_EQ(framer.pending(), kFrame.size() - 1);
  framer.push(as_bytes("\n"));
  const auto piece = framer.next();
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->bytes, kFrame);
  EXPECT_EQ(framer.pending(), 0U);
}

TEST(Framer, SeparatesStickyFramesWithAndWithoutLineEnds) {
  const std::string bare = kFrame.substr(0, kFrame.size() - 2);
  const auto pieces = cut(kFrame + kFrame + bare + bare + kFrame);
  ASSERT_EQ(pieces.size(), 5U);
  EXPECT_EQ(good(pieces).size(), 5U);
  EXPECT_EQ(pieces[2].deviation, "line end missing");
  EXPECT_EQ(pieces[4].at, 2 * kFrame.size() + 2 * bare.size());
}

TEST(Framer, AcceptsOtherLineEnds) {
  const std::string bare = kFrame.substr(0, kFrame.size() - 2);
  for (const auto& [line_end, deviation] :
       std::vector<std::pair<std::string, std::string>>{{"\n", "line end is LF only"},
                                                        {"\r", "line end is CR only"},
                                                        {"**\r\n", "bytes between CRC and line end"},
                                                        {" \n", "bytes between CRC and line end"},
                                                        {"", "line end missing"}}) {
    const auto alone = cut(bare + line_end);
    ASSERT_EQ(alone.size(), 1U) << deviation;
    EXPECT_EQ(alone[0].deviation, deviation);
    const auto followed = cut(bare + line_end + kFrame);
    ASSERT_EQ(followed.size(), 2U) << deviation;
    EXPECT_EQ(good(followed).size(), 2U);
  }
}

TEST(Framer, AFrameWithAWrongCrcIsOnePieceOfItsOwn) {
  std::string wrong = kFrame;
  wrong.replace(wrong.size() - 6, 4, "1C08");
  const auto pieces = cut(wrong + kFrame);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_TRUE(pieces[0].framed);
  EXPECT_EQ(pieces[0].match, CrcMatch::none);
  EXPECT_EQ(pieces[0].bytes, wrong);
  EXPECT_EQ(pieces[0].error, "CRC 1C08 is wrong, HJ 212 gives 1C80");
  EXPECT_EQ(good(pieces).size(), 1U);
}

TEST(Framer, JunkBeforeAFrameIsOnePiece) {
  const auto pieces = cut("SIZE++AT\r\n" + kFrame);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_FALSE(pieces[0].framed);
  EXPECT_EQ(pieces[0].bytes, "SIZE++AT\r\n");
  EXPECT_FALSE(pieces[0].error.empty());
  EXPECT_EQ(good(pieces).size(), 1U);
}

TEST(Framer, ALostHeadCostsOneFrameOnly) {
  const auto pieces = cut(kFrame.substr(4) + kFrame);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_FALSE(pieces[0].framed);
  EXPECT_EQ(good(pieces).size(), 1U);
}

TEST(Framer, AHalfFrameDoesNotSwallowTheNext) {
  for (std::size_t size = 1; size < kFrame.size() - 2; ++size) {
    const auto pieces = cut(kFrame.substr(0, size) + kFrame);
    EXPECT_FALSE(good(pieces).empty()) << size << " bytes of a half frame";
    EXPECT_EQ(good(pieces).back(), kSegment) << size;
  }
}

TEST(Framer, ALostByteCostsOneFrameOnly) {
  for (std::size_t lost = 0; lost + 2 < kFrame.size(); ++lost) {
    std::string damaged = kFrame;
    damaged.erase(lost, 1);
    const auto pieces = cut(damaged + kFrame + kFrame);
    EXPECT_GE(good(pieces).size(), 2U) << "byte " << lost << " lost";
  }
}

TEST(Framer, ALyingLengthIsRecoveredByTheTailWhenTheCrcFits) {
  for (const std::size_t length : {103U, 107U, 113U, 60U, 0U, 100U, 102U, 1000U, 8000U}) {
    const auto frame_bytes = fmt::format("##{:04}{}1C80\r\n", length, kSegment);
    const auto pieces = cut(frame_bytes + kFrame);
    ASSERT_EQ(pieces.size(), 2U) << length;
    EXPECT_EQ(good(pieces).size(), 2U) << length;
    EXPECT_EQ(pieces[0].deviation, fmt::format("length {}, actual 101", length));
  }
}

TEST(Framer, ALyingLengthWithAWrongCrcIsRejected) {
  const auto pieces = cut("##0103" + kSegment + "1C08\r\n" + kFrame);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_FALSE(pieces[0].framed);
  EXPECT_THAT(pieces[0].error, testing::HasSubstr("1C08"));
  EXPECT_EQ(good(pieces).size(), 1U);
}

TEST(Framer, ALengthThatCountsTheLineEndIsAnsweredWithoutWaitingForMore) {
  Framer framer;
  framer.push(as_bytes("##0103" + kSegment + "1C80\r\n"));
  const auto piece = framer.next();
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->segment, kSegment);
}

TEST(Framer, ALongLieDoesNotStarveTheFrameBehindIt) {
  Framer framer;
  framer.push(as_bytes("##5000" + kSegment + "1C80\r\n" + kFrame));
  const auto first = framer.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->segment, kSegment);
  EXPECT_EQ(joined(remarks(*first)), "length 5000, actual 101");
  const auto second = framer.next();
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->deviations.none());
}

TEST(Framer, ALengthAboveTheCapIsRejectedAtOnce) {
  Framer framer;
  framer.push(as_bytes("##9999" + kSegment + "1C80\r\n" + kFrame));
  const auto first = framer.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(first->framed);
  EXPECT_EQ(first->bytes.size(), kFrame.size());
  EXPECT_THAT(first->error.text(), testing::HasSubstr("9999"));
  const auto second = framer.next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->segment, kSegment);
}

TEST(Framer, TheCapIsALimitOfTheCaller) {
  EXPECT_EQ(good(cut(kFrame, {.max_segment = 101})).size(), 1U);
  EXPECT_EQ(good(cut(kFrame, {.max_segment = 100})).size(), 0U);
}

TEST(Framer, ASequenceNumberBeforeTheLengthIsTolerated) {
  const auto pieces = cut("##00010101" + kSegment + "1C80\r\n");
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(good(pieces), std::vector<std::string>{kSegment});
  EXPECT_EQ(pieces[0].deviation, "sequence number before the length");
}

TEST(Framer, ACrcOfThreeCharactersIsTolerated) {
  // HJ 212-2017 C.3 with the leading zero of its CRC 0880 lost.
  const std::string segment =
      "QN=20160801085857223;ST=32;CN=1012;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
      "CP=&&PolId=w01018;SystemTime=20160801085857&&";
  const auto pieces = cut("##0125" + segment + "880\r\n" + kFrame);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].match, CrcMatch::hj);
  EXPECT_EQ(pieces[0].deviation, "CRC of 3 characters");
}

TEST(Framer, AFrameWithoutCrcIsAFrameWithoutCrc) {
  const std::string segment = "QN=20240123131014225;ST=91;CN=9014;PW=123456;MN=81733553216103;Flag=4;CP=&&&&";
  for (const std::size_t length : {segment.size(), segment.size() + 2}) {
    const auto pieces = cut(fmt::format("##{:04}{}\r\n", length, segment) + kFrame);
    ASSERT_EQ(pieces.size(), 2U) << length;
    EXPECT_TRUE(pieces[0].framed);
    EXPECT_EQ(pieces[0].segment, segment);
    EXPECT_EQ(pieces[0].match, CrcMatch::absent);
  }
}

TEST(Framer, FieldsBehindTheDataAreaBelongToTheSegment) {
  const std::string segment =
      "QN=20201222115733219;ST=32;CN=1012;PW=123456;MN=ABCDEFG;CP=&&SystemTime=20201222115733;PolId=w01018&&;Flag="
      "0";
  const auto pieces = cut(frame(segment));
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(good(pieces), std::vector<std::string>{segment});
}

TEST(Framer, CiphertextWithLineEndsAndDelimitersIsCutByLength) {
  const std::string head = "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&";
  const std::string cipher = "\xE4\x3E\r\n&&1C80\r\n##\x00\x0D&&AB"s;
  const std::string segment = head + cipher + "&&";
  const auto pieces = cut(frame(segment) + kFrame);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].segment, segment);
}

TEST(Framer, AStrayHeadDoesNotSwallowTheGoodFrameBehindIt) {
  const auto pieces = cut("##0107" + kFrame);  // its length ends exactly at the good frame's CRC
  EXPECT_EQ(good(pieces), std::vector<std::string>{kSegment});
}

TEST(Framer, EndlessJunkComesInBoundedPieces) {
  Framer framer({.max_segment = 1000});
  const std::string junk(1000, 'x');
  std::uint64_t returned = 0;
  for (int i = 0; i < 100; ++i) {
    framer.push(as_bytes(junk));
    while (const auto piece = framer.next()) {
      EXPECT_FALSE(piece->framed);
      EXPECT_EQ(piece->at, returned);
      returned += piece->bytes.size();
    }
    EXPECT_LE(framer.pending(), 1100U);
  }
  EXPECT_GT(returned, 90000U);
}

TEST(Framer, GoesOnAfterASilence) {
  Framer framer;
  std::vector<Taken> pieces;
  framer.push(as_bytes(kFrame.substr(0, 50)));
  take_all(framer, pieces);
  EXPECT_TRUE(pieces.empty());
  framer.finish();
  take_all(framer, pieces);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_THAT(pieces[0].error, testing::HasSubstr("incomplete"));
  framer.push(as_bytes(kFrame));
  take_all(framer, pieces);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_TRUE(pieces[1].framed);
  EXPECT_EQ(pieces[1].at, 50U);
}

TEST(Framer, AFrameWithALyingLengthIsTheSameBeforeTheNextHeadAndAlone) {
  // The log text holds `&&`, four digits and a line end, as if the frame ended there; its CRC does not fit, that at the
  // end does. Consumers read the stored bytes alone and must see what the gateway saw in the stream.
  const std::string segment =
      "QN=20160801085857223;ST=32;CN=3020;PW=100000;MN=010000A8900016F000169DC0;Flag=4;"
      "CP=&&DataTime=20160801085857;i11001-Info=//a&&1234\r\nb//&&";
  const std::string lying = "##5000" + frame(segment).substr(6);
  const auto in_stream = cut(lying + kFrame);
  ASSERT_EQ(in_stream.size(), 2U);
  EXPECT_EQ(in_stream[0].segment, segment);
  EXPECT_EQ(in_stream[0].match, CrcMatch::hj);
  EXPECT_EQ(in_stream[1].segment, kSegment);
  const auto alone = cut(in_stream[0].bytes);
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_EQ(alone[0].segment, segment);
  EXPECT_EQ(alone[0].match, CrcMatch::hj);
  EXPECT_EQ(alone[0].deviation, in_stream[0].deviation);
}

TEST(Framer, AFrameWithoutLineEndIsGivenAfterASilence) {
  Framer framer;
  framer.push(as_bytes(kFrame.substr(0, kFrame.size() - 2)));
  EXPECT_FALSE(framer.next().has_value());
  framer.finish();
  const auto piece = framer.next();
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->crc.match, CrcMatch::hj);
}

}  // namespace
}  // namespace mj::hj212
