// The quick ways of reading say the same as the plain ones.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "fields.hpp"
#include "header_reading.hpp"
#include "mj/hj212/compose.hpp"
#include "whole_frame.hpp"

namespace mj::hj212 {
namespace {

bool same(const Header& a, const Header& b) {
  const bool flags = a.flag.has_value() == b.flag.has_value() && (!a.flag || a.flag->raw == b.flag->raw);
  return flags && a.qn == b.qn && a.st == b.st && a.cn == b.cn && a.pw == b.pw && a.mn == b.mn &&
         a.pnum == b.pnum && a.pno == b.pno && a.rf == b.rf && a.cp == b.cp;
}

rc::Gen<std::string> word_of(const std::string& alphabet, int longest) {
  return rc::gen::mapcat(rc::gen::inRange(0, longest), [alphabet](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size), rc::gen::elementOf(alphabet));
  });
}

/// Segments near the form of the standard: its fields in its order, each now and then left out or spoilt.
rc::Gen<std::string> near_segment() {
  const auto field = [](const std::string& name, const std::string& usual) {
    const auto value = rc::gen::weightedOneOf<std::string>({{60, rc::gen::just(usual)},
                                                            {1, word_of("0123456789ABCDEFabcdef_", 30)},
                                                            {1, word_of("0A=;, &\r\n\tQNST", 6)}});
    const auto separator =
        rc::gen::weightedElement<std::string>({{120, ";"}, {1, ","}, {1, ""}, {1, "; "}, {1, ";;"}});
    return rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 40), value, separator),
                        [name](const std::tuple<int, std::string, std::string>& parts) {
                          if (std::get<0>(parts) == 0) return std::string();
                          return name + "=" + std::get<1>(parts) + std::get<2>(parts);
                        });
  };
  const auto area = rc::gen::weightedOneOf<std::string>(
      {{4, rc::gen::just<std::string>("DataTime=20160801085857;w01018-Rtd=1.1")},
       {1, rc::gen::just<std::string>("&&QN=20160801085857223")},
       {1, rc::gen::arbitrary<std::string>()}});
  const auto mark =
      rc::gen::weightedElement<std::string>({{20, "&&"}, {1, "&"}, {1, ""}, {1, "&&;Flag=5"}, {1, "&&&"}});
  return rc::gen::map(
      rc::gen::tuple(field("QN", "20160801085857223"), field("ST", "32"), field("CN", "2011"),
                     field("PW", "123456"), field("MN", "010000A8900016F000169DC0"), field("Flag", "5"),
                     field("PNUM", "2"), field("PNO", "1"), field("RF", "1"), mark, area, mark),
      [](const auto& parts) {
        return std::apply(
            [](const auto& qn, const auto& st, const auto& cn, const auto& pw, const auto& mn, const auto& flag,
               const auto& pnum, const auto& pno, const auto& rf, const auto& open, const auto& cp,
               const auto& close) {
              return qn + st + cn + pw + mn + flag + pnum + pno + rf + "CP=" + open + cp + close;
            },
            parts);
      });
}

TEST(HeaderProperty, TheQuickWaySaysTheSameAsTheLenientOne) {
  EXPECT_TRUE(rc::check("read_standard_header() is read_any_header() where it says anything", [] {
    const auto segment = *near_segment();
    Header quick;
    const bool read = read_standard_header(segment, quick);
    RC_CLASSIFY(read, "standard form");
    const HeaderReading lenient = read_any_header(segment);
    if (read) {
      RC_ASSERT(lenient.error.empty());
      RC_ASSERT(same(quick, lenient.header));
    }
    RC_ASSERT(same(read_header(segment).header, lenient.header));
  }));
}

TEST(HeaderProperty, TheFormsOfTheStandardGoTheQuickWay) {
  Header header;
  // HJ 212-2017 C.50, HJ 212-2025 with RF as reported, HJ/T 212-2005 without QN and Flag.
  EXPECT_TRUE(read_standard_header(
      "QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=1;CP=&&a=1&&",
      header));
  EXPECT_TRUE(read_standard_header(
      "QN=20240601085857225;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=11;PNUM=2;PNO=1;RF=1;CP=&&&&",
      header));
  EXPECT_TRUE(read_standard_header("ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&B01-Rtd=36.91&&", header));
}

