// The quick ways to fields and rules say the same as the plain ones, which are written out here or stand beside them.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

#include "command_index.hpp"
#include "mj/hj212/message.hpp"
#include "shipped_protocol.hpp"

namespace mj::hj212 {
namespace {

using Names = std::vector<std::array<std::string, 3>>;  ///< factor, key, value

std::string without_blanks_around(std::string text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// The fields of an area without log texts, as docs/formats/hj212-framing.md §4 words it, one character after the other.
Names plain_fields(const std::string& area) {
  Names names;
  std::string part;
  for (std::size_t i = 0; i <= area.size(); ++i) {
    if (i < area.size() && area[i] != ';' && area[i] != ',') {
      part += area[i];
      continue;
    }
    const std::size_t equals = part.find('=');
    const std::string name = without_blanks_around(part.substr(0, equals));
    const std::string value = equals == std::string::npos ? "" : without_blanks_around(part.substr(equals + 1));
    const std::size_t dash = name.find('-');
    const bool has_factor = dash != std::string::npos && dash > 0;
    const std::string factor = has_factor ? without_blanks_around(name.substr(0, dash)) : "";
    const std::string key = has_factor ? without_blanks_around(name.substr(dash + 1)) : name;
    if (!name.empty() || !value.empty()) names.push_back({factor, key, value});
    part.clear();
  }
  return names;
}

TEST(QuickWays, FieldsAreThoseOfALookAtEveryCharacter) {
  EXPECT_TRUE(rc::check("areas of names, signs and blanks, across blocks of 64 bytes", [] {
    std::string area;
    for (const auto& part : *rc::gen::container<std::vector<std::string>>(
             rc::gen::element<std::string>("w01018", "-", "Rtd", "=", "1.5", ";", ",", " ", "\t", "--", "==", "-2",
                                           ";a21026-Rtd=12.3", ",a21026-Flag=N", "\xC7\xE5", "\r\n")))
      area += part;
    std::vector<Field> fields;
    read_fields(area, fields);
    Names names;
    for (const Field& field : fields)
      names.push_back({std::string(field.factor), std::string(field.key), std::string(field.value)});
    RC_ASSERT(names == plain_fields(area));
  }));
}

TEST(QuickWays, RulesFoundByTheirKeysAreThoseOfTheCommand) {
  const Protocol& protocol = shipped_protocol();
  std::set<std::string> keys{"", "Rt", "rtd", "Rtd2", "SampleTim", "SampleTimes", "i12001"};
  for (const Command& command : protocol.commands()) {
    for (const FieldRule& rule : command.fields) keys.insert(rule.key.substr(rule.key.find('-') + 1));
  }
  std::size_t found = 0;
  for (const Command& command : protocol.commands()) {
    const CommandIndex& index = protocol.index_of(command);
    for (const std::string& key : keys) {
      if (const KeyRule* quick = index.bare(key, packed(key))) {
        EXPECT_EQ(quick->rule, command.rule("", key)) << command.cn << " " << key;
        ++found;
      }
      for (const auto* factor : {"w01018", "i12001", "SB1", "LA", "unknown"}) {
        const KeyRule* quick = index.of_factor(key, packed(key));
        if (quick == nullptr) continue;
        EXPECT_EQ(quick->rule, command.rule(factor, key)) << command.cn << " " << factor << "-" << key;
        EXPECT_EQ(quick->is_flag, key == "Flag");
        ++found;
      }
    }
  }
  EXPECT_GT(found, 500U);
}

TEST(QuickWays, ANumberOfAnyWidthIsWhatTheTypeAccepts) {
  EXPECT_TRUE(rc::check("the short way of CommandIndex says what ValueType::accepts() says", [] {
    const auto value = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789.+-e ")));
    RC_ASSERT(is_any_number(value) == ValueType::parse("N")->accepts(value));
  }));
}

TEST(QuickWays, ACodeBehindNulsIsNoCode) {
  // "10" is ammonia of HJ/T 212-2005.
  EXPECT_EQ(shipped_protocol().factor("10"), FactorCode::old);
  EXPECT_EQ(shipped_protocol().factor(std::string_view("\0\0\00010", 5)), FactorCode::unknown);
}

}  // namespace
}  // namespace mj::hj212
