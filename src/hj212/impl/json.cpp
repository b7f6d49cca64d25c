#include "mj/hj212/json.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "clear_text.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

using Json = nlohmann::ordered_json;

/// Collects remarks and remembers whether text had to be recoded.
struct Remarks {
  std::vector<std::string> deviations;
  bool recoded = false;

  std::string text(std::string_view bytes) {
    Utf8Text result = to_utf8(bytes);
    recoded |= result.recoded;
    return std::move(result.text);
  }
};

std::string crc_error(const FrameReading& reading, std::string_view given, CrcRule rule) {
  const std::string expected = fmt::format("HJ 212 gives {:04X}", reading.crc_hj);
  switch (reading.crc) {
    case CrcMatch::hj:
      return fmt::format("CRC {} is that of HJ 212, but crc = {} is asked for", given,
                         rule == CrcRule::modbus ? "modbus" : "modbus-le");
    case CrcMatch::modbus:
      return fmt::format("CRC {} is CRC16/Modbus, {}; allow it with crc = modbus", given, expected);
    case CrcMatch::modbus_le:
      return fmt::format("CRC {} is CRC16/Modbus, low byte first, {}; allow it with crc = modbus-le", given,
                         expected);
    case CrcMatch::none: return fmt::format("CRC {} is wrong, {}", given, expected);
    case CrcMatch::absent: return fmt::format("CRC missing, {}; allow it with crc = off", expected);
  }
  return {};
}

/// All that is wrong; a reading names only what weighs most.
std::string error_of(const FrameReading& reading, const Piece& piece, const Profile& profile) {
  std::string error;
  const auto add = [&error](std::string_view text) {
    if (!error.empty()) error += "; ";
    error += text;
  };
  const bool unread = reading.verdict == Verdict::not_decrypted;
  if (!unread && !reading.encrypted && !accepts(profile.crc, piece.crc, piece.segment))
    add(crc_error(reading, piece.crc.given, profile.crc));
  if (reading.verdict == Verdict::header_incomplete || unread || reading.verdict == Verdict::password_wrong)
    add(reading.error);
  return error;
}

void put_header(Json& json, const Header& header, Remarks& remarks) {
  const auto put = [&json, &remarks](const char* key, const std::optional<std::string_view>& value) {
    if (value) json[key] = remarks.text(*value);
  };
  put("qn", header.qn);
  put("st", header.st);
  put("cn", header.cn);
  put("pw", header.pw);
  put("mn", header.mn);
  if (header.flag) {
    json["flag"] = {
        {"version", header.flag->version()}, {"split", header.flag->split()}, {"ack", header.flag->ack()}};
  }
  put("pnum", header.pnum);
  put("pno", header.pno);
  put("rf", header.rf);
}

void put_fields(Json& json, const std::vector<Field>& fields, Remarks& remarks) {
  Json& list = json["cp"] = Json::array();
  for (const Field& field : fields) {
    Json item = Json::object();
    if (!field.factor.empty()) item["factor"] = remarks.text(field.factor);
    item["key"] = remarks.text(field.key);
    item["value"] = remarks.text(field.value);
    list.push_back(std::move(item));
  }
}

}  // namespace

std::string to_json(const Piece& piece, CrcRule rule) {
  DeviceSettings settings;
  settings.profile.crc = rule;
  return to_json(piece, settings);
}

std::string to_json(const Piece& piece, const DeviceSettings& settings) {
  Json json;
  json["at"] = piece.at;
  json["len"] = piece.bytes.size();
  json["ok"] = false;
  if (!piece.framed) {
    json["error"] = piece.error.text();
    return json.dump();
  }

  FrameReader reader;
  const FrameReading& reading = reader.read(piece, settings);
  const Header& header = reading.header;
  // Without a fitting CRC nothing says that the area is text, even if a header is incomplete too.
  const bool unread = !reading.encrypted && header.cp && looks_enciphered(*header.cp);
  Remarks remarks;
  remarks.deviations = hj212::remarks(piece);

  const std::string error = error_of(reading, piece, settings.profile);
  json["ok"] = error.empty();
  if (!error.empty()) json["error"] = error;
  json["dialect"] = name(dialect_of(header));
  Json& crc = json["crc"] = Json::object();
  if (!piece.crc.given.empty()) crc["given"] = piece.crc.given;
  crc["hj"] = fmt::format("{:04X}", reading.crc_hj);
  crc["match"] = name(reading.crc);
  put_header(json, header, remarks);
  if (reading.encrypted || unread) json["encrypted"] = true;
  if (reading.encrypted) json["key"] = reading.key;
  if (unread) {
    remarks.deviations.emplace_back(
        "the data area is not text, probably SM4 ciphertext; its CRC is that of the plaintext");
  } else if (header.cp) {
    put_fields(json, reader.fields(), remarks);
  }
  if (reading.password_differs) remarks.deviations.emplace_back("the password is not the registered one");
  if (remarks.recoded) remarks.deviations.emplace_back("text is not UTF-8, read as GBK");
  if (!remarks.deviations.empty()) json["deviations"] = std::move(remarks.deviations);
  return json.dump();
}

}  // namespace mj::hj212
