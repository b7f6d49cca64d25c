// A log of a platform as they are found in the field: lines with times and text around the frames of both directions, with the
// habits and accidents of the fact sheet's §11. Generated, so that what must come out is known frame by frame.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "mj/hj212/frame_reader.hpp"

namespace mj::hj212 {
namespace {

using namespace std::string_literals;

constexpr std::size_t kFrames = 4600;

struct Name {
  std::string factor, key, value;
  bool operator==(const Name&) const = default;
};

/// An intact frame in the log and what must be read from it.
struct Expected {
  std::string bytes;  ///< with its line end
  std::string cn;
  std::string segment;
  std::uint16_t crc = 0;
  bool lower_case = false;
  std::string line_end;
  std::vector<Name> fields;
};

/// CRC as HJ 212-2017 appendix A words it, bit by bit.
std::uint16_t crc_of_appendix_a(std::string_view text) {
  unsigned crc = 0xFFFF;
  for (const char c : text) {
    crc = (crc >> 8U) ^ static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (crc & 1U) != 0;
      crc >>= 1U;
      if (carry) crc ^= 0xA001U;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

class LogWriter {
 public:
  explicit LogWriter(std::uint32_t seed) : random_(seed) {}

  /// Writes the log; what must come out of it is in expected().
  const std::string& write(std::size_t frames) {
    while (expected_.size() < frames) {
      if (one_in(6)) accident();
      line();
    }
    text_ += "\r\n";
    return text_;
  }
  [[nodiscard]] const std::vector<Expected>& expected() const { return expected_; }
  [[nodiscard]] std::size_t accidents() const { return accidents_; }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <std::size_t N>
  const char* any_of(const char* const (&words)[N]) {
    return words[below(N)];
  }

  std::string time() {
    milliseconds_ += 1 + below(900);
    const auto seconds = milliseconds_ / 1000;
    return fmt::format("202103{:02}{:02}{:02}{:02}", 1 + seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60,
                       seconds % 60);
  }

  std::vector<Name> values(std::initializer_list<const char*> keys) {
    std::vector<Name> fields{{"", "DataTime", time()}};
    static constexpr const char* kFactors[] = {"w01018", "w21003", "w00000", "a21026",
                                               "a34013", "011",    "B01",    "LA"};
    const std::size_t first = below(8);
    const std::size_t count = 1 + below(8);
    for (std::size_t i = 0; i < count; ++i) {
      for (const char* key : keys)
        fields.push_back(
            {kFactors[(first + i) % 8], key,
             key == "Flag"s ? any_of({"N", "D", "T", "C"}) : fmt::format("{}.{}", below(4000), below(100))});
    }
    return fields;
  }

  /// The data area of a command and the field it is to be read as.
  std::vector<Name> fields_of(std::string_view cn) {
    if (cn == "2011") return one_in(10) ? std::vector<Name>{} : values({"Rtd", "Flag"});
    if (cn == "2051" || cn == "2061") return values({"Cou", "Min", "Avg", "Max", "Flag"});
    if (cn == "2021") return {{"", "DataTime", time()}, {"SB1", "RS", "1"}, {"SB2", "RS", "0"}};
    if (cn == "2081") return {{"", "DataTime", time()}, {"", "RestartTime", time()}};
    if (cn == "1011" && one_in(2)) return {{"", "PolId", "w01018"}, {"", "SystemTime", time()}};
    if (cn == "1012") return {{"", "SystemTime", time()}};
    if (cn == "1013" && one_in(2)) return {{"", "PolId", "w01018"}};
    if (cn == "9011") return {{"", "QnRtn", "1"}};
    if (cn == "9012") return {{"", "ExeRtn", any_of({"1", "2", "100"})}};
    // 清洗管路 in GBK and in UTF-8, with what looks like fields and an end of the area inside the text.
    if (cn == "3020") {
      const char* text =
          any_of({"//\xC7\xE5\xCF\xB4\xB9\xDC\xC2\xB7//", "//清洗管路; a=1,b-c=2//", "//ok && 1C80//"});
      return {{"", "DataTime", time()}, {"i11001", "Info", text}};
    }
    return {};
  }

  std::string segment_of(std::string_view cn, const std::vector<Name>& fields) {
    std::string area;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Name& field = fields[i];
      if (i > 0) area += !field.factor.empty() && field.factor == fields[i - 1].factor ? "," : ";";
      if (!field.factor.empty()) area += field.factor + "-";
      area += field.key + "=" + field.value;
    }
    const bool reply = cn.starts_with("901");
    const char* st = reply ? "91" : any_of({"32", "31", "22", "21"});
    if (!reply && one_in(4))  // as 2005 uploads are: no QN, no Flag
      return fmt::format("ST={};CN={};PW=123456;MN=LD1301330000{:02};CP=&&{}&&", st, cn, below(100), area);
    return fmt::format("QN={}{:03};ST={};CN={};PW=123456;MN=010000A8900016F000169DC0;Flag={};CP=&&{}&&", time(),
                       below(1000), st, cn, any_of({"4", "5"}), area);
  }

  Expected frame_of(std::string_view cn) {
    Expected made;
    made.cn = cn;
    made.fields = fields_of(cn);
    made.segment = segment_of(cn, made.fields);
    made.crc = crc_of_appendix_a(made.segment);
    const bool lower = one_in(8);
    const std::string crc = lower ? fmt::format("{:04x}", made.crc) : fmt::format("{:04X}", made.crc);
    made.lower_case = lower && crc.find_first_of("abcdef") != std::string::npos;
    if (one_in(4)) {
      made.line_end = any_of({"", "", "\n", "**\r\n"});
    } else {
      made.line_end = "\r\n";
    }
    made.bytes = fmt::format("##{:04}{}{}{}", made.segment.size(), made.segment, crc, made.line_end);
    return made;
  }

  void text_before() {
    text_ += fmt::format("{} {} [{}] {}:{} {} ", time(), any_of({"DEBUG", "INFO", "2021-03-11 08:00:01,123"}),
                         any_of({"recv", "send", "接收", "\xBD\xD3\xCA\xD5"}),
                         any_of({"192.0.2.7", "device 12", "COM3"}), below(65536),
                         any_of({"<-", "->", "len=301 data:", "&&", "#"}));
  }

  /// One frame, or several that stick together, in a line of the log.
  void line() {
    static constexpr const char* kCommands[] = {"2011", "9014", "2081", "1011", "9011", "9012", "9021",
                                                "1013", "2021", "1012", "2051", "2061", "3020"};
    if (!one_in(5)) text_before();
    const std::size_t together = one_in(6) ? 2 + below(3) : 1;
    for (std::size_t i = 0; i < together; ++i) {
      expected_.push_back(frame_of(kCommands[expected_.size() % 13]));
      text_ += expected_.back().bytes;
    }
    // A line end right behind a frame without one would be the frame's.
    text_ += expected_.back().line_end.empty() ? "| done\n" : any_of({"\n", "", "", "ok\r\n", "\r\n"});
  }

  /// The frame with the byte at `at` of its segment replaced. The CRC has 256 values, so one lost byte in 256 cannot be
  /// seen: then another byte is taken.
  static std::string damaged(const Expected& frame, std::size_t at, std::string_view replacement) {
    std::string segment;
    do {
      at = (at + 1) % (frame.segment.size() - 4);
      segment = frame.segment;
      segment.replace(at, 1, replacement);
    } while (crc_of_appendix_a(segment) == frame.crc);
    return frame.bytes.substr(0, 6) + segment + frame.bytes.substr(6 + frame.segment.size());
  }

  /// What is no intact frame.
  void accident() {
    ++accidents_;
    if (one_in(2)) {
      text_ += any_of({"SIZE", "++", "AT+CSQ\r\n", "\r\nOK\r\n", "\xFF\xFE\xFD",
                       "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "##", "##00", "&&1C80\r\n", "**\r\n"});
      return;
    }
    const Expected whole = frame_of("2051");
    const std::size_t segment = whole.segment.size();
    switch (below(4)) {
      case 0: text_ += whole.bytes.substr(0, 1 + below(segment)); break;   // the line went down
      case 1: text_ += whole.bytes.substr(1 + below(segment)); break;      // its head is lost
      case 2: text_ += damaged(whole, below(segment - 4), ""); break;      // a byte is lost
      case 3: text_ += damaged(whole, below(segment - 4), "\x7F"); break;  // a byte is another
    }
    // Otherwise the next frame sticks to it.
    if (one_in(2)) text_ += "\r\n";
  }

  std::mt19937 random_;
  std::size_t milliseconds_ = 0;
  std::size_t accidents_ = 0;
  std::string text_;
  std::vector<Expected> expected_;
};

class Soak : public testing::TestWithParam<std::uint32_t> {};

TEST_P(Soak, EveryIntactFrameOfALogComesOutOnceAndNothingElse) {
  LogWriter writer(GetParam());
  const std::string& log = writer.write(kFrames);
  const std::vector<Expected>& expected = writer.expected();
  ASSERT_GT(writer.accidents(), 400U);

  std::mt19937 chunks(GetParam() + 1);
  Framer framer;
  FrameReader reader;
  FrameReader stored;
  std::string back;
  std::size_t next = 0;
  const auto look = [&](const Piece& piece) {
    EXPECT_EQ(piece.at, back.size());
    back += piece.bytes;
    const FrameReading& reading = reader.read(piece, {});
    EXPECT_EQ(stored.read(as_bytes(piece.bytes), {}).verdict, reading.verdict) << piece.bytes;
    if (reading.verdict != Verdict::good) return;
    ASSERT_LT(next, expected.size()) << "one more than there are: " << piece.bytes;
    const Expected& frame = expected[next];
    ASSERT_EQ(piece.bytes, frame.bytes) << "frame " << next;
    ++next;
    EXPECT_EQ(piece.segment, frame.segment);
    EXPECT_EQ(reading.crc, CrcMatch::hj);
    EXPECT_EQ(reading.crc_hj, frame.crc);
    EXPECT_EQ(reading.header.cn, frame.cn);
    std::vector<Name> fields;
    for (const Field& field : reader.fields())
      fields.push_back({std::string(field.factor), std::string(field.key), std::string(field.value)});
    EXPECT_EQ(fields, frame.fields) << frame.bytes;
    Deviations deviations;
    if (frame.lower_case) note(deviations, Deviation::crc_lower_case);
    if (frame.line_end.empty()) note(deviations, Deviation::line_end_missing);
    if (frame.line_end == "\n") note(deviations, Deviation::line_end_lf);
    if (frame.line_end == "**\r\n") note(deviations, Deviation::line_end_decorated);
    EXPECT_EQ(piece.deviations, deviations) << frame.bytes;
  };
  for (std::size_t at = 0; at < log.size();) {
    const std::string_view chunk =
        std::string_view(log).substr(at, 1 + chunks() % (chunks() % 8 == 0 ? 4000 : 60));
    framer.push(as_bytes(chunk));
    at += chunk.size();
    while (const auto piece = framer.next()) {
      look(*piece);
      if (HasFatalFailure()) return;
    }
  }
  framer.finish();
  while (const auto piece = framer.next()) look(*piece);
  EXPECT_EQ(next, expected.size());
  EXPECT_EQ(back, log);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Soak, testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace mj::hj212
