#include "mj/dataset/import_entry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mj/dataset/catalogue.hpp"

namespace mj::dataset {
namespace {

FileManifest manifest() {
  const Catalogue catalogue = Catalogue::load(MJ_SOURCE_DIR "/datasets").value();
  const std::string head = "station_id,time,temperature,pressure,humidity,wind_direction,wind_speed\n";
  return {"grid.csv", 100, std::string(64, 'a'), "bjgrid", *catalogue.recognise("grid.csv", head).layout,
          "王",       "试"};
}

TEST(ImportEntry, AManifestComesBackAsItWas) {
  const FileManifest before = manifest();
  const auto after = parse_manifest(encode(before));
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_EQ(encode(*after), encode(before));
  EXPECT_EQ(after->layout.columns, before.layout.columns);
}

TEST(ImportEntry, WhatIsNoPartIsRefused) {
  for (const char* payload :
       {"", "{}", "{\"kind\":\"import.part\",\"version\":1,\"file\":1}\nx",
        "{\"kind\":\"import.part\",\"version\":1,\"file\":-1,\"part\":0,\"offset\":0,\"line\":1}\n",
        "{\"kind\":\"import.part\",\"version\":1,\"file\":1,\"part\":0,\"offset\":0,\"line\":0}\n",
        "{\"kind\":\"import.part\",\"version\":1,\"file\":1,\"part\":0,\"offset\":0,\"line\":1}"}) {
    EXPECT_FALSE(parse_part(payload)) << payload;
  }
}

/// All parts one after the other are the file, byte for byte, each small enough and with the line it begins in.
RC_GTEST_PROP(ImportEntry, ThePartsAreTheFile, ()) {
  std::string file;
  const auto rows = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 9000));
  for (const std::size_t length : rows) {
    file += std::string(length, 'x');
    if (length % 3 == 0) file += ",\"a\n\"\"b\"";
    file += '\n';
  }
  file += "the end";
  std::size_t line = 1;
  std::string together;
  for (std::size_t begin = 0; begin < file.size();) {
    const auto cut = cut_part(file, begin, line, ',');
    RC_ASSERT(cut.has_value());
    RC_ASSERT(cut->end - begin <= kMaxPartBytes);
    const std::string payload =
        encode(FilePart{7, 0, begin, line, std::string_view(file).substr(begin, cut->end - begin)});
    const auto part = parse_part(payload);
    RC_ASSERT(part.has_value());
    RC_ASSERT(part->line == line);
    together += part->bytes;
    begin = cut->end;
    line = cut->next_line;
    RC_ASSERT(
        line ==
        1 + static_cast<std::size_t>(std::count(file.begin(), file.begin() + static_cast<long>(begin), '\n')) +
            (begin == file.size() ? 1 : 0));
  }
  RC_ASSERT(together == file);
}

TEST(ImportEntry, ARowLongerThanAPartIsRefusedWithItsLine) {
  const std::string file = "a\n" + std::string(70'000, 'x') + "\n";
  const auto first = cut_part(file, 0, 1, ',');
  ASSERT_TRUE(first);
  const auto second = cut_part(file, first->end, first->next_line, ',');
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text().find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace mj::dataset
