#include "mj/evidence_format/tile.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj::evidence_format {
namespace {

TEST(Tile, PathsAreThoseOfTheSpecification) {
  // c2sp.org/tlog-tiles: index 1234067 is x001/x234/067.
  EXPECT_EQ((Tile{0, 1'234'067, 256}.path()), "0/x001/x234/067");
  EXPECT_EQ((Tile{3, 1'234'067, 8}.path()), "3/x001/x234/067.p/8");
  EXPECT_EQ((Tile{63, 0, 1}.path()), "63/000.p/1");
  EXPECT_EQ((Tile{std::nullopt, 0, 256}.path()), "entries/000");
  EXPECT_EQ((Tile{std::nullopt, 999, 255}.path()), "entries/999.p/255");
  EXPECT_EQ((Tile{1, 1000, 256}.path()), "1/x001/000");
  EXPECT_EQ((Tile{0, UINT64_MAX, 256}.path()), "0/x018/x446/x744/x073/x709/x551/615");
}

TEST(Tile, EverySpellingButTheOneIsRefused) {
  EXPECT_EQ(Tile::parse("3/x001/x234/067.p/8"), (Tile{3, 1'234'067, 8}));
  EXPECT_EQ(Tile::parse("0/x018/x446/x744/x073/x709/x551/615"), (Tile{0, UINT64_MAX, 256}));
  for (const std::string_view path : {"",
                                      "/",
                                      "0",
                                      "0/",
                                      "0/1",
                                      "0/01",
                                      "0/0001",
                                      "0/x001",
                                      "0/x000/001",
                                      "0/001/002",
                                      "0/x01/002",
                                      "0/X001/002",
                                      "64/000",
                                      "00/000",
                                      "-1/000",
                                      "+1/000",
                                      "a/000",
                                      "0/000.p/0",
                                      "0/000.p/256",
                                      "0/000.p/01",
                                      "0/000.p/",
                                      "0/000.p",
                                      "0/000/",
                                      "/0/000",
                                      "0//000",
                                      "0/000.p/1/",
                                      "0/x001.p/1/000",
                                      "0/000 ",
                                      "0/ 00",
                                      "0/%30%30%30",
                                      "entries/",
                                      "entries/00",
                                      "entry/000",
                                      "0/x018/x446/x744/x073/x709/x551/616",
                                      "0/x001/x001/x001/x001/x001/x001/x001/001",
                                      "0/../000",
                                      "0/000.p/1.p/1"}) {
    EXPECT_FALSE(Tile::parse(path)) << path;
  }
}

RC_GTEST_PROP(Tile, EveryPathIsReadBack, (std::uint64_t index, std::uint8_t level, std::uint8_t width)) {
  Tile tile;
  if (level < 64) tile.level = level;
  tile.index = index >> (level % 64U);
  tile.width = width == 0 ? 256 : width;
  RC_ASSERT(Tile::parse(tile.path()) == tile);
}

TEST(Tile, WidthsAreThoseOfTheSpecification) {
  // c2sp.org/tlog-tiles: 70,000 entries make 273 full tiles and one of 112 at level 0, one full and one of 17 at level 1, one of 1
  // at level 2.
  EXPECT_EQ(tile_width(70'000, 0, 272), 256U);
  EXPECT_EQ(tile_width(70'000, 0, 273), 112U);
  EXPECT_EQ(tile_width(70'000, 0, 274), 0U);
  EXPECT_EQ(tile_width(70'000, std::nullopt, 273), 112U);
  EXPECT_EQ(tile_width(70'000, 1, 0), 256U);
  EXPECT_EQ(tile_width(70'000, 1, 1), 17U);
  EXPECT_EQ(tile_width(70'000, 1, 2), 0U);
  EXPECT_EQ(tile_width(70'000, 2, 0), 1U);
  EXPECT_EQ(tile_width(70'000, 3, 0), 0U);
  // … and 256 make a full one and one of width 1 above it.
  EXPECT_EQ(tile_width(256, 0, 0), 256U);
  EXPECT_EQ(tile_width(256, 0, 1), 0U);
  EXPECT_EQ(tile_width(256, 1, 0), 1U);
  EXPECT_EQ(tile_width(0, 0, 0), 0U);
  EXPECT_EQ(tile_width(UINT64_MAX, 63, 0), 0U);
  EXPECT_EQ(tile_width(UINT64_MAX, 0, UINT64_MAX), 0U);
}

}  // namespace
}  // namespace mj::evidence_format
