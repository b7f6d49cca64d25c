#include "mj/hj212/json.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

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

/// Ciphertext of HJ 212-2025 §6.4 is no text: control characters, and no valid UTF-8.
bool looks_encrypted(std::string_view cp) {
  const bool control =
      std::any_of(cp.begin(), cp.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return control && to_utf8(cp).recoded;
}

std::string crc_error(const CrcCheck& crc, CrcRule rule) {
  const std::string expected = fmt::format("HJ 212 gives {:04X}", crc.hj);
  switch (crc.match) {
    case CrcMatch::hj:
      return fmt::format("CRC {} is that of HJ 212, but crc = {} is asked for", crc.given,
                         rule == CrcRule::modbus ? "modbus" : "modbus-le");
    case CrcMatch::modbus:
      return fmt::format("CRC {} is CRC16/Modbus, {}; allow it with crc = modbus", crc.given, expected);
    case CrcMatch::modbus_le:
      return fmt::format("CRC {} is CRC16/Modbus, low byte first, {}; allow it with crc = modbus-le", crc.given,
                         expected);
    case CrcMatch::none: return fmt::format("CRC {} is wrong, {}", crc.given, expected);
    case CrcMatch::absent: return fmt::format("CRC missing, {}; allow it with crc = off", expected);
  }
  return {};
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

void put_fields(Json& json, std::string_view cp, Remarks& remarks) {
  std::vector<Field> fields;
  read_fields(cp, fields);
  Json& list = json["cp"] = Json::array();
  for (const Field& field : fields) {
    Json item = Json::object();
    if (!field.factor.empty()) item["factor"] = remarks.text(field.factor);
    item["key"] = remarks.text(field.key);
    item["value"] = remarks.text(field.value);
    list.push_back(std::move(item));
  }
}

void split_into(std::vector<std::string>& list, std::string_view joined) {
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find("; "), joined.size());
    list.emplace_back(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 2, joined.size()));
  }
}

}  // namespace

std::string to_json(const Piece& piece, CrcRule rule) {
  Json json;
  json["at"] = piece.at;
  json["len"] = piece.bytes.size();
  json["ok"] = false;
  if (!piece.framed) {
    json["error"] = piece.error;
    return json.dump();
  }

  const HeaderReading reading = read_header(piece.segment);
  const Header& header = reading.header;
  const bool crc_accepted = accepts(rule, piece.crc.match);
  const bool encrypted = header.cp && looks_encrypted(*header.cp);
  Remarks remarks;
  split_into(remarks.deviations, piece.deviation);

  std::string error = crc_accepted ? "" : crc_error(piece.crc, rule);
  if (!reading.error.empty()) error += (error.empty() ? "" : "; ") + reading.error;
  json["ok"] = error.empty();
  if (!error.empty()) json["error"] = error;
  json["dialect"] = name(dialect_of(header));
  Json& crc = json["crc"] = Json::object();
  if (!piece.crc.given.empty()) crc["given"] = piece.crc.given;
  crc["hj"] = fmt::format("{:04X}", piece.crc.hj);
  crc["match"] = name(piece.crc.match);
  put_header(json, header, remarks);
  if (encrypted) {
    remarks.deviations.emplace_back(
        "the data area is not text, probably SM4 ciphertext; its CRC is that of the plaintext");
  } else if (header.cp) {
    put_fields(json, *header.cp, remarks);
  }
  if (remarks.recoded) remarks.deviations.emplace_back("text is not UTF-8, read as GBK");
  if (!remarks.deviations.empty()) json["deviations"] = std::move(remarks.deviations);
  return json.dump();
}

}  // namespace mj::hj212
