#include "clear_frame.hpp"

#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/json.hpp"

namespace mj::api {
namespace {

/// A key that travelled in cipher is shown to nobody who does not have the key before it. HJ 212-2025 as reported: NewSK.
void hide_keys(Json& decoded) {
  const auto fields = decoded.find("cp");
  if (fields == decoded.end()) return;
  for (Json& field : *fields) {
    if (field["key"] == "NewSK") field["value"] = std::string(field["value"].get<std::string>().size(), '*');
  }
}

}  // namespace

ClearFrame open_frame(BytesView bytes, const hj212::DeviceSettings& settings) {
  ClearFrame clear;
  clear.text = as_text(bytes);
  hj212::FrameReader reader;
  const hj212::FrameReading& reading = reader.read(bytes, settings);
  hj212::Piece piece = reader.last_piece();
  clear.encrypted = reading.encrypted || reading.verdict == hj212::Verdict::not_decrypted;
  std::string segment;
  if (reading.encrypted && reading.header.cp) {
    // Cipher and clear text have the same length: the area changes in place, and the CRC is that of the clear segment.
    const auto area_at = static_cast<std::size_t>(reading.header.cp->data() - piece.segment.data());
    const auto segment_at = static_cast<std::size_t>(piece.segment.data() - piece.bytes.data());
    segment = piece.segment;
    segment.replace(area_at, reading.area.size(), reading.area);
    clear.text.replace(segment_at, segment.size(), segment);
    piece.segment = segment;
    piece.crc = hj212::check_crc(segment, piece.crc.given);
  }
  clear.decoded = bytes.empty() ? Json{{"at", 0}, {"len", 0}, {"ok", false}, {"error", "empty"}}
                                : Json::parse(hj212::to_json(piece, settings.profile.crc));
  if (reading.encrypted) hide_keys(clear.decoded);
  return clear;
}

}  // namespace mj::api
