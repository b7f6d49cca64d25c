#include "retire_marker.hpp"

#include <xxhash.h>

#include <nlohmann/json.hpp>

#include "mj/evidence_format/big_endian.hpp"
#include "mj/storage/file.hpp"

namespace mj::evidence {
namespace {

using evidence_format::get_be;
using evidence_format::put_be;
using Json = nlohmann::ordered_json;

constexpr std::string_view kMagic = "MJRETIRE";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFixedBytes = 8 + 4 + 8 + 8 + 4;
constexpr std::size_t kCheckBytes = 8;
constexpr std::string_view kKind = "segment.retire";

Error refuse(std::string_view why) { return Error(ErrorCode::damaged, std::string(why)); }

Json to_json(const RetirementDecision& decision) {
  Json segments = Json::array();
  for (const RetirementLine& line : decision.segments) {
    segments.push_back(Json{{"segment", line.segment},
                            {"first", line.first_entry},
                            {"last", line.last_entry},
                            {"bytes", line.bytes},
                            {"sha256", to_hex(line.sha256)}});
  }
  return Json{{"kind", kKind},
              {"version", 1},
              {"segments", std::move(segments)},
              {"archive", decision.archive},
              {"name", decision.by},
              {"reason", decision.reason}};
}

RetirementDecision from_json(const Json& json) {
  RetirementDecision decision;
  for (const Json& item : json.at("segments")) {
    RetirementLine line{item.at("segment").get<std::uint32_t>(),
                        item.at("first").get<std::uint64_t>(),
                        item.at("last").get<std::uint64_t>(),
                        item.at("bytes").get<std::uint64_t>(),
                        {}};
    const auto digest = from_hex(item.at("sha256").get<std::string>());
    if (digest && digest->size() == line.sha256.size())
      std::copy(digest->begin(), digest->end(), line.sha256.begin());
    decision.segments.push_back(line);
  }
  decision.archive = json.at("archive").get<std::string>();
  decision.by = json.at("name").get<std::string>();
  decision.reason = json.at("reason").get<std::string>();
  return decision;
}

}  // namespace

std::string RetirementDecision::json() const { return to_json(*this).dump(); }

Result<RetirementDecision> RetirementDecision::parse(std::string_view payload) {
  try {
    RetirementDecision decision = from_json(Json::parse(payload));
    // One spelling of one decision: nothing unread travels along.
    if (decision.json() == payload) return decision;
  } catch (const Json::exception&) {
    return refuse("it is no decision to retire segments");
  }
  return refuse("it is no decision to retire segments");
}

std::string RetiredSegment::text() const {
  return fmt::format(
      "segment {:06} (entries {} to {}) was retired to {} by decision {} on {}: bring it back with `mingjian "
      "evidence "
      "bring-back --archive {}`",
      header.number, first_entry, last_entry, archive, decision, to_iso(at).substr(0, 10), archive);
}

std::uint64_t places_check(std::span<const Location> places) {
  Bytes packed;
  packed.reserve(places.size() * 8);
  for (const Location& place : places) put_be(packed, pack(place));
  return XXH3_64bits(packed.data(), packed.size());
}

Bytes encode_retired(const SegmentHeader& header, std::uint64_t decision, BytesView decision_entry,
                     std::uint64_t places_check) {
  Bytes out(as_bytes(kMagic).begin(), as_bytes(kMagic).end());
  put_be(out, kVersion);
  put_be(out, decision);
  put_be(out, places_check);
  put_be(out, static_cast<std::uint32_t>(decision_entry.size()));
  out.insert(out.end(), decision_entry.begin(), decision_entry.end());
  const Bytes encoded = encode(header);
  out.insert(out.end(), encoded.begin(), encoded.end());
  put_be(out, std::uint64_t{XXH3_64bits(out.data(), out.size())});
  return out;
}

Result<RetiredSegment> decode_retired(BytesView bytes) {
  if (bytes.size() < kFixedBytes + kCheckBytes || as_text(bytes.first(kMagic.size())) != kMagic) {
    return refuse("the file does not begin as a retired segment does");
  }
  const BytesView checked = bytes.first(bytes.size() - kCheckBytes);
  if (get_be<std::uint64_t>(bytes.last(kCheckBytes)) != XXH3_64bits(checked.data(), checked.size())) {
    return refuse("the check of the retired segment is wrong");
  }
  if (const auto version = get_be<std::uint32_t>(bytes.subspan(8)); version != kVersion) {
    return refuse(fmt::format("version {} of a retired segment is unknown", version));
  }
  RetiredSegment retired;
  retired.decision = get_be<std::uint64_t>(bytes.subspan(12));
  retired.places_check = get_be<std::uint64_t>(bytes.subspan(20));
  const std::size_t entry_bytes = get_be<std::uint32_t>(bytes.subspan(28));
  if (entry_bytes > checked.size() - kFixedBytes) return refuse("the retired segment is cut short");
  const BytesView entry = checked.subspan(kFixedBytes, entry_bytes);
  const BytesView header = checked.subspan(kFixedBytes + entry_bytes);
  std::size_t header_bytes = 0;
  MJ_TRY(retired.header, decode_segment_header(header, header_bytes));
  if (header_bytes != header.size()) return refuse("bytes are left over behind the header of the retired segment");

  retired.decision_entry.assign(entry.begin(), entry.end());
  MJ_TRY(const evidence_format::Entry decoded, evidence_format::decode(entry));
  if (decoded.type != evidence_format::EntryType::decision) return refuse("it was not retired by a decision");
  MJ_TRY(RetirementDecision decision, RetirementDecision::parse(as_text(decoded.payload)));
  const auto line = std::find_if(decision.segments.begin(), decision.segments.end(),
                                 [&](const RetirementLine& l) { return l.segment == retired.header.number; });
  if (line == decision.segments.end() || line->first_entry != retired.header.first_entry ||
      line->last_entry < line->first_entry || line->last_entry >= retired.decision) {
    return refuse("the decision that retired it does not name it");
  }
  retired.first_entry = line->first_entry;
  retired.last_entry = line->last_entry;
  retired.bytes = line->bytes;
  retired.sha256 = line->sha256;
  retired.archive = std::move(decision.archive);
  retired.at = decoded.received_at;
  return retired;
}

Result<RetiredSegment> read_retired(const Layout& layout, std::uint32_t number) {
  MJ_TRY(const std::string content, storage::read_file(layout.retired_segment(number)));
  auto retired = decode_retired(as_bytes(content));
  if (retired && retired->header.number == number) return retired;
  return Error(ErrorCode::damaged,
               fmt::format("retired segment {:06}: {}", number,
                           retired ? fmt::format("the file is about segment {:06}", retired->header.number)
                                   : retired.error().text()));
}

}  // namespace mj::evidence
