#include "frames_json.hpp"

#include "clear_frame.hpp"
#include "mj/bundle/figure.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"
#include "series_words.hpp"

namespace mj::api {
namespace {

Json observation_json(const Services& services, const registry::Point* point,
                      const telemetry::Store::FromFrame& value) {
  const std::string_view factor = services.standards.canonical(value.key.factor);
  const auto& key = value.key;
  // A bundle proves the value that counts: one that a later revision replaced has no name.
  const bundle::FigureId figure{bundle::FigureId::Kind::value, key.device, key.st, key.cn, key.factor, key.kind,
                                value.observation.at,          {}};
  return Json{{"factor", factor},
              {"name", factor_name_json(services.standards, factor)},
              {"unit", unit_of(services.standards, point, value.key)},
              {"kind", value.key.kind},
              {"period", telemetry::name(telemetry::period_of(value.key.cn))},
              {"at", to_json(value.observation.at)},
              {"value", figure_json(value.observation.text, value.observation.number)},
              {"flag", value.observation.flag},
              {"revision", value.observation.revision},
              {"current", value.current},
              {"figure", value.current ? Json(figure.text()) : Json(nullptr)}};
}

}  // namespace

Json frame_line_json(const Services& services, const telemetry::FrameLine& line) {
  const registry::Point* point = line.device.empty() ? nullptr : services.network.find_device(line.device);
  return Json{{"entry", line.entry},
              {"received_at", to_json(line.received_at)},
              {"device", line.device},
              {"point", point == nullptr ? Json(nullptr) : Json(point->id)},
              {"st", line.st},
              {"cn", line.cn},
              {"data_time", to_json(line.data_time)},
              {"bytes", line.bytes},
              {"disposition", telemetry::name(line.disposition)},
              {"reason", line.reason.empty() ? Json(nullptr) : Json(line.reason)},
              {"observations", line.observations}};
}

telemetry::FrameLine pending_line(std::uint64_t index, const evidence_format::Entry& entry) {
  telemetry::FrameLine line;
  line.entry = index;
  line.received_at = entry.received_at;
  line.device = std::string(entry.device);
  line.bytes = static_cast<std::uint32_t>(entry.payload.size());
  line.disposition = telemetry::Disposition::pending;
  hj212::Framer framer;
  framer.push(entry.payload);
  framer.finish();
  const auto piece = framer.next();
  if (!piece || !piece->framed) return line;
  const hj212::Header header = hj212::read_header(piece->segment).header;
  line.st = std::string(header.st.value_or(""));
  line.cn = std::string(header.cn.value_or(""));
  std::vector<hj212::Field> fields;
  hj212::read_fields(header.cp.value_or(""), fields);
  for (const hj212::Field& field : fields) {
    if (field.factor.empty() && field.key == "DataTime") line.data_time = hj212::read_data_time(field.value);
  }
  return line;
}

Result<Json> frame_detail_json(const Services& services, const telemetry::FrameLine& line,
                               const evidence_format::Entry& entry,
                               const std::vector<telemetry::Store::FromFrame>& observations) {
  const registry::Point* point = services.network.find_device(entry.device);
  const registry::SettingsView settings = services.device_register.settings();
  const ClearFrame clear = open_frame(entry.payload, settings.at(entry.device, line.entry));
  const bool sent = entry.type == evidence_format::EntryType::sent;
  Json line_json = frame_line_json(services, line);
  if (sent) line_json["disposition"] = "sent";
  Bytes encoded;
  if (auto done = evidence_format::encode(entry, encoded); !done) {
    return Error(ErrorCode::internal,
                 fmt::format("entry {} cannot be encoded again: {}", line.entry, done.error().text()));
  }
  Json values = Json::array();
  for (const auto& value : observations) values.push_back(observation_json(services, point, value));
  return Json{{"line", std::move(line_json)},
              {"entry_type", sent                                              ? "sent"
                             : entry.type == evidence_format::EntryType::frame ? "frame"
                                                                               : "junk"},
              {"encrypted", clear.encrypted},
              {"connection", entry.connection},
              {"peer", entry.peer},
              {"entry_base64", to_base64(encoded)},
              {"payload_base64", to_base64(entry.payload)},
              {"decoded", clear.decoded},
              {"observations", std::move(values)}};
}

Json digests_json(const std::vector<Digest>& digests) {
  Json json = Json::array();
  for (const Digest& digest : digests) json.push_back(to_hex(digest));
  return json;
}

Json proof_json(const evidence::InclusionProof& proof, const std::vector<evidence_format::VerifierKey>& keys) {
  const evidence_format::Checkpoint& checkpoint = proof.newest.checkpoint;
  Json key_texts = Json::array();
  for (const auto& key : keys) key_texts.push_back(key.text());
  return Json{{"index", proof.path.index},
              {"size", proof.path.size},
              {"leaf", to_hex(proof.path.leaf)},
              {"path", digests_json(proof.path.path)},
              {"root", to_hex(checkpoint.root)},
              {"sm3_leaf", to_hex(proof.path.sm3_leaf)},
              {"sm3_path", digests_json(proof.path.sm3_path)},
              {"sm3_root", to_hex(checkpoint.sm3_root.value_or(Digest{}))},
              {"checkpoint", proof.newest.note},
              {"keys", std::move(key_texts)}};
}

}  // namespace mj::api
