#include "mj/hj212/framer.hpp"

#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <tuple>

#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

using Record = std::tuple<std::uint64_t, std::string, bool, std::string, int, std::string, std::string>;

std::vector<Record> drain(Framer& framer) {
  std::vector<Record> records;
  while (const auto piece = framer.next()) {
    records.emplace_back(piece->at, std::string(piece->bytes), piece->framed, std::string(piece->segment),
                         static_cast<int>(piece->crc.match), piece->error.text(),
                         fmt::format("{}", fmt::join(remarks(*piece), "; ")));
  }
  return records;
}

std::vector<Record> cut(const std::string& stream, const std::vector<std::size_t>& chunk_sizes,
                        std::size_t max_segment) {
  Framer framer({.max_segment = max_segment});
  std::vector<Record> records;
  std::size_t at = 0;
  for (std::size_t turn = 0; at < stream.size(); ++turn) {
    const std::size_t size = chunk_sizes.empty() ? stream.size() : 1 + chunk_sizes[turn % chunk_sizes.size()];
    const std::string_view chunk = std::string_view(stream).substr(at, size);
    framer.push(as_bytes(chunk));
    at += chunk.size();
    for (auto& record : drain(framer)) records.push_back(std::move(record));
  }
  framer.finish();
  for (auto& record : drain(framer)) records.push_back(std::move(record));
  return records;
}

rc::Gen<std::string> text_of(const std::string& alphabet, int longest) {
  return rc::gen::mapcat(rc::gen::inRange(0, longest), [alphabet](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size), rc::gen::elementOf(alphabet));
  });
}

/// A data area: fields, or arbitrary bytes as ciphertext would be.
rc::Gen<std::string> data_area() {
  return rc::gen::oneOf(
      text_of("DataTime=20160801w-Rtd.,;N", 60),
      rc::gen::map(rc::gen::arbitrary<std::string>(), [](std::string bytes) { return bytes.substr(0, 64); }));
}

rc::Gen<std::string> valid_frame() {
  return rc::gen::map(data_area(), [](const std::string& area) {
    return frame("QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&" + area +
                 "&&");
  });
}

/// A frame whose head declares another length.
rc::Gen<std::string> lying_frame() {
  return rc::gen::map(rc::gen::pair(valid_frame(), rc::gen::inRange(0, 9999)),
                      [](const auto& lie) { return fmt::format("##{:04}", lie.second) + lie.first.substr(6); });
}

/// Damage that resembles frames: the characters that steer the framer, and frames with bytes missing.
rc::Gen<std::string> junk() {
  return rc::gen::oneOf(text_of("#&019\r\nAF*;=CP", 40), text_of("\r\n*SIZEAT+", 12),
                        rc::gen::map(rc::gen::pair(valid_frame(), rc::gen::inRange<std::size_t>(0, 150)),
                                     [](const std::pair<std::string, std::size_t>& half) {
                                       return half.first.substr(0, half.second);
                                     }),
                        rc::gen::map(rc::gen::pair(valid_frame(), rc::gen::inRange<std::size_t>(0, 150)),
                                     [](const std::pair<std::string, std::size_t>& half) {
                                       return half.first.substr(std::min(half.second, half.first.size()));
                                     }));
}

TEST(FramerProperty, PiecesAreTheStreamWithoutGapsHoweverItIsDivided) {
  EXPECT_TRUE(rc::check("concatenated pieces equal the input; chunking changes nothing", [] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::oneOf(valid_frame(), junk()));
    const auto chunk_sizes =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 40)));
    const auto max_segment = *rc::gen::element<std::size_t>(60, 200, 8192);
    std::string stream;
    for (const auto& part : parts) stream += part;

    const auto whole = cut(stream, {}, max_segment);
    std::string joined;
    for (const auto& record : whole) {
      RC_ASSERT(std::get<0>(record) == joined.size());
      RC_ASSERT(!std::get<1>(record).empty());
      joined += std::get<1>(record);
    }
    RC_ASSERT(joined == stream);
    RC_ASSERT(cut(stream, chunk_sizes, max_segment) == whole);
    RC_ASSERT(cut(stream, {0}, max_segment) == whole);
  }));
}

TEST(FramerProperty, AFrameReadsTheSameInTheStreamAndAlone) {
  EXPECT_TRUE(rc::check("the stored bytes of a frame are that frame again", [] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::oneOf(
        valid_frame(), lying_frame(), text_of("#&019\r\nAF*;=CP", 40), text_of("\r\n*SIZEAT+", 12)));
    std::string stream;
    for (const auto& part : parts) stream += part;
    for (const auto& record : cut(stream, {}, 8192)) {
      if (!std::get<2>(record)) continue;
      const auto alone = cut(std::get<1>(record), {}, 8192);
      RC_ASSERT(alone.size() == 1);
      RC_ASSERT(std::get<2>(alone[0]));
      RC_ASSERT(std::get<3>(alone[0]) == std::get<3>(record));
      RC_ASSERT(std::get<4>(alone[0]) == std::get<4>(record));
    }
  }));
}

TEST(FramerProperty, JunkBetweenFramesLosesNoFrame) {
  EXPECT_TRUE(rc::check("every valid frame is found, in order", [] {
    const auto parts = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
        rc::gen::pair(junk(), valid_frame()));
    std::string stream;
    std::vector<std::string> expected;
    for (const auto& [noise, good] : parts) {
      stream += noise + good;
      expected.push_back(good);
    }
    std::vector<std::string> found;
    for (const auto& record : cut(stream, {}, 8192)) {
      if (std::get<2>(record) && std::get<4>(record) == static_cast<int>(CrcMatch::hj))
        found.push_back(std::get<1>(record));
    }
    std::size_t next = 0;
    for (const auto& bytes : found) {
      if (next < expected.size() && bytes == expected[next]) ++next;
    }
    RC_ASSERT(next == expected.size());
  }));
}

}  // namespace
}  // namespace mj::hj212
