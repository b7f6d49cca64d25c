#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "mj/hj212/framer.hpp"
#include "mj/hj212/json.hpp"
#include "mj/hj212/message.hpp"
#include "vector_reader.hpp"

namespace mj::hj212 {
namespace {

using Json = nlohmann::json;

std::vector<Json> decode(const std::string& bytes, CrcRule rule, std::size_t chunk) {
  std::vector<Json> lines;
  Framer framer;
  const auto drain = [&] {
    while (const auto piece = framer.next()) lines.push_back(Json::parse(to_json(*piece, rule)));
  };
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    framer.push(as_bytes(std::string_view(bytes).substr(at, chunk)));
    drain();
  }
  framer.finish();
  drain();
  return lines;
}

std::vector<Json> accepted(const std::vector<Json>& lines) {
  std::vector<Json> ok;
  for (const auto& line : lines) {
    if (line.at("ok").get<bool>()) ok.push_back(line);
  }
  return ok;
}

/// Header fields of a plain frame by a regular expression, independent of the reader under test.
void expect_header(const Vector& vector, const Json& line) {
  const std::string before_cp = vector.frame.substr(0, vector.frame.find("CP="));
  for (const auto& [name, key] : std::vector<std::pair<std::string, std::string>>{{"QN", "qn"},
                                                                                  {"ST", "st"},
                                                                                  {"CN", "cn"},
                                                                                  {"PW", "pw"},
                                                                                  {"MN", "mn"},
                                                                                  {"PNUM", "pnum"},
                                                                                  {"PNO", "pno"},
                                                                                  {"RF", "rf"}}) {
    std::smatch match;
    const std::regex pattern("(^##\\d{4}|[;,] ?)" + name + "=([^;,]*)");
    if (std::regex_search(before_cp, match, pattern)) {
      ASSERT_TRUE(line.contains(key)) << vector.id << " lacks " << key;
      EXPECT_EQ(line.at(key).get<std::string>(), match[2].str()) << vector.id;
    } else {
      EXPECT_FALSE(line.contains(key)) << vector.id << ' ' << line.dump();
    }
  }
}

/// Fields of the data area by splitting alone, independent of the reader under test; not for areas with log texts.
void expect_fields(const Vector& vector, const Json& line) {
  const std::size_t begin = vector.frame.find("CP=&&");
  const std::size_t end = vector.frame.rfind("&&");
  if (begin == std::string::npos || end < begin + 5 || vector.frame.find("//") != std::string::npos) return;
  const std::string area = vector.frame.substr(begin + 5, end - begin - 5);
  std::vector<std::string> expected;
  const std::regex separator("[;,]");
  for (std::sregex_token_iterator part(area.begin(), area.end(), separator, -1), last; part != last; ++part) {
    const std::string field = std::regex_replace(part->str(), std::regex(" +"), "");
    if (!field.empty()) expected.push_back(field);
  }
  std::vector<std::string> found;
  for (const Json& field : line.at("cp")) {
    const std::string factor = field.contains("factor") ? field.at("factor").get<std::string>() + "-" : "";
    found.push_back(factor + field.at("key").get<std::string>() + "=" + field.at("value").get<std::string>());
  }
  EXPECT_EQ(found, expected) << vector.id;
}

/// The key of HJ 212-2025 appendix A.2 as reported opens the frame, and its CRC is that of the plaintext.
void expect_opened(const Vector& vector) {
  DeviceSettings settings;
  settings.keys = {*parse_sm4_key("0000000000000000")};
  Framer framer;
  framer.push(as_bytes(vector.frame));
  const auto piece = framer.next();
  ASSERT_TRUE(piece.has_value());
  const Json line = Json::parse(to_json(*piece, settings));
  EXPECT_EQ(line.at("ok"), true);
  EXPECT_EQ(line.at("encrypted"), true);
  EXPECT_EQ(line.at("crc").at("match"), "hj");
  EXPECT_EQ(line.at("crc").at("hj"), line.at("crc").at("given"));
  EXPECT_EQ(line.at("cp").at(0).at("key"), "DataTime");
}

/// What the note says in figures: the CRC that HJ 212 gives, lengths declared and real.
void expect_note(const Vector& vector, const std::vector<Json>& lines) {
  std::smatch match;
  const auto& crc = lines[0].contains("crc") ? lines[0].at("crc").at("hj").get<std::string>() : std::string();
  if (std::regex_search(vector.note, match, std::regex("len ok; (?:computed|HJ CRC would be) ([0-9A-F]{4})"))) {
    // V005 and V007 note the CRC over the bytes received; without a key it is all there is.
    EXPECT_EQ(crc, match[1].str());
  }
  if (std::regex_search(vector.note, match, std::regex("LEN decl (\\d+) actual (\\d+)"))) {
    const std::string declared = match[1];
    const std::string text = lines[0].contains("deviations") ? lines[0].at("deviations").dump() : "";
    const std::string error = lines[0].contains("error") ? lines[0].at("error").get<std::string>() : "";
    EXPECT_THAT(text + error, testing::HasSubstr("length " + declared)) << "a wrong length is said";
  }
}

void expect_row(const Vector& vector, std::size_t chunk) {
  SCOPED_TRACE(vector.id + " in chunks of " + std::to_string(chunk) + ": " + vector.note);
  const auto lines = decode(vector.frame, CrcRule::hj, chunk);
  const auto ok = accepted(lines);
  std::size_t size = 0;
  for (const auto& line : lines) {
    EXPECT_EQ(line.at("at").get<std::size_t>(), size);
    size += line.at("len").get<std::size_t>();
  }
  EXPECT_EQ(size, vector.frame.size());

  const std::string& expected = vector.crc_ok;
  if (expected == "yes" || expected == "yes-lowercase" || expected == "constructed") {
    ASSERT_FALSE(ok.empty());
    EXPECT_EQ(ok[0].at("crc").at("match"), "hj");
    EXPECT_THAT(vector.frame, testing::HasSubstr(ok[0].at("crc").at("given").get<std::string>()));
    if (lines.size() == 1) {
      expect_header(vector, lines[0]);
      expect_fields(vector, lines[0]);
    }
    // The note of V080-like rows: several frames without line ends between them, all of them good.
    if (vector.note.find("STICKY") != std::string::npos) {
      EXPECT_EQ(ok.size(), lines.size());
      EXPECT_GT(ok.size(), 1U);
    }
  } else if (expected == "modbus" || expected == "modbus-le") {
    EXPECT_TRUE(ok.empty());
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].at("crc").at("match"), expected);
    EXPECT_THAT(lines[0].at("error").get<std::string>(), testing::HasSubstr("crc = " + expected));
    EXPECT_EQ(accepted(decode(vector.frame, *parse_crc_rule(expected), chunk)).size(), 1U);
  } else if (expected == "absent") {
    EXPECT_TRUE(ok.empty());
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].at("crc").at("match"), "absent");
    EXPECT_FALSE(lines[0].at("crc").contains("given"));
  } else if (expected == "no" || expected == "yes-on-plaintext") {
    EXPECT_TRUE(ok.empty());
    for (const auto& line : lines) EXPECT_FALSE(line.at("error").get<std::string>().empty());
    // "INFERRED wire form": raw ciphertext, which the key of the examples opens.
    if (vector.note.find("INFERRED wire form") != std::string::npos) expect_opened(vector);
  } else {
    // "n/a": no head at the start; a good frame behind the noise must still be found.
    EXPECT_FALSE(lines.at(0).at("ok").get<bool>());
    EXPECT_EQ(ok.size(), std::regex_search(vector.frame, std::regex("##\\d{4}")) ? 1U : 0U);
  }
  expect_note(vector, lines);
  // Version column: the dialect, where the frame shows one.
  if (lines.size() == 1 && lines[0].contains("dialect") && vector.version.starts_with("20")) {
    EXPECT_EQ(lines[0].at("dialect").get<std::string>(), vector.version.substr(0, 4));
  }
}

void expect_rows(const std::string& path, std::size_t at_least) {
  const auto vectors = read_vectors(path);
  ASSERT_GE(vectors.size(), at_least);
  for (const auto& vector : vectors) {
    expect_row(vector, vector.frame.size());
    expect_row(vector, 1);
    expect_row(vector, 7);
  }
}

TEST(Vectors, TheCommittedSampleDecodesAsItsColumnsSay) { expect_rows(MJ_TESTDATA "/vectors.tsv", 25); }

TEST(Vectors, TheWholeCollectionDecodesAsItsColumnsSay) {
  const std::string path = MJ_SOURCE_DIR "/../shared/vectors/hj212-vectors.tsv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the collection is not beside the checkout";
  expect_rows(path, 100);
}

}  // namespace
}  // namespace mj::hj212
