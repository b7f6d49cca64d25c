// Reading of arbitrary bytes by settings with keys: the same from the stream as alone, views inside, every deviation from
// real tables; and what was read is composed again, in clear and in cipher, whole and divided.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "header_reading.hpp"
#include "mj/hj212/compose.hpp"
#include "mj/hj212/conformance.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/json.hpp"
#include "whole_frame.hpp"

namespace {

using namespace mj::hj212;

void require(bool condition, std::source_location place = std::source_location::current()) {
  if (condition) return;
  std::fprintf(stderr, "%s:%u does not hold\n", place.file_name(), static_cast<unsigned>(place.line()));
  std::abort();
}

/// Tables of a few commands with every kind of field.
const Protocol& protocol() {
  static const Protocol tables = [] {
    const std::vector<Protocol::Source> sources{
        {Dialect::v2017, false, "systems", "systems.csv",
         "code,zh,en,clause,verification\n32,水,water,c,VERIFIED\n"},
        {Dialect::v2017, false, "factors", "factors.csv", "code,code_2005\nw01018,011\na01011,\ne101xx,\n"},
        {Dialect::v2017, false, "flags", "flags.csv", "flag\nN\nD\n"},
        {Dialect::v2017, false, "infos", "infos.csv",
         "code,zh,en,unit,type,values,clause,verification\ni11001,日志,log,,C890,,c,VERIFIED\n"},
        {Dialect::v2017, false, "commands", "commands.toml", R"(
[field]
DataTime = { type = "N14", zh = "时间", en = "time" }
"*-Rtd" = { type = "N", zh = "值", en = "value" }
"*-Flag" = { type = "C1", zh = "标记", en = "flag" }
PolId = { type = "C6", zh = "因子", en = "factor" }
"i*-Info" = { type = "any", zh = "信息", en = "info" }
CTime = { type = "N2", min = 1, max = 24, zh = "周期", en = "period" }
[[command]]
cn = "2011"
sender = "device"
kind = "upload"
zh = "实时"
en = "real-time"
clause = "c"
verification = "VERIFIED"
fields = ["DataTime", "*-Rtd+", "*-Flag+"]
[[command]]
cn = "3020"
sender = "device"
kind = "upload"
zh = "信息"
en = "info"
clause = "c"
verification = "VERIFIED"
fields = ["DataTime", "PolId?", "i*-Info+", "CTime?+"]
)"}};
    auto parsed = Protocol::parse(sources);
    if (!parsed) throw std::runtime_error(parsed.error().text());
    return *parsed;
  }();
  return tables;
}

bool same(const Header& a, const Header& b) {
  const bool flags = a.flag.has_value() == b.flag.has_value() && (!a.flag || a.flag->raw == b.flag->raw);
  return flags && a.qn == b.qn && a.st == b.st && a.cn == b.cn && a.pw == b.pw && a.mn == b.mn &&
         a.pnum == b.pnum && a.pno == b.pno && a.rf == b.rf && a.cp == b.cp;
}

/// The quick ways say the same as the lenient ones.
void check_quick_ways(const Piece& piece) {
  Header quick;
  if (read_standard_header(piece.segment, quick)) {
    const HeaderReading lenient = read_any_header(piece.segment);
    require(lenient.error.empty() && same(quick, lenient.header));
  }
  Piece whole;
  if (!cut_whole(mj::as_bytes(piece.bytes), whole)) return;
  require(whole.segment == piece.segment && whole.crc.match == piece.crc.match &&
          whole.declared == piece.declared);
}

std::vector<Field> copy_without_time(const std::vector<Field>& fields) {
  std::vector<Field> rest;
  for (const Field& field : fields) {
    if (!field.factor.empty() || field.key != "DataTime") rest.push_back(field);
  }
  return rest;
}

bool same(const std::vector<Field>& a, const std::vector<Field>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].factor != b[i].factor || a[i].key != b[i].key || a[i].value != b[i].value) return false;
  }
  return true;
}

