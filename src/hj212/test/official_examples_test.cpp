#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mj/hj212/compose.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/kernel/bytes.hpp"
#include "shipped_protocol.hpp"
#include "vector_reader.hpp"

namespace mj::hj212 {
namespace {

/// One frame that a standard prints: every frame of HJ 212-2017 appendix C, and those of HJ 212-2025 that are known.
/// Length and CRC were computed by another program.
struct Example {
  std::string id;
  std::string source;
  Sender sender = Sender::host;
  std::string key;      ///< hexadecimal, when the area is in cipher
  std::string frame;    ///< as printed
  std::string regular;  ///< as it should read, where the standard misprints it
  std::string note;     ///< what is irregular
};

std::vector<Example> read_examples() {
  std::vector<Example> examples;
  std::ifstream file(MJ_TESTDATA "/official_examples.tsv", std::ios::binary);
  std::string line;
  std::getline(file, line);  // names of the columns
  while (std::getline(file, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    if (cells.size() != 8) throw std::runtime_error("official_examples.tsv: " + line);
    examples.push_back({cells[0], cells[2], cells[3] == "host" ? Sender::host : Sender::device, cells[4],
                        unescape(cells[5]), unescape(cells[6]), cells[7]});
    if (examples.back().regular.empty()) examples.back().regular = examples.back().frame;
  }
  return examples;
}

const std::vector<Example>& examples() {
  static const std::vector<Example> all = read_examples();
  return all;
}

Sm4Key key_of(const std::string& hex) {
  Sm4Key key;
  for (std::size_t i = 0; i < key.bytes.size(); ++i)
    key.bytes[i] = static_cast<decltype(key.bytes)::value_type>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  return key;
}

/// A frame read back into values of its own.
struct Decoded {
  Outgoing message;
  std::vector<Parameter> parameters;
  Verdict verdict = Verdict::not_a_frame;
  bool encrypted = false;
};

Decoded read_back(const std::string& bytes, const Example& example) {
  FrameReader reader;
  DeviceSettings settings;
  if (!example.key.empty()) settings.keys.push_back(key_of(example.key));
  const FrameReading& reading = reader.read(as_bytes(bytes), settings);
  Decoded decoded;
  decoded.verdict = reading.verdict;
  decoded.encrypted = reading.encrypted;
  const auto text = [](const std::optional<std::string_view>& value) {
    return value ? std::optional<std::string>(*value) : std::nullopt;
  };
  const auto number = [](const std::optional<std::string_view>& value) {
    return value ? std::optional<unsigned>(std::stoul(std::string(*value))) : std::nullopt;
  };
  const Header& header = reading.header;
  decoded.message = {.qn = text(header.qn),
                     .st = std::string(header.st.value_or("")),
                     .cn = std::string(header.cn.value_or("")),
                     .pw = text(header.pw),
                     .mn = std::string(header.mn.value_or("")),
                     .flag = header.flag ? std::optional(header.flag->raw) : std::nullopt,
                     .pnum = number(header.pnum),
                     .pno = number(header.pno),
                     .rf = header.rf == "1",
                     .area = {}};
  for (const Field& field : reader.fields()) {
    const std::string name =
        field.factor.empty() ? std::string(field.key) : fmt::format("{}-{}", field.factor, field.key);
    decoded.parameters.emplace_back(name, field.value);
  }
  return decoded;
}

const Command* command_of(const Example& example, const Outgoing& message) {
  const Dialect dialect = example.source.starts_with("HJ 212-2025") ? Dialect::v2025 : Dialect::v2017;
  return shipped_protocol().find(message.cn, example.sender, dialect, message.st);
}

TEST(OfficialExamples, CoverEveryTableOfAppendixC) {
  for (int table = 1; table <= 50; ++table) {
    // C.12, C.21, C.47 … repeat frames of other tables: their tables are there by those.
    const std::string prefix = fmt::format("C.{}-", table);
    const bool there = std::any_of(examples().begin(), examples().end(),
                                   [&](const Example& example) { return example.id.starts_with(prefix); });
    EXPECT_TRUE(there || table == 47) << "C." << table;  // C.47 repeats C.21 frame by frame
  }
  EXPECT_EQ(examples().size(), 99U);
}

TEST(OfficialExamples, DecodeAsTheyArePrinted) {
  for (const Example& example : examples()) {
    const Decoded printed = read_back(example.frame, example);
    const Decoded regular = read_back(example.regular, example);
    EXPECT_EQ(printed.verdict, Verdict::good) << example.id;
    EXPECT_EQ(printed.encrypted, !example.key.empty()) << example.id;
    EXPECT_EQ(segment(printed.message), segment(regular.message)) << example.id;
    EXPECT_NE(command_of(example, printed.message), nullptr) << example.id;
    // C.14 prints the factor 01018 for w01018: that is another name, and stays one.
    if (example.id == "C.14-1") {
      EXPECT_NE(printed.parameters, regular.parameters);
    } else {
      EXPECT_EQ(printed.parameters, regular.parameters) << example.id;
    }
  }
}

TEST(OfficialExamples, AreEncodedByteForByteFromTableAndParameters) {
  for (const Example& example : examples()) {
    if (example.id == "C.29-1") continue;  // prints e01001 twice, which nobody should send
    Decoded decoded = read_back(example.regular, example);
    const Command* command = command_of(example, decoded.message);
    ASSERT_NE(command, nullptr) << example.id;
    auto area = request_area(*command, decoded.parameters);
    ASSERT_TRUE(area) << example.id << ": " << area.error().text();
    Outgoing message = decoded.message;
    message.area = *area;
    if (command->sender == Sender::host && command->kind != CommandKind::reply) {
      message = request(*command, *decoded.message.qn, decoded.message.st, *decoded.message.pw, decoded.message.mn,
                        *area);
    }
    const std::optional<Sm4Key> key = example.key.empty() ? std::nullopt : std::optional(key_of(example.key));
    EXPECT_EQ(frame(message, CrcRule::hj, key ? &*key : nullptr), example.regular) << example.id;
  }
}

TEST(OfficialExamples, FollowTheRulesOfTheirTables) {
  for (const Example& example : examples()) {
    const Decoded decoded = read_back(example.regular, example);
    const Command* command = command_of(example, decoded.message);
    ASSERT_NE(command, nullptr) << example.id;
    for (const auto& [name, value] : decoded.parameters) {
      const std::size_t dash = name.find('-');
      const FieldRule* rule = dash == std::string::npos
                                  ? command->rule("", name)
                                  : command->rule(name.substr(0, dash), name.substr(dash + 1));
      ASSERT_NE(rule, nullptr) << example.id << ' ' << name;
      EXPECT_TRUE(rule->accepts(value)) << example.id << ' ' << name << '=' << value;
    }
  }
}

TEST(OfficialExamples, OfTheTablesAreThoseOfTheStandard) {
  // What commands.toml calls an example of 2017 is the data area of a frame of appendix C, or what is left of it when its
  // misprints are taken out; 2041 and 3020 mix what several tables print.
  for (const Command& command : shipped_protocol().commands()) {
    if (command.dialect != Dialect::v2017 || command.surface_water || command.example.empty()) continue;
    const bool printed = std::any_of(examples().begin(), examples().end(), [&command](const Example& example) {
      return example.regular.find("CP=&&" + command.example + "&&") != std::string::npos;
    });
    const bool shortened = command.clause.ends_with("C.29");
    EXPECT_TRUE(printed || shortened) << command.cn << ' ' << command.example;
  }
}

}  // namespace
}  // namespace mj::hj212