TEST(HeaderProperty, AWholeFrameIsCutAsTheFramerCutsIt) {
  EXPECT_TRUE(rc::check("cut_whole() is the framer's first piece where it says anything", [] {
    auto bytes = frame(*near_segment(), *rc::gen::element(CrcRule::hj, CrcRule::modbus));
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    switch (*rc::gen::inRange(0, 6)) {
      case 0: bytes[at] = *rc::gen::elementOf(std::string("#&0a\r\nZ")); break;
      case 1: bytes.erase(at, 1); break;
      case 2: bytes.insert(at, "##0012"); break;
      case 3: bytes.insert(2, "0001"); break;
      default: break;
    }
    Piece quick;
    const bool cut = cut_whole(as_bytes(bytes), quick);
    RC_CLASSIFY(cut, "one standard frame");
    if (!cut) return;
    Framer framer;
    framer.push(as_bytes(bytes));
    framer.finish();
    const auto piece = framer.next();
    RC_ASSERT(piece.has_value());
    RC_ASSERT(piece->framed);
    RC_ASSERT(piece->bytes == quick.bytes);
    RC_ASSERT(piece->segment == quick.segment);
    RC_ASSERT(piece->crc.match == quick.crc.match);
    RC_ASSERT(piece->crc.hj == quick.crc.hj);
    RC_ASSERT(piece->deviations == quick.deviations);
    RC_ASSERT(piece->error.text() == quick.error.text());
    RC_ASSERT(piece->declared == quick.declared);
  }));
}

/// The walk over the fields, one character at a time.
std::vector<Field> plain_fields(std::string_view area) {
  std::vector<Field> fields;
  bool may_close = true;
  std::size_t begin = 0;
  while (begin < area.size()) {
    std::size_t equals = std::string_view::npos;
    std::size_t end = begin;
    while (end < area.size() && !is_separator(area[end])) {
      if (area[end] == '=' && equals == std::string_view::npos) {
        equals = end;
        std::size_t value = end + 1;
        while (value < area.size() && area[value] == ' ') ++value;
        if (may_close && area.substr(value).starts_with("//")) {
          const std::size_t close = end_of_text(area, value);
          may_close = close != std::string_view::npos;
          if (may_close) {
            end = close;
            break;
          }
        }
      }
      ++end;
    }
    const std::string_view name = trim(area.substr(begin, std::min(equals, end) - begin));
    Field field;
    if (equals != std::string_view::npos) field.value = trim(area.substr(equals + 1, end - equals - 1));
    const std::size_t dash = name.find('-');
    const bool split = dash != std::string_view::npos && dash > 0;
    field.factor = split ? trim(name.substr(0, dash)) : "";
    field.key = split ? trim(name.substr(dash + 1)) : name;
    if (!name.empty() || !field.value.empty()) fields.push_back(field);
    begin = end + 1;
  }
  return fields;
}

TEST(FieldsProperty, ManyBytesAtATimeSayTheSameAsOne) {
  EXPECT_TRUE(rc::check("for_each_field() is the walk character by character", [] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::oneOf(rc::gen::element<std::string>("w01018-Rtd=3.5", ";", ",", "=", "-", " ", "//", "/", "\r\n",
                                                     "DataTime=20160801085857", "i11001-Info=//a;b=c,d//"),
                       word_of("abc=;,-/ \t", 12)));
    std::string area;
    for (const auto& part : parts) area += part;
    std::vector<Field> fields;
    read_fields(area, fields);
    const auto plain = plain_fields(area);
    RC_ASSERT(fields.size() == plain.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      RC_ASSERT(fields[i].factor == plain[i].factor);
      RC_ASSERT(fields[i].key == plain[i].key);
      RC_ASSERT(fields[i].value == plain[i].value);
      RC_ASSERT((fields[i].value.data() == nullptr) == (plain[i].value.data() == nullptr));
    }
  }));
}

}  // namespace
}  // namespace mj::hj212
