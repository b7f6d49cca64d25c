#include "frames_json.hpp"
#include "handlers.hpp"

namespace mj::api {
namespace {

constexpr std::size_t kReadBytes = 1U << 20;

bool is_received(evidence_format::EntryType type) {
  return type == evidence_format::EntryType::frame || type == evidence_format::EntryType::junk;
}

/// Entries at the end of the log that the store has not derived yet, newest first.
Result<std::vector<telemetry::FrameLine>> pending_frames(const Services& services,
                                                         const telemetry::FrameQuery& query, std::uint64_t from) {
  std::vector<telemetry::FrameLine> lines;
  const std::uint64_t to = std::min(services.log.size(), query.before.value_or(services.log.size()));
  if (from >= to) return lines;
  // Only as many as fit the answer: with a long backlog the oldest of it stay out of a list of the newest.
  const std::uint64_t begin = std::max(from, to - std::min<std::uint64_t>(to, query.limit));
  for (std::uint64_t next = begin; next < to;) {
    MJ_TRY(const evidence::ReadBatch batch,
           services.log.read(evidence::EntryIndex(next), static_cast<std::size_t>(to - next), kReadBytes));
    if (batch.entries.empty()) break;
    for (const evidence::StoredEntry& stored : batch.entries) {
      next = stored.index.raw() + 1;
      if (!is_received(stored.entry.type)) continue;
      if (query.device && stored.entry.device != *query.device) continue;
      lines.push_back(pending_line(stored.index.raw(), stored.entry));
    }
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

Answer lines_answer(const Services& services, const std::vector<telemetry::FrameLine>& lines) {
  Json rows = Json::array();
  for (const telemetry::FrameLine& line : lines) rows.push_back(frame_line_json(services, line));
  return json_answer(to_text(rows));
}

Status read_page(const Call& call, telemetry::FrameQuery& query) {
  MJ_TRY(query.before, call.query.whole_if_given("before"));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  query.limit = static_cast<std::size_t>(limit);
  return {};
}

Error no_frame(std::string_view entry) {
  return Error(ErrorCode::not_found, fmt::format("there is no frame {} in the evidence log", entry));
}

}  // namespace

Result<evidence::EntryIndex> entry_of(const Services& services, const Call& call) {
  const auto entry = parse_whole(call.at("entry"));
  if (!entry || *entry >= services.log.size()) return no_frame(call.at("entry"));
  return evidence::EntryIndex(*entry);
}

Result<std::vector<telemetry::FrameLine>> newest_frames(const Services& services, telemetry::FrameQuery query) {
  const std::uint64_t derived = services.store.position();
  std::vector<telemetry::FrameLine> lines;
  if (!query.disposition || *query.disposition == telemetry::Disposition::pending) {
    MJ_TRY(lines, pending_frames(services, query, derived));
  }
  if (query.disposition == telemetry::Disposition::pending || lines.size() >= query.limit) return lines;
  // What the store derived since its position was read is in `lines` already, as pending.
  query.before = std::min(query.before.value_or(derived), derived);
  query.limit -= lines.size();
  MJ_TRY(auto stored, services.store.frames(query));
  std::move(stored.begin(), stored.end(), std::back_inserter(lines));
  return lines;
}

Result<Answer> list_point_frames(Context& context, const Call& call) {
  MJ_TRY(const registry::Point* point, point_of(context.services, call));
  MJ_CHECK(call.query.only({"before", "limit"}));
  telemetry::FrameQuery query;
  query.device = point->device;
  MJ_CHECK(read_page(call, query));
  MJ_TRY(const auto lines, newest_frames(context.services, std::move(query)));
  return lines_answer(context.services, lines);
}

Result<Answer> list_frames(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"disposition", "before", "limit"}));
  telemetry::FrameQuery query;
  if (const auto word = call.query.find("disposition")) {
    query.disposition = telemetry::parse_disposition(*word);
    if (!query.disposition) {
      return wrong_parameter(
          "disposition",
          fmt::format("must be stored, duplicate, rejected, quarantined or pending, not \"{}\"", *word));
    }
  }
  MJ_CHECK(read_page(call, query));
  MJ_TRY(const auto lines, newest_frames(context.services, std::move(query)));
  return lines_answer(context.services, lines);
}

Result<Answer> get_frame(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const evidence::EntryIndex index, entry_of(services, call));
  MJ_TRY(const evidence::ReadBatch batch, services.log.read(index, 1, 1));
  if (batch.entries.empty()) return no_frame(call.at("entry"));
  const evidence_format::Entry& entry = batch.entries.front().entry;
  if (!is_received(entry.type) && entry.type != evidence_format::EntryType::sent) {
    return Error(ErrorCode::not_found,
                 fmt::format("entry {} of the evidence log is {}, no frame", index.raw(),
                             entry.type == evidence_format::EntryType::decision ? "the decision of a person"
                             : entry.type == evidence_format::EntryType::import
                                 ? "of a file that was handed over (/api/intake/files)"
                                 : "an event"));
  }
  MJ_TRY(const auto line, services.store.frame(index.raw()));
  MJ_TRY(const auto observations, services.store.observations_of(index.raw()));
  MJ_TRY(const Json json,
         frame_detail_json(services, line ? *line : pending_line(index.raw(), entry), entry, observations));
  return json_answer(to_text(json));
}

Result<Answer> get_proof(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const evidence::EntryIndex index, entry_of(context.services, call));
  MJ_TRY(const evidence::InclusionProof proof, context.services.log.prove(index));
  const evidence_format::KeyRing ring = context.services.log.keyring();
  return json_answer(to_text(proof_json(proof, ring.at_size(proof.path.size).keys)));
}

}  // namespace mj::api