/// Composes what was read again, and reads that.
void check_composition(const FrameReading& reading, const DeviceSettings& settings) {
  const Header& header = reading.header;
  const std::string_view area = reading.area;
  // What no sender that keeps to the grammar writes would not come back the same.
  const bool plain = area.find('&') == std::string_view::npos && area.find('#') == std::string_view::npos;
  if (!header.st || !header.mn || !plain || area.size() > 4000) return;
  for (const auto value : {*header.st, *header.mn, header.qn.value_or(""), header.pw.value_or("")}) {
    if (value.find_first_of("=;, &#\t\r\n") != std::string_view::npos || value.size() > 64) return;
  }
  Outgoing message;
  if (header.qn) message.qn = std::string(*header.qn);
  message.st = *header.st;
  message.cn = *header.cn;
  message.pw = std::string(header.pw.value_or("123456"));
  message.mn = *header.mn;
  if (header.flag) message.flag = header.flag->raw;
  message.area = area;

  FrameReader reader;
  for (const Sm4Key* key :
       {static_cast<const Sm4Key*>(nullptr), settings.keys.empty() ? nullptr : settings.keys.data()}) {
    const std::string bytes = frame(message, settings.profile.crc, key);
    const FrameReading& back = reader.read(mj::as_bytes(bytes), settings);
    require(back.header.st == header.st && back.header.cn == header.cn && back.header.mn == header.mn &&
            back.header.qn == header.qn);
    // Text that does not look like text is not recognised behind the cipher, and then another key may by chance make text
    // that does (with the CRC rule off nothing else speaks against it); everything else comes back.
    const bool by_the_same = key == nullptr ? !back.encrypted : back.encrypted && settings.keys[back.key] == *key;
    if (by_the_same) require(back.area == area);
  }

  std::vector<Field> whole;
  read_fields(area, whole);
  whole = copy_without_time(whole);
  const auto packets = split(message, 200);
  if (!packets) return;
  if (packets->size() == 1 && !packets->front().pnum) return;
  std::vector<Field> together;
  std::vector<Field> part;
  for (const Outgoing& packet : *packets) {
    require(packet.area.size() <= 200 && segment(packet).size() <= 1024);
    read_fields(packet.area, part);
    for (const Field& field : copy_without_time(part)) together.push_back(field);
  }
  require(same(together, whole));
}

void check_piece(const Piece& piece, const DeviceSettings& settings) {
  FrameReader reader;
  const FrameReading& reading = reader.read(piece, settings);
  const auto line = nlohmann::json::parse(to_json(piece, settings));
  require(line.at("ok").get<bool>() == (reading.verdict == Verdict::good));
  TraitCounts counts;
  const Deviations found =
      examine(reader, reading, protocol(), mj::Instant::from_ms(1'700'000'000'000), 60'000, counts);
  if (!piece.framed) {
    require(reading.verdict == Verdict::not_a_frame && found.none());
    return;
  }
  check_quick_ways(piece);
  const ProfileGuess guess = guess_profile(counts);
  require(guess.frames == 1 && !guess.grounds.empty());
  for (const Deviation kept : {Deviation::length_wrong, Deviation::line_end_missing, Deviation::crc_short})
    require(!has(piece.deviations, kept) || has(found, kept));
  for (const Field& field : reader.fields()) require(field.value.size() <= reading.area.size());

  FrameReader alone;
  const std::string copy(piece.bytes);
  const FrameReading& again = alone.read(mj::as_bytes(std::string_view(copy)), settings);
  require(again.verdict == reading.verdict && again.crc == reading.crc && again.encrypted == reading.encrypted);
  require(again.area == reading.area);
  if (reading.verdict == Verdict::good) check_composition(reading, settings);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte chooses the settings.
  DeviceSettings settings;
  if ((data[0] & 1U) != 0) settings.keys.push_back(*parse_sm4_key("ABCDEFGH12345678"));
  if ((data[0] & 2U) != 0) settings.keys.push_back(*parse_sm4_key("0000000000000000"));
  settings.profile.crc = static_cast<CrcRule>((data[0] >> 2U) & 3U);
  if ((data[0] & 16U) != 0) settings.profile.password = "123456";
  if ((data[0] & 32U) != 0) settings.profile.password_rule = PasswordRule::reject;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);

  Framer framer;
  framer.push(mj::as_bytes(input));
  // The input as a segment and as a data area too, so that its CRC fits.
  if (input.size() <= 4000) {
    framer.push(mj::as_bytes(frame(input, settings.profile.crc)));
    Outgoing message{.qn = "20240601085857223",
                     .st = "32",
                     .cn = "2011",
                     .pw = "123456",
                     .mn = "010000A8900016F000169DC0",
                     .flag = 9,
                     .pnum = {},
                     .pno = {},
                     .rf = false,
                     .area = std::string(input)};
    framer.push(mj::as_bytes(
        frame(message, settings.profile.crc, settings.keys.empty() ? nullptr : &settings.keys.front())));
  }
  framer.finish();
  while (const auto piece = framer.next()) check_piece(*piece, settings);
  return 0;
}
